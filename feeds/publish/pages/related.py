"""The related releases of a page: those that its editor names, then earlier ones about the same."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from feeds.addresses import ReleasePage
from feeds.catalogue import VisibleRelease
from feeds.model.release import Release
from feeds.publish.context import Context
from feeds.publish.pages.headlines import Headline, headline
from feeds.publish.pages.layout import PageLink

MOST = 3
"""Releases that are shown together, if the editor names no more."""
MOST_SUBJECTS = 6
"""Terms of a release that are looked at."""


def values(context: Context, visible: VisibleRelease) -> dict[str, object]:
    """The template's values: links to what the editor names, and headlines of other releases about the same."""
    if visible.withdrawn:
        return {"related": [], "alike": []}
    named = list(_named(context, visible.release))
    return {"related": named, "alike": _alike(context, visible.release, {each.href for each in named})}


def subjects(context: Context, release: Release) -> list[tuple[str, str]]:
    """The terms that say what a release is about, by facet and slug.

    Those with codes, such as countries, are so wide that they count only where there are no others. Facets with one
    term for each release, such as the kind of text, say nothing of its subject.
    """
    facets = [facet for facet in context.vocabulary.facets if not facet.one]
    own = [(facet.name, slug) for facet in facets if not facet.codes for slug in release.slugs(facet.name)]
    wide = [(facet.name, slug) for facet in facets if facet.codes for slug in release.slugs(facet.name)]
    return (own or wide)[:MOST_SUBJECTS]


def _named(context: Context, release: Release) -> Iterator[PageLink]:
    """Links to related pages, and to related releases that are visible, if possible in the same language."""
    own = release.language
    for reference in release.related:
        if "://" in reference:
            parts = urlsplit(reference)
            yield PageLink(f"{parts.hostname}{parts.path.rstrip('/')}", reference)
            continue
        for language in (own, *(other for other in context.addresses.languages if other != own)):
            other = context.snapshot.releases.at(language, reference, context.now)
            if other and not other.withdrawn:
                yield PageLink(other.release.title, context.path(ReleasePage(language, reference)), language=language)
                break


def _alike(context: Context, release: Release, named: set[str]) -> list[Headline]:
    """The headlines of releases before one that have most of its terms, as many as there is room for."""
    room = MOST - len(named)
    if room <= 0:
        return []
    asked = subjects(context, release)
    found = context.snapshot.alike.before(release, asked, context.now) if asked else ()
    editions = [each.edition for each in found if not each.withdrawn][:MOST]
    shown = [headline(context, each, release.language) for each in context.snapshot.releases.of(editions)]
    return [each for each in shown if each.href not in named][:room]
