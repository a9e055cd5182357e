"""Metrics: what is counted, by several processes together, and told at a port of its own."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterable
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from prometheus_client.parser import text_string_to_metric_families

from feeds.errors import FeedsError
from feeds.settings import Settings
from feeds.web import request_counts
from feeds.web.app import create_app
from feeds.web.live_newsroom import LiveNewsroom
from feeds.web.metrics import Metrics
from feeds.web.request_counts import Counters, RequestKind, kind_and_format
from tests.makers import BASE, NEWSROOM, NOW, TOMORROW, YESTERDAY, a_newsroom, write, yaml
from tests.servers import HOST, Servers
from tests.tools import DEAD, free_port, wait_until

DAM = {"2021/dam.yaml": yaml(published=YESTERDAY)}
FEED = RequestKind("feed", "atom", "200", "gzip")

Sample = dict[tuple[str, frozenset[tuple[str, str]]], float]


def scraped(port: int) -> Sample:
    """All samples at a port, by name and labels."""
    connection = HTTPConnection(HOST, port, timeout=DEAD)
    try:
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
    finally:
        connection.close()
    families = text_string_to_metric_families(text)
    return {(each.name, frozenset(each.labels.items())): each.value for found in families for each in found.samples}


def value(samples: Sample, name: str, **labels: str) -> float:
    """The sum of a metric over all samples with these labels."""
    return sum(number for (each, own), number in samples.items() if each == name and labels.items() <= set(own))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", ("page", "")),
        ("/mn/", ("page", "")),
        ("/feeds/", ("page", "")),
        ("/feeds/all.html", ("page", "")),
        ("/feeds/country/cn/archive/3.rss", ("feed", "rss")),
        ("/mn/feeds/all.json", ("feed", "json")),
        ("/feeds.opml", ("list", "")),
        ("/feeds/country.opml", ("list", "")),
        ("/sitemap-1.xml", ("list", "")),
        ("/robots.txt", ("list", "")),
        ("/releases/2021/dam", ("release", "")),
        ("/media/abc/plan.pdf", ("media", "")),
        ("/static/x.css", ("asset", "")),
        ("/embed/frame/5/all.html", ("embed", "")),
        ("/healthz", ("health", "")),
        ("", ("page", "")),
    ],
)
def test_a_request_is_of_one_kind(path: str, expected: tuple[str, str]) -> None:
    assert kind_and_format(path) == expected


def test_processes_count_together_and_what_an_ended_one_has_counted_stays(tmp_path: Path) -> None:
    one, other = Counters(tmp_path), Counters(tmp_path)
    one.count(FEED, 100)
    one.count(FEED, 50)
    other.count(FEED, 1)
    other.compiled(2.5, 1_000.0)
    other.save()
    assert one.sum().requests == {FEED: [3, 151]}
    other.close()
    third = Counters(tmp_path)
    third.count(FEED, 9)
    third.save()
    total = one.sum()
    assert (total.requests, total.compiles, total.last_compile_seconds) == ({FEED: [4, 160]}, 1, 2.5)
    assert len(list(tmp_path.glob("*.json"))) == 2


def test_whichever_process_is_asked_next_no_total_falls(tmp_path: Path) -> None:
    one, other = Counters(tmp_path), Counters(tmp_path)
    one.count(FEED, 1)
    other.count(FEED, 1)
    told = [each.sum().requests[FEED][0] for each in (one, other, one)]
    assert told == [1, 2, 2]


def test_a_full_disk_does_not_hide_what_was_counted(tmp_path: Path) -> None:
    one, other = Counters(tmp_path), Counters(tmp_path)
    other.count(FEED, 1)
    other.save()
    one.count(FEED, 1)
    (tmp_path / "0.new").mkdir()  # a write fails
    assert one.sum().requests == {FEED: [2, 2]}


def test_a_file_of_another_version_begins_anew(tmp_path: Path) -> None:
    (tmp_path / "0.json").write_text('{"requests": [["x"]]}')
    counters = Counters(tmp_path)
    counters.count(FEED, 1)
    assert counters.sum().requests == {FEED: [1, 1]}


def test_a_folder_in_which_nothing_can_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "metrics").write_text("a file")
    with pytest.raises(FeedsError, match=r"cannot count in .*FEEDS_STATE must be writable"):
        Counters(tmp_path / "metrics")


def test_an_answer_in_pieces_and_an_error_are_counted(tmp_path: Path) -> None:
    counters = Counters(tmp_path)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/bad":
            raise ZeroDivisionError
        start_response("200 OK", [])
        return iter([b"ab", b"c"])

    counted = request_counts.in_front_of(app, counters)
    pieces = counted({"PATH_INFO": "/media/x/y"}, lambda *_: lambda _: None)
    assert (b"".join(pieces), counters.totals.requests) == (b"abc", {})
    pieces.close()  # type: ignore[attr-defined]  # as servers do
    with pytest.raises(ZeroDivisionError):
        counted({"PATH_INFO": "/bad"}, lambda *_: lambda _: None)
    assert counters.totals.requests == {
        RequestKind("media", "", "200", ""): [1, 3],
        RequestKind("page", "", "500", ""): [1, 0],
    }


def test_the_newsroom_is_measured_at_the_moments_at_which_it_changes(tmp_path: Path) -> None:
    data = a_newsroom(tmp_path, {"2021/dam.yaml": yaml(published=TOMORROW)})
    now = [NOW]
    newsroom = LiveNewsroom(Settings(data=data, state=tmp_path, base_url=BASE), clock=lambda: now[0])
    metrics = Metrics(newsroom, lambda: now[0])
    newsroom.start()
    metrics.look()
    now[0] = TOMORROW + timedelta(seconds=3)
    metrics.look()
    totals = metrics.counters.sum()
    assert (totals.last_moment, totals.lateness, totals.compiles) == (TOMORROW.timestamp(), 3.0, 1)


@pytest.mark.parametrize("workers", [1, 2])
def test_all_workers_are_told_together_and_a_renewal_forgets_nothing(
    tmp_path: Path, servers: Servers, workers: int
) -> None:
    port, requests = free_port(), 40

    def told() -> bool:
        try:
            found = scraped(port)
        except ConnectionError:  # by a worker that has just ended: Prometheus asks again too
            return False
        return value(found, "feeds_requests_total", kind="feed") == requests + 1

    files = {**DAM, "2021/next.yaml": yaml(published="2126-01-01", title="Next")}
    with servers.newsroom(a_newsroom(tmp_path, files), workers=workers, FEEDS_METRICS=str(port)) as server:
        wait_until(lambda: len(server.workers()) == workers, "all workers are there")
        before = server.workers()
        tag = server.ask("/feeds/all.atom")[1]["etag"]
        for number in range(requests):
            wanted = {"If-None-Match": tag} if number % 4 else {}
            server.ask("/feeds/all.atom", **wanted)
        server.ask("/nothing")

        wait_until(told, "all requests are counted")
        found = scraped(port)
        assert value(found, "feeds_requests_total", kind="feed", format="atom", status="304") == 30
        assert value(found, "feeds_requests_total", kind="page", status="404") == 1
        assert value(found, "feeds_not_modified_ratio", kind="feed") == pytest.approx(30 / 41)
        assert value(found, "feeds_response_bytes_total", kind="feed", status="200") > 0
        assert value(found, "feeds_releases", state="visible") == 1
        assert value(found, "feeds_releases", state="scheduled") == 1
        assert value(found, "feeds_compile_seconds_count") == 1
        assert value(found, "feeds_content_age_seconds") > 0
        assert ("feeds_push_outbox", frozenset()) in found
        requests += 10
        for _ in range(10):
            server.ask("/feeds/all.atom")
        os.kill(server.process_id, signal.SIGHUP)
        wait_until(lambda: len(server.workers() - before) == workers and not server.workers() & before, "all are new")
        wait_until(told, "the new workers know what the old ones have counted")
        assert server.get("/metrics")[0] == 404


def test_it_is_bound_to_loopback_unless_told_otherwise() -> None:
    assert Settings.from_environment({"FEEDS_METRICS": "9464"}).metrics == ("127.0.0.1", 9464)
    assert Settings.from_environment({"FEEDS_METRICS": "[::]:9464"}).metrics == ("::", 9464)
    assert Settings.from_environment({"FEEDS_METRICS": "off"}).metrics is None


def test_a_port_that_is_taken_is_said_at_the_start(tmp_path: Path, servers: Servers) -> None:
    data = a_newsroom(tmp_path, DAM)
    port = free_port()
    with servers.newsroom(data, workers=1, FEEDS_METRICS=str(port)), pytest.raises(AssertionError) as caught:
        servers.newsroom(data, workers=1, FEEDS_METRICS=str(port)).__enter__()
    assert re.search(
        rf"cannot listen on 127.0.0.1, port {port}: .* \(choose another FEEDS_METRICS\)", str(caught.value)
    )


def test_without_the_library_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "feeds.web.metrics", None)
    settings = Settings(data=a_newsroom(tmp_path, DAM), state=tmp_path, base_url=BASE, metrics=(HOST, free_port()))
    with pytest.raises(FeedsError, match=r"pip install 'newsroom-feeds\[metrics\]'"):
        create_app(settings)


def test_what_hub_search_engines_and_caches_are_still_to_be_told_is_counted(tmp_path: Path, servers: Servers) -> None:
    nobody = "http://127.0.0.1:9/"
    data = a_newsroom(tmp_path, DAM, newsroom=f"{NEWSROOM}hub: {nobody}\nindexnow: 3f9c2b7e41d84a06\n")
    port = free_port()
    with servers.newsroom(
        data,
        workers=1,
        watch="poll",
        FEEDS_METRICS=str(port),
        FEEDS_INDEXNOW_URL=nobody,
        FEEDS_CACHE_KEYS="xkey",
        FEEDS_PURGE_URL=nobody,
    ):
        before = scraped(port)
        assert [value(before, f"feeds_{name}_outbox") for name in ("push", "indexnow")] == [0, 0]
        write(data, "2021/road.yaml", yaml(published=YESTERDAY, title="The road"))
        wait_until(lambda: value(scraped(port), "feeds_push_outbox") > 0, "a push waits")
        wait_until(lambda: value(scraped(port), "feeds_indexnow_outbox") == 1, "a page waits")
        wait_until(lambda: value(scraped(port), "feeds_purge_outbox") > 0, "purges wait")
        found = scraped(port)
        assert all(value(found, f"feeds_{name}_outbox_age_seconds") > 0 for name in ("push", "indexnow", "purge"))
