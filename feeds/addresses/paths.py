"""Makes the path and query of an address, and parses them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import lru_cache
from urllib.parse import quote, urlsplit

from feeds.addresses.kinds import (
    HEADLINES,
    INFO_PAGES,
    MOST_HEADLINES,
    SHAPES,
    Address,
    Directory,
    Embedding,
    FeedAddress,
    Front,
    Headlines,
    InfoPage,
    KeyFile,
    OEmbed,
    Outline,
    ReleaseCard,
    ReleaseImage,
    ReleaseMarkdown,
    ReleasePage,
    Robots,
    Search,
    Sitemap,
    Verification,
    YearPage,
)
from feeds.addresses.queries import COUNT, THEME, count_in, theme_in
from feeds.errors import FeedsError
from feeds.model import search_words
from feeds.model.formats import BY_SUFFIX, HTML, SYNDICATED
from feeds.model.selection import Selection, Terms, in_order
from feeds.model.vocabulary import Vocabulary
from feeds.model.web_address import web_address

MEDIA = "/media/"
"""The beginning of the paths of stored files: those beside releases, the newsroom's own pictures, its theme's files."""
_MEDIA_PATH = re.compile(r"/media/([0-9a-f]{32})/([^/]+)")

LONGEST_PATH = 2_000
"""Characters; a longer path is no address."""

_FIXED: Mapping[str, type[Front | Directory | Search | Verification | Embedding | OEmbed]] = {
    "/": Front,
    "/feeds/": Directory,
    "/search": Search,
    "/verify": Verification,
    "/embed/": Embedding,
    "/oembed": OEmbed,
}
"""The kinds with only one path in each language."""
_PATHS = {kind: path for path, kind in _FIXED.items()}
MOST_LEFT_OUT = 20
"""Terms that a selection can leave out at most."""

_CORRECTIONS, _ALL_LANGUAGES, _NOT = "corrections", "all-languages", "not"
_KINDS: tuple[list[str], ...] = ([], [_ALL_LANGUAGES], [_CORRECTIONS], [_ALL_LANGUAGES, _CORRECTIONS])
"""What may follow the terms in the path of a feed, sorted."""

_SUFFIXES: Mapping[type[ReleasePage | ReleaseMarkdown | ReleaseImage], str] = {
    ReleasePage: "",
    ReleaseMarkdown: ".md",
    ReleaseImage: ".png",
}
_BY_SUFFIX = {suffix: kind for kind, suffix in _SUFFIXES.items()}
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CARD = "release"
_CARD_PATH = re.compile(rf"([0-9]{{4}}/{_SLUG.pattern})\.html")
_YEAR = re.compile(r"[12][0-9]{3}")
_NUMBER = re.compile(r"[1-9][0-9]{0,6}")
# RFC 3986 section 3.3, without what could end an address in a text or in srcset.
SAFE_IN_NAMES = "-._~!$+=@"
_SITEMAP = re.compile(r"sitemap(?:-(news|(?:pages|[12][0-9]{3})(?:-([1-9][0-9]{0,6}))?))?\.xml")
_KEY_FILE = re.compile(r"([a-z0-9-]{8,128})\.txt")
_FORMER_SITEMAP = re.compile(r"sitemap-[1-9][0-9]{0,2}\.xml")
"""The address of a sitemap part from before the parts were split by year."""


class Addresses:
    """Makes and parses the addresses of one newsroom: ``parse(*make(x).split("?")) == x``.

    ``base_url`` is the configured address of the newsroom, never taken from a request. The first of ``languages`` is
    the main one and has no prefix. ``facets`` are the names of the facets in their order. Raises FeedsError if
    ``base_url`` is no web address.
    """

    def __init__(self, base_url: str, languages: tuple[str, ...], facets: tuple[str, ...]) -> None:
        try:
            base = web_address(base_url).rstrip("/")
        except ValueError as error:
            raise FeedsError(
                f"FEEDS_BASE_URL: “{base_url}”: {error} (write it like https://news.example.org)"
            ) from error
        if "?" in base or "#" in base:
            raise FeedsError(f"FEEDS_BASE_URL: “{base_url}” has a ? or # in it (leave out what begins there)")
        self.base = base
        self.prefix = urlsplit(base).path
        self.languages = languages
        self.facets = facets
        self._tags = {language.lower(): language for language in languages}

    @classmethod
    def of(cls, vocabulary: Vocabulary, base_url: str) -> Addresses:
        """The addresses of a vocabulary's newsroom, made once. Raises FeedsError if ``base_url`` is no web address."""
        return _addresses(base_url, vocabulary.newsroom.languages, vocabulary.facet_names)

    def make(self, address: Address) -> str:
        """The canonical path, with its query for search words, a count of releases, and the theme of a frame.

        It begins with a slash, without the path of the base.
        """
        lead = "" if address.language == self.languages[0] else f"/{address.language}"
        match address:
            case Front() | Directory() | Search() | Verification() | Embedding() | OEmbed():
                return lead + _PATHS[type(address)]
            case InfoPage():
                return f"{lead}/{address.name}"
            case YearPage():
                return f"{lead}/{address.year}/{f'page/{address.number}/' if address.number > 1 else ''}"
            case Outline():
                return f"{lead}/feeds{self._spell_outline(address)}"
            case ReleasePage() | ReleaseMarkdown() | ReleaseImage():
                return f"{lead}/releases/{address.path}{_SUFFIXES[type(address)]}"
            case FeedAddress():
                archive = f"/archive/{address.archive}" if address.archive else ""
                query = _query(address)
                return f"{lead}/feeds/{self._spell(address.selection)}{archive}.{address.format.suffix}{query}"
            case Headlines() | ReleaseCard():
                query = f"?{THEME}={address.theme}" if address.theme else ""
                return f"{lead}/embed/{self._spell_embedded(address)}.html{query}"
            case Sitemap():
                section = f"-{address.section}" if address.section else ""
                return f"/sitemap{section}{f'-{address.part}' if address.part > 1 else ''}.xml"
            case Robots() | KeyFile():
                return f"/{address.key if isinstance(address, KeyFile) else 'robots'}.txt"

    def absolute(self, address: Address) -> str:
        """The absolute address, with scheme and host."""
        return self.base + self.make(address)

    def media(self, digest: str, name: str) -> str:
        """The absolute address of a stored file. It changes with the file's bytes."""
        return f"{self.base}{MEDIA}{digest}/{quote(name, safe=SAFE_IN_NAMES)}"

    def parse(self, path: str, query: str = "") -> Address | None:
        """Parses a path in any spelling (case, order, repetition). None if no address is spelled like that.

        Only these parts of the query matter: search words for a live feed, its page or its OPML list; the count for a
        live feed; the theme for a frame.
        """
        if len(path) > LONGEST_PATH or not path.startswith("/"):
            return None
        segments = path.lower()[1:].split("/")
        if segments[0] in self._tags:
            del segments[0]
        elif len(segments) == 1 and (found := _crawler_file(segments[0], self.languages[0])):
            return found
        address = _parse(segments, self.language_of(path), self.facets)
        if len(self.languages) == 1:
            address = _in_one_language(address)
        return _with_query(address, query) if query else address

    def feed_named(self, name: str) -> FeedAddress | None:
        """The live feed of a name: its path after ``/feeds/``, perhaps with a language before it, or the whole path.

        Examples: ``all.rss``, ``fr/country/mn.atom``, ``/fr/feeds/country/mn.atom``. None if that is no live feed for
        feed readers.
        """
        first, _, rest = name.partition("/")
        language = self._tags.get(first.lower()) if rest and first not in self.facets else None
        path = name if name.startswith("/") else f"/{language}/feeds/{rest}" if language else f"/feeds/{name}"
        found = self.parse(path)
        return found if isinstance(found, FeedAddress) and not found.archive and found.format != HTML else None

    def is_canonical(self, address: Address, path: str, query: str) -> bool:
        """Whether path and query are spelled as `make` spells them.

        Percent-encoding and other parameters are ignored: where a proxy changes them again, redirects would never end.
        """
        own, _, words = self.make(address).partition("?")
        if own != path or (words and search_words.from_query(words) != search_words.from_query(query)):
            return False
        if _takes_theme(address) and theme_in(query) != theme_in(words):
            return False
        return not query or not _takes_count(address) or count_in(query) == count_in(words)

    def language_of(self, path: str) -> str:
        """The language of a path, whether there is anything at it or not."""
        return self._tags.get(path[1:].partition("/")[0].lower(), self.languages[0])

    def _spell_outline(self, address: Outline) -> str:
        if address.selection is not None:
            return f"/{self._spell(address.selection)}.opml{search_words.to_query(address.selection.words)}"
        return f"/{address.facet}.opml" if address.facet else ".opml"

    def _spell_embedded(self, address: Headlines | ReleaseCard) -> str:
        if isinstance(address, ReleaseCard):
            return f"{_CARD}/{address.path}"
        return f"{address.shape}/{address.count}/{self._spell(address.selection)}"

    def _spell(self, selection: Selection) -> str:
        return _spelled(
            selection.terms, selection.without, selection.corrections, selection.in_all_languages, self.facets
        )


