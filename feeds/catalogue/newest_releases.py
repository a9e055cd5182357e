"""Finds the newest releases of a selection, with or without search words.

The cost depends on how many releases are wanted, not on how many there are. If few releases have the words, these are
looked up one by one. If many have them, some are soon found by going through the releases from the newest on; the full
text index is then read for these alone, since their keys lie together. If few releases have the terms, the bitmaps of
the months tell which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import NamedTuple

from feeds.catalogue import bitmaps, fulltext
from feeds.catalogue.bit_sets import numbers
from feeds.catalogue.bitmaps import places_language
from feeds.catalogue.releases import BY_KEY, CHANGED, NEWEST_FIRST, by_date, dated, visible_in
from feeds.database import FOREVER, Database, micros
from feeds.model.selection import Selection

FEW = 1_000
"""Releases that have all words of a search and are looked up one by one."""
SOME = 10_000
"""Releases of a selection's terms that the bitmaps of months find. With more, the language's are walked through."""

_MOST_TIMES = 16
"""How many times more releases are looked at than the time before, at most."""

FOUND = f"e.key, r.mark, e.updated, r.published, {CHANGED}"
"""The columns that are read of a release r and its edition e."""


class FoundRelease(NamedTuple):
    """A release that was found."""

    edition: int
    mark: int
    updated: int
    """When readers were last told of something in it."""
    published: int
    changed: int
    """When its bytes last changed."""


found_release: Callable[[Iterable[int]], FoundRelease] = partial(tuple.__new__, FoundRelease)
"""Makes a value of a row of `FOUND`, in a fifth of the time of `FoundRelease._make`: there may be a thousand rows."""


def newest_releases(
    database: Database, selection: Selection, now: int, most: int, *, withdrawn: bool = False
) -> list[FoundRelease]:
    """The releases of a selection that readers may see at a time, the newest first, ``most`` at most.

    A search finds withdrawn ones only if ``withdrawn`` asks for them.
    """
    keys = fulltext.few_keys(database, selection.words, FEW) if selection.words else None
    return newest_with(database, selection, now, most, keys, withdrawn=withdrawn)


def newest_with(
    database: Database,
    selection: Selection,
    now: int,
    most: int,
    keys: Sequence[int] | None,
    *,
    withdrawn: bool = False,
) -> list[FoundRelease]:
    """The same, where the ``keys`` of all releases with the words are known; None if there are many, or no words."""
    asked = _Asked(database, selection, now, most, withdrawn or not selection.words)
    if keys is not None:
        return asked.of_keys(keys)
    candidates = asked.candidates
    if (selection.terms or selection.corrections) and candidates.bit_count() <= SOME:
        return asked.among(candidates)
    return asked.walked()


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked for."""

    database: Database
    selection: Selection
    now: int
    most: int
    withdrawn: bool

    @property
    def candidates(self) -> int:
        """The releases of its terms as a bitmap: scheduled ones and those left out too, whatever words they have."""
        facets = bitmaps.facets_of(self.selection)
        return bitmaps.releases(self.database, places_language(self.selection), facets, FOREVER)

    def _condition(self, *, few: bool = False, part: bool = False) -> tuple[str, dict[str, str]]:
        """The condition for a release and its edition, whatever words they have, and its values."""
        where, values = visible_in(self.database, replace(self.selection, words=()), few=few, part=part)
        return where + ("" if self.withdrawn else " AND NOT e.withdrawn"), values

    def of_keys(self, keys: Sequence[int]) -> list[FoundRelease]:
        """Of the releases with these keys, whatever words they have."""
        return self._found(BY_KEY, {}, f"{fulltext.among(keys)} AND ") if keys else []

    def _having(self, keys: Sequence[int]) -> list[FoundRelease]:
        """Of the releases with these keys, which have the words."""
        if not (keys and self.selection.words):
            return self.of_keys(keys)
        having, values = fulltext.found(self.database, self.selection.words, keys)
        return self._found(f"{having} CROSS JOIN {BY_KEY} ON r.key = f.found", values)

    def _found(self, releases: str, values: dict[str, str], which: str = "") -> list[FoundRelease]:
        """Of some releases, whatever words they have."""
        where, more = self._condition(few=True)
        rows = self.database.execute(
            f"SELECT {FOUND} FROM {releases} CROSS JOIN editions e ON e.release = r.key"
            f" WHERE {which}{where} {NEWEST_FIRST} LIMIT :most",
            {**values, **more, "now": self.now, "most": self.most},
        )
        return [*map(found_release, rows)]

    def among(self, candidates: int) -> list[FoundRelease]:
        """Of the releases in a bitmap, part by part, each older than the one before."""
        found: list[FoundRelease] = []
        for part, begin in self._parts(candidates):
            found += self._having(self._keys(part))
            found.sort(key=lambda each: each.published, reverse=True)
            if len(found) >= self.most and found[self.most - 1].published >= begin:
                break
        return found[: self.most]

    def _parts(self, candidates: int) -> Iterator[tuple[list[int], int]]:
        """Yields their numbers in parts that grow, each with a time: all releases of later parts are older."""
        wanted, left = _margin(self.most), candidates.bit_count()
        part: list[int] = []
        for month, low, releases in bitmaps.newest_months(self.database, places_language(self.selection)):
            common = numbers(releases & (candidates >> low), low)
            part += common
            left -= len(common)
            if not left:
                break
            if len(part) >= wanted:
                # A day after the month begins in UTC, it has begun in every time zone.
                yield part, micros(datetime.combine(month, time(), UTC) + timedelta(days=1))
                part, wanted = [], 2 * wanted
        yield part, -FOREVER

    def _keys(self, part: Sequence[int]) -> list[int]:
        """The keys of the releases with these numbers."""
        rows = self.database.execute(
            "SELECT r.key FROM numbered n CROSS JOIN releases r INDEXED BY releases_by_mark"
            " ON r.mark = n.mark AND NOT r.shadowed"
            f" WHERE n.language = ? AND n.number IN ({', '.join(map(str, part))})",
            (places_language(self.selection),),
        )  # fmt: skip
        return [key for (key,) in rows]

    def walked(self) -> list[FoundRelease]:
        """Of all releases of the language, from the newest on, as far as it takes."""
        where, values = self._condition(part=True)
        if self.selection.words:
            has_words, sought = fulltext.condition(self.database, self.selection.words, part=True)
            where, values = f"{where} AND {has_words}", values | sought
        looked_at = self._first_look()
        while True:
            number, since, low, high = self._bounds(looked_at)
            is_all = number < looked_at
            # Some releases of the last moment may be beyond the bounds: so all of that moment wait for the next look.
            bounds = {"since": -FOREVER if is_all else since, "low": low, "high": high}
            rows = self.database.execute(
                f"SELECT {FOUND} FROM {by_date(self.selection)} WHERE {where} AND r.published > :since"
                f" {NEWEST_FIRST} LIMIT :most",
                {**values, **bounds, "now": self.now, "most": self.most},
            )
            found = [*map(found_release, rows)]
            if is_all or len(found) == self.most:
                return found
            looked_at *= min(max(_margin(self.most) // max(len(found), 1), 2), _MOST_TIMES)

    def _first_look(self) -> int:
        """How many releases are looked at first: if all have the words, as many as it takes."""
        if not (self.selection.terms or self.selection.corrections):
            return _margin(self.most)
        everything = replace(self.selection, terms=(), corrections=False)
        all_ = _Asked(self.database, everything, self.now, self.most, self.withdrawn).candidates.bit_count()
        return _margin(self.most) * -(-all_ // max(self.candidates.bit_count(), 1))

    def _bounds(self, looked_at: int) -> tuple[int, int | None, int | None, int | None]:
        """Of so many of the language's newest releases: their number, the oldest date, the lowest and highest key."""
        own = "r.original" if self.selection.in_all_languages else "r.language = :language"
        row: tuple[int, int | None, int | None, int | None] = self.database.execute(
            "SELECT COUNT(*), MIN(s.published), MIN(s.key), MAX(s.key) FROM (SELECT r.published, r.key"
            f" FROM {dated(self.selection)} WHERE {own} {NEWEST_FIRST} LIMIT :most) s",
            {"language": self.selection.language, "most": looked_at},
        ).fetchone()
        return row


def _margin(most: int) -> int:
    """A few more releases than are wanted, since some are withdrawn or still to come."""
    return most + most // 8 + 1
