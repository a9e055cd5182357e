"""The forms a feed is published in: one row each. How a row is rendered is the business of `render`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """A form by its file suffix and its registered media type."""

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
"""What feed readers take."""

FORMATS = (*SYNDICATED, HTML)
"""What every selection is published as."""

BY_SUFFIX = {form.suffix: form for form in FORMATS}
