"""Search engines are told in the end: together, once, with growing pauses while they do not answer, by one process."""

from __future__ import annotations

import logging
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from werkzeug.test import Client

from feeds.catalogue import catalogue_location, compile_folder
from feeds.delivery.indexnow import Indexer
from feeds.delivery.indexnow.client import MOST, submit
from feeds.delivery.indexnow.delivery import GIVE_UP_AFTER, SETTLE, WAIT_FOR_CACHES, IndexNowDelivery
from feeds.memory.indexnow_outbox import IndexNowOutbox
from feeds.memory.purge_outbox import PurgeOutbox
from feeds.settings import Settings
from feeds.web import create_app
from tests.delivery.indexnow.endpoint import Endpoint, running
from tests.delivery.indexnow.newsrooms import KEY, NOON, Office, Round, SearchEngines
from tests.makers import BASE
from tests.postgresql import Cluster
from tests.tools import wait_until

DAM, ROAD = "/releases/2021/dam", "/releases/2021/road"


@pytest.fixture
def round_(tmp_path: Path) -> Round:
    round_ = Round(Office(tmp_path))
    assert round_.turn() == []
    return round_


def test_what_is_saved_within_some_seconds_goes_out_together(round_: Round) -> None:
    for name in ("dam", "road", "bridge"):
        round_.office.release(name)
        round_.office.compile(now=round_.now)
        round_.delivery.turn(round_.now)
        round_.now += SETTLE / 4
    assert round_.engines.asked == 0
    round_.now += SETTLE
    round_.delivery.turn(round_.now)
    assert round_.engines.batches == [["/releases/2021/dam", "/releases/2021/road", "/releases/2021/bridge"]]


def test_very_many_pages_go_out_in_several_requests(round_: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feeds.delivery.indexnow.delivery.MOST", 2)
    assert MOST <= 10_000, "the protocol takes no more"
    for number in range(5):
        round_.office.release(f"number-{number}")
    round_.office.compile(now=round_.now)
    round_.delivery.turn(round_.now)
    round_.now += SETTLE
    assert [round_.delivery.turn(round_.now) for _ in range(3)] == [True, True, False]
    assert [len(batch) for batch in round_.engines.batches] == [2, 2, 1]


@pytest.mark.parametrize("status", [0, 429, 503, 403, 422])
def test_who_does_not_take_it_is_asked_again_with_growing_pauses(round_: Round, status: int) -> None:
    round_.engines.status = status
    round_.office.release("dam")
    assert round_.turn() == []
    for seconds in (1, 2, 4, 8):
        asked = round_.engines.asked
        round_.now += timedelta(seconds=seconds - 0.001)
        round_.delivery.turn(round_.now)
        assert round_.engines.asked == asked
        round_.now += timedelta(seconds=0.001)
        round_.delivery.turn(round_.now)
        assert round_.engines.asked == asked + 1
    round_.engines.status = 202
    round_.now += timedelta(hours=1)
    round_.office.release("dam", "Another title")
    assert round_.turn() == [DAM]


def test_who_asks_to_be_left_alone_is_left_alone(round_: Round) -> None:
    round_.engines.status, round_.engines.retry_after = 429, 120
    round_.office.release("dam")
    round_.turn()
    round_.engines.status = 200
    round_.office.release("road")
    round_.now += timedelta(seconds=100) - SETTLE
    assert round_.turn() == [ROAD], "what is new is due by itself"
    round_.now += timedelta(seconds=20)
    assert round_.turn() == [DAM]


def test_after_a_week_in_vain_an_operator_is_told_instead(round_: Round, caplog: pytest.LogCaptureFixture) -> None:
    round_.engines.status = 403
    round_.office.release("dam")
    round_.turn()
    round_.now += GIVE_UP_AFTER + timedelta(hours=1)
    with caplog.at_level(logging.ERROR):
        round_.delivery.turn(round_.now)
    assert f"api.indexnow.org was not told of {DAM} and others: status 403 for 7 days" in caplog.text
    round_.engines.status = 200
    round_.now += timedelta(hours=2)
    assert round_.turn() == []


def test_what_is_owed_survives_a_restart(round_: Round) -> None:
    round_.engines.status = 503
    round_.office.release("dam")
    round_.turn()
    round_.delivery.close()
    assert Round(round_.office, round_.now + timedelta(hours=1)).turn() == [DAM]


def test_caches_are_told_before(round_: Round) -> None:
    settings = replace(round_.office.settings, cache_keys="xkey", purge_url=("http://127.0.0.1:9/",))
    delivery = IndexNowDelivery(round_.office.location, settings, submit=round_.engines.submit, settle=timedelta())
    round_.office.release("dam")
    round_.office.compile(now=round_.now)
    with closing(PurgeOutbox(round_.office.location.memory)) as purges:
        purges.record("", settings.purge_url, ["any"], "all", round_.now, round_.now)
    delivery.turn(round_.now)
    assert round_.engines.told() == []
    delivery.turn(round_.now + WAIT_FOR_CACHES)
    assert round_.engines.told() == [DAM]


@pytest.mark.slow
def test_a_newsroom_on_a_database_server_tells_the_same(tmp_path: Path, postgresql: Cluster) -> None:
    office = Office(tmp_path)
    office.release("old")
    location = catalogue_location(office.folder, BASE, tmp_path / "state", database=postgresql.database())
    now, engines = NOON, SearchEngines()
    delivery = IndexNowDelivery(location, office.settings, submit=engines.submit, settle=timedelta())
    told = []
    for status, title in ((200, ""), (200, "One"), (503, "Two"), (200, "")):
        engines.status = status
        if title:
            office.release("dam", title)
        compile_folder(office.folder, location, BASE, processes=1, now=now)
        delivery.turn(now)
        told.append(engines.told())
        now += timedelta(hours=1)
    delivery.close()
    assert told == [[], [DAM], [], [DAM]]


# -- over HTTP ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "host"),
    [("https://news.example.org", "news.example.org"), ("http://n.example:8000/press", "n.example:8000")],
)
def test_the_request_is_that_of_the_protocol(base: str, host: str) -> None:
    with running(Endpoint(202)) as endpoint:
        assert submit(endpoint.url, base, KEY, [DAM, "/mn" + DAM]).status == 202
    assert endpoint.heard == [
        {
            "host": host,
            "key": KEY,
            "keyLocation": f"{base}/{KEY}.txt",
            "urlList": [f"{base}{DAM}", f"{base}/mn{DAM}"],
        }
    ]
    assert endpoint.types == {"application/json; charset=utf-8"}


