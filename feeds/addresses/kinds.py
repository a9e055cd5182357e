"""The kinds of public addresses: one value type for each, with what its address contains."""

from __future__ import annotations

from dataclasses import dataclass, replace

from feeds.model.formats import ATOM, SYNDICATED, Format
from feeds.model.selection import Selection

HEADLINES = 5
"""Headlines that other sites show by default."""
MOST_HEADLINES = 20
"""Headlines that other sites can show at most."""
MOST_COUNTED = 100
"""Releases that a reader of a feed can ask for at most."""
SHAPES = ("frame", "fragment")
"""A page to show in a frame; a piece of HTML to include."""
THEMES = ("light", "dark", "auto")
"""What the page around a frame can be: light, dark, or as its reader prefers."""


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
    """A page of information, by the name in its address."""

    language: str
    name: str


INFO_PAGES = ("about", "help", "developers")
"""The names of all such pages."""


@dataclass(frozen=True, slots=True)
class Outline:
    """An OPML list: of all feeds, of the feeds of one facet, or of a single feed."""

    language: str
    facet: str | None = None
    selection: Selection | None = None
    """Of the single feed; it has the same language."""


@dataclass(frozen=True, slots=True)
class ReleasePage:
    """The page of a release; ``path`` is year and slug: ``2021/score-pilot``."""

    language: str
    path: str


@dataclass(frozen=True, slots=True)
class ReleaseMarkdown:
    """A release as Markdown, for messages and documents; ``path`` is year and slug: ``2021/score-pilot``."""

    language: str
    path: str


@dataclass(frozen=True, slots=True)
class ReleaseImage:
    """The picture that other sites show beside a link to a release without one (Open Graph); ``path`` is the release's.

    Links to it have a query that changes with the picture (``?v=1a2b3c4d``); the server ignores it.
    """

    language: str
    path: str


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """A feed or its page. ``archive`` is the number of an archive document (RFC 5005), from 1; 0 is the live feed."""

    selection: Selection
    format: Format = ATOM
    archive: int = 0
    count: int = 0
    """The number of newest releases, 1 to `MOST_COUNTED`, in a live feed for feed readers; 0 for the usual number."""

    @property
    def language(self) -> str:
        """The language of the feed."""
        return self.selection.language

    def as_format(self, form: Format) -> FeedAddress:
        """The same feed in another format."""
        return replace(self, format=form, count=self.count if form in SYNDICATED else 0)

    def in_language(self, language: str) -> FeedAddress:
        """The live feed of the same selection in another language, without search words."""
        words = self.selection.words if language == self.language else ()
        return FeedAddress(replace(self.selection, language=language, words=words), self.format, count=self.count)


@dataclass(frozen=True, slots=True)
class Headlines:
    """The newest headlines of a selection, for other sites: a page for a frame, or a fragment to include.

    The count is in the path, not in a query, so that each address can be cached and can be a file.
    """

    selection: Selection
    count: int = HEADLINES
    shape: str = "frame"
    theme: str = ""
    """One of `THEMES` if the page around a frame has said what it is: the frame is transparent then."""

    @property
    def language(self) -> str:
        """The language of the headlines."""
        return self.selection.language


@dataclass(frozen=True, slots=True)
class ReleaseCard:
    """A small page of a release, for other sites to show in a frame. ``path`` is that of the release."""

    language: str
    path: str
    theme: str = ""
    """As in `Headlines`."""


@dataclass(frozen=True, slots=True)
class Embedding:
    """The page with the code that other sites paste to show headlines."""

    language: str


@dataclass(frozen=True, slots=True)
class YearPage:
    """A page of all releases of a year."""

    language: str
    year: int
    number: int = 1
    """From 1; a year may need several pages."""


@dataclass(frozen=True, slots=True)
class Search:
    """The page on which readers search. Words, terms and page are in its query."""

    language: str


@dataclass(frozen=True, slots=True)
class Verification:
    """The page on which readers ask whether a passage is from a release. The passage itself is in no address."""

    language: str


@dataclass(frozen=True, slots=True)
class OEmbed:
    """The oEmbed endpoint (oembed.com)."""

    language: str


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap for search engines, of pages in all languages, or the index of such sitemaps."""

    language: str
    """Always the newsroom's main language: one sitemap has all languages."""
    section: str = ""
    """The year in which releases were published, as 2021; `PAGES` or `NEWS`; empty for the index."""
    part: int = 1
    """From 1; a section may need several documents."""


@dataclass(frozen=True, slots=True)
class Robots:
    """The robots.txt for crawlers (RFC 9309)."""

    language: str
    """Always the newsroom's main language."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The file that shows search engines that a key is the newsroom's (IndexNow)."""

    language: str
    """Always the newsroom's main language."""
    key: str


ReleaseAddress = ReleasePage | ReleaseImage | ReleaseMarkdown | ReleaseCard
"""What shows a single release."""

Address = (
    Front
    | Directory
    | InfoPage
    | Outline
    | FeedAddress
    | Headlines
    | ReleaseAddress
    | Embedding
    | OEmbed
    | Search
    | Verification
    | YearPage
    | Sitemap
    | Robots
    | KeyFile
)


PAGES = "pages"
"""The section of the sitemap with all pages but those of releases."""
NEWS = "news"
"""The section of the sitemap with the newest releases."""
