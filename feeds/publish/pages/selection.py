"""The page that says what a feed says: the html twin of every selection, live or archived."""

from __future__ import annotations

from feeds.addresses import FeedAddress
from feeds.document import Answer
from feeds.formats import HTML
from feeds.i18n import Words
from feeds.model.fields import in_language
from feeds.model.newsroom import Term
from feeds.model.retirement import closing
from feeds.model.selection import Selection
from feeds.publish import end_of_feed, feed
from feeds.publish.context import Newsdesk
from feeds.publish.pages import headlines
from feeds.publish.pages.chart import chart
from feeds.publish.pages.layout import Choice, Sheet, page, path, term, versions


def selection(desk: Newsdesk, address: FeedAddress) -> Answer:
    """The releases of a selection, and what the newsroom says of its term if it is a single one."""
    if missing := end_of_feed.gone(desk, address):
        return missing
    shown = desk.page(address)
    if shown is None:
        return feed.beyond(desk, address)
    language = address.language
    words = Words.of(language)
    subject = desk.subject(address.selection) or words.say("All releases")
    if address.archive:
        subject = words.say("{subject}: page {number}", subject=subject, number=address.archive)
    only = _only(desk, address.selection)
    summary = in_language(only.summary, language) if only and only.summary else ""
    values = {
        "subject": subject,
        "summary": summary,
        "belongs_to": _belongs_to(desk, language, only) if only else [],
        "partners": only.partners if only else (),
        "term_url": only.url if only else None,
        "ended": _ended(desk, address.selection),
        "years": headlines.by_year(desk, shown),
        "sought": bool(address.selection.words),
        "elsewhere": [] if shown.editions or address.selection.words else _elsewhere(desk, address.selection),
        "chart": None if address.archive else chart(desk, address.selection, subjects=True),
        "older": headlines.older(desk, address, shown),
        "newer": headlines.newer(desk, address, shown),
    }
    sheet = Sheet(
        "selection",
        address,
        subject,
        summary or in_language(desk.vocabulary.newsroom.subtitle, language),
        address.selection,
        values,
        versions(desk, address),
        desk.addresses.absolute(address),
        indexed=bool(shown.editions) and not address.selection.words,
    )
    return page(desk, sheet)


def _belongs_to(desk: Newsdesk, language: str, only: Term) -> list[tuple[str, list[Choice]]]:
    """The terms of other facets that a term belongs to, facet by facet."""
    terms = dict(only.terms)
    return [
        (desk.facet_label(facet, language), [term(desk, language, facet.name, slug) for slug in terms[facet.name]])
        for facet in desk.vocabulary.facets
        if facet.name in terms
    ]


def _ended(desk: Newsdesk, selection: Selection) -> tuple[str, Choice | None] | None:
    """That nothing more comes, and what to follow instead."""
    end = closing(selection, desk.vocabulary, desk.now)
    if end is None:
        return None
    instead = end.successor and Choice(desk.subject(end.successor), path(desk, FeedAddress(end.successor, HTML)))
    return end_of_feed.notice(desk, end, selection.language), instead or None


def _only(desk: Newsdesk, selection: Selection) -> Term | None:
    """The term of a selection of one."""
    if len(selection.terms) == 1 and len(selection.terms[0][1]) == 1:
        facet, (slug,) = selection.terms[0]
        return desk.vocabulary.term(facet, slug)
    return None


def _elsewhere(desk: Newsdesk, selection: Selection) -> list[Choice]:
    """The same selection in the languages that have something of it."""
    found = []
    for language in desk.addresses.languages:
        twin = FeedAddress(selection, HTML).in_language(language)
        counted = desk.snapshot.counts.of(twin.selection, desk.now)
        if counted:
            name = Words.of(language).own_name
            found.append(Choice(name, path(desk, twin), count=counted.releases, language=language))
    return found
