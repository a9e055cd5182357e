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


def compiling(place: CatalogueFile) -> bool:
    """Whether somebody holds the catalogue's lock."""
    try:
        with place.lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def wait_for_a_moment(number: int, process: Victim, place: CatalogueFile, chance: random.Random) -> None:
    """While it starts; whenever it likes; or in a compile."""
    if number % 3 < 2:
        process.wait(chance.uniform(0, (0.15, 0.7)[number % 3]))
        return
    for _ in range(SOON):
        if compiling(place):
            process.wait(chance.uniform(0, 0.03))
            return
        process.wait(0.001)


def generation(place: CatalogueFile) -> str:
    """Which compile was the last to be committed; the file is whole."""
    with closing(sqlite3.connect(place.path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        ((found,),) = database.execute("SELECT value FROM meta WHERE name = 'generation'").fetchall()
    return str(found)


def answers(place: CatalogueFile, settings: Settings, now: datetime) -> list[Answer]:
    """What stands in every feed."""
    with Catalogue(place.path).reading() as snapshot:
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
    bench = Bench(editors.folder, place=tmp_path / "compiled")
    place = catalogue_file(editors.folder, BASE, tmp_path / "catalogue")
    now = BEGINNING
    died_compiling = committed = 0
    for number in range(KILLS):
        # The server finds the changes when it starts, or they come while it is at work.
        process = a_server(servers, editors, place.path.parent, now) if number % 3 == 1 else None
        for _ in range(STEPS):
            now += timedelta(hours=36 * chance.random())
            editors.step(now.replace(microsecond=0))
        before = generation(place) if place.path.exists() else ""
        process = process or a_server(servers, editors, place.path.parent, now)
        wait_for_a_moment(number, process, place, chance)
        died_compiling += compiling(place)
        process.kill()
        if place.path.exists():
            committed += generation(place) != before
        finished = Bench(editors.folder, place=place.path.parent)
        finished.place = place
        finished.compile(now=now)
        # Built anew from the files and from what this server's readers have been shown, it is the same.
        remove(bench.place.memory)
        save_copy(place.memory, bench.place.memory)
        bench.compile(afresh=True, now=now)
        assert answers(place, finished.settings, now) == answers(bench.place, bench.settings, now)
    print(f"\n{KILLS} kills, {died_compiling} of them in a compile; {committed} after one")  # noqa: T201
    assert died_compiling
    assert committed
