"""How many releases there are of what, and when they came: for pages and directories; `inventory` for editors."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from feeds.catalogue.paging import selected
from feeds.catalogue.tables import CURRENT, micros, moment
from feeds.model.release import Release
from feeds.model.selection import Selection


@dataclass(frozen=True, slots=True)
class Counted:
    """How many releases of a term may be seen in one language, and the newest publication."""

    releases: int
    newest: datetime


@dataclass(frozen=True, slots=True)
class Inventory:
    """What an editor's newsroom holds."""

    visible: int
    by_language: dict[str, int]
    scheduled: int
    drafts: int


def counts(database: sqlite3.Connection, language: str, now: datetime) -> dict[tuple[str, str], Counted]:
    """For every term that has releases to be seen in a language: how many, and the newest."""
    rows = database.execute(
        "SELECT t.facet, t.slug, COUNT(*), MAX(r.published) FROM releases r JOIN editions e ON e.release = r.key"
        f" JOIN tags t ON t.release = r.key WHERE NOT r.shadowed AND r.language = :language AND {CURRENT}"
        " GROUP BY t.facet, t.slug",
        {"language": language, "now": micros(now)},
    )
    return {(facet, slug): Counted(count, moment(newest)) for facet, slug, count, newest in rows}


def count(database: sqlite3.Connection, selection: Selection, now: datetime) -> Counted | None:
    """How many releases of a selection may be seen, and the newest; None if there are none."""
    where, values = selected(selection)
    count, newest = database.execute(
        "SELECT COUNT(*), MAX(r.published) FROM releases r JOIN editions e ON e.release = r.key"
        f" WHERE {where} AND {CURRENT}"
        + (" AND (e.corrected OR e.withdrawn)" if selection.corrections else "")
        + (" AND NOT e.withdrawn" if selection.words else ""),
        {"now": micros(now), **values},
    ).fetchone()
    return Counted(count, moment(newest)) if count else None


def published(database: sqlite3.Connection, selection: Selection, since: datetime, now: datetime) -> list[datetime]:
    """When each release of a selection was published that may be seen: those since a time, oldest first."""
    where, values = selected(selection)
    rows = database.execute(
        f"SELECT r.published FROM releases r JOIN editions e ON e.release = r.key WHERE {where} AND {CURRENT}"
        " AND NOT e.withdrawn AND r.published >= :since ORDER BY r.published",
        {"since": micros(since), "now": micros(now), **values},
    )
    return [moment(published) for (published,) in rows]


def published_by_term(
    database: sqlite3.Connection, selection: Selection, since: datetime, now: datetime
) -> list[tuple[str, str, datetime]]:
    """The same for every term of a selection's releases: once for each term that a release bears."""
    where, values = selected(selection)
    rows = database.execute(
        "SELECT t.facet, t.slug, r.published FROM releases r JOIN editions e ON e.release = r.key"
        f" JOIN tags t ON t.release = r.key WHERE {where} AND {CURRENT} AND NOT e.withdrawn"
        " AND r.published >= :since ORDER BY r.published",
        {"since": micros(since), "now": micros(now), **values},
    )
    return [(facet, slug, moment(published)) for facet, slug, published in rows]


def visible(database: sqlite3.Connection, now: datetime) -> int:
    """How many releases may be seen, in all languages."""
    row = database.execute(
        f"SELECT COUNT(*) FROM releases r JOIN editions e ON e.release = r.key WHERE NOT r.shadowed AND {CURRENT}",
        {"now": micros(now)},
    ).fetchone()
    return int(row[0])


def combinations(database: sqlite3.Connection, language: str, now: datetime) -> list[dict[str, tuple[str, ...]]]:
    """The terms of every release to be seen in a language: what combinations are worth listing."""
    rows = database.execute(
        "SELECT r.model FROM releases r JOIN editions e ON e.release = r.key"
        f" WHERE NOT r.shadowed AND r.language = :language AND {CURRENT} ORDER BY r.published, r.id",
        {"language": language, "now": micros(now)},
    )
    return [dict(Release.model_validate_json(model).terms) for (model,) in rows]


def inventory(database: sqlite3.Connection, now: datetime) -> Inventory:
    """How many releases of each kind there are: for editors, never for readers."""
    rows = database.execute(
        "SELECT r.language, COUNT(*) FROM releases r JOIN editions e ON e.release = r.key"
        f" WHERE NOT r.shadowed AND {CURRENT} GROUP BY r.language",
        {"now": micros(now)},
    )
    by_language = dict(rows.fetchall())
    drafts, ahead = database.execute(
        "SELECT SUM(NOT EXISTS (SELECT 1 FROM editions e WHERE e.release = r.key)), SUM(r.published > :now)"
        " FROM releases r WHERE NOT r.shadowed",
        {"now": micros(now)},
    ).fetchone()
    drafts_ahead = database.execute(
        "SELECT COUNT(*) FROM releases r WHERE NOT r.shadowed AND r.published > ?"
        " AND NOT EXISTS (SELECT 1 FROM editions e WHERE e.release = r.key)",
        (micros(now),),
    ).fetchone()[0]
    return Inventory(sum(by_language.values()), by_language, (ahead or 0) - drafts_ahead, drafts or 0)
