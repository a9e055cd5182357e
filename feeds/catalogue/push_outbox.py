"""What the hub has to be told, kept in the catalogue until it has heard, and what it was last told of each feed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from feeds.catalogue import write
from feeds.catalogue.change_log import Bearing, Changes, all_bearings, changes, forget
from feeds.catalogue.snapshot import Snapshot
from feeds.catalogue.tables import CatalogueError, micros, moment, open_to_write


@dataclass(frozen=True, slots=True)
class Owed:
    """A feed that the hub has to be told of."""

    path: str
    since: datetime
    """When it last changed."""
    tries: int
    """How often the hub was told in vain."""


@dataclass(frozen=True, slots=True)
class Account:
    """Under what circumstances the digests were made: which hub and which addresses, and how much a feed holds."""

    audience: str
    """Hub and base address: where these change nobody has subscribed yet, so nobody is owed anything."""
    measure: str
    """The settings that every feed's bytes depend on."""
    until: datetime
    """The moment for which the digests hold."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a look at the feeds found."""

    account: Account
    upto: int
    """The last note of a change that was seen to."""
    digests: Mapping[str, bytes | None]
    """By path, where it is another than before; None for a feed there is not, or that holds nothing."""
    told: frozenset[str]
    """The paths that the hub has to be told of."""
    anew: bool
    """Whether nothing from before counts any longer."""


class Ledger:
    """One state of the newsroom beside what the hub was last told of."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.snapshot = Snapshot(database)

    def account(self) -> Account | None:
        """The last account; None if there never was one."""
        found = write.meta(self._database, "pushed")
        if found is None:
            return None
        audience, measure, until = found.split("\n")
        return Account(audience, measure, moment(int(until)))

    def changes(self, since: datetime, now: datetime) -> Changes:
        """What may have changed since then."""
        return changes(self._database, since, now)

    def all_bearings(self, now: datetime) -> frozenset[Bearing]:
        """What all the releases bear that may be seen."""
        return all_bearings(self._database, now)

    def digest(self, path: str) -> bytes | None:
        """What was last known of a feed; None for one that was not there or held nothing."""
        row = self._database.execute("SELECT digest FROM pushed WHERE path = ?", (path,)).fetchone()
        return row[0] if row else None

    def known(self) -> tuple[str, ...]:
        """The path of every feed with a digest."""
        return tuple(path for (path,) in self._database.execute("SELECT path FROM pushed ORDER BY path"))


class Outbox:
    """The pushes that are owed, for the one process that sends them. Every method raises CatalogueError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._inode = _inode(path)
        self._database = open_to_write(path)

    def close(self) -> None:
        """Ends the connection."""
        self._database.close()

    @property
    def current(self) -> bool:
        """Whether this is still the catalogue, and not one that another has taken the place of."""
        return _inode(self._path) == self._inode

    def version(self) -> int:
        """Changes with every compile that changed something."""
        with self._translated():
            return write.generation(self._database)

    @contextmanager
    def reading(self) -> Iterator[Ledger]:
        """One state of everything, until the block ends."""
        with self._translated():
            self._database.execute("BEGIN")
            try:
                yield Ledger(self._database)
            finally:
                self._database.execute("ROLLBACK")

    def record(self, notice: Notice, due: datetime) -> None:
        """Keeps what a look found, and owes the hub what changed: all of it or nothing.

        What is owed already keeps its place in the queue: a hub that does not answer is asked no oftener for it.
        """
        now = micros(notice.account.until)
        account = (notice.account.audience, notice.account.measure, str(now))
        with self._writing():
            if notice.anew:
                self._database.execute("DELETE FROM pushed")
                self._database.execute("DELETE FROM outbox")
            write.set_meta(self._database, pushed="\n".join(account))
            kept = {path: digest for path, digest in notice.digests.items() if digest}
            self._database.executemany(
                "DELETE FROM pushed WHERE path = ?", ((path,) for path in sorted(notice.digests.keys() - kept.keys()))
            )
            self._database.executemany("INSERT OR REPLACE INTO pushed VALUES (?, ?)", sorted(kept.items()))
            self._database.executemany(
                "INSERT INTO outbox (path, since, due, tries) VALUES (?, ?, ?, 0)"
                " ON CONFLICT (path) DO UPDATE SET since = excluded.since",
                ((path, now, micros(due)) for path in sorted(notice.told)),
            )
            forget(self._database, notice.upto)

    def owed(self, now: datetime, beyond: datetime, most: int) -> tuple[Owed, ...]:
        """The first of what is due; what would be due only ``beyond`` a plausible time was written by a wrong clock."""
        with self._translated():
            rows = self._database.execute(
                "SELECT path, since, tries FROM outbox WHERE due <= ? OR due > ? ORDER BY due, path LIMIT ?",
                (micros(now), micros(beyond), most),
            ).fetchall()
        return tuple(Owed(path, moment(since), tries) for path, since, tries in rows)

    def settle(self, path: str) -> None:
        """The hub has heard, or never will: nothing is owed any longer."""
        with self._writing():
            self._database.execute("DELETE FROM outbox WHERE path = ?", (path,))

    def defer(self, path: str, due: datetime) -> None:
        """Told in vain: again at ``due``."""
        with self._writing():
            self._database.execute("UPDATE outbox SET due = ?, tries = tries + 1 WHERE path = ?", (micros(due), path))

    def hold(self, now: datetime, due: datetime) -> None:
        """Lets everything that is due wait: there is nobody to tell."""
        with self._writing():
            self._database.execute("UPDATE outbox SET due = ? WHERE due <= ?", (micros(due), micros(now)))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._translated(), write.transaction(self._database):
            yield

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise CatalogueError(f"{self._path}: {error}") from error


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0
