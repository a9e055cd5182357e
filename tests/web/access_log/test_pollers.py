"""`feeds pollers`: who polls what, how often and how well, from logs of any form and size."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from feeds.cli.commands import group
from feeds.web.access_log import pollers
from feeds.web.access_log.lines import LoggedRequest, as_json, as_text
from feeds.web.access_log.pollers import OTHERS, Distinct, Pollers
from tests.makers import NOW

FEED = "/feeds/all.atom"
FEEDLY = "Feedly/1.0 (+http://www.feedly.com/fetcher.html; {} subscribers; like FeedFetcher-Google)"
MINIFLUX = "Mozilla/5.0 (compatible; Miniflux/2.0.50; +https://miniflux.app)"
CURL = "curl/8.5.0"
HOUR = 3_600


def request(
    agent: str, minutes: float, status: int = 200, octets: int = 5_000, target: str = FEED, address: str = "192.0.2.1"
) -> LoggedRequest:
    at, sent = NOW.timestamp() + 60 * minutes, octets if status == 200 else 0
    return LoggedRequest(at, address, "GET", target, "HTTP/1.1", status, sent, 0.001, user_agent=agent)


def a_day() -> Iterator[LoggedRequest]:
    """Feedly asks every half hour for two feeds, two Miniflux every hour, curl every 10 minutes without validators."""
    for half in range(48):
        yield request(FEEDLY.format(10 + half // 24), 30 * half, 304 if half else 200)
        yield request(FEEDLY.format(3), 30 * half, 304 if half else 200, target="/mn/feeds/all.rss")
        if half % 2 == 0:
            for address in ("192.0.2.2", "192.0.2.3"):
                yield request(MINIFLUX, 30 * half, 200 if half % 12 == 0 else 304, 5_000 + half, address=address)
        for ten in range(3):
            yield request(CURL, 30 * half + 10 * ten, address="192.0.2.4")
        yield request(CURL, 30 * half, target="/", address="192.0.2.4")
        yield request("evil/1", 30 * half, 404, target="/feeds/none.atom")


def ran(*arguments: str, given: str | bytes = "") -> str:
    done = CliRunner().invoke(group, ["pollers", *arguments], input=given)
    assert done.exit_code == 0, done.output
    return done.output


def data_of(text: str) -> dict[str, dict[str, Any]]:
    return {each["program"]: each for each in json.loads(text)["pollers"]}


@pytest.mark.parametrize("form", [as_text, as_json])
def test_each_program_is_told_with_its_habits(form: Any) -> None:
    log = "\n".join(map(form, a_day()))
    found = data_of(ran("--json", given=log))
    assert list(found) == ["curl", "Feedly", "Miniflux", "evil"]
    feedly, miniflux, curl = found["Feedly"], found["Miniflux"], found["curl"]
    assert (feedly["requests"], feedly["not_modified"], feedly["bytes"]) == (96, 94, 10_000)
    assert (feedly["subscribers"], feedly["clients"], feedly["feeds"]) == (14, 3, 2)
    assert feedly["interval_seconds"] == pytest.approx(HOUR / 2, rel=0.05)
    assert (miniflux["clients"], miniflux["subscribers"], miniflux["ignores_validators"]) == (2, None, False)
    assert miniflux["interval_seconds"] == pytest.approx(HOUR, rel=0.05)
    assert (curl["requests"], curl["resent"], curl["not_modified_share"]) == (144, 143, 0)
    assert [name for name, each in found.items() if each["ignores_validators"]] == ["curl"]
    assert (found["evil"]["failed"], found["evil"]["requests"]) == (48, 48)
    assert feedly["most_polled"][1] == {
        "feed": "/mn/feeds/all.rss", "requests": 48, "not_modified": 47, "bytes": 5_000, "subscribers": 3,
    }  # fmt: skip


def test_the_table_says_it_in_rows(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_text("\n".join(map(as_text, a_day())) + "\nnonsense\n", encoding="utf-8")
    rows = [line.split() for line in ran(str(log)).splitlines()]
    assert rows[1] == ["curl", "144", "0%", "10", "min", "720.0", "kB", "1", "1", "ignores", "validators"]
    assert rows[2] == ["Feedly", "96", "98%", "30", "min", "10.0", "kB", "3", "2", "14"]
    assert rows[-2][:2] == ["385", "lines"]
    assert rows[-1] == ["1", "line", "not", "of", "an", "access", "log"]


def test_a_name_is_never_taken_for_markup() -> None:
    assert "[red]bot" in ran(given=as_text(request("[red]bot/1", 0)))


def test_no_address_of_anybody_is_shown() -> None:
    log = "\n".join(map(as_text, a_day()))
    assert "192.0.2" not in ran("--json", given=log) + ran(given=log)


def test_several_logs_are_one_and_may_be_packed(tmp_path: Path) -> None:
    lines = [as_text(each).encode() + b"\n" for each in a_day()]
    (tmp_path / "access.log").write_bytes(b"".join(lines[200:]))
    (tmp_path / "access.log.1.gz").write_bytes(gzip.compress(b"".join(lines[:200])))
    paths = [str(tmp_path / "access.log.1.gz"), str(tmp_path / "access.log")]
    assert ran("--json", *paths) == ran("--json", given=b"".join(lines))


def test_feeds_below_a_path_and_keyword_feeds_count_and_pages_do_not() -> None:
    found = Pollers()
    targets = ["/newsroom/feeds/all.atom", f"{FEED}?q=dam", "/feeds/all.html", "/feeds/", "/", "/media/x/feeds.atom"]
    found.read(as_text(request(CURL, number, target=target)) for number, target in enumerate(targets))
    (curl,) = found
    assert list(curl.feeds) == ["/newsroom/feeds/all.atom", FEED]


@pytest.mark.parametrize("name", ["nothing.log", "."])
def test_what_cannot_be_read_is_said(name: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(group, ["pollers", str(tmp_path / name)])
    assert "name an access log, or - for standard input" in str(done.exception)


def test_a_log_that_is_cut_within_its_packing_is_said(tmp_path: Path) -> None:
    (tmp_path / "log.gz").write_bytes(gzip.compress(b"x" * 100_000)[:-20])
    done = CliRunner().invoke(group, ["pollers", str(tmp_path / "log.gz")])
    assert "name an access log" in str(done.exception)


def test_a_log_without_requests_for_feeds_is_no_fault() -> None:
    assert ran(given="") == "0 lines read, 0 requests for feeds by 0 programs\n"


def test_few_are_counted_exactly_and_many_nearly() -> None:
    distinct = Distinct()
    for number in range(20_000):
        distinct.add(int.from_bytes(blake2b(str(number).encode(), digest_size=8).digest(), "big"))
        distinct.add(int.from_bytes(blake2b(b"0", digest_size=8).digest(), "big"))
        if number == 99:
            assert (distinct.count, distinct.is_estimate) == (100, False)
    assert distinct.count == pytest.approx(20_000, rel=0.2)
    assert distinct.is_estimate


@pytest.mark.slow
def test_memory_does_not_grow_with_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, few in (("PROGRAMS", 20), ("FEEDS", 5), ("PAIRS", 500)):
        monkeypatch.setattr(pollers, name, few)

    def hostile(numbers: range) -> Iterator[str]:
        for number in numbers:
            many = as_text(
                request(f"bot{number}x/1", number, target=f"/feeds/{number}.atom", address=f"2001:db8::{number:x}")
            )
            yield from (many, as_text(request(CURL, number, 304)))

    found = Pollers(b"key")
    found.read(hostile(range(3_000)))
    tracemalloc.start()
    try:
        found.read(hostile(range(3_000, 12_000)))
        grown, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert grown < 1_500_000
    curl, *_, others = found
    assert (curl.name, curl.requests, curl.not_modified) == ("curl", 12_000, 12_000)
    assert others.name == OTHERS
    assert sum(each.requests for each in found) == 24_000


def test_a_line_without_end_is_read_in_parts() -> None:
    assert "lines read" in ran(given=b"x" * 1_000_000)
