"""Releases that readers have seen and that are no longer there: kept until they come back, so that nobody forgets."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from feeds.catalogue.tables import micros
from feeds.errors import Problem

STORY = "-"
"""The story under which problems with them are kept."""

_VISIBLE = "NOT r.shadowed AND EXISTS (SELECT 1 FROM editions e WHERE e.release = r.key AND e.since <= :now)"


class Former(NamedTuple):
    """A release as readers have seen it."""

    story: str
    path: str
    model: str


def visible(database: sqlite3.Connection, stories: Iterable[str], now: datetime) -> dict[str, Former]:
    """Every release of these stories that may be seen, by id."""
    found = {}
    for story in stories:
        rows = database.execute(
            f"SELECT r.id, r.story, r.path, r.model FROM releases r WHERE r.story = :story AND {_VISIBLE}",
            {"story": story, "now": micros(now)},
        )
        found.update({id_: Former(*row) for id_, *row in rows})
    return found


def orphans(database: sqlite3.Connection) -> tuple[str, ...]:
    """The models of those that are gone, as JSON."""
    return tuple(model for (model,) in database.execute("SELECT model FROM former ORDER BY id"))


def note(database: sqlite3.Connection, before: Mapping[str, Former], now: datetime) -> None:
    """Keeps what was seen before and no longer is, and lets go of what is seen again."""
    for id_, former in before.items():
        if not _is_visible(database, id_, now):
            database.execute("INSERT OR REPLACE INTO former VALUES (?, ?, ?, ?)", (id_, *former))
    for (id_,) in database.execute("SELECT id FROM former").fetchall():
        if _is_visible(database, id_, now):
            database.execute("DELETE FROM former WHERE id = ?", (id_,))


def _is_visible(database: sqlite3.Connection, id_: str, now: datetime) -> bool:
    values = {"id": id_, "now": micros(now)}
    found = database.execute(f"SELECT EXISTS (SELECT 1 FROM releases r WHERE r.id = :id AND {_VISIBLE})", values)
    return bool(found.fetchone()[0])


def problems(database: sqlite3.Connection, folder: str) -> Iterator[Problem]:
    """What an editor is to do about each of them."""
    rows = database.execute(
        "SELECT story, path, EXISTS (SELECT 1 FROM releases r WHERE r.id = f.id) FROM former f ORDER BY story, id"
    )
    advice = "subscribers keep it without a word: to take it back, {} “withdrawn” with a date and a reason"
    for story, path, there in rows:
        message, how = (
            (f"{path} was published, and is now hidden", "show it again and write")
            if there
            else (f"{path} was published, and is gone", "bring the file back and write into it")
        )
        yield Problem(f"{folder}/{story}", 0, 0, "", message, advice.format(how), fatal=False)
