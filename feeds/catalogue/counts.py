"""How many releases readers may see, of which terms, and when they were published."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from feeds.catalogue.releases import EDITIONS, VISIBLE, in_selection, visible_in
from feeds.database import micros, moment
from feeds.model.selection import Selection

_TAGGED = f"{EDITIONS} JOIN tags t ON t.release = r.key"


@dataclass(frozen=True, slots=True)
class Counted:
    """How many releases there are, and when the newest was published."""

    releases: int
    newest: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """Questions about how many releases readers may see."""

    _database: sqlite3.Connection

    def visible(self, now: datetime) -> int:
        """How many releases there are in all languages."""
        row = self._database.execute(
            f"SELECT COUNT(*) FROM {EDITIONS} WHERE {VISIBLE}", {"now": micros(now)}
        ).fetchone()  # fmt: skip
        return int(row[0])

    def of(self, selection: Selection, now: datetime) -> Counted | None:
        """How many releases a selection has, and the newest; None if it has none."""
        where, values = visible_in(selection)
        count, newest = self._database.execute(
            f"SELECT COUNT(*), MAX(r.published) FROM {EDITIONS} WHERE {where}", {"now": micros(now), **values}
        ).fetchone()
        return Counted(count, moment(newest)) if count else None

    def by_term(self, within: Selection, now: datetime) -> dict[tuple[str, str], Counted]:
        """By facet and slug, for every term that has releases within a selection: how many, and the newest."""
        where, values = visible_in(within)
        rows = self._database.execute(
            f"SELECT t.facet, t.slug, COUNT(*), MAX(r.published) FROM {_TAGGED} WHERE {where} GROUP BY t.facet, t.slug",
            {"now": micros(now), **values},
        )
        return {(facet, slug): Counted(count, moment(newest)) for facet, slug, count, newest in rows}

    def publications(self, selection: Selection, since: datetime, now: datetime) -> list[datetime]:
        """When each release of a selection was published, since a time, oldest first; withdrawn ones do not count."""
        where, values = in_selection(selection)
        rows = self._database.execute(
            f"SELECT r.published FROM {EDITIONS} WHERE {where} AND {VISIBLE}"
            " AND NOT e.withdrawn AND r.published >= :since ORDER BY r.published",
            {"since": micros(since), "now": micros(now), **values},
        )
        return [moment(published) for (published,) in rows]

    def publications_by_term(
        self, selection: Selection, since: datetime, now: datetime
    ) -> list[tuple[str, str, datetime]]:
        """The same with facet and slug of each term: a release counts once for every term it has."""
        where, values = in_selection(selection)
        rows = self._database.execute(
            f"SELECT t.facet, t.slug, r.published FROM {_TAGGED} WHERE {where} AND {VISIBLE}"
            " AND NOT e.withdrawn AND r.published >= :since ORDER BY r.published",
            {"since": micros(since), "now": micros(now), **values},
        )
        return [(facet, slug, moment(published)) for facet, slug, published in rows]

    def combinations(self, language: str, now: datetime) -> list[dict[str, tuple[str, ...]]]:
        """By facet, the terms of each release in a language: they say which combinations hold a release."""
        rows = self._database.execute(
            f"SELECT r.key, t.facet, t.slug FROM {_TAGGED} WHERE r.language = :language AND {VISIBLE}"
            " ORDER BY r.published, r.id, t.facet, t.slug",
            {"language": language, "now": micros(now)},
        )
        found: dict[int, dict[str, tuple[str, ...]]] = {}
        for release, facet, slug in rows:
            terms = found.setdefault(release, {})
            terms[facet] = (*terms.get(facet, ()), slug)
        return list(found.values())
