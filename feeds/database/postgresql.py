"""The engine for several machines: a PostgreSQL server, spoken to with psycopg."""

from __future__ import annotations

import itertools
import os
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import unquote

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from feeds.database.connection import Rows, Values
from feeds.database.dialect import bound, postgresql
from feeds.database.errors import DatabaseAwayError, DatabaseError, DatabaseRefusedError
from feeds.database.postgresql_connection import RefusalError, connected
from feeds.database.query_cache import QueryCache

_BATCH = 500
"""Rows that are sent together."""

_FETCHED = 2_000
"""Rows of a stream that are in memory at a time."""


class PostgresqlDatabase:
    """A connection to a server. Errors are DatabaseError, without the password; DatabaseAwayError if it is lost."""

    unpack: Callable[[bytes], bytes]

    def __init__(self, url: str, name: str, passwords: Sequence[str]) -> None:
        """Opens it. ``name`` is what messages call the server, and ``passwords`` are what they must not show.

        Raises DatabaseAwayError if the server does not answer, DatabaseRefusedError if it does not take the connection,
        DatabaseError for a bad address.
        """
        self._name = name
        self._passwords = passwords
        self._numbers = itertools.count()
        self._process = os.getpid()
        self.unpack = bytes
        self.query_cache: QueryCache | None = None
        """The answers known of the state that it sees; None if they are not to be kept."""
        try:
            address = conninfo_to_dict(url)
        except psycopg.ProgrammingError:  # its text quotes what it does not understand
            raise DatabaseError("FEEDS_DATABASE cannot be read as the address of a PostgreSQL server") from None
        with self._translated():
            self._connection = connected(address)

    def execute(self, statement: str, values: Values = (), /) -> Rows:
        """Carries out a statement."""
        if self.query_cache:
            return self.query_cache.rows(statement, values, self._executed)
        return self._executed(statement, values)

    def _executed(self, statement: str, values: Values) -> Rows:
        with self._translated():
            return self._connection.execute(*bound(statement, values))

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]], /) -> None:
        """Carries out a statement for each of these rows. Whatever makes the rows may query the same connection."""
        text = postgresql(statement)
        left = iter(rows)
        while batch := list(itertools.islice(left, _BATCH)):
            with self._translated(), self._connection.cursor() as cursor:
                if len(batch) == 1:
                    cursor.execute(text, batch[0])
                else:
                    cursor.executemany(text, batch)

    def stream(self, statement: str, values: Values = (), /) -> Iterator[Any]:
        """The rows of a query, only a few of them in memory at a time. To be called within a transaction."""
        with self._translated(), self._connection.cursor(f"stream_{next(self._numbers)}") as cursor:
            cursor.itersize = _FETCHED
            cursor.execute(*bound(statement, values))
            yield from cursor

    def script(self, statements: str) -> None:
        """Carries out several statements as they are, in one transaction unless there is one already."""
        with self._translated():
            self._connection.execute(statements)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commits all that is written in the block, or nothing of it."""
        with self._translated(), self._connection.transaction():
            yield

    def begin_to_read(self) -> None:
        """Begins a read-only transaction that sees one state of the database, whatever others write meanwhile."""
        with self._translated():
            self._connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def end_reading(self) -> None:
        """Ends that transaction, forgets its answers, and goes back to the schemas that were used before it."""
        self.query_cache = None
        with suppress(psycopg.Error):  # if the connection is lost, the next query raises an error
            self._connection.execute("ROLLBACK")

    def use(self, *schemas: str) -> None:
        """Looks for tables in these schemas from now on, and makes new ones in the first."""
        names = sql.SQL(", ").join(map(sql.Identifier, schemas))
        with self._translated():
            self._connection.execute(sql.SQL("SET search_path TO {}").format(names))

    def told(self, channel: str, seconds: float) -> bool:
        """Waits so many seconds at most for a notification on a channel. Returns whether one came. See `listen`."""
        with self._translated():
            return any(each.channel == channel for each in self._connection.notifies(timeout=seconds, stop_after=1))

    def listen(self, channel: str) -> None:
        """Subscribes to the notifications of a channel (LISTEN)."""
        with self._translated():
            self._connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))

    def cut(self) -> None:
        """Ends the connection from another thread: a thread that waits for an answer gets a DatabaseAwayError."""
        with suppress(psycopg.Error, OSError), socket.socket(fileno=os.dup(self._connection.fileno())) as copy:
            copy.shutdown(socket.SHUT_RDWR)

    @property
    def lost(self) -> bool:
        """Whether the connection has ended."""
        return self._connection.closed

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def __del__(self) -> None:
        """Ends the connection when the object is deleted, as sqlite3 does, but not one that a fork has inherited."""
        if hasattr(self, "_connection") and self._process == os.getpid():
            self._connection.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            # Its details may quote a row, which may not be public yet.
            text = " ".join(self._without_password(error.diag.message_primary or str(error)).split())
            if error.sqlstate in _MISSING:
                raise DatabaseError(f"{self._name}: {text}", missing=True) from None
            if isinstance(error, RefusalError):
                raise DatabaseRefusedError(f"{self._name}: {text} ({_ADVICE})") from None
            kind = DatabaseAwayError if isinstance(error, _AWAY) else DatabaseError
            raise kind(f"{self._name}: {text}") from None

    def _without_password(self, text: str) -> str:
        for password in self._passwords:
            for spelling in {password, unquote(password)}:
                text = text.replace(spelling, "***")
        return text


_ADVICE = "it is there and refuses: check user, password, database and sslmode in FEEDS_DATABASE or the PG* variables"
_AWAY = (psycopg.OperationalError, psycopg.InterfaceError)
_MISSING = ("42P01", "3F000")  # undefined_table, invalid_schema_name
