"""Decides which feeds are WebSub topics, and which topics a release is in (W3C WebSub, section 4).

Topics are the live feeds, in each syndicated format, of all releases and of the corrections, in one language and in all
of them; and in one language those of every term, and of every combination of one term per facet. Other selections are
too many to follow. They have no hub link, because the hub would never notify their subscribers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from feeds.addresses import FeedAddress
from feeds.model.formats import SYNDICATED
from feeds.model.selection import Selection
from feeds.model.vocabulary import Vocabulary
from feeds.publish import all_addresses


def is_topic(address: FeedAddress) -> bool:
    """Whether the hub is notified when the feed changes. Exactly these feeds have a link to the hub."""
    selection = address.selection
    single = all(len(slugs) == 1 for _, slugs in selection.terms)
    listed = single and not (selection.terms and (selection.corrections or selection.in_all_languages))
    plain = not (selection.words or selection.without or address.archive or address.count)
    return listed and plain and address.format in SYNDICATED


def topics_of_release(language: str, terms: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[Selection]:
    """The selections of all topics in its own language that may hold a release with these terms.

    >>> [str(len(each.terms)) for each in topics_of_release("en", [("country", ("cn", "mn")), ("topic", ("wages",))])]
    ['0', '0', '1', '1', '1', '2', '2']
    """
    yield from all_addresses.without_terms(language)
    by_facet = dict(terms)
    combinations = product(*((None, *slugs) for slugs in by_facet.values()))
    found = [{facet: [slug] for facet, slug in zip(by_facet, each, strict=True) if slug} for each in combinations]
    yield from (Selection.of(language, asked) for asked in sorted(found, key=len) if asked)


def topics_in_all_languages(vocabulary: Vocabulary) -> Iterator[Selection]:
    """The selections of all topics that hold releases of all languages."""
    for language in vocabulary.newsroom.languages:
        yield from all_addresses.in_all_languages(vocabulary, language)


def permanent_topics(vocabulary: Vocabulary) -> Iterator[Selection]:
    """The selections of topics that exist even without a release; those of retired terms too."""
    for language in vocabulary.newsroom.languages:
        yield from all_addresses.selections(vocabulary, language, None)
