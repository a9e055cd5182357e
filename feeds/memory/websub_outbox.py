"""Pushes that the hub is still to be told of, and a digest of each feed as it was at the last look.

They outlive a restart, and a catalogue that is built again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from feeds.database import micros, moment
from feeds.memory.memory_connection import MemoryConnection
from feeds.memory.memory_file import fact, set_facts, translated

_BASIS = "pushed"
_NOTED = "pushed_changes"


@dataclass(frozen=True, slots=True)
class PendingPush:
    """A feed that the hub is to be told of."""

    path: str
    since: datetime
    """When it last changed."""
    tries: int
    """How often the hub was told in vain."""


@dataclass(frozen=True, slots=True)
class DigestBasis:
    """What the digests of the feeds depend on besides the releases."""

    subscribed_at: str
    """Hub and base address: when these change nobody has subscribed yet, so nothing is pushed."""
    limits: str
    """The settings that every feed's bytes depend on."""
    until: datetime
    """The moment for which the digests hold."""
    noted: str | None
    """The place in the catalogue's log of changes up to which they hold; None in the memory of an earlier version."""


@dataclass(frozen=True, slots=True)
class FeedChanges:
    """Which feeds have changed since they were last looked at."""

    basis: DigestBasis
    digests: Mapping[str, bytes | None]
    """The digests that have changed, by path; None for a feed that does not exist."""
    to_push: frozenset[str]
    """The paths that the hub is to be told of."""
    start_over: bool
    """Whether all earlier digests and pending pushes are void."""


class WebSubOutbox(MemoryConnection):
    """The pending pushes, for the one process that sends them. Every method raises FeedsError."""

    def basis(self) -> DigestBasis | None:
        """What the digests depend on; None if no feed was ever looked at."""
        with translated(self._path):
            found, noted = fact(self._database, _BASIS), fact(self._database, _NOTED)
        if found is None:
            return None
        subscribed_at, limits, until = found.split("\n")
        return DigestBasis(subscribed_at, limits, moment(int(until)), noted)

    def digest(self, path: str) -> bytes | None:
        """The last digest of a feed; None for one that did not exist."""
        with translated(self._path):
            row = self._database.execute("SELECT digest FROM pushed WHERE path = ?", (path,)).fetchone()
        return row[0] if row else None

    def paths(self) -> tuple[str, ...]:
        """The path of every feed with a digest."""
        with translated(self._path):
            return tuple(path for (path,) in self._database.execute("SELECT path FROM pushed ORDER BY path"))

    def record(self, changes: FeedChanges, due: datetime) -> None:
        """Writes what has changed, and pending pushes that are due at ``due``: all of it or nothing.

        A push that is pending already stays due when it was: a hub that does not answer is asked no more often.
        """
        now = micros(changes.basis.until)
        basis = (changes.basis.subscribed_at, changes.basis.limits, str(now))
        with self._writing():
            if changes.start_over:
                self._database.execute("DELETE FROM pushed")
                self._database.execute("DELETE FROM outbox")
            set_facts(self._database, **{_BASIS: "\n".join(basis), _NOTED: changes.basis.noted or ""})
            existing = {path: digest for path, digest in changes.digests.items() if digest}
            gone = sorted(changes.digests.keys() - existing.keys())
            self._database.executemany("DELETE FROM pushed WHERE path = ?", ((path,) for path in gone))
            self._database.executemany(
                "INSERT INTO pushed VALUES (?, ?) ON CONFLICT (path) DO UPDATE SET digest = excluded.digest",
                sorted(existing.items()),
            )
            self._database.executemany(
                "INSERT INTO outbox (path, since, due, tries) VALUES (?, ?, ?, 0)"
                " ON CONFLICT (path) DO UPDATE SET since = excluded.since",
                ((path, now, micros(due)) for path in sorted(changes.to_push)),
            )

    def pending(self, now: datetime, beyond: datetime, most: int) -> tuple[PendingPush, ...]:
        """The first pushes that are due. Those due only after ``beyond`` count too: a wrong clock has written them."""
        with translated(self._path):
            rows = self._database.execute(
                "SELECT path, since, tries FROM outbox WHERE due <= ? OR due > ? ORDER BY due, path LIMIT ?",
                (micros(now), micros(beyond), most),
            ).fetchall()
        return tuple(PendingPush(path, moment(since), tries) for path, since, tries in rows)

    def remove(self, push: PendingPush) -> None:
        """Removes a push of which the hub was told, or never will be. A newer push of the same feed stays."""
        with self._writing():
            told = (push.path, micros(push.since))
            self._database.execute("DELETE FROM outbox WHERE path = ? AND since = ?", told)

    def retry(self, push: PendingPush, due: datetime) -> None:
        """Makes a push due again at ``due``, after the hub was told in vain. A newer push of the same feed stays."""
        with self._writing():
            told = (micros(due), push.path, micros(push.since))
            self._database.execute("UPDATE outbox SET due = ?, tries = tries + 1 WHERE path = ? AND since = ?", told)

    def postpone(self, now: datetime, due: datetime) -> None:
        """Makes everything that is due now wait until ``due``: the hub does not answer."""
        with self._writing():
            self._database.execute("UPDATE outbox SET due = ? WHERE due <= ?", (micros(due), micros(now)))
