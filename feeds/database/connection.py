"""What a connection can do, whether it is to SQLite or to PostgreSQL.

Statements are written in the SQL that both share. `feeds.database.dialect` translates the few words that differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeAlias

Values: TypeAlias = Sequence[Any] | Mapping[str, Any]
"""The values for ``?``, in order, or for ``:name``, by name."""


class Rows(Protocol):
    """The rows that a statement returns."""

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
        """Carries out a statement for each of these rows. Whatever makes the rows may query the same connection."""

    def stream(self, statement: str, values: Values = ..., /) -> Iterable[Any]:
        """The rows of a query, only a few of them in memory at a time. To be called within a transaction."""

    def transaction(self) -> AbstractContextManager[None]:
        """Commits all that is written in the block, or nothing of it."""

    def close(self) -> None:
        """Ends the connection."""


def transaction(database: Database) -> AbstractContextManager[None]:
    """Commits all that is written in the block, or nothing of it."""
    return database.transaction()
