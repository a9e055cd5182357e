"""Reads a catalogue on a PostgreSQL server, and follows its changes without asking for each answer."""

from __future__ import annotations

import logging
import os
import threading
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from feeds.catalogue.errors import CatalogueError
from feeds.catalogue.on_server import CatalogueServer, current, schema
from feeds.catalogue.packing import let_unpack
from feeds.catalogue.snapshot import Snapshot
from feeds.catalogue.tables import generation
from feeds.database import DatabaseAwayError, DatabaseError
from feeds.errors import Failure, attempt

if TYPE_CHECKING:
    from feeds.database.postgresql import PostgresqlDatabase

LOOK = 1.0
"""Seconds between two looks at the version, whether the server has told of a change or not."""

_log = logging.getLogger("feeds")


class Replica:
    """The compiled newsroom on a server, for as many threads as read it, before and after a fork."""

    def __init__(self, place: CatalogueServer) -> None:
        self._place = place
        self._process = os.getpid()
        self._idle: list[tuple[int, PostgresqlDatabase]] = []
        self._starting = threading.Lock()
        self._watch: _Watch | None = None

    def version(self) -> tuple[int, int]:
        """Changes with every compile that changed something, whoever made it; costs less than a microsecond.

        While the server is away the last version stands: what was read from it still holds. Raises FeedsError before
        there is one.
        """
        return self._watching().version()

    @property
    def away(self) -> str:
        """Why the server does not answer at present; empty if it does."""
        return self._watching().away

    def _watching(self) -> _Watch:
        watch = self._watch
        if watch is None or watch.process != os.getpid():
            with self._starting:
                if self._watch is None or self._watch.process != os.getpid():
                    self._watch = _Watch(self._place)
                    weakref.finalize(self, self._watch.stopping.set)
                watch = self._watch
        return watch

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """One state of the newsroom, unchanged until the block ends.

        Raises CatalogueError if there is no catalogue, DatabaseAwayError if the server does not answer: at once where
        that is known already.
        """
        if self.away:
            raise DatabaseAwayError(self.away)
        seen, database = self._begun()
        number: int | None = None
        try:
            number = current(database, self._place.server)
            if number is None:
                raise CatalogueError(f"{self._place.server}: no catalogue yet")
            if number != seen:
                database.use(schema(self._place.server, number))
                let_unpack(database)
            yield Snapshot(database)
        finally:
            database.end_reading()
            if number is None or number != seen or database.lost:
                # What it was told to look at was undone with the transaction. That is once a catalogue.
                self._renew(database, number)
            else:
                self._idle.append((number, database))

    def _renew(self, database: PostgresqlDatabase, number: int | None) -> None:
        """Keeps a connection that has met another catalogue, for questions about that one."""
        try:
            if number is None or database.lost:
                database.close()
            else:
                database.use(schema(self._place.server, number))
                self._idle.append((number, database))
        except DatabaseError:
            database.close()

    def _begun(self) -> tuple[int, PostgresqlDatabase]:
        """A connection that nobody uses, with the catalogue that it has seen; or a new one."""
        if self._process != os.getpid():
            # Those of the process that was forked stay open there: even to close them would harm it.
            self._process, self._idle = os.getpid(), []
        while self._idle:
            number, database = self._idle.pop()
            try:
                database.begin_to_read()
            except DatabaseError:  # the server was started again meanwhile
                database.close()
            else:
                return number, database
        database = self._place.server.connect()
        database.begin_to_read()
        return 0, database


class _Watch:
    """The version of a catalogue, kept by a thread that listens to the server and looks once a second."""

    def __init__(self, place: CatalogueServer) -> None:
        self.process = os.getpid()
        self._place = place
        self._known: tuple[int, int] | None = None
        self.away = ""
        """Why it does not answer; empty if it does."""
        self._looked = threading.Event()
        self.stopping = threading.Event()
        """To be set when nobody asks any longer."""
        threading.Thread(target=self._run, name="feeds-version", daemon=True).start()

    def version(self) -> tuple[int, int]:
        """The last version that is known."""
        if self._known is None:
            self._looked.wait(LOOK)
        if self._known is None:
            raise CatalogueError(self.away or f"{self._place.server}: no catalogue yet")
        return self._known

    def _run(self) -> None:
        while not self.stopping.is_set():
            done = attempt(self._follow)
            if isinstance(done, Failure):
                if self.away != done.reason:
                    _log.error("no changes can be seen: %s", done.logged)
                self.away = done.reason
                self._looked.set()
            self.stopping.wait(LOOK)

    def _follow(self) -> None:
        with closing(self._place.server.connect()) as database:
            database.listen(self._place.server.name)
            while not self.stopping.is_set():
                self._look(database)
                database.told(self._place.server.name, LOOK)

    def _look(self, database: PostgresqlDatabase) -> None:
        database.begin_to_read()
        number = current(database, self._place.server)
        if number is not None:
            database.use(schema(self._place.server, number))
            self._known = number, generation(database)
        database.end_reading()
        if self.away:
            _log.warning("changes can be seen again")
            self.away = ""
        self._looked.set()
