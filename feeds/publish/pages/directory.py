"""The page of all feeds: the picker, and below it every feed of the language with how many releases it holds."""

from __future__ import annotations

from typing import Any

from feeds.addresses import Directory, FeedAddress, Outline
from feeds.document import Document
from feeds.formats import HTML, SYNDICATED
from feeds.i18n import Words
from feeds.model.fields import in_language
from feeds.model.release import Facet
from feeds.model.selection import Selection
from feeds.publish.context import Newsdesk
from feeds.publish.opml import facet_name
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
        {"groups": _groups(desk, language), "opml": path(desk, Outline(language)), **picker(desk, address, choice)},
        versions(desk, address),
        desk.addresses.absolute(address),
        queries(choice.selection, language, desk.addresses.languages),
    )
    return page(desk, sheet)


def _groups(desk: Newsdesk, language: str) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """By facet: its name, its outline, its feeds."""
    words = Words.of(language)
    everything = [
        (words.say("All releases"), Selection(language)),
        (words.say("Corrections and withdrawals"), Selection(language, corrections=True)),
    ]
    groups: list[tuple[str, str, list[dict[str, Any]]]] = [
        (words.say("Everything"), "", [_row(desk, label, each) for label, each in everything]),
    ]
    for facet in Facet:
        rows = [
            _row(desk, term.label(language), Selection.of(language, {facet: [term.slug]}))
            for term in desk.vocabulary.standing(facet, desk.now)
        ]
        groups.append((facet_name(language, facet), path(desk, Outline(language, facet)), rows))
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
