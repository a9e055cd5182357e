"""A newsroom that several servers answer from one PostgreSQL server."""

from __future__ import annotations

import json
import logging
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import Client

from feeds.catalogue.postgresql_catalogue import ServerTurn
from feeds.concurrency.background import Background
from feeds.settings import NOWHERE, Settings
from feeds.web import create_app
from feeds.web.live_newsroom import LiveNewsroom
from tests.application import Clock
from tests.catalogue.test_same_bytes import a_living_newsroom
from tests.makers import BASE, NOW, write, yaml
from tests.postgresql import PASSWORD, Cluster
from tests.tools import DATA, free_port, python, wait_until

pytestmark = pytest.mark.slow

FEED, OTHER_FEED = "/feeds/all.atom", "/feeds/all.json"


class Machine:
    """A server of the newsroom, in this process; without a folder it is a replica."""

    def __init__(self, url: str, state: Path, folder: Path = NOWHERE, watch: str = "off") -> None:
        self.settings = Settings(
            data=folder, state=state, database=url, base_url=BASE, entries=3, watch=watch, health="full"
        )  # fmt: skip
        self.clock = Clock(NOW)
        self.app: Flask = create_app(self.settings, clock=self.clock)
        self.newsroom: LiveNewsroom = self.app.extensions["feeds"]
        self.threads: tuple[Background, ...] = self.app.extensions["feeds.background"]
        self._client = Client(self.app)

    def ask(self, path: str) -> tuple[int, bytes]:
        """Status and body, at a moment at which the server looks whether anything has changed."""
        self.clock.wait(0.3)
        response = self._client.get(path)
        return response.status_code, response.get_data()

    def retry_after(self, path: str) -> str | None:
        return self._client.get(path).headers.get("Retry-After")

    def health(self, query: str = "") -> tuple[int, dict[str, object]]:
        status, body = self.ask(f"/healthz{query}")
        return status, json.loads(body)

    def stop(self) -> None:
        for each in self.threads:
            each.stop()


Machines = Callable[..., Machine]


@pytest.fixture
def machines(postgresql: Cluster, tmp_path: Path) -> Iterator[Machines]:
    url = postgresql.database()
    made: list[Machine] = []

    def machine(name: str, folder: Path = NOWHERE, watch: str = "off") -> Machine:
        made.append(Machine(url, tmp_path / name, folder, watch))
        return made[-1]

    yield machine
    for each in made:
        each.stop()
    # Whoever waits for the lead has it when the one before has ended, and ends too.
    assert all(thread.join(60) for each in made for thread in each.threads)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = a_living_newsroom(tmp_path).folder
    write(made, "2021/2021-06-01-dam.yaml", yaml(image={"src": "dam.png", "alt": "A dam"}))
    shutil.copy(DATA.parent / "feeds/publish/assets/icon.png", made / "releases/2021/dam.png")
    return made


def test_a_replica_without_a_folder_answers_as_the_server_that_compiles(machines: Machines, folder: Path) -> None:
    first = machines("first", folder)
    replica = machines("replica")
    with first.newsroom.catalogue.reading() as snapshot:
        files = [f"/media/{digest}/{name}" for digest, name in snapshot.media.visible(NOW)]
    assert files
    for path in ("/", FEED, OTHER_FEED, "/releases/2021/number-3", "/feeds/all.atom?q=dam", "/nothing", *files):
        assert replica.ask(path) == first.ask(path), path
    write(folder, "2021/2021-06-22-more.yaml", yaml(published="2021-06-22", title="More of it"))
    first.newsroom.compile()
    wait_until(lambda: b"More of it" in replica.ask(FEED)[1], "the replica shows the change")
    assert replica.ask(FEED) == first.ask(FEED)


