"""/healthz: what load balancers and operators ask, and what nobody may learn there."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

import feeds
from feeds.concurrency.background import Trouble
from feeds.settings import Settings
from feeds.web.app import create_app
from tests.makers import DAY, NOW, SECOND, TOMORROW, YESTERDAY, a_newsroom, overwrite_catalogues, write, yaml

BASE = "https://news.example.org"
BAD = yaml(published=YESTERDAY, countries=["Atlantis"])


def a_client(path: Path, files: dict[str, str], now: Any = NOW) -> FlaskClient:
    path.mkdir(exist_ok=True)
    data = a_newsroom(path, files)
    settings = Settings(data=data, state=path, base_url=BASE, watch="off")
    return create_app(settings, clock=lambda: now).test_client()


def test_a_newsroom_in_order_says_how_it_is(tmp_path: Path) -> None:
    files = {"2021/dam.yaml": yaml(published=YESTERDAY), "2021/dam.mn.yaml": yaml(published=YESTERDAY, title="Далан")}
    response = a_client(tmp_path, files).get("/healthz")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    state = response.get_json()
    assert state.pop("catalogue") >= 1
    assert state == {
        "status": "ok",
        "version": feeds.__version__,
        "releases": 2,
        "changed": "2021-06-23T12:00:00+00:00",
        "age": 86_400,
        "problems": 0,
        "files": [],
    }


def test_an_empty_newsroom_is_in_order(tmp_path: Path) -> None:
    state = a_client(tmp_path, {}).get("/healthz").get_json()
    assert (state["status"], state["releases"], state["changed"], state["age"]) == ("ok", 0, None, None)


def test_a_published_file_that_became_bad_is_named(tmp_path: Path) -> None:
    a_client(tmp_path, {"2021/dam.yaml": yaml(published=YESTERDAY)})
    write(tmp_path / "data", "2021/dam.yaml", BAD)
    settings = Settings(data=tmp_path / "data", state=tmp_path, base_url=BASE, watch="off")
    state = create_app(settings, clock=lambda: NOW).test_client().get("/healthz").get_json()
    assert (state["status"], state["releases"]) == ("ok", 1)
    assert state["problems"] == 1
    assert state["files"] == ["data/releases/2021/dam.yaml"]


def test_nothing_in_it_tells_of_what_is_scheduled_or_not_published_yet(tmp_path: Path) -> None:
    plain = {"2021/dam.yaml": yaml(published=YESTERDAY)}
    ahead = {
        "2021/later.yaml": yaml(published=TOMORROW),
        "2021/dam.mn.yaml": yaml(published=TOMORROW, title="Далан"),
        "2021/bad.yaml": yaml(published=TOMORROW, countries=["Atlantis"]),
        "2021/draft.yaml": yaml(published=YESTERDAY - DAY, draft=True),
    }
    one = a_client(tmp_path / "one", plain).get("/healthz")
    other = a_client(tmp_path / "other", plain | ahead).get("/healthz")
    assert one.data == other.data


def test_the_moment_of_a_release_shows_once_it_has_come(tmp_path: Path) -> None:
    files = {"2021/later.yaml": yaml(published=TOMORROW)}
    before = a_client(tmp_path / "before", files, TOMORROW - SECOND).get("/healthz").get_json()
    after = a_client(tmp_path / "after", files, TOMORROW).get("/healthz").get_json()
    assert (before["releases"], before["changed"]) == (0, None)
    assert (after["releases"], after["age"]) == (1, 0)


def test_a_newsroom_that_cannot_be_read_is_unavailable(tmp_path: Path) -> None:
    client = a_client(tmp_path, {})
    (tmp_path / "data" / "newsroom.yaml").unlink()
    overwrite_catalogues(tmp_path, b"no database")
    assert client.get("/healthz").status_code == 503


def test_a_catalogue_that_is_gone_is_built_again(tmp_path: Path) -> None:
    client = a_client(tmp_path, {"2021/dam.yaml": yaml(published=YESTERDAY)})
    overwrite_catalogues(tmp_path, b"no database")
    assert client.get("/healthz").get_json()["releases"] == 1


def test_it_is_degraded_while_changes_are_not_taken_up_and_says_why_and_since_when(tmp_path: Path) -> None:
    client = a_client(tmp_path, {"2021/dam.yaml": yaml(published=YESTERDAY)})
    later = Failing(NOW - SECOND, "the hub is not told: timeout")
    earlier = Failing(YESTERDAY, "changes are not taken up: no space")
    client.application.extensions["feeds.background"] = (Idle(), later, earlier)
    answer = client.get("/healthz")
    state = answer.get_json()
    assert answer.status_code == 200
    assert state["status"] == "degraded"
    assert state["reason"] == "the hub is not told: timeout; changes are not taken up: no space"
    assert state["since"] == "2021-06-23T12:00:00+00:00"
    assert client.get("/healthz?fresh").status_code == 503
    assert client.get("/feeds/all.atom").status_code == 200


def test_whoever_asks_for_a_fresh_newsroom_hears_that_it_is(tmp_path: Path) -> None:
    assert a_client(tmp_path, {}).get("/healthz?fresh").status_code == 200


class Idle:
    """A thread without trouble."""

    trouble = None


class Failing:
    """A thread in trouble."""

    def __init__(self, since: datetime, reason: str) -> None:
        self.trouble = Trouble(reason, since)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST", "DELETE"])
def test_other_methods_are_answered_as_everywhere(tmp_path: Path, method: str) -> None:
    response = a_client(tmp_path, {}).open("/healthz", method=method)
    assert response.data == (b"Use GET, HEAD or OPTIONS.\n" if method in ("POST", "DELETE") else b"")
    assert response.status_code == {"HEAD": 200, "OPTIONS": 204}.get(method, 405)


def test_it_tells_the_operator_more_where_nobody_else_can_ask(tmp_path: Path) -> None:
    data = a_newsroom(tmp_path, {"2021/dam.yaml": yaml(published=TOMORROW), "2021/bad.yaml": BAD})
    settings = Settings(data=data, state=tmp_path, base_url=BASE, watch="off", health="full")
    answer = create_app(settings, clock=lambda: NOW).test_client().get("/healthz")
    state = answer.get_json()
    assert (state["releases"], state["scheduled"], state["drafts"]) == (0, 1, 0)
    assert (state["problems"], state["files"]) == (1, ["data/releases/2021/bad.yaml"])
    assert "dam" not in answer.text
