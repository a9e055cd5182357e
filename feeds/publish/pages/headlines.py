"""Releases as pages list them: newest first, by year, with the way to older and newer ones."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from feeds.addresses import FeedAddress, ReleasePage
from feeds.catalogue import Page, VisibleRelease
from feeds.formats import HTML
from feeds.i18n import Words
from feeds.publish.context import Context
from feeds.publish.pages.layout import PageLink, term_link

FACETS_SHOWN = 2
"""Of the facets of which a release may bear several terms, so many show them in lists: the newsroom's first ones."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A release as lists show it."""

    title: str
    href: str
    summary: str
    date: str
    machine_date: str
    year: int
    withdrawn: bool
    terms: tuple[PageLink, ...]


def by_year(context: Context, page: Page | None) -> list[tuple[int, list[Headline]]]:
    """The releases of a feed's page by year of publication, newest first."""
    visible = context.snapshot.releases.of(page.editions) if page else ()
    newest_first = sorted(visible, key=lambda each: (each.release.published, each.release.id), reverse=True)
    headlines = [headline(context, each) for each in newest_first]
    return [(year, list(group)) for year, group in groupby(headlines, lambda each: each.year)]


def headline(context: Context, visible: VisibleRelease) -> Headline:
    """One release for a list."""
    own = visible.release
    shown = own.published.astimezone(context.vocabulary.newsroom.time_zone)
    terms = [
        term_link(context, own.language, facet.name, slug)
        for facet in [each for each in context.vocabulary.facets if not each.one][:FACETS_SHOWN]
        for slug in own.slugs(facet.name)
    ]
    return Headline(
        title_of(visible),
        context.path(ReleasePage(own.language, own.path)),
        summary_of(visible),
        visible.entry.date,
        shown.date().isoformat(),
        shown.year,
        visible.withdrawn,
        tuple(terms),
    )


def title_of(visible: VisibleRelease) -> str:
    """What stands above a release. Feeds guard it against clients that take text for markup; a page need not."""
    own = visible.release
    return Words.of(own.language).say("Withdrawn: {title}", title=own.title) if visible.withdrawn else own.title


def summary_of(visible: VisibleRelease) -> str:
    """What a release says in a sentence; of a withdrawn one, why it no longer stands."""
    own = visible.release
    return own.withdrawn.reason if visible.withdrawn and own.withdrawn else own.summary


def older(context: Context, address: FeedAddress, page: Page | None) -> str | None:
    """The page with what came before; None if that is all."""
    if page is None:
        return None
    number = (page.number or page.last + 1) - 1
    return context.path(FeedAddress(address.selection, HTML, number)) if number else None


def newer(context: Context, address: FeedAddress, page: Page) -> str | None:
    """The page with what came after; None for the newest."""
    if not page.number:
        return None
    following = page.number + 1 if page.number < page.last else 0
    return context.path(FeedAddress(address.selection, HTML, following))