def test_a_machine_whose_clock_is_behind_shows_a_change_when_its_own_clock_is_there(
    machines: Machines, folder: Path
) -> None:
    first = machines("first", folder)
    replica = machines("replica")
    assert replica.ask(FEED) == first.ask(FEED)
    first.clock.wait(30)
    write(folder, "2021/2021-06-22-more.yaml", yaml(published="2021-06-22", title="More of it"))
    first.newsroom.compile()
    wait_until(lambda: replica.newsroom.version() == first.newsroom.version(), "the replica knows of the change")
    assert b"More of it" not in replica.ask(FEED)[1]
    assert b"More of it" in first.ask(FEED)[1]
    replica.clock.wait(30)
    assert replica.ask(FEED) == first.ask(FEED)


def test_while_the_database_is_away_what_is_ready_is_served_and_all_is_well_again_after(
    machines: Machines, folder: Path, postgresql: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    machines("first", folder)
    replica = machines("replica")
    kept = replica.ask(FEED)
    assert kept[0] == 200
    assert replica.health()[1]["status"] == "ok"
    released = replica.health()[1]["releases"]
    postgresql.stop()
    try:
        wait_until(lambda: replica.newsroom.database_trouble() is not None, "the replica notices")
        assert replica.ask(FEED) == kept
        assert replica.ask(OTHER_FEED)[0] == 503
        assert replica.retry_after(OTHER_FEED)
        status, state = replica.health()
        assert (status, state["status"], state["releases"]) == (200, "degraded", released)
        assert state["reason"] == "the database does not answer"
        assert replica.health("?fresh")[0] == 503
    finally:
        postgresql.start()
    wait_until(lambda: replica.newsroom.database_trouble() is None, "the replica is back")
    assert replica.ask(OTHER_FEED)[0] == 200
    assert replica.health()[1]["status"] == "ok"
    assert "no changes can be seen" in caplog.text
    assert "secret" not in caplog.text
    assert PASSWORD not in caplog.text


def test_nobody_waits_for_a_database_that_says_nothing(machines: Machines, folder: Path, postgresql: Cluster) -> None:
    machines("first", folder)
    replica = machines("replica")
    kept = replica.ask(FEED)
    asked: list[int] = []
    postgresql.freeze()
    try:
        waiting = threading.Thread(target=lambda: asked.append(replica.ask(OTHER_FEED)[0]))
        waiting.start()
        waiting.join(60)
        assert asked == [503]
        assert replica.ask(FEED) == kept
        assert replica.health()[1]["status"] == "degraded"
    finally:
        postgresql.thaw()
    wait_until(lambda: replica.newsroom.database_trouble() is None, "the replica is back")
    assert replica.ask(OTHER_FEED)[0] == 200


def test_a_replica_that_starts_before_all_others_waits(
    machines: Machines, folder: Path, postgresql: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    started: list[Machine] = []
    postgresql.stop()
    try:
        thread = threading.Thread(target=lambda: started.append(machines("replica")))
        thread.start()
        wait_until(lambda: "waiting for the newsroom: PostgreSQL at 127.0.0.1" in caplog.text, "it says so")
        assert not started
    finally:
        postgresql.start()
    wait_until(
        lambda: "waiting for the newsroom: PostgreSQL at 127.0.0.1: no catalogue yet" in caplog.text, "it says so"
    )
    assert not started
    first = machines("first", folder)
    thread.join(60)
    assert started[0].ask(FEED) == first.ask(FEED)
    assert "secret" not in caplog.text


def test_a_server_that_the_database_refuses_ends_at_once_and_says_why(postgresql: Cluster, folder: Path) -> None:
    url = postgresql.database().replace("a%20secret", "another%20secret")
    for data in (str(folder), "none"):
        done = python(
            *("-m", "feeds", "serve", "--port", str(free_port())), FEEDS_DATABASE=url, FEEDS_DATA=data,
            FEEDS_BASE_URL=BASE, FEEDS_STATE=str(folder.parent / "state"),
        )  # fmt: skip
        assert done.returncode == 1
        assert "password authentication failed" in done.stderr
        assert "check user, password, database and sslmode in FEEDS_DATABASE" in " ".join(done.stderr.split())
        assert "secret" not in done.stderr
        assert "Traceback" not in done.stderr
        assert "no newsroom here" not in done.stderr


def test_after_the_password_was_changed_what_is_ready_is_served_until_the_server_lets_us_in_again(
    machines: Machines, folder: Path, postgresql: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    machines("first", folder)
    replica = machines("replica")
    kept = replica.ask(FEED)
    with postgresql.another_password():
        wait_until(lambda: "refuses the connection" in str(replica.newsroom.database_trouble()), "the replica notices")
        assert replica.ask(FEED) == kept
        assert replica.ask(OTHER_FEED)[0] == 503
        status, state = replica.health()
        assert (status, state["status"], state["reason"]) == (200, "degraded", "the database refuses the connection")
        assert replica.health("?fresh")[0] == 503
        # Another worker of that server, started meanwhile, waits too.
        started: list[Machine] = []
        thread = threading.Thread(target=lambda: started.append(machines("another")))
        thread.start()
        wait_until(lambda: "waiting for the newsroom" in caplog.text, "it says so")
    wait_until(lambda: replica.newsroom.database_trouble() is None, "the replica is back")
    assert replica.ask(OTHER_FEED)[0] == 200
    thread.join(60)
    assert started[0].ask(FEED) == kept
    assert "no changes can be seen: PostgreSQL at 127.0.0.1: FATAL: password authentication failed" in caplog.text
    assert PASSWORD not in caplog.text


def leads(machine: Machine) -> bool:
    lead = machine.newsroom.location.lead
    return isinstance(lead, ServerTurn) and lead.taken


def test_one_server_follows_the_folder_and_another_one_after_it(machines: Machines, folder: Path) -> None:
    copy = folder.parent / "copy"
    shutil.copytree(folder, copy)  # with other times and inodes
    one = machines("one", folder, watch="poll")
    wait_until(lambda: leads(one), "it has the lead")
    version = one.newsroom.version()
    other = machines("other", copy, watch="poll")
    write(folder, "2021/2021-06-22-more.yaml", yaml(published="2021-06-22", title="More of it"))
    wait_until(lambda: b"More of it" in other.ask(FEED)[1], "what the first has read is shown by the other")
    assert other.newsroom.version() == (version[0], version[1] + 1)  # the other has read nothing
    write(copy, "2021/2021-06-22-more.yaml", yaml(published="2021-06-22", title="More of it"))
    write(copy, "2021/2021-06-23-last.yaml", yaml(published="2021-06-23", title="The last word"))
    one.stop()
    wait_until(lambda: b"The last word" in other.ask(FEED)[1], "the other has the lead and reads its own folder")


def test_who_leads_and_who_waits_to_lead_are_well_again_after_the_database_was_away(
    machines: Machines, folder: Path, postgresql: Cluster
) -> None:
    copy = folder.parent / "copy"
    shutil.copytree(folder, copy)
    both = machines("one", folder, watch="poll"), machines("other", copy, watch="poll")
    wait_until(lambda: any(map(leads, both)), "one leads")
    postgresql.stop()
    try:
        for each in both:
            write(each.settings.data, "2021/2021-06-22-more.yaml", yaml(published="2021-06-22", title="More of it"))
        wait_until(lambda: all(each.newsroom.database_trouble() for each in both), "both notice")
        wait_until(lambda: all(thread.trouble for each in both for thread in each.threads[:1]), "and cannot follow")
    finally:
        postgresql.start()
    for each in both:
        wait_until(lambda each=each: b"More of it" in each.ask(FEED)[1], "the change is shown")  # type: ignore[misc]
        wait_until(lambda each=each: each.health()[1]["status"] == "ok", "all is well")  # type: ignore[misc]
