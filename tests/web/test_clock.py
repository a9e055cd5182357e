"""What was announced stays announced when the clock steps back; what a leap ahead showed goes with the leap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from werkzeug.test import Client

from feeds.errors import FeedsError
from feeds.settings import Settings
from feeds.web import create_app
from feeds.web.clock import Moments, NewsroomClock
from feeds.web.live_newsroom import LiveNewsroom
from tests.makers import BASE, DAY, NOW, SECOND, a_newsroom, write, yaml

MINUTE, HOUR, MONTH = timedelta(minutes=1), timedelta(hours=1), timedelta(days=30)
DAM, WELL, ROAD, FAR = (f"/releases/{path}" for path in ("2021/dam", "2021/well", "2021/road", "2022/far"))
FILES = {
    "2021/2021-06-23-dam.yaml": yaml(published=NOW - DAY),
    "2021/2021-06-24-well.yaml": yaml(published=NOW + 20 * MINUTE, title="The well"),
    "2021/2021-06-25-road.yaml": yaml(published=NOW + DAY, title="The road"),
    "2022/2022-01-01-far.yaml": yaml(published=NOW + 6 * MONTH, title="Far off"),
}


@dataclass
class Machine:
    """A machine with a clock that can be set, and a count of seconds that cannot."""

    now: datetime = NOW
    seconds: float = 0.0

    def runs(self, time: timedelta) -> None:
        """So much time passes."""
        self.now += time
        self.seconds += time.total_seconds()

    def leaps(self, time: timedelta) -> None:
        """Its clock is set, ahead or back."""
        self.now += time


class Newsroom:
    """A newsroom served on a machine, which can be started again."""

    def __init__(self, folder: Path, *, hot: bool = True) -> None:
        self.machine = Machine()
        self.folder = folder
        self._hot = hot
        self.start()

    def start(self, catalogue: str = "catalogue") -> None:
        """Starts, knowing nothing but what lies on the disk."""
        settings = Settings(data=self.folder, state=self.folder.parent / catalogue, base_url=BASE, watch="off")
        machine = self.machine  # what the application knows must not know the application, which would never end
        app = create_app(settings, clock=lambda: machine.now, elapsed=lambda: machine.seconds, hot=self._hot)
        self.live: LiveNewsroom = app.extensions["feeds"]
        self._client = Client(app)

    def shown(self) -> set[str]:
        """The releases that have a page; it must be those that the feed has."""
        feed = self.feed()
        pages = {path for path in (DAM, WELL, ROAD, FAR) if self._client.get(path).status_code == 200}
        assert pages == {path for path in (DAM, WELL, ROAD, FAR) if f"{BASE}{path}<" in feed}
        return pages

    def feed(self) -> str:
        """The feed of all releases."""
        return self._client.get("/feeds/all.json").get_data(as_text=True).replace('"', "<")


@pytest.fixture(params=[True, False], ids=["hot", "cold"])
def newsroom(request: pytest.FixtureRequest, tmp_path: Path) -> Newsroom:
    return Newsroom(a_newsroom(tmp_path, FILES), hot=request.param)


def nothing(_: Newsroom) -> None:
    """The server goes on."""


@pytest.fixture(params=[nothing, Newsroom.start], ids=["going on", "started again"])
def then(request: pytest.FixtureRequest) -> Callable[[Newsroom], None]:
    """What happens to the server at the turn of each of these stories."""
    happens: Callable[[Newsroom], None] = request.param
    return happens


Then = Callable[[Newsroom], None]


# -- the clock leaps ahead and comes back ---------------------------------------------------------------------------


@pytest.mark.parametrize("leap", [DAY, 3 * DAY, 4 * MONTH, 120 * MONTH])
@pytest.mark.parametrize("steady", [False, True], ids=["just started", "steady"])
def test_a_leap_ahead_that_comes_back_leaves_nothing_public_that_is_scheduled(
    newsroom: Newsroom, then: Then, leap: timedelta, steady: bool
) -> None:
    assert newsroom.shown() == {DAM}
    newsroom.machine.runs(15 * MINUTE if steady else SECOND)
    before = newsroom.feed()
    newsroom.machine.leaps(leap)
    newsroom.machine.runs(SECOND)
    assert {WELL, ROAD} <= newsroom.shown(), "while it lasts, readers see what the clock says"
    then(newsroom)
    newsroom.machine.runs(SECOND / 2)
    newsroom.feed()
    newsroom.machine.leaps(-leap)
    assert newsroom.shown() == {DAM}
    assert newsroom.feed() == before
    newsroom.machine.leaps(leap)
    newsroom.machine.leaps(-leap)
    then(newsroom)
    assert newsroom.shown() == {DAM}


@pytest.mark.parametrize("leap", [DAY + HOUR, 4 * MONTH])
def test_what_came_in_a_leap_is_told_when_the_clock_is_back_and_what_was_scheduled_is_not_known(
    newsroom: Newsroom, then: Then, leap: timedelta
) -> None:
    newsroom.shown()
    newsroom.machine.runs(15 * MINUTE)
    newsroom.machine.leaps(leap)
    assert {WELL, ROAD} <= newsroom.shown()
    write(newsroom.folder, "2021/2021-06-10-wall.yaml", yaml(published=NOW - 14 * DAY, title="The wall"))
    newsroom.live.compile()
    newsroom.machine.runs(SECOND)
    then(newsroom)
    newsroom.machine.leaps(-leap)
    newsroom.machine.runs(SECOND)
    assert newsroom.shown() == {DAM}
    assert f"{BASE}/releases/2021/wall<" in newsroom.feed()
    then(newsroom)
    (newsroom.folder / "releases/2021/2021-06-25-road.yaml").unlink()
    newsroom.live.compile()
    problems = newsroom.live.ask(lambda snapshot: snapshot.problems.all())
    assert not [str(each) for each in problems if "road" in str(each)], "nobody has seen it"
    newsroom.machine.runs(10 * MINUTE)
    assert newsroom.shown() == {DAM, WELL}


def test_a_leap_of_some_minutes_that_comes_back_takes_nothing_back(newsroom: Newsroom) -> None:
    newsroom.machine.runs(15 * MINUTE)
    newsroom.machine.leaps(6 * MINUTE)
    assert newsroom.shown() == {DAM, WELL}
    newsroom.machine.leaps(-6 * MINUTE)
    assert newsroom.shown() == {DAM, WELL}


def test_a_leap_that_lasts_is_believed(newsroom: Newsroom, then: Then) -> None:
    newsroom.shown()
    newsroom.machine.leaps(2 * DAY)
    for _ in range(6):
        assert newsroom.shown() == {DAM, WELL, ROAD}
        newsroom.machine.runs(2 * MINUTE)
    newsroom.shown()
    then(newsroom)
    newsroom.machine.leaps(-2 * DAY)
    assert newsroom.shown() == {DAM, WELL, ROAD}


# -- the clock steps back -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("back", [SECOND, 30 * MINUTE, HOUR, 2 * DAY, 4 * MONTH, 600 * MONTH])
def test_a_clock_that_steps_back_keeps_what_was_announced(newsroom: Newsroom, then: Then, back: timedelta) -> None:
    newsroom.shown()
    newsroom.machine.runs(20 * MINUTE)
    assert newsroom.shown() == {DAM, WELL}
    before = newsroom.feed()
    then(newsroom)
    newsroom.machine.leaps(-back)
    assert newsroom.shown() == {DAM, WELL}
    assert newsroom.feed() == before


def test_a_step_back_of_an_hour_just_after_the_start_takes_nothing_back(newsroom: Newsroom) -> None:
    newsroom.machine.runs(20 * MINUTE)
    newsroom.start()
    assert newsroom.shown() == {DAM, WELL}
    newsroom.machine.leaps(-HOUR)
    assert newsroom.shown() == {DAM, WELL}


def test_what_was_announced_in_the_first_minutes_is_kept_once_the_clock_has_run_for_ten(newsroom: Newsroom) -> None:
    newsroom.machine.runs(19 * MINUTE)
    newsroom.start()
    newsroom.machine.runs(MINUTE)
    for _ in range(10):
        assert newsroom.shown() == {DAM, WELL}
        newsroom.machine.runs(MINUTE)
    newsroom.shown()
    newsroom.start()
    newsroom.machine.leaps(-DAY)
    assert newsroom.shown() == {DAM, WELL}


def test_the_time_never_goes_beyond_what_was_announced(newsroom: Newsroom) -> None:
    newsroom.shown()
    newsroom.machine.runs(23 * HOUR)
    newsroom.shown()
    newsroom.machine.leaps(-2 * DAY)
    assert NOW + 20 * MINUTE <= newsroom.live.now() < NOW + 20 * MINUTE + SECOND


def test_changes_are_seen_while_the_clock_is_behind(newsroom: Newsroom) -> None:
    newsroom.shown()
    newsroom.machine.runs(20 * MINUTE)
    newsroom.shown()
    newsroom.machine.leaps(-DAY)
    newsroom.shown()
    write(newsroom.folder, "2021/2021-06-24-wall.yaml", yaml(published=NOW))
    newsroom.live.compile()
    newsroom.machine.runs(SECOND / 2)
    assert f"{BASE}/releases/2021/wall<" in newsroom.feed()


# -- the clock is right ---------------------------------------------------------------------------------------------


def test_a_server_that_was_off_for_weeks_works_at_once(newsroom: Newsroom) -> None:
    newsroom.shown()
    newsroom.machine.runs(20 * MINUTE)
    newsroom.shown()
    newsroom.machine.leaps(3 * MONTH)
    newsroom.machine.seconds = 0.0
    newsroom.start()
    assert newsroom.shown() == {DAM, WELL, ROAD}


def test_a_machine_that_slept_for_weeks_works_at_once(newsroom: Newsroom) -> None:
    newsroom.shown()
    newsroom.machine.leaps(3 * MONTH)
    assert newsroom.shown() == {DAM, WELL, ROAD}


def test_a_deleted_catalogue_is_an_empty_memory(newsroom: Newsroom) -> None:
    newsroom.shown()
    newsroom.machine.runs(20 * MINUTE)
    newsroom.shown()
    newsroom.machine.leaps(-DAY)
    newsroom.start("another catalogue")
    assert newsroom.shown() == {DAM}


# -- how often the catalogue is asked -------------------------------------------------------------------------------


class Bench:
    """A newsroom's clock over moments that a test can count the looks at, or break."""

    def __init__(self, *moments: datetime) -> None:
        self.machine = Machine()
        self.kept: list[datetime] = []
        self.looks = 0
        self.broken = False
        self._moments = moments
        self.clock = NewsroomClock(
            lambda: self.machine.now, lambda: self.machine.seconds, self.moments, self.kept.append
        )

    def moments(self, now: datetime) -> Moments:
        self.looks += 1
        if self.broken:
            raise FeedsError("the catalogue cannot be read")
        last = max((each for each in self._moments if each <= now), default=None)
        coming = min((each for each in self._moments if each > now), default=None)
        return Moments(last, coming, max(self.kept, default=None))


def test_the_catalogue_is_asked_at_each_moment_and_once_a_minute() -> None:
    bench = Bench(NOW + 90 * SECOND)
    for _ in range(180):
        bench.clock.now()
        bench.machine.runs(SECOND)
    assert bench.looks == 4


def test_the_catalogue_is_written_to_once_for_each_moment() -> None:
    bench = Bench(NOW - DAY, NOW + 30 * MINUTE)
    for _ in range(60):
        bench.clock.now()
        bench.machine.runs(MINUTE)
    assert bench.kept == [NOW - DAY, NOW + 30 * MINUTE]


def test_a_catalogue_that_cannot_be_read_is_asked_once_a_second(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench(NOW - DAY)
    bench.broken = True
    for _ in range(40):
        assert bench.clock.now() == bench.machine.now
        bench.machine.runs(SECOND / 4)
    assert bench.looks == len(caplog.messages) == 10


def test_a_leap_is_taken_back_though_the_catalogue_cannot_be_read() -> None:
    bench = Bench(NOW + MONTH)
    bench.clock.now()
    bench.machine.leaps(2 * MONTH)
    bench.clock.now()
    bench.broken = True
    bench.machine.leaps(-2 * MONTH)
    assert bench.clock.now() == NOW
