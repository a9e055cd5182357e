"""The options --explore and --quick, and the fixtures that every part of the suite uses."""

from __future__ import annotations

import gc
import os
import secrets
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, expect, sync_playwright

from tests import tools
from tests.forks import Forks
from tests.postgresql import Cluster, cluster
from tests.servers import Servers

OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync"]  # fmt: skip

NOT_QUICK = {"browser", "servers", "program", "postgresql"}
"""Fixtures of tests that --quick leaves out, besides those that are marked as slow or stand in `SLOW`."""

SLOW = Path(__file__).with_name("slow_tests.txt")
"""The other tests that take longer than the two below, as `python -m tests --quick --record-slow` has found them."""
AT_MOST, AT_MOST_TOGETHER = 0.1, 1.0
"""Seconds that a case of a quick test takes, and all cases of one."""

WAITED_FOR = {"servers", "postgresql"}
"""Fixtures with which tests wait for longer than they compute."""

Program = Callable[..., str]
Seed = Callable[[int], int]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--explore", action="store_true", help="draw other examples and seeds in every run")
    parser.addoption(
        "--quick", action="store_true", help="leave out what needs a browser, a server, another program or seconds"
    )
    parser.addoption("--record-slow", action="store_true", help=f"with --quick, write tests/{SLOW.name} anew")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--record-slow") and not config.getoption("--quick"):
        raise pytest.UsageError("--record-slow chooses among the tests that --quick runs: give both")
    settings.register_profile(tools.SAME, derandomize=True, database=None, deadline=None)
    settings.register_profile(tools.QUICK, settings.get_profile(tools.SAME), max_examples=20)
    settings.register_profile(tools.EXPLORE, deadline=None, print_blob=True)
    wanted = [each for each in (tools.EXPLORE, tools.QUICK) if config.getoption(f"--{each}")]
    settings.load_profile(wanted[0] if wanted else tools.SAME)
    # Programs that tests start inherit ignored signals, as nohup sets them, but not those that are handled here.
    for each in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        if signal.getsignal(each) == signal.SIG_IGN:
            signal.signal(each, lambda *_: None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With --quick, deselects the tests that are not quick; else puts the modules that have such tests first.

    Several processes share the modules: a long one that comes last would be waited for by the others. Those that wait
    for servers come between those that compute, as far apart as they can: together they would leave the cores idle.
    """
    if config.getoption("--quick"):
        stays = _may_be_quick if config.getoption("--record-slow") else _is_quick
        config.hook.pytest_deselected(items=[each for each in items if not stays(each)])
        items[:] = [each for each in items if stays(each)]
    else:
        long = dict.fromkeys(each.path for each in items if not _is_quick(each))
        waiting = {each.path for each in items if not WAITED_FOR.isdisjoint(getattr(each, "fixturenames", ()))}
        turns = {
            path: (number + 0.5) / len(group)
            for group in ([*filter(waiting.__contains__, long)], [path for path in long if path not in waiting])
            for number, path in enumerate(group)
        }
        items.sort(key=lambda each: turns.get(each.path, 1.0))


def pytest_collection_finish() -> None:
    """Has garbage looked for among what tests make: a million objects of modules and tests stay anyhow."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GARBAGE)


_GARBAGE = 20_000, 20, 20
"""When it is looked for: a tenth as often as usual."""
_FORGOTTEN = 20
"""Threads that may have been begun since garbage was collected last."""
_threads = [0]


def pytest_runtest_logfinish() -> None:
    """Ends the threads of applications that no test has any more: each of them asks its catalogue twice a second.

    An application ends with the garbage. A command that ran in this process may have put that off.
    """
    gc.set_threshold(*_GARBAGE)
    if threading.active_count() > _threads[0] + _FORGOTTEN:
        gc.collect()
        _threads[0] = threading.active_count()
    _threads[0] = min(_threads[0], threading.active_count())


def _is_quick(item: pytest.Item) -> bool:
    return _may_be_quick(item) and _name(item.nodeid) not in recorded_as_slow()


def _may_be_quick(item: pytest.Item) -> bool:
    return NOT_QUICK.isdisjoint(getattr(item, "fixturenames", ())) and not item.get_closest_marker("slow")


def _name(node: str) -> str:
    """The name of a test without that of its case."""
    return node.partition("[")[0]


@cache
def recorded_as_slow() -> frozenset[str]:
    """The names in `SLOW`."""
    return frozenset(SLOW.read_text(encoding="utf-8").split())


_seconds: dict[str, dict[str, float]] = {}
"""By test and case, how long it took."""


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    cases = _seconds.setdefault(_name(report.nodeid), {})
    cases[report.nodeid] = cases.get(report.nodeid, 0) + report.duration


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With --record-slow, writes which tests take long, of those that have been run."""
    if not session.config.getoption("--record-slow") or "PYTEST_XDIST_WORKER" in os.environ:
        return
    found = {name for name in recorded_as_slow() if name not in _seconds}
    for name, cases in _seconds.items():
        together = sum(cases.values())
        if together > AT_MOST_TOGETHER or together / len(cases) > AT_MOST:
            found.add(name)
    SLOW.write_text("".join(f"{name}\n" for name in sorted(found)), encoding="utf-8")


@pytest.fixture(scope="session")
def seed(pytestconfig: pytest.Config) -> Seed:
    """Gives the seed of a random generator: the number the test names; with --explore another, which is printed."""

    def chosen(number: int) -> int:
        if pytestconfig.getoption("--explore"):
            number = secrets.randbelow(2**32)
            sys.stdout.write(f"seed: {number}\n")
        return number

    return chosen


@pytest.fixture(scope="session")
def program() -> Program:
    """Finds a program that the machine may lack."""
    return tools.needs


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """A PostgreSQL server of this process's own."""
    with cluster() as started:
        yield started


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Starts servers in processes of their own."""
    with closing(Forks()) as forks:
        yield Servers(forks)


@pytest.fixture(scope="session")
def browser(program: Program) -> Iterator[Browser]:
    """Chromium, without a window. Every test opens contexts of its own, which share nothing."""
    # The headless shell draws no browser window, and so takes a quarter of the processor time.
    path = program("chromium-headless-shell", "chromium")
    expect.set_options(timeout=tools.DEAD * 1_000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield chromium
        chromium.close()
