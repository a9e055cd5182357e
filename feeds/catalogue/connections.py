"""Readers' connections to the catalogue: one a thread, opened again when the file was built anew."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from feeds.catalogue.engine import CatalogueError, open_to_read
from feeds.catalogue.snapshot import Snapshot
from feeds.catalogue.tables import generation


class _Opened(NamedTuple):
    """A connection, the process that opened it, and the file it belongs to."""

    process: int
    inode: int
    database: sqlite3.Connection


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

        Pushes to the hub are written too, but change no answer and so not the version either. While the file is
        missing the last version stands: what was read from it still holds. Raises CatalogueError.
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

        While the file is missing the old connection is used.
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
