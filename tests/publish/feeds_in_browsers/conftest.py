"""The bundled newsroom over HTTP on a loopback port, and a browser to look at it with."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import WSGIApplication

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from feeds.settings import Settings
from feeds.web.app import create_app

DATA = Path(__file__).parents[3] / "data"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        pass


@dataclass
class Visit:
    """A page in the browser, what it asked for, and what it complained of."""

    page: Page
    requests: list[str]
    complaints: list[str]


@contextmanager
def serving(make: Callable[[str], WSGIApplication]) -> Iterator[str]:
    """An application on a port of its own, made once its base address is known."""
    with _Server(("127.0.0.1", 0), _Silent) as server:
        base = f"http://127.0.0.1:{server.server_port}"
        server.set_app(make(base))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield base
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base address of the newsroom."""
    catalogue = tmp_path_factory.mktemp("catalogue")

    def newsroom(base: str) -> WSGIApplication:
        return create_app(Settings(DATA, catalogue, base, watch="off"), clock=lambda: NOW)

    with serving(newsroom) as base:
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
