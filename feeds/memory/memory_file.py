"""The memory's SQLite file: how it is made, brought up to date, opened, checked, copied and set aside."""

from __future__ import annotations

import fcntl
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import count
from pathlib import Path
from random import Random
from typing import TypeAlias

from feeds import database as sqlite_file
from feeds.database import Database, Server, SqliteDatabase, connect, make_file, passes, remove
from feeds.errors import FeedsError
from feeds.memory.postgresql_memory import open_on_server

APPLICATION_ID = 0x4645454D  # "FEEM"

SEEN_UNTIL = "seen_until"
"""The fact that says up to when the memory is complete, in microseconds since 1970."""

_VERSION_1 = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE seen (mark INTEGER PRIMARY KEY, id TEXT NOT NULL, language TEXT NOT NULL, path TEXT NOT NULL,
    story TEXT NOT NULL, title INTEGER NOT NULL, published INTEGER NOT NULL, text INTEGER NOT NULL,
    gone INTEGER NOT NULL, withdrawn INTEGER, digest BLOB NOT NULL, changed INTEGER NOT NULL, model TEXT);
CREATE INDEX seen_by_story ON seen (story);
CREATE INDEX seen_gone ON seen (mark) WHERE gone;
CREATE TABLE places (language TEXT NOT NULL, facet TEXT NOT NULL, slug TEXT NOT NULL, moment INTEGER NOT NULL,
    seq INTEGER NOT NULL, published INTEGER NOT NULL, mark INTEGER NOT NULL, event INTEGER NOT NULL,
    PRIMARY KEY (language, facet, slug, moment, seq, published, mark)) WITHOUT ROWID;
CREATE INDEX places_by_moment ON places (language, moment, seq);
CREATE TABLE leavings (language TEXT NOT NULL, facet TEXT NOT NULL, slug TEXT NOT NULL, moment INTEGER NOT NULL,
    PRIMARY KEY (language, facet, slug)) WITHOUT ROWID;
