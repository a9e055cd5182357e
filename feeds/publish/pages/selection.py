"""The HTML page of a selection, live or archived, with the same releases as its feed."""

from __future__ import annotations

from dataclasses import replace

from feeds.addresses import FeedAddress, Search
from feeds.i18n import in_language
from feeds.model.formats import HTML
from feeds.model.newsroom import Term
from feeds.model.retirement import Closing, closing
from feeds.model.selection import Selection
from feeds.publish import titles
from feeds.publish.context import Context
from feeds.publish.document import Answer
from feeds.publish.feed import beyond_the_archive, end_notice, gone_feed
from feeds.publish.pages import headlines, search
from feeds.publish.pages.chart import chart
from feeds.publish.pages.headlines import Headline
from feeds.publish.pages.layout import PageContent, PageLink, language_versions, page_document, term_link
from feeds.publish.picker_query import Choice

FEWEST_TO_NARROW = 5
"""The fewest releases on a page that offers terms to narrow it."""
MOST_NARROWER = 5
"""Terms of a facet that are offered to narrow a page."""
MOST_NEIGHBOURS = 6
"""Other terms of a term's facet."""
MOST_LOOKED_AT = 30
"""Terms of a facet that are asked whether they have releases."""


def selection_page(context: Context, address: FeedAddress) -> Answer:
    """The page of a selection; for a single term, with what the newsroom says about it."""
    end = closing(address.selection, context.vocabulary, context.now)
    if end and end.gone <= context.now:
        return gone_feed(context, address, end)
    if address.selection.words and not address.selection.corrections:
        return search.page_of(context, Search(address.language), Choice(address.selection))
    shown = context.page(address)
    if shown is None:
        return beyond_the_archive(context, address)
    subject = _subject(context, address)
    single = _single_term(context, address.selection)
    summary = in_language(single.summary, address.language) if single and single.summary else ""
    years = headlines.by_year(context, address, shown)
    values = {
        "subject": subject,
        "summary": summary,
        **_of_term(context, address.language, single),
        "ended": _ended(context, address.language, end) if end else None,
        **_beside(context, address, single),
        "years": years,
        "untranslated": 0 if address.selection.in_all_languages else _in_other_languages_only(years),
        "is_search": bool(address.selection.words),
        "other_languages": _other_languages(context, address.selection)
        if not (shown.editions or address.selection.words)
        else [],
        "chart": None
        if address.archive
        else chart(context, address.selection, subjects=not address.selection.in_all_languages),
        "older": headlines.older(context, address, shown),
        "newer": headlines.newer(context, address, shown),
    }
    content = PageContent(
        "selection",
        address,
        subject,
        summary or titles.description(context, address.selection),
        address.selection,
        values,
        language_versions(context, address),
        context.addresses.absolute(address),
        indexed=bool(shown.editions) and _is_indexed(address.selection),
    )
    return page_document(context, content)


def _subject(context: Context, address: FeedAddress) -> str:
    subject = titles.subject_or_all(context, address.selection)
    if not address.archive:
        return subject
    words = context.words(address.language)
    return words.say("{subject}: page {number}", subject=subject, number=words.number(address.archive))


def _of_term(context: Context, language: str, single: Term | None) -> dict[str, object]:
    """What the newsroom says about the only term of a selection, besides its summary."""
    return {
        "belongs_to": _belongs_to(context, language, single) if single else [],
        "partners": single.partners if single else (),
        "term_url": single.url if single else None,
    }


def _beside(context: Context, address: FeedAddress, single: Term | None) -> dict[str, object]:
    """How many releases the live page of a selection has, and where to go from there."""
    selection, language = address.selection, address.language
    counted = None if address.archive or selection.words else context.snapshot.counts.of(selection, context.now)
    zone = context.vocabulary.newsroom.time_zone
    wide = counted and counted.releases >= FEWEST_TO_NARROW and not selection.corrections and selection.terms
    return {
        "releases": counted.releases if counted else 0,
        "newest": context.words(language).date(counted.newest, zone) if counted else "",
        "narrower": _narrower(context, selection, counted.releases) if wide and counted else [],
        "neighbours": _neighbours(context, selection) if single and not address.archive else None,
    }


