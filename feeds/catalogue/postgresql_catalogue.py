"""The catalogue on a PostgreSQL server: where it lies there, and how it is made, opened and written to.

One schema holds what all catalogues of a newsroom have in common: which of them is current, and the files for readers.
Each catalogue has a schema of its own. A new one is filled beside the current one and takes its place in one step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feeds.catalogue import postgresql_fulltext, postgresql_versions, tokenizer
from feeds.catalogue.compression import let_unpack
from feeds.catalogue.errors import CatalogueError
from feeds.catalogue.postgresql_versions import schema
from feeds.catalogue.tables import SCHEMA, TABLES
from feeds.concurrency.background import Turn
from feeds.database import (
    Database,
    DatabaseAwayError,
    DatabaseError,
    DatabaseRefusedError,
    Server,
    postgresql_tables,
)
from feeds.media import MediaStore

if TYPE_CHECKING:
    from feeds.database.postgresql import PostgresqlDatabase

_COMMON = """
CREATE SCHEMA IF NOT EXISTS {name};
CREATE TABLE IF NOT EXISTS catalogues (number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, version BIGINT NOT NULL,
    current BOOLEAN NOT NULL DEFAULT FALSE, generation BIGINT NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS stored (digest TEXT COLLATE "C" NOT NULL, part BIGINT NOT NULL, bytes BYTEA NOT NULL,
    PRIMARY KEY (digest, part));
CREATE TABLE IF NOT EXISTS versions (version BIGINT PRIMARY KEY, used TIMESTAMPTZ NOT NULL);
CREATE OR REPLACE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify('{name}', ''); RETURN NULL; END $$;
CREATE OR REPLACE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE {name}.catalogues
    SET generation = CAST(NEW.value AS BIGINT) WHERE number = CAST(TG_ARGV[0] AS BIGINT); RETURN NULL; END $$;
CREATE OR REPLACE TRIGGER told AFTER UPDATE ON catalogues FOR EACH STATEMENT EXECUTE FUNCTION tell();
"""
"""Whoever listens to the newsroom's channel is told when another catalogue is current, and when it has changed."""

_NOTED = """
CREATE TRIGGER noted AFTER INSERT OR UPDATE ON meta FOR EACH ROW WHEN (NEW.name = 'generation')
    EXECUTE FUNCTION {name}.note({number});
"""

_PART = 1_000_000
"""Bytes of a file in one row."""


LEAD = "lead"


class ServerTurn:
    """An advisory lock. The server releases it when the connection ends, and so when the process ends."""

    def __init__(self, server: Server, what: str) -> None:
        self._server = server
        self._number = _lock(server, what)
        self._database: PostgresqlDatabase | None = None

    @property
    def taken(self) -> bool:
        """Whether this process has it, as far as is known."""
        return self._database is not None

    def take(self, waiting: Callable[[], None] = lambda: None) -> None:
        """Waits until no other process holds it, and takes it. Calls ``waiting`` first. Raises DatabaseError."""
        database = self._server.connect()
        waiting()
        try:
            database.execute("SELECT pg_advisory_lock(?)", (self._number,))
        except DatabaseError:
            database.close()
            raise
        self._database = database

    def check(self) -> None:
        """Raises DatabaseError if the connection has ended: another process may have it by now."""
        if self._database:
            self._database.execute("SELECT 1")

    def leave(self) -> None:
        """Ends the connection."""
        if self._database:
            self._database.close()
            self._database = None

    def after_fork(self) -> None:
        """Forgets it without a word to the server: the connection is the parent's."""
        if self._database:
            _inherited.append(self._database)
            self._database = None


_inherited: list[PostgresqlDatabase] = []
"""Connections from before a fork."""


@dataclass(frozen=True, slots=True)
class CatalogueServer:
    """Where the catalogue and the memory lie on a server, and what this machine keeps beside them."""

    server: Server
    path: Path
    """From this path the names of files are made that only this machine needs. There is no file at the path itself."""
    warning: str | None = None
    elders: tuple[Path, ...] = ()
    """The memory that this machine has of the newsroom in a file: a memory that is new on the server begins with it."""
    lead: ServerTurn = field(init=False, compare=False, repr=False)
    """The turn of the one process that follows the folder. Only one does: copies of it differ in file times."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "lead", ServerTurn(self.server, LEAD))

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy for another process, which does not have the lead."""
        return CatalogueServer, (self.server, self.path, self.warning, self.elders)

    @property
    def memory(self) -> Server:
        """The server: it keeps what readers have been shown."""
        return self.server

    @property
    def metrics(self) -> Path:
        """The folder in which processes of this machine write what they have counted."""
        return self.path.with_suffix(".metrics")

    @property
    def media(self) -> MediaStore:
        """The folder with the files that readers have asked this machine for, or that it has compiled."""
        return MediaStore(self.path.with_suffix(".media"))

    # -- who compiles ---------------------------------------------------------------------------------------------

    @contextmanager
    def only_compiler(self) -> Iterator[bool]:
        """Gives whether this process may compile: it has the lead, or no other process has it."""
        if self.lead.taken:
            self.lead.check()  # another one may have it by now
            yield True
            return
        with closing(self.server.connect()) as database:
            (got,) = database.execute("SELECT pg_try_advisory_lock(?)", (_lock(self.server, LEAD),)).fetchone()
            yield bool(got)

    def turn(self, what: str) -> Turn:
        """The turn to do a piece of work (``what``): one process at a time holds it, whichever machine it runs on."""
        return ServerTurn(self.server, what)

    # -- the catalogue that is current ----------------------------------------------------------------------------

    def open_to_write(self) -> Database:
        """A connection that may write, and the only one. Raises CatalogueError when there is no catalogue yet."""
        with ExitStack() as unless_it_is_open:
            database = unless_it_is_open.enter_context(closing(self._writer()))
            number = current(database, self.server)
            if number is None:
                raise CatalogueError(f"{self.server}: no catalogue yet")
            self._drop(database, lambda other: other < number)
            postgresql_versions.drop_unused(database, self.server)
            self._use(database, number)
            unless_it_is_open.pop_all()
        return database

    def _writer(self) -> PostgresqlDatabase:
        """A connection that no other process has while it lasts: not even one that takes itself for the leader."""
        with ExitStack() as unless_it_is_open:
            database = unless_it_is_open.enter_context(closing(self.server.connect()))
            database.execute("SELECT pg_advisory_lock(?)", (_lock(self.server, "compile"),))
            database.use(self.server.name)
            postgresql_versions.note_use(database, self.server)
            unless_it_is_open.pop_all()
        return database

    def _use(self, database: PostgresqlDatabase, number: int) -> None:
        database.use(schema(self.server, number), self.server.name)
        let_unpack(database)

    # -- a new one ------------------------------------------------------------------------------------------------

    def begun(self) -> Database | None:
        """The new catalogue that a compile could not finish, if there is one."""
        with ExitStack() as unless_it_is_open:
            database = unless_it_is_open.enter_context(closing(self._writer()))
            number = self._next(database)
            if number is None:
                return None
            self._use(database, number)
            unless_it_is_open.pop_all()
        return database

    def begin(self) -> Database:
        """A new and empty catalogue, which nobody reads."""
        with ExitStack() as unless_it_is_open:
            database = unless_it_is_open.enter_context(closing(self._writer()))
            with database.transaction():
                database.script(_COMMON.format(name=self.server.name))
                postgresql_versions.note_use(database, self.server)
            began = self._next(database)
            self._drop(database, lambda other: other == began)
            with database.transaction():
                (number,) = database.execute(
                    "INSERT INTO catalogues (version) VALUES (?) RETURNING number", (SCHEMA,)
                ).fetchone()
                own = schema(self.server, number)
                database.script(f'CREATE SCHEMA "{own}"; SET LOCAL search_path TO "{own}"')
                database.script(postgresql_tables(TABLES.replace(tokenizer.TABLE, postgresql_fulltext.TABLE)))
                database.script(_NOTED.format(name=self.server.name, number=number))
            self._use(database, number)
            unless_it_is_open.pop_all()
        return database

    def discard_new(self) -> None:
        """Drops the new catalogue, whose compile has failed. One that the server has cut off stays as it is."""
        with suppress(DatabaseAwayError, DatabaseRefusedError), closing(self._writer()) as database:
            number = self._next(database)
            self._drop(database, lambda other: other == number)

    def put_new_in_place(self) -> None:
        """Makes the new catalogue the one that is read."""
        with closing(self._writer()) as database:
            number = self._next(database)
            if number is None:
                raise CatalogueError(f"{self.server}: the new catalogue is gone")
            # Without statistics the server would plan the first queries as if the tables were nearly empty.
            own = schema(self.server, number)
            for table in _rows(database, f"SELECT tablename FROM pg_tables WHERE schemaname = '{own}'"):
                database.script(f'ANALYZE "{own}"."{table}"')
            database.execute("UPDATE catalogues SET current = (number = ?) WHERE version = ?", (number, SCHEMA))

    def copied(self) -> Database | None:
        """A copy of the catalogue to be written to: none, since a transaction may be of any size here."""
        return None

    def discard_copy(self) -> None:
        """Does nothing: there is no copy."""

    def put_copy_in_place(self) -> None:
        """Does nothing: there is no copy."""

    def _next(self, database: Database) -> int | None:
        """The catalogue that is newer than the current one."""
        now = current(database, self.server)
        rows = _catalogues(database)
        return max((number for number in rows if now is None or number > now), default=None)

    def _drop(self, database: PostgresqlDatabase, which: Callable[[int], bool]) -> None:
        """Drops catalogues that nobody needs; what is still being read is dropped another time."""
        for number in filter(which, _catalogues(database)):
            with suppress(DatabaseError), database.transaction():
                database.script(postgresql_versions.NOT_WAITED)
                database.script(f'DROP SCHEMA IF EXISTS "{schema(self.server, number)}" CASCADE')
                database.execute("DELETE FROM catalogues WHERE number = ?", (number,))

    # -- the files for readers ------------------------------------------------------------------------------------

    def stored(self) -> frozenset[str]:
        """The digests of the files that the server has."""
        with closing(self.server.connect()) as database:
            database.use(self.server.name)
            return _stored(database)

    def keep(self, database: Database, store: MediaStore, digests: frozenset[str]) -> None:
        """Takes files from this machine to the server, in the transaction of a catalogue that names them."""
        for digest in sorted(digests - _stored(database)):
            with suppress(FileNotFoundError), store.path(digest).open("rb") as file:
                parts = enumerate(iter(lambda: file.read(_PART), b""))
                rows = ((digest, number, part) for number, part in parts)
                database.executemany("INSERT INTO stored VALUES (?, ?, ?) ON CONFLICT DO NOTHING", rows)

    def keep_only(self, database: Database, digests: frozenset[str]) -> None:
        """Deletes all other files from the server, unless a catalogue of another version may name them."""
        if postgresql_versions.others(database):
            return
        gone = [(digest,) for digest in sorted(_stored(database) - digests)]
        database.executemany("DELETE FROM stored WHERE digest = ?", gone)

    def fetch(self, digest: str) -> bool:
        """Brings a file from the server to this machine. Returns whether the server has it."""
        with closing(self.server.connect()) as database, database.transaction():
            database.script(f'SET LOCAL search_path TO "{self.server.name}"')
            parts = database.stream("SELECT bytes FROM stored WHERE digest = ? ORDER BY part", (digest,))
            with self.media.new() as file:
                found = False
                for (part,) in parts:
                    file.write(part)
                    found = True
                if found:
                    file.keep(digest)
        return found


def _lock(server: Server, what: str) -> int:
    """The number of an advisory lock. Another version of the program has a catalogue and locks of its own."""
    return server.lock(f"{what} {SCHEMA}")


def current(database: Database, server: Server) -> int | None:
    """The number of the catalogue that is read; None if there is none yet."""
    found = state(database, server)
    return found[0] if found else None


def state(database: Database, server: Server) -> tuple[int, int] | None:
    """The number of that catalogue and its generation: a compile that changes what readers see changes one of them."""
    asked = f'SELECT number, generation FROM "{server.name}".catalogues WHERE version = {SCHEMA} AND current'
    rows = _all(database, asked)
    return (rows[0][0], rows[0][1]) if rows else None


def _catalogues(database: Database) -> list[int]:
    """The numbers of all catalogues of this version."""
    return _rows(database, f"SELECT number FROM catalogues WHERE version = {SCHEMA} ORDER BY number")


def _stored(database: Database) -> frozenset[str]:
    return frozenset(_rows(database, "SELECT digest FROM stored WHERE part = 0"))


def _rows(database: Database, question: str) -> list[Any]:
    return [value for (value,) in _all(database, question)]


def _all(database: Database, question: str) -> list[Any]:
    """The rows of a query; none if there are no tables, since nothing was ever kept."""
    try:
        return database.execute(question).fetchall()
    except DatabaseError as error:
        if error.missing:
            return []
        raise
