"""Servers die at any moment: no word is lost, none is said twice but one in flight, the catalogue stays whole."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.delivery.websub.delivery import WebSubDelivery
from tests.conftest import Seed
from tests.delivery.websub.endpoint import Endpoint, running
from tests.delivery.websub.newsrooms import BASE, Office
from tests.delivery.websub.server import serve
from tests.servers import Servers, Victim
from tests.tools import DEAD

KILLS = 60
LONG_AGO = datetime(2021, 6, 1, tzinfo=UTC)
WORDS = 6
"""Of a release in one country: everything, and the country, in three formats."""


class Hub(Endpoint):
    """Fetches a feed as soon as it hears of it, as hubs do, and keeps its copy."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.office = Office(path, hub=self.url)
        self.copies: dict[str, bytes] = {}
        self.words: Counter[tuple[str, int]] = Counter()
        self.turn = threading.Condition()
        self.counted = 0

    def receive(self, form: dict[str, list[str]]) -> None:
        (feed,) = form["hub.url"]
        with closing(sqlite3.connect(self.office.location.memory)) as database:
            path = feed.removeprefix(BASE)
            rows = database.execute("SELECT since FROM outbox WHERE path = ?", (path,)).fetchall()
        copy = self.office.feed(feed, datetime.now(UTC))
        with self.turn:
            # Which change of the feed it is that the word is about.
            self.words.update((feed, since) for (since,) in rows)
            self.copies[feed] = copy
            self.turn.notify_all()

    def wait_for_words(self, more: int, seconds: float = 1) -> bool:
        """Whether so many more words have come in time, not counting what was said before."""
        with self.turn:
            self.counted += more
            return self.turn.wait_for(lambda: len(self.words) >= self.counted, seconds)

    @property
    def stale(self) -> list[str]:
        """Feeds that were told of and have changed since."""
        now = datetime.now(UTC)
        return [feed for feed, copy in self.copies.items() if copy != self.office.feed(feed, now)]


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    hub = Hub(tmp_path)
    with running(hub):
        yield hub


def a_server(servers: Servers, office: Office) -> Victim:
    return servers.victim(serve, office.folder, office.location.path, office.base_url)


def edit(office: Office, number: int) -> None:
    """One release after the other is changed; now and then one is scheduled for a moment that comes soon."""
    published = datetime.now(UTC) + timedelta(seconds=1) if number % 5 == 4 else LONG_AGO + timedelta(hours=number)
    terms = {"countries": ["MN"] if number % 3 else ["CN"], "projects": ["score"] if number % 4 == 3 else []}
    office.release(f"release-{number % 7}", f"Change {number}", published, **terms)


def test_servers_killed_at_any_moment_lose_no_push_and_harm_no_catalogue(
    hub: Hub, servers: Servers, seed: Seed
) -> None:
    office = hub.office
    office.compile()
    delivery = WebSubDelivery(office.location, office.settings)
    delivery.turn(datetime.now(UTC))
    delivery.close()
    at_first = office.feeds(datetime.now(UTC), "en")
    chance = random.Random(seed(2021))  # noqa: S311  # moments, not secrets
    for number in range(KILLS):
        edit(office, number)
        process = a_server(servers, office)
        # It dies before it compiles, while it does, while it notices, between two words, or with nothing left to do.
        if number % 2:
            hub.counted = len(hub.words)
            hub.wait_for_words(chance.randint(1, 6))
        process.wait(chance.uniform(0, 0.01 if number % 2 else 0.4))
        process.kill()
        for file in (office.location.path, office.location.memory):
            with closing(sqlite3.connect(file)) as database:
                assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    last = a_server(servers, office)
    try:
        with hub.turn:
            told = hub.turn.wait_for(lambda: not missing(hub, at_first) and not hub.stale, DEAD)
        assert told, (missing(hub, at_first), hub.stale)
    finally:
        last.kill()
    assert not [feed for feed in hub.copies if "/topic/" in feed or "/genre/" in feed or "/corrections" in feed]
    said_again = sum(times - 1 for times in hub.words.values())
    assert said_again <= KILLS, "at most the one word that was on its way"


def test_of_two_servers_one_sends_and_the_other_takes_over_when_it_dies(hub: Hub, servers: Servers) -> None:
    office = hub.office
    office.compile()
    WebSubDelivery(office.location, office.settings).turn(datetime.now(UTC))
    at_work = [a_server(servers, office), a_server(servers, office)]
    try:
        for number in range(3):
            edit(office, number)
            office.compile()
            assert hub.wait_for_words(WORDS, DEAD)
            if number == 0:
                at_work.pop(0).kill()
    finally:
        for server in at_work:
            server.kill()
    assert len(hub.words) == 3 * WORDS
    assert hub.words.total() - len(hub.words) <= 1, "the word that was on its way when the sender died"


def missing(hub: Hub, at_first: dict[str, bytes]) -> set[str]:
    """Feeds that have changed and that the hub never heard of."""
    now = hub.office.feeds(datetime.now(UTC), "en")
    return {feed for feed, body in now.items() if body != at_first[feed]} - hub.copies.keys()
