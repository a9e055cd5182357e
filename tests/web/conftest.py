"""The two ways to an answer, kept and made on the spot, as one fixture: what holds for one must hold for both."""

from __future__ import annotations

from typing import Any

import pytest

from tests.application import Clock

from .desk import Application, Asking, Desk, Response, a_full_desk, ask


@pytest.fixture
def desk() -> Desk:
    return a_full_desk()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hot(desk: Desk, clock: Clock) -> Application:
    return Application(desk, clock)


@pytest.fixture(params=["kept", "on the spot"])
def get(request: pytest.FixtureRequest, desk: Desk, clock: Clock) -> Asking:
    app = Application(desk, clock, hot=request.param == "kept")

    def asking(*args: Any, **fields: Any) -> Response:
        first, again = ask(app, *args, **fields), ask(app, *args, **fields)
        assert first == again
        return again

    return asking
