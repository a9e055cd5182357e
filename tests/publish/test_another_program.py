"""A release that another program published before keeps its id in every feed, and its addresses lead to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import feedparser
import pytest

from tests.application import Served
from tests.makers import NOW, TOMORROW, a_compiled, a_newsroom, yaml

FILE = "2021/2021-06-01-dam.yaml"
IDS = {
    "https://www.example.org/?p=4711": "https://www.example.org/?p=4711",
    "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a": "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
    "tag:Blogger.com,1999:blog-1.post-2": "tag:Blogger.com,1999:blog-1.post-2",
    "4711 at https://www.example.org": "tag:example.org,2020:4711%20at%20https%3A%2F%2Fwww.example.org",
    "4711": "tag:example.org,2020:4711",
}


@pytest.mark.parametrize(("written", "in_atom"), IDS.items())
def test_the_id_of_another_program_is_the_id_in_every_feed(tmp_path: Path, written: str, in_atom: str) -> None:
    bench = a_compiled(tmp_path, {FILE: yaml(id=written)})
    assert not bench.problems()
    (item,) = feedparser.parse(bench.body("/feeds/all.rss")).entries
    assert (item.id, item.guidislink) == (written, False)
    assert item.link == "https://news.example.org/releases/2021/dam"
    assert json.loads(bench.body("/feeds/all.json"))["items"][0]["id"] == written
    assert feedparser.parse(bench.body("/feeds/all.atom")).entries[0].id == in_atom


@pytest.mark.parametrize(
    ("former", "asked"),
    [
        ("/news/old.html", "/news/old.html"),
        ("/2021/06/24/dam/", "/2021/06/24/dam/"),
        ("/2021/06/24/dam/", "/2021/06/24/dam"),
        ("/2021/06/24/dam", "/2021/06/24/dam/"),
        ("/мэдээ/далан", "/%D0%BC%D1%8D%D0%B4%D1%8D%D1%8D/%D0%B4%D0%B0%D0%BB%D0%B0%D0%BD"),
        ("/%E6%96%B0/a.html", "/新/a.html"),
        ("/releases/dam.html", "/releases/dam.html"),
        ("/fr/news/dam.html", "/fr/news/dam.html"),
    ],
)
def test_a_former_address_of_any_shape_leads_to_the_release(tmp_path: Path, former: str, asked: str) -> None:
    served = Served(a_newsroom(tmp_path, {FILE: yaml(aliases=[former])}), NOW)
    status, headers, _ = served.ask(asked)
    assert (status, dict(headers).get("Location")) == (308, "/releases/2021/dam")


def test_the_address_that_is_spelled_exactly_so_comes_first(tmp_path: Path) -> None:
    files = {FILE: yaml(aliases=["/dam/"]), "2021/2021-06-02-weir.yaml": yaml(aliases=["/dam"])}
    served = Served(a_newsroom(tmp_path, files), NOW)
    assert dict(served.ask("/dam/")[1])["Location"] == "/releases/2021/dam"
    assert dict(served.ask("/dam")[1])["Location"] == "/releases/2021/weir"


@pytest.mark.parametrize("hidden", [{"published": TOMORROW}, {"published": "2021-06-01", "draft": True}])
def test_a_former_address_of_a_hidden_release_says_nothing_of_it(tmp_path: Path, hidden: dict[str, Any]) -> None:
    files = {FILE: yaml(aliases=["/news/dam.html"], **hidden), "2021/2021-06-02-weir.yaml": yaml()}
    served = Served(a_newsroom(tmp_path, files), NOW)
    assert served.status("/news/dam.html") == served.status("/news/other.html") == 404
