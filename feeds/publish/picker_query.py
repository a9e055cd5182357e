"""Reads the query string of the picker's form as a selection, and writes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from feeds.addresses import MOST_LEFT_OUT, count_in
from feeds.model import query_string, search_words
from feeds.model.selection import Selection
from feeds.model.vocabulary import Vocabulary

NOT = "not"
"""The field for a term to leave out, given as topic/wages."""
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
    contradictory: bool = False
    """Whether something is chosen and left out too: it counts as chosen."""


def from_query(vocabulary: Vocabulary, language: str, query: str) -> Choice:
    """Reads the query string of a page in ``language``. What is unknown is left out."""
    given = query_string.fields(query, MOST_FIELDS)
    if given is None:
        return Choice(Selection(language), complete=False)
    terms, unknown = _terms(vocabulary, [(name, value) for name, value in given if name in vocabulary.facet_names])
    named = [value.partition("/") for name, value in given if name == NOT]
    left_out, more = _terms(vocabulary, [(facet, value) for facet, _, value in named][:MOST_LEFT_OUT])
    without = {facet: slugs - terms.get(facet, set()) for facet, slugs in left_out.items()}
    complete = not (unknown or more or len(named) > MOST_LEFT_OUT)
    asked = dict(reversed(given)).get("language", language)
    in_all = asked == ALL_LANGUAGES and len(vocabulary.newsroom.languages) > 1
    chosen_language = language if in_all else vocabulary.languages.get(asked.lower())
    words = search_words.words(search_words.from_query(query))
    selection = Selection.of(chosen_language or language, terms, words=words, in_all_languages=in_all, without=without)
    complete = complete and chosen_language is not None
    return Choice(selection, complete, count_in(query), contradictory=without != left_out)


def _terms(vocabulary: Vocabulary, given: Sequence[tuple[str, str]]) -> tuple[dict[str, set[str]], bool]:
    """Terms by facet, and whether some of those given are unknown."""
    found: dict[str, set[str]] = {}
    for facet, name in given:
        if slug := vocabulary.slug(facet, name):
            found.setdefault(facet, set()).add(slug)
    return found, any(vocabulary.slug(facet, name) is None for facet, name in given)


def to_query(selection: Selection, language: str, count: int = 0) -> str:
    """The query string for a selection on a page in ``language``, with its question mark; empty for all releases.

    ``count`` is that of releases in the feed, 0 for as many as usual.

    >>> to_query(Selection.of("en", {"country": ["mn", "cn"]}, words=("dam",)), "en")
    '?country=cn&country=mn&q=dam'
    """
    given = fields(selection, language, count)
    return f"?{urlencode(given, safe='/')}" if given else ""


def fields(selection: Selection, language: str, count: int = 0) -> list[tuple[str, str]]:
    """The same as names and values, for the fields of a form."""
    found = [(facet, slug) for facet, slugs in selection.terms for slug in slugs]
    found += [(NOT, each) for each in left_out(selection)]
    asked = ALL_LANGUAGES if selection.in_all_languages else selection.language
    found += [("language", asked)] if asked != language else []
    found += [("q", " ".join(selection.words))] if selection.words else []
    return [*found, *([("count", str(count))] if count else [])]


def left_out(selection: Selection) -> list[str]:
    """What a selection leaves out, as the form's fields have it: topic/wages."""
    return [f"{facet}/{slug}" for facet, slugs in selection.without for slug in slugs]


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
    """The selections with one condition less: that of a facet, of what is left out of one, or of the search words."""
    found = [selection.with_any(facet) for facet, _ in selection.terms]
    found += [
        replace(selection, without=tuple(each for each in selection.without if each != left_out))
        for left_out in selection.without
    ]
    return [*found, *([replace(selection, words=())] if selection.words else [])]