def parse_media(path: str) -> tuple[str, str] | None:
    """Digest and name of the file at a path, decoded; None if that is no path of a file.

    >>> parse_media("/media/0123456789abcdef0123456789abcdef/photo.jpg")
    ('0123456789abcdef0123456789abcdef', 'photo.jpg')
    """
    found = _MEDIA_PATH.fullmatch(path)
    return (found[1], found[2]) if found else None


@lru_cache(maxsize=8)
def _addresses(base_url: str, languages: tuple[str, ...], facets: tuple[str, ...]) -> Addresses:
    return Addresses(base_url, languages, facets)


def _parse(segments: list[str], language: str, facets: Collection[str]) -> Address | None:
    """Parses the segments of a path after its language."""
    if fixed := _FIXED.get(f"/{'/'.join(segments)}") or _FIXED.get(f"/{'/'.join((*segments, ''))}"):
        return fixed(language)
    match segments:
        case [name] if name in INFO_PAGES:
            return InfoPage(language, name)
        case [year, *rest] if _YEAR.fullmatch(year):
            return _year_page(year, rest, language)
        case ["feeds.opml"]:
            return Outline(language)
        case ["feeds", name] if name.removesuffix(".opml") in facets and name.endswith(".opml"):
            return Outline(language, name.removesuffix(".opml"))
        case ["feeds", *rest] if rest[-1].endswith(".opml"):
            chosen = _feed([*rest[:-1], rest[-1].removesuffix("opml") + HTML.suffix], language, facets)
            return Outline(language, selection=chosen.selection) if chosen and not chosen.archive else None
        case ["releases", year, name] if re.fullmatch(r"[0-9]{4}", year):
            return _release(year, name, language)
        case ["feeds", *rest]:
            return _feed(rest, language, facets)
        case ["embed", shape, *rest] if rest:
            return _embedded(shape, rest, language, facets)
    return None


