"""Bitmaps of the places and releases in each feed: a few operations on integers make a selection.

The places of a language are numbered in their order. Bit n of a bitmap stands for the place with the number n; a
release is counted at the place at which readers see it first. What readers were told of keeps its number; only what is
still to come is numbered again when something comes before it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from feeds.catalogue.bit_sets import any_of, begun, from_stored, last, set_of
from feeds.catalogue.errors import readable, undamaged
from feeds.database import FOREVER, Database
from feeds.memory.feed_places import ALL, ALL_LANGUAGES, CORRECTIONS, Feed
from feeds.model.selection import Selection


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


@dataclass(frozen=True, slots=True)
class _Bitmaps:
    """The bitmaps of the places of one feed. That of its releases is read by itself."""

    places: int = 0
    """The places that are in it."""
    members: int = 0
    """All places of its releases from their first one in it on."""
    entries: int = 0
    """The places at which a release came into it later than it was published."""


_PLACES = "SELECT facet, slug, places, members, entries, crc FROM bitmaps WHERE language = ?"
"""What `_Bitmaps` is made of."""
_RELEASES = "SELECT facet, slug, releases, releases_crc FROM bitmaps WHERE language = ?"
"""The bitmaps of the releases in feeds. Each release stands in them with one place, which need not be in the feed.

Among the corrections are all releases that are ever corrected or withdrawn, from when readers first see them.
"""
_EMPTY = _Bitmaps()
_MONTH = "@"
_OF_TERMS = f"{_RELEASES} AND slug <> '' AND facet <> '{_MONTH}'"
_SPREAD = 3
"""If a stretch has at most so many places for each release that is asked for, all of its places are read."""
_FIRST_LOOK = 8
"""Places at the end of a bitmap that are looked at first for the newest release."""


def places_language(selection: Selection) -> str:
    """The language of a selection's places."""
    return ALL_LANGUAGES if selection.in_all_languages else selection.language


def facets_of(selection: Selection) -> list[list[Feed]]:
    """The feeds of a selection, facet by facet; what it leaves out does not count."""
    facets = [[(facet, slug) for slug in slugs] for facet, slugs in selection.terms]
    return [*facets, *([[CORRECTIONS]] if selection.corrections else [])] or [[ALL]]


