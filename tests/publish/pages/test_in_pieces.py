"""A page that arrives piece by piece moves nothing that is there already."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest

from feeds.settings import Settings
from feeds.web import create_app
from tests.makers import NOW
from tests.publish.pages.audit import SHIFT
from tests.publish.pages.conftest import Open
from tests.servers import answering
from tests.tools import DATA

PIECE = 600
"""Bytes: a page ends within its header, within a list, within a row."""

pytestmark = pytest.mark.slow


def in_pieces(app: WSGIApplication) -> WSGIApplication:
    """An application whose answers come slowly, and uncompressed, so that a browser paints what has come."""

    def slow(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        whole = b"".join(app(environ, start_response))
        for start in range(0, len(whole), PIECE):
            yield whole[start : start + PIECE]
            time.sleep(0.02)

    return slow


@pytest.fixture(scope="module")
def slowly(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    def newsroom(base: str) -> WSGIApplication:
        settings = Settings(DATA, Path(tmp_path_factory.mktemp("state")), base, watch="off")
        return in_pieces(create_app(settings, clock=lambda: NOW))

    with answering(newsroom) as base:
        yield base


@pytest.mark.parametrize(
    ("path", "width"),
    [
        *((path, 1280) for path in ("/zh-Hans/feeds/", "/mn/feeds/", "/mn/verify", "/zh-Hans/about")),
        *((path, 320) for path in ("/", "/search?q=unjp")),
    ],
)
def test_nothing_moves_while_a_page_arrives(slowly: str, opened: Open, path: str, width: int) -> None:
    page = opened(width=width)
    page.goto(slowly + path)
    assert page.evaluate(SHIFT) == 0
