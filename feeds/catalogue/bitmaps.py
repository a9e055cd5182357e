"""A bitmap for each feed, which says what places are in it: any selection of feeds is a few operations on integers.

The places of a language are numbered in their order. Bit n of a bitmap stands for the place with the number n. What
readers were told of keeps its number; only what is still to come is numbered again when something comes before it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from zlib import crc32

from feeds.catalogue.engine import readable, undamaged
from feeds.memory.places import CORRECTIONS, Feed


@dataclass(frozen=True, slots=True)
class NumberedPlace:
    """A place of a language, and its number."""

    number: int
    moment: int
    mark: int


@dataclass(frozen=True, slots=True)
class Selected:
    """The places of a selection, as bitmaps."""

    places: int
    entries: int
    """Those at which a release came into a feed later than it was published."""


# -- to ask -------------------------------------------------------------------------------------------------------


def selected(database: sqlite3.Connection, language: str, facets: Sequence[Sequence[Feed]], now: int) -> Selected:
    """The places until a time in any feed of each facet.

    A place in a feed of one facet counts as soon as its release has come into one of every other facet too. Among the
    corrections are those, and the entries of corrected releases into the other feeds.
    """
    known = _read(database, language, [feed for facet in facets for feed in facet])
    by_facet = [[known.get(feed, _EMPTY) for feed in facet] for facet in facets]
    if len(facets) == 1:
        found = _any(each.places for each in by_facet[0])
    else:
        corrections = any(list(facet) == [CORRECTIONS] for facet in facets)
        found = 0
        for facet, bitmaps in zip(facets, by_facet, strict=True):
            entered = corrections and list(facet) != [CORRECTIONS]
            found |= _any(each.entries if entered else each.places for each in bitmaps)
        for bitmaps in by_facet:
            found &= _any(each.members for each in bitmaps)
    found &= (1 << _count_until(database, language, now)) - 1
    return Selected(found, found & _any(each.entries for bitmaps in by_facet for each in bitmaps))


def nth(bitmap: int, start: int, count: int) -> list[int]:
    """The numbers of so many places in a bitmap, after the first ``start``; in order.

    >>> nth(0b101101, 1, 2)
    [2, 3]
    """
    low = _position(bitmap, start)
    window = (bitmap >> low) & ((1 << (_position(bitmap, start + count) - low)) - 1)
    found = []
    while window:
        lowest = window & -window
        found.append(low + lowest.bit_length() - 1)
        window ^= lowest
    return found


def _position(bitmap: int, rank: int) -> int:
    """Behind so many set bits: the first position with at least ``rank`` of them below; the end if there are fewer."""
    low, high = 0, bitmap.bit_length()
    while low < high:
        middle = (low + high) // 2
        if (bitmap & ((1 << middle) - 1)).bit_count() < rank:
            low = middle + 1
        else:
            high = middle
    return low


def numbered(database: sqlite3.Connection, language: str, numbers: Sequence[int]) -> list[NumberedPlace]:
    """The places with these numbers, in order."""
    marks = ", ".join(map(str, numbers))
    rows = database.execute(
        f"SELECT number, moment, mark FROM numbered WHERE language = ? AND number IN ({marks}) ORDER BY number",
        (language,),
    )
    return [NumberedPlace(*row) for row in rows]


def of_releases(database: sqlite3.Connection, language: str, releases: Iterable[int]) -> dict[int, list[NumberedPlace]]:
    """By the marks of releases: all their places in a language, in order."""
    marks = ", ".join(map(str, sorted(releases)))
    rows = database.execute(
        "SELECT number, moment, mark FROM numbered INDEXED BY numbered_by_mark"
        f" WHERE language = ? AND mark IN ({marks}) ORDER BY mark, number",
        (language,),
    )
    places = (NumberedPlace(*row) for row in rows)
    return {mark: list(group) for mark, group in groupby(places, key=lambda place: place.mark)}


def _any(bitmaps: Iterable[int]) -> int:
    found = 0
    for each in bitmaps:
        found |= each
    return found


def _count_until(database: sqlite3.Connection, language: str, now: int) -> int:
    """How many places there are until a time."""
    row = database.execute(
        "SELECT MIN(number) FROM numbered WHERE language = :language"
        " AND moment = (SELECT MIN(moment) FROM numbered WHERE language = :language AND moment > :now)",
        {"language": language, "now": now},
    ).fetchone()
    if row[0] is not None:
        return int(row[0])
    row = database.execute("SELECT MAX(number) + 1 FROM numbered WHERE language = ?", (language,)).fetchone()
    return int(row[0] or 0)


@dataclass(frozen=True, slots=True)
class _Bitmaps:
    """The bitmaps of one feed."""

    places: int = 0
    """The places that are in it."""
    members: int = 0
    """All places of its releases from their first one in it on."""
    entries: int = 0
    """The places at which a release came into it later than it was published."""


_EMPTY = _Bitmaps()


def _read(database: sqlite3.Connection, language: str, feeds: Sequence[Feed]) -> dict[Feed, _Bitmaps]:
    found = {}
    with readable("a bitmap"):
        for facet, slug in feeds:
            row = database.execute(
                "SELECT places, members, entries, crc FROM bitmaps WHERE language = ? AND facet = ? AND slug = ?",
                (language, facet, slug),
            ).fetchone()
            if row:
                *blobs, checksum = row
                undamaged(b"".join(blobs), checksum)
                found[facet, slug] = _Bitmaps(*(int.from_bytes(blob, "little") for blob in blobs))
    return found


# -- to write -----------------------------------------------------------------------------------------------------


def renumber(database: sqlite3.Connection, since: Mapping[str, int]) -> None:
    """Brings numbers and bitmaps up to date: by language, since when places have come or gone."""
    for language, moment in since.items():
        _Renumbering(database, language, moment).run()


@dataclass(slots=True)
class _Bits:
    """The bitmaps of one feed while they are written."""

    places: bytearray = field(default_factory=bytearray)
    members: bytearray = field(default_factory=bytearray)
    entries: bytearray = field(default_factory=bytearray)


class _Renumbering:
    """Numbers the places of a language again from a time on."""

    def __init__(self, database: sqlite3.Connection, language: str, since: int) -> None:
        self._database = database
        self._language = language
        self._since = since
        self._first = _count_until(database, language, since - 1)
        # Without a sign SQLite would read all places of the language, to find the few that are new.
        self._again = f"{'+' if self._first else ''}language = :language AND moment >= :since"
        self._bits: dict[Feed, _Bits] = {}

    def run(self) -> None:
        """Writes the numbers and the bitmaps."""
        self._database.execute(
            "DELETE FROM numbered WHERE language = ? AND number >= ?", (self._language, self._first)
        )  # fmt: skip
        self._shorten()
        entered = self._entered()
        self._database.executemany("INSERT INTO numbered VALUES (?, ?, ?, ?, ?, ?)", self._numbered(entered))
        self._write()

    def _shorten(self) -> None:
        """Takes the numbers that are given again out of all bitmaps."""
        rows = self._database.execute(
            "SELECT facet, slug, places, members, entries FROM bitmaps WHERE language = ? AND length(members) > ?",
            (self._language, self._first // 8),
        ).fetchall()
        mask = (1 << self._first) - 1
        for facet, slug, *blobs in rows:
            kept = (int.from_bytes(blob, "little") & mask for blob in blobs)
            self._bits[facet, slug] = _Bits(
                *(bytearray(each.to_bytes(-(-each.bit_length() // 8), "little")) for each in kept)
            )

    def _entered(self) -> dict[int, set[Feed]]:
        """By mark: the feeds that a release with a place to be numbered had come into before."""
        if not self._first:
            return {}
        rows = self._database.execute(
            "SELECT DISTINCT mark, facet, slug FROM places p INDEXED BY places_by_mark WHERE language = :language"
            f" AND moment < :since AND mark IN (SELECT mark FROM places WHERE {self._again})",
            {"language": self._language, "since": self._since},
        )
        found: dict[int, set[Feed]] = {}
        for mark, facet, slug in rows:
            found.setdefault(mark, set()).add((facet, slug))
        return found

    def _numbered(self, entered: dict[int, set[Feed]]) -> Iterator[tuple[str, int, int, int, int, int]]:
        """The rows of the places, numbered; sets their bits on the way."""
        values = {"language": self._language, "since": self._since}
        several = self._database.execute(
            f"SELECT mark FROM (SELECT DISTINCT mark, moment, seq FROM places WHERE {self._again})"
            " GROUP BY mark HAVING COUNT(*) > 1",
            values,
        )
        entered |= {mark: entered.get(mark, set()) for (mark,) in several}
        rows = self._database.execute(
            f"SELECT moment, seq, published, mark, facet, slug, event FROM places WHERE {self._again}"
            " ORDER BY moment, seq, published, mark",
            values,
        )
        for number, (place, group) in enumerate(groupby(rows, key=lambda row: row[:4]), self._first):
            feeds = entered.get(place[3], set())
            for *_, facet, slug, event in group:
                bits = self._of((facet, slug))
                _set(bits.places, number)
                if event < 0:
                    _set(bits.entries, number)
                feeds.add((facet, slug))
            for feed in feeds:
                _set(self._of(feed).members, number)
            yield (self._language, number, *place)

    def _of(self, feed: Feed) -> _Bits:
        if feed not in self._bits:
            row = self._database.execute(
                "SELECT places, members, entries FROM bitmaps WHERE language = ? AND facet = ? AND slug = ?",
                (self._language, *feed),
            ).fetchone()
            self._bits[feed] = _Bits(*map(bytearray, row or ()))
        return self._bits[feed]

    def _write(self) -> None:
        for (facet, slug), bits in self._bits.items():
            blobs = (bytes(bits.places), bytes(bits.members), bytes(bits.entries))
            self._database.execute(
                "INSERT OR REPLACE INTO bitmaps VALUES (?, ?, ?, ?, ?, ?, ?)",
                (self._language, facet, slug, *blobs, crc32(b"".join(blobs))),
            )


def _set(bits: bytearray, number: int) -> None:
    """Sets a bit."""
    at = number >> 3
    if at >= len(bits):
        bits.extend(bytes(at + 1 - len(bits)))
    bits[at] |= 1 << (number & 7)
