"""Lists releases for pages: newest first, by year, with links to older and newer ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from feeds.addresses import FeedAddress, ReleasePage
from feeds.catalogue import Page, VisibleRelease
from feeds.model.formats import HTML
from feeds.model.selection import Selection
from feeds.publish.context import Context
from feeds.publish.pages.layout import PageLink, term_link
from feeds.publish.pages.pictures import IN_LEAD, Thumbnail, thumbnail

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
    published: datetime
    id: str
    withdrawn: bool
    terms: tuple[PageLink, ...]
    language: str = ""
    """The language of a release that is not in the page's language; else empty."""
    language_name: str = ""
    """That language's name for itself."""
    picture: Thumbnail | None = None
    large: Thumbnail | None = None
    """The same picture, for the first story of a page."""


def by_year(context: Context, address: FeedAddress, page: Page | None) -> list[tuple[int, list[Headline]]]:
    """The releases of a feed's page by year of publication, newest first."""
    newest = newest_first(context, address, page)
    return [(year, list(group)) for year, group in groupby(newest, lambda each: each.year)]


def newest_first(context: Context, address: FeedAddress, page: Page | None) -> list[Headline]:
    """The releases of a feed's page, the newest first.

    A live page in one language, but no search, also has the releases that exist in other languages only.
    """
    shown = of_page(context, address, page) if page else []
    others = untranslated(context, address, page, [each.published for each in shown])
    found = [*shown, *(headline(context, each, address.language) for each in others)]
    return sorted(found, key=lambda each: (each.published, each.id), reverse=True)


def of_page(context: Context, address: FeedAddress, page: Page) -> list[Headline]:
    """The headlines of a page's own releases. Kept headlines are not made again."""
    language, kept = address.language, context.kept
    if kept is None or address.selection.in_all_languages:
        return [headline(context, each, language) for each in context.snapshot.releases.of(page.editions)]
    context.snapshot.releases.shown(page.editions)
    found = {edition: kept.get(("headline", edition)) for edition in page.editions}
    lacking = [edition for edition, each in found.items() if each is None]
    if lacking:
        found |= {each.edition: headline(context, each, language) for each in context.snapshot.releases.of(lacking)}
    return list(found.values())


def untranslated(
    context: Context, address: FeedAddress, page: Page | None, published: Iterable[datetime]
) -> tuple[VisibleRelease, ...]:
    """The releases that exist in other languages only, and belong among those of a feed's page by date.

    ``published`` are the dates of the page's own releases. None is older than all of these, unless there is no older
    page.
    """
    if address.archive or address.selection.words or address.selection.in_all_languages:
        return ()
    is_whole = not (page and page.previous)
    since = None if is_whole else min(published, default=None)
    most, languages = context.settings.entries, context.addresses.languages
    return context.snapshot.releases.untranslated(address.selection, languages, context.now, since, most)


def headline(context: Context, visible: VisibleRelease, language: str, *, bare: bool = False) -> Headline:
    """The headline of a release on a page in a language; a ``bare`` one is without terms and without large picture."""
    release = visible.release
    if bare:
        return _headline(context, visible, language, bare=True)
    if release.language != language:
        return _headline(context, visible, language)
    # In its own language it asks nothing of the catalogue that depends on the page.
    return context.once(("headline", visible.edition), lambda: _headline(context, visible, language))


def _headline(context: Context, visible: VisibleRelease, language: str, *, bare: bool = False) -> Headline:
    release = visible.release
    zone = context.vocabulary.newsroom.time_zone
    shown = release.published.astimezone(zone)
    other = release.language if release.language != language else ""
    terms = [
        term_link(context, language, facet.name, slug)
        for facet in ([] if bare else [each for each in context.vocabulary.facets if not each.one][:FACETS_SHOWN])
        for slug in release.slugs(facet.name)
        if not other or context.has_releases(Selection.of(language, {facet.name: [slug]}))
    ]
    return Headline(
        title_of(context, visible),
        context.path(ReleasePage(release.language, release.path)),
        summary_of(visible),
        context.words(language).date(release.published, zone) if other else visible.entry.date,
        shown.date().isoformat(),
        shown.year,
        release.published,
        release.id,
        visible.withdrawn,
        tuple(terms),
        other,
        context.words(other).own_name if other else "",
        None if visible.withdrawn else thumbnail(context, release),
        None if visible.withdrawn or bare else thumbnail(context, release, IN_LEAD),
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
