"""The formats of feeds, of lists of feeds and of releases, with their file suffixes and media types."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """A format of feeds, of lists of feeds, or of releases."""

    name: str
    suffix: str
    media_type: str

    @property
    def content_type(self) -> str:
        """The value of Content-Type: every document is UTF-8."""
        return f"{self.media_type}; charset=utf-8"


ATOM = Format("Atom", "atom", "application/atom+xml")
RSS = Format("RSS", "rss", "application/rss+xml")
JSON_FEED = Format("JSON Feed", "json", "application/feed+json")
HTML = Format("HTML", "html", "text/html")
OPML = Format("OPML", "opml", "text/x-opml")
MARKDOWN = Format("Markdown", "md", "text/markdown")
"""RFC 7763."""

SYNDICATED = (ATOM, RSS, JSON_FEED)
"""The formats for feed readers."""

FORMATS = (*SYNDICATED, HTML)
"""The formats of every selection: feeds and a page."""

BY_SUFFIX = {form.suffix: form for form in FORMATS}


def essence(media_type: str) -> str:
    """A media type without its parameters.

    >>> essence("text/html; charset=utf-8")
    'text/html'
    """
    return media_type.partition(";")[0].strip()
