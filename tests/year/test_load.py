"""Readers that never pause, while the newsroom changes and changes: no answer fails, waits, or mixes two states."""

from __future__ import annotations

import fcntl
import threading
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from time import monotonic

from feeds.catalogue import catalogue_file, compile_folder
from tests.makers import NEWSROOM, NOW, a_newsroom, write, yaml
from tests.servers import Servers, catalogue_of
from tests.tools import wait_until
from tests.year.crowd import readers_of_all, reading

WORKERS = 2
CHANGES = 200
MANY = 1_000
"""Releases: what makes a compile take seconds."""

FEEDS = (
    "/feeds/all.atom",
    "/feeds/country/cn.rss",
    "/feeds/project/score.json",
    "/feeds/country/cn+mn/topic/wages.atom",
    "/feeds/all.html",
)


def name(number: int) -> str:
    return f"2021/2021-05-01-number-{number}.yaml"


def a_text(number: int, title: str) -> str:
    published = NOW - timedelta(days=1, seconds=number)
    return yaml(title=title, published=published, countries=["CN"], projects=["score"], topics=["wages"])


# -- two hundred changes --------------------------------------------------------------------------------------------


def change(folder: Path, state: int) -> None:
    """Two releases that say the same number, the newest and another: a document that holds two numbers is a mixture."""
    for number in (0, 7):
        write(folder, name(number), a_text(number, f"The state is mark-{state:05}"))


def test_two_hundred_changes_under_constant_load(tmp_path: Path, servers: Servers) -> None:
    folder = a_newsroom(tmp_path, {name(n): a_text(n, f"Number {n}") for n in range(40)})
    change(folder, 0)
    with servers.newsroom(folder, workers=WORKERS) as server:
        location = catalogue_file(folder, server.base_url, catalogue_of(folder))
        wait_until(lambda: len(server.workers()) == WORKERS, "every worker is at work")
        began = monotonic()
        with reading(readers_of_all(server.port, FEEDS, WORKERS, each=2)) as crowd:
            for state in range(1, CHANGES + 1):
                change(folder, state)
                assert compile_folder(folder, location, server.base_url, processes=1).changed
                crowd.wait_for(state)
            crowd.wait_for(CHANGES, by_all=True)
        seconds = monotonic() - began
    got = crowd.got
    # The same bytes and the same tag, whichever worker made them.
    tags: dict[tuple[str, int], set[str]] = {}
    for each in got:
        tags.setdefault((each.path, each.state), set()).add(each.tag)
    assert all(len(each) == 1 for each in tags.values())
    assert {each.state for each in got} == set(range(CHANGES + 1))
    slowest = max(each.ended - each.began for each in got)
    unmodified = sum(each.status == 304 for each in got)
    print(  # noqa: T201  # for people: how much it was
        f"\n{CHANGES} changes in {seconds:.1f} s: {len(got)} answers to {len(crowd.readers)} connections,"
        f" {unmodified} of them 304; the slowest took {slowest * 1_000:.0f} ms"
    )


# -- one change that takes long -------------------------------------------------------------------------------------


@dataclass
class LockWatch:
    """Looks again and again whether somebody holds the catalogue's lock, and remembers when and what it saw."""

    path: Path
    seen: list[tuple[float, bool]] = field(default_factory=list)
    _enough: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Looks until stopped."""
        with self.path.open("rb") as file:
            while not self._enough.wait(0.005):
                now = monotonic()
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    self.seen.append((now, True))
                else:
                    fcntl.flock(file, fcntl.LOCK_UN)
                    self.seen.append((now, False))

    def longest(self) -> tuple[float, float]:
        """The longest time during which it was held whenever looked at."""
        runs = (([moment for moment, _ in looks], held) for held, looks in groupby(self.seen, itemgetter(1)))
        return max(((moments[0], moments[-1]) for moments, held in runs if held), key=lambda span: span[1] - span[0])

    def __enter__(self) -> LockWatch:
        self._thread = threading.Thread(target=self.watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self._thread.join()


def style(folder: Path, state: int) -> None:
    """Something that stands in every entry of every feed: all of them have to be made again."""
    beside = folder / ".newsroom.tmp"
    beside.write_text(NEWSROOM.replace("© Test office", f"mark-{state:05}"), encoding="utf-8")
    beside.replace(folder / "newsroom.yaml")


def test_nobody_waits_for_a_compile_that_takes_long(tmp_path: Path, servers: Servers) -> None:
    folder = a_newsroom(tmp_path, {name(n): a_text(n, f"Number {n}") for n in range(MANY)})
    style(folder, 0)
    # Kept answers; some that were never asked for before; and some that are never kept.
    paths = ("/feeds/all.atom", *(f"/feeds/all/archive/{n}.rss" for n in range(1, 30)), "/feeds/all.json?again=1")
    with ExitStack() as stack:
        server = stack.enter_context(servers.newsroom(folder, workers=WORKERS, watch="events"))
        wait_until(lambda: len(server.workers()) == WORKERS, "every worker is at work")
        lock = stack.enter_context(LockWatch(catalogue_file(folder, server.base_url, catalogue_of(folder)).lock))
        crowd = stack.enter_context(reading(readers_of_all(server.port, paths, WORKERS, each=2)))
        style(folder, 1)
        crowd.wait_for(1, by_all=True)
    began, ended = lock.longest()
    meanwhile = [[each for each in reader.got if began < each.began and each.ended < ended] for reader in crowd.readers]
    slowest = max(each.ended - each.began for each in crowd.got)
    print(  # noqa: T201  # for people: how much it was
        f"\na compile of {ended - began:.1f} s: meanwhile {sum(map(len, meanwhile))} answers"
        f" to {len(crowd.readers)} connections; the slowest of all took {slowest * 1_000:.0f} ms"
    )
    assert all({each.path for each in got} == {*paths} for got in meanwhile), "every address was answered meanwhile"