CREATE TABLE pushed (path TEXT PRIMARY KEY, digest BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE outbox (path TEXT PRIMARY KEY, since INTEGER NOT NULL, due INTEGER NOT NULL, tries INTEGER NOT NULL)
    WITHOUT ROWID;
CREATE INDEX outbox_by_due ON outbox (due, path);
"""

_VERSION_2 = """
CREATE TABLE purges (cache TEXT NOT NULL, key TEXT NOT NULL, since INTEGER NOT NULL, due INTEGER NOT NULL,
    tries INTEGER NOT NULL, again INTEGER NOT NULL, PRIMARY KEY (cache, key)) WITHOUT ROWID;
"""

_VERSION_3 = """
CREATE TABLE indexed (path TEXT PRIMARY KEY, digest BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE index_outbox (path TEXT PRIMARY KEY, since INTEGER NOT NULL, due INTEGER NOT NULL, tries INTEGER NOT NULL)
    WITHOUT ROWID;
CREATE INDEX index_outbox_by_due ON index_outbox (due, path);
"""

_STEPS = (_VERSION_1, _VERSION_2, _VERSION_3)
"""The SQL that makes each version from the one before. A memory is never built again, so no step may ever change."""

VERSION = len(_STEPS)


_SMALL = 1_000
"""Pages of the largest file that is read as a whole faster than a few thousand of its rows: about 5,500 releases."""

_LOOKED_AT = 4_000
"""Rows of a table that are read to notice damage."""

_OF_SEEN = "mark, changed, length(id), length(digest)"
_OF_PLACES = "moment, seq, mark, length(slug), event"  # the index alone does not have the event


class MemoryDamagedError(FeedsError):
    """The memory cannot be read. It is set aside, and a new one is filled with what the catalogue still knows."""


MemoryLocation: TypeAlias = Path | Server
"""Where a memory is: in a file, or on a server."""


def exists(location: MemoryLocation) -> bool:
    """Whether there is a memory. On a server there always is one: whoever opens it first makes it."""
    return isinstance(location, Server) or location.exists()


def open_memory(location: MemoryLocation) -> Database:
    """A connection that may write; makes the memory if there is none, and brings an older one up to date.

    Raises MemoryDamagedError, and FeedsError where a newer version of the program has written it or the machine
    refuses.
    """
    return open_on_server(location, _STEPS) if isinstance(location, Server) else _open_file(location)


def _open_file(path: Path) -> SqliteDatabase:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _one_at_a_time(path.parent), translated(path):
        if not path.exists():
            make_file(path)
        with ExitStack() as unless_it_is_sound:
            database = unless_it_is_sound.enter_context(closing(connect(path, synchronous="FULL")))
            _bring_up_to_date(database, path)
            unless_it_is_sound.pop_all()
        return database


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Keeps others from opening a memory of the folder meanwhile.

    SQLite refuses to turn a file to WAL while anybody reads it, and does not wait. The folder is locked and not the
    file: closing a file that SQLite has open would end SQLite's own locks (https://www.sqlite.org/howtocorrupt.html,
    2.2).
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _bring_up_to_date(database: SqliteDatabase, path: Path) -> None:
    is_empty = not database.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]
    application, version = sqlite_file.identity(database)
    if application == 0 and is_empty:
        database.executescript(f"PRAGMA journal_mode = WAL; PRAGMA application_id = {APPLICATION_ID};")
    elif application != APPLICATION_ID:
        raise MemoryDamagedError(f"{path}: no memory of this program")
    elif version > VERSION:
        advice = "start that version again, or restore a backup"
        raise FeedsError(f"{path}: what readers have been shown was written by a newer version of feeds ({advice})")
    for number in range(version, VERSION):
        database.executescript(f"BEGIN IMMEDIATE; {_STEPS[number]} PRAGMA user_version = {number + 1}; COMMIT;")


def is_sound(path: Path) -> bool:
    """Whether every page of the file can be read."""
    try:
        with closing(_open_file(path)) as database:
            return bool(database.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
    except (MemoryDamagedError, sqlite3.Error):
        return False


def check(database: Database, now: int, *, thoroughly: bool) -> None:
    """Looks for damage while the catalogue still knows what is lost. Raises MemoryDamagedError or sqlite3.Error.

    ``thoroughly`` reads every page of the file; a small file is always read so. Otherwise a few thousand releases and
    places are read, others at each time ``now``: this takes milliseconds however many there are.
    """
    if not isinstance(database, SqliteDatabase):
        return  # a server has checks of its own
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    if thoroughly or pages <= _SMALL:
        if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise MemoryDamagedError("what readers have been shown is damaged")
        return
    dice = Random(now)  # noqa: S311 - it only says where to look
    _read_some(database, "seen", "mark", f"SELECT {_OF_SEEN} FROM seen WHERE TRUE", (), dice)
    language = ""
    while language is not None:
        rows = f"SELECT {_OF_PLACES} FROM places INDEXED BY places_by_moment WHERE language = ?"
        _read_some(database, "places", "moment", rows, (language,), dice)
        (language,) = database.execute("SELECT MIN(language) FROM places WHERE language > ?", (language,)).fetchone()


def _read_some(database: Database, table: str, column: str, rows: str, values: tuple[str, ...], dice: Random) -> None:
    """Reads rows of a table in the order of a column, from a random one on; after the last row, from the first on."""
    which = " WHERE language = ?" if values else ""
    # SQLite finds MIN or MAX alone in the index; for both in one query it reads all rows.
    first, last = (
        database.execute(f"SELECT {end}({column}) FROM {table}{which}", values).fetchone()[0] for end in ("MIN", "MAX")
    )
    left = _LOOKED_AT
    for start in () if first is None else (dice.randint(first, last), first):
        some = f"{rows} AND {column} >= ? ORDER BY {column} LIMIT ?"
        left -= len(database.execute(some, (*values, start, left)).fetchall())


def set_aside(path: Path) -> Path:
    """Renames a damaged memory, for whoever wants to look into it. Returns its new name, which no other file has."""
    names = (path.with_suffix(f".damaged{f'-{number}' if number else ''}") for number in count())
    aside = next(name for name in names if not name.exists())
    path.replace(aside)
    remove(path)  # its companions
    return aside


_COLUMNS = {
    "facts": ("name", "value"),
    "seen": ("mark", "id", "language", "path", "story", "title", "published", "text", "gone", "withdrawn", "digest",
             "changed", "model"),
    "places": ("language", "facet", "slug", "moment", "seq", "published", "mark", "event"),
    "leavings": ("language", "facet", "slug", "moment"),
    "pushed": ("path", "digest"),
    "outbox": ("path", "since", "due", "tries"),
    "indexed": ("path", "digest"),
    "index_outbox": ("path", "since", "due", "tries"),
    "purges": ("cache", "key", "since", "due", "tries", "again"),
}  # fmt: skip
_TRUTHS = ("gone", "again")


def copy_all(source: Database, target: Database) -> None:
    """Copies a memory into an empty one of either engine."""
    with source.transaction(), target.transaction():
        for table, columns in _COLUMNS.items():
            truths = [column in _TRUTHS for column in columns]
            rows = source.stream(f"SELECT {', '.join(columns)} FROM {table}")
            target.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
                ([bool(each) if truth else each for each, truth in zip(row, truths, strict=True)] for row in rows),
            )


def save_copy(location: MemoryLocation, target: Path) -> None:
    """Writes a consistent copy of the memory to a new file, while others use it. Raises FeedsError."""
    if target.exists():
        raise FeedsError(f"{target}: is there already (name a new file)")
    beside = target.with_name(f".{target.name}.part")
    try:
        if isinstance(location, Server):
            beside.unlink(missing_ok=True)
            with closing(open_memory(location)) as source, closing(_open_file(beside)) as copy:
                copy_all(source, copy)
                copy.execute("PRAGMA journal_mode = DELETE")
            beside.replace(target)
            return
        with closing(_open_file(location)) as source:
            beside.unlink(missing_ok=True)
            make_file(beside)
            with closing(connect(beside, synchronous="FULL")) as copy:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
        beside.replace(target)
    except (sqlite3.Error, OSError) as error:
        raise FeedsError(f"{target}: {error}") from error
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def translated(path: MemoryLocation) -> Iterator[None]:
    """Raises MemoryDamagedError for an error of the file, and FeedsError for one of the machine."""
    try:
        yield
    except sqlite3.Error as error:
        kind = FeedsError if passes(error) else MemoryDamagedError
        raise kind(f"{path}: {error}") from error


# -- single facts --------------------------------------------------------------------------------------------------


def fact(database: Database, name: str) -> str | None:
    """A single remembered value; None if it was never written."""
    row = database.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
    return row[0] if row else None


def set_facts(database: Database, **values: str) -> None:
    """Writes single values."""
    database.executemany(
        "INSERT INTO facts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", values.items()
    )


def identity(database: Database) -> str:
    """A name that no other memory has; it is made when it is asked for first."""
    known = fact(database, "identity")
    if known is None:
        known = secrets.token_hex(8)
        set_facts(database, identity=known)
    return known