def test_an_endpoint_that_is_not_there_or_no_address_is_no_failure_of_the_program() -> None:
    endpoint = Endpoint()
    endpoint.server_close()
    assert submit(endpoint.url, BASE, KEY, [DAM]).status == 0
    assert submit("http://[", BASE, KEY, [DAM]).reason


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path)
    office.release("dam", published=datetime(2021, 6, 1, tzinfo=UTC))
    office.compile()
    return office


def test_of_two_processes_one_tells_a_server_that_finds_key_and_pages_there(office: Office) -> None:
    app = create_app(Settings(data=office.folder, state=office.folder.parent / "app", base_url=BASE, watch="off"))
    client = Client(app)

    def look(address: str) -> tuple[int, bytes]:
        answer = client.get(urlsplit(address).path)
        return answer.status_code, answer.data

    with running(Endpoint(look=look)) as endpoint:
        settings = replace(office.settings, indexnow_url=endpoint.url)
        workers = [
            Indexer(office.location, settings, lambda: datetime.now(UTC), settle=timedelta()) for _ in range(2)
        ]  # fmt: skip
        try:
            for each in workers:
                each.start()
            wait_until(lambda: _has_looked(office), "the first look")
            office.release("dam", "The dam is higher", published=datetime(2021, 6, 1, tzinfo=UTC))
            app.extensions["feeds"].compile()
            office.compile()
            wait_until(lambda: len(endpoint.heard) == 1, "a submission")
            withdrawn = {"date": datetime(2021, 6, 2, tzinfo=UTC), "reason": "Wrong."}
            office.release("dam", published=datetime(2021, 6, 1, tzinfo=UTC), withdrawn=withdrawn)
            app.extensions["feeds"].compile()
            seen = dict(endpoint.seen)
            office.compile()
            wait_until(lambda: len(endpoint.heard) == 2, "another one")
        finally:
            for each in workers:
                each.stop()
    assert seen[f"{BASE}/{KEY}.txt"] == (200, KEY.encode())
    assert seen[f"{BASE}{DAM}"][0] == 200
    assert b"The dam is higher" in seen[f"{BASE}{DAM}"][1]
    assert endpoint.seen[f"{BASE}{DAM}"][0] == 410
    assert [each["urlList"] for each in endpoint.heard] == [[f"{BASE}{DAM}"]] * 2


def _has_looked(office: Office) -> bool:
    with closing(IndexNowOutbox(office.location.memory)) as outbox:
        return outbox.basis() is not None
