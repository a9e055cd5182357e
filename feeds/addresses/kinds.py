"""What can be asked for: one value for each kind of address."""

from __future__ import annotations

from dataclasses import dataclass, replace

from feeds.formats import ATOM, Format
from feeds.model.selection import Selection

HEADLINES = 5
"""How many headlines other sites show unless they say otherwise."""
MOST_HEADLINES = 20
SHAPES = ("frame", "fragment")


@dataclass(frozen=True, slots=True)
class Front:
    """The newsroom's first page."""

    language: str


@dataclass(frozen=True, slots=True)
class Directory:
    """The page that lists every feed."""

    language: str


@dataclass(frozen=True, slots=True)
class InfoPage:
    """A page of standing text, by the name in its address."""

    language: str
    name: str


INFO_PAGES = ("about", "help")
"""Every name there is."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The OPML list of every feed, of one facet's, or of a single one that somebody chose."""

    language: str
    facet: str | None = None
    selection: Selection | None = None
    """In the outline's own language."""


@dataclass(frozen=True, slots=True)
class ReleasePage:
    """A release's home; ``path`` is year and slug: ``2021/score-pilot``."""

    language: str
    path: str


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """A selection in a format; ``archive`` counts RFC 5005 archive documents from the oldest, 0 is the live one."""

    selection: Selection
    format: Format = ATOM
    archive: int = 0

    @property
    def language(self) -> str:
        """The language of everything in the feed."""
        return self.selection.language

    def as_format(self, form: Format) -> FeedAddress:
        """The same feed in another format."""
        return replace(self, format=form)

    def in_language(self, language: str) -> FeedAddress:
        """The live feed of the same selection in another language; words are of one language and stay behind."""
        words = self.selection.words if language == self.language else ()
        return FeedAddress(replace(self.selection, language=language, words=words), self.format)


@dataclass(frozen=True, slots=True)
class Headlines:
    """The newest headlines of a selection, for other sites: a page to frame, or a fragment to include.

    How many is a part of the path, not a query: so each can be kept, and can be a file.
    """

    selection: Selection
    count: int = HEADLINES
    shape: str = "frame"

    @property
    def language(self) -> str:
        """The language of the headlines."""
        return self.selection.language


@dataclass(frozen=True, slots=True)
class Embedding:
    """The page where other sites fetch what to paste."""

    language: str


@dataclass(frozen=True, slots=True)
class OEmbed:
    """Where other sites' programs ask how to show an address of ours (oembed.com)."""

    language: str


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What search engines read: every page, in every language, or one part of that, or the newest releases."""

    language: str
    """Always the newsroom's own: there is one for all languages."""
    part: int = 0
    """From 1, where one document is not enough and the whole is an index; 0 is the whole."""
    news: bool = False


@dataclass(frozen=True, slots=True)
class Robots:
    """What crawlers read first (RFC 9309)."""

    language: str
    """Always the newsroom's own."""


Address = (
    Front
    | Directory
    | InfoPage
    | Outline
    | ReleasePage
    | FeedAddress
    | Headlines
    | Embedding
    | OEmbed
    | Sitemap
    | Robots
)
