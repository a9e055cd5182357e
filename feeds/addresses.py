"""Every public address, both ways. Nothing else here puts a path together or takes one apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from feeds import keywords
from feeds.errors import FeedsError
from feeds.formats import ATOM, BY_SUFFIX, HTML, Format
from feeds.model import Facet
from feeds.selection import Selection

LONGEST_PATH = 2_000
HEADLINES = 5
"""How many headlines other sites show unless they say otherwise."""
MOST_HEADLINES = 20
SHAPES = ("frame", "fragment")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FACETS = {facet.value: facet for facet in Facet}
_NUMBER = re.compile(r"[1-9][0-9]{0,6}")
_SITEMAP = re.compile(r"sitemap(?:-([1-9][0-9]{0,6}))?\.xml")


@dataclass(frozen=True, slots=True)
class Front:
    """The newsroom's first page."""

    language: str


@dataclass(frozen=True, slots=True)
class Directory:
    """The page that lists every feed."""

    language: str


@dataclass(frozen=True, slots=True)
class Plain:
    """A page of standing text, by the name in its address."""

    language: str
    name: str


PLAIN = ("about", "help")
"""Every name there is."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The OPML list of every feed, of one facet's, or of a single one that somebody chose."""

    language: str
    facet: Facet | None = None
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
    Front | Directory | Plain | Outline | ReleasePage | FeedAddress | Headlines | Embedding | OEmbed | Sitemap | Robots
)


class Addresses:
    """Makes and parses the addresses of one newsroom: ``parse(make(x)) == x``, taken apart at the question mark.

    ``base_url`` is where the newsroom is mounted (configured, never taken from a request); the first of
    ``languages`` is the newsroom's own and has no prefix. Raises FeedsError for a base that is no web address.
    """

    def __init__(self, base_url: str, languages: tuple[str, ...]) -> None:
        base = base_url.rstrip("/")
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
            raise FeedsError(f"FEEDS_BASE_URL: “{base_url}” is no web address (write it like https://news.example.org)")
        self.base = base
        self.prefix = parts.path
        self.languages = languages
        self._tags = {language.lower(): language for language in languages}

    def make(self, address: Address) -> str:
        """The canonical path, beginning with a slash, without the base's own path; for words sought, with a query."""
        lead = "" if address.language == self.languages[0] else f"/{address.language}"
        match address:
            case Front():
                return f"{lead}/"
            case Directory():
                return f"{lead}/feeds/"
            case Plain():
                return f"{lead}/{address.name}"
            case Outline():
                return f"{lead}/feeds{_spell_outline(address)}"
            case ReleasePage():
                return f"{lead}/releases/{address.path}"
            case FeedAddress():
                archive = f"/archive/{address.archive}" if address.archive else ""
                sought = keywords.query(address.selection.words)
                return f"{lead}/feeds/{_spell(address.selection)}{archive}.{address.format.suffix}{sought}"
            case Headlines() | Embedding() | OEmbed():
                return f"{lead}{_spell_embedded(address)}"
            case Sitemap():
                return f"/sitemap{'-news' if address.news else f'-{address.part}' if address.part else ''}.xml"
            case Robots():
                return "/robots.txt"

    def absolute(self, address: Address) -> str:
        """The whole address, scheme and host included."""
        return self.base + self.make(address)

    def parse(self, path: str, query: str = "") -> Address | None:
        """What a path asks for in any spelling (case, order, repetition), or None where there can be nothing.

        Terms are not looked up here. Of a query only the words count, and only for a live feed.
        """
        if len(path) > LONGEST_PATH or not path.startswith("/"):
            return None
        segments = path.lower()[1:].split("/")
        if segments[0] in self._tags:
            del segments[0]
        elif len(segments) == 1 and (found := _for_crawlers(segments[0], self.languages[0])):
            return found
        return _seeking(_parse(segments, self.language_of(path)), keywords.words(keywords.asked(query)))

    def is_canonical(self, address: Address, path: str, query: str) -> bool:
        """Whether the address is spelled here as `make` spells it.

        Percent signs are left out of it, and so are other parameters: programs on the way write them as they like,
        and one that undoes a redirect would be sent round for ever.
        """
        own, _, words = self.make(address).partition("?")
        return own == path and (not words or keywords.asked(words) == keywords.asked(query))

    def language_of(self, path: str) -> str:
        """The language of whatever stands, or might stand, at a path."""
        return self._tags.get(path[1:].partition("/")[0].lower(), self.languages[0])