def selected(database: Database, language: str, facets: Sequence[Sequence[Feed]], now: int) -> Selected:
    """The places until a time in any feed of each facet.

    A place in a feed of one facet counts as soon as its release has come into one of every other facet too. If the
    corrections are asked for, places in the other feeds count only where a release entered the feed later.
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
    found &= (1 << count_until(database, language, now)) - 1
    return Selected(found, found & any_of(each.entries for bitmaps in by_facet for each in bitmaps))


def releases(database: Database, language: str, facets: Sequence[Sequence[Feed]], now: int) -> int:
    """The releases in any feed of each facet that readers see at a time, as a bitmap with a bit for each."""
    known = _releases(_rows(_RELEASES, database, language, [feed for facet in facets for feed in facet]))
    found = (1 << count_until(database, language, now)) - 1
    for facet in facets:
        found &= any_of(known.get(feed, 0) for feed in facet)
    return found


def releases_by_term(database: Database, language: str, now: int) -> dict[Feed, int]:
    """The releases of each term that readers see at a time, as bitmaps; without terms that have none."""
    return seen(database, language, now, stored_by_term(database, language))


def stored_by_term(database: Database, language: str) -> dict[Feed, bytes]:
    """The same as they are stored, scheduled ones too: for `bit_sets.counter`, which reads only a part."""
    return _stored(database.execute(_OF_TERMS, (language,)))


def seen(database: Database, language: str, now: int, stored: Mapping[Feed, bytes]) -> dict[Feed, int]:
    """Those of the releases from `stored_by_term` that readers see at a time; without terms that have none."""
    until = (1 << count_until(database, language, now)) - 1
    return {feed: found for feed, each in stored.items() if (found := from_stored(each) & until)}


def releases_by_month(database: Database, language: str, months: Iterable[date]) -> list[int]:
    """The releases whose date is in each of these months, given by their first days; scheduled ones too."""
    feeds = [month_feed(month) for month in months]
    known = _releases(_rows(_RELEASES, database, language, feeds))
    return [known.get(feed, 0) for feed in feeds]


def months(database: Database, language: str) -> dict[date, int]:
    """The releases whose date is in each month, given by its first day; scheduled ones too."""
    known = _releases(database.execute(f"{_RELEASES} AND facet = '{_MONTH}'", (language,)))
    return {date.fromisoformat(f"{month}-01"): each for (_, month), each in known.items()}


def newest_months(database: Database, language: str) -> Iterator[tuple[date, int, int]]:
    """Yields the first day of each month, the newest first, with the releases whose date is in it; scheduled ones too.

    The releases are as `bit_sets.begun` gives them.
    """
    rows = database.execute(f"{_RELEASES} AND facet = '{_MONTH}' ORDER BY slug DESC", (language,))
    while row := rows.fetchone():  # no more of them are read than are asked for
        [((_, month), found)] = _stored([row]).items()
        yield date.fromisoformat(f"{month}-01"), *begun(found)


def month_feed(month: date) -> Feed:
    """The key under which the bitmap of a month stands among those of feeds."""
    return _MONTH, f"{month:%Y-%m}"


def places_of(database: Database, language: str, marks: Iterable[int]) -> int:
    """All places of releases as a bitmap."""
    given = ", ".join(map(str, sorted(marks)))
    if not given:
        return 0
    rows = database.execute(
        f"SELECT number FROM numbered INDEXED BY numbered_by_mark WHERE language = ? AND mark IN ({given})", (language,)
    )
    return set_of(number for (number,) in rows.fetchall())


def places_since(database: Database, language: str, marks: Collection[int], since: int) -> int:
    """All places of releases as a bitmap, where no release has a date before ``since``.

    Where not many other places stand between them, all places from that time on are read.
    """
    first, end = (count_until(database, language, moment) for moment in (since - 1, FOREVER))
    if end - first > _SPREAD * len(marks):
        return places_of(database, language, marks)
    rows = database.execute(
        "SELECT number, mark FROM numbered WHERE language = :language AND number >= :first"
        # A release whose date was changed later may have been told before it.
        " UNION ALL SELECT n.number, n.mark FROM redated d CROSS JOIN numbered n ON n.language = d.language"
        " AND n.number = d.number WHERE d.language = :language AND d.number < :first",
        {"language": language, "first": first},
    )
    return set_of(number for number, mark in rows.fetchall() if mark in marks)


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
            # Apart from the redated ones, no release has a date after it was told: what was told before is not newer.
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


def count_until(database: Database, language: str, now: int) -> int:
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


def _read(database: Database, language: str, feeds: Sequence[Feed]) -> dict[Feed, _Bitmaps]:
    """The bitmaps of the places of these feeds."""
    with readable("a bitmap"):
        return {
            (facet, slug): _Bitmaps(*map(from_stored, undamaged(blobs, checksum)))
            for facet, slug, *blobs, checksum in _rows(_PLACES, database, language, feeds)
        }


def _rows(query: str, database: Database, language: str, feeds: Sequence[Feed]) -> Iterator[Any]:
    one = f"{query} AND facet = ? AND slug = ?"
    return (row for feed in feeds for row in database.execute(one, (language, *feed)))


def _releases(rows: Iterable[Any]) -> dict[Feed, int]:
    return {feed: from_stored(each) for feed, each in _stored(rows).items()}


def _stored(rows: Iterable[Any]) -> dict[Feed, bytes]:
    with readable("a bitmap"):
        return {(facet, slug): undamaged([blob], checksum)[0] for facet, slug, blob, checksum in rows}
