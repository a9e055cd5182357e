"""Lists releases for pages: newest first, by year, with links to older and newer ones."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from feeds.addresses import FeedAddress, ReleasePage
from feeds.catalogue import Page, VisibleRelease
from feeds.formats import HTML
from feeds.publish.context import Context
from feeds.publish.pages.layout import PageLink, term_link
from feeds.publish.pages.pictures import Thumbnail, thumbnail

FACETS_SHOWN = 2
"""The number of facets whose terms are shown in lists: the first with several terms per release."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A release in a list."""

    title: str
    href: str
    summary: str
    date: str
    machine_date: str
    year: int
    withdrawn: bool
    terms: tuple[PageLink, ...]
    picture: Thumbnail | None = None


def by_year(context: Context, page: Page | None) -> list[tuple[int, list[Headline]]]:
    """The releases of a feed's page by year of publication, newest first."""
    visible = context.snapshot.releases.of(page.editions) if page else ()
    newest_first = sorted(visible, key=lambda each: (each.release.published, each.release.id), reverse=True)
    headlines = [headline(context, each) for each in newest_first]
    return [(year, list(group)) for year, group in groupby(headlines, lambda each: each.year)]


def headline(context: Context, visible: VisibleRelease) -> Headline:
    """The headline of a release."""
    release = visible.release
    shown = release.published.astimezone(context.vocabulary.newsroom.time_zone)
    terms = [
        term_link(context, release.language, facet.name, slug)
        for facet in [each for each in context.vocabulary.facets if not each.one][:FACETS_SHOWN]
        for slug in release.slugs(facet.name)
    ]
    return Headline(
        title_of(context, visible),
        context.path(ReleasePage(release.language, release.path)),
        summary_of(visible),
        visible.entry.date,
        shown.date().isoformat(),
        shown.year,
        visible.withdrawn,
        tuple(terms),
        None if visible.withdrawn else thumbnail(context, release),
    )


def title_of(context: Context, visible: VisibleRelease) -> str:
    """The title of a release on pages. Unlike in feeds, it needs no word joiners (`markdown.plain`)."""
    release = visible.release
    if visible.withdrawn:
        return context.words(release.language).say("Withdrawn: {title}", title=release.title)
    return release.title


def summary_of(visible: VisibleRelease) -> str:
    """The summary of a release, or the reason of its withdrawal."""
    release = visible.release
    return release.withdrawn.reason if visible.withdrawn and release.withdrawn else release.summary


def older(context: Context, address: FeedAddress, page: Page | None) -> str | None:
    """The path of the page with older releases; None for the last page."""
    if page is None:
        return None
    number = page.previous
    return context.path(FeedAddress(address.selection, HTML, number)) if number else None


def newer(context: Context, address: FeedAddress, page: Page) -> str | None:
    """The path of the page with newer releases; None for the live page."""
    if not page.number:
        return None
    following = page.number + 1 if page.number < page.last else 0
    return context.path(FeedAddress(address.selection, HTML, following))
