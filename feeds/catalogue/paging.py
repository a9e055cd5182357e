"""How a feed's releases fall into documents: the live one, and archive documents that do not change (RFC 5005)."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from feeds.catalogue import fulltext
from feeds.catalogue.tables import CURRENT, micros, moment
from feeds.model.selection import Selection

# Where a release has its places among the corrections: at each correction or withdrawal that readers are told of,
# and at the first one in any case. Never at its publication: that would push apart pages that are closed.
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


def page(
    database: sqlite3.Connection, selection: Selection, now: datetime, archive: int, per_page: int, per_page_bytes: int
) -> Page | None:
    """The entries of a live document (archive 0) or an archive document; None for a number there is not.

    Every change that readers were told of has its place in one row, oldest first, and the row is cut into pages
    as it grows; so a page once closed keeps its borders, whatever is published later (RFC 5005 section 4). What
    was superseded leaves its place empty. The live document is the last closed page and the one still open.

    What is sought by words has no archive: the newest publications that hold them.
    """
    if selection.words:
        return None if archive else _sought(database, selection, now, per_page, per_page_bytes)
    places = _places(database, selection, now)
    borders = _borders([size for _, size, _ in places], per_page, per_page_bytes)
    closed = len(borders) - 1
    last = max(closed - 1, 0)
    if archive > last:
        return None
    start, end = (borders[archive - 1], borders[archive]) if archive else (borders[last], len(places))
    shown = [(edition, updated) for edition, _, updated in places[start:end] if edition]
    newest = moment(max(updated for _, updated in shown)) if shown else None
    return Page(tuple(edition for edition, _ in reversed(shown)), newest, archive, last)


def _sought(database: sqlite3.Connection, selection: Selection, now: datetime, most: int, heaviest: int) -> Page:
    where, values = selected(selection)
    where += f" AND {CURRENT}" + (" AND e.corrected" if selection.corrections else "")
    found = fulltext.newest(database, where, {"now": micros(now), **values}, most, heaviest)
    newest = moment(max(updated for _, updated in found)) if found else None
    return Page(tuple(edition for edition, _ in found), newest, 0, 0)


def _places(database: sqlite3.Connection, selection: Selection, now: datetime) -> list[tuple[int, int, int]]:
    """Of each change in order: the edition that stands for it now (0 if a later change took over), size, time."""
    where, values = selected(selection)
    told = _CORRECTED if selection.corrections else "a.announces"
    rows = database.execute(
        "SELECT IIF(c.updated = a.updated, c.key, 0), a.size, a.since FROM releases r"
        f" JOIN editions a ON a.release = r.key AND a.since <= :now AND {told}"
        " JOIN editions c ON c.release = r.key AND c.since <= :now AND c.until > :now"
        f" WHERE {where} ORDER BY a.since, r.id",
        {"now": micros(now), **values},
    )
    return rows.fetchall()


def selected(selection: Selection) -> tuple[str, dict[str, str]]:
    """A WHERE clause for a selection, and its values."""
    where = ["NOT r.shadowed", "r.language = :language"]
    values = {"language": selection.language}
    for place, (facet, slugs) in enumerate(selection.terms):
        names = [f"slug{place}_{number}" for number in range(len(slugs))]
        values |= {f"facet{place}": facet, **dict(zip(names, slugs, strict=True))}
        marks = ", ".join(f":{name}" for name in names)
        where.append(f"r.key IN (SELECT release FROM tags WHERE facet = :facet{place} AND slug IN ({marks}))")
    if selection.words:
        where.append("r.key IN (SELECT rowid FROM sought WHERE sought MATCH :words)")
        values["words"] = fulltext.matching(selection.words)
    return " AND ".join(where), values


def _borders(sizes: list[int], per_page: int, per_page_bytes: int) -> list[int]:
    """Where pages begin: 0, then one border for each page that is closed.

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
