"""`?count=N` on a live feed: the newest N releases, at an address and with an id of their own."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model.formats import SYNDICATED, Format
from feeds.publish.document import Document, Moved
from tests.application import Served
from tests.catalogue.test_archives import BEGINNING, HOUR, a_row, archive, flat, link, name, pages, row
from tests.makers import BASE, NEWSROOM, NOW, Bench, a_newsroom, yaml
from tests.tools import examples

MOST = 14
HUB = NEWSROOM + "hub: https://hub.example.org/\n"


def ids(bench: Bench, query: str, path: str = "/feeds/all.json") -> list[str]:
    """The ids in a JSON feed."""
    return [item["id"] for item in json.loads(bench.document(path, NOW, query).body)["items"]]


@pytest.mark.parametrize("form", SYNDICATED, ids=lambda form: form.suffix)
@pytest.mark.parametrize("count", [1, 2, 4, 9, 10, 100])
def test_the_newest_releases_are_there_in_every_format(tmp_path: Path, form: Format, count: int) -> None:
    bench = a_row(tmp_path, 10)
    body = bench.document(f"/feeds/all.{form.suffix}", NOW, f"count={count}").body.decode()
    titles = re.findall(r"Number \d", body)
    assert list(dict.fromkeys(titles)) == [f"Number {n}" for n in range(9, max(9 - count, -1), -1)]


def test_it_says_its_own_address_and_has_an_id_of_its_own(tmp_path: Path) -> None:
    bench = a_row(tmp_path, 5)
    found = feedparser.parse(bench.document("/feeds/all.atom", NOW, "count=2").body)
    assert found.feed.id == "tag:example.org,2020:feeds/all?count=2"
    assert [each.href for each in found.feed.links if each.rel == "self"] == [f"{BASE}/feeds/all.atom?count=2"]
    assert next(each.href for each in found.feed.links if each.rel == "alternate") == f"{BASE}/feeds/all.html"
    plain = feedparser.parse(bench.body("/feeds/all.atom"))
    assert plain.feed.id == "tag:example.org,2020:feeds/all"
    assert [each.id for each in found.entries] == [each.id for each in plain.entries][:2]
    as_json = json.loads(bench.document("/feeds/all.json", NOW, "count=2").body)
    assert as_json["feed_url"] == f"{BASE}/feeds/all.json?count=2"
    rss = bench.document("/feeds/all.rss", NOW, "count=2").body.decode()
    assert f"{BASE}/feeds/all.rss?count=2" in rss


@pytest.mark.parametrize(
    "query",
    ["count=0", "count=101", "count=abc", "count=-1", "count=05", "count=", "count=1.5", "count=4&count=4", "n=4"],
)
def test_a_count_that_is_none_does_not_count_like_every_other_query(tmp_path: Path, query: str) -> None:
    bench = a_row(tmp_path, 5)
    assert bench.document("/feeds/all.atom", NOW, query) == bench.document("/feeds/all.atom", NOW)


@pytest.mark.parametrize("query", ["utm_source=x&count=2", "count=2&utm_source=x", "%63ount=%32"])
def test_what_a_proxy_may_change_leads_to_no_redirect(tmp_path: Path, query: str) -> None:
    bench = a_row(tmp_path, 5)
    assert bench.document("/feeds/all.atom", NOW, query).body == bench.document("/feeds/all.atom", NOW, "count=2").body


def test_as_many_as_a_page_has_leads_to_the_plain_feed(tmp_path: Path) -> None:
    bench = a_row(tmp_path, 9)
    assert bench.answer("/feeds/all.atom", NOW, "count=3") == Moved("/feeds/all.atom")
    assert bench.answer("/mn/feeds/all.rss", NOW, "q=number&count=3") == Moved("/mn/feeds/all.rss?q=number")


def test_pages_archives_and_lists_take_no_count(tmp_path: Path) -> None:
    bench = a_row(tmp_path, 9)
    for path in ("/feeds/all.html", "/feeds/all/archive/1.atom", "/feeds/all.opml", "/feeds.opml"):
        assert bench.document(path, NOW, "count=2") == bench.document(path, NOW), path


def test_a_search_counts_too(tmp_path: Path) -> None:
    bench = a_row(tmp_path, 9)
    assert ids(bench, "q=number&count=7") == row(8, 7, 6, 5, 4, 3, 2)
    assert bench.answer("/feeds/all.atom", NOW, "count=7&q=number") == bench.answer(
        "/feeds/all.atom", NOW, "q=number&count=7"
    )


def test_the_feed_in_another_language_has_the_same_count(tmp_path: Path) -> None:
    files = {"2021/2021-06-01-dam.yaml": yaml(), "2021/2021-06-01-dam.mn.yaml": yaml(title="Далан")}
    body = a_bench(tmp_path, files).document("/feeds/all.atom", NOW, "count=1").body.decode()
    assert f'href="{BASE}/mn/feeds/all.atom?count=1"' in body


def a_bench(path: Path, files: dict[str, str], **top: str) -> Bench:
    bench = Bench(a_newsroom(path, files, **top), entries=3)
    bench.compile()
    return bench


def test_only_the_plain_feed_is_pushed(tmp_path: Path) -> None:
    bench = a_bench(tmp_path, {"2021/2021-06-01-dam.yaml": yaml()}, newsroom=HUB)
    assert "hub.example.org" in bench.body("/feeds/all.atom")
    assert b"hub.example.org" not in bench.document("/feeds/all.atom", NOW, "count=2").body


def test_no_list_names_a_counted_feed(tmp_path: Path) -> None:
    bench = a_row(tmp_path, 9)
    for path in ("/feeds.opml", "/sitemap-pages.xml", "/feeds/topic.opml"):
        assert "count=" not in bench.body(path)


# -- the archive ----------------------------------------------------------------------------------------------------


@given(
    number=st.integers(0, MOST),
    entries=st.integers(1, 4),
    count=st.integers(1, MOST + 2),
    corrected=st.sets(st.integers(0, MOST - 1), max_size=4),
    gone=st.sets(st.integers(0, MOST - 1), max_size=4),
    feed=st.sampled_from(["all", "all/not/topic/wages"]),
)
@examples(40)
def test_with_its_archive_it_is_the_whole_feed_and_without_one_nothing_is_promised(
    number: int, entries: int, count: int, corrected: set[int], gone: set[int], feed: str
) -> None:
    with TemporaryDirectory() as path:
        bench = _a_changed_row(Path(path), number, entries, corrected, gone)
        whole = flat(pages(bench, feed=feed))
        answer = bench.answer(f"/feeds/{feed}.atom", NOW, f"count={count}")
        if count == entries:
            assert answer == Moved(f"/feeds/{feed}.atom")
            return
        assert isinstance(answer, Document)
        shown = ids(bench, f"count={count}", f"/feeds/{feed}.json")
        assert shown == whole[:count]
        older = _walked(bench, link(answer.body.decode(), "prev-archive"))
        if older:
            assert list(dict.fromkeys([*shown, *flat(older)])) == whole
            assert not set(older[0]) <= set(shown) or not older[0], "no archive document is named in vain"
        elif len(shown) < len(whole):
            live = len(pages(bench, feed=feed)[0])
            assert count < live, "what is older stands in the plain feed alone"


def _walked(bench: Bench, path: str | None) -> list[list[str]]:
    found = []
    while path:
        found.append(ids(bench, "", path.replace(".atom", ".json")))
        path = link(bench.body(path), "prev-archive")
    return found


def _a_changed_row(path: Path, number: int, entries: int, corrected: set[int], gone: set[int]) -> Bench:
    files = {}
    for n in range(number):
        fields: dict[str, Any] = {"published": BEGINNING + n * HOUR, "topics": ["wages"] if n % 3 else []}
        if n in corrected:
            fields["corrections"] = [{"date": BEGINNING + (40 + n) * HOUR, "note": "Not so.", "major": True}]
        files[name(n)] = yaml(title=f"Number {n}", **fields)
    bench = Bench(a_newsroom(path, files), entries=entries)
    bench.compile(now=NOW)
    for n in gone & set(range(number)):
        (bench.folder / "releases" / name(n)).unlink()
    bench.compile(now=NOW)
    return bench


def test_archive_documents_are_those_of_the_plain_feed(tmp_path: Path) -> None:
    bench = a_row(tmp_path, 14)
    body = bench.document("/feeds/all.atom", NOW, "count=7").body.decode()
    assert link(body, "prev-archive") == archive(3)
    assert link(bench.body(archive(3)), "current") == "/feeds/all.atom"
    assert link(bench.document("/feeds/all.atom", NOW, "count=1").body.decode(), "prev-archive") is None


# -- over HTTP ------------------------------------------------------------------------------------------------------


def test_it_is_kept_beside_the_plain_feed_and_follows_every_change(tmp_path: Path) -> None:
    folder = a_newsroom(
        tmp_path, {name(n): yaml(title=f"Number {n}", published=BEGINNING + n * HOUR) for n in range(5)}
    )
    served = Served(folder, NOW)
    client = served.client
    plain, counted = (client.get(path) for path in ("/feeds/all.atom", "/feeds/all.atom?count=2"))
    assert plain.headers["ETag"] != counted.headers["ETag"]
    assert plain.headers["Vary"] == counted.headers["Vary"]
    assert plain.headers["Cache-Control"] == counted.headers["Cache-Control"]
    tag = counted.headers["ETag"]
    assert client.get("/feeds/all.atom?count=2", headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/feeds/all.atom?count=1", headers={"If-None-Match": tag}).status_code == 200
    assert client.get("/feeds/all.atom%3Fcount=2").status_code == 404
    (folder / "releases" / name(6)).write_text(yaml(title="Number 6", published=BEGINNING + 6 * HOUR), encoding="utf-8")
    served.newsroom.compile()
    served.clock.wait(1)
    changed = client.get("/feeds/all.atom?count=2", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert "Number 6" in changed.get_data(as_text=True)


def test_nothing_scheduled_shows_in_it(tmp_path: Path) -> None:
    secret = {name(7): yaml(title="Secret", published=NOW + HOUR)}
    files = {name(n): yaml(title=f"Number {n}", published=BEGINNING + n * HOUR) for n in range(5)}
    one, other = a_bench(tmp_path / "one", files), a_bench(tmp_path / "other", files | secret)
    for count in (1, 2, 4, 100):
        found = [each.document("/feeds/all.atom", NOW, f"count={count}") for each in (one, other)]
        assert replace(found[0], until=None) == replace(found[1], until=None)
