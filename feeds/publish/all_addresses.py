"""Lists all public addresses of a newsroom at one moment.

The command `feeds list`, exports, OPML, the page of all feeds, sitemaps and push topics all use these lists, so they
agree. Addresses that readers make up are not listed: several terms of one facet, terms left out, search words and,
except in exports, headlines for other sites.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from feeds.addresses import (
    INFO_PAGES,
    NEWS,
    PAGES,
    SHAPES,
    Address,
    Directory,
    Embedding,
    FeedAddress,
    Front,
    Headlines,
    InfoPage,
    KeyFile,
    Outline,
    ReleaseCard,
    ReleaseImage,
    ReleaseMarkdown,
    ReleasePage,
    Robots,
    Sitemap,
    Verification,
    YearPage,
)
from feeds.catalogue import Counted
from feeds.catalogue.sitemap_parts import LARGEST
from feeds.media.drawing import can_draw
from feeds.model.formats import FORMATS, HTML
from feeds.model.retirement import closing
from feeds.model.selection import Selection
from feeds.model.vocabulary import Vocabulary
from feeds.publish.context import Context

PER_YEAR_PAGE = 100
"""Releases on a page of a year."""


def selections(vocabulary: Vocabulary, language: str, now: datetime | None) -> Iterator[Selection]:
    """The selections of at most one term: all releases, the corrections, both in all languages, each term by facet.

    Terms that are retired at ``now`` are left out. If ``now`` is None, all terms are included.
    """
    yield from without_terms(language)
    yield from in_all_languages(vocabulary, language)
    for facet in vocabulary.facet_names:
        yield from of_facet(vocabulary, facet, language, now)


def without_terms(language: str) -> tuple[Selection, Selection]:
    """The selections without terms: all releases, and the corrections."""
    return Selection(language), Selection(language, corrections=True)


def in_all_languages(vocabulary: Vocabulary, language: str) -> tuple[Selection, ...]:
    """The selections without terms in all languages, named in one of them; none in a newsroom with one language."""
    several = len(vocabulary.newsroom.languages) > 1
    return tuple(replace(each, in_all_languages=True) for each in without_terms(language)) if several else ()


def of_facet(vocabulary: Vocabulary, facet: str, language: str, now: datetime | None) -> tuple[Selection, ...]:
    """The selection of each term of a facet, without those that are retired at ``now``, unless it is None."""
    terms = vocabulary.current_terms(facet, now) if now else vocabulary.terms.get(facet, ())
    return tuple(Selection.of(language, {facet: [term.slug]}) for term in terms)


def with_releases(context: Context, language: str) -> dict[str, dict[Selection, Counted]]:
    """By facet, the selection of each current term that has releases in a language, with their number."""
    counts = context.snapshot.counts.by_term(Selection(language), context.now)
    return {
        facet: {
            Selection.of(language, {facet: [term.slug]}): counts[facet, term.slug]
            for term in context.vocabulary.current_terms(facet, context.now)
            if (facet, term.slug) in counts
        }
        for facet in context.vocabulary.facet_names
    }


def combinations(context: Context, language: str, most: int | None = None) -> list[Selection]:
    """The selections of one term each in two or more facets that hold a release and are not retired, sorted.

    With ``most`` those of at most so many facets.
    """
    found = (
        Selection(language, tuple((facet, (slug,)) for facet, slug in terms))
        for terms in context.snapshot.counts.combinations(language, context.now, most)
    )
    # A release that stays as it last was may have a term that is no longer one.
    known = (each for each in found if context.canonical(FeedAddress(each)) == FeedAddress(each))
    return sorted(each for each in known if not closing(each, context.vocabulary, context.now))


def pages(context: Context) -> Iterator[Mapping[str, Address]]:
    """The addresses by language of the pages that search engines may list, except those of releases.

    The page of a term is included in the languages in which it has releases. Its other pages say noindex.
    """
    languages = context.addresses.languages
    yield {language: Front(language) for language in languages}
    yield {language: Directory(language) for language in languages}
    for name in INFO_PAGES:
        yield {language: InfoPage(language, name) for language in languages}
    counts = {each: context.snapshot.counts.by_term(Selection(each), context.now) for each in languages}
    for facet in context.vocabulary.facet_names:
        for term in context.vocabulary.current_terms(facet, context.now):
            yield {
                language: FeedAddress(Selection.of(language, {facet: [term.slug]}), HTML)
                for language in languages
                if (facet, term.slug) in counts[language]
            }


def sitemap_parts(context: Context) -> Iterator[tuple[Sitemap, datetime | None]]:
    """The parts of the sitemap, with the newest change of the releases in each: of pages, then year by year.

    The newest year comes first. Within a year the oldest releases come first, so nearly all parts stay as they are.
    """
    main, newsroom = context.addresses.languages[0], context.vocabulary.newsroom
    yield from ((Sitemap(main, PAGES, number), None) for number in range(1, _parts_of_pages(context) + 1))
    for each in context.snapshot.sitemap.all(newsroom, context.now):
        yield Sitemap(main, str(each.year), each.number), each.changed


def _parts_of_pages(context: Context) -> int:
    """How many parts hold `pages`. They are counted only where one part could be too small."""
    vocabulary = context.vocabulary
    terms = sum(len(vocabulary.terms.get(facet, ())) for facet in vocabulary.facet_names)
    most = len(context.addresses.languages) * (2 + len(INFO_PAGES) + terms)
    return 1 if most <= LARGEST else -(-sum(map(len, pages(context))) // LARGEST)


def all_addresses(context: Context, *, numerous: bool = True) -> Iterator[Address]:
    """The addresses of all documents, language by language; of releases and archives only if ``numerous``.

    For exports also the OPML list and the headlines of each feed of at most one term, and the cards and drawn pictures
    of releases.
    """
    for language in context.addresses.languages:
        yield from (Front(language), Directory(language), Embedding(language), Outline(language))
        yield from (InfoPage(language, name) for name in INFO_PAGES)
        yield from [Verification(language)] if context.is_served else []
        yield from of_years(context, language)
        yield from (Outline(language, facet) for facet in context.vocabulary.facet_names)
        for selection in listed_selections(context, language):
            for number in range(context.archives(selection) + 1 if numerous else 1):
                yield from (FeedAddress(selection, form, number) for form in FORMATS)
            if not context.is_served and len(selection.terms) <= 1:
                yield Outline(language, selection=selection)
                yield from (Headlines(selection, shape=shape) for shape in SHAPES)
        # The notices of withdrawn releases are among them.
        for path in context.snapshot.releases.paths(language, context.now) if numerous else ():
            yield from (ReleaseMarkdown(language, path), ReleasePage(language, path))
            if not context.is_served:
                yield ReleaseCard(language, path)
        if numerous and not context.is_served:
            yield from (ReleaseImage(language, path) for path in drawn(context, language))
    main = context.addresses.languages[0]
    yield from (Sitemap(main), Sitemap(main, NEWS), Robots(main))
    if key := context.vocabulary.newsroom.indexnow:
        yield KeyFile(main, key)
    yield from (part for part, _ in sitemap_parts(context))


def drawn(context: Context, language: str) -> list[str]:
    """The paths of the releases in a language whose picture is drawn; none if this machine has no fonts."""
    paths = context.snapshot.releases.paths_without_picture(language, context.now)
    return paths if paths and can_draw() else []


def of_years(context: Context, language: str) -> Iterator[YearPage]:
    """The pages of all years in which releases have their date, the latest first."""
    counts = context.snapshot.counts.by_year(Selection(language), context.now)
    for year, count in counts.items():
        yield from (YearPage(language, year, number) for number in range(1, -(-count // PER_YEAR_PAGE) + 1))


def listed_selections(context: Context, language: str) -> Iterator[Selection]:
    """The selections that have documents at present: those of at most one term, and those of several that hold any."""
    for selection in (
        *selections(context.vocabulary, language, None),
        *combinations(context, language, context.combined),
    ):
        end = closing(selection, context.vocabulary, context.now)
        if end is None or context.now < end.gone:
            yield selection
