"""What may be seen at a given time: the catalogue's answers, each request over one snapshot."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from feeds import retirement
from feeds.catalogue import overview, searching, writing
from feeds.catalogue.remembering import SEEN_UNTIL
from feeds.catalogue.standing import Standing, newest_until, standing, upcoming
from feeds.catalogue.store import CatalogueError, micros, moment, open_to_read, read
from feeds.errors import Problem
from feeds.formats import ATOM, JSON_FEED, RSS, Format
from feeds.model import Facet, Release
from feeds.review import Known
from feeds.selection import Selection
from feeds.vocabulary import Vocabulary

_COLUMN = {ATOM: "atom", RSS: "rss", JSON_FEED: "json"}

_CURRENT = "e.since <= :now AND e.until > :now"

# Where a release has its places among the corrections: at each correction or withdrawal that readers are told of,
# and at the first one in any case. Never at its publication: that would push apart pages that are closed.
_CORRECTED = """(a.corrected OR a.withdrawn) AND (a.announces OR NOT EXISTS
    (SELECT 1 FROM editions b WHERE b.release = a.release AND b.since < a.since AND (b.corrected OR b.withdrawn)))"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A release that may be seen: its model, and its entry as JSON Feed has it."""

    release: Release
    item: bytes
    withdrawn: bool


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


class _Opened(NamedTuple):
    """A connection, and whose and what it is."""

    process: int
    inode: int
    database: sqlite3.Connection


_inherited: list[_Opened] = []
"""Connections from before a fork. Kept, since even to close one would harm the parent's (sqlite.org, howtocorrupt)."""


