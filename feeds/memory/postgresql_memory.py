"""The memory on a PostgreSQL server: made and brought up to date by the same steps as the file."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from feeds.database import DatabaseError, Server, postgresql_tables
from feeds.errors import FeedsError

if TYPE_CHECKING:
    from feeds.database.postgresql import PostgresqlDatabase

_SCHEMA = """
CREATE SCHEMA IF NOT EXISTS {name};
CREATE TABLE IF NOT EXISTS steps (number INTEGER PRIMARY KEY);
"""


def open_on_server(server: Server, steps: Sequence[str]) -> PostgresqlDatabase:
    """A connection to the newsroom's memory, which is made if there is none. Raises FeedsError.

    ``steps`` make each version of its tables from the one before, as in `feeds.memory.memory_file`.
    """
    with ExitStack() as unless_it_is_open:
        database = unless_it_is_open.enter_context(closing(server.connect()))
        database.use(f"{server.name}_memory")
        version = _version(database)
        if version < len(steps):
            _bring_up_to_date(database, server, steps)
        elif version > len(steps):
            advice = "start that version again, or restore a backup"
            raise FeedsError(f"{server}: what readers have been shown was written by a newer version ({advice})")
        unless_it_is_open.pop_all()
    return database


def _version(database: PostgresqlDatabase) -> int:
    try:
        (number,) = database.execute("SELECT COALESCE(MAX(number), 0) FROM steps").fetchone()
    except DatabaseError as error:
        if error.missing:
            return 0
        raise
    return int(number)


def _bring_up_to_date(database: PostgresqlDatabase, server: Server, steps: Sequence[str]) -> None:
    with database.transaction():
        database.execute("SELECT pg_advisory_xact_lock(?)", (server.lock("steps"),))
        database.script(_SCHEMA.format(name=f"{server.name}_memory"))
        for number in range(_version(database), len(steps)):
            database.script(postgresql_tables(steps[number]))
            database.execute("INSERT INTO steps VALUES (?)", (number + 1,))
