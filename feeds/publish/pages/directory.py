"""The page of all feeds: the picker, and below it every feed of the language with how many releases it holds."""

from __future__ import annotations

from typing import Any

from feeds.addresses import Directory, FeedAddress, Outline
from feeds.document import Document
from feeds.formats import HTML, SYNDICATED
from feeds.i18n import Words
from feeds.model.fields import in_language
from feeds.model.selection import Selection
from feeds.publish import all_addresses
from feeds.publish.context import Newsdesk
from feeds.publish.pages.layout import Choice, Sheet, page, path, versions
from feeds.publish.pages.picker import picker
from feeds.publish.picker_query import chosen, queries


def directory(desk: Newsdesk, address: Directory, query: str) -> Document:
    """The choice that the query makes, and every feed, facet by facet."""
    language = address.language
    words = Words.of(language)
    choice = chosen(desk.vocabulary, language, query)
    sheet = Sheet(
        "directory",
        address,
        words.say("Feeds"),
        in_language(desk.vocabulary.newsroom.subtitle, language),
        choice.selection,
        {
            "groups": _groups(desk, language),
            "example": _example(desk, language),
            "opml": path(desk, Outline(language)),
            **picker(desk, address, choice),
        },
        versions(desk, address),
        desk.addresses.absolute(address),
        queries(choice.selection, language, desk.addresses.languages),
    )
    return page(desk, sheet)


def _example(desk: Newsdesk, language: str) -> tuple[str, str] | None:
    """How addresses combine: one with terms of the first two facets, and what it holds; None without such terms."""
    standing = {facet: desk.vocabulary.current_terms(facet, desk.now) for facet in desk.vocabulary.facet_names}
    asked = [(facet, [term.slug for term in terms]) for facet, terms in standing.items() if terms][:2]
    if len(asked) < 2:
        return None
    (one, slugs), (other, more) = asked
    selection = Selection.of(language, {one: slugs[:2], other: more[:1]})
    return path(desk, FeedAddress(selection)), desk.subject(selection)


def _groups(desk: Newsdesk, language: str) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """By facet: its name, its outline, its feeds."""
    words = Words.of(language)
    names = (words.say("All releases"), words.say("Corrections and withdrawals"))
    everything = zip(names, all_addresses.of_everything(language), strict=True)
    groups: list[tuple[str, str, list[dict[str, Any]]]] = [
        (words.say("Everything"), "", [_row(desk, name, each) for name, each in everything]),
    ]
    for facet in desk.vocabulary.facets:
        selections = all_addresses.of_facet(desk.vocabulary, facet.name, language, desk.now)
        rows = [_row(desk, desk.subject(each), each) for each in selections]
        groups.append((desk.facet_label(facet, language), path(desk, Outline(language, facet.name)), rows))
    return groups


def _row(desk: Newsdesk, label: str, selection: Selection) -> dict[str, Any]:
    counted = desk.snapshot.counts.of(selection, desk.now)
    live = FeedAddress(selection)
    zone = desk.vocabulary.newsroom.time_zone
    return {
        "label": label,
        "count": counted.releases if counted else 0,
        "newest": Words.of(selection.language).date(counted.newest, zone) if counted else "",
        "page": path(desk, live.as_format(HTML)),
        "feeds": [Choice(form.name, path(desk, live.as_format(form))) for form in SYNDICATED],
    }
