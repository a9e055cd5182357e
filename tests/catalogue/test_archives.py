"""Feed history (RFC 5005): every release exactly once, and closed pages that keep their bytes."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model.selection import Selection
from feeds.publish.document import Document, Missing, Moved
from tests.makers import DAY, NOW, YESTERDAY, Bench, a_newsroom, write, yaml
from tests.tools import examples

HOUR = timedelta(hours=1)
BEGINNING = NOW - 40 * DAY


def name(number: int) -> str:
    return f"2021/2021-05-01-number-{number:02}.yaml"


def a_row(path: Path, count: int, **fields: object) -> Bench:
    """So many releases an hour apart, three to a page."""
    files = {name(n): yaml(title=f"Number {n}", published=BEGINNING + n * HOUR, **fields) for n in range(count)}
    bench = Bench(a_newsroom(path, files), entries=3)
    bench.compile()
    return bench


def archive(number: int, form: str = "atom", feed: str = "all") -> str:
    return f"/feeds/{feed}/archive/{number}.{form}" if number else f"/feeds/{feed}.{form}"


def link(body: str, rel: str) -> str | None:
    """The path of an Atom document's link."""
    found = re.search(rf'<link (?=[^>]*rel="{rel}")[^>]*href="https://news.example.org([^"]*)"', body)
    return found[1] if found else None


def pages(bench: Bench, now: datetime = NOW, feed: str = "all") -> list[list[str]]:
    """The ids in the live feed and in each archive document before it, newest page first, as a reader walks them."""
    found = []
    path: str | None = archive(0, feed=feed)
    while path:
        body = bench.body(path, now)
        items = json.loads(bench.body(path.replace(".atom", ".json"), now))["items"]
        found.append([item["id"] for item in items])
        assert [each in body for each in found[-1]] == [True] * len(items)
        path = link(body, "prev-archive")
    return found


def row(*numbers: int) -> list[str]:
    """The ids of these releases."""
    return [f"tag:example.org,2021-05-01:number-{number:02}" for number in numbers]


def flat(found: list[list[str]]) -> list[str]:
    return [each for page in found for each in page]


@given(
    count=st.integers(0, 14),
    entries=st.integers(1, 4),
    corrected=st.sets(st.integers(0, 13), max_size=4),
    withdrawn=st.sets(st.integers(0, 13), max_size=3),
    scheduled=st.sets(st.integers(0, 13), max_size=3),
)
@examples(25)
def test_subscription_and_archive_hold_every_visible_release_exactly_once(
    count: int, entries: int, corrected: set[int], withdrawn: set[int], scheduled: set[int]
) -> None:
    with TemporaryDirectory() as path:
        files = {}
        for n in range(count):
            fields: dict[str, Any] = {"published": BEGINNING + n * HOUR}
            if n in scheduled:
                fields["published"] = NOW + HOUR
            elif n in corrected:
                fields["corrections"] = [{"date": YESTERDAY + n * HOUR, "note": "Not so.", "major": n % 2 == 0}]
            if n in withdrawn and n not in scheduled:
                fields["withdrawn"] = {"date": YESTERDAY + n * HOUR / 2, "reason": "Wrong."}
            files[name(n)] = yaml(title=f"Number {n}", **fields)
        bench = Bench(a_newsroom(Path(path), files), entries=entries)
        bench.compile()
        for now in (NOW - 41 * DAY, YESTERDAY + 3 * HOUR, NOW, NOW + HOUR):
            for feed in ("all", "corrections"):
                found = flat(pages(bench, now, feed))
                with bench.catalogue.reading() as snapshot:
                    counted = snapshot.counts.of(Selection("en", corrections=feed == "corrections"), now)
                assert len(found) == len(set(found)) == (counted.releases if counted else 0)


def test_a_reader_who_walks_back_meets_every_release_newest_first(tmp_path: Path) -> None:
    bench = a_row(tmp_path, 11)
    found = pages(bench)
    assert [len(page) for page in found] == [5, 3, 3]
    assert [each.rpartition("-")[2] for each in flat(found)] == [f"{n:02}" for n in reversed(range(11))]


