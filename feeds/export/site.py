"""Lists all paths of a newsroom that a folder has an answer for, in the order in which the files take their places.

Files come before those that link to them: assets, media and releases, archives, feeds, pages, lists, and the front
pages last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import IntEnum
from itertools import product

from feeds.addresses import (
    SHAPES,
    Address,
    Addresses,
    Directory,
    Embedding,
    FeedAddress,
    Front,
    Headlines,
    KeyFile,
    Outline,
    ReleaseCard,
    ReleaseImage,
    ReleaseMarkdown,
    ReleasePage,
    Robots,
    Sitemap,
)
from feeds.export.documents import media_paths
from feeds.model.formats import FORMATS, HTML
from feeds.model.retirement import closing
from feeds.model.selection import Selection
from feeds.publish import all_addresses
from feeds.publish.assets import by_path, embed_scripts
from feeds.publish.context import Context
from feeds.publish.own_style import own_style, theme_style
from feeds.publish.router import FAVICON


class Rank(IntEnum):
    """When a file takes its place: the lowest rank first."""

    FILE = 0
    RELEASE = 1
    ARCHIVE = 2
    FEED = 3
    PAGE = 4
    LIST = 5
    FRONT = 6
    SETTINGS = 7
    """What a host is told of addresses without a file."""


_A_PATH = "0000/release"
"""Stands for the path of a release."""


def places(context: Context) -> dict[str, Rank]:
    """All paths with a file, a redirect, or a notice that something is gone, each with its rank."""
    found = dict.fromkeys(_files(context), Rank.FILE)
    for address in all_addresses.all_addresses(context, numerous=False):
        found[context.addresses.make(address)] = _rank(address)
    found |= dict.fromkeys(_archives(context), Rank.ARCHIVE)
    found |= dict.fromkeys(_drawn(context), Rank.FILE)
    found |= dict.fromkeys(_of_releases(context), Rank.RELEASE)
    for address in _without_document(context):
        found[context.addresses.make(address)] = _rank(address)
    return found | dict.fromkeys(_other_paths(context), Rank.LIST)


def _files(context: Context) -> Iterator[str]:
    own = (own_style(context.vocabulary.newsroom), theme_style(context.theme))
    yield from (*by_path(), *embed_scripts.by_path(), *(each.path for each in own if each))
    yield from media_paths(context.snapshot, context.now)


def _drawn(context: Context) -> Iterator[str]:
    for language in context.addresses.languages:
        before, _, behind = context.addresses.make(ReleaseImage(language, _A_PATH)).partition(_A_PATH)
        yield from (f"{before}{path}{behind}" for path in all_addresses.drawn(context, language))


def _archives(context: Context) -> Iterator[str]:
    """The paths of the archives of all feeds: thousands, so their addresses are not made one by one."""
    for language in context.addresses.languages:
        for selection in all_addresses.listed_selections(context, language):
            numbers = range(1, context.archives(selection) + 1)
            for form in FORMATS if numbers else ():
                before, _, behind = context.addresses.make(FeedAddress(selection, form, 1)).rpartition("1")
                yield from (f"{before}{number}{behind}" for number in numbers)


def _of_releases(context: Context) -> Iterator[str]:
    """The paths of the documents of all releases: most of all, so their addresses are not made one by one."""
    for language in context.addresses.languages:
        kinds = (ReleaseMarkdown(language, _A_PATH), ReleasePage(language, _A_PATH), ReleaseCard(language, _A_PATH))
        made = [context.addresses.make(each).partition(_A_PATH) for each in kinds]
        for path in context.snapshot.releases.paths(language, context.now):  # all three at once: it is read once
            yield from (f"{before}{path}{behind}" for before, _, behind in made)


def _rank(address: Address) -> Rank:
    match address:
        case ReleaseImage():
            return Rank.FILE
        case ReleaseCard() | ReleaseMarkdown() | ReleasePage():
            return Rank.RELEASE
        case FeedAddress(archive=0, format=form):
            return Rank.PAGE if form == HTML else Rank.FEED
        case FeedAddress():
            return Rank.ARCHIVE
        case Front() | Directory():
            return Rank.FRONT
        case Outline() | Sitemap() | Robots() | KeyFile():
            return Rank.LIST
    return Rank.PAGE


def _without_document(context: Context) -> Iterator[Address]:
    """The addresses that lead elsewhere, and those of feeds that have ended."""
    vocabulary, now = context.vocabulary, context.now
    for language in context.addresses.languages:
        for selection in all_addresses.selections(vocabulary, language, None):
            end = closing(selection, vocabulary, now)
            if end and end.gone <= now:
                yield from _of_selection(selection, context.archives(selection))
        for selection in all_addresses.listed_selections(context, language):
            archives = context.archives(selection)
            if archives:
                # The newest archive document names the next one, which leads to the live feed until it is there.
                yield from (FeedAddress(selection, form, archives + 1) for form in FORMATS)
            for former in _under_former_names(context, selection):
                yield from _of_selection(former, archives)
    for language, before, _ in context.snapshot.releases.former_paths(now):
        if not before.startswith("/"):
            kinds = (ReleaseMarkdown, ReleasePage, ReleaseCard, ReleaseImage)
            yield from (kind(language, before) for kind in kinds)


def _of_selection(selection: Selection, archives: int) -> Iterator[Address]:
    for number in range(archives + 1):
        yield from (FeedAddress(selection, form, number) for form in FORMATS)
    if len(selection.terms) <= 1:
        yield Outline(selection.language, selection=selection)
        yield from (Headlines(selection, shape=shape) for shape in SHAPES)


def _under_former_names(context: Context, selection: Selection) -> Iterator[Selection]:
    """The selection with the aliases of its terms."""
    spelled = []
    for facet, slugs in selection.terms:
        term = context.vocabulary.term(facet, slugs[0])
        aliases = tuple(each for each in term.aliases if _is_in_address(each)) if term else ()
        spelled.append([(facet, (name,)) for name in (slugs[0], *aliases)])
    for terms in product(*spelled):
        if terms != selection.terms:
            yield replace(selection, terms=terms)


def _is_in_address(alias: str) -> bool:
    """Whether an alias can stand in an address: others are for editors only."""
    return alias.isascii() and alias.replace("-", "").isalnum() and alias == alias.lower()


def _other_paths(context: Context) -> Iterator[str]:
    """The paths that are no addresses of ours: the icon, folders without their slash, and those of other programs."""
    yield FAVICON
    addresses: Addresses = context.addresses
    for language in addresses.languages:
        for address in (Front(language), Directory(language), Embedding(language)):
            bare = addresses.make(address).rstrip("/")
            if bare:
                yield bare
    formerly = [before for _, before, _ in context.snapshot.releases.former_paths(context.now)]
    for before in (*context.vocabulary.newsroom.feeds, *formerly):
        if before.startswith("/"):
            yield from (before, before[:-1] if before.endswith("/") else f"{before}/")
