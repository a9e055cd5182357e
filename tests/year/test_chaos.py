"""All that can happen to servers happens to two of them on one state: nothing is lost, and they heal by themselves."""

from __future__ import annotations

import os
import random
import signal
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from feeds.catalogue import CatalogueFile, catalogue_file
from tests.conftest import Seed
from tests.makers import write, yaml
from tests.memory.version_1 import version_1_newsroom
from tests.servers import HOST, Server, Servers, catalogue_of
from tests.tools import DEAD, free_port, wait_until
from tests.year.clients import Client, JsonFeedClient, RssClient

ROUNDS = 2
"""How often each blow falls."""

PAGE = 4096
SCHEDULED = "/releases/2030/secret"
WITHDRAWN = "/releases/2021/number-3"
FEEDS = ("/feeds/all", "/feeds/country/cn", "/feeds/corrections")


class Site:
    """One of the servers, started again by whoever watches over it when it has ended."""

    def __init__(self, servers: Servers, folder: Path, days_ahead: Path) -> None:
        self.port = free_port()
        self.base = f"http://{HOST}:{self.port}"
        self.folder = folder
        self._servers = servers
        self._days_ahead = str(days_ahead)
        self.server: Server | None = None

    @property
    def location(self) -> CatalogueFile:
        """Its catalogue and memory."""
        return catalogue_file(self.folder, self.base, catalogue_of(self.folder))

    def start(self, *, open_files: int = 0, full_disk: bool = False) -> None:
        """Starts it, by the clock that the test sets; what it lacks stays so until it is started again."""
        self.server = self._servers.newsroom(
            self.folder,
            watch="poll",
            port=self.port,
            open_files=open_files,
            full_disk=full_disk,
            module="tests.year.leaping",
            FEEDS_BASE_URL=self.base,
            FEEDS_ENTRIES="3",
            DAYS_AHEAD=self._days_ahead,
        ).__enter__()

    def stop(self) -> None:
        """As an operator does."""
        if self.server:
            self.server.stop()
            self.server = None

    def again(self, *, full_disk: bool = False, open_files: int = 0) -> Server:
        """Stops and starts it."""
        self.stop()
        self.start(full_disk=full_disk, open_files=open_files)
        return self.running

    @property
    def running(self) -> Server:
        """The server, started again if it has ended."""
        if self.server is None or self.server.stderr.ended.is_set():
            self.stop()
            self.start()
        assert self.server
        return self.server

    def will_answer(self, path: str, status: int) -> None:
        """Waits for a status, which a server that has just been started may not give yet."""
        try:
            wait_until(lambda: self.status(path) == status, f"{self.base}{path} answers {status}")
        except AssertionError as error:
            error.add_note(f"{self.running.stderr}{self.running.body('/healthz')}")
            raise

    def status(self, path: str) -> int:
        """Of the answer; a server that is gone has none."""
        try:
            return self.running.get(path)[0]
        except OSError:
            return 0


