"""A year of a newsroom, polled by three clients that keep state: nothing is early, nothing is lost, nothing twice."""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from wsgiref.types import WSGIApplication

import pytest

from tests.conftest import Seed
from tests.servers import answering
from tests.year.clients import AtomClient, Client, JsonFeedClient, RssClient
from tests.year.ledger import FEEDS, Event, Feed, Kind
from tests.year.newsroom import Editors
from tests.year.served import Served

BEGINNING = datetime(2021, 1, 1, 1, tzinfo=UTC)
END = datetime(2022, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
STEPS = 200
ENTRIES = 5
"""In a live feed: few, so that whoever polls rarely must follow the archive."""


@dataclass
class Habits:
    """A client, how often it polls, and what it had been told when it last did."""

    client: Client
    every: timedelta
    """On average: some polls come right after one another, some after weeks."""
    told: dict[Feed, dict[str, datetime]] = field(default_factory=dict)
    noticed: dict[Feed, list[Event]] = field(default_factory=dict)
    polls: int = 0


class Year:
    """What happens at which time."""

    def __init__(self, path: Path, base: str, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311  # to repeat a failure, not to hide a secret
        self.editors = Editors(path, seed)
        self.ledger = self.editors.ledger
        self.served = Served(self.editors.folder, base, BEGINNING, entries=ENTRIES)
        self.atom = AtomClient()
        self.clients = [
            Habits(JsonFeedClient(), timedelta(0)),
            Habits(self.atom, timedelta(days=4)),
            Habits(RssClient(), timedelta(days=25)),
        ]
        self._order = count()
        self._agenda: list[tuple[datetime, int, Habits | None, Feed | None]] = []

    def run(self) -> None:
        """Everything, in the order of time."""
        for _ in range(STEPS):
            self._plan(BEGINNING + (END - BEGINNING) * self.chance.random() // SECOND * SECOND)
        for client in self.clients[1:]:
            for each in FEEDS:
                self._plan(BEGINNING + 2 * client.every * self.chance.random(), client, each)
        while self._agenda:
            self.served.now, _, habits, feed = heapq.heappop(self._agenda)
            if habits is None:
                self._edit()
            elif feed is None:
                for each in FEEDS:
                    self.poll(habits, each)
            else:
                self.poll(habits, feed)
                self._plan(self.served.now + habits.every * self.chance.expovariate(1), habits, feed)
        self.served.now = END

    def _plan(self, when: datetime, habits: Habits | None = None, feed: Feed | None = None) -> None:
        if when < END:
            heapq.heappush(self._agenda, (when, next(self._order), habits, feed))

    def _edit(self) -> None:
        """A step, and the one who misses nothing polls: after it, and around everything that it has scheduled."""
        now = self.served.now
        before = set(self.ledger.moments(now))
        self.editors.step(now)
        if self.chance.random() < 0.02:
            self.served.start()
        elif self.chance.random() < 0.02:
            self.served.forget()
        else:
            self.served.compile()
        # A bare date is that of a midnight that has passed: readers may have been told of something since.
        assert all(": announced: dated " in problem for problem in self.served.problems())
        self._plan(now, self.clients[0])
        for moment in set(self.ledger.moments(now)) - before:
            self._plan(moment - SECOND, self.clients[0])
            self._plan(moment, self.clients[0])

    def poll(self, habits: Habits, feed: Feed) -> None:
        """One poll; it notices what the ledger says has changed since the last one, and nothing else."""
        now = self.served.now
        known, owed = habits.told.get(feed, {}), self.ledger.state(feed, now)
        expected = [Event(at, id_, id_ not in known) for id_, at in owed.items() if known.get(id_) != at]
        noticed = habits.client.poll(self.served.base + feed.path(habits.client.suffix))
        assert sorted(noticed) == sorted(expected), (now, feed, habits.client.suffix)
        assert not self.ledger.early(self.served.said, now), (now, feed)
        habits.told[feed] = owed
        habits.noticed.setdefault(feed, []).extend(sorted(noticed))
        habits.polls += 1


@pytest.fixture(params=[2021])
def year(tmp_path: Path, request: pytest.FixtureRequest, seed: Seed) -> Iterator[Year]:
    made: list[Year] = []

    def application(base: str) -> WSGIApplication:
        made.append(Year(tmp_path, base, seed(request.param)))
        return made[0].served

    with answering(application):
        yield made[0]
        made[0].atom.close()


@pytest.mark.slow
def test_a_year_of_a_newsroom_reaches_every_subscriber_once_and_on_time(year: Year) -> None:
    year.run()
    for habits in year.clients:
        for feed in FEEDS:
            year.poll(habits, feed)
            assert_nothing_is_missing(year, habits, feed)
    eager = year.clients[0]
    for feed in FEEDS:
        assert eager.noticed[feed] == year.ledger.events(feed, END)
    answered = Counter(year.served.answers)
    for newcomer in (JsonFeedClient(), RssClient()):
        for feed in FEEDS:
            year.poll(Habits(newcomer, timedelta(0)), feed)
    report(year, answered)


def assert_nothing_is_missing(year: Year, habits: Habits, feed: Feed) -> None:
    """The client holds the complete set, each with every note that stands with it."""
    kept = habits.client.subscription(year.served.base + feed.path(habits.client.suffix))
    assert kept.known == year.ledger.state(feed, END)
    notes = year.ledger.notes(END)
    for id_, text in kept.texts.items():
        assert all(word in text for word in notes[id_]), (feed, id_)


def report(year: Year, answered: Counter[str]) -> None:
    """For people: how much it was."""
    print(f"\n{sum(year.editors.done.values())} steps: {dict(year.editors.done)}")  # noqa: T201
    kinds = {kind.value: number for kind, number in year.ledger.counted(END).items()}
    print(f"{len(year.ledger.versions)} releases; {kinds}")  # noqa: T201
    for habits in year.clients:
        news = Counter(event.new for events in habits.noticed.values() for event in events)
        print(f"{habits.client.suffix}: {habits.polls} polls, {news[True]} new, {news[False]} updated")  # noqa: T201
    print(f"{answered.total()} answers: {dict(answered)}")  # noqa: T201
    assert answered.keys() == {"200", "304"}
    assert answered["304"] > answered["200"]
    assert year.ledger.counted(END)[Kind.CORRECTED] > 10
