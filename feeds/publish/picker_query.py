"""What somebody chose in the picker's form, both ways: from its query string to a selection and back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from feeds.model import search_words
from feeds.model.selection import Selection
from feeds.model.vocabulary import Vocabulary

_MOST_FIELDS = 200


@dataclass(frozen=True, slots=True)
class Chosen:
    """A selection, and whether everything asked for is in it."""

    selection: Selection
    understood: bool = True


def chosen(vocabulary: Vocabulary, language: str, query: str) -> Chosen:
    """What a query string asks for on a page in a language; what cannot be meant is left out, and that is told."""
    if len(query) > search_words.LONGEST_QUERY:
        return Chosen(Selection(language), understood=False)
    try:
        given = parse_qsl(query, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return Chosen(Selection(language), understood=False)
    terms: dict[str, set[str]] = {facet: set() for facet in vocabulary.facet_names}
    understood = True
    for name, value in given:
        if name in terms:
            slug = vocabulary.slug(name, value)
            understood = understood and slug is not None
            terms[name] |= {slug} if slug else set()
    asked = dict(reversed(given)).get("language", language)
    tongue = vocabulary.languages.get(asked.lower())
    words = search_words.words(search_words.from_query(query))
    return Chosen(Selection.of(tongue or language, terms, words=words), understood and tongue is not None)


def query(selection: Selection, language: str) -> str:
    """The query string of a choice on a page in a language, with its question mark; empty for everything.

    >>> query(Selection.of("en", {"country": ["mn", "cn"]}, words=("dam",)), "en")
    '?country=cn&country=mn&q=dam'
    """
    fields = [(facet, slug) for facet, slugs in selection.terms for slug in slugs]
    fields += [("language", selection.language)] if selection.language != language else []
    fields += [("q", " ".join(selection.words))] if selection.words else []
    return f"?{urlencode(fields)}" if fields else ""


def queries(selection: Selection, language: str, languages: tuple[str, ...]) -> dict[str, str]:
    """The query strings that make the same choice on the page's versions, by their language.

    A feed in the page's own language follows the reader to another one; a feed in a language of its own stays in it.
    """
    follows = selection.language == language
    return {each: query(replace(selection, language=each) if follows else selection, each) for each in languages}


def wider(selection: Selection) -> list[Selection]:
    """The selections that ask for one thing less: without one facet, or without the words."""
    found = [
        replace(selection, terms=tuple(each for each in selection.terms if each != left_out))
        for left_out in selection.terms
    ]
    return [*found, *([replace(selection, words=())] if selection.words else [])]
