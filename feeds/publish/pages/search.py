"""The page for searches: the results, terms that narrow them, and wider searches where nothing was found."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urlencode

from feeds.addresses import Search
from feeds.catalogue import VisibleRelease
from feeds.catalogue.counts import MOST_FOUND
from feeds.catalogue.highlights import HighlightedText, Highlights
from feeds.i18n import in_language
from feeds.model import query_string, search_words
from feeds.model.selection import Selection
from feeds.publish import picker_query, titles
from feeds.publish.context import Context
from feeds.publish.document import Document
from feeds.publish.pages import headlines
from feeds.publish.pages.headlines import Headline
from feeds.publish.pages.layout import PageContent, PageLink, language_versions, page_document, term_link

PER_PAGE = 20
"""Releases on a page."""
MOST_TERMS = 8
"""Terms of a facet that are offered, besides those that are chosen."""
MOST_SUGGESTED = 5
"""Terms that are suggested because their labels match the words of the search."""

_NUMBER = re.compile("[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A release that was found."""

    headline: Headline
    title: tuple[HighlightedText, ...]
    summary: tuple[HighlightedText, ...]
    excerpt: tuple[HighlightedText, ...]
    """The parts of its text with the words that title and summary lack."""
    terms: tuple[PageLink, ...]
    """Its terms whose labels have such words."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A term or language to choose or to give up, with the number of releases that leaves."""

    label: str
    href: str
    count: int
    chosen: bool
    language: str = ""
    """Of the label, where it is not the page's."""


def search_page(context: Context, address: Search, query: str) -> Document:
    """The page for what a query string asks for; without words and terms, the form alone."""
    choice = picker_query.from_query(context.vocabulary, address.language, query)
    asked = dict(query_string.fields(query, picker_query.MOST_FIELDS) or []).get("page", "")
    return page_of(context, address, choice, int(asked) if _NUMBER.fullmatch(asked) else 1)


