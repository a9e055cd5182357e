"""Reads a catalogue on a PostgreSQL server, and follows its changes without asking for each answer."""

from __future__ import annotations

import logging
import os
import threading
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from typing import TYPE_CHECKING

from feeds.catalogue.compression import let_unpack
from feeds.catalogue.errors import NoCatalogueError
from feeds.catalogue.postgresql_catalogue import CatalogueServer, state
from feeds.catalogue.postgresql_versions import note_use, schema
from feeds.catalogue.snapshot import Snapshot
from feeds.database import DatabaseAwayError, DatabaseError, DatabaseRefusedError, QueryCache, Server
from feeds.errors import Failure, attempt

if TYPE_CHECKING:
    from feeds.database.postgresql import PostgresqlDatabase

LOOK = 1.0
"""Seconds between two looks at the version, whether the server has told of a change or not."""

LATE = 5
"""Looks after which a server that says nothing is taken to be away, and nobody waits for it any longer."""

NOTED = 60
"""Looks after which it is noted again that this version of the program is used."""

_log = logging.getLogger("feeds")


class Replica:
    """The compiled newsroom on a server, for as many threads as read it, before and after a fork."""

    def __init__(self, location: CatalogueServer) -> None:
        self._location = location
        self._starting = threading.Lock()
        self._connections = _Connections(location.server)
        self._watch: _Watch | None = None

    def version(self) -> tuple[int, int]:
        """Changes with every compile that changed something, whoever made it; costs less than a microsecond.

        While the server is away the last version stands: what was read from it still holds. Raises FeedsError before
        there is one.
        """
        return self._watching().version()

    @property
    def away(self) -> DatabaseError | None:
        """Why nothing can be asked at present, as an error to raise; None if it can."""
        return self._watching().away

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """One state of the newsroom, unchanged until the block ends.

        Raises NoCatalogueError if there is no catalogue, DatabaseAwayError if the server does not answer,
        DatabaseRefusedError if it does not take the connection: at once where that is known already.
        """
        if away := self.away:
            raise away
        seen, database = self._connections.begun()
        number: int | None = None
        try:
            found = state(database, self._location.server)
            if found is None:
                raise NoCatalogueError(f"{self._location.server}: no catalogue yet")
            if found[0] != seen:
                database.use(schema(self._location.server, found[0]))
                let_unpack(database)
            number = found[0]
            database.query_cache = self._connections.query_cache(found)
            yield Snapshot(database)
        finally:
            database.end_reading()
            # The rollback has undone the schema that was set: it is set again, once for each catalogue.
            schemas = (schema(self._location.server, number),) if number and number != seen else ()
            self._connections.give_back(database, number, *schemas)

    def _watching(self) -> _Watch:
        watch = self._watch
        if watch is None or watch.process != os.getpid():
            with self._starting:
                if self._watch is None or self._watch.process != os.getpid():
                    self._connections = _Connections(self._location.server)
                    self._watch = _Watch(self._location, self._connections)
                    weakref.finalize(self, self._watch.stopping.set)
                watch = self._watch
        return watch


class _Connections:
    """Connections of one process: those that nobody uses are kept for the next question."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._idle: list[tuple[int, PostgresqlDatabase]] = []
        self._busy: set[PostgresqlDatabase] = set()
        self._query_cache = (0, 0), QueryCache()

    def query_cache(self, version: tuple[int, int]) -> QueryCache:
        """The answers that are known of a state of the newsroom; those of another state are forgotten."""
        last, cache = self._query_cache
        if last != version:
            cache = QueryCache()
            self._query_cache = version, cache
        return cache

    def begun(self) -> tuple[int, PostgresqlDatabase]:
        """A connection that sees one state from now on, with the number of the catalogue that it saw last."""
        while self._idle:
            number, database = self._idle.pop()
            self._busy.add(database)
            try:
                database.begin_to_read()
            except DatabaseError:  # the server was started again meanwhile
                self.give_back(database, None)
            else:
                return number, database
        database = self._server.connect()
        self._busy.add(database)
        try:
            database.begin_to_read()
        except DatabaseError:
            self.give_back(database, None)
            raise
        return 0, database

    def give_back(self, database: PostgresqlDatabase, number: int | None, *schemas: str) -> None:
        """Takes a connection back, which last saw the catalogue ``number``; without one it is closed.

        It looks for tables in these ``schemas`` from now on.
        """
        try:
            if schemas:
                database.use(*schemas)
        except DatabaseError:
            number = None
        self._busy.discard(database)
        if number is None or database.lost:
            database.close()
        else:
            self._idle.append((number, database))

    def cut(self) -> None:
        """Ends all that are in use: they may be waiting for an answer."""
        for database in tuple(self._busy):
            database.cut()


class _Watch:
    """The version of a catalogue, kept by a thread that listens to the server and looks once a second.

    A second thread notices when the first one waits in vain.
    """

    def __init__(self, location: CatalogueServer, connections: _Connections) -> None:
        self.process = os.getpid()
        self._location = location
        self._connections = connections
        self._own: PostgresqlDatabase | None = None
        self._known: tuple[int, int] | None = None
        self._late = 0
        self._away = ""
        """Why it cannot be asked; empty if it can."""
        self._kind: type[DatabaseError] = DatabaseAwayError
        self._looked = threading.Event()
        self.stopping = threading.Event()
        """To be set when nobody asks any longer."""
        for work in (self._run, self._guard):
            threading.Thread(target=work, name="feeds-version", daemon=True).start()

    @property
    def away(self) -> DatabaseError | None:
        """Why the server cannot be asked, as an error of the caller's own; None if it can."""
        return self._kind(self._away) if self._away else None

    def version(self) -> tuple[int, int]:
        """The last version that is known."""
        if self._known is None:
            self._looked.wait(LOOK)
        if self._known is None:
            raise NoCatalogueError(self._away or f"{self._location.server}: no catalogue yet")
        return self._known

    def _run(self) -> None:
        while not self.stopping.is_set():
            done = attempt(self._follow)
            if isinstance(done, Failure):
                refused = isinstance(done.error, DatabaseRefusedError)
                self._miss(done.reason, DatabaseRefusedError if refused else DatabaseAwayError, done.logged)
            self._late = 0
            self.stopping.wait(LOOK)

    def _follow(self) -> None:
        with closing(self._location.server.connect()) as self._own:
            self._own.listen(self._location.server.name)
            for number in count():
                if self.stopping.is_set():
                    return
                self._look(self._own)
                if number % NOTED == 0:
                    note_use(self._own, self._location.server)
                self._late = 0
                self._own.told(self._location.server.name, LOOK)

    def _look(self, database: PostgresqlDatabase) -> None:
        self._known = state(database, self._location.server) or self._known
        if self._away:
            _log.warning("changes can be seen again")
            self._away = ""
        self._looked.set()

    def _guard(self) -> None:
        while not self.stopping.wait(LOOK):
            self._late += 1
            if self._late > LATE:
                said = f"{self._location.server}: says nothing"
                self._miss(said, DatabaseAwayError, said)
                self._connections.cut()
                if self._own:
                    self._own.cut()

    def _miss(self, why: str, kind: type[DatabaseError], logged: str) -> None:
        if not self._away or kind is not self._kind:
            _log.error("no changes can be seen: %s", logged)
        self._kind, self._away = kind, why
        self._looked.set()
