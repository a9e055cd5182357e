"""The page for those who write programs that take in the feeds: what it says is so."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import html

from tests.application import Served
from tests.makers import BASE, NEWSROOM, NOW, YESTERDAY, Bench, a_compiled, yaml

HUB = "https://hub.example.org/"
LICENSE = "https://creativecommons.org/licenses/by/4.0/"
MORE = f"hub: {HUB}\nlicense: {LICENSE}\ncontacts: [{{name: Press desk, email: press@example.org}}]\n"
FILES = {
    "2021/2021-06-01-dam.yaml": yaml(published="2021-06-01", corrections=[{"date": YESTERDAY, "note": "Higher."}]),
    "2021/2021-06-02-gone.yaml": yaml(
        published="2021-06-02", withdrawn={"date": NOW, "reason": "Wrong.", "replacement": "2021/dam"}
    ),
}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return a_compiled(tmp_path_factory.mktemp("developers"), FILES, newsroom=NEWSROOM + MORE)


def text_of(bench: Bench, path: str = "/developers") -> str:
    (main,) = html.fromstring(bench.body(path)).xpath("//main")
    return str(main.text_content())


@pytest.mark.parametrize(
    ("lead", "everything"),
    [("", "all"), ("/mn", "all-languages"), ("/zh-Hans", "all-languages")],  # there is nothing in Mongolian and Chinese
)
def test_every_address_on_it_answers(bench: Bench, lead: str, everything: str) -> None:
    (main,) = html.fromstring(bench.body(f"{lead}/developers")).xpath("//main")
    found = [urlsplit(href) for href in main.xpath(".//a/@href") if href.startswith((BASE, "/"))]
    assert {each.path for each in found} >= {
        *(f"{lead}/feeds/{everything}.{suffix}" for suffix in ("atom", "rss", "json")),
        *(f"{lead}/feeds.opml", f"{lead}/feeds/", "/sitemap.xml"),
    }
    for each in found:
        bench.document(each.path)


@pytest.mark.parametrize("page", ["/feeds/", "/help"])
@pytest.mark.parametrize("lead", ["", "/mn"])
def test_pages_for_people_lead_to_it(bench: Bench, lead: str, page: str) -> None:
    assert f'href="{lead}/developers"' in bench.body(lead + page)


def test_the_sitemap_lists_it_in_every_language(bench: Bench) -> None:
    listed = bench.body("/sitemap-pages.xml")
    assert [f"<loc>{BASE}{lead}/developers</loc>" in listed for lead in ("", "/mn", "/zh-Hans")] == [True] * 3


def test_the_elements_that_it_names_are_in_the_feeds(bench: Bench) -> None:
    atom, rss, json = (bench.body(f"/feeds/all.{suffix}") for suffix in ("atom", "rss", "json"))
    named = set(html.fromstring(bench.body("/developers")).xpath("//main//code/text()"))
    assert named >= {"updated", "dcterms:modified", "date_modified", "dcterms:valid", "dcterms:isReplacedBy"}
    assert "<updated>" in atom
    assert '"date_modified"' in json
    for element in ("dcterms:modified", "dcterms:valid", "dcterms:isReplacedBy"):
        assert f"<{element}>" in rss
    assert all(f"<{element}>" in atom for element in ("dcterms:valid", "dcterms:isReplacedBy"))


def test_the_fields_that_it_names_are_in_the_answers_and_spare_the_content(bench: Bench) -> None:
    client = Served(bench.folder, NOW).client
    answer = client.get("/feeds/all.atom")
    for field, condition in (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")):
        again = client.get("/feeds/all.atom", headers={condition: answer.headers[field]})
        assert (again.status_code, again.data) == (304, b"")
    assert len(client.get("/feeds/all.json?count=1").get_json()["items"]) == 1


def test_it_names_hub_licence_and_whom_to_ask_where_there_are_any(bench: Bench, tmp_path: Path) -> None:
    text = text_of(bench)
    assert all(each in text for each in (HUB, "CC BY 4.0", "press@example.org", "© Test office"))
    bare = text_of(a_compiled(tmp_path, FILES))
    assert not re.search("WebSub|licence says so|Contact", bare)
    assert "© Test office" in bare
