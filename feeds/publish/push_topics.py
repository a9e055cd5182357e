"""Which feeds a hub is told of (W3C WebSub, section 4: topics), and which of them a release is in.

They are the feeds that are listed: everything, the corrections, every term, and every combination of one term per
facet; live, in each syndicated format. Any-of selections have no number, so nobody can keep track of them all; they
bear no hub link, since a hub that is never told would keep its subscribers waiting for good.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from feeds.addresses import FeedAddress
from feeds.formats import SYNDICATED
from feeds.model.release import Facet
from feeds.model.selection import Selection
from feeds.model.vocabulary import Vocabulary


def is_topic(address: FeedAddress) -> bool:
    """Whether the hub is told when this feed changes: exactly then it bears the hub's link."""
    selection = address.selection
    listed = all(len(slugs) == 1 for _, slugs in selection.terms) and not (selection.terms and selection.corrections)
    return listed and not selection.words and not address.archive and address.format in SYNDICATED


def topics_with(language: str, terms: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[Selection]:
    """Every selection hubs are told of in which a release with these terms may be.

    >>> [str(len(each.terms)) for each in topics_with("en", [(Facet.COUNTRY, ("cn", "mn")), (Facet.TOPIC, ("wages",))])]
    ['0', '0', '1', '1', '1', '2', '2']
    """
    yield Selection(language)
    yield Selection(language, corrections=True)
    borne = dict(terms)
    chosen = product(*((None, *borne.get(facet, ())) for facet in Facet))
    found = [{facet: [slug] for facet, slug in zip(Facet, each, strict=True) if slug} for each in chosen]
    yield from (Selection.of(language, asked) for asked in sorted(found, key=len) if asked)


def standing_topics(vocabulary: Vocabulary) -> Iterator[Selection]:
    """The selections that are there whether or not they hold a release."""
    for language in vocabulary.newsroom.languages:
        yield Selection(language)
        yield Selection(language, corrections=True)
        for facet in Facet:
            for term in vocabulary.terms.get(facet, ()):
                yield Selection.of(language, {facet: [term.slug]})
