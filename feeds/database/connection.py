"""What a connection can do, whichever engine is behind it.

Statements are written in what SQLite and PostgreSQL both speak. `feeds.database.dialect` has the few words that they
spell differently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeAlias

Values: TypeAlias = Sequence[Any] | Mapping[str, Any]
"""The values for ``?``, in order, or for ``:name``, by name."""


class Rows(Protocol):
    """What a statement has found."""

    def fetchone(self) -> Any:
        """The next row; None after the last one."""

    def fetchall(self) -> list[Any]:
        """The rows that are left."""

    def __iter__(self) -> Iterator[Any]:
        """The rows that are left, one by one."""


class Database(Protocol):
    """A connection, for one thread at a time."""

    unpack: Callable[[bytes], bytes]
    """Unpacks a packed value of a catalogue; in any other database it returns the value unchanged."""

    def execute(self, statement: str, values: Values = ..., /) -> Rows:
        """Carries out a statement."""

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]], /) -> object:
        """Carries out a statement for each of these values; they may ask the same connection on the way."""

    def stream(self, statement: str, values: Values = ..., /) -> Iterable[Any]:
        """The rows of a question, of which only a few are in memory at a time; within a transaction."""

    def transaction(self) -> AbstractContextManager[None]:
        """Commits all that is written in the block, or nothing of it."""

    def close(self) -> None:
        """Ends the connection."""


def transaction(database: Database) -> AbstractContextManager[None]:
    """Commits all that is written in the block, or nothing of it."""
    return database.transaction()
