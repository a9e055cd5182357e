"""The bundled newsroom over HTTP on a loopback port, and a browser to look at it with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from wsgiref.types import WSGIApplication

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from feeds.settings import Settings
from feeds.web import create_app
from tests.servers import answering
from tests.tools import DATA

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@dataclass
class Visit:
    """A page in the browser, what it asked for, and what it complained of."""

    page: Page
    requests: list[str]
    complaints: list[str]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base address of the newsroom."""
    catalogue = tmp_path_factory.mktemp("catalogue")

    def newsroom(base: str) -> WSGIApplication:
        return create_app(Settings(DATA, catalogue, base, watch="off"), clock=lambda: NOW)

    with answering(newsroom) as base:
        yield base


@pytest.fixture
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A browser that remembers nothing; a test may ask for another one by parameters of `new_context`."""
    made = browser.new_context(**getattr(request, "param", {}))
    yield made
    made.close()


def visit(context: BrowserContext, url: str) -> Visit:
    """Opens an address in a new tab."""
    seen = Visit(context.new_page(), [], [])

    def asked(request: Request) -> None:
        seen.requests.append(request.url)

    def told(message: ConsoleMessage) -> None:
        seen.complaints.append(message.text)

    seen.page.on("request", asked)
    seen.page.on("console", told)
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    seen.page.goto(url)
    return seen
