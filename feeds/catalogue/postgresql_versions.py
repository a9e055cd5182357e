"""The versions of the program that use a server: whose catalogues are still read, and which can go.

A catalogue is made for one version of its tables, so after an upgrade there are two, and servers of both versions may
be at work for as long as the upgrade takes. Each process says now and then that its version is used, by the clock of
the database. Only what was used once, and then by nobody for a day, is dropped.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from feeds.catalogue.tables import SCHEMA
from feeds.database import Database, DatabaseError, Server

if TYPE_CHECKING:
    from feeds.database.postgresql import PostgresqlDatabase

SILENCE = "1 day"
"""For how long nobody must have used a version before it is dropped. The database must have run for so long too."""

OFTEN = "1 minute"
"""The shortest time after which a use is noted again."""

NOT_WAITED = "SET LOCAL lock_timeout = '200ms'"
"""Does not wait for a catalogue that is being read: it is dropped another time."""


def note_use(database: Database, server: Server) -> None:
    """Notes that this version is used. Does nothing where no catalogue was ever made."""
    try:
        database.execute(
            f'INSERT INTO "{server.name}".versions AS known VALUES (?, now())'
            f" ON CONFLICT (version) DO UPDATE SET used = now() WHERE known.used < now() - INTERVAL '{OFTEN}'",
            (SCHEMA,),
        )
    except DatabaseError as error:
        if not error.missing:
            raise


def drop_unused(database: PostgresqlDatabase, server: Server) -> None:
    """Drops the catalogues of versions that nobody uses any more."""
    for version in others(database):
        with suppress(DatabaseError), database.transaction():
            database.script(NOT_WAITED)
            if not _is_unused(database, version):
                continue
            for (number,) in database.execute("SELECT number FROM catalogues WHERE version = ?", (version,)).fetchall():
                database.script(f'DROP SCHEMA IF EXISTS "{schema(server, number)}" CASCADE')
            database.execute("DELETE FROM catalogues WHERE version = ?", (version,))
            database.execute("DELETE FROM versions WHERE version = ?", (version,))


def others(database: Database) -> list[int]:
    """The other versions that have catalogues there."""
    found = database.execute("SELECT DISTINCT version FROM catalogues WHERE version <> ? ORDER BY version", (SCHEMA,))
    return [version for (version,) in found]


def _is_unused(database: Database, version: int) -> bool:
    """Whether a version was used once, but not for a long time. Locks its row: whoever is to note a use waits."""
    found = database.execute(
        f"SELECT 1 FROM versions WHERE version = ? AND used < now() - INTERVAL '{SILENCE}'"
        f" AND pg_postmaster_start_time() < now() - INTERVAL '{SILENCE}' FOR UPDATE",
        (version,),
    )
    return found.fetchone() is not None


def schema(server: Server, number: int) -> str:
    """The name of the schema of a catalogue."""
    return f"{server.name}_catalogue_{number}"
