"""The end of a feed whose terms are retired: when it closes, what follows it, when it answers 410."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feeds.model.selection import Selection
from feeds.model.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of a selection's feed: in one of its facets, every term asked for is retired."""

    date: datetime
    """When the feed ends: nothing new comes after that."""
    successor: Selection | None
    """The selection to follow instead, if there is one."""
    gone: datetime
    """When its addresses begin to answer 410."""


def closing(selection: Selection, vocabulary: Vocabulary, now: datetime) -> Closing | None:
    """The end of a selection's feed if it has come by ``now``. One current term in each facet keeps the feed open."""
    ends = [_end(facet, slugs, vocabulary, now) for facet, slugs in selection.terms]
    dates = [date for date in ends if date]
    if not dates:
        return None
    first = min(dates)
    return Closing(first, _successor(selection, vocabulary, now), first + _notice_period(vocabulary))


def _notice_period(vocabulary: Vocabulary) -> timedelta:
    """How long the feed of a retired term still says that it has ended."""
    return timedelta(days=vocabulary.newsroom.gone_after)


def retirement_moments(vocabulary: Vocabulary) -> tuple[datetime, ...]:
    """Every moment at which a term is retired or its feed is gone, sorted."""
    dates = {term.retired.date for terms in vocabulary.terms.values() for term in terms if term.retired}
    return tuple(sorted(dates | {date + _notice_period(vocabulary) for date in dates}))


def _end(facet: str, slugs: tuple[str, ...], vocabulary: Vocabulary, now: datetime) -> datetime | None:
    """When the last of these terms was retired; None while one is current."""
    dates = []
    for slug in slugs:
        term = vocabulary.term(facet, slug)
        if term is None or not term.ended(now) or term.retired is None:
            return None
        dates.append(term.retired.date)
    return max(dates)


def _successor(selection: Selection, vocabulary: Vocabulary, now: datetime) -> Selection | None:
    """The selection with successors instead of retired terms; None if a facet would be empty, or all left out."""
    asked = {facet: _current_successors(facet, slugs, vocabulary, now) for facet, slugs in selection.terms}
    if not all(asked.values()):
        return None
    found = replace(selection, terms=Selection.of(selection.language, asked).terms, words=())
    return None if found.is_contradictory else found.without_needless()


def _current_successors(facet: str, slugs: tuple[str, ...], vocabulary: Vocabulary, now: datetime) -> set[str]:
    found = set()
    for slug in slugs:
        seen: set[str] = set()
        here: str | None = slug
        while here and here not in seen:
            seen.add(here)
            term = vocabulary.term(facet, here)
            if term is None or not term.ended(now):
                found.add(term.slug if term else here)
                break
            here = term.retired.successor if term.retired else None
    return found
