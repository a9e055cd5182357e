"""What was published stays published when the clock steps back, and one bad reading publishes nothing for good."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from feeds.web.clock import LASTING, LEAP, Moments, Timekeeper
from tests.application import Clock, Served
from tests.makers import DAY, NOW, SECOND, TOMORROW, YESTERDAY, a_newsroom, write, yaml

DAM, ROAD = "/releases/2021/dam", "/releases/2021/road"
FILES = {
    "2021/2021-06-23-dam.yaml": yaml(published=YESTERDAY),
    "2021/2021-06-25-road.yaml": yaml(published=TOMORROW, title="The road"),
}


class Bench:
    """A timekeeper with moments, a clock and a count of seconds to turn by hand."""

    def __init__(self, *moments: datetime) -> None:
        self.moments = moments
        self.clock = Clock(NOW)
        self.seconds = 0.0
        self.looks = 0
        self.remembered: datetime | None = None
        self.keeper = Timekeeper(self.clock, self.around, lambda: self.seconds)

    def around(self, now: datetime) -> Moments:
        self.looks += 1
        last = max((each for each in self.moments if each <= now), default=None)
        return Moments(last, min((each for each in self.moments if each > now), default=None), self.remembered)

    def at(self, reading: datetime, seconds: float = 0.0) -> datetime:
        """The time after so many seconds, when the clock shows a reading."""
        self.seconds += seconds
        self.clock.now = reading
        return self.keeper.now()


def test_what_was_published_stays_published_when_the_clock_steps_back(tmp_path: Path) -> None:
    served = Served(a_newsroom(tmp_path, FILES), NOW)
    assert served.status(ROAD) == 404
    served.clock.now = TOMORROW
    assert served.status(ROAD) == 200
    before = served.text("/feeds/all.atom")
    served.clock.now = TOMORROW - 30 * SECOND
    assert served.status(ROAD) == 200
    assert served.text("/feeds/all.atom") == before


def test_the_next_start_knows_what_was_published(tmp_path: Path) -> None:
    served = Served(a_newsroom(tmp_path, FILES), NOW)
    served.clock.now = TOMORROW
    assert served.status(ROAD) == 200
    served.newsroom.compile()
    assert Served(served.settings.data, TOMORROW - DAY / 2).status(ROAD) == 200


def test_a_deleted_catalogue_is_an_empty_memory(tmp_path: Path) -> None:
    served = Served(a_newsroom(tmp_path, FILES), TOMORROW)
    assert served.status(ROAD) == 200
    served.newsroom.compile()
    assert Served(served.settings.data, NOW, catalogue="another").status(ROAD) == 404


def test_the_time_never_goes_beyond_what_was_published(tmp_path: Path) -> None:
    files = {**FILES, "2021/2021-06-25-well.yaml": yaml(published=TOMORROW + 60 * SECOND)}
    served = Served(a_newsroom(tmp_path, files), TOMORROW + 30 * SECOND)
    assert served.status(ROAD) == 200
    served.clock.now = NOW
    assert (served.status(ROAD), served.status("/releases/2021/well")) == (200, 404)
    assert served.newsroom.now() < TOMORROW + SECOND


def test_changes_are_seen_while_the_clock_is_behind(tmp_path: Path) -> None:
    served = Served(a_newsroom(tmp_path, FILES), TOMORROW)
    assert served.status(ROAD) == 200
    served.clock.now = NOW
    assert served.status(DAM) == 200
    write(served.settings.data, "2021/2021-06-24-well.yaml", yaml(published=NOW))
    served.newsroom.compile()
    served.clock.now = NOW + SECOND / 2
    assert "releases/2021/well" in served.text("/feeds/all.atom")


def test_a_small_step_ahead_is_believed_at_once() -> None:
    bench = Bench(NOW + DAY)
    assert bench.at(NOW) == NOW
    assert bench.at(NOW + LEAP) == NOW + LEAP
    assert bench.at(NOW + SECOND) == NOW + DAY


def test_one_wild_reading_is_not_remembered() -> None:
    bench = Bench(NOW - DAY, NOW + 300 * DAY)
    bench.at(NOW)
    assert bench.at(NOW + 1_000 * DAY) == NOW + 1_000 * DAY
    assert bench.at(NOW + SECOND, 1) == NOW + SECOND
    # Nor do two of them with a good one between.
    bench.at(NOW + 1_000 * DAY, LASTING)
    assert bench.at(NOW + 2 * SECOND, 1) == NOW + 2 * SECOND


def test_a_leap_that_lasts_is_believed() -> None:
    bench = Bench(NOW - DAY, NOW + 30 * DAY)
    bench.at(NOW)
    for _ in range(12):
        bench.at(NOW + 31 * DAY, LASTING / 10)
    assert bench.at(NOW) == NOW + 30 * DAY


def test_a_long_wait_is_no_leap() -> None:
    bench = Bench(NOW - DAY, NOW + 30 * DAY)
    bench.at(NOW)
    bench.at(NOW + 31 * DAY, timedelta(days=31).total_seconds())
    assert bench.at(NOW) == NOW + 30 * DAY


def test_a_start_long_after_the_last_publication_is_nothing_to_warn_of(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench(NOW - 300 * DAY)
    bench.remembered = NOW - 300 * DAY
    bench.at(NOW)
    assert caplog.messages == []
    bench.at(NOW + SECOND, LASTING)
    bench.keeper.forget_next()
    bench.at(NOW + 1_000 * DAY, 1)
    assert len(caplog.messages) == 1


def test_the_catalogue_is_asked_once_a_second_while_the_clock_is_in_doubt() -> None:
    bench = Bench(NOW - 300 * DAY)
    bench.remembered = NOW - 300 * DAY
    for _ in range(50):
        bench.at(NOW, 0.1)
    assert bench.looks <= 6
