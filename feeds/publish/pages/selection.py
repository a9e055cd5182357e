"""The page that says what a feed says: the html twin of every selection, live or archived."""

from __future__ import annotations

from feeds.addresses import FeedAddress
from feeds.document import Answer
from feeds.formats import HTML
from feeds.i18n import Words, in_language
from feeds.model.newsroom import Term
from feeds.model.retirement import Closing, closing
from feeds.model.selection import Selection
from feeds.publish import end_of_feed, titles
from feeds.publish.context import Context
from feeds.publish.feed import beyond_the_archive
from feeds.publish.pages import headlines
from feeds.publish.pages.chart import chart
from feeds.publish.pages.layout import Choice, Sheet, page_document, path, term, versions


def selection_page(context: Context, address: FeedAddress) -> Answer:
    """The releases of a selection, and what the newsroom says of its term if it is a single one."""
    end = closing(address.selection, context.vocabulary, context.now)
    if end and end.gone <= context.now:
        return end_of_feed.gone(context, address, end)
    shown = context.page(address)
    if shown is None:
        return beyond_the_archive(context, address)
    language = address.language
    words = Words.of(language)
    subject = titles.subject(context, address.selection) or words.say("All releases")
    if address.archive:
        subject = words.say("{subject}: page {number}", subject=subject, number=address.archive)
    only = _only(context, address.selection)
    summary = in_language(only.summary, language) if only and only.summary else ""
    values = {
        "subject": subject,
        "summary": summary,
        "belongs_to": _belongs_to(context, language, only) if only else [],
        "partners": only.partners if only else (),
        "term_url": only.url if only else None,
        "ended": _ended(context, address.language, end) if end else None,
        "years": headlines.by_year(context, shown),
        "sought": bool(address.selection.words),
        "elsewhere": [] if shown.editions or address.selection.words else _elsewhere(context, address.selection),
        "chart": None if address.archive else chart(context, address.selection, subjects=True),
        "older": headlines.older(context, address, shown),
        "newer": headlines.newer(context, address, shown),
    }
    sheet = Sheet(
        "selection",
        address,
        subject,
        summary or in_language(context.vocabulary.newsroom.subtitle, language),
        address.selection,
        values,
        versions(context, address),
        context.addresses.absolute(address),
        indexed=bool(shown.editions) and not address.selection.words,
    )
    return page_document(context, sheet)


def _belongs_to(context: Context, language: str, only: Term) -> list[tuple[str, list[Choice]]]:
    """The terms of other facets that a term belongs to, facet by facet."""
    terms = dict(only.terms)
    return [
        (titles.facet_label(facet, language), [term(context, language, facet.name, slug) for slug in terms[facet.name]])
        for facet in context.vocabulary.facets
        if facet.name in terms
    ]


def _ended(context: Context, language: str, end: Closing) -> tuple[str, Choice | None]:
    """The sentences that say that nothing more comes, and a link to what to follow instead."""
    notice = end_of_feed.notice(context, end, language)
    if end.successor is None:
        return notice, None
    href = path(context, FeedAddress(end.successor, HTML))
    return notice, Choice(titles.subject(context, end.successor), href)


def _only(context: Context, selection: Selection) -> Term | None:
    """The term of a selection of one."""
    if len(selection.terms) == 1 and len(selection.terms[0][1]) == 1:
        facet, (slug,) = selection.terms[0]
        return context.vocabulary.term(facet, slug)
    return None


def _elsewhere(context: Context, selection: Selection) -> list[Choice]:
    """The same selection in the languages that have something of it."""
    found = []
    for language in context.addresses.languages:
        twin = FeedAddress(selection, HTML).in_language(language)
        counted = context.snapshot.counts.of(twin.selection, context.now)
        if counted:
            name = Words.of(language).own_name
            found.append(Choice(name, path(context, twin), count=counted.releases, language=language))
    return found
