"""A real browser, a partner's site, and the newsroom it takes headlines from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.tools import DEAD

from .sites import Newsroom, Site, a_newsroom, a_site


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    context.set_default_timeout(DEAD * 1_000)
    yield context
    context.close()


@pytest.fixture
def browser_without_script(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(DEAD * 1_000)
    yield context
    context.close()


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with a_newsroom(tmp_path_factory.mktemp("catalogue")) as newsroom:
        yield newsroom


@pytest.fixture
def newsroom(served: Newsroom) -> Newsroom:
    served.asked.clear()
    return served


@pytest.fixture
def partner() -> Iterator[Site]:
    with a_site() as site:
        yield site
