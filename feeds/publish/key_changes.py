"""Finds the surrogate keys whose documents may have changed from one state of the newsroom to another.

Most keys follow from the releases that have changed. The others depend on facts about the whole newsroom, which are few
enough to compare.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Self

import feeds
from feeds.catalogue import ReleaseNote
from feeds.model.retirement import retirement_moments
from feeds.model.selection import Selection
from feeds.publish import surrogate_keys as keys
from feeds.publish.context import Context
from feeds.publish.pages.chart import months_shown
from feeds.publish.sitemaps import NEWS_DAYS

MOST_RELEASES = 1_000
"""Changed releases that are looked at one by one. When there are more, everything has changed."""


@dataclass(frozen=True, slots=True)
class NewsroomState:
    """A state of the newsroom at a moment, as far as it must be remembered to find what has changed since."""

    noted: str
    """The place in the catalogue's log of changes."""
    moment: datetime
    facts: Mapping[str, str]
    """By key, a digest of what is true of the whole newsroom."""

    def to_json(self) -> str:
        """The state as JSON, for whoever keeps it."""
        return json.dumps([self.noted, self.moment.isoformat(), dict(self.facts)], separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The state that `to_json` has written. Raises ValueError for anything else."""
        noted, moment, facts = json.loads(text)
        return cls(noted, datetime.fromisoformat(moment), facts)


@dataclass(frozen=True, slots=True)
class KeyChanges:
    """The keys whose documents may have changed, and the state to compare with the next time."""

    keys: frozenset[str]
    """Only `surrogate_keys.ALL` if any document may have changed."""
    state: NewsroomState


def changed_keys(before: NewsroomState | None, context: Context) -> KeyChanges:
    """The keys that have changed since a state. Without an earlier state, everything has changed.

    Everything has also changed if the catalogue was built anew meanwhile, if more has changed than its log holds, or if
    more than `MOST_RELEASES` releases have.
    """
    since = before.moment if before else context.now
    changes = context.snapshot.changes(before.noted if before else None, since, context.now)
    state = NewsroomState(changes.upto, context.now, _facts(context))
    everything = frozenset({keys.ALL})
    if before is None or changes.everything or len(changes.releases) > MOST_RELEASES:
        return KeyChanges(everything, state)
    names = before.facts.keys() | state.facts.keys()
    differing = {name for name in names if before.facts.get(name) != state.facts.get(name)}
    found = everything if keys.ALL in differing else differing | _of_releases(context, changes.releases)
    return KeyChanges(frozenset(found), state)


def next_change(context: Context) -> datetime | None:
    """The next moment at which a document changes by itself; None if nothing is to come."""
    moments = [context.snapshot.next_moment(context.now), _next_too_old(context)]
    return min(filter(None, moments), default=None)


def _of_releases(context: Context, changed: Iterable[ReleaseNote]) -> set[str]:
    """The keys of releases that came, went or changed; given as they were and as they are."""
    found = set()
    for each in changed:
        language = each.tags.language
        found |= {keys.ANY, keys.of_language(language), keys.of_release(each.mark), keys.at_path(each.path)}
        if each.corrected:
            found |= {keys.CORRECTED, keys.corrected_in(language)}
        found |= keys.of_terms(each.tags.terms, language)
        found |= {
            keys.file_key(digest)
            for digest, name in each.files
            if context.snapshot.media.type_of(digest, name, context.now) is None  # it must not be seen any longer
        }
    marks = {each.mark for each in changed}
    pages = {(each.tags.language, each.path) for each in changed}
    found |= {keys.beside(each.mark) for each in context.snapshot.alike.after(sorted(pages), context.now)}
    return found | {keys.beside(mark) for mark in context.snapshot.releases.beside(marks, context.now)}


def _facts(context: Context) -> dict[str, str]:
    """By key, digests of what documents depend on besides single releases."""
    return {key: _digest(value) for key, value in _values(context)}


def _digest(value: object) -> str:
    return blake2b(repr(value).encode(), digest_size=6).hexdigest()


def _values(context: Context) -> Iterator[tuple[str, object]]:
    now, snapshot = context.now, context.snapshot
    ended = [moment for moment in retirement_moments(context.vocabulary) if moment <= now]
    yield keys.ALL, (feeds.__version__, context.settings.entries, snapshot.stamp, len(ended))
    yield keys.NEWS, _next_too_old(context)
    yield keys.PINNED, [snapshot.releases.pinned(Selection(each), now) for each in context.addresses.languages]
    yield from _links(context)
    parts = snapshot.sitemap.all(context.vocabulary.newsroom, now)
    yield keys.PARTS, [(each.year, each.number, each.changed) for each in parts]
    yield from ((keys.of_part(each.year, each.number), each.digest) for each in parts)
    mixed = Selection(context.addresses.languages[0], in_all_languages=True)
    yield keys.MONTHS, months_shown(context, mixed)
    for language in context.addresses.languages:
        yield keys.months_of(language), months_shown(context, Selection(language))


def _links(context: Context) -> Iterator[tuple[str, object]]:
    """Which feeds of single terms, and without terms, hold releases in which languages."""
    languages, now = context.addresses.languages, context.now
    counts = context.snapshot.counts
    mixed = Selection(languages[0], in_all_languages=True)
    in_all = {term: each.releases for term, each in counts.by_term(mixed, now).items()}
    in_one = {
        language: {term: each.releases for term, each in counts.by_term(Selection(language), now).items()}
        for language in languages
    }
    for language in languages:
        yield keys.terms_in(language), sorted(in_one[language])
    for facet, slug in sorted(in_all.keys() | {term for found in in_one.values() for term in found}):
        term = facet, slug
        yield (
            keys.linked(facet, slug),
            _compared([in_one[each].get(term, 0) for each in languages], in_all.get(term, 0)),
        )
    totals = [counts.of(each, now) for each in (*map(Selection, languages), mixed)]
    *own, every = [each.releases if each else 0 for each in totals]
    yield keys.LINKED, _compared(own, every)
    corrections = [Selection(language, corrections=True) for language in languages]
    yield keys.LINKED_CORRECTIONS, [context.has_releases(each) for each in corrections]


def _compared(in_languages: list[int], in_all: int) -> list[tuple[bool, bool]]:
    """Of each language, whether a feed has any release, and whether the feed of all languages has more."""
    return [(number > 0, number < in_all) for number in in_languages]


def _next_too_old(context: Context) -> datetime | None:
    """When the next release becomes too old for the news sitemap."""
    languages, past = context.addresses.languages, context.now - NEWS_DAYS
    oldest = context.snapshot.releases.oldest_after(languages, context.now, past)
    return oldest and oldest + NEWS_DAYS