def _spell_embedded(address: Headlines | Embedding | OEmbed) -> str:
    match address:
        case Headlines():
            return f"/embed/{address.shape}/{address.count}/{_spell(address.selection)}.html"
        case Embedding():
            return "/embed/"
        case OEmbed():
            return "/oembed"


def _spell_outline(address: Outline) -> str:
    if address.selection is not None:
        return f"/{_spell(address.selection)}.opml{keywords.query(address.selection.words)}"
    return f"/{address.facet}.opml" if address.facet else ".opml"


def _spell(selection: Selection) -> str:
    parts = [f"{facet}/{'+'.join(slugs)}" for facet, slugs in selection.terms]
    if selection.corrections:
        parts.append("corrections")
    return "/".join(parts) or "all"


def _parse(segments: list[str], language: str) -> Address | None:
    match segments:
        case [] | [""]:
            return Front(language)
        case ["feeds"] | ["feeds", ""]:
            return Directory(language)
        case [name] if name in PLAIN:
            return Plain(language, name)
        case ["feeds.opml"]:
            return Outline(language)
        case ["feeds", name] if name.removesuffix(".opml") in _FACETS and name.endswith(".opml"):
            return Outline(language, _FACETS[name.removesuffix(".opml")])
        case ["feeds", *rest] if rest[-1].endswith(".opml"):
            chosen = _feed([*rest[:-1], rest[-1].removesuffix("opml") + HTML.suffix], language)
            return Outline(language, selection=chosen.selection) if chosen and not chosen.archive else None
        case ["releases", year, slug] if re.fullmatch(r"[0-9]{4}", year) and _SLUG.fullmatch(slug):
            return ReleasePage(language, f"{year}/{slug}")
        case ["feeds", *rest]:
            return _feed(rest, language)
        case ["embed" | "oembed", *_]:
            return _embedded(segments, language)
    return None


def _seeking(found: Address | None, words: tuple[str, ...]) -> Address | None:
    """The same with the words sought, where an address can have any."""
    match found:
        case FeedAddress(archive=0) | Outline(selection=Selection()) if words and found.selection:
            return replace(found, selection=replace(found.selection, words=words))
    return found


def _for_crawlers(name: str, language: str) -> Sitemap | Robots | None:
    if name == "robots.txt":
        return Robots(language)
    if name == "sitemap-news.xml":
        return Sitemap(language, news=True)
    found = _SITEMAP.fullmatch(name)
    return Sitemap(language, int(found[1] or 0)) if found else None


def _feed(segments: list[str], language: str) -> FeedAddress | None:
    """``country/cn+mn/topic/wages/corrections/archive/3.atom``; no suffix at all asks for the page."""
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
    # Facets and terms come in pairs: an odd word at the end is no term.
    corrections = len(parts) % 2 == 1 and parts[-1] == "corrections"
    terms = _terms(parts[:-1] if corrections else parts)
    if form is None or terms is None:
        return None
    return FeedAddress(Selection.of(language, terms, corrections=corrections), form, archive)


def _embedded(segments: list[str], language: str) -> Headlines | Embedding | OEmbed | None:
    match segments:
        case ["embed", shape, *rest] if shape in SHAPES and rest:
            return _headlines(shape, rest, language)
        case ["embed"] | ["embed", ""]:
            return Embedding(language)
        case ["oembed"]:
            return OEmbed(language)
    return None


def _headlines(shape: str, segments: list[str], language: str) -> Headlines | None:
    """``frame/8/country/mn.html``; without the number, as many as is usual."""
    number = _NUMBER.fullmatch(segments[0]) if len(segments) > 1 else None
    selection = segments[1:] if number else segments
    asked = _feed(selection, language) if any(selection) else None
    count = int(number[0]) if number else HEADLINES
    if asked is None or asked.format != HTML or asked.archive or count > MOST_HEADLINES:
        return None
    return Headlines(asked.selection, count, shape)


def _terms(parts: list[str]) -> dict[Facet, set[str]] | None:
    if len(parts) % 2:
        return None
    terms: dict[Facet, set[str]] = {}
    for name, spelled in zip(parts[::2], parts[1::2], strict=True):
        facet = _FACETS.get(name)
        slugs = spelled.split("+")
        if facet is None or facet in terms or not all(_SLUG.fullmatch(slug) for slug in slugs):
            return None
        terms[facet] = set(slugs)
    return terms
