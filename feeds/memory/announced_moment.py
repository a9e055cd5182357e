"""The newest moment that has come for readers, for a clock that steps back."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta

from feeds.database import SqliteDatabase, micros, moment, transaction
from feeds.memory.memory_file import MemoryLocation, exists, fact, open_memory, set_facts, translated

STEP = timedelta(hours=1)
"""The largest change of the clock that is taken for an ordinary correction."""

_ANNOUNCED_UNTIL = "announced_until"

_PATIENCE = 50
"""Milliseconds to wait for another writer: a reader's request may be waiting for this."""


def is_of_a_leap(until: int, now: int) -> bool:
    """Whether the clock had leapt ahead when something was made that is complete until ``until``; in microseconds."""
    return until - now > STEP / timedelta(microseconds=1)


def announced_until(path: MemoryLocation) -> datetime | None:
    """The newest moment that is known to have come; None if none was ever written down. Raises FeedsError."""
    if not exists(path):  # the first compile makes it, from what there was before
        return None
    with closing(open_memory(path)) as database, translated(path):
        known = fact(database, _ANNOUNCED_UNTIL)
    return moment(int(known)) if known else None


def remember_announced(path: MemoryLocation, until: datetime) -> None:
    """Writes down that a moment has come; one before the newest known changes nothing. Raises FeedsError."""
    with closing(open_memory(path)) as database, translated(path):
        if isinstance(database, SqliteDatabase):
            database.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
        known = fact(database, _ANNOUNCED_UNTIL)
        if known is None or int(known) < micros(until):
            with transaction(database):
                set_facts(database, **{_ANNOUNCED_UNTIL: str(micros(until))})