def page_of(context: Context, address: Search, choice: picker_query.Choice, number: int = 1) -> Document:
    """A page of what a choice finds; the last one if there are fewer."""
    language, selection = address.language, choice.selection
    words = context.words(language)
    asked = bool(selection.words or selection.terms)
    title = titles.subject_or_all(context, selection) if asked else words.say("Search")
    found = context.snapshot.counts.found(selection, context.now) if asked else None
    editions = found.editions if found else ()
    last = max(-(-len(editions) // PER_PAGE), 1)
    number = min(number, last)
    shown = editions[(number - 1) * PER_PAGE : number * PER_PAGE]
    highlights = Highlights(selection.words)
    values = {
        "asked": asked,
        "sought": " ".join(selection.words),
        "subject": title,
        "subject_language": selection.language if asked else language,
        "kept": picker_query.fields(replace(selection, words=()), language),
        "complete": choice.complete,
        "releases": len(editions),
        "has_more": len(editions) == MOST_FOUND,
        "newest": words.date(found.newest, context.vocabulary.newsroom.time_zone) if found else "",
        "results": [_result(context, each, language, highlights) for each in context.snapshot.releases.of(shown)],
        "suggested": _suggested(context, highlights, language),
        "filters": _filters(context, selection, language, len(editions)),
        "wider": _wider(context, selection, language) if asked and not found else [],
        "newer": _href(context, selection, language, number - 1) if number > 1 else None,
        "older": _href(context, selection, language, number + 1) if number < last else None,
    }
    content = PageContent(
        "search",
        address,
        title,
        in_language(context.vocabulary.newsroom.subtitle, language),
        selection,
        values,
        language_versions(context, address),
        context.addresses.absolute(address) + picker_query.to_query(selection, language),
        picker_query.queries_by_language(selection, language, context.addresses.languages),
        indexed=not asked,
    )
    return page_document(context, content)


def _href(context: Context, selection: Selection, language: str, number: int = 1) -> str:
    """The address of a search on a page in a language."""
    fields = picker_query.fields(selection, language) + ([("page", str(number))] if number > 1 else [])
    return context.path(Search(language)) + (f"?{'&'.join(_encoded(*each) for each in fields)}" if fields else "")


@lru_cache(maxsize=1_000)
def _encoded(name: str, value: str) -> str:
    """A field of a query string. Cached, since the addresses on a page have most fields in common."""
    return urlencode([(name, value)])


def _result(context: Context, visible: VisibleRelease, language: str, highlights: Highlights) -> SearchResult:
    # Beside what was sought, the product shows no other terms and no large picture; a theme may.
    shown = headlines.headline(context, visible, language, bare=not context.theme.templates)
    release = visible.release
    lacking = frozenset(highlights.words) - highlights.words_in(shown.title) - highlights.words_in(shown.summary)
    text = " ".join(search_words.html_text(visible.entry.content).split()) if lacking and release.body else ""
    labelled = [
        term_link(context, language, facet, slug)
        for facet, slugs in (release.terms if lacking else ())
        for slug in slugs
        if lacking & highlights.words_in(titles.term_label(context, facet, slug, release.language))
    ]
    return SearchResult(
        shown,
        highlights.pieces(shown.title),
        highlights.pieces(shown.summary),
        highlights.excerpt(text, lacking),
        tuple(labelled),
    )


def _suggested(context: Context, highlights: Highlights, language: str) -> list[PageLink]:
    """Links to the pages of terms whose labels match the words of a search, those with the most releases first."""
    if not highlights.words:
        return []
    begun = [run.form for word in highlights.words for run in search_words.runs(word)]
    # A word and its stem begin with the same letter: a label without such a word needs no closer look.
    initials = tuple({form[0] for form in begun})
    called = [
        (facet, slug)
        for (facet, slug), label in context.vocabulary.labels(language).items()
        if any(form.startswith(initials) for form in _forms(label))
        and (highlights.words_in(label) == {*highlights.words} or _begins(label, begun))
        and not ((term := context.vocabulary.term(facet, slug)) and term.ended(context.now))
    ]
    counts = context.snapshot.counts.by_choice(Selection(language), context.now) if called else {}
    found = [term_link(context, language, *each, counts[each]) for each in called if each in counts]
    return sorted(found, key=lambda link: (-link.count, link.label))[:MOST_SUGGESTED]


def _begins(label: str, begun: Sequence[str]) -> bool:
    """Whether each of these begins a word of the label; False if there are none."""
    forms = _forms(label)
    return bool(begun) and all(any(form.startswith(each) for form in forms) for each in begun)


@lru_cache(maxsize=10_000)
def _forms(label: str) -> tuple[str, ...]:
    """The words of a label. Cached, since every search looks at all labels."""
    return tuple(run.form for run in search_words.runs(label))


def _filters(context: Context, selection: Selection, language: str, releases: int) -> list[tuple[str, list[Filter]]]:
    """By facet, the chosen terms and those with the most releases; then languages. ``releases`` is the number found."""
    counts = context.snapshot.counts.by_choice(selection, context.now)
    groups = [
        (titles.facet_label(context, facet, language), _of_facet(context, selection, language, facet.name, counts))
        for facet in context.vocabulary.facets
    ]
    groups.append((context.words(language).say("Language"), _of_languages(context, selection, language, releases)))
    return [(label, filters) for label, filters in groups if filters]


def _of_facet(
    context: Context, selection: Selection, language: str, facet: str, counts: Mapping[tuple[str, str], int]
) -> list[Filter]:
    chosen = selection.slugs(facet)
    others = dict(selection.with_any(facet).terms)
    left = [(count, slug) for (name, slug), count in counts.items() if name == facet and slug not in chosen]
    most = sorted(left, key=lambda each: (-each[0], each[1]))[:MOST_TERMS]
    found = []
    for count, slug in (*((counts.get((facet, slug), 0), slug) for slug in chosen), *most):
        slugs = [each for each in chosen if each != slug] if slug in chosen else [slug]
        terms = Selection.of("", {**others, facet: slugs}).terms
        label = titles.term_label(context, facet, slug, language)
        found.append(Filter(label, _href(context, replace(selection, terms=terms), language), count, slug in chosen))
    return found


def _of_languages(context: Context, selection: Selection, language: str, releases: int) -> list[Filter]:
    """The same search in every other language that has something, and in all of them if that has more."""
    if len(context.addresses.languages) == 1 or not (selection.words or selection.terms):
        return []
    choices = [
        (replace(selection, language=each, in_all_languages=False), context.words(each).own_name)
        for each in context.addresses.languages
    ]
    everything = replace(selection, language=language, in_all_languages=True)
    found = []
    for choice, label in (*choices, (everything, context.words(language).say("All languages"))):
        others = None if choice == selection else context.snapshot.counts.found(choice, context.now)
        if others and (choice != everything or len(others.editions) > releases):
            page = language if choice.in_all_languages else choice.language
            tag = "" if page == language else page
            href = _href(context, choice, page)
            found.append(Filter(label, href, len(others.editions), chosen=False, language=tag))
    return found


def _wider(context: Context, selection: Selection, language: str) -> list[PageLink]:
    """Links to searches that find something: with one thing less, or in all languages; else for one word alone."""
    words = selection.words
    fewer = [replace(selection, words=tuple(each for each in words if each != word)) for word in words]
    wider = [*picker_query.broader_selections(selection), *(fewer if len(words) > 1 else [])]
    if len(context.addresses.languages) > 1 and not selection.in_all_languages:
        wider.append(replace(selection, in_all_languages=True))
    alone = [replace(selection, words=(word,), terms=()) for word in words]
    for choices in (wider, alone):
        found = []
        for each in dict.fromkeys(choices):
            others = context.snapshot.counts.found(each, context.now) if each.words or each.terms else None
            if others:
                label = titles.named(context, each, selection.language)
                found.append(PageLink(label, _href(context, each, language), count=len(others.editions)))
        if found:
            return found
    return []
