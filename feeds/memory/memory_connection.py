"""A connection to a memory that stays open, for one thread of one process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from feeds.database import Server, micros, transaction
from feeds.memory.memory_file import MemoryLocation, open_memory, translated


class MemoryConnection:
    """The memory at a path, open until it is closed. Every method raises FeedsError."""

    def __init__(self, location: MemoryLocation) -> None:
        self._path = location
        self._inode = _inode(location)
        self._database = open_memory(location)

    def close(self) -> None:
        """Ends the connection."""
        self._database.close()

    @property
    def current(self) -> bool:
        """Whether this is still the memory: False once another file has taken the place of its file."""
        return _inode(self._path) == self._inode

    def waits_for_purges(self, since: datetime) -> bool:
        """Whether caches are still to be told of a change after ``since``: until then they may give old answers."""
        with translated(self._path):
            row = self._database.execute(
                "SELECT EXISTS (SELECT 1 FROM purges WHERE NOT again AND since > ?)", (micros(since),)
            ).fetchone()
        return bool(row[0])

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Writes all that the block writes, or nothing of it."""
        with translated(self._path), transaction(self._database):
            yield


def _inode(path: MemoryLocation) -> int:
    if isinstance(path, Server):
        return 0
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0
