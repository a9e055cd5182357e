"""Readers are told in their own words how to get new releases; the names of formats come after."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import html

from feeds.content import read_newsroom
from tests.makers import NEWSROOM, Bench, a_compiled, a_newsroom, yaml
from tests.publish.pages.conftest import Open

DAM = "2021/2021-06-01-dam.yaml"


def compiled(path: Path, more: str = "") -> Bench:
    dam = yaml(topics=["wages"], corrections=[{"date": "2021-06-02", "note": "So."}])
    return a_compiled(path, {DAM: dam}, newsroom=NEWSROOM + more)


def offered(bench: Bench, path: str) -> list[tuple[str, str]]:
    found = html.fromstring(bench.body(path)).xpath("//main//*[@class='follow']//a")
    return [(str(each.text_content()), str(each.get("href"))) for each in found]


@pytest.mark.parametrize(
    ("page", "reader"),
    [
        ("/", "/feeds/#choice"),
        ("/feeds/topic/wages.html", "/feeds/?topic=wages#choice"),
        ("/feeds/all-languages.html", "/feeds/?language=%2A#choice"),
        ("/feeds/corrections.html", "/feeds/corrections.atom"),
    ],
)
def test_a_reader_comes_first_and_the_formats_last(tmp_path: Path, page: str, reader: str) -> None:
    links = offered(compiled(tmp_path), page)
    assert links[0] == ("In a feed reader", reader)
    assert [name for name, _ in links[1:4]] == ["Atom", "RSS", "JSON Feed"]


def test_by_e_mail_is_there_only_if_the_newsroom_names_where(tmp_path: Path) -> None:
    assert "By e-mail" not in compiled(tmp_path / "none").body("/")
    page = compiled(tmp_path / "page", "subscribe: https://lists.example.org/news\n")
    assert offered(page, "/")[1] == ("By e-mail", "https://lists.example.org/news")
    address = compiled(tmp_path / "address", "subscribe: join@lists.example.org\n")
    assert offered(address, "/")[1] == ("By e-mail", "mailto:join@lists.example.org")
    footer = html.fromstring(address.body("/about")).xpath("//footer//a[.='By e-mail']/@href")
    assert footer == ["mailto:join@lists.example.org"]


@pytest.mark.parametrize("written", ["lists.example.org", "ftp://lists.example.org", "mailto:join@example.org"])
def test_what_is_neither_a_page_nor_an_address_is_told(tmp_path: Path, written: str) -> None:
    folder = a_newsroom(tmp_path, newsroom=f"{NEWSROOM}subscribe: {json.dumps(written)}\n")
    _, problems = read_newsroom(folder)
    assert [each.path for each in problems] == ["subscribe"]


def test_one_click_leads_to_every_way_to_follow_a_subject(urls: dict[tuple[str, str], str], opened: Open) -> None:
    page = opened(urls["selection", "en"], width=390)
    page.get_by_role("link", name="In a feed reader").click()
    assert page.locator("#choice").get_by_text("Social protection").first.is_visible()
    assert page.evaluate("document.querySelector('#choice').getBoundingClientRect().top") < 800
