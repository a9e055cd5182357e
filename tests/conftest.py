"""For the whole suite: what its options mean, and what is too dear to be started twice."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Iterator

import hypothesis
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests import tools
from tests.servers import Servers

OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync"]  # fmt: skip

Program = Callable[[str], str]
Seed = Callable[[int], int]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--explore", action="store_true", help="let chance be chance: other examples in every run")


def pytest_configure(config: pytest.Config) -> None:
    explores = config.getoption("--explore")
    hypothesis.settings.register_profile("alike", derandomize=True, database=None, deadline=None)
    hypothesis.settings.register_profile("explore", deadline=None, print_blob=True)
    hypothesis.settings.load_profile("explore" if explores else "alike")


@pytest.fixture(scope="session")
def seed(pytestconfig: pytest.Config) -> Seed:
    """What chance begins with: the number that a test names; with --explore another one, which a failure shows."""

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
def servers() -> Servers:
    """Starts servers in processes of their own."""
    return Servers()


@pytest.fixture(scope="session")
def browser(program: Program) -> Iterator[Browser]:
    """Chromium, without a window. Every test opens contexts of its own, which share nothing."""
    path = program("chromium")
    expect.set_options(timeout=tools.DEAD * 1_000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield chromium
        chromium.close()
