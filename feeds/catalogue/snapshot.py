"""One state of the newsroom: who publishes, when it changes by itself, and its releases, pages, counts and problems."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple, Self

from feeds.catalogue import change_log
from feeds.catalogue.catalogue_file import is_sound, open_as_it_is, open_to_read
from feeds.catalogue.change_log import Changes, ReleaseTags
from feeds.catalogue.counts import Counts
from feeds.catalogue.errors import CatalogueError, CatalogueUnwritableError, readable
from feeds.catalogue.feed_pages import Pages
from feeds.catalogue.kept_releases import KeptReleases, KeptSimilarReleases
from feeds.catalogue.problem_rows import Problems
from feeds.catalogue.quotes import Quotes
from feeds.catalogue.releases import VISIBLE, Releases
from feeds.catalogue.reports import Reports
from feeds.catalogue.similar_releases import SimilarReleases
from feeds.catalogue.sitemap_parts import SitemapParts
from feeds.catalogue.tables import generation, meta, theme_from_json, vocabulary_from_json, was_made_in_a_leap
from feeds.catalogue.visible_media import Media
from feeds.database import Database, micros, moment
from feeds.model.retirement import retirement_moments
from feeds.model.theme import Theme
from feeds.model.vocabulary import Vocabulary

_PINNED = f"releases r INDEXED BY releases_pinned CROSS JOIN editions e ON e.release = r.key WHERE {VISIBLE}"
"""The releases that may be seen and have, or once had, the first place of the front page."""


class Snapshot:
    """The newsroom at one state of the catalogue; every question says for what time it is asked.

    Readers may see what ``releases``, ``alike``, ``media``, ``pages``, ``counts``, ``quotes`` and ``sitemap``
    answer. ``problems`` and ``reports`` are for editors, but for the problems that are public.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.releases = Releases(database)
        self.alike = SimilarReleases(database)
        self.pages = Pages(database)
        self.counts = Counts(database)
        self.sitemap = SitemapParts(database)
        self.problems = Problems(database)
        self.reports = Reports(database)
        self.media = Media(database)
        self.quotes = Quotes(database)

    def keeping(self) -> Self:
        """The same state for whoever makes many documents of one moment: what is found for one is kept for others."""
        found = copy(self)
        found.releases, found.alike = KeptReleases(self._database), KeptSimilarReleases(self._database)
        return found

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The newsroom and its terms. Raises CatalogueError if they cannot be read."""
        with readable("the newsroom"):
            return _vocabulary(meta(self._database, "vocabulary") or "")

    @cached_property
    def theme(self) -> Theme:
        """The templates and the style sheet of the newsroom's own. Raises CatalogueError if they cannot be read."""
        with readable("the theme"):
            return _theme(meta(self._database, "theme") or "")

    @property
    def in_common(self) -> tuple[str, str]:
        """What all documents depend on, as text: the newsroom with its terms, and its theme."""
        return meta(self._database, "vocabulary") or "", meta(self._database, "theme") or ""

    @cached_property
    def base_url(self) -> str:
        """The base address the entries were rendered for."""
        return meta(self._database, "base_url") or ""

    @property
    def stamp(self) -> tuple[str, ...]:
        """What all documents have in common: the newsroom with its terms, the theme, and the base address."""
        return tuple(meta(self._database, name) or "" for name in ("style", "theme"))

    @property
    def generation(self) -> int:
        """A number that is raised by every compile that changes what the catalogue says."""
        return generation(self._database)

    def was_made_in_a_leap(self, now: datetime) -> bool:
        """Whether the clock had leapt ahead when it was made: then it tells of changes that have not come yet."""
        return was_made_in_a_leap(self._database, now)

    def next_moment(self, now: datetime) -> datetime | None:
        """When the newsroom next changes by itself; None if nothing is scheduled."""
        ahead = [end for end in retirement_moments(self.vocabulary) if end > now]
        ahead += self._edge(f"MIN(r.pinned) FROM {_PINNED} AND r.pinned > :now", now)
        ahead += self._edge("MIN(since) FROM editions WHERE since > :now", now)
        ahead += self._edge("MIN(moment) FROM places WHERE moment > :now", now)  # by the clock of another machine
        return min(ahead, default=None)

    def last_moment(self, now: datetime) -> datetime | None:
        """When the newsroom last changed by itself; None if nothing has happened yet."""
        behind = [end for end in retirement_moments(self.vocabulary) if end <= now]
        behind += self._edge("MAX(since) FROM editions WHERE since <= :now", now)
        behind += self._edge("MAX(moment) FROM places WHERE moment <= :now", now)  # what came late, when it was told
        behind += self._edge(f"MAX(r.pinned) FROM {_PINNED} AND r.pinned <= :now", now)
        return max(behind, default=None)

    def last_change(self, now: datetime) -> datetime | None:
        """When the newsroom last changed in any way that readers see; None if nothing has happened yet."""
        changed = [
            each
            for query in ("MAX(changed) FROM releases", "MAX(moment) FROM leavings")
            for each in self._database.execute(f"SELECT {query}").fetchone()
            if each
        ]
        looks = (meta(self._database, name) for name in ("restyled", "rethemed"))
        seen = [moment(each) for each in (*changed, *(int(look) for look in looks if look))]
        return max([*seen, *filter(None, [self.last_moment(now)])], default=None)

    @property
    def restyled(self) -> datetime | None:
        """When what all documents have in common last changed; None if never since readers know it."""
        known = meta(self._database, "restyled")
        return moment(int(known)) if known else None

    def changes(self, after: str | None, since: datetime, until: datetime) -> Changes:
        """What may have changed for readers after a place in the log of changes, and by itself between two times."""
        return change_log.changes(self._database, after, since, until)

    def visible_tags(self, now: datetime) -> frozenset[ReleaseTags]:
        """The languages and terms of every release that readers may see."""
        return change_log.visible_tags(self._database, now)

    def _edge(self, query: str, now: datetime) -> list[datetime]:
        (found,) = self._database.execute(f"SELECT {query}", {"now": micros(now)}).fetchone()
        return [] if found is None else [moment(found)]


