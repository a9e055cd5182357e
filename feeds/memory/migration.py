"""Opens a newsroom's memory; a new one takes over what was remembered elsewhere, or what version 1.0.0 kept."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from feeds.database import Database, Server, connect, micros, transaction
from feeds.errors import FeedsError
from feeds.memory import version_1_migration
from feeds.memory.memory_file import (
    APPLICATION_ID,
    SEEN_UNTIL,
    MemoryLocation,
    copy_all,
    fact,
    open_memory,
    save_copy,
    set_facts,
)

_log = logging.getLogger("feeds")


def memory_of(path: MemoryLocation, data: Path, authority: str) -> Database:
    """Opens the memory of a newsroom, and writes down whose it is. Makes an empty one if there is none.

    Raises FeedsError.
    """
    database = open_memory(path)
    own = _owner(data, authority)
    if any(fact(database, name) != value for name, value in own.items()):
        with transaction(database):
            set_facts(database, **own)
    return database


def take_over(path: MemoryLocation, data: Path, authority: str, elders: Iterable[Path], now: datetime) -> None:
    """Makes a memory, where there is none, from what was remembered elsewhere. Raises FeedsError.

    A newsroom that is now served at another address, or whose folder was moved, goes on from a copy of its memory; one
    that version 1.0.0 served, from the catalogue of that version, one of ``elders``. Any other begins with nothing. A
    new memory on a server begins with that of this machine: there ``elders`` are the files in which it may be.
    """
    if isinstance(path, Server):
        _take_to_server(path, elders)
        return
    if path.exists():
        return
    for _, other in sorted(_relatives(path, data, authority), reverse=True):
        _log.info("what readers have been shown is taken over from %s", other)
        save_copy(other, path)
        with closing(open_memory(path)) as database, transaction(database):
            database.execute("DELETE FROM facts WHERE name = 'identity'")
        return
    for elder in elders:
        if elder.exists():
            try:
                with closing(open_memory(path)) as database:
                    version_1_migration.take_over(database, elder, micros(now))
            except FeedsError as error:
                _log.warning("nothing is taken over from version 1.0.0: %s", error)
            else:
                _log.info("what readers have been shown is taken over from %s", elder)
                return


def _take_to_server(server: Server, elders: Iterable[Path]) -> None:
    with closing(open_memory(server)) as database:
        if fact(database, SEEN_UNTIL) is not None:
            return
        for elder in filter(Path.exists, elders):
            with closing(open_memory(elder)) as former:
                copy_all(former, database)
            _log.info("what readers have been shown is taken over from %s", elder)
            return


def _relatives(path: Path, data: Path, authority: str) -> Iterator[tuple[int, Path]]:
    """The memories of the same newsroom beside this one, each after the time until which it is complete."""
    own = _owner(data, authority)
    for other in path.parent.glob("memory*.sqlite"):
        facts = _facts(other)
        same_folder = facts.get("data") == own["data"]
        moved = facts.get("authority") == authority and not Path(facts.get("data", "")).exists()
        if other != path and (same_folder or moved):
            yield int(facts.get(SEEN_UNTIL, "0")), other


def _facts(path: Path) -> dict[str, str]:
    try:
        with closing(connect(path, "ro")) as database:
            if database.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
                return {}
            return dict(database.execute("SELECT name, value FROM facts"))
    except sqlite3.Error:
        return {}


def _owner(data: Path, authority: str) -> dict[str, str]:
    return {"data": str(data.absolute()), "authority": authority}
