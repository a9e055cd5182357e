"""The formats of feeds and pages: name, file suffix, media type. `render` makes their bytes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """A format with its file suffix and its registered media type."""

    name: str
    suffix: str
    media_type: str

    @property
    def content_type(self) -> str:
        """The whole Content-Type: every document is UTF-8 and says so."""
        return f"{self.media_type}; charset=utf-8"


ATOM = Format("Atom", "atom", "application/atom+xml")
RSS = Format("RSS", "rss", "application/rss+xml")
JSON_FEED = Format("JSON Feed", "json", "application/feed+json")
HTML = Format("HTML", "html", "text/html")
OPML = Format("OPML", "opml", "text/x-opml")

SYNDICATED = (ATOM, RSS, JSON_FEED)
"""The formats that feed readers take."""

FORMATS = (*SYNDICATED, HTML)
"""The formats in which every selection is published."""

BY_SUFFIX = {form.suffix: form for form in FORMATS}