def _release(year: str, name: str, language: str) -> ReleasePage | ReleaseMarkdown | ReleaseImage | None:
    """Parses what follows the year of a release."""
    slug, dot, suffix = name.partition(".")
    kind = _BY_SUFFIX.get(dot + suffix)
    return kind(language, f"{year}/{slug}") if kind and _SLUG.fullmatch(slug) else None


def _year_page(year: str, segments: list[str], language: str) -> YearPage | None:
    """Parses what follows a year: ``page/2``, or nothing; a slash may follow."""
    match segments:
        case [] | [""]:
            return YearPage(language, int(year))
        case ["page", number] | ["page", number, ""] if _NUMBER.fullmatch(number):
            return YearPage(language, int(year), int(number))
    return None


def _query(address: FeedAddress) -> str:
    """The query string of a feed, with its question mark; empty if it has none."""
    sought = search_words.to_query(address.selection.words) if address.selection.words else ""
    return f"{sought}{'&' if sought else '?'}{COUNT}={address.count}" if address.count else sought


def _takes_count(address: Address | None) -> bool:
    return isinstance(address, FeedAddress) and not address.archive and address.format in SYNDICATED


def _takes_theme(address: Address | None) -> bool:
    return isinstance(address, ReleaseCard) or (isinstance(address, Headlines) and address.shape == "frame")


def _with_query(found: Address | None, query: str) -> Address | None:
    """The address with the search words, the count and the theme in a query, if it can have them."""
    if isinstance(found, Headlines | ReleaseCard) and _takes_theme(found):
        return replace(found, theme=theme_in(query))
    if isinstance(found, FeedAddress) and _takes_count(found):
        found = replace(found, count=count_in(query))
    words = search_words.words(search_words.from_query(query))
    match found:
        case FeedAddress(archive=0) | Outline(selection=Selection()) if words and found.selection:
            return replace(found, selection=replace(found.selection, words=words))
    return found


def _in_one_language(found: Address | None) -> Address | None:
    """The address without “all languages”, which means the same in a newsroom with one language."""
    match found:
        case FeedAddress() | Headlines() | Outline(selection=Selection()) if found.selection:
            return replace(found, selection=replace(found.selection, in_all_languages=False))
    return found


