"""What readers have been shown, which no file tells: the newest moment that has come, and releases that are gone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import NamedTuple

from feeds.catalogue import problems
from feeds.catalogue.engine import CatalogueError, CatalogueFile, open_to_write, transaction
from feeds.catalogue.releases import EDITIONS, VISIBLE
from feeds.catalogue.tables import micros, moment
from feeds.errors import Problem

_ANNOUNCED_UNTIL = "announced_until"


def remembered(database: sqlite3.Connection, name: str) -> str | None:
    """A single remembered value; None if it was never written."""
    row = database.execute("SELECT value FROM memory WHERE name = ?", (name,)).fetchone()
    return row[0] if row else None


def remember(database: sqlite3.Connection, **values: str) -> None:
    """Writes single values to be remembered."""
    database.executemany("INSERT OR REPLACE INTO memory VALUES (?, ?)", values.items())


# -- up to when everything is published, for a clock that steps back ----------------------------------------------


def announced_until(database: sqlite3.Connection) -> datetime | None:
    """The newest moment that is known to have come; None if none was ever written down."""
    known = remembered(database, _ANNOUNCED_UNTIL)
    return moment(int(known)) if known else None


_PATIENCE = 50
"""Milliseconds to wait for another writer: a reader's request may be waiting for this."""


def remember_announced(file: CatalogueFile, until: datetime) -> None:
    """Writes down that a moment has come; one before the newest known changes nothing. Raises CatalogueError."""
    try:
        with closing(open_to_write(file.path)) as database:
            database.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
            known = announced_until(database)
            if known is None or known < until:
                with transaction(database):
                    remember(database, **{_ANNOUNCED_UNTIL: str(micros(until))})
    except sqlite3.Error as error:
        raise CatalogueError(f"{file.path}: {error}") from error


# -- releases that readers have seen and that are no longer there -------------------------------------------------


class SeenRelease(NamedTuple):
    """A release as readers have seen it."""

    story: str
    path: str
    model: str
    """JSON."""


@contextmanager
def noting_vanished(
    database: sqlite3.Connection, stories: Iterable[str], folder: str, now: datetime | None
) -> Iterator[None]:
    """Notes which releases of these stories vanish during the block and which come back, and the problems with them.

    Without a time nothing is noted: nobody knows what readers have seen.
    """
    if now is None:
        yield
        return
    before = _seen(database, stories, now)
    yield
    for id_, release in before.items():
        if not _is_visible(database, id_, now):
            database.execute("INSERT OR REPLACE INTO vanished VALUES (?, ?, ?, ?)", (id_, *release))
    for (id_,) in database.execute("SELECT id FROM vanished").fetchall():
        if _is_visible(database, id_, now):
            database.execute("DELETE FROM vanished WHERE id = ?", (id_,))
    problems.replace(database, problems.VANISHED, _problems(database, folder))


def vanished_models(database: sqlite3.Connection) -> tuple[str, ...]:
    """The models of the vanished releases, as JSON."""
    return tuple(model for (model,) in database.execute("SELECT model FROM vanished ORDER BY id"))


def _seen(database: sqlite3.Connection, stories: Iterable[str], now: datetime) -> dict[str, SeenRelease]:
    """By id, the releases of these stories that readers may see."""
    found = {}
    for story in stories:
        rows = database.execute(
            f"SELECT r.id, r.story, r.path, r.model FROM {EDITIONS} WHERE r.story = :story AND {VISIBLE}",
            {"story": story, "now": micros(now)},
        )
        found.update({id_: SeenRelease(*row) for id_, *row in rows})
    return found


def _is_visible(database: sqlite3.Connection, id_: str, now: datetime) -> bool:
    query = f"SELECT EXISTS (SELECT 1 FROM {EDITIONS} WHERE r.id = :id AND {VISIBLE})"
    return bool(database.execute(query, {"id": id_, "now": micros(now)}).fetchone()[0])


def _problems(database: sqlite3.Connection, folder: str) -> Iterator[Problem]:
    """What an editor should do about each vanished release."""
    rows = database.execute(
        "SELECT story, path, EXISTS (SELECT 1 FROM releases r WHERE r.id = v.id) FROM vanished v ORDER BY story, id"
    )
    advice = "subscribers keep it without a word: to take it back, {} “withdrawn” with a date and a reason"
    for story, path, there in rows:
        message, how = (
            (f"{path} was published, and is now hidden", "show it again and write")
            if there
            else (f"{path} was published, and is gone", "bring the file back and write into it")
        )
        yield Problem(f"{folder}/{story}", 0, 0, "", message, advice.format(how), fatal=False)
