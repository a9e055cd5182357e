"""What a reader finds on the page for searches: what has the words, what leaves less, and what would find more."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from playwright.sync_api import expect

from feeds.catalogue import counts
from feeds.publish.document import Document
from feeds.publish.pages import search
from tests.makers import DAY, NOW, Bench, a_compiled, yaml
from tests.publish.pages.conftest import Open
from tests.tools import examples

LONG = f"{'It was built long ago. ' * 20}Every herder has a share in the dam."
STORIES: tuple[dict[str, Any], ...] = (
    {"title": "A dam for herders", "countries": ["MN"], "topics": ["wages"]},
    {"title": "A road for herders", "countries": ["CN", "MN"], "topics": ["wages"], "summary": "On <b>pay</b>."},
    {"title": "The river", "countries": ["CN"], "projects": ["score"], "body": LONG},
    {"title": "Nothing of all this", "countries": ["CN"]},
    {"title": "A secret dam", "countries": ["CN"], "published": NOW + DAY},
    {"title": "A dam that broke", "withdrawn": {"date": NOW - DAY, "reason": "Not so."}},
)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    files = {
        f"2021/2021-05-{number:02}-story-{number}.yaml": yaml(**{"published": NOW - number * DAY, **story})
        for number, story in enumerate(STORIES, 1)
    }
    files["2021/2021-05-01-story-1.mn.yaml"] = yaml(title="Малчдын далан", published=NOW - DAY)
    return a_compiled(tmp_path_factory.mktemp("search"), files)


class Page:
    """A page for a search, as a reader sees it."""

    def __init__(self, bench: Bench, query: str, lead: str = "") -> None:
        found = bench.document(f"{lead}/search", query=query)
        self.document = found
        self.tree = html.fromstring(found.body.decode())

    def texts(self, path: str) -> list[str]:
        return [" ".join(each.text_content().split()) for each in self.tree.xpath(path)]

    @property
    def titles(self) -> list[str]:
        return self.texts("//ol[contains(@class, 'found')]/li/h2")

    @property
    def filters(self) -> list[str]:
        return self.texts("//aside[@id='narrow']//li")

    def query(self, label: str) -> dict[str, str]:
        """The query of the link with a label."""
        (link,) = self.tree.xpath(f"//main//a[normalize-space()='{label}']/@href")
        return dict(parse_qsl(urlsplit(link).query))


def test_it_finds_what_has_all_words_the_newest_first(bench: Bench) -> None:
    page = Page(bench, "q=herder")
    assert page.titles == ["A dam for herders", "A road for herders", "The river"]
    assert page.texts("//mark") == ["herders", "herders", "herder"]
    assert Page(bench, "q=HERDERS+dam").titles == ["A dam for herders", "The river"]
    assert "3 releases" in page.texts("//main")[0]


def test_where_title_and_summary_lack_a_word_its_place_in_the_text_is_shown(bench: Bench) -> None:
    page = Page(bench, "q=share+river")
    assert page.titles == ["The river"]
    (excerpt,) = page.texts("//li/p[contains(@class, 'quiet')]")
    assert excerpt.startswith("… ")
    assert "herder has a share in the dam." in excerpt
    assert not Page(bench, "q=river").texts("//li/p[contains(@class, 'quiet')]")


def test_a_word_of_a_term_shows_the_term_and_leads_to_its_page(bench: Bench) -> None:
    page = Page(bench, "q=wage")
    assert page.titles == ["A dam for herders", "A road for herders"]
    assert page.texts("//li/ul[@class='terms']/li") == ["Wages", "Wages"]
    assert page.texts("//main/ul[@class='plain']/li") == ["Wages 2"]
    assert page.tree.xpath("//main/ul[@class='plain']//a/@href") == ["/feeds/topic/wages.html"]
    assert Page(bench, "q=mongol").texts("//main/ul[@class='plain']/li") == ["Mongolia 2"]


def test_text_of_a_release_is_never_markup(bench: Bench) -> None:
    page = Page(bench, "q=pay")
    assert page.texts("//li/p") == ["On <b>pay</b>."]
    assert not page.tree.xpath("//main//b")
    sought = Page(bench, "q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert not sought.tree.xpath("//script")


def test_terms_are_counted_as_the_choice_goes_on(bench: Bench) -> None:
    page = Page(bench, "q=herders")
    assert page.filters == ["China 2", "Mongolia 2", "SCORE 1", "Wages 2"]
    assert page.query("China") == {"q": "herders", "country": "cn"}
    chosen = Page(bench, "q=herders&country=cn")
    assert chosen.titles == ["A road for herders", "The river"]
    assert chosen.filters[:4] == ["China 2", "Mongolia 2", "SCORE 1", "Wages 1"]
    assert chosen.query("China") == {"q": "herders"}, "a second click gives it up"
    assert chosen.query("Mongolia") == {"q": "herders", "country": "mn"}
    assert chosen.query("Wages") == {"q": "herders", "country": "cn", "topic": "wages"}
    form = {each.get("name"): each.get("value") for each in chosen.tree.xpath("//main//form//input")}
    assert form == {"q": "herders", "country": "cn"}, "other words keep the choice"


def test_every_count_is_what_its_link_finds(bench: Bench) -> None:
    for query in ("q=herders", "q=herders&country=cn", "q=dam&country=cn&country=mn", "country=cn", ""):
        page = Page(bench, query)
        links = page.tree.xpath("//aside[@id='narrow']//li | //div[@class='groups']//li")
        assert links
        for each in links:
            (link,), count = each.xpath("a"), int(each.xpath("span")[0].text)
            path, asked = urlsplit(link.get("href")).path, urlsplit(link.get("href")).query
            found = Page(bench, asked, path.removesuffix("/search"))
            assert len(found.titles) == count or link.get("class") == "chosen", (query, link.get("href"))


def test_what_is_not_found_leads_to_what_is(bench: Bench) -> None:
    page = Page(bench, "q=herders+nowhere")
    assert page.document.status == 200
    assert not page.titles
    assert page.query("“herders”") == {"q": "herders"}
    assert Page(bench, "q=road&project=score").query("“road”") == {"q": "road"}
    one_each = Page(bench, "q=road+river+nowhere")
    assert one_each.query("“road”") == {"q": "road"}
    assert one_each.query("“river”") == {"q": "river"}
    assert Page(bench, "q=nowhere").titles == []


def test_another_language_is_asked_on_its_own_page_and_all_of_them_here(bench: Bench) -> None:
    page = Page(bench, "q=%D0%B4%D0%B0%D0%BB%D0%B0%D0%BD")
    assert not page.titles
    assert Page(bench, "q=%D0%B4%D0%B0%D0%BB%D0%B0%D0%BD", "/mn").titles == ["Малчдын далан"]
    assert page.filters == ["Монгол 1"]
    assert page.tree.xpath("//aside[@id='narrow']//a/@href")[0].startswith("/mn/search?q=")
    assert page.tree.xpath("//nav[@class='languages']//a[@lang='mn']/@href")[0].endswith(
        "/mn/search?q=%D0%B4%D0%B0%D0%BB%D0%B0%D0%BD"
    )


def test_it_offers_what_was_found_as_a_feed(bench: Bench) -> None:
    page = Page(bench, "q=herders&country=cn")
    (atom,) = page.tree.xpath("//main//a[.='Atom']/@href")
    assert atom == "/feeds/country/cn.atom?q=herders"
    path, _, query = atom.partition("?")
    assert b"A road for herders" in bench.document(path, query=query).body


def test_the_page_of_a_selection_with_words_is_the_same_page(bench: Bench) -> None:
    one = bench.document("/feeds/country/cn.html", query="q=herders").body
    assert one == bench.document("/search", query="q=herders&country=cn").body


def test_no_search_engine_lists_what_was_found(bench: Bench) -> None:
    assert Page(bench, "q=herders").tree.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert Page(bench, "").tree.xpath("//meta[@name='robots']/@content") == ["max-image-preview:large"]


def test_more_than_a_page_is_turned_page_by_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "PER_PAGE", 2)
    monkeypatch.setattr(search, "MOST_FOUND", 6)
    monkeypatch.setattr(counts, "MOST_FOUND", 6)
    files = {
        f"2021/2021-05-{number:02}-dam-{number}.yaml": yaml(title=f"Dam {number}", published=NOW - number * DAY)
        for number in range(1, 9)
    }
    bench = a_compiled(tmp_path, files)
    page = Page(bench, "q=dam")
    found = page.titles
    while older := page.tree.xpath("//a[.='Older releases']/@href"):
        page = Page(bench, urlsplit(older[0]).query)
        found += page.titles
        assert page.tree.xpath("//a[.='Newer releases']/@href")
    assert found == [f"Dam {number}" for number in range(1, 7)], "of very many the newest"
    assert "6 releases or more" in page.texts("//main")[0]
    assert page.query("Newer releases") == {"q": "dam", "page": "2"}
    for beyond in ("4", "99", "9999"):
        assert Page(bench, f"q=dam&page={beyond}").titles == ["Dam 5", "Dam 6"]


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=x", "page=1e3", "page=%D9%A1", "page=", "page=00002", "&" * 300]
)
def test_a_page_that_cannot_be_is_the_first(bench: Bench, query: str) -> None:
    assert Page(bench, f"q=herders&{query}").titles in ([], Page(bench, "q=herders").titles)


@given(st.text("aé'\"<>&=+% 社далан-.*()\x00\u202e", max_size=40))
@examples(200)
def test_any_words_have_a_page(bench: Bench, words: str) -> None:
    assert isinstance(bench.answer("/search", query=urlencode({"q": words})), Document)


def test_a_newsroom_without_releases_has_the_form(tmp_path: Path) -> None:
    page = Page(a_compiled(tmp_path), "")
    assert page.tree.xpath("//main//form//input[@name='q']")
    assert not page.tree.xpath("//div[@class='groups']//li")
    assert not Page(a_compiled(tmp_path / "other"), "q=dam").titles


def test_a_reader_searches_from_any_page(urls: dict[tuple[str, str], str], opened: Open) -> None:
    page = opened(width=390)
    page.goto(urls["release", "en"])
    page.get_by_role("searchbox").fill("social herders")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("social herders")
    page.locator("#narrow").get_by_role("link", name="Mongolia").click()
    expect(page.locator("ol.found h2")).not_to_have_count(0)
    page.locator("ol.found h2 a").first.click()
    expect(page).to_have_url(re.compile("/releases/"))
