"""The two ways to an answer, kept and made on the spot, as one fixture: what holds for one must hold for both."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest

from feeds.errors import FeedsError
from feeds.web import responses
from feeds.web.hot_path import HotPath
from tests.application import Clock

from .desk import Asking, Desk, Response, a_full_desk, ask, not_found


def cold(desk: Desk, clock: Clock) -> WSGIApplication:
    """What a view would do: the same functions, nothing kept."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            reply = responses.answer_of(desk, environ, clock())
        except FeedsError:
            reply = responses.unavailable(environ)
        if reply is None:
            return not_found(environ, start_response)
        start_response(reply.status, reply.headers)
        return [reply.body]

    return app


@pytest.fixture
def desk() -> Desk:
    return a_full_desk()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hot(desk: Desk, clock: Clock) -> HotPath:
    return HotPath(not_found, desk, clock)


@pytest.fixture(params=["kept", "on the spot"])
def get(request: pytest.FixtureRequest, desk: Desk, clock: Clock) -> Asking:
    app = HotPath(not_found, desk, clock) if request.param == "kept" else cold(desk, clock)

    def asking(*args: Any, **fields: Any) -> Response:
        first, again = ask(app, *args, **fields), ask(app, *args, **fields)
        assert first == again
        return again

    return asking
