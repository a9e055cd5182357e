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


def test_each_language_may_have_a_list_of_its_own(tmp_path: Path) -> None:
    lists = "subscribe: {en: https://lists.example.org/news, zh-Hans: xinwen@lists.example.org}\n"
    bench = compiled(tmp_path, lists)
    assert offered(bench, "/")[1] == ("By e-mail", "https://lists.example.org/news")
    footer = html.fromstring(bench.body("/zh-Hans/")).xpath("//footer//a[.='通过电子邮件']/@href")
    assert footer == ["mailto:xinwen@lists.example.org"]
    assert "lists.example.org" not in bench.body("/mn/")


def test_a_language_with_a_region_has_the_list_of_its_language(tmp_path: Path) -> None:
    newsroom = NEWSROOM.replace("languages: [en,", "languages: [en-GB,") + "subscribe: {en: join@lists.example.org}\n"
    bench = a_compiled(tmp_path, {DAM: yaml(language="en-GB")}, newsroom=newsroom)
    assert ("By e-mail", "mailto:join@lists.example.org") in offered(bench, "/")


def told(path: Path, written: object) -> list[tuple[str, str]]:
    """Of what `subscribe` says: the paths and messages of the problems."""
    folder = a_newsroom(path, newsroom=f"{NEWSROOM}subscribe: {json.dumps(written)}\n")
    return [(each.path, each.message) for each in read_newsroom(folder)[1]]


def test_a_fault_in_the_list_of_one_language_is_told_with_the_language(tmp_path: Path) -> None:
    neither = "neither a web address nor an e-mail address"
    assert told(tmp_path / "1", {"en": "https://lists.example.org/", "mn": "lists"}) == [("subscribe.mn", neither)]
    assert told(tmp_path / "2", {"english": "join@lists.example.org"}) == [("subscribe.english", "not a language tag")]
    assert told(tmp_path / "3", {}) == [("subscribe", "is empty")]
    foreign = {"en": "join@lists.example.org", "fr": "infos@lists.example.org"}
    assert told(tmp_path / "4", foreign) == [("subscribe.fr", "“fr” is not a language of this newsroom")]


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
