"""Every public address, both ways. Nothing else here puts a path together or takes one apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from feeds.errors import FeedsError
from feeds.formats import ATOM, BY_SUFFIX, HTML, Format
from feeds.model import Facet
from feeds.selection import Selection

LONGEST_PATH = 2_000
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FACETS = {facet.value: facet for facet in Facet}
_NUMBER = re.compile(r"[1-9][0-9]{0,6}")


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
    """The OPML list of every feed, or of one facet's."""

    language: str
    facet: Facet | None = None


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
        """The live feed of the same selection in another language."""
        return FeedAddress(replace(self.selection, language=language), self.format)


Address = Front | Directory | Plain | Outline | ReleasePage | FeedAddress


class Addresses:
    """Makes and parses the addresses of one newsroom: ``parse(make(x)) == x``.

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
        """The canonical path, beginning with a slash, without the base's own path."""
        lead = "" if address.language == self.languages[0] else f"/{address.language}"
        match address:
            case Front():
                return f"{lead}/"
            case Directory():
                return f"{lead}/feeds/"
            case Plain():
                return f"{lead}/{address.name}"
            case Outline(facet=None):
                return f"{lead}/feeds.opml"
            case Outline(facet=facet):
                return f"{lead}/feeds/{facet}.opml"
            case ReleasePage():
                return f"{lead}/releases/{address.path}"
            case FeedAddress():
                archive = f"/archive/{address.archive}" if address.archive else ""
                return f"{lead}/feeds/{_spell(address.selection)}{archive}.{address.format.suffix}"

    def absolute(self, address: Address) -> str:
        """The whole address, scheme and host included."""
        return self.base + self.make(address)

    def parse(self, path: str) -> Address | None:
        """What a path asks for in any spelling (case, order, repetition), or None where there can be nothing.

        A spelling is canonical when ``make`` gives it back. Terms are not looked up here.
        """
        if len(path) > LONGEST_PATH or not path.startswith("/"):
            return None
        segments = path.lower()[1:].split("/")
        language = self._tags.get(segments[0])
        if language:
            del segments[0]
        return _parse(segments, language or self.languages[0])


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
        case ["feeds", name] if name.endswith(".opml"):
            facet = _FACETS.get(name.removesuffix(".opml"))
            return Outline(language, facet) if facet else None
        case ["releases", year, slug] if re.fullmatch(r"[0-9]{4}", year) and _SLUG.fullmatch(slug):
            return ReleasePage(language, f"{year}/{slug}")
        case ["feeds", *rest]:
            return _feed(rest, language)
    return None


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
