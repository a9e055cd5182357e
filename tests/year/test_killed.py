"""The server is killed again and again in the course of the year: its catalogue is never damaged."""

from __future__ import annotations

import fcntl
import random
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from feeds.catalogue import Catalogue, CatalogueFile, catalogue_file
from feeds.database import remove
from feeds.memory import save_copy
from feeds.publish import Router
from feeds.publish.document import Answer
from feeds.settings import Settings
from tests.conftest import Seed
from tests.makers import BASE, Bench
from tests.servers import Servers, Victim
from tests.year.dying import serve
from tests.year.ledger import FEEDS
from tests.year.newsroom import Editors

KILLS = 50
STEPS = 4
"""Of the editors, between two kills."""

SOON = 2_000
"""Looks, a millisecond apart, until a server compiles."""

BEGINNING = datetime(2021, 1, 1, tzinfo=UTC)


def a_server(servers: Servers, editors: Editors, catalogue: Path, now: datetime) -> Victim:
    return servers.victim(serve, editors.folder, catalogue, BASE, now)


def compiling(location: CatalogueFile) -> bool:
    """Whether somebody holds the catalogue's lock."""
    try:
        with location.lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def wait_for_a_moment(number: int, process: Victim, location: CatalogueFile, chance: random.Random) -> None:
    """While it starts; whenever it likes; or in a compile."""
    if number % 3 < 2:
        process.wait(chance.uniform(0, (0.15, 0.7)[number % 3]))
        return
    for _ in range(SOON):
        if compiling(location):
            process.wait(chance.uniform(0, 0.03))
            return
        process.wait(0.001)


def generation(location: CatalogueFile) -> str:
    """Which compile was the last to be committed; the file is whole."""
    with closing(sqlite3.connect(location.path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        ((found,),) = database.execute("SELECT value FROM meta WHERE name = 'generation'").fetchall()
    return str(found)


def answers(location: CatalogueFile, settings: Settings, now: datetime) -> list[Answer]:
    """What stands in every feed."""
    with Catalogue(location.path).reading() as snapshot:
        return [
            Router(settings).answer(snapshot, feed.path(form), "", now)
            for feed in FEEDS
            for form in ("atom", "rss", "json", "html")
        ]


def test_a_server_killed_at_any_moment_of_the_year_leaves_a_sound_catalogue(
    tmp_path: Path, servers: Servers, seed: Seed
) -> None:
    editors, chance = Editors(tmp_path, seed(50)), random.Random(seed(50))  # noqa: S311  # moments, not secrets
    (tmp_path / "compiled").mkdir()
    bench = Bench(editors.folder, location=tmp_path / "compiled")
    location = catalogue_file(editors.folder, BASE, tmp_path / "catalogue")
    now = BEGINNING
    died_compiling = committed = 0
    for number in range(KILLS):
        # The server finds the changes when it starts, or they come while it is at work.
        process = a_server(servers, editors, location.path.parent, now) if number % 3 == 1 else None
        for _ in range(STEPS):
            now += timedelta(hours=36 * chance.random())
            editors.step(now.replace(microsecond=0))
        before = generation(location) if location.path.exists() else ""
        process = process or a_server(servers, editors, location.path.parent, now)
        wait_for_a_moment(number, process, location, chance)
        died_compiling += compiling(location)
        process.kill()
        if location.path.exists():
            committed += generation(location) != before
        finished = Bench(editors.folder, location=location.path.parent)
        finished.location = location
        finished.compile(now=now)
        # Built anew from the files and from what this server's readers have been shown, it is the same.
        remove(bench.location.memory)
        save_copy(location.memory, bench.location.memory)
        bench.compile(afresh=True, now=now)
        assert answers(location, finished.settings, now) == answers(bench.location, bench.settings, now)
    print(f"\n{KILLS} kills, {died_compiling} of them in a compile; {committed} after one")  # noqa: T201
    assert died_compiling
    assert committed