class Catalogue:
    """The catalogue's readers: one connection a thread, opened again when the file was built anew."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._threads = threading.local()
        self._watching = threading.Lock()
        self._watch: _Opened | None = None

    def version(self) -> tuple[int, int]:
        """Changes with every compile that changed something, whoever made it; costs microseconds.

        What else is written (who has been told of what) changes no answer, and so not the version either.
        While the file is missing the last version stands: what was read from it still holds. Raises CatalogueError.
        """
        with self._watching:
            self._watch = self._current(self._watch)
            try:
                version = writing.generation(self._watch.database)
            except (sqlite3.Error, ValueError) as error:
                self._watch = None
                raise CatalogueError(f"{self.path}: {error}") from error
            return self._watch.inode, version

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """One whole newsroom, unchanged until the block ends. Raises CatalogueError for a damaged file."""
        self._threads.opened = self._current(getattr(self._threads, "opened", None))
        database: sqlite3.Connection = self._threads.opened.database
        try:
            database.execute("BEGIN")
            try:
                yield Snapshot(database)
            finally:
                database.execute("ROLLBACK")
        except sqlite3.Error as error:
            self._threads.opened = None
            raise CatalogueError(f"{self.path}: {error}") from error

    def _current(self, opened: _Opened | None) -> _Opened:
        """The connection, or a new one if the file was built anew or this process is a fork of the one that opened it.

        While the file is missing the old one holds.
        """
        process, inode = os.getpid(), self._inode()
        if opened is not None and opened.process != process:
            _inherited.append(opened)
            opened = None
        if opened is None or (inode and inode != opened.inode):
            opened = _Opened(process, inode, open_to_read(self.path))
        return opened

    def _inode(self) -> int:
        try:
            return self.path.stat().st_ino
        except FileNotFoundError:
            return 0


class Snapshot:
    """The newsroom at one state of the catalogue; every question says for what time it is asked."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The newsroom and its terms. Raises CatalogueError if they cannot be read."""
        try:
            return _vocabulary(writing.meta(self._database, "vocabulary") or "")
        except (ValueError, KeyError) as error:
            raise CatalogueError(f"the newsroom in the catalogue cannot be read ({error})") from error

    @cached_property
    def base_url(self) -> str:
        """The base address the kept entries were made for."""
        return writing.meta(self._database, "base_url") or ""

    @property
    def seen_until(self) -> datetime | None:
        """The newest moment that is known to have come; None if none was ever written down."""
        kept = writing.meta(self._database, SEEN_UNTIL)
        return moment(int(kept)) if kept else None

    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong in the content folder, sorted."""
        stories = self._database.execute("SELECT DISTINCT story FROM problems").fetchall()
        return tuple(sorted(each for (story,) in stories for each in writing.problems_of(self._database, story)))

    def open_problems(self, now: datetime) -> int:
        """How many problems may be known to everybody: not those of files that nobody may know of yet.

        A problem counts if it is the newsroom's own, or if its file holds something that may be seen.
        """
        folder = "substr(p.file, instr(p.file, '/') + 1)"
        row = self._database.execute(
            f"SELECT COUNT(*) FROM problems p WHERE p.file NOT LIKE '%/releases/%' OR {folder} IN"
            f" (SELECT f.path FROM files f JOIN releases r ON r.story = f.story JOIN editions e ON e.release = r.key"
            f" WHERE NOT r.shadowed AND {_CURRENT})",
            {"now": micros(now)},
        ).fetchone()
        return int(row[0])

    def open_files(self, now: datetime) -> tuple[str, ...]:
        """The files with such problems, sorted; of a release its original, as a translation may be still to come."""
        rows = self._database.execute(
            "SELECT DISTINCT p.file FROM problems p WHERE p.file NOT LIKE '%/releases/%'"
            " OR (substr(p.file, instr(p.file, '/') + 1) = p.story AND EXISTS (SELECT 1 FROM releases r"
            f" JOIN editions e ON e.release = r.key WHERE r.story = p.story AND NOT r.shadowed AND {_CURRENT}))"
            " ORDER BY p.file",
            {"now": micros(now)},
        )
        return tuple(file for (file,) in rows)

    def next_moment(self, now: datetime) -> datetime | None:
        """When the newsroom next changes by itself; None if nothing lies ahead."""
        row = self._database.execute("SELECT MIN(since) FROM editions WHERE since > ?", (micros(now),)).fetchone()
        ahead = [end for end in retirement.moments(self.vocabulary) if end > now]
        return min([*ahead, *([] if row[0] is None else [moment(row[0])])], default=None)

    def last_moment(self, now: datetime) -> datetime | None:
        """When the newsroom last changed by itself; None if nothing has happened yet."""
        row = self._database.execute("SELECT MAX(since) FROM editions WHERE since <= ?", (micros(now),)).fetchone()
        behind = [end for end in retirement.moments(self.vocabulary) if end <= now]
        return max([*behind, *([] if row[0] is None else [moment(row[0])])], default=None)

    def page(
        self, selection: Selection, now: datetime, archive: int, per_page: int, per_page_bytes: int
    ) -> Page | None:
        """The entries of a live document (archive 0) or an archive document; None for a number there is not.

        Every change that readers were told of has its place in one row, oldest first, and the row is cut into pages
        as it grows; so a page once closed keeps its borders, whatever is published later (RFC 5005 section 4). What
        was superseded leaves its place empty. The live document is the last closed page and the one still open.

        What is sought by words has no archive: the newest publications that hold them.
        """
        if selection.words:
            return None if archive else self._sought(selection, now, per_page, per_page_bytes)
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

    def _sought(self, selection: Selection, now: datetime, most: int, heaviest: int) -> Page:
        where, values = _selected(selection)
        where += f" AND {_CURRENT}" + (" AND e.corrected" if selection.corrections else "")
        found = searching.newest(self._database, where, {"now": micros(now), **values}, most, heaviest)
        newest = moment(max(updated for _, updated in found)) if found else None
        return Page(tuple(edition for edition, _ in found), newest, 0, 0)

    def _places(self, selection: Selection, now: datetime) -> list[tuple[int, int, int]]:
        """Of each change in order: the edition that stands for it now (0 if a later change took over), size, time."""
        where, values = _selected(selection)
        told = _CORRECTED if selection.corrections else "a.announces"
        rows = self._database.execute(
            "SELECT IIF(c.updated = a.updated, c.key, 0), a.size, a.since FROM releases r"
            f" JOIN editions a ON a.release = r.key AND a.since <= :now AND {told}"
            " JOIN editions c ON c.release = r.key AND c.since <= :now AND c.until > :now"
            f" WHERE {where} ORDER BY a.since, r.id",
            {"now": micros(now), **values},
        )
        return rows.fetchall()

    def updates(self, editions: Sequence[int]) -> frozenset[datetime]:
        """When readers were last told of something in each of these editions."""
        marks = ",".join("?" * len(editions))
        rows = self._database.execute(f"SELECT updated FROM editions WHERE key IN ({marks})", editions)
        return frozenset(moment(updated) for (updated,) in rows)

    def entries(self, editions: Sequence[int], form: Format) -> list[bytes]:
        """The kept entries in one format, in the order asked for."""
        marks = ",".join("?" * len(editions))
        rows = dict(
            self._database.execute(
                f"SELECT edition, {_COLUMN[form]} FROM kept WHERE edition IN ({marks})",
                editions,
            )
        )
        return [rows[edition] for edition in editions]

    def kept(self, editions: Sequence[int]) -> tuple[Kept, ...]:
        """The releases behind editions, in the order asked for."""
        marks = ",".join("?" * len(editions))
        rows = self._database.execute(
            "SELECT e.key, r.model, k.json, e.withdrawn FROM editions e JOIN releases r ON r.key = e.release"
            f" JOIN kept k ON k.edition = e.key WHERE e.key IN ({marks})",
            editions,
        )
        found = {key: Kept(_release(model), item, bool(withdrawn)) for key, model, item, withdrawn in rows}
        return tuple(found[edition] for edition in editions)

    def release(self, language: str, path: str, now: datetime) -> Kept | None:
        """The release at an address, if it may be seen."""
        row = self._database.execute(
            "SELECT e.key FROM releases r JOIN editions e ON e.release = r.key WHERE NOT r.shadowed"
            f" AND r.language = :language AND r.path = :path AND {_CURRENT}",
            {"language": language, "path": path, "now": micros(now)},
        ).fetchone()
        return self.kept([row[0]])[0] if row else None

    def neighbours(self, release: Release, now: datetime) -> tuple[Kept | None, Kept | None]:
        """The releases published just before and just after one, in its language, of those that stand."""
        published = micros(release.published)
        values = {"language": release.language, "id": release.id, "published": published, "now": micros(now)}
        rows = (
            self._database.execute(
                "SELECT e.key FROM releases r JOIN editions e ON e.release = r.key WHERE NOT r.shadowed"
                f" AND r.language = :language AND (r.published, r.id) {than} (:published, :id)"
                f" AND {_CURRENT} AND NOT e.withdrawn ORDER BY r.published {order}, r.id {order} LIMIT 1",
                values,
            ).fetchone()
            for than, order in (("<", "DESC"), (">", "ASC"))
        )
        earlier, later = (self.kept(row)[0] if row else None for row in rows)
        return earlier, later

    def renamed(self, language: str, path: str, now: datetime) -> str | None:
        """Where a former address leads, if the release may be seen."""
        row = self._database.execute(
            "SELECT r.path FROM aliases a JOIN releases r ON r.key = a.release JOIN editions e ON e.release = r.key"
            f" WHERE NOT r.shadowed AND a.language = :language AND a.path = :path AND {_CURRENT}"
            " ORDER BY r.story, r.key",
            {"language": language, "path": path, "now": micros(now)},
        ).fetchone()
        return row[0] if row else None

    def counts(self, language: str, now: datetime) -> dict[tuple[Facet, str], Counted]:
        """For every term that has releases to be seen in a language: how many, and the newest."""
        rows = self._database.execute(
            "SELECT t.facet, t.slug, COUNT(*), MAX(r.published) FROM releases r JOIN editions e ON e.release = r.key"
            f" JOIN tags t ON t.release = r.key WHERE NOT r.shadowed AND r.language = :language AND {_CURRENT}"
            " GROUP BY t.facet, t.slug",
            {"language": language, "now": micros(now)},
        )
        return {(Facet(facet), slug): Counted(count, moment(newest)) for facet, slug, count, newest in rows}

    def count(self, selection: Selection, now: datetime) -> Counted | None:
        """How many releases of a selection may be seen, and the newest; None if there are none."""
        where, values = _selected(selection)
        count, newest = self._database.execute(
            "SELECT COUNT(*), MAX(r.published) FROM releases r JOIN editions e ON e.release = r.key"
            f" WHERE {where} AND {_CURRENT}"
            + (" AND (e.corrected OR e.withdrawn)" if selection.corrections else "")
            + (" AND NOT e.withdrawn" if selection.words else ""),
            {"now": micros(now), **values},
        ).fetchone()
        return Counted(count, moment(newest)) if count else None

    def standing(self, now: datetime, after: datetime | None = None) -> list[Standing]:
        """Every release that is neither scheduled nor withdrawn, the oldest first; published after a time if given."""
        return standing(self._database, now, after)

    def newest_until(self, now: datetime, until: datetime) -> datetime | None:
        """When the newest of those was published that are not newer than ``until``."""
        return newest_until(self._database, now, until)

    def published(self, selection: Selection, since: datetime, now: datetime) -> list[datetime]:
        """When each release of a selection was published that may be seen: those since a time, oldest first."""
        where, values = _selected(selection)
        rows = self._database.execute(
            f"SELECT r.published FROM releases r JOIN editions e ON e.release = r.key WHERE {where} AND {_CURRENT}"
            " AND NOT e.withdrawn AND r.published >= :since ORDER BY r.published",
            {"since": micros(since), "now": micros(now), **values},
        )
        return [moment(published) for (published,) in rows]

    def published_by_term(self, language: str, since: datetime, now: datetime) -> list[tuple[Facet, str, datetime]]:
        """The same for every term of a language's releases: once for each term that a release bears."""
        rows = self._database.execute(
            "SELECT t.facet, t.slug, r.published FROM releases r JOIN editions e ON e.release = r.key"
            " JOIN tags t ON t.release = r.key WHERE NOT r.shadowed AND r.language = :language"
            f" AND {_CURRENT} AND NOT e.withdrawn AND r.published >= :since ORDER BY r.published",
            {"since": micros(since), "now": micros(now), "language": language},
        )
        return [(Facet(facet), slug, moment(published)) for facet, slug, published in rows]

    def upcoming(self, now: datetime) -> tuple[datetime, str] | None:
        """When the next scheduled release is due, and its title: for editors, never for readers."""
        return upcoming(self._database, now)

    def inventory(self, now: datetime) -> Inventory:
        """How many releases of each kind there are: for editors, never for readers."""
        rows = self._database.execute(
            "SELECT r.language, COUNT(*) FROM releases r JOIN editions e ON e.release = r.key"
            f" WHERE NOT r.shadowed AND {_CURRENT} GROUP BY r.language",
            {"now": micros(now)},
        )
        by_language = dict(rows.fetchall())
        drafts, ahead = self._database.execute(
            "SELECT SUM(NOT EXISTS (SELECT 1 FROM editions e WHERE e.release = r.key)), SUM(r.published > :now)"
            " FROM releases r WHERE NOT r.shadowed",
            {"now": micros(now)},
        ).fetchone()
        drafts_ahead = self._database.execute(
            "SELECT COUNT(*) FROM releases r WHERE NOT r.shadowed AND r.published > ?"
            " AND NOT EXISTS (SELECT 1 FROM editions e WHERE e.release = r.key)",
            (micros(now),),
        ).fetchone()[0]
        return Inventory(sum(by_language.values()), by_language, (ahead or 0) - drafts_ahead, drafts or 0)

    def overview(self, now: datetime) -> tuple[Known, ...]:
        """Every release that is or will be seen: for editors, never for readers."""
        return overview.overview(self._database, now)

    def uneven(self, now: datetime) -> tuple[tuple[str, datetime], ...]:
        """What comes in the middle of a minute, by the original's file: for editors, never for readers."""
        return overview.uneven(self._database, now)

    def stories(self) -> dict[str, tuple[Release, ...]]:
        """By the original's file, every version of a story that is or will be seen: for editors, never for readers."""
        return overview.languages_of_stories(self._database)

    def visible(self, now: datetime) -> int:
        """How many releases may be seen, in all languages."""
        row = self._database.execute(
            f"SELECT COUNT(*) FROM releases r JOIN editions e ON e.release = r.key WHERE NOT r.shadowed AND {_CURRENT}",
            {"now": micros(now)},
        ).fetchone()
        return int(row[0])

    def combinations(self, language: str, now: datetime) -> list[dict[Facet, tuple[str, ...]]]:
        """The terms of every release to be seen in a language: what combinations are worth listing."""
        rows = self._database.execute(
            "SELECT r.model FROM releases r JOIN editions e ON e.release = r.key"
            f" WHERE NOT r.shadowed AND r.language = :language AND {_CURRENT} ORDER BY r.published, r.id",
            {"language": language, "now": micros(now)},
        )
        return [{facet: _release(model).terms(facet) for facet in Facet} for (model,) in rows]


def _selected(selection: Selection) -> tuple[str, dict[str, str]]:
    """A WHERE clause for a selection, and its values."""
    where = ["NOT r.shadowed", "r.language = :language"]
    values = {"language": selection.language}
    for facet, slugs in selection.terms:
        names = [f"{facet.value}{number}" for number in range(len(slugs))]
        values |= dict(zip(names, slugs, strict=True))
        marks = ", ".join(f":{name}" for name in names)
        where.append(f"r.key IN (SELECT release FROM tags WHERE facet = '{facet.value}' AND slug IN ({marks}))")
    if selection.words:
        where.append("r.key IN (SELECT rowid FROM sought WHERE sought MATCH :words)")
        values["words"] = searching.matching(selection.words)
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


@lru_cache(maxsize=4)
def _vocabulary(text: str) -> Vocabulary:
    return read(text)


@lru_cache(maxsize=1_024)
def _release(model: str) -> Release:
    return Release.model_validate_json(model)
