"""The page of all feeds: the picker, and a table of the feeds in one language."""

from __future__ import annotations

from typing import Any

from feeds.addresses import Directory, FeedAddress, Outline
from feeds.catalogue import Counted
from feeds.i18n import in_language
from feeds.model.formats import HTML, SYNDICATED
from feeds.model.selection import Selection
from feeds.publish import all_addresses, titles
from feeds.publish.context import Context
from feeds.publish.document import Document
from feeds.publish.pages.layout import PageContent, PageLink, language_versions, page_document
from feeds.publish.pages.picker import picker
from feeds.publish.picker_query import from_query, queries_by_language


def directory_page(context: Context, address: Directory, query: str) -> Document:
    """The page for the choice in ``query``."""
    language = address.language
    words = context.words(language)
    choice = from_query(context.vocabulary, language, query)
    content = PageContent(
        "directory",
        address,
        words.say("Feeds"),
        in_language(context.vocabulary.newsroom.subtitle, language),
        choice.selection,
        {
            "groups": _groups(context, language),
            "example": _example(context, language) if context.is_served else None,
            "opml": context.path(Outline(language)),
            **picker(context, address, choice),
        },
        language_versions(context, address),
        context.addresses.absolute(address),
        queries_by_language(choice.selection, language, context.addresses.languages, choice.count),
    )
    return page_document(context, content)


def _example(context: Context, language: str) -> tuple[str, str] | None:
    """The path and title of an example with terms of two facets. None if there are not enough terms."""
    current = {facet: context.vocabulary.current_terms(facet, context.now) for facet in context.vocabulary.facet_names}
    asked = [(facet, [term.slug for term in terms]) for facet, terms in current.items() if terms][:2]
    if len(asked) < 2:
        return None
    (one, slugs), (other, more) = asked
    selection = Selection.of(language, {one: slugs[:2], other: more[:1]})
    return context.path(FeedAddress(selection)), titles.subject(context, selection)


def _groups(context: Context, language: str) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """The groups of feeds that hold a release: label, path of the OPML list, feeds."""
    words = context.words(language)
    everything = (
        *all_addresses.without_terms(language),
        *all_addresses.in_all_languages(context.vocabulary, language),
    )
    counted = (
        (titles.subject_or_all(context, each), each, context.snapshot.counts.of(each, context.now))
        for each in everything
    )
    groups: list[tuple[str, str, list[dict[str, Any]]]] = [
        (words.say("Everything"), "", [_row(context, name, each, found) for name, each, found in counted if found]),
    ]
    by_facet = all_addresses.with_releases(context, language)
    for facet in context.vocabulary.facets:
        rows = [
            _row(context, titles.subject(context, each), each, found) for each, found in by_facet[facet.name].items()
        ]
        groups.append((titles.facet_label(context, facet, language), context.path(Outline(language, facet.name)), rows))
    return [group for group in groups if group[-1]]


def _row(context: Context, label: str, selection: Selection, counted: Counted) -> dict[str, Any]:
    live = FeedAddress(selection)
    zone = context.vocabulary.newsroom.time_zone
    return {
        "label": label,
        "count": counted.releases,
        "newest": context.words(selection.language).date(counted.newest, zone),
        "page": context.path(live.as_format(HTML)),
        "feeds": [PageLink(form.name, context.path(live.as_format(form))) for form in SYNDICATED],
    }