def _crawler_file(name: str, language: str) -> Sitemap | Robots | KeyFile | None:
    """The files that crawlers look for at the root of a site."""
    if name == "robots.txt":
        return Robots(language)
    if _FORMER_SITEMAP.fullmatch(name):
        return Sitemap(language)
    if key := _KEY_FILE.fullmatch(name):
        return KeyFile(language, key[1])
    found = _SITEMAP.fullmatch(name)
    return Sitemap(language, (found[1] or "").partition("-")[0], int(found[2] or 1)) if found else None


def _feed(segments: list[str], language: str, facets: Collection[str]) -> FeedAddress | None:
    """Parses ``country/cn+mn/not/topic/wages/corrections/all-languages/archive/3.atom``; without suffix the page."""
    if segments[-1] == "":
        segments = segments[:-1]
    stem, dot, suffix = segments[-1].rpartition(".")
    form = BY_SUFFIX.get(suffix) if dot else HTML
    parts = [*segments[:-1], stem if dot else segments[-1]]
    archive = 0
    if len(parts) > 2 and parts[-2] == "archive" and _NUMBER.fullmatch(parts[-1]):
        archive = int(parts[-1])
        parts = parts[:-2]
    if parts[0] == "all":
        parts = parts[1:]
    # Facets and terms come in pairs; what follows them says which releases with these terms.
    terms, parts = _pairs(parts, facets)
    without: dict[str, set[str]] | None = {}
    if parts and parts[0] == _NOT:
        without, parts = _pairs(parts[1:], facets)
        if not without or sum(map(len, without.values())) > MOST_LEFT_OUT:
            return None
    kinds = sorted(parts)
    if form is None or terms is None or kinds not in _KINDS:
        return None
    corrections, in_all = _CORRECTIONS in kinds, _ALL_LANGUAGES in kinds
    selection = Selection.of(language, terms, corrections=corrections, in_all_languages=in_all, without=without)
    return FeedAddress(selection, form, archive)


def _embedded(
    shape: str, segments: list[str], language: str, facets: Collection[str]
) -> Headlines | ReleaseCard | None:
    """Parses what follows ``/embed/``: a shape of headlines, or the card of a release."""
    if shape == _CARD:
        path = _CARD_PATH.fullmatch("/".join(segments))
        return ReleaseCard(language, path[1]) if path else None
    return _headlines(shape, segments, language, facets) if shape in SHAPES else None


def _headlines(shape: str, segments: list[str], language: str, facets: Collection[str]) -> Headlines | None:
    """Parses what follows the shape: ``8/country/mn.html``; without a number, the default."""
    number = _NUMBER.fullmatch(segments[0]) if len(segments) > 1 else None
    selection = segments[1:] if number else segments
    feed = _feed(selection, language, facets) if any(selection) else None
    count = int(number[0]) if number else HEADLINES
    if feed is None or feed.format != HTML or feed.archive or count > MOST_HEADLINES:
        return None
    return Headlines(feed.selection, count, shape)


def _pairs(parts: list[str], facets: Collection[str]) -> tuple[dict[str, set[str]] | None, list[str]]:
    """The terms at the start of these parts, None if they are malformed; and the parts after them."""
    end = 0
    while end + 1 < len(parts) and parts[end] in facets:
        end += 2
    return _terms(parts[:end], facets), parts[end:]


def _terms(parts: list[str], facets: Collection[str]) -> dict[str, set[str]] | None:
    terms: dict[str, set[str]] = {}
    for facet, spelled in zip(parts[::2], parts[1::2], strict=True):
        slugs = spelled.split("+")
        if facet not in facets or facet in terms or not all(_SLUG.fullmatch(slug) for slug in slugs):
            return None
        terms[facet] = set(slugs)
    return terms


@lru_cache(maxsize=4_096)
def _spelled(terms: Terms, without: Terms, corrections: bool, in_all_languages: bool, facets: tuple[str, ...]) -> str:
    """A selection as it stands in a path. Cached, since every page links to many, and most are the same."""
    parts = _spelled_terms(terms, facets)
    if without:
        parts = [*(parts or ["all"]), _NOT, *_spelled_terms(without, facets)]
    parts += [_CORRECTIONS] if corrections else []
    parts += [_ALL_LANGUAGES] if in_all_languages else []
    return "/".join(parts) or "all"


def _spelled_terms(terms: Terms, facets: tuple[str, ...]) -> list[str]:
    return [f"{facet}/{'+'.join(slugs)}" for facet, slugs in in_order(terms, facets)]