@lru_cache(maxsize=4)
def _vocabulary(text: str) -> Vocabulary:
    return vocabulary_from_json(text)


@lru_cache(maxsize=4)
def _theme(text: str) -> Theme:
    return theme_from_json(text)


class _Opened(NamedTuple):
    """A connection, the process that opened it, and the file it belongs to."""

    process: int
    inode: int
    database: Database
    lasting: bool = True
    """False if it must be opened again for the next question: it would not see what is written."""


_inherited: list[_Opened] = []
"""Connections from before a fork. Kept, since even to close one would harm the parent's (sqlite.org, howtocorrupt)."""


class Catalogue:
    """The compiled newsroom, for as many threads as read it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._threads = threading.local()
        self._watching = threading.Lock()
        self._watch: _Opened | None = None

    def version(self) -> tuple[int, int]:
        """Changes with every compile that changed something, whoever made it; costs microseconds.

        While the file is missing the last version stands: what was read from it still holds. Raises CatalogueError.
        """
        with self._watching:
            self._watch = self._current(self._watch)
            try:
                version = generation(self._watch.database)
            except (sqlite3.Error, ValueError) as error:
                self._watch = None
                raise CatalogueError(f"{self.path}: {error}") from error
            return self._watch.inode, version

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """One state of the newsroom, unchanged until the block ends. Raises CatalogueError for a damaged file."""
        self._threads.opened = self._current(getattr(self._threads, "opened", None))
        database: Database = self._threads.opened.database
        try:
            database.execute("BEGIN")
            try:
                yield Snapshot(database)
            finally:
                database.execute("ROLLBACK")
        except sqlite3.Error as error:
            self._threads.opened = None
            raise CatalogueError(f"{self.path}: {error}") from error
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            # A damaged file can raise any of these errors. If the file is sound, the error is the program's own.
            if is_sound(self.path):
                raise
            self._threads.opened = None
            raise CatalogueError(f"{self.path}: {type(error).__name__} {error}") from error

    def _current(self, opened: _Opened | None) -> _Opened:
        """The connection, or a new one if the file was built anew or this process is a fork of the one that opened it.

        While the file is missing the old connection is used.
        """
        process, inode = os.getpid(), self._inode()
        if opened is not None and opened.process != process:
            _inherited.append(opened)
            opened = None
        if opened is None or not opened.lasting or (inode and inode != opened.inode):
            try:
                opened = _Opened(process, inode, open_to_read(self.path))
            except CatalogueUnwritableError:
                opened = _Opened(process, inode, open_as_it_is(self.path), lasting=False)
        return opened

    def _inode(self) -> int:
        try:
            return self.path.stat().st_ino
        except FileNotFoundError:
            return 0