def _in_other_languages_only(years: list[tuple[int, list[Headline]]]) -> int:
    """How many releases of a list in one language are not in that language: no count of the selection has them."""
    return sum(bool(each.language) for _, listed in years for each in listed)


def _narrower(context: Context, selection: Selection, releases: int) -> list[tuple[str, list[PageLink]]]:
    """Facet by facet, links to the selection with one more term: those that leave most releases, but fewer."""
    chosen, language = dict(selection.terms), selection.language
    counts = context.snapshot.counts.by_term(selection, context.now)
    found = []
    for facet in context.vocabulary.facets:
        numbers = {
            each.slug: counts[facet.name, each.slug].releases
            for each in context.vocabulary.current_terms(facet.name, context.now)
            if facet.name not in chosen and (facet.name, each.slug) in counts
        }
        links = []
        for slug, number in sorted(numbers.items(), key=lambda each: -each[1]):
            narrowed = replace(selection, terms=Selection.of(language, chosen | {facet.name: (slug,)}).terms)
            if number < releases and context.is_answered(narrowed):
                href = context.path(FeedAddress(narrowed, HTML))
                links.append(PageLink(titles.term_label(context, facet.name, slug, language), href, count=number))
        if links:
            found.append((titles.facet_label(context, facet, language), links[:MOST_NARROWER]))
    return found


def _neighbours(context: Context, selection: Selection) -> tuple[str, list[PageLink]] | None:
    """The label of a term's facet, and the terms after it with releases; after the last comes the first."""
    facet_name, (slug,) = selection.terms[0]
    facet = context.vocabulary.facet(facet_name)
    slugs = [each.slug for each in context.vocabulary.current_terms(facet_name, context.now)]
    at = slugs.index(slug) if slug in slugs else -1
    found: list[PageLink] = []
    for other in [*slugs[at + 1 :], *slugs[: max(at, 0)]][:MOST_LOOKED_AT]:
        if len(found) < MOST_NEIGHBOURS and context.has_releases(
            Selection.of(selection.language, {facet_name: [other]})
        ):
            found.append(term_link(context, selection.language, facet_name, other))
    return (titles.facet_label(context, facet, selection.language), found) if facet and found else None


def _belongs_to(context: Context, language: str, single: Term) -> list[tuple[str, list[PageLink]]]:
    """The terms of other facets that a term belongs to, facet by facet; without a link if they have no releases."""
    terms = dict(single.terms)
    return [
        (
            titles.facet_label(context, facet, language),
            [_linked_if_any(context, language, facet.name, slug) for slug in terms[facet.name]],
        )
        for facet in context.vocabulary.facets
        if facet.name in terms
    ]


def _linked_if_any(context: Context, language: str, facet: str, slug: str) -> PageLink:
    link = term_link(context, language, facet, slug)
    return link if context.has_releases(Selection.of(language, {facet: [slug]})) else replace(link, href="")


def _ended(context: Context, language: str, end: Closing) -> tuple[str, PageLink | None]:
    """The notice that the feed has ended, and a link to its successor, which subscribers follow from now on."""
    notice = end_notice(context, end, language)
    if end.successor is None:
        return notice, None
    href = context.path(FeedAddress(end.successor, HTML))
    return notice, PageLink(titles.subject(context, end.successor), href)


def _is_indexed(selection: Selection) -> bool:
    """Whether search engines may list the page. Not those that readers make up, of which there is no end."""
    return not (selection.words or selection.in_all_languages or selection.without)


def _single_term(context: Context, selection: Selection) -> Term | None:
    """The term of a selection of a single term, with all its releases."""
    if not selection.without and len(selection.terms) == 1 and len(selection.terms[0][1]) == 1:
        facet, (slug,) = selection.terms[0]
        return context.vocabulary.term(facet, slug)
    return None


def _other_languages(context: Context, selection: Selection) -> list[PageLink]:
    """Links to the selection in the languages in which it has releases."""
    found = []
    for language in context.addresses.languages:
        address = FeedAddress(selection, HTML).in_language(language)
        counted = context.snapshot.counts.of(address.selection, context.now)
        if counted:
            name = context.words(language).own_name
            found.append(PageLink(name, context.path(address), count=counted.releases, language=language))
    return found
