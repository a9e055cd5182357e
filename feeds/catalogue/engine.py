"""The catalogue's SQLite file: where it lies, and how it is made, opened and written to."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from feeds.catalogue.tables import DERIVED, MEMORY, SCHEMA
from feeds.errors import FeedsError

APPLICATION_ID = 0x46454544  # "FEED"


class CatalogueError(FeedsError):
    """The catalogue is missing, damaged or of another schema: it has to be built again."""


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """The catalogue's file, and a warning for the operator if it is not where it was wanted."""

    path: Path
    warning: str | None = None

    @property
    def lock(self) -> Path:
        """The file beside it that the one process which compiles has locked."""
        return self.path.with_suffix(".lock")


def catalogue_file(data: Path, wanted: Path) -> CatalogueFile:
    """The file in the wanted folder if that can be written, else in the user's cache folder or a temporary one.

    The file's name has the schema in it, so that an old and a new version of the program can run side by side, and a
    hash of the data folder's path, so that two newsrooms never share a catalogue.
    """
    mark = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:12]
    name = f"catalogue-{SCHEMA}-{mark}.sqlite"
    refused = _refusal(wanted)
    if refused is None:
        return CatalogueFile(wanted / name)
    for folder in (
        user_cache_path("newsroom-feeds", appauthor=False),
        Path(tempfile.gettempdir()) / f"newsroom-feeds-{os.getuid()}",
    ):
        if _refusal(folder) is None:
            return CatalogueFile(folder / name, f"{wanted}: {refused}; the catalogue is kept in {folder} instead")
    folder = Path(tempfile.mkdtemp(prefix="newsroom-feeds-"))
    return CatalogueFile(
        folder / name, f"{wanted}: {refused}; the catalogue is kept in {folder}, by this process alone"
    )


def _refusal(folder: Path) -> str | None:
    """Why nothing can be kept in the folder, or None. A folder that belongs to somebody else is not trusted."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_uid not in (os.getuid(), 0):
            return "belongs to another user"
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return error.strerror or "cannot be written"


def create(path: Path) -> sqlite3.Connection:
    """An empty catalogue at a path where there is nothing."""
    # It holds what is not public yet, wherever its folder is; SQLite gives its companions the same mode.
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
    connection = _connect(path, "rwc")
    connection.executescript(
        f"PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA application_id = {APPLICATION_ID};"
        f"BEGIN; {DERIVED} {MEMORY} PRAGMA user_version = {SCHEMA}; COMMIT;"
    )
    return connection


def open_to_write(path: Path) -> sqlite3.Connection:
    """A connection that may write. Raises CatalogueError when the catalogue must be built again."""
    return _checked(path, "rw")


def open_to_read(path: Path) -> sqlite3.Connection:
    """A connection for one reader; readers never wait for the compiler (WAL). Raises CatalogueError."""
    connection = _checked(path, "rw")
    connection.execute("PRAGMA query_only = ON")
    return connection


@contextmanager
def readable(what: str) -> Iterator[None]:
    """Raises CatalogueError if what stands in the catalogue is not what was written there."""
    try:
        yield
    except (ValueError, KeyError, TypeError) as error:
        raise CatalogueError(f"{what} in the catalogue cannot be read ({error})") from error


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """Commits all that is written in the block, or nothing of it."""
    database.execute("BEGIN IMMEDIATE")
    with database:
        yield


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    # The catalogue can be built again at any time: a power cut may cost the last compile, never the file.
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _checked(path: Path, mode: str) -> sqlite3.Connection:
    try:
        connection = _connect(path, mode)
        found = tuple(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
    except sqlite3.Error as error:
        raise CatalogueError(f"{path}: no catalogue that can be read ({error})") from error
    if found != (APPLICATION_ID, SCHEMA):
        connection.close()
        raise CatalogueError(f"{path}: made by another version (it is built again from the YAML files)")
    return connection
