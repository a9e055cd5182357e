"""How many releases readers may see, of which terms, and when they were published."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from feeds.catalogue import bitmaps
from feeds.catalogue.paging import places_language
from feeds.catalogue.releases import EDITIONS, VISIBLE, in_selection, visible_in
from feeds.database import micros, moment
from feeds.memory.places import ALL, Feed
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
        rows = self._database.execute("SELECT DISTINCT language FROM releases").fetchall()
        found = (bitmaps.releases(self._database, language, [[ALL]], micros(now)) for (language,) in rows)
        return sum(each.bit_count() for each in found)

    def of(self, selection: Selection, now: datetime) -> Counted | None:
        """How many releases a selection has, and the newest; None if it has none."""
        if selection.words or selection.corrections:
            where, values = visible_in(selection)
            count, newest = self._database.execute(
                f"SELECT COUNT(*), MAX(r.published) FROM {EDITIONS} WHERE {where}", {"now": micros(now), **values}
            ).fetchone()
            return Counted(count, moment(newest)) if count else None
        facets = [[(facet, slug) for slug in slugs] for facet, slugs in selection.terms] or [[ALL]]
        language = places_language(selection)
        found = bitmaps.releases(self._database, language, facets, micros(now))
        return self._counted(language, {ALL: found})[ALL] if found else None

    def by_term(self, within: Selection, now: datetime) -> dict[tuple[str, str], Counted]:
        """By facet and slug, for every term with releases within a selection of terms: how many, and the newest."""
        language = places_language(within)
        facets = [[(facet, slug) for slug in slugs] for facet, slugs in within.terms] or [[ALL]]
        inside = bitmaps.releases(self._database, language, facets, micros(now))
        by_feed = bitmaps.releases_by_feed(self._database, language, micros(now))
        return self._counted(language, {feed: each & inside for feed, each in by_feed.items() if feed != ALL})

    def _counted(self, language: str, found: Mapping[Feed, int]) -> dict[Feed, Counted]:
        """By feed, what bitmaps of releases hold; without those that hold none."""
        some = {feed: each for feed, each in found.items() if each}
        newest = bitmaps.newest(self._database, language, some)
        return {feed: Counted(each.bit_count(), moment(newest[feed])) for feed, each in some.items()}

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
