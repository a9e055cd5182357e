"""What tests ask for that not every machine has, or that takes long to start."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests import tools
from tests.servers import Servers

OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync"]  # fmt: skip

Program = Callable[[str], str]


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
