"""Counts what the hub, search engines and caches are still to be told, for the operator's metrics."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from feeds.database import moment
from feeds.memory.memory_file import MemoryLocation, open_memory, translated

_OUTBOXES = {"push": "outbox", "indexnow": "index_outbox", "purge": "purges WHERE NOT again"}
"""The rows that are pending, by outbox. The second purge of a key does not count: it is only to be sure."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is pending in an outbox."""

    number: int
    since: datetime | None
    """When the oldest of it changed; None if nothing is pending."""


def backlogs(location: MemoryLocation) -> Mapping[str, Backlog]:
    """What is pending in each outbox: of the hub (`push`), search engines (`indexnow`) and caches (`purge`).

    Raises FeedsError.
    """
    found = {}
    with closing(open_memory(location)) as database, translated(location):
        for name, rows in _OUTBOXES.items():
            number, since = database.execute(f"SELECT COUNT(*), MIN(since) FROM {rows}").fetchone()
            found[name] = Backlog(number, None if since is None else moment(since))
    return found
