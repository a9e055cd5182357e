"""Servers on one PostgreSQL server are killed at any moment, and so is that: nothing is lost, nothing told twice."""

from __future__ import annotations

import os
import random
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conftest import Seed
from tests.delivery.websub.endpoint import Endpoint, running
from tests.delivery.websub.newsrooms import BASE, Office
from tests.postgresql import Cluster
from tests.servers import Server, Servers
from tests.tools import free_port, wait_until

FEED = "/feeds/country/mn.atom"
VICTIMS = ("one", "two", "replica", "database", "one", "two")
LONG = 9
"""How many times as many kills an exploring run has."""


class Fleet:
    """Two servers with a copy of the content folder each, and a replica without one."""

    def __init__(self, servers: Servers, office: Office, copy: Path, url: str, state: Path) -> None:
        self._servers = servers
        self._url = url
        self._state = state
        self._folders = {"one": office.folder, "two": copy, "replica": Path("none")}
        self._ports = {name: free_port() for name in self._folders}
        self._office = office
        self.running: dict[str, Server] = {}

    def start(self, name: str) -> None:
        self.running[name] = self._servers.newsroom(
            self._folders[name],
            workers=1,
            watch="auto",
            port=self._ports[name],
            FEEDS_DATABASE=self._url,
            FEEDS_BASE_URL=BASE,
            FEEDS_STATE=str(self._state / name),
        ).__enter__()

    def kill(self, name: str) -> None:
        """Kills a server with all its processes, and leaves it no time for anything."""
        server = self.running.pop(name)
        os.killpg(server.process_id, signal.SIGKILL)
        server.stop()

    def stop(self) -> None:
        for server in self.running.values():
            server.stop()

    def write(self, number: int) -> None:
        """An editor's change arrives in both copies of the folder."""
        self._office.release(f"release-{number}", f"Change {number}", countries=["MN"])
        for name in ("one", "two"):
            source = self._office.folder / "releases" / f"2021-06-24-release-{number}.yaml"
            target = self._folders[name] / "releases" / source.name
            if target != source:
                shutil.copy(source, target.with_suffix(".tmp"))
                target.with_suffix(".tmp").replace(target)

    def all_show(self, number: int) -> bool:
        """Whether every server answers with a change, and all with the same bytes."""
        found = {server.get(FEED) for server in self.running.values()}
        return len(found) == 1 and f"Change {number}<".encode() in found.pop()[1]


@pytest.fixture
def hub() -> Iterator[Endpoint]:
    with running(Endpoint()) as endpoint:
        yield endpoint


@pytest.fixture
def fleet(servers: Servers, hub: Endpoint, postgresql: Cluster, tmp_path: Path) -> Iterator[Fleet]:
    office = Office(tmp_path, hub=hub.url, languages="en")
    office.release("release-0", "Change 0", countries=["MN"])
    copy = tmp_path / "copy"
    shutil.copytree(office.folder, copy)
    made = Fleet(servers, office, copy, postgresql.database(), tmp_path / "state")
    with ExitStack() as stack:
        stack.callback(made.stop)
        for name in ("one", "two", "replica"):
            made.start(name)
        yield made


def told(hub: Endpoint) -> Counter[str]:
    return Counter(form["hub.url"][0] for _, _, form in hub.heard)


def test_each_change_reaches_all_servers_and_is_told_once(fleet: Fleet, hub: Endpoint) -> None:
    for number in range(1, 4):
        fleet.write(number)
        wait_until(lambda number=number: fleet.all_show(number), "every server shows the change")  # type: ignore[misc]
        # Everything, and the country, in three formats, one after the other.
        wait_until(lambda number=number: told(hub).total() >= 6 * number, "the hub is told")  # type: ignore[misc]
        assert sorted(told(hub).values()) == [number] * 6


def test_whoever_is_killed_nothing_is_lost(
    fleet: Fleet, hub: Endpoint, postgresql: Cluster, seed: Seed, pytestconfig: pytest.Config
) -> None:
    chance = random.Random(seed(2026))  # noqa: S311  # moments, not secrets
    victims = VICTIMS * (LONG if pytestconfig.getoption("--explore") else 1)
    kills = len(victims)
    for number, victim in enumerate(chance.sample(victims, kills), 1):
        fleet.write(number)
        hub_before = sum(told(hub).values())
        if chance.random() < 0.5:
            wait_until(lambda before=hub_before: sum(told(hub).values()) > before, "it is being told")  # type: ignore[misc]
        if victim == "database":
            postgresql.stop()
            postgresql.start()
        else:
            fleet.kill(victim)
            fleet.start(victim)
    wait_until(lambda: fleet.all_show(kills), "every server shows the last change")
    shown = fleet.running["replica"].body(FEED)
    assert all(f"Change {number}<" in shown for number in range(kills + 1))
    fleet.write(kills + 1)
    wait_until(lambda: fleet.all_show(kills + 1), "and one after it")
    path = f"{BASE}{FEED}"
    before = told(hub)[path]
    assert before <= 2 * kills + 1, "at most the one word that was on its way is said again"
    wait_until(lambda: told(hub)[path] >= 2, "the hub is told")
