"""Old addresses of feeds, as newsroom.yaml names them, lead to the feeds; what cannot lead anywhere is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from werkzeug.test import Client

from feeds.settings import Settings
from feeds.web import create_app
from tests.application import Served
from tests.export.exporter import exported, manifest
from tests.makers import BASE, NEWSROOM, NOW, Bench, a_compiled, a_newsroom, yaml

FILES = {"2021/2021-06-01-dam.yaml": yaml(countries=["MN"], aliases=["/dam/old"])}


def leading(**feeds: str) -> str:
    """A newsroom.yaml with these old addresses of feeds."""
    return NEWSROOM + "feeds:\n" + "".join(f"  {path}: {feed}\n" for path, feed in feeds.items())


@pytest.mark.parametrize(
    ("written", "feed", "asked", "location"),
    [
        ("/rss.xml", "all.rss", "/rss.xml", "/feeds/all.rss"),
        ("/rss.xml", "all.rss", "/rss.xml?paged=2", "/feeds/all.rss"),
        ("/feed", "all.rss", "/feed/", "/feeds/all.rss"),
        ("/feed/", "all.rss", "/feed", "/feeds/all.rss"),
        ("/category/mongolia/feed", "country/mn.rss", "/category/mongolia/feed", "/feeds/country/mn.rss"),
        ("/c", "country/MONGOLIA.json", "/c", "/feeds/country/mn.json"),
        ("/c", "topic/wages/country/mn.atom", "/c", "/feeds/country/mn/topic/wages.atom"),
        ("/мэдээ.xml", "mn/all.atom", "/%D0%BC%D1%8D%D0%B4%D1%8D%D1%8D.xml", "/mn/feeds/all.atom"),
        ("/caf%C3%A9", "all.atom", "/café", "/feeds/all.atom"),
        ("/zh", "/zh-Hans/feeds/corrections.rss", "/zh", "/zh-Hans/feeds/corrections.rss"),
        ("/n", "not/topic/wages/country/MN.rss", "/n", "/feeds/all/not/country/mn/topic/wages.rss"),
        ("/feeds/posts/default", "all.atom", "/feeds/posts/default", "/feeds/all.atom"),
        ("/zh-Hans/rss.xml", "zh-Hans/all.rss", "/zh-Hans/rss.xml", "/zh-Hans/feeds/all.rss"),
    ],
)
def test_an_old_address_leads_to_the_feed(tmp_path: Path, written: str, feed: str, asked: str, location: str) -> None:
    folder = a_newsroom(tmp_path, FILES, newsroom=leading(**{written: feed}))
    served = Served(folder, NOW)
    status, headers, _ = served.ask(asked)
    assert (status, dict(headers)["Location"]) == (308, location)
    assert served.status(location) == 200


def test_it_leads_on_whatever_a_reader_asks_with(tmp_path: Path) -> None:
    client = Served(a_newsroom(tmp_path, FILES, newsroom=leading(**{"/feed": "all.rss"})), NOW).client
    tag = client.get("/feeds/all.rss").headers["ETag"]
    conditions = {"If-None-Match": tag, "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT", "Accept": "image/png"}
    for method, headers in (("GET", {}), ("HEAD", {}), ("GET", conditions), ("HEAD", conditions)):
        answer = client.open("/feed", method=method, headers=headers)
        assert (answer.status_code, answer.headers["Location"]) == (308, "/feeds/all.rss")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert bool(answer.get_data()) == (method == "GET")
    assert client.post("/feed").status_code == 405


@pytest.mark.parametrize("asked", ["/news/feed", "/feed"])
def test_below_the_path_of_the_base_address_it_leads_to_a_path_below_it(tmp_path: Path, asked: str) -> None:
    folder = a_newsroom(tmp_path, FILES, newsroom=leading(**{"/feed": "all.rss"}))
    settings = Settings(data=folder, state=tmp_path / "state", base_url=f"{BASE}/news", watch="off")
    answer = Client(create_app(settings, clock=lambda: NOW)).get(asked)
    assert (answer.status_code, answer.headers["Location"]) == (308, "/news/feeds/all.rss")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("feed: all.rss", "a path begins with a slash (for example “/feed: all.rss”)"),
        ("https://a.example/feed: all.rss", "a whole address (write the path after the host"),
        ("/?feed=rss2: all.rss", "has a query or a fragment (write the path alone"),
        ("'/feed#new': all.rss", "has a query or a fragment (write the path alone"),
        ("/a/../b: all.rss", "no address that a browser asks for (write the path as a browser shows it"),
        ("/%FF: all.rss", "no address that a browser asks for (write the path as a browser shows it"),
        (f"/{'a' * 500}: all.rss", "is too long: at most 500 characters fit (shorten it)"),
        ("/: all.rss", "is an address of the newsroom itself (delete the line"),
        ("/feeds/all.atom: all.rss", "is an address of the newsroom itself (delete the line"),
        ("/zh-Hans/feeds/topic/gone.rss: all.rss", "is an address of the newsroom itself (delete the line"),
        ("/feeds: all.rss", "is an address of the newsroom itself (delete the line"),
        ("/healthz: all.rss", "is an address of the newsroom itself (delete the line"),
        ("/media/x.rss: all.rss", "is an address of the newsroom itself (delete the line"),
        ("/a: [all.rss]", "names no feed (write one after it, for example “/feed: all.rss”)"),
        ("/a:", "has no value (write one, or delete the line)"),
        ("/a: all.rss?count=3", "“all.rss?count=3” has a query or a fragment (name the feed without it"),
        ("/a: some feed.rss", "“some feed.rss” is no feed of this newsroom (name one of its feeds"),
        ("/a: all.xml", "“all.xml” is no feed of this newsroom (write it as in its address after /feeds/: all.rss"),
        ("/a: countri/mn.rss", "“countri/mn.rss” is no feed of this newsroom (did you mean country/mn.rss?)"),
        ("/a: country/mnn.rss", "no such country “mnn” (did you mean mn?)"),
        ("/a: topic/zzzzzz.rss", "no such topic “zzzzzz” (use one of those in topics.yaml)"),
        ("/a: all/not/topic/wagess.rss", "no such topic “wagess” (did you mean wages?)"),
        ("/a: country/mn/not/country/mn.rss", "leaves out all that it asks for (take one of the two out)"),
        ("/a: country/mn", "“country/mn” is a page, not a feed (end it with .atom or .rss or .json)"),
        ("/a: all/archive/3.rss", "“all/archive/3.rss” is an archive document (name the feed without “/archive/”"),
        ("/a: /a", "“/a” is an old address itself (name a feed of this newsroom, such as all.rss)"),
        ("/a: /ok", "“/ok” is an old address itself (name a feed of this newsroom, such as all.json)"),
        ("/ok/: all.rss", "leads to “all.json” already (delete one of the two"),
        ("/o%6B: all.rss", "leads to “all.json” already (delete one of the two"),
    ],
)
def test_what_cannot_lead_to_a_feed_is_told_with_its_line_and_costs_only_itself(
    tmp_path: Path, line: str, told: str
) -> None:
    newsroom = f"{NEWSROOM}feeds:\n  /ok: all.json\n  {line}\n"
    bench = a_compiled(tmp_path, FILES, newsroom=newsroom)
    (problem,) = bench.problems()
    assert problem.startswith(f"data/newsroom.yaml:{newsroom.count(chr(10))}:"), problem
    assert ": warning: feeds." in problem
    assert told in problem
    client = Served(bench.folder, NOW).client
    assert client.get("/ok").headers["Location"] == "/feeds/all.json"
    assert client.get("/a").status_code == 404


@pytest.mark.parametrize("text", ["feeds: all.rss\n", "feeds: [/feed]\n"])
def test_old_addresses_that_are_no_group_of_lines_cost_nothing_else(tmp_path: Path, text: str) -> None:
    bench = a_compiled(tmp_path, FILES, newsroom=NEWSROOM + text)
    (problem,) = bench.problems()
    assert "feeds: must be a group of lines (write an old address and a feed on each line below it" in problem
    assert "About it" in bench.body("/feeds/all.rss")


def test_one_address_with_and_without_its_slash_may_be_named_twice(tmp_path: Path) -> None:
    newsroom = leading(**{"/feed": "all.rss", "/feed/": "all.rss"})
    assert a_compiled(tmp_path, FILES, newsroom=newsroom).problems() == []


def test_an_old_address_changes_no_feed(tmp_path: Path) -> None:
    plain = a_compiled(tmp_path / "plain", FILES).everything()
    leading_on = a_compiled(tmp_path / "leading", FILES, newsroom=leading(**{"/feed": "all.rss"})).everything()
    assert plain == leading_on


def test_exports_lead_on_too(tmp_path: Path) -> None:
    newsroom = leading(**{"/rss.xml": "all.rss", "/feed": "mn/all.rss"})
    bench = a_compiled(tmp_path, FILES, newsroom=newsroom)
    for host in ("nginx", "github"):
        exported(bench, tmp_path / host, host=host)
        moved = manifest(tmp_path / host)["moved"]
        assert moved["/rss.xml"] == moved["/rss.xml/"] == ["/feeds/all.rss", 308]
        assert moved["/feed"] == moved["/feed/"] == ["/mn/feeds/all.rss", 308]
    assert not (tmp_path / "nginx/rss.xml").exists()
    feed = (tmp_path / "github/feeds/all.rss").read_bytes()
    assert (tmp_path / "github/rss.xml").read_bytes() == feed
    exported(bench, tmp_path / "netlify", host="netlify")
    assert "/rss.xml /feeds/all.rss 301" in (tmp_path / "netlify/_redirects").read_text()


def test_an_export_follows_a_change_of_old_addresses(tmp_path: Path) -> None:
    bench = a_compiled(tmp_path, FILES, newsroom=leading(**{"/feed": "all.rss"}))
    exported(bench, tmp_path / "out")
    (bench.folder / "newsroom.yaml").write_text(leading(**{"/rss": "all.rss"}), encoding="utf-8")
    bench.compile(now=NOW)
    exported(bench, tmp_path / "out")
    moved = manifest(tmp_path / "out")["moved"]
    assert "/rss" in moved
    assert "/feed" not in moved


def test_a_replica_knows_them_from_the_catalogue_alone(tmp_path: Path) -> None:
    bench = a_compiled(tmp_path, FILES, newsroom=leading(**{"/feed": "all.rss"}))
    (bench.folder / "newsroom.yaml").unlink()
    again = Bench(bench.folder, location=tmp_path)
    assert getattr(again.answer("/feed"), "path", None) == "/feeds/all.rss"
