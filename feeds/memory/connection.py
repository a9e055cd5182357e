"""A connection to a memory that lasts, for one thread of one process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from feeds.database import transaction
from feeds.memory.store import open_memory, translated


class MemoryConnection:
    """The memory at a path, open until it is closed. Every method raises FeedsError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._inode = _inode(path)
        self._database = open_memory(path)

    def close(self) -> None:
        """Ends the connection."""
        self._database.close()

    @property
    def current(self) -> bool:
        """Whether this is still the memory's file: False once another file has taken its place."""
        return _inode(self._path) == self._inode

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Writes all that the block writes, or nothing of it."""
        with translated(self._path), transaction(self._database):
            yield


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0
