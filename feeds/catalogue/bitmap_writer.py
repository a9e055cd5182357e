"""Numbers the places of a language, and writes the bitmaps of its feeds: see `bitmaps`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeAlias
from zlib import crc32

from feeds.catalogue.bit_sets import from_stored, stored
from feeds.catalogue.bitmaps import count_until, month_feed, of_releases
from feeds.database import Database, moment
from feeds.memory.feed_places import ALL, ALL_LANGUAGES, CORRECTIONS, Feed

_COLUMNS = "places, members, entries, releases"
"""The bitmaps of a feed, in the order of the fields of `_Bits`."""
_MANY = 1_000
"""Changed releases; if there are more, the bits of all releases are set again."""


def renumber(
    database: Database, since: Mapping[str, int], releases: Collection[int] | None, now: int, zone: tzinfo
) -> None:
    """Brings numbers and bitmaps up to date at a time.

    ``since`` says by language since when places have come or gone; ``releases`` are the marks of those that have
    changed, None for all; ``zone`` says where months begin.
    """
    changed = None if releases is None or len(releases) > _MANY else set(releases)
    languages = {language for (language,) in database.execute("SELECT DISTINCT language FROM bitmaps")}
    for language in sorted(languages | since.keys()):
        made = _Writing(database, language, zone)
        moved = made.number(since[language]) if language in since else set()
        made.count(None if changed is None else changed | moved, now)
        made.write()


@dataclass(slots=True)
class _Bits:
    """The bitmaps of one feed while they are written."""

    places: bytearray = field(default_factory=bytearray)
    members: bytearray = field(default_factory=bytearray)
    entries: bytearray = field(default_factory=bytearray)
    releases: bytearray = field(default_factory=bytearray)


_Numbers: TypeAlias = "defaultdict[Feed, list[int]]"


@dataclass(slots=True)
class _NumbersOfPlaces:
    """The numbers whose bits are to be set, by feed. To set them all at once is faster."""

    places: _Numbers = field(default_factory=lambda: defaultdict(list))
    members: _Numbers = field(default_factory=lambda: defaultdict(list))
    entries: _Numbers = field(default_factory=lambda: defaultdict(list))


class _Writing:
    """The numbers and bitmaps of a language while they are written."""

    def __init__(self, database: Database, language: str, zone: tzinfo) -> None:
        self._database = database
        self._zone = zone
        self._language = language
        self._bits: dict[Feed, _Bits] = {}

    def number(self, since: int) -> set[int]:
        """Numbers the places from a time on again. Returns the marks of their releases."""
        first = count_until(self._database, self._language, since - 1)
        self._database.execute("DELETE FROM numbered WHERE language = ? AND number >= ?", (self._language, first))
        self._database.execute("DELETE FROM redated WHERE language = ? AND number >= ?", (self._language, first))
        self._shorten(first)
        # Without INDEXED BY SQLite takes another index, and reads all places of the language to find the few new ones.
        again = f"{' INDEXED BY places_by_moment' if first else ''} WHERE language = :language AND moment >= :since"
        values = {"language": self._language, "since": since}
        entered = self._entered(again, values, first)
        marks: set[int] = set()
        found = _NumbersOfPlaces()
        rows = self._database.stream(
            f"SELECT moment, seq, published, mark, facet, slug, event FROM places{again}"
            " ORDER BY moment, seq, published, mark",
            values,
        )
        self._database.executemany(
            "INSERT INTO numbered VALUES (?, ?, ?, ?, ?, ?)", self._numbered(rows, first, entered, marks, found)
        )
        for feed, numbers in found.places.items():
            _set(self._of(feed).places, numbers)
        for feed, numbers in found.members.items():
            _set(self._of(feed).members, numbers)
        for feed, numbers in found.entries.items():
            _set(self._of(feed).entries, numbers)
        return marks

    def count(self, changed: set[int] | None, now: int) -> None:
        """Sets the bits of releases, in feeds and months: of those that have changed, or of all."""
        if changed is not None and not changed:
            return
        if changed is None:
            self._forget_releases(None)
        else:
            found = of_releases(self._database, self._language, changed)
            self._forget_releases([place.number for places in found.values() for place in places])
        own = "r.original" if self._language == ALL_LANGUAGES else "r.language = :language"
        # Without INDEXED BY SQLite takes another index, and reads all releases of the language.
        by_mark = "" if changed is None else " INDEXED BY releases_by_mark"
        which = "" if changed is None else f" AND r.mark IN ({', '.join(map(str, sorted(changed)))})"
        appears = "(SELECT MIN(since) FROM editions WHERE release = r.key)"
        corrected = "EXISTS (SELECT 1 FROM editions WHERE release = r.key AND (corrected OR withdrawn))"
        # A release that was seen and is now scheduled counts from its new time on.
        number = (
            "(SELECT MIN(number) FROM numbered n INDEXED BY numbered_by_mark WHERE n.language = :language"
            " AND n.mark = r.mark AND (r.appears <= :now OR n.moment >= r.appears))"
        )
        rows = self._database.stream(
            f"SELECT r.number, r.published, r.corrected, t.facet, t.slug"
            f" FROM (SELECT r.key, r.published, r.corrected, {number} AS number"
            f" FROM (SELECT r.key, r.mark, r.published, {appears} AS appears, {corrected} AS corrected"
            f" FROM releases r{by_mark} WHERE NOT r.shadowed AND {own}{which}) r"
            " WHERE r.appears IS NOT NULL) r LEFT JOIN tags t ON t.release = r.key WHERE r.number IS NOT NULL",
            {"language": self._language, "now": now},
        )
        seen_in: _Numbers = defaultdict(list)
        for (seen_at, published, is_corrected), terms in groupby(rows, key=itemgetter(slice(3))):
            seen_in[ALL].append(seen_at)
            seen_in[month_feed(moment(published).astimezone(self._zone).date())].append(seen_at)
            if is_corrected:
                seen_in[CORRECTIONS].append(seen_at)
            for *_, facet, slug in terms:
                if facet is not None:
                    seen_in[facet, slug].append(seen_at)
        for feed, numbers in seen_in.items():
            _set(self._of(feed).releases, numbers)
        self._note_redated(changed)

    def _note_redated(self, changed: set[int] | None) -> None:
        """Notes the releases whose date is later than a place they have, since it was changed afterwards."""
        by_mark = "" if changed is None else " INDEXED BY numbered_by_mark"
        which = "" if changed is None else f" AND n.mark IN ({', '.join(map(str, sorted(changed)))})"
        self._database.execute(
            f"INSERT INTO redated SELECT n.language, n.number, r.published FROM numbered n{by_mark}"
            " JOIN releases r INDEXED BY releases_by_mark ON r.mark = n.mark AND NOT r.shadowed"
            f" WHERE n.language = ? AND r.published > n.moment{which}"
            " ON CONFLICT (language, number) DO UPDATE SET published = excluded.published",
            (self._language,),
        )

    def write(self) -> None:
        """Writes the bitmaps that have changed."""
        for (facet, slug), bits in self._bits.items():
            releases, *places = map(bytes, (bits.releases, bits.places, bits.members, bits.entries))
            self._database.execute(
                "INSERT INTO bitmaps VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (language, facet, slug) DO UPDATE"
                " SET releases_crc = excluded.releases_crc, crc = excluded.crc, releases = excluded.releases,"
                " places = excluded.places, members = excluded.members, entries = excluded.entries",
                (self._language, facet, slug, crc32(releases), crc32(b"".join(places)), releases, *places),
            )

    def _shorten(self, first: int) -> None:
        """Takes the numbers that are to be given again out of all bitmaps."""
        rows = self._database.execute(
            f"SELECT facet, slug, {_COLUMNS} FROM bitmaps WHERE language = ?"
            " AND (length(members) > ? OR length(releases) > ?)",
            (self._language, first // 8, first // 8),
        ).fetchall()
        for facet, slug, *blobs in rows:
            self._bits[facet, slug] = _Bits(*(_below(first, blob) for blob in blobs))

    def _forget_releases(self, numbers: Sequence[int] | None) -> None:
        """Takes releases out of all bitmaps."""
        gone = ~0 if numbers is None else sum(1 << number for number in numbers)
        which = "" if numbers is None else f" AND number IN ({', '.join(map(str, numbers))})"
        self._database.execute(f"DELETE FROM redated WHERE language = ?{which}", (self._language,))
        rows = self._database.execute(
            "SELECT facet, slug, releases FROM bitmaps WHERE language = ?", (self._language,)
        ).fetchall()  # fmt: skip
        for facet, slug, blob in rows:
            known = self._bits.get((facet, slug))
            held = from_stored(known.releases if known else blob)
            if held & gone:  # the others need not be written
                self._of((facet, slug)).releases = _blob(held & ~gone)

    def _entered(self, again: str, values: Mapping[str, object], first: int) -> dict[int, set[Feed]]:
        """By mark, for releases with several places: the feeds they were in before the places to be numbered."""
        found: dict[int, set[Feed]] = {}
        if first:
            rows = self._database.execute(
                "SELECT DISTINCT mark, facet, slug FROM places p INDEXED BY places_by_mark WHERE language = :language"
                f" AND moment < :since AND mark IN (SELECT mark FROM places{again})",
                values,
            )
            for mark, facet, slug in rows:
                found.setdefault(mark, set()).add((facet, slug))
        several = self._database.execute(
            f"SELECT mark FROM (SELECT DISTINCT mark, moment, seq FROM places{again}) AS several"
            " GROUP BY mark HAVING COUNT(*) > 1",
            values,
        )
        return found | {mark: found.get(mark, set()) for (mark,) in several}

    def _numbered(
        self,
        rows: Iterable[Any],
        first: int,
        entered: Mapping[int, set[Feed]],
        marks: set[int],
        found: _NumbersOfPlaces,
    ) -> Iterator[tuple[str, int, int, int, int, int]]:
        """The rows of the places, numbered; notes their numbers by feed, and their marks, on the way."""
        for number, (place, group) in enumerate(groupby(rows, key=itemgetter(slice(4))), first):
            mark = place[3]
            marks.add(mark)
            feeds = entered.get(mark, set())
            for *_, facet, slug, event in group:
                found.places[facet, slug].append(number)
                if event < 0:
                    found.entries[facet, slug].append(number)
                feeds.add((facet, slug))
            for feed in feeds:
                found.members[feed].append(number)
            yield (self._language, number, *place)

    def _of(self, feed: Feed) -> _Bits:
        if feed not in self._bits:
            row = self._database.execute(
                f"SELECT {_COLUMNS} FROM bitmaps WHERE language = ? AND facet = ? AND slug = ?", (self._language, *feed)
            ).fetchone()
            self._bits[feed] = _Bits(*map(bytearray, row or ()))
        return self._bits[feed]


def _below(number: int, blob: bytes) -> bytearray:
    """The bits of a bitmap below a number."""
    return _blob(from_stored(blob) & ((1 << number) - 1))


def _blob(bitmap: int) -> bytearray:
    """A bitmap as it is stored, without zeros at its end."""
    return bytearray(stored(bitmap))


def _set(bits: bytearray, numbers: Sequence[int]) -> None:
    """Sets bits."""
    bits.extend(bytes(max(0, (max(numbers) >> 3) + 1 - len(bits))))
    for number in numbers:
        bits[number >> 3] |= 1 << (number & 7)
