"""One state of the newsroom: who publishes, when it changes by itself, and its releases, pages, counts and problems."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from functools import cached_property, lru_cache

from feeds.catalogue import memory
from feeds.catalogue.counts import Counts
from feeds.catalogue.engine import readable
from feeds.catalogue.paging import Pages
from feeds.catalogue.problems import Problems
from feeds.catalogue.releases import Releases
from feeds.catalogue.reports import Reports
from feeds.catalogue.tables import meta, micros, moment, vocabulary_from_json
from feeds.model.retirement import retirement_moments
from feeds.model.vocabulary import Vocabulary


class Snapshot:
    """The newsroom at one state of the catalogue; every question says for what time it is asked.

    Readers may see what ``releases``, ``pages`` and ``counts`` answer. ``problems`` and ``reports`` are for editors,
    but for the problems that are public.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.releases = Releases(database)
        self.pages = Pages(database)
        self.counts = Counts(database)
        self.problems = Problems(database)
        self.reports = Reports(database)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The newsroom and its terms. Raises CatalogueError if they cannot be read."""
        with readable("the newsroom"):
            return _vocabulary(meta(self._database, "vocabulary") or "")

    @cached_property
    def base_url(self) -> str:
        """The base address the entries were rendered for."""
        return meta(self._database, "base_url") or ""

    @property
    def announced_until(self) -> datetime | None:
        """The newest moment that is known to have come; None if none was ever written down."""
        return memory.announced_until(self._database)

    def next_moment(self, now: datetime) -> datetime | None:
        """When the newsroom next changes by itself; None if nothing is scheduled."""
        ahead = [end for end in retirement_moments(self.vocabulary) if end > now]
        return min([*ahead, *self._edge("MIN(since) FROM editions WHERE since > ?", now)], default=None)

    def last_moment(self, now: datetime) -> datetime | None:
        """When the newsroom last changed by itself; None if nothing has happened yet."""
        behind = [end for end in retirement_moments(self.vocabulary) if end <= now]
        return max([*behind, *self._edge("MAX(since) FROM editions WHERE since <= ?", now)], default=None)

    def _edge(self, query: str, now: datetime) -> list[datetime]:
        (found,) = self._database.execute(f"SELECT {query}", (micros(now),)).fetchone()
        return [] if found is None else [moment(found)]


@lru_cache(maxsize=4)
def _vocabulary(text: str) -> Vocabulary:
    return vocabulary_from_json(text)
