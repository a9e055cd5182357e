"""Pages that search engines are still to be told of, and a digest of each page as it was at the last look.

They outlive a restart, and a catalogue that is built again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from feeds.database import micros, moment
from feeds.memory.memory_connection import MemoryConnection
from feeds.memory.memory_file import fact, set_facts, translated

_BASIS = "indexed"


@dataclass(frozen=True, slots=True)
class PendingPage:
    """A page that search engines are to be told of."""

    path: str
    since: datetime
    """When it last changed."""
    tries: int
    """How often they were told in vain."""


@dataclass(frozen=True, slots=True)
class IndexBasis:
    """What the digests of pages were made for."""

    registered_as: str
    """Key and base address: when these change nothing is told, and all pages get new digests."""
    until: datetime
    """The moment for which the digests hold."""
    noted: str
    """The place in the catalogue's log of changes up to which they hold."""


@dataclass(frozen=True, slots=True)
class PageChanges:
    """Which pages have changed since they were last looked at."""

    basis: IndexBasis
    digests: Mapping[str, bytes | None]
    """The digests that have changed, by path; None for a page that is no longer there."""
    to_tell: frozenset[str]
    """The paths that search engines are to be told of."""
    start_over: bool
    """Whether all earlier digests and pending pages are void."""


class IndexNowOutbox(MemoryConnection):
    """The pending pages, for the one process that sends them. Every method raises FeedsError."""

    def basis(self) -> IndexBasis | None:
        """What the digests were made for; None if no page was ever looked at."""
        with translated(self._path):
            found = fact(self._database, _BASIS)
        if found is None:
            return None
        registered_as, until, noted = found.split("\n")
        return IndexBasis(registered_as, moment(int(until)), noted)

    def digest(self, path: str) -> bytes | None:
        """The last digest of a page; None for one that was not there."""
        with translated(self._path):
            row = self._database.execute("SELECT digest FROM indexed WHERE path = ?", (path,)).fetchone()
        return row[0] if row else None

    def digests(self) -> dict[str, bytes]:
        """The last digest of every page that was there."""
        with translated(self._path):
            return dict(self._database.execute("SELECT path, digest FROM indexed").fetchall())

    def record(self, changes: PageChanges, due: datetime) -> None:
        """Writes what has changed, and pending pages that are due at ``due``: all of it or nothing.

        A page that is pending already stays due when it was: search engines that do not answer are asked no more often.
        """
        basis = changes.basis
        now = micros(basis.until)
        with self._writing():
            if changes.start_over:
                self._database.execute("DELETE FROM indexed")
                self._database.execute("DELETE FROM index_outbox")
            set_facts(self._database, **{_BASIS: "\n".join((basis.registered_as, str(now), basis.noted))})
            existing = {path: digest for path, digest in changes.digests.items() if digest}
            gone = sorted(changes.digests.keys() - existing.keys())
            self._database.executemany("DELETE FROM indexed WHERE path = ?", ((path,) for path in gone))
            self._database.executemany(
                "INSERT INTO indexed VALUES (?, ?) ON CONFLICT (path) DO UPDATE SET digest = excluded.digest",
                sorted(existing.items()),
            )
            self._database.executemany(
                "INSERT INTO index_outbox (path, since, due, tries) VALUES (?, ?, ?, 0)"
                " ON CONFLICT (path) DO UPDATE SET since = excluded.since",
                ((path, now, micros(due)) for path in sorted(changes.to_tell)),
            )

    def pending(self, now: datetime, beyond: datetime, most: int) -> tuple[PendingPage, ...]:
        """The first pages that are due. Those due only after ``beyond`` count too: a wrong clock has written them."""
        with translated(self._path):
            rows = self._database.execute(
                "SELECT path, since, tries FROM index_outbox WHERE due <= ? OR due > ? ORDER BY due, path LIMIT ?",
                (micros(now), micros(beyond), most),
            ).fetchall()
        return tuple(PendingPage(path, moment(since), tries) for path, since, tries in rows)

    def remove(self, pages: Iterable[PendingPage]) -> None:
        """Removes pages that search engines were told of, or never will be. What has changed since stays pending."""
        with self._writing():
            self._database.executemany(
                "DELETE FROM index_outbox WHERE path = ? AND since = ?",
                ((each.path, micros(each.since)) for each in pages),
            )

    def retry(self, pages: Iterable[PendingPage], due: datetime) -> None:
        """Makes pages due again at ``due``, after search engines were told of them in vain."""
        with self._writing():
            self._database.executemany(
                "UPDATE index_outbox SET due = ?, tries = tries + 1 WHERE path = ?",
                ((micros(due), each.path) for each in pages),
            )

    def postpone(self, now: datetime, due: datetime) -> None:
        """Makes everything that is due now wait until ``due``: nobody answers."""
        with self._writing():
            self._database.execute("UPDATE index_outbox SET due = ? WHERE due <= ?", (micros(due), micros(now)))
