"""Pages of feeds: the live document, archive documents that do not change (RFC 5005), and the entries in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from feeds.catalogue import fulltext
from feeds.catalogue.engine import readable
from feeds.catalogue.releases import EDITIONS, VISIBLE, in_selection
from feeds.catalogue.tables import micros, moment
from feeds.formats import Format
from feeds.model.selection import Selection

# The editions a with which a release takes a place among the corrections: each correction or withdrawal that readers
# are told of, and the first one in any case. Never its publication: that would push apart pages that are closed.
_CORRECTED = """(a.corrected OR a.withdrawn) AND (a.announces OR NOT EXISTS
    (SELECT 1 FROM editions b WHERE b.release = a.release AND b.since < a.since AND (b.corrected OR b.withdrawn)))"""


@dataclass(frozen=True, slots=True)
class Page:
    """The entries of one document of a feed, newest change first."""

    editions: tuple[int, ...]
    updated: datetime | None
    """The newest change among them; None for a page without any."""
    number: int
    """Of an archive document, from 1; 0 for the live one."""
    last: int
    """How many archive documents there are."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Questions about pages of feeds."""

    _database: sqlite3.Connection

    def of(self, selection: Selection, now: datetime, archive: int, per_page: int, per_page_bytes: int) -> Page | None:
        """The entries of a live document (archive 0) or an archive document; None for a number there is not.

        Every change that readers were told of has its place in one row, oldest first, and the row is cut into pages
        as it grows; so a page once closed keeps its borders, whatever is published later (RFC 5005 section 4). What
        was superseded leaves its place empty. The live document is the last closed page and the one still open.

        A search by words has no archive: it finds the newest publications that have them.
        """
        if selection.words:
            return None if archive else self._search(selection, now, per_page, per_page_bytes)
        places = self._places(selection, now)
        borders = _borders([size for _, size, _ in places], per_page, per_page_bytes)
        closed = len(borders) - 1
        last = max(closed - 1, 0)
        if archive > last:
            return None
        start, end = (borders[archive - 1], borders[archive]) if archive else (borders[last], len(places))
        shown = [(edition, updated) for edition, _, updated in places[start:end] if edition]
        newest = moment(max(updated for _, updated in shown)) if shown else None
        return Page(tuple(edition for edition, _ in reversed(shown)), newest, archive, last)

    def updates(self, editions: Sequence[int]) -> frozenset[datetime]:
        """When readers were last told of something in each of these editions."""
        marks = ",".join("?" * len(editions))
        rows = self._database.execute(f"SELECT updated FROM editions WHERE key IN ({marks})", editions)
        return frozenset(moment(updated) for (updated,) in rows)

    def entries(self, editions: Sequence[int], form: Format) -> list[bytes]:
        """The rendered entries in one format, in the order asked for. Raises CatalogueError if one is missing."""
        marks = ",".join("?" * len(editions))
        query = f"SELECT edition, bytes FROM rendered WHERE format = ? AND edition IN ({marks})"
        rows = dict(self._database.execute(query, (form.suffix, *editions)))
        with readable("an entry"):
            return [rows[edition] for edition in editions]

    def _search(self, selection: Selection, now: datetime, most: int, heaviest: int) -> Page:
        where, values = in_selection(selection)
        where += f" AND {VISIBLE}" + (" AND e.corrected" if selection.corrections else "")
        found = fulltext.newest(self._database, where, {"now": micros(now), **values}, most, heaviest)
        newest = moment(max(updated for _, updated in found)) if found else None
        return Page(tuple(edition for edition, _ in found), newest, 0, 0)

    def _places(self, selection: Selection, now: datetime) -> list[tuple[int, int, int]]:
        """For each change in order: the edition that stands for it now (0 if a later one took over), size, time."""
        where, values = in_selection(selection)
        told = _CORRECTED if selection.corrections else "a.announces"
        rows = self._database.execute(
            f"SELECT IIF(e.updated = a.updated, e.key, 0), a.size, a.since FROM {EDITIONS}"
            f" JOIN editions a ON a.release = r.key AND a.since <= :now AND {told}"
            f" WHERE {where} AND {VISIBLE} ORDER BY a.since, r.id",
            {"now": micros(now), **values},
        )
        return rows.fetchall()


def _borders(sizes: list[int], per_page: int, per_page_bytes: int) -> list[int]:
    """Where pages begin: 0, then a border after each page that is closed.

    A page closes as soon as it is full, or when the next entry would make it too heavy.

    >>> _borders([1] * 7, 3, 100)
    [0, 3, 6]
    >>> _borders([60, 60, 10], 3, 100)
    [0, 1]
    """
    borders = [0]
    weight = 0
    for number, size in enumerate(sizes):
        if number > borders[-1] and weight + size > per_page_bytes:
            borders.append(number)
            weight = 0
        weight += size
        if number + 1 - borders[-1] == per_page:
            borders.append(number + 1)
            weight = 0
    return borders
