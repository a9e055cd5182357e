"""Bitmaps for each feed, which say what places and releases are in it: a selection is a few operations on integers.

The places of a language are numbered in their order. Bit n of a bitmap stands for the place with the number n; a
release is counted at the place at which readers see it first. What readers were told of keeps its number; only what is
still to come is numbered again when something comes before it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from itertools import groupby
from typing import Any
from zlib import crc32

from feeds.catalogue.engine import readable, undamaged
from feeds.database import FOREVER, Database, moment
from feeds.memory.places import ALL, ALL_LANGUAGES, CORRECTIONS, Feed


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


def selected(database: Database, language: str, facets: Sequence[Sequence[Feed]], now: int) -> Selected:
    """The places until a time in any feed of each facet.

    A place in a feed of one facet counts as soon as its release has come into one of every other facet too. Among the
    corrections are those, and the entries of corrected releases into the other feeds.
    """
    known = _read(database, language, [feed for facet in facets for feed in facet])
    by_facet = [[known.get(feed, _EMPTY) for feed in facet] for facet in facets]
    if len(facets) == 1:
        found = any_of(each.places for each in by_facet[0])
    else:
        corrections = any(list(facet) == [CORRECTIONS] for facet in facets)
        found = 0
        for facet, bitmaps in zip(facets, by_facet, strict=True):
            entered = corrections and list(facet) != [CORRECTIONS]
            found |= any_of(each.entries if entered else each.places for each in bitmaps)
        for bitmaps in by_facet:
            found &= any_of(each.members for each in bitmaps)
    found &= (1 << _count_until(database, language, now)) - 1
    return Selected(found, found & any_of(each.entries for bitmaps in by_facet for each in bitmaps))


def releases(database: Database, language: str, facets: Sequence[Sequence[Feed]], now: int) -> int:
    """The releases in any feed of each facet that readers see at a time, as a bitmap with a bit for each."""
    known = _read(database, language, [feed for facet in facets for feed in facet])
    found = (1 << _count_until(database, language, now)) - 1
    for facet in facets:
        found &= any_of(known.get(feed, _EMPTY).releases for feed in facet)
    return found


def releases_by_term(database: Database, language: str, now: int) -> dict[Feed, int]:
    """The same for every term that has any in a language."""
    until = (1 << _count_until(database, language, now)) - 1
    known = _known(database.execute(f"{_QUERY} AND slug <> '' AND facet <> '{_MONTH}'", (language,)))
    return {feed: each.releases & until for feed, each in known.items() if each.releases & until}


def releases_by_month(database: Database, language: str, months: Iterable[date]) -> list[int]:
    """The releases whose date is in each of these months, given by their first days; scheduled ones too."""
    feeds = [month_feed(month) for month in months]
    known = _read(database, language, feeds)
    return [known.get(feed, _EMPTY).releases for feed in feeds]


def months(database: Database, language: str) -> dict[date, int]:
    """The releases whose date is in each month, given by its first day; scheduled ones too."""
    known = _known(database.execute(f"{_QUERY} AND facet = '{_MONTH}'", (language,)))
    return {date.fromisoformat(f"{month}-01"): each.releases for (_, month), each in known.items()}


def month_feed(month: date) -> Feed:
    """What stands for a month among the feeds."""
    return _MONTH, f"{month:%Y-%m}"


def places_of(database: Database, language: str, marks: Iterable[int]) -> int:
    """All places of releases as a bitmap."""
    found = of_releases(database, language, marks)
    return any_of(1 << place.number for places in found.values() for place in places)


def newest(database: Database, language: str, bitmaps: Mapping[Feed, int]) -> dict[Feed, int]:
    """The date of the newest release in each of these bitmaps, none of which is empty."""
    redated = database.execute("SELECT number, published FROM redated WHERE language = ?", (language,)).fetchall()
    found = {
        feed: max((published for number, published in redated if each >> number & 1), default=-FOREVER)
        for feed, each in bitmaps.items()
    }
    left = dict(bitmaps)
    step = _FIRST_LOOK
    while left:
        numbers = {feed: last(each, step) for feed, each in left.items()}
        known = _dates(database, language, {number for each in numbers.values() for number in each})
        for feed, each in numbers.items():
            found[feed] = max(found[feed], *(known[number][1] for number in each))
            # But for those, none has a date after it was told: so what was told before is not newer.
            if known[each[0]][0] <= found[feed] or len(each) < step:
                del left[feed]
        step *= 4
    return found


def _dates(database: Database, language: str, numbers: Iterable[int]) -> dict[int, tuple[int, int]]:
    """By the number of a place: when it is, and the date of its release."""
    marks = ", ".join(map(str, sorted(numbers)))
    rows = database.execute(
        "SELECT n.number, n.moment, r.published FROM numbered n JOIN releases r INDEXED BY releases_by_mark"
        f" ON r.mark = n.mark AND NOT r.shadowed WHERE n.language = ? AND n.number IN ({marks})",
        (language,),
    )
    return {number: (at, published) for number, at, published in rows}


def nth(bitmap: int, start: int, count: int, left_out: int = 0) -> list[int]:
    """The numbers of so many places in a bitmap, after the first ``start``; in order, without those ``left_out``.

    >>> nth(0b101101, 1, 2), nth(0b101101, 1, 2, 0b000100)
    ([2, 3], [3])
    """
    low = _position(bitmap, start)
    window = (bitmap >> low) & ((1 << (_position(bitmap, start + count) - low)) - 1)
    window &= ~(left_out >> low)
    found = []
    while window:
        lowest = window & -window
        found.append(low + lowest.bit_length() - 1)
        window ^= lowest
    return found


def last(bitmap: int, count: int) -> list[int]:
    """The numbers of the last so many places in a bitmap, in order. No more of it is read than has them.

    >>> last(0b101101, 2)
    [3, 5]
    """
    length = width = bitmap.bit_length()
    for width in (_TAIL << step for step in range(0, length.bit_length(), 2)):
        if width >= length or (bitmap >> (length - width)).bit_count() >= count:
            break
    low = max(length - width, 0)
    tail = bitmap >> low
    return [low + number for number in nth(tail, max(tail.bit_count() - count, 0), count)]


def rank(bitmap: int, left_out: int, before: int, wanted: int) -> int:
    """Of the places in a bitmap, the first ``before``: how many come before the last ``wanted`` that are not left out.

    >>> rank(0b111111, 0b010110, 5, 2)  # of the places 0 to 4 those of 0 and 3 are not left out
    0
    >>> rank(0b111111, 0b010110, 5, 1)
    3
    """
    below = bitmap & ((1 << _position(bitmap, before)) - 1)
    shown = below & ~left_out
    more = max(shown.bit_count() - wanted, 0)
    first = nth(shown, more, 1)
    return (below & ((1 << first[0]) - 1)).bit_count() if first and shown.bit_count() >= wanted else 0


def _position(bitmap: int, rank: int) -> int:
    """Behind so many set bits: the first position with at least ``rank`` of them below; the end if there are fewer."""
    position, width = 0, bitmap.bit_length()
    if rank <= 0 or not width:
        return 0
    while width > 1:  # each half is half as long: so all of them together cost what two looks at the whole do
        half = width // 2
        lower = bitmap & ((1 << half) - 1)
        below = lower.bit_count()
        if below >= rank:
            bitmap, width = lower, half
        else:
            bitmap, width = bitmap >> half, width - half
            rank, position = rank - below, position + half
    return position + 1


def numbered(database: Database, language: str, numbers: Sequence[int]) -> list[NumberedPlace]:
    """The places with these numbers, in order."""
    if not numbers:
        return []
    marks = ", ".join(map(str, numbers))
    rows = database.execute(
        f"SELECT number, moment, mark FROM numbered WHERE language = ? AND number IN ({marks}) ORDER BY number",
        (language,),
    )
    return [NumberedPlace(*row) for row in rows]


def of_releases(database: Database, language: str, releases: Iterable[int]) -> dict[int, list[NumberedPlace]]:
    """By the marks of releases: all their places in a language, in order."""
    marks = ", ".join(map(str, sorted(releases)))
    if not marks:
        return {}
    rows = database.execute(
        "SELECT number, moment, mark FROM numbered INDEXED BY numbered_by_mark"
        f" WHERE language = ? AND mark IN ({marks}) ORDER BY mark, number",
        (language,),
    )
    places = (NumberedPlace(*row) for row in rows)
    return {mark: list(group) for mark, group in groupby(places, key=lambda place: place.mark)}


def any_of(bitmaps: Iterable[int]) -> int:
    """What is in one of these bitmaps."""
    found = 0
    for each in bitmaps:
        found |= each
    return found


def _count_until(database: Database, language: str, now: int) -> int:
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
    releases: int = 0
    """The releases that are in it: of each one place, which need not be in it.

    Among the corrections are those that are corrected or withdrawn at any time, from when readers first see them.
    """


_FIRST_LOOK = 8
_TAIL = 256
"""Bits at the end of a bitmap that are looked at first."""
_MANY = 1_000
"""Changed releases; the bits of more are all set again."""
_MONTH = "@"
_COLUMNS = "places, members, entries, releases"
_EMPTY = _Bitmaps()


_QUERY = f"SELECT facet, slug, {_COLUMNS}, crc FROM bitmaps WHERE language = ?"


def _read(database: Database, language: str, feeds: Sequence[Feed]) -> dict[Feed, _Bitmaps]:
    """The bitmaps of these feeds."""
    one = f"{_QUERY} AND facet = ? AND slug = ?"
    return _known(row for feed in feeds for row in database.execute(one, (language, *feed)))


def _known(rows: Iterable[Any]) -> dict[Feed, _Bitmaps]:
    with readable("a bitmap"):
        return {(facet, slug): _bitmaps(blobs, checksum) for facet, slug, *blobs, checksum in rows}


def _bitmaps(blobs: Sequence[bytes], checksum: int) -> _Bitmaps:
    undamaged(b"".join(blobs), checksum)
    return _Bitmaps(*(int.from_bytes(blob, "little") for blob in blobs))


# -- to write -----------------------------------------------------------------------------------------------------


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


class _Writing:
    """The numbers and bitmaps of a language while they are written."""

    def __init__(self, database: Database, language: str, zone: tzinfo) -> None:
        self._database = database
        self._zone = zone
        self._language = language
        self._bits: dict[Feed, _Bits] = {}

    def number(self, since: int) -> set[int]:
        """Numbers the places from a time on again. Returns the marks of their releases."""
        first = _count_until(self._database, self._language, since - 1)
        self._database.execute("DELETE FROM numbered WHERE language = ? AND number >= ?", (self._language, first))
        self._database.execute("DELETE FROM redated WHERE language = ? AND number >= ?", (self._language, first))
        self._shorten(first)
        # Without its name SQLite takes another index, and reads all places of the language to find the few new ones.
        again = f"{' INDEXED BY places_by_moment' if first else ''} WHERE language = :language AND moment >= :since"
        values = {"language": self._language, "since": since}
        entered = self._entered(again, values, first)
        marks: set[int] = set()
        rows = self._database.stream(
            f"SELECT moment, seq, published, mark, facet, slug, event FROM places{again}"
            " ORDER BY moment, seq, published, mark",
            values,
        )
        self._database.executemany(
            "INSERT INTO numbered VALUES (?, ?, ?, ?, ?, ?)", self._numbered(rows, first, entered, marks)
        )
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
        # Without its name SQLite takes another index, and reads all releases of the language.
        by_mark = "" if changed is None else " INDEXED BY releases_by_mark"
        which = "" if changed is None else f" AND r.mark IN ({', '.join(map(str, sorted(changed)))})"
        appears = "(SELECT MIN(since) FROM editions WHERE release = r.key)"
        corrected = "EXISTS (SELECT 1 FROM editions WHERE release = r.key AND (corrected OR withdrawn))"
        # What was seen before and is scheduled again is seen again at its new time.
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
        for (seen_at, published, is_corrected), terms in groupby(rows, key=lambda row: row[:3]):
            day = moment(published).astimezone(self._zone).date()
            feeds = [ALL, month_feed(day), *([CORRECTIONS] if is_corrected else [])]
            for feed in (*feeds, *((facet, slug) for *_, facet, slug in terms if facet is not None)):
                _set(self._of(feed).releases, seen_at)
        self._note_redated(changed)

    def _note_redated(self, changed: set[int] | None) -> None:
        """Notes the releases with a date after they were told: it was changed later."""
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
            blobs = tuple(bytes(each) for each in (bits.places, bits.members, bits.entries, bits.releases))
            self._database.execute(
                "INSERT INTO bitmaps VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (language, facet, slug) DO UPDATE SET"
                " places = excluded.places, members = excluded.members, entries = excluded.entries,"
                " releases = excluded.releases, crc = excluded.crc",
                (self._language, facet, slug, *blobs, crc32(b"".join(blobs))),
            )

    def _shorten(self, first: int) -> None:
        """Takes the numbers that are given again out of all bitmaps."""
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
            held = int.from_bytes(known.releases if known else blob, "little")
            if held & gone:  # the others need not be written
                self._of((facet, slug)).releases = _blob(held & ~gone)

    def _entered(self, again: str, values: Mapping[str, object], first: int) -> dict[int, set[Feed]]:
        """By mark, for releases with several places: the feeds that they came into before those to be numbered."""
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
        self, rows: Iterable[Any], first: int, entered: Mapping[int, set[Feed]], marks: set[int]
    ) -> Iterator[tuple[str, int, int, int, int, int]]:
        """The rows of the places, numbered; sets their bits and notes their marks on the way."""
        for number, (place, group) in enumerate(groupby(rows, key=lambda row: row[:4]), first):
            mark = place[3]
            marks.add(mark)
            feeds = entered.get(mark, set())
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
                f"SELECT {_COLUMNS} FROM bitmaps WHERE language = ? AND facet = ? AND slug = ?", (self._language, *feed)
            ).fetchone()
            self._bits[feed] = _Bits(*map(bytearray, row or ()))
        return self._bits[feed]


def _below(number: int, blob: bytes) -> bytearray:
    """The bits of a bitmap below a number."""
    return _blob(int.from_bytes(blob, "little") & ((1 << number) - 1))


def _blob(bitmap: int) -> bytearray:
    """A bitmap as it is stored, without zeros at its end."""
    return bytearray(bitmap.to_bytes(-(-bitmap.bit_length() // 8), "little"))


def _set(bits: bytearray, number: int) -> None:
    """Sets a bit."""
    at = number >> 3
    if at >= len(bits):
        bits.extend(bytes(at + 1 - len(bits)))
    bits[at] |= 1 << (number & 7)
