"""Purges that caches are still to be told of, and the state of the newsroom up to which all purges are written.

They outlive a restart, and a catalogue that is built again. Each key is purged twice at each cache: see
`feeds.delivery.caches`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from feeds.database import micros, moment
from feeds.memory.memory_connection import MemoryConnection
from feeds.memory.memory_file import fact, set_facts, translated

_STATE = "purged"

MOST = 1_000
"""Pending keys of one cache. When there are more, one key that all answers have takes their place."""


@dataclass(frozen=True, slots=True)
class PendingPurge:
    """A key that a cache is to be told of."""

    key: str
    since: datetime
    """When it was last written."""
    tries: int
    """How often the cache was told in vain."""
    again: bool
    """Whether the cache has been told once, and this is the second time."""


class PurgeOutbox(MemoryConnection):
    """The pending purges, for the one process that sends them. Every method raises FeedsError."""

    def state(self) -> str | None:
        """The state of the newsroom up to which all purges are written; None if it was never looked at."""
        with translated(self._path):
            return fact(self._database, _STATE)

    def record(
        self, state: str, caches: Collection[str], keys: Iterable[str], everything: str, now: datetime, due: datetime
    ) -> None:
        """Writes a state, and that each cache is to be told of these keys at ``due``, in one transaction.

        A key that a cache was told of in vain stays due when it was. ``everything`` is the key that all answers have.
        What is pending for other caches, which are no longer in front of the newsroom, is dropped.
        """
        found = sorted(keys)
        with self._writing():
            set_facts(self._database, **{_STATE: state})
            marks = ", ".join("?" * len(caches))
            self._database.execute(f"DELETE FROM purges WHERE cache NOT IN ({marks})", sorted(caches))
            for cache in sorted(caches):
                self._add(cache, found, now, due)
                (pending,) = self._database.execute(
                    "SELECT COUNT(*) FROM purges WHERE cache = ?", (cache,)
                ).fetchone()  # fmt: skip
                if pending > MOST:
                    self._database.execute("DELETE FROM purges WHERE cache = ?", (cache,))
                    self._add(cache, [everything], now, due)

    def _add(self, cache: str, keys: Iterable[str], now: datetime, due: datetime) -> None:
        self._database.executemany(
            "INSERT INTO purges (cache, key, since, due, tries, again) VALUES (?, ?, ?, ?, 0, FALSE)"
            " ON CONFLICT (cache, key) DO UPDATE SET since = excluded.since, again = FALSE,"
            " due = CASE WHEN purges.tries > 0 THEN purges.due ELSE excluded.due END",
            ((cache, key, micros(now), micros(due)) for key in keys),
        )

    def pending(self, cache: str, now: datetime, beyond: datetime) -> tuple[PendingPurge, ...]:
        """The purges of a cache that are due. Those due only after ``beyond`` count too: a wrong clock wrote them."""
        with translated(self._path):
            rows = self._database.execute(
                "SELECT key, since, tries, again FROM purges WHERE cache = ? AND (due <= ? OR due > ?)"
                " ORDER BY due, key",
                (cache, micros(now), micros(beyond)),
            ).fetchall()
        return tuple(PendingPurge(key, moment(since), tries, bool(again)) for key, since, tries, again in rows)

    def told(self, cache: str, purges: Iterable[PendingPurge], again: datetime) -> None:
        """Notes that a cache was told: each purge is due once more at ``again``, and is done after the second time."""
        made = tuple(purges)
        with self._writing():
            self._database.executemany(
                "DELETE FROM purges WHERE cache = ? AND key = ? AND again", ((cache, each.key) for each in made)
            )
            self._database.executemany(
                "UPDATE purges SET due = ?, tries = 0, again = TRUE WHERE cache = ? AND key = ?",
                ((micros(again), cache, each.key) for each in made if not each.again),
            )

    def drop(self, cache: str, purges: Iterable[PendingPurge]) -> None:
        """Deletes purges that the cache need not be told of any longer."""
        with self._writing():
            self._database.executemany(
                "DELETE FROM purges WHERE cache = ? AND key = ?", ((cache, each.key) for each in purges)
            )

    def retry(self, cache: str, now: datetime, due: datetime) -> None:
        """Makes all purges of a cache that are due now due again at ``due``, after it was told in vain."""
        with self._writing():
            self._database.execute(
                "UPDATE purges SET due = ?, tries = tries + 1 WHERE cache = ? AND due <= ?",
                (micros(due), cache, micros(now)),
            )

    def failing_since(self) -> datetime | None:
        """The oldest change of which a cache was told in vain so far; None if there is none."""
        with translated(self._path):
            (since,) = self._database.execute("SELECT MIN(since) FROM purges WHERE tries > 0").fetchone()
        return None if since is None else moment(since)
