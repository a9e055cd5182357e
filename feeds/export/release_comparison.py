"""Compares the visible releases of two exports, to find the questions whose answers may have changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple, Self, TypeVar

from feeds.catalogue import Snapshot, terms_of
from feeds.catalogue.bitmaps import facets_of, places_language
from feeds.export.dependencies import (
    THE_PARTS,
    THE_TIME,
    Question,
    alike_key,
    edition_key,
    former_key,
    names_and_selections,
    neighbours_key,
    part_key,
    release_key,
)
from feeds.model.selection import Selection

Key = TypeVar("Key")

_NEVER = datetime.min.replace(tzinfo=UTC)
_MANY = 300
"""Changed releases above which every release is read, and every selection asked for again."""
_MANY_SHOWN = 2_000
"""Changed releases above which all pages of releases are made again: to look for those that show them takes seconds."""


class CountedRelease(NamedTuple):
    """A release in the census."""

    edition: int
    fingerprint: str
    withdrawn: bool
    corrected: bool
    terms: str
    """As `terms_of` reads them."""
    published: str
    """RFC 3339."""


@dataclass(frozen=True)
class Census:
    """All visible releases at a moment."""

    releases: Mapping[tuple[str, str], CountedRelease]
    """By language and path, sorted by language, the oldest first."""
    former: Mapping[str, str]
    """By the question for a former path: language and path of the release there now."""
    marks: Mapping[tuple[str, str, str], int]
    """By language, facet and slug of a feed: a number that changes with its places."""
    sitemap: Mapping[str, str]
    """By the question for the parts of the sitemap, or for one of them: a digest of the answer."""
    noted: str = ""
    """The place in the catalogue's log of changes up to which it counts; empty for none."""
    moment: datetime = _NEVER

    @classmethod
    def of(cls, snapshot: Snapshot, now: datetime, before: Census | None = None) -> Self:
        """The census of a snapshot. Only what has changed since the one before is read."""
        changes = snapshot.changes(before.noted if before else None, before.moment if before else now, now)
        releases = None
        if before and not changes.everything:
            changed = {(each.tags.language, each.path) for each in changes.releases}
            changed.update(snapshot.releases.told_between(before.moment, now))
            releases = _brought_up_to_date(before.releases, changed, snapshot, now)
        if releases is None:
            releases = _counted(snapshot, now)
        former: dict[str, str] = {}
        for language, formerly, path in snapshot.releases.former_paths(now):
            target = f"{language} {path}"
            former.setdefault(former_key(language, formerly), target)
            if formerly.startswith("/"):
                former.setdefault(former_key("", formerly), target)
        parts = snapshot.sitemap.all(snapshot.vocabulary.newsroom, now)
        sitemap = {part_key(each.year, each.number): each.digest for each in parts}
        sitemap[THE_PARTS] = " ".join(f"{each.year}-{each.number}:{each.changed.isoformat()}" for each in parts)
        return cls(releases, former, snapshot.pages.feed_marks(), sitemap, changes.upto, now)

    def to_data(self) -> dict[str, Any]:
        """The census as plain values."""
        return {
            "places": [*self.releases],
            "releases": [*zip(*self.releases.values(), strict=True)],
            "former": self.former,
            "marks": [[*feed, mark] for feed, mark in self.marks.items()],
            "sitemap": self.sitemap,
            "noted": self.noted,
            "moment": self.moment.isoformat(),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Reads what `to_data` has written."""
        releases = dict(
            zip(data["places"], map(CountedRelease._make, zip(*data["releases"], strict=True)), strict=True)
        )
        marks = {(language, facet, slug): mark for language, facet, slug, mark in data["marks"]}
        moment = datetime.fromisoformat(data["moment"])
        return cls(releases, data["former"], marks, data["sitemap"], data["noted"], moment)

    def beside(self, changed: Collection[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """These releases, and those of their language on both sides, up to the next one that is not withdrawn."""
        order = list(self.releases)
        numbers = {where: number for number, where in enumerate(order)}
        for number in (numbers[each] for each in changed if each in numbers):
            yield order[number]
            for step in (-1, 1):
                at = number + step
                while 0 <= at < len(order) and order[at][0] == order[number][0]:
                    yield order[at]
                    if not self.releases[order[at]].withdrawn:
                        break
                    at += step


class Comparison:
    """Finds the questions whose answers may differ between two states of the newsroom."""

    def __init__(
        self, before: Census, after: Census, answers: Mapping[str, str], snapshot: Snapshot, now: datetime
    ) -> None:
        """``answers`` are those of the earlier export; ``snapshot`` is asked for the later ones."""
        self._before = before
        self._after = after
        self._answers = answers
        self._snapshot = snapshot
        self._now = now
        self._found: dict[tuple[Selection, bool], bool] = {}
        self.present: dict[str, str] = {}
        """By question that was asked again: the digest of its answer."""

    @cached_property
    def _differing_releases(self) -> list[tuple[str, str]]:
        """Those that came, went or changed."""
        return _differing(self._before.releases, self._after.releases)

    @cached_property
    def _moved(self) -> list[tuple[str, frozenset[tuple[str, str]]]]:
        """Languages and terms, before and after, of those that came or went, or stand elsewhere."""
        states = [(where[0], self._states(where)) for where in self._differing_releases]
        found = [
            (language, frozenset(terms_of(each.terms)))
            for language, (one, other) in states
            if _standing(one) != _standing(other)
            for each in (one, other)
            if each
        ]
        return list(dict.fromkeys(found))

    def _states(self, where: tuple[str, str]) -> tuple[CountedRelease | None, CountedRelease | None]:
        return self._before.releases.get(where), self._after.releases.get(where)

    @cached_property
    def _moved_feeds(self) -> frozenset[tuple[str, str, str]]:
        """The feeds whose places or releases have changed."""
        one, other = self._before.marks, self._after.marks
        return frozenset(feed for feed in {*one, *other} if one.get(feed) != other.get(feed))

    def differing(self) -> Iterator[str]:
        """The questions that may have another answer, asked or not."""
        before, after = self._before, self._after
        yield THE_TIME
        yield from _differing(before.sitemap, after.sitemap)
        yield from self._about_releases()
        for key in _differing(before.former, after.former):
            yield from _spellings(key)
        yield from filter(self._asked_again, self._that_may_differ())

    def _about_releases(self) -> Iterator[str]:
        changed = self._differing_releases
        for where in changed:
            yield release_key(*where)
            yield from (edition_key(each.edition) for each in self._states(where) if each)
        for census in (self._before, self._after):
            yield from (neighbours_key(*where) for where in census.beside(changed))
        yield from (alike_key(*where) for where in self._showing(changed))

    def _showing(self, changed: Collection[tuple[str, str]]) -> Iterable[tuple[str, str]]:
        """These releases, and those whose pages may now show one of them among the related ones.

        A page that showed it before has asked for it, and is found by that.
        """
        if len(changed) > _MANY_SHOWN:
            return self._after.releases
        after = self._snapshot.alike.after(changed, self._now)
        return [*changed, *((each.language, each.path) for each in after)]

    def _that_may_differ(self) -> Iterator[str]:
        """The questions about selections whose answer may differ: those of one name and selection do so together."""
        found: dict[tuple[str, str], bool] = {}
        for key, about in names_and_selections(self._answers):
            if about not in found:
                found[about] = self._may_differ(Question.of(key))
            if found[about]:
                yield key

    def _asked_again(self, key: str) -> bool:
        self.present[key] = Question.of(key).ask(self._snapshot, self._now)
        return self._answers.get(key) != self.present[key]

    def _may_differ(self, question: Question) -> bool:
        """Whether a release that stands elsewhere is or was in the selection, or one of its feeds has changed.

        The text of a release does not matter: it changes neither which releases there are nor their number, and a
        document that shows it asks for it.
        """
        if question.name == "releases.pinned":  # it ends without a change of any release
            return True
        selection = question.selection
        about = selection, question.in_any_language or selection.in_all_languages
        if about not in self._found:
            self._found[about] = self._selection_may_differ(*about)
        return self._found[about]

    def _selection_may_differ(self, selection: Selection, wide: bool) -> bool:
        if len(self._moved) > _MANY:
            return True
        for language, terms in self._moved:
            if (wide or language == selection.language) and all(
                any((facet, slug) in terms for slug in slugs) for facet, slugs in selection.terms
            ):
                return True
        return any(feed in self._moved_feeds for feed in _feeds(selection, wide=wide))


def _brought_up_to_date(
    before: Mapping[tuple[str, str], CountedRelease],
    changed: Collection[tuple[str, str]],
    snapshot: Snapshot,
    now: datetime,
) -> dict[tuple[str, str], CountedRelease] | None:
    """All releases, reading only the changed ones; None if all must be read."""
    if len(changed) > _MANY:
        return None
    known = {**before, **dict.fromkeys(changed), **_counted(snapshot, now, changed)}
    found = {}
    for where in snapshot.releases.addresses(now):
        release = known.get(where)
        if release is None:
            return None  # the log says nothing of it
        found[where] = release
    return found


def _counted(
    snapshot: Snapshot, now: datetime, pages: Collection[tuple[str, str]] | None = None
) -> dict[tuple[str, str], CountedRelease]:
    """All releases, or those at these languages and paths."""
    return {
        (each.language, each.path): CountedRelease(
            *(each.edition, each.fingerprint, each.withdrawn, each.corrected, each.terms),
            each.published.isoformat(),
        )
        for each in snapshot.releases.editions(now, pages)
    }


def _differing(one: Mapping[Key, object], other: Mapping[Key, object]) -> list[Key]:
    """The keys with another value, or in one of the two only."""
    gone = [key for key in one if key not in other]
    return [*gone, *(key for key, value in other.items() if one.get(key) != value)]


def _standing(release: CountedRelease | None) -> tuple[object, ...]:
    """What decides on which pages a release stands and where it counts, besides its places."""
    return (release.terms, release.withdrawn, release.corrected, release.published) if release else ()


def _spellings(key: str) -> tuple[str, str]:
    """The question for a former path, and that for the path with or without a slash at its end."""
    return key, key[:-1] if key.endswith("/") else f"{key}/"


def _feeds(selection: Selection, *, wide: bool) -> Iterator[tuple[str, str, str]]:
    """The feeds that a selection is made of, as the catalogue names them."""
    feeds = [feed for facet in facets_of(selection) for feed in facet]
    everywhere = replace(selection, in_all_languages=True)
    for language in (selection.language, *([places_language(everywhere)] if wide else [])):
        yield from ((language, *feed) for feed in feeds)
