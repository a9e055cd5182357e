"""The catalogue's SQLite file: where it lies, and how it is made, opened and written to."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path, user_state_path

from feeds.catalogue.compression import let_unpack
from feeds.catalogue.errors import CatalogueError, CatalogueUnwritableError
from feeds.catalogue.tables import SCHEMA, TABLES
from feeds.concurrency.background import FileTurn, Turn
from feeds.database import Database, SqliteDatabase, companions, connect, identity, make_file, passes, remove
from feeds.media import MediaStore

APPLICATION_ID = 0x46454544  # "FEED"


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """Where the catalogue and the memory lie, and a warning for the operator if it is not where it was wanted."""

    path: Path
    """The catalogue."""
    warning: str | None = None
    elders: tuple[Path, ...] = ()
    """Where version 1.0.0 may have kept a catalogue of the same data folder."""

    @property
    def memory(self) -> Path:
        """The file beside it with what readers have been shown; every version of the program has the same."""
        return self.path.with_name(re.sub(r"^catalogue(-[0-9]+)?", "memory", self.path.name))

    @property
    def metrics(self) -> Path:
        """The folder beside it in which processes write what they have counted."""
        return self.memory.with_name(self.memory.stem.replace("memory", "metrics"))

    @property
    def media(self) -> MediaStore:
        """The folder beside it with the files that readers can ask for."""
        return MediaStore(self.path.with_suffix(".media"))

    @property
    def lead(self) -> Turn:
        """The turn of the one process that follows the folder; the others find compiled what it has compiled."""
        return self.turn("lead")

    @property
    def lock(self) -> Path:
        """The lock file beside it, held by the one process that compiles."""
        return self.path.with_suffix(".lock")

    @property
    def _new(self) -> Path:
        return self.path.with_suffix(".new")

    @property
    def _copy(self) -> Path:
        return self.path.with_suffix(".copy")

    def turn(self, what: str) -> Turn:
        """The turn to do a piece of work for the newsroom (``what``), which one process at a time holds."""
        return FileTurn(self.path.with_suffix(f".{what}"))

    @contextmanager
    def only_compiler(self) -> Iterator[bool]:
        """Waits until no other process compiles, then gives True: this process may."""
        self.lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # somebody may have deleted the whole folder
        descriptor = os.open(self.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield True
        finally:
            os.close(descriptor)

    def open_to_write(self) -> Database:
        """A connection that may write. Raises CatalogueError when the catalogue must be built again."""
        return open_to_write(self.path)

    def begun(self) -> Database | None:
        """The new catalogue that a compile could not finish, if there is one that can be read."""
        if self._new.exists():
            with suppress(CatalogueError):
                return open_to_write(self._new)
        return None

    def begin(self) -> Database:
        """A new and empty catalogue, which nobody reads."""
        self.discard_new()
        return create(self._new)

    def discard_new(self) -> None:
        """Deletes the new catalogue, whose compile has failed."""
        remove(self._new)

    def put_new_in_place(self) -> None:
        """Lets the new catalogue take the place of the old one in one step: no reader meets a half-built one."""
        self._put_in_place(self._new)

    def copied(self) -> Database | None:
        """A copy of the catalogue to be written to, which nobody reads."""
        with ExitStack() as unless_it_is_whole:
            unless_it_is_whole.callback(self.discard_copy)
            copy = _copy(self.path, self._copy)
            unless_it_is_whole.pop_all()
        return copy

    def discard_copy(self) -> None:
        """Deletes the copy."""
        remove(self._copy)

    def put_copy_in_place(self) -> None:
        """Lets the copy take the place of the catalogue in one step."""
        self._put_in_place(self._copy)

    def _put_in_place(self, other: Path) -> None:
        # Closing the last connection has folded the write-ahead log into the file; the old file's log goes with it.
        for companion in companions(self.path):
            companion.unlink(missing_ok=True)
        other.replace(self.path)

    def stored(self) -> frozenset[str]:
        """The digests of the files for readers that are kept elsewhere than in the folder beside it: none."""
        return frozenset()

    def keep(self, database: Database, store: MediaStore, digests: frozenset[str]) -> None:
        """Does nothing: the only machine has the files for readers already."""

    def keep_only(self, database: Database, digests: frozenset[str]) -> None:
        """Does nothing: no files are kept elsewhere."""

    def fetch(self, digest: str) -> bool:
        """Returns False: there is no other place from which a file could be brought."""
        return False


def catalogue_file(data: Path, base_url: str, wanted: Path | None = None, former: Path | None = None) -> CatalogueFile:
    """The files of a newsroom in the wanted folder, by default the user's state folder.

    Their names have a hash of the data folder's path and of the base address in them: two newsrooms, or two servers of
    one newsroom at different addresses, share nothing. That of the catalogue has its schema too, so that an old and a
    new version of the program can run side by side. ``former`` is where version 1.0.0 kept its catalogue by default.
    """
    place = os.fsencode(data.resolve())
    name = f"catalogue-{SCHEMA}-{hashlib.sha256(place + b' ' + base_url.encode()).hexdigest()[:12]}.sqlite"
    old = f"catalogue-1-{hashlib.sha256(place).hexdigest()[:12]}.sqlite"
    elders = tuple(folder / old for folder in (wanted, former) if folder)
    folder = wanted or user_state_path("newsroom-feeds", appauthor=False)
    refused = _refusal(folder)
    if refused is None:
        return CatalogueFile(folder / name, elders=elders)
    for other in (
        user_cache_path("newsroom-feeds", appauthor=False),
        Path(tempfile.gettempdir()) / f"newsroom-feeds-{os.getuid()}",
    ):
        if _refusal(other) is None:
            warning = f"{folder}: {refused}; what is kept lies in {other} instead: name a lasting folder as FEEDS_STATE"
            return CatalogueFile(other / name, warning, elders)
    alone = Path(tempfile.mkdtemp(prefix="newsroom-feeds-"))
    warning = f"{folder}: {refused}; what is kept lies in {alone}, for this process alone: name a folder as FEEDS_STATE"
    return CatalogueFile(alone / name, warning, elders)


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


def create(path: Path) -> SqliteDatabase:
    """An empty catalogue at a path where there is nothing."""
    make_file(path)  # it holds what is not public yet, wherever its folder is
    connection = connect(path)
    connection.executescript(
        f"PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA application_id = {APPLICATION_ID};"
        f"BEGIN; {TABLES} PRAGMA user_version = {SCHEMA}; COMMIT;"
    )
    let_unpack(connection)
    return connection


def _copy(path: Path, to: Path) -> SqliteDatabase:
    """A copy of a catalogue, in place of what is there, that may be written to."""
    remove(to)
    make_file(to)
    with closing(open_to_write(path)) as source, closing(connect(to)) as target:
        source.backup(target)
    return open_to_write(to)


def open_to_write(path: Path) -> SqliteDatabase:
    """A connection that may write. Raises CatalogueError when the catalogue must be built again."""
    return _checked(path, "rw")


def open_to_read(path: Path) -> SqliteDatabase:
    """A connection for one reader; readers never wait for the compiler (WAL). Raises CatalogueError."""
    connection = _checked(path, "rw")
    connection.execute("PRAGMA query_only = ON")
    return connection


def open_as_it_is(path: Path) -> SqliteDatabase:
    """A connection for one question while nothing can be written, since the disk is full. Raises CatalogueError."""
    log, _ = companions(path)
    if log.exists() and log.stat().st_size:
        raise CatalogueError(f"{path}: its last changes are still in {log.name}")
    return _checked(path, "ro", immutable=True)


def is_sound(path: Path) -> bool:
    """Whether every page of a catalogue can be read. Takes about a second for 10,000 releases."""
    try:
        with closing(open_to_read(path)) as database:
            return bool(database.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
    except (CatalogueError, sqlite3.Error):
        return False


def _checked(path: Path, mode: str, *, immutable: bool = False) -> SqliteDatabase:
    # The catalogue can be built again at any time: a power cut may cost the last compile, never the file.
    try:
        connection = connect(path, mode, immutable=immutable)
        found = identity(connection)
        if found == (APPLICATION_ID, SCHEMA):
            let_unpack(connection)
    except sqlite3.Error as error:
        kind = CatalogueUnwritableError if passes(error) and path.exists() else CatalogueError
        raise kind(f"{path}: no catalogue that can be read ({error})") from error
    if found != (APPLICATION_ID, SCHEMA):
        connection.close()
        raise CatalogueError(f"{path}: made by another version (it is built again from the YAML files)")
    return connection
