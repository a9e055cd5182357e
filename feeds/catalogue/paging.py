"""Pages of feeds: the live document, archive documents that do not change (RFC 5005), and the entries in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import groupby

from feeds.catalogue import fulltext
from feeds.catalogue.engine import readable, undamaged
from feeds.catalogue.releases import EDITIONS, VISIBLE, in_selection, visible_in
from feeds.database import micros, moment
from feeds.formats import Format
from feeds.memory.places import ALL, ALL_LANGUAGES, CORRECTIONS, Feed
from feeds.model.selection import Selection

_ORDER = "moment, seq, published, mark"


@dataclass(frozen=True, slots=True)
class Page:
    """The entries of one document of a feed, the newest change first."""

    editions: tuple[int, ...]
    updated: datetime | None
    """When readers were last told of something in it; None for a page without any entry."""
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

    _database: sqlite3.Connection
    _holding: dict[tuple[Selection, datetime], bool] = field(default_factory=dict)
    """What was asked before: a document links to a feed in several places."""

    def of(self, selection: Selection, now: datetime, archive: int, per_page: int) -> Page | None:
        """The entries of a live document (archive 0) or an archive document; None for a number there is not.

        Every change that readers were told of has a place, which never moves. So a page once closed, at ``per_page``
        places, keeps its borders whatever comes later (RFC 5005, section 4). The live document is the last closed page
        and the one still open, and so many pages before as it takes to show ``per_page`` entries: places may be empty.

        A search by words has no archive: it finds the newest publications that have them.
        """
        if selection.words:
            return None if archive else self._search(selection, now, per_page)
        row = _Row(self._database, selection, now)
        last = max(row.length // per_page - 1, 0)
        if archive > last:
            return None
        first = archive - 1 if archive else last
        places = row.places(first * per_page, per_page if archive else row.length)
        shown = row.shown(places)
        while not archive and first and len(shown) < per_page:
            first -= 1
            shown = row.shown(row.places(first * per_page, per_page)) + shown
        told = [max(place.moment, place.updated) for place in shown]
        # A live document changes with each new place, also an empty one: it closes a page.
        newest = [at for at, *_ in places[-1:] if not archive]
        changed = [*(place.changed for place in shown), *row.leavings(), *newest]
        return Page(
            tuple(place.edition for place in reversed(shown)),
            _latest(told),
            _latest(changed),
            archive,
            last,
            first,
        )

    def has_any(self, selection: Selection, now: datetime) -> bool:
        """Whether the feed of a selection without search words holds a release."""
        if (selection, now) not in self._holding:
            self._holding[selection, now] = _Row(self._database, selection, now).begun() is not None
        return self._holding[selection, now]

    def turned(self, selection: Selection, now: datetime) -> datetime | None:
        """Since when the feed of such a selection holds releases, or holds none any longer; None if it never did."""
        row = _Row(self._database, selection, now)
        leavings = row.leavings()
        begun = row.begun_again() if leavings else row.begun()
        since = begun if begun is not None else max(leavings, default=None)
        return None if since is None else moment(since)

    def updates(self, editions: Sequence[int]) -> frozenset[datetime]:
        """When readers were last told of something in each of these editions."""
        marks = ",".join("?" * len(editions))
        rows = self._database.execute(f"SELECT updated FROM editions WHERE key IN ({marks})", editions)
        return frozenset(moment(updated) for (updated,) in rows)

    def entries(self, editions: Sequence[int], form: Format) -> list[bytes]:
        """The rendered entries in one format, in the order asked for. Raises CatalogueError if one is missing."""
        marks = ",".join("?" * len(editions))
        query = f"SELECT edition, bytes, crc FROM rendered WHERE format = ? AND edition IN ({marks})"
        rows = self._database.execute(query, (form.suffix, *editions))
        with readable("an entry"):
            found = {edition: undamaged(content, checksum) for edition, content, checksum in rows}
            return [found[edition] for edition in editions]

    def languages(self, editions: Sequence[int]) -> list[str]:
        """The language of each of these editions, in the order asked for."""
        marks = ",".join("?" * len(editions))
        rows = self._database.execute(f"SELECT e.key, r.language FROM {EDITIONS} WHERE e.key IN ({marks})", editions)
        found = dict(rows.fetchall())
        return [found[edition] for edition in editions]

    def _search(self, selection: Selection, now: datetime, most: int) -> Page:
        where, values = in_selection(selection)
        where += f" AND {VISIBLE}" + (" AND e.corrected" if selection.corrections else "")
        found = fulltext.newest(
            self._database, where, {"now": micros(now), **values}, most, in_all_languages=selection.in_all_languages
        )
        told, changed = [updated for _, updated, _ in found], [changed for _, _, changed in found]
        return Page(tuple(edition for edition, _, _ in found), _latest(told), _latest(changed), 0, 0, 0)


def _latest(times: Sequence[int]) -> datetime | None:
    return moment(max(times)) if times else None


@dataclass(frozen=True, slots=True)
class _Shown:
    """A place with the release that is shown there."""

    edition: int
    moment: int
    updated: int
    changed: int


class _Row:
    """The places of a selection, oldest first.

    A selection of several feeds has the places of all of them, as soon as the release is in one of each facet. So these
    do not move either when a release gets another term.
    """

    def __init__(self, database: sqlite3.Connection, selection: Selection, now: datetime) -> None:
        self._database = database
        self._selection = selection
        language = ALL_LANGUAGES if selection.in_all_languages else selection.language
        self._values: dict[str, str | int] = {"in_language": language, "now": micros(now)}
        facets: list[tuple[Feed, ...]] = [tuple((facet, slug) for slug in slugs) for facet, slugs in selection.terms]
        self._facets = [*facets, *([(CORRECTIONS,)] if selection.corrections else [])] or [(ALL,)]
        self._places = self._query()

    @cached_property
    def length(self) -> int:
        """How many places there are."""
        row = self._database.execute(
            f"SELECT COUNT(*) FROM (SELECT DISTINCT {_ORDER} FROM ({self._places}))", self._values
        ).fetchone()
        return int(row[0])

    def places(self, start: int, count: int) -> list[tuple[int, int, int, int]]:
        """Moment, seq, date and mark of so many places."""
        return self._database.execute(
            f"SELECT DISTINCT {_ORDER} FROM ({self._places}) ORDER BY {_ORDER} LIMIT :count OFFSET :start",
            {**self._values, "count": count, "start": start},
        ).fetchall()

    def shown(self, places: Sequence[tuple[int, int, int, int]]) -> list[_Shown]:
        """The releases shown at these places: those that have no later place and are still in the selection."""
        if not places:
            return []
        marks = ", ".join(sorted({str(mark) for *_, mark in places}))
        where, values = visible_in(self._selection)
        latest = self._database.execute(
            f"SELECT mark, moment, seq FROM ({self._places}) WHERE mark IN ({marks}) ORDER BY mark, moment, seq",
            self._values,
        ).fetchall()
        ends = {mark: list(found)[-1][1:] for mark, found in groupby(latest, key=lambda each: each[0])}
        rows = self._database.execute(
            f"SELECT r.mark, e.key, e.updated, MAX(e.since, r.changed) FROM {EDITIONS}"
            f" WHERE r.mark IN ({marks}) AND {where}",
            {**self._values, **values},
        )
        editions = {mark: (edition, updated, changed) for mark, edition, updated, changed in rows}
        found = []
        for at, seq, _, mark in places:
            if ends.get(mark) == (at, seq) and mark in editions:
                edition, updated, changed = editions[mark]
                found.append(_Shown(edition, at, updated, changed))
        return found

    def begun(self) -> int | None:
        """When readers were told of the first of the releases that are in the selection now; None if there is none."""
        where, values = self._visible
        row = self._database.execute(
            f"SELECT s.moment FROM ({self._places}) s WHERE {where} ORDER BY s.moment LIMIT 1", values
        ).fetchone()
        return row[0] if row else None

    def begun_again(self) -> int | None:
        """The same, where releases may have left the selection and come back: when the first came for the last time."""
        where, values = self._visible
        # The event of an entry is the negative of its time.
        came = "COALESCE(MAX(IIF(s.event < 0, s.moment, NULL)), MIN(s.moment))"
        row = self._database.execute(
            f"SELECT MIN(came) FROM (SELECT {came} AS came FROM ({self._places}) s WHERE {where} GROUP BY s.mark)",
            values,
        ).fetchone()
        return None if row[0] is None else int(row[0])

    @property
    def _visible(self) -> tuple[str, dict[str, str | int]]:
        """The condition for the release of a place s to be shown in the selection, and its values."""
        where, values = visible_in(self._selection)
        return f"EXISTS (SELECT 1 FROM {EDITIONS} WHERE r.mark = s.mark AND {where})", {**self._values, **values}

    def leavings(self) -> list[int]:
        """When releases last left one of its feeds."""
        feeds = [feed for facet in self._facets for feed in facet]
        found: list[int] = []
        for facet, slug in feeds:
            row = self._database.execute(
                "SELECT moment FROM leavings WHERE language = ? AND facet = ? AND slug = ?",
                (self._values["in_language"], facet, slug),
            ).fetchone()
            found += row or ()
        return found

    def _query(self) -> str:
        if len(self._facets) == 1:
            return f"SELECT {_ORDER}, event FROM places p WHERE {self._in('p', 0)}"
        parts = []
        for number in range(len(self._facets)):
            others = (other for other in range(len(self._facets)) if other != number)
            begun = " AND ".join(
                # SQLite would read the whole of the other feed again for each place of this one.
                "EXISTS (SELECT 1 FROM places q INDEXED BY places_by_mark"
                f" WHERE q.mark = p.mark AND {self._in('q', other)}"
                " AND (q.moment, q.seq) <= (p.moment, p.seq))"
                for other in others
            )
            # A release is among the corrections where it was corrected, or where it entered the other feed after that.
            entered = self._selection.corrections and self._facets[number] != (CORRECTIONS,)
            parts.append(
                f"SELECT {_ORDER}, event FROM places p WHERE {self._in('p', number)} AND {begun}"
                + (" AND p.event < 0" if entered else "")
            )
        return " UNION ".join(parts)

    def _in(self, name: str, number: int) -> str:
        """The condition for a place to be in one of the feeds of a facet."""
        feeds = self._facets[number]
        (facet, _), slugs = feeds[0], [f":slug{number}_{n}" for n in range(len(feeds))]
        self._values |= {f"in{number}": facet, **{f"slug{number}_{n}": slug for n, (_, slug) in enumerate(feeds)}}
        return (
            f"{name}.language = :in_language AND {name}.facet = :in{number} AND {name}.slug IN ({', '.join(slugs)})"
            f" AND {name}.moment <= :now"
        )