@pytest.mark.parametrize("form", ["atom", "rss", "json", "html"])
def test_a_closed_page_keeps_its_bytes_when_something_newer_is_published(tmp_path: Path, form: str) -> None:
    bench = a_row(tmp_path, 7)
    kept = {1: bench.body(archive(1, form))}
    for n in range(7, 14):
        write(bench.folder, name(n), yaml(title=f"Number {n}", published=BEGINNING + n * HOUR))
        bench.compile()
        for number, body in kept.items():
            # The page for people may name its successor only once there is one.
            if form != "html":
                assert bench.body(archive(number, form)) == body
        newest = len(kept) + 1
        if isinstance(bench.answer(archive(newest, form)), Document):
            kept[newest] = bench.body(archive(newest, form))
    assert len(kept) == 3


def test_the_newest_archive_names_its_successor_which_leads_to_the_live_feed_until_it_is_there(
    tmp_path: Path,
) -> None:
    bench = a_row(tmp_path, 7)
    newest = bench.body(archive(1))
    assert link(newest, "next-archive") == archive(2)
    assert link(newest, "current") == archive(0)
    assert bench.answer(archive(2)) == Moved("/feeds/all.atom", permanent=False)
    assert isinstance(bench.answer(archive(3)), Missing)


def test_a_feed_that_fits_one_page_has_no_archive(tmp_path: Path) -> None:
    bench = a_row(tmp_path, 5)
    assert "prev-archive" not in bench.body("/feeds/all.atom")
    assert isinstance(bench.answer(archive(1)), Missing)


def test_a_major_correction_moves_the_release_to_the_top_and_leaves_its_old_place(tmp_path: Path) -> None:
    bench = a_row(tmp_path, 8)
    before = pages(bench)
    corrected = {"date": YESTERDAY, "note": "It was the other one."}
    write(bench.folder, name(1), yaml(title="Number 1", published=BEGINNING + HOUR, corrections=[corrected]))
    bench.compile()
    after = pages(bench)
    assert before == [row(7, 6, 5, 4, 3), row(2, 1, 0)]
    assert after == [row(1, 7, 6), row(5, 4, 3), row(2, 0)]


def test_a_minor_correction_leaves_the_release_where_it_is(tmp_path: Path) -> None:
    bench = a_row(tmp_path, 8)
    before = pages(bench)
    corrected = {"date": YESTERDAY, "note": "A comma.", "major": False}
    write(bench.folder, name(1), yaml(title="Number 1", published=BEGINNING + HOUR, corrections=[corrected]))
    bench.compile()
    assert pages(bench) == before
    assert "A comma." in bench.body(archive(1))


@pytest.mark.parametrize("major", [True, False])
def test_correcting_an_old_release_leaves_the_closed_pages_of_the_corrections_as_they_are(
    tmp_path: Path, major: bool
) -> None:
    bench = Bench(a_newsroom(tmp_path), entries=3)

    def corrected(n: int, day: datetime) -> None:
        correction = {"date": day, "note": f"Not so, {n}.", "major": major}
        write(bench.folder, name(n), yaml(published=BEGINNING + n * HOUR, corrections=[correction]))

    # The youngest releases are corrected first, so each later correction is one of an older release.
    for n in range(10, 3, -1):
        corrected(n, BEGINNING + DAY + (10 - n) * HOUR)
    bench.compile()
    closed = bench.body(archive(1, feed="corrections"))
    assert closed.count("<entry") == 3
    for n in (3, 2, 1, 0):
        corrected(n, YESTERDAY - n * HOUR)
        bench.compile()
        assert bench.body(archive(1, feed="corrections")) == closed
    found = pages(bench, feed="corrections")
    assert found[0][0].endswith("number-00")
    assert len(flat(found)) == len(set(flat(found))) == 11
