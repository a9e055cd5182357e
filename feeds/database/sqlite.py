"""The embedded engine: SQLite files, how they are opened, told apart and deleted. The only module that opens one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from feeds.database.connection import Database

_PASSING = frozenset((
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN,
))  # fmt: skip


class SqliteDatabase(sqlite3.Connection):
    """A connection to a file. It is sqlite3's own, so a statement costs what it costs there."""

    unpack: Callable[[bytes], bytes] = staticmethod(bytes)
    stream = sqlite3.Connection.execute

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commits all that is written in the block, or nothing of it."""
        self.execute("BEGIN IMMEDIATE")
        with self:
            yield


def make_file(path: Path) -> None:
    """Makes an empty file that only its owner may read; SQLite gives its companions the same mode."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))


def connect(path: Path, mode: str = "rw", *, synchronous: str = "NORMAL", immutable: bool = False) -> SqliteDatabase:
    """A connection for any thread; ``mode`` is ro, rw or rwc. Raises sqlite3.Error.

    ``synchronous`` is FULL where a power cut must not cost the last transaction. ``immutable`` reads a file that nobody
    writes to, without the companions that SQLite would make beside it.
    """
    uri = f"{path.absolute().as_uri()}?mode={mode}{'&immutable=1' if immutable else ''}"
    connection = sqlite3.connect(
        uri, uri=True, isolation_level=None, timeout=30, check_same_thread=False, factory=SqliteDatabase
    )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    return connection


def connect_to_memory() -> SqliteDatabase:
    """An empty in-memory database, which is gone when its connection is closed."""
    return sqlite3.connect(":memory:", isolation_level=None, factory=SqliteDatabase)


def identity(database: sqlite3.Connection) -> tuple[int, int]:
    """The application id and the schema's version from the file's header. Raises sqlite3.Error."""
    application, version = (
        database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
    )
    return application, version


def commit_so_far(database: Database) -> None:
    """Commits what a transaction has written into a file, and begins another one."""
    database.execute("COMMIT")
    database.execute("BEGIN IMMEDIATE")


def companions(path: Path) -> tuple[Path, Path]:
    """The files that SQLite keeps beside a database in WAL mode."""
    return path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")


def remove(path: Path) -> None:
    """Deletes a database with its companions, as far as they exist."""
    for each in (path, *companions(path)):
        each.unlink(missing_ok=True)


def passes(error: BaseException) -> bool:
    """Whether an error may pass, since it is the machine's, not the file's: a full disk, a lock, a lack of memory."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF in _PASSING
    return isinstance(error, OSError)
