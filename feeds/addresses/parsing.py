"""Takes a path apart, in any spelling. Terms are not looked up here."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from feeds.addresses.kinds import (
    HEADLINES,
    MOST_HEADLINES,
    PLAIN,
    SHAPES,
    Address,
    Directory,
    Embedding,
    FeedAddress,
    Front,
    Headlines,
    OEmbed,
    Outline,
    Plain,
    ReleasePage,
    Robots,
    Sitemap,
)
from feeds.formats import BY_SUFFIX, HTML
from feeds.model.selection import Selection

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NUMBER = re.compile(r"[1-9][0-9]{0,6}")
_SITEMAP = re.compile(r"sitemap(?:-([1-9][0-9]{0,6}))?\.xml")


def parse(segments: list[str], language: str, facets: Collection[str]) -> Address | None:
    """What the steps of a path, without that of a language, ask for; None where there can be nothing.

    ``facets`` are the names that a path may hold.
    """
    match segments:
        case [] | [""]:
            return Front(language)
        case ["feeds"] | ["feeds", ""]:
            return Directory(language)
        case [name] if name in PLAIN:
            return Plain(language, name)
        case ["feeds.opml"]:
            return Outline(language)
        case ["feeds", name] if name.removesuffix(".opml") in facets and name.endswith(".opml"):
            return Outline(language, name.removesuffix(".opml"))
        case ["feeds", *rest] if rest[-1].endswith(".opml"):
            chosen = _feed([*rest[:-1], rest[-1].removesuffix("opml") + HTML.suffix], language, facets)
            return Outline(language, selection=chosen.selection) if chosen and not chosen.archive else None
        case ["releases", year, slug] if re.fullmatch(r"[0-9]{4}", year) and _SLUG.fullmatch(slug):
            return ReleasePage(language, f"{year}/{slug}")
        case ["feeds", *rest]:
            return _feed(rest, language, facets)
        case ["embed" | "oembed", *_]:
            return _embedded(segments, language, facets)
    return None


def seeking(found: Address | None, words: tuple[str, ...]) -> Address | None:
    """The same with the words sought, where an address can have any."""
    match found:
        case FeedAddress(archive=0) | Outline(selection=Selection()) if words and found.selection:
            return replace(found, selection=replace(found.selection, words=words))
    return found


def for_crawlers(name: str, language: str) -> Sitemap | Robots | None:
    """What programs look for at the top of a site by a name of its own."""
    if name == "robots.txt":
        return Robots(language)
    if name == "sitemap-news.xml":
        return Sitemap(language, news=True)
    found = _SITEMAP.fullmatch(name)
    return Sitemap(language, int(found[1] or 0)) if found else None


def _feed(segments: list[str], language: str, facets: Collection[str]) -> FeedAddress | None:
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
    terms = _terms(parts[:-1] if corrections else parts, facets)
    if form is None or terms is None:
        return None
    return FeedAddress(Selection.of(language, terms, corrections=corrections), form, archive)


def _embedded(segments: list[str], language: str, facets: Collection[str]) -> Headlines | Embedding | OEmbed | None:
    match segments:
        case ["embed", shape, *rest] if shape in SHAPES and rest:
            return _headlines(shape, rest, language, facets)
        case ["embed"] | ["embed", ""]:
            return Embedding(language)
        case ["oembed"]:
            return OEmbed(language)
    return None


def _headlines(shape: str, segments: list[str], language: str, facets: Collection[str]) -> Headlines | None:
    """``frame/8/country/mn.html``; without the number, as many as is usual."""
    number = _NUMBER.fullmatch(segments[0]) if len(segments) > 1 else None
    selection = segments[1:] if number else segments
    asked = _feed(selection, language, facets) if any(selection) else None
    count = int(number[0]) if number else HEADLINES
    if asked is None or asked.format != HTML or asked.archive or count > MOST_HEADLINES:
        return None
    return Headlines(asked.selection, count, shape)


def _terms(parts: list[str], facets: Collection[str]) -> dict[str, set[str]] | None:
    if len(parts) % 2:
        return None
    terms: dict[str, set[str]] = {}
    for facet, spelled in zip(parts[::2], parts[1::2], strict=True):
        slugs = spelled.split("+")
        if facet not in facets or facet in terms or not all(_SLUG.fullmatch(slug) for slug in slugs):
            return None
        terms[facet] = set(slugs)
    return terms
