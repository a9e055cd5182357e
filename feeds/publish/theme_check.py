"""Renders the newsroom's pages with the templates of its theme, to find faults in these.

The pages are real ones: of every kind, in every language, with and without releases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeAlias

from feeds.addresses import (
    INFO_PAGES,
    Address,
    Directory,
    Embedding,
    FeedAddress,
    Front,
    InfoPage,
    ReleasePage,
    Search,
    Verification,
)
from feeds.catalogue import Snapshot
from feeds.model import search_words
from feeds.model.formats import HTML
from feeds.model.selection import Selection
from feeds.publish import all_addresses
from feeds.publish.assets import assets
from feeds.publish.context import Context
from feeds.publish.document import Answer, Document
from feeds.publish.pages.front import missing_page
from feeds.publish.router import Router
from feeds.render.page_check import PageFault, page_faults
from feeds.render.theme_pages import TemplateFault, static_faults
from feeds.settings import Settings

Maker: TypeAlias = Callable[[Context], Answer]
"""Makes a page at a moment."""

_BEFORE_ALL = datetime(1800, 1, 1, tzinfo=UTC)
"""A time at which a newsroom has published nothing."""


def theme_faults(snapshot: Snapshot, now: datetime, settings: Settings, releases: int = 30) -> list[TemplateFault]:
    """The faults of the theme's templates on real pages, now and with nothing published, except those a compile finds.

    In each language, the pages of at most so many ``releases`` are rendered, and those of withdrawn ones.
    """
    templates = snapshot.theme.templates
    if not templates:
        return []
    found: dict[tuple[str, int, str], TemplateFault] = {
        (each.name, each.line, each.message): each for each in static_faults(templates)
    }
    known = set(found)
    for moment in (now, _BEFORE_ALL):
        while_empty = "" if moment == now else " while nothing is published"
        told: list[TemplateFault] = []
        context = Context.of(snapshot, moment, settings, tell=told.append)
        for path, language, make in _pages(context, releases):
            told.clear()
            page = make(context)
            for fault in (*told, *_html_faults(context, language, page, make)):
                placed = replace(fault, message=f"{fault.message}, on {path}{while_empty}")
                found.setdefault((fault.name, fault.line, fault.message), placed)
    return sorted(
        (fault for key, fault in found.items() if key not in known), key=lambda fault: (fault.name, fault.line)
    )


def _pages(context: Context, releases: int) -> Iterator[tuple[str, str, Maker]]:
    """Path and language of pages of all kinds, and what makes them."""
    router = Router(context.settings)
    for language in context.addresses.languages:
        for address in _addresses(context, language, releases):
            yield context.path(address), language, partial(router.document, address)
        for gone in (False, True):
            yield "a missing page", language, partial(_missing, language=language, gone=gone)


def _missing(context: Context, language: str, gone: bool) -> Document:
    return missing_page(context, language, "/feeds/", gone=gone)


def _addresses(context: Context, language: str, releases: int) -> Iterator[Address]:
    everything = FeedAddress(Selection(language), HTML)
    yield from (Front(language), Directory(language))
    yield from (InfoPage(language, name) for name in INFO_PAGES)
    yield from (Embedding(language), everything, replace(everything, archive=1))
    yield from all_addresses.of_years(context, language)
    yield from (Search(language), Verification(language))
    yield FeedAddress(Selection(language, words=("nothing", "at", "all")), HTML)
    for facet in context.vocabulary.facets:
        terms = context.vocabulary.terms.get(facet.name, ())
        counts = context.snapshot.counts.by_term(Selection(language), context.now)
        chosen = [term for term in terms if (facet.name, term.slug) in counts][:1] or list(terms[:1])
        yield from (FeedAddress(Selection.of(language, {facet.name: [term.slug]}), HTML) for term in chosen)
        ended = [term for term in terms if term.ended(context.now)][:1]
        yield from (FeedAddress(Selection.of(language, {facet.name: [term.slug]}), HTML) for term in ended)
    page = context.page(everything)
    shown = context.snapshot.releases.of(page.editions) if page else ()
    found = [search_words.words(each.release.title)[:1] for each in shown[:1]]
    yield from (FeedAddress(Selection(language, words=words), HTML) for words in found)
    withdrawn = [each for each in shown if each.withdrawn]
    for visible in dict.fromkeys(each.release.path for each in (*shown[-releases:], *withdrawn)):
        yield ReleasePage(language, visible)


def _html_faults(context: Context, language: str, page: Answer, make: Maker) -> Iterator[TemplateFault]:
    """The faults of a rendered page, each in the template that most likely causes it.

    A fault that the page has without the theme too comes from the text of a release, and is left out.
    """
    found = _page_faults(context, language, page)
    without = _page_faults(context, language, make(replace(context, themed=False))) if found else []
    for fault in found:
        if fault not in without:
            yield TemplateFault(*_place(context.theme.templates, fault.sign), fault.message, fault.advice)


def _page_faults(context: Context, language: str, page: Answer) -> list[PageFault]:
    if not isinstance(page, Document):
        return []
    style = assets()["style.css"].body.decode()
    direction = context.words(language).direction
    return page_faults(page.body.decode(), language, direction, style, context.addresses.base)


def _place(templates: tuple[tuple[str, str], ...], sign: str) -> tuple[str, int]:
    """The template and line with a text; if none has it, base.html or else the first template, and line 0."""
    for name, text in templates:
        at = text.find(sign)
        if at >= 0:
            return name, text.count("\n", 0, at) + 1
    names = [name for name, _ in templates]
    return ("base.html" if "base.html" in names else names[0]), 0