class Chaos:
    """Two sites on one folder of releases and one state, those who read them, and what they are owed."""

    def __init__(self, path: Path, servers: Servers, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311  # moments, not secrets
        self.days_ahead = path / "days ahead"
        self.leap(0)
        self.sites = [Site(servers, path / "data", self.days_ahead) for _ in range(2)]
        version_1_newsroom(path, catalogue_of(path / "data"), self.sites[0].base)
        self.clients: list[Client] = [JsonFeedClient(), RssClient()]
        self.pages = {f"/releases/2021/number-{number}": 200 for number in (1, 4, 5)}
        self.news = [f"tag:example.org,2021-06-0{number}:number-{number}" for number in (1, 3, 4, 5)]
        self.told: list[str] = []
        self.closed: dict[str, bytes] = {}
        secret = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
        self.write("2030/2030-01-01-secret.yaml", published=secret)
        for site in self.sites:
            site.start()

    @property
    def site(self) -> Site:
        """The one to which it happens: that of version 1.0.0."""
        return self.sites[0]

    def write(self, name: str, **fields: Any) -> None:
        write(self.site.folder, name, yaml(title=name, **fields))

    def leap(self, days: int) -> None:
        """Sets both servers' clock ahead, or back to the real time."""
        with self.days_ahead.open("r+b" if self.days_ahead.exists() else "wb") as file:
            file.write(f"{days:9}".encode())  # in one piece: it is read at any time

    # -- editors --------------------------------------------------------------------------------------------------

    def edit(self) -> None:
        """A release is published; every third one comes late."""
        number = len(self.pages)
        now = datetime.now(UTC).replace(microsecond=0)
        date = datetime(2021, 5, number, tzinfo=UTC) if number % 3 == 0 else now
        self.write(f"2021/2021-05-01-story-{number}.yaml", published=date, countries=["CN"])
        self.pages[f"/releases/2021/story-{number}"] = 200
        self.news.append(f"tag:example.org,2021-05-01:story-{number}")

    # -- what must hold -------------------------------------------------------------------------------------------

    def hold(self) -> None:
        """Soon both sites have every page, are in order, and let nothing out; readers have been told once."""
        for site, other in (self.sites, self.sites[::-1]):
            for path, status in {"/healthz?fresh": 200, SCHEDULED: 404, WITHDRAWN: 410, **self.pages}.items():
                site.will_answer(path, status)
            for feed in FEEDS:
                for form in ("atom", "rss", "json", "html"):
                    body = site.running.body(f"{feed}.{form}")
                    assert "secret" not in body
                    assert other.base not in body
        for client in self.clients:
            self.told = []
            wait_until(lambda: self.is_told(client), "readers are told")  # noqa: B023  # at once
            assert sorted(self.told) == sorted(self.news)
        self.news = []
        self.compare_closed_pages()

    def is_told(self, client: Client) -> bool:
        """Whether a client has been told of everything; the second worker learns of it a moment after the first."""
        self.told += [event.id for event in client.poll(f"{self.site.base}/feeds/all.{client.suffix}")]
        return len(self.told) >= len(self.news)

    def compare_closed_pages(self) -> None:
        """No archive document changes; there are more and more of them."""
        for feed in FEEDS:
            for form in ("atom", "rss", "json"):
                number = 1
                while (answer := self.site.running.get(path := f"{feed}/archive/{number}.{form}"))[0] == 200:
                    assert self.closed.setdefault(path, answer[1]) == answer[1], path
                    number += 1
                assert f"{feed}/archive/{number}.{form}" not in self.closed, "an archive document is gone"

    # -- blows ----------------------------------------------------------------------------------------------------

    def kill_the_main_process(self) -> None:
        """Soon after a file has changed."""
        self.edit()
        self.site.running.stderr.ended.wait(self.chance.uniform(0, 1.5))
        os.kill(self.site.running.process_id, signal.SIGKILL)
        assert self.site.running.stderr.ended.wait(DEAD)

    def kill_a_worker(self) -> None:
        """Another one takes its place."""
        self.edit()
        server = self.site.running
        wait_until(lambda: len(server.workers()) == 2, "both workers are at work")
        server.stderr.ended.wait(self.chance.uniform(0, 1.5))
        os.kill(self.chance.choice(sorted(server.workers())), signal.SIGKILL)

    def kill_all(self) -> None:
        """At once, of both sites."""
        self.edit()
        self.site.running.stderr.ended.wait(self.chance.uniform(0, 1.5))
        for site in self.sites:
            os.killpg(site.running.process_id, signal.SIGKILL)
            assert site.running.stderr.ended.wait(DEAD)

    def damage_the_catalogue(self) -> None:
        """A page of it, while it is served; then a restart."""
        self.damage(self.site.location.path)
        if self.chance.random() < 0.5:
            self.site.again()
        self.edit()

    def damage_the_memory(self) -> None:
        """A page of it, while it is served."""
        self.damage(self.site.location.memory)
        self.edit()

    def damage(self, path: Path) -> None:
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        whole = bytearray(path.read_bytes())
        start = self.chance.randrange(len(whole) // PAGE) * PAGE + self.chance.randrange(PAGE // 2)
        whole[start : start + 2000] = self.chance.choice((b"\xa5", b"a", b"\0")) * len(whole[start : start + 2000])
        path.write_bytes(whole)

    def lose_the_catalogue(self) -> None:
        """While it is served."""
        for each in self.site.location.path.parent.glob(f"{self.site.location.path.name}*"):
            each.unlink()
        self.edit()

    def fill_the_disk(self) -> None:
        """What was there is served; what is new comes when there is room."""
        server = self.site.again(full_disk=True)
        before = dict(self.pages)
        self.edit()
        self.site.will_answer("/healthz?fresh", 503)
        assert {path: server.get(path)[0] for path in before} == before
        self.site.again()

    def leave_no_file(self) -> None:
        """Idle connections take all files that the server may open."""
        server = self.site.again(open_files=64)
        with ExitStack() as idle:
            for _ in range(200):
                idle.enter_context(socket.create_connection((HOST, server.port), timeout=DEAD))
            self.edit()
            server.stderr.line("changes are not taken up: .*Too many open files")
        self.hold()
        self.site.again()

    def leap_ahead(self) -> None:
        """The clock runs months ahead, a file is taken up then, and the clock comes back."""
        self.leap(120)
        self.site.will_answer(SCHEDULED, 200)
        self.edit()
        self.site.will_answer([*self.pages][-1], 200)
        if self.chance.random() < 0.5:
            self.site.again()
        self.leap(0)


BLOWS: tuple[Callable[[Chaos], None], ...] = (
    *(Chaos.kill_the_main_process, Chaos.kill_a_worker, Chaos.kill_all, Chaos.damage_the_catalogue),
    *(Chaos.damage_the_memory, Chaos.lose_the_catalogue, Chaos.fill_the_disk, Chaos.leave_no_file, Chaos.leap_ahead),
)


@pytest.fixture
def chaos(tmp_path: Path, servers: Servers, seed: Seed) -> Iterator[Chaos]:
    made = Chaos(tmp_path, servers, seed(7))
    try:
        yield made
    finally:
        for site in made.sites:
            site.stop()


def test_whatever_happens_nothing_is_lost_and_all_is_well_again(chaos: Chaos) -> None:
    chaos.hold()
    for blow in chaos.chance.sample(BLOWS * ROUNDS, len(BLOWS) * ROUNDS):
        print(blow.__name__)  # noqa: T201  # shown when it fails
        blow(chaos)
        chaos.hold()
    assert len(chaos.closed) > 20
