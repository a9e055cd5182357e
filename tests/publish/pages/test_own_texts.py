"""What a newsroom writes of itself: the heading of the front page, sections, links at the foot."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from feeds.content import read_newsroom
from tests.makers import NEWSROOM, a_compiled, a_newsroom, yaml

OWN = """\
headline: {en: News from City Hall, mn: Хотын мэдээ}
sections:
  - title: {en: Opening hours}
    text:
      en: |-
        From Monday to Friday.

        Closed on holidays & <other> days.
  - title: {en: Partners}
    items: [{en: The port}, {en: The chamber}]
links:
  - title: {en: Mastodon, mn: Мастодон}
    url: https://social.example.org/@city
"""
ONE_LANGUAGE = NEWSROOM.replace("[en, zh-Hans, mn]", "[en]")


def page(folder: Path, path: str, newsroom: str = NEWSROOM + OWN) -> html.HtmlElement:
    bench = a_compiled(folder, {"2021/2021-06-01-dam.yaml": yaml()}, newsroom=newsroom)
    assert not bench.problems()
    return html.document_fromstring(bench.body(path))


def test_the_front_page_has_the_newsrooms_own_heading_in_each_language(tmp_path: Path) -> None:
    assert page(tmp_path / "en", "/").findtext(".//h1") == "News from City Hall"
    assert page(tmp_path / "mn", "/mn/").findtext(".//h1") == "Хотын мэдээ"
    assert page(tmp_path / "zh", "/zh-Hans/").findtext(".//h1") == "News from City Hall"
    assert page(tmp_path / "none", "/", NEWSROOM).findtext(".//h1") == "News and press releases"


def test_the_page_about_the_newsroom_has_texts_in_paragraphs_and_lists_beside_them(tmp_path: Path) -> None:
    about = page(tmp_path, "/about")
    main = about.xpath("//h2[text()='Opening hours']/following-sibling::p/text()")
    assert main == ["From Monday to Friday.", "Closed on holidays & <other> days."]
    assert about.xpath("//aside/h2[text()='Partners']/following-sibling::ul/li/text()") == ["The port", "The chamber"]


def test_the_page_about_a_newsroom_without_lists_has_no_empty_column(tmp_path: Path) -> None:
    assert not page(tmp_path, "/about", NEWSROOM).xpath("//aside")


def test_the_front_page_has_the_first_paragraph_of_each_text_and_all_lists(tmp_path: Path) -> None:
    front = page(tmp_path, "/")
    assert front.xpath("//h3[text()='Opening hours']/following-sibling::p[1]/text()") == ["From Monday to Friday."]
    assert "Closed on holidays" not in front.text_content()
    assert front.xpath("//h3[text()='Partners']/following-sibling::ul[1]/li/text()") == ["The port", "The chamber"]


@pytest.mark.parametrize("path", ["/", "/about", "/feeds/", "/releases/2021/dam", "/embed/"])
def test_every_page_has_the_newsrooms_links_at_its_foot(tmp_path: Path, path: str) -> None:
    links = page(tmp_path, path).xpath("//footer//a[@rel='me']")
    assert [(link.text, link.get("href")) for link in links] == [("Mastodon", "https://social.example.org/@city")]


def test_a_newsroom_in_one_language_offers_no_others(tmp_path: Path) -> None:
    assert not page(tmp_path / "one", "/", ONE_LANGUAGE).xpath("//nav[@class='languages']")
    assert len(page(tmp_path / "three", "/").xpath("//nav[@class='languages']//a")) == 3


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            "sections:\n  - title: {en: Both}\n    text: {en: A}\n    items: [{en: B}]\n",
            (
                "data/newsroom.yaml:12:12: sections[0].items: a section has a text or items, not both"
                " (delete one of the two, or make two sections of them)"
            ),
        ),
        (
            "sections:\n  - title: {en: Neither}\n",
            (
                "data/newsroom.yaml:10:5: sections[0]: has neither a text nor items"
                " (add a line “text: {en: …}”, or “items:” with a list below it)"
            ),
        ),
        (
            "sections:\n  - title: {en: Empty}\n    items: []\n",
            "data/newsroom.yaml:11:12: sections[0].items: is empty (write something, or delete the line)",
        ),
        (
            "links:\n  - title: {en: Mastodon}\n    href: https://e.org/\n",
            "data/newsroom.yaml:11:5: links[0].href: no such field (use title or url)",
        ),
    ],
)
def test_what_is_wrong_in_a_section_or_link_is_told_with_its_line(tmp_path: Path, written: str, told: str) -> None:
    _, problems = read_newsroom(a_newsroom(tmp_path, newsroom=NEWSROOM + written))
    assert told in map(str, problems)
