"""Pages of feeds: the live document, archive documents that do not change (RFC 5005), and the entries in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from feeds.catalogue import bit_sets, bitmaps
from feeds.catalogue.bitmaps import NumberedPlace
from feeds.catalogue.errors import readable
from feeds.catalogue.newest_releases import FOUND, FoundRelease, found_release, newest_releases
from feeds.catalogue.releases import CHANGED, EDITIONS, NEWEST_FIRST, by_date, visible_in
from feeds.database import Database, micros, moment
from feeds.model.formats import Format
from feeds.model.selection import Selection

_PART = 50
_LARGEST_PART = 2_000
"""Places that are looked through at once."""


@dataclass(frozen=True, slots=True)
class Page:
    """The entries of one document of a feed, the newest change first."""

    editions: tuple[int, ...]
    updated: datetime | None
    """When readers were last told of something in it; None for a page without any entry."""
    published: datetime | None
    """The newest date of a release in it; None for a page without any entry."""
    changed: datetime | None
    """When its bytes last changed: an entry did, also in silence, or came, or left; None if never."""
    number: int
    """Of an archive document, from 1; 0 for the live one."""
    last: int
    """How many archive documents there are."""
    previous: int
    """The number of the archive document with what is older; 0 if there is nothing."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Questions about pages of feeds."""

    _database: Database
    _holding: dict[tuple[Selection, datetime], bool] = field(default_factory=dict)
    """What was asked before: a document links to a feed in several places."""

    def of(self, selection: Selection, now: datetime, archive: int, per_page: int, count: int = 0) -> Page | None:
        """The entries of a live document (archive 0) or an archive document; None if there is no such document.

        Every change that readers were told of has a place, which never moves. So a page once closed, at ``per_page``
        places, keeps its borders whatever comes later (RFC 5005, section 4). The live document is the last closed page
        and the one still open, and so many pages before as it takes to show ``per_page`` entries: places may be empty.

        With a ``count`` the live document has that many of the newest entries. Its ``previous`` is the archive document
        that goes on from them, and may have some of them too. If the next older entry is in no archive document yet,
        ``previous`` is 0, since together they would not be the whole feed.

        A search by words has no archive: it finds the newest releases that have them.
        """
        if selection.words:
            if archive:
                return None
            return _page_of(newest_releases(self._database, selection, micros(now), count or per_page))
        row = _Row(self._database, selection, now)
        last = max(row.length // per_page - 1, 0)
        if archive > last:
            return None
        first = archive - 1 if archive else last
        places = row.places(first * per_page, per_page if archive else row.length)
        shown = row.shown(places)
        while not archive and first and len(shown) < (count or per_page):
            before = row.page_with(first * per_page, (count or per_page) - len(shown), per_page)
            shown = row.shown(row.places(before * per_page, (first - before) * per_page)) + shown
            first = before
        previous = first
        if count and len(shown) > count:
            shown = shown[-count:]
            previous = first + 1 if first < last else 0
        told = [max(place.moment, place.updated) for place in shown]
        # A live document changes with each new place, also with an empty one, since that may close a page.
        newest = [place.moment for place in places[-1:] if not archive]
        changed = [*(place.changed for place in shown), *row.leavings(), *newest]
        return Page(
            tuple(place.edition for place in reversed(shown)),
            _latest(told),
            _latest([place.published for place in shown]),
            _latest(changed),
            archive,
            last,
            previous,
        )

    def published_between(
        self, selection: Selection, now: datetime, begin: datetime, end: datetime, start: int, count: int
    ) -> Page:
        """``count`` of the releases with a date between two times, after the ``start`` newest; the newest first."""
        where, values = visible_in(self._database, selection)
        rows = self._database.execute(
            f"SELECT {FOUND} FROM {by_date(selection)} WHERE {where}"
            f" AND r.published >= :begin AND r.published < :end {NEWEST_FIRST} LIMIT :count OFFSET :start",
            {"now": micros(now), "count": count, "start": start, "begin": micros(begin), "end": micros(end), **values},
        )
        return _page_of([*map(found_release, rows)])

    def marks(self, selection: Selection, now: datetime, archive: int, per_page: int) -> frozenset[int]:
        """The releases that have a place in an archive document, shown or not: the fingerprints of their ids."""
        return _Row(self._database, selection, now).marks((archive - 1) * per_page, per_page)

    def archives(self, selection: Selection, now: datetime, per_page: int) -> int:
        """How many archive documents the feed of a selection without search words has."""
        return max(_Row(self._database, selection, now).length // per_page - 1, 0)

    def feed_marks(self) -> dict[tuple[str, str, str], int]:
        """By language, facet and slug of each feed: a number that changes whenever its places or releases do."""
        rows = self._database.execute("SELECT language, facet, slug, crc, releases_crc FROM bitmaps")
        return {(language, facet, slug): places << 32 | releases for language, facet, slug, places, releases in rows}

    def has_any(self, selection: Selection, now: datetime) -> bool:
        """Whether the feed of a selection without search words holds a release."""
        if (selection, now) not in self._holding:
            self._holding[selection, now] = _Row(self._database, selection, now).has_any()
        return self._holding[selection, now]

    def turned(self, selection: Selection, now: datetime) -> datetime | None:
        """Since when the feed of a selection without words holds releases, or no longer does; None if it never did."""
        row = _Row(self._database, selection, now)
        begun = row.begun()
        since = begun if begun is not None else max(row.leavings(), default=None)
        return None if since is None else moment(since)

    def updates(self, editions: Sequence[int]) -> frozenset[datetime]:
        """When readers were last told of something in each of these editions."""
        marks = ",".join("?" * len(editions))
        rows = self._database.execute(f"SELECT updated FROM editions WHERE key IN ({marks})", editions)
        return frozenset(moment(updated) for (updated,) in rows)

    def entries(self, editions: Sequence[int], form: Format) -> list[bytes]:
        """The rendered entries in one format, in the order asked for. Raises CatalogueError if one is missing."""
        if not editions:
            return []
        marks = ",".join("?" * len(editions))
        query = f"SELECT edition, bytes FROM rendered WHERE format = ? AND edition IN ({marks})"
        rows = self._database.execute(query, (form.suffix, *editions))
        with readable("an entry"):
            found = dict(rows.fetchall())
            return [self._database.unpack(found[edition]) for edition in editions]

    def languages(self, editions: Sequence[int]) -> list[str]:
        """The language of each of these editions, in the order asked for."""
        marks = ",".join("?" * len(editions))
        rows = self._database.execute(f"SELECT e.key, r.language FROM {EDITIONS} WHERE e.key IN ({marks})", editions)
        found = dict(rows.fetchall())
        return [found[edition] for edition in editions]


def _page_of(found: Sequence[FoundRelease]) -> Page:
    """A page of what was found by date."""
    told, published, changed = (
        _latest([each.updated for each in found]),
        _latest([each.published for each in found]),
        _latest([each.changed for each in found]),
    )
    return Page(tuple(each.edition for each in found), told, published, changed, 0, 0, 0)


def _latest(times: Sequence[int]) -> datetime | None:
    return moment(max(times)) if times else None


@dataclass(frozen=True, slots=True)
class _Shown:
    """A place with the release that is shown there."""

    edition: int
    moment: int
    updated: int
    published: int
    changed: int


class _Row:
    """The places of a selection, oldest first.

    A selection of several feeds has the places of all of them, as soon as the release is in one of each facet. So its
    places do not move either when a release gets another term. A selection that leaves terms out has the places of the
    same selection without that; those of releases that are left out stay empty.
    """

    def __init__(self, database: Database, selection: Selection, now: datetime) -> None:
        self._database = database
        self._selection = selection
        self._now = micros(now)
        self._language = bitmaps.places_language(selection)
        self._facets = bitmaps.facets_of(selection)
        self._selected = bitmaps.selected(database, self._language, self._facets, self._now)
        self._left_out = 0
        """Places of releases that are left out; only one for a release that has several."""
        if selection.without:
            left_out = [(facet, slug) for facet, slugs in selection.without for slug in slugs]
            self._left_out = bitmaps.releases(database, self._language, [left_out], self._now)

    @cached_property
    def length(self) -> int:
        """How many places there are."""
        return self._selected.places.bit_count()

    def places(self, start: int, count: int) -> list[NumberedPlace]:
        """``count`` places, after the first ``start``, without those that are known to be left out."""
        numbers = bit_sets.nth(self._selected.places, start, count, self._left_out)
        return bitmaps.numbered(self._database, self._language, numbers)

    def marks(self, start: int, count: int) -> frozenset[int]:
        """The releases that have one of ``count`` places, after the first ``start``, also those that are left out."""
        numbers = bit_sets.nth(self._selected.places, start, count)
        return frozenset(place.mark for place in bitmaps.numbered(self._database, self._language, numbers))

    def page_with(self, before: int, wanted: int, per_page: int) -> int:
        """The page, from 0, to go back to from the place ``before``, so that ``wanted`` places may show a release."""
        if not self._left_out:
            return before // per_page - 1
        return bit_sets.rank(self._selected.places, self._left_out, before, wanted) // per_page

    def shown(self, places: Sequence[NumberedPlace]) -> list[_Shown]:
        """The releases shown at these places: those that have no later place and are still in the selection."""
        editions = self._visible({place.mark for place in places})
        all_ = bitmaps.of_releases(self._database, self._language, editions)
        last = {mark: max(each.number for each in found if self._has(each)) for mark, found in all_.items()}
        return [
            _Shown(edition, place.moment, updated, published, changed)
            for place in places
            if last.get(place.mark) == place.number
            for edition, updated, published, changed in [editions[place.mark]]
        ]

    def has_any(self) -> bool:
        """Whether a release is in the selection now."""
        return any(self._visible({place.mark for place in places}) for places in self._parts(newest_first=True))

    def begun(self) -> int | None:
        """When the first of the releases that are in the selection now came into it; None if there is none.

        For a release that has left the selection and come back, the time of its return counts.
        """
        first: int | None = None
        for places in self._parts():
            if first is not None and places[0].moment >= first:
                break
            visible = self._visible({place.mark for place in places})
            all_ = bitmaps.of_releases(self._database, self._language, visible)
            for found in all_.values():
                here = [each for each in found if self._has(each)]
                entries = [each.moment for each in here if self._selected.entries >> each.number & 1]
                came = max(entries, default=here[0].moment)
                first = came if first is None else min(first, came)
        return first

    def leavings(self) -> list[int]:
        """When releases last left one of its feeds."""
        feeds = [feed for facet in self._facets for feed in facet]
        found: list[int] = []
        for facet, slug in feeds:
            row = self._database.execute(
                "SELECT moment FROM leavings WHERE language = ? AND facet = ? AND slug = ?",
                (self._language, facet, slug),
            ).fetchone()
            found += row or ()
        return found

    def _has(self, place: NumberedPlace) -> bool:
        return bool(self._selected.places >> place.number & 1)

    def _parts(self, *, newest_first: bool = False) -> Iterator[list[NumberedPlace]]:
        """The places in parts that grow: most questions are answered by the first."""
        bitmap = self._selected.places & ~self._left_out
        length, start, count = bitmap.bit_count(), 0, _PART
        while start < length:
            count = min(count, length - start)
            numbers = bit_sets.nth(bitmap, length - start - count if newest_first else start, count)
            yield bitmaps.numbered(self._database, self._language, numbers)
            start, count = start + count, min(count * 2, _LARGEST_PART)

    def _visible(self, releases: Iterable[int]) -> dict[int, tuple[int, int, int, int]]:
        """By the marks of those releases that are in the selection: edition, last change told, date, last change."""
        marks = ", ".join(map(str, sorted(releases)))
        if not marks:
            return {}
        where, values = visible_in(self._database, self._selection, few=True)
        # Without INDEXED BY SQLite takes another index, and reads all releases of the language.
        rows = self._database.execute(
            f"SELECT r.mark, e.key, e.updated, r.published, {CHANGED} FROM releases r INDEXED BY releases_by_mark"
            " JOIN editions e ON e.release = r.key"
            f" WHERE r.mark IN ({marks}) AND {where}",
            {"now": self._now, **values},
        )
        return {mark: (edition, updated, published, changed) for mark, edition, updated, published, changed in rows}
