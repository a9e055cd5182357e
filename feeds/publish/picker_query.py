"""Reads the query string of the picker's form as a selection, and writes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from feeds.addresses import count_in
from feeds.model import query_string, search_words
from feeds.model.selection import Selection
from feeds.model.vocabulary import Vocabulary

ALL_LANGUAGES = "*"
"""Asks for all languages (RFC 4647, section 2.1)."""

MOST_FIELDS = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """The selection that a query asks for."""

    selection: Selection
    complete: bool = True
    """False if something in the query is unknown and was left out."""
    count: int = 0
    """Of releases in the feed; 0 for as many as usual."""


def from_query(vocabulary: Vocabulary, language: str, query: str) -> Choice:
    """Reads the query string of a page in ``language``. What is unknown is left out."""
    given = query_string.fields(query, MOST_FIELDS)
    if given is None:
        return Choice(Selection(language), complete=False)
    terms: dict[str, set[str]] = {facet: set() for facet in vocabulary.facet_names}
    complete = True
    for name, value in given:
        if name in terms:
            slug = vocabulary.slug(name, value)
            complete = complete and slug is not None
            terms[name] |= {slug} if slug else set()
    asked = dict(reversed(given)).get("language", language)
    in_all = asked == ALL_LANGUAGES and len(vocabulary.newsroom.languages) > 1
    chosen_language = language if in_all else vocabulary.languages.get(asked.lower())
    words = search_words.words(search_words.from_query(query))
    selection = Selection.of(chosen_language or language, terms, words=words, in_all_languages=in_all)
    return Choice(selection, complete and chosen_language is not None, count_in(query))


def to_query(selection: Selection, language: str, count: int = 0) -> str:
    """The query string for a selection on a page in ``language``, with its question mark; empty for all releases.

    ``count`` is that of releases in the feed, 0 for as many as usual.

    >>> to_query(Selection.of("en", {"country": ["mn", "cn"]}, words=("dam",)), "en")
    '?country=cn&country=mn&q=dam'
    """
    given = fields(selection, language, count)
    return f"?{urlencode(given)}" if given else ""


def fields(selection: Selection, language: str, count: int = 0) -> list[tuple[str, str]]:
    """The same as names and values, for the fields of a form."""
    found = [(facet, slug) for facet, slugs in selection.terms for slug in slugs]
    asked = ALL_LANGUAGES if selection.in_all_languages else selection.language
    found += [("language", asked)] if asked != language else []
    found += [("q", " ".join(selection.words))] if selection.words else []
    return [*found, *([("count", str(count))] if count else [])]


def queries_by_language(
    selection: Selection, language: str, languages: tuple[str, ...], count: int = 0
) -> dict[str, str]:
    """The query strings for the same choice on the page in each language.

    If the selection has the page's language, its language changes with the page; else it stays.
    """
    changes = selection.language == language
    return {
        each: to_query(replace(selection, language=each) if changes else selection, each, count) for each in languages
    }


def broader_selections(selection: Selection) -> list[Selection]:
    """The selections with one condition less: without one facet, or without the search words."""
    found = [selection.with_any(facet) for facet, _ in selection.terms]
    return [*found, *([replace(selection, words=())] if selection.words else [])]
