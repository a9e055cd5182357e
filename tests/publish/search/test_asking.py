"""How a keyword feed is asked for, and what it says of itself."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import quote, quote_plus

import feedparser
import pytest

from feeds.addresses import Addresses, FeedAddress, Outline
from feeds.model.formats import FORMATS, SYNDICATED
from feeds.model.selection import Selection
from feeds.publish.document import Document, Missing, Moved
from tests.makers import BASE, DAY, FACETS, LANGUAGES, NOW, Bench, a_compiled, yaml
from tests.wire import rules

from .conftest import titles

CHINA = {"country": ["cn", "mn"]}


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.suffix)
@pytest.mark.parametrize("words", [("dam",), ("decent", "work"), ("社会",), ("covid-19", "o'neil")])
def test_an_address_with_words_parses_back_to_its_selection(form: object, words: tuple[str, ...]) -> None:
    addresses = Addresses(BASE, LANGUAGES, FACETS)
    selection = Selection.of("zh-Hans", CHINA, words=words)
    for address in (FeedAddress(selection, form), Outline("zh-Hans", selection=selection)):  # type: ignore[arg-type]
        path, _, query = addresses.make(address).partition("?")
        assert addresses.parse(path, query) == address
        assert addresses.is_canonical(address, path, query)


@pytest.mark.parametrize("query", ["q=Dam", "q=dam++", "q=dam+DAM", "q=%22dam%22", "utm_source=x&q=+dam"])
def test_another_spelling_of_the_words_leads_to_the_one_that_counts(bench: Bench, query: str) -> None:
    assert bench.answer("/feeds/all.atom", query=query) == Moved("/feeds/all.atom?q=dam")


@pytest.mark.parametrize("query", ["q=dam", "q=%64am", "q=dam&utm_source=x", "utm_source=x&q=dam", "q=dam&q=other"])
def test_programs_on_the_way_may_spell_the_query_as_they_like(bench: Bench, query: str) -> None:
    """Never a redirect for percent signs or what they add: who undoes one would be sent round for ever."""
    found = bench.answer("/feeds/all.atom", query=query)
    assert isinstance(found, Document)
    assert b'href="https://news.example.org/feeds/all.atom?q=dam" rel="self"' in found.body


def test_spaces_may_be_spelled_either_way(bench: Bench) -> None:
    plus, percent = (bench.answer("/feeds/all.atom", query=query) for query in ("q=decent+work", "q=decent%20work"))
    assert isinstance(plus, Document)
    assert plus == percent


def test_a_misspelled_path_takes_the_words_along(bench: Bench) -> None:
    assert bench.answer("/feeds/country/MN+cn.atom", query="q=Dam") == Moved("/feeds/country/cn+mn.atom?q=dam")


def test_the_picker_spelled_without_its_slash_keeps_the_choice(bench: Bench) -> None:
    assert bench.answer("/mn/feeds", query="country=cn&q=a%20b") == Moved("/mn/feeds/?country=cn&q=a%20b")


@pytest.mark.parametrize("query", ["", "q=", "q=%22%22", "utm_source=x", "x" * 5_000, "&".join(["a=b"] * 60)])
def test_a_query_without_words_asks_for_the_feed_itself(bench: Bench, query: str) -> None:
    assert bench.answer("/feeds/all.atom", query=query) == bench.answer("/feeds/all.atom", query="")


def test_a_question_is_bounded_in_words_and_length(bench: Bench) -> None:
    many = bench.answer("/feeds/all.atom", query=quote("q=" + " ".join(f"w{n}" for n in range(50)), safe="="))
    assert many == Moved("/feeds/all.atom?q=" + "+".join(f"w{n}" for n in range(10)))
    long = bench.answer("/feeds/all.atom", query="q=" + "a" * 3_000)
    assert long == Moved("/feeds/all.atom?q=" + "a" * 200)


@pytest.mark.parametrize("path", ["/feeds/all.atom", "/zh-Hans/feeds/country/mn.atom", "/feeds/corrections.atom"])
@pytest.mark.parametrize("words", ["dam", "covid-19 o'neil", "社会保护", "none-such"])
@pytest.mark.parametrize("form", SYNDICATED, ids=lambda form: form.suffix)
def test_a_keyword_feed_is_clean_on_the_wire(bench: Bench, path: str, words: str, form: object) -> None:
    path = path.replace("atom", form.suffix)  # type: ignore[attr-defined]
    query = f"q={quote_plus(words)}"
    found = bench.answer(path, query=query)
    assert isinstance(found, Document)
    assert rules.findings(found.body, found.media_type, f"{BASE}{path}?{query}", NOW) == []


def test_a_keyword_feed_has_a_title_an_id_and_a_page_of_its_own(bench: Bench) -> None:
    found = bench.answer("/feeds/country/mn.atom", query="q=decent+work")
    assert isinstance(found, Document)
    parsed = feedparser.parse(found.body)
    assert parsed.feed.title == "Test office – Mongolia, “decent work”"
    assert parsed.feed.id == "tag:example.org,2020:feeds/country/mn?q=decent+work"
    pages = [link.href for link in parsed.feed.links if link.rel == "alternate"]
    assert pages == ["https://news.example.org/feeds/country/mn.html?q=decent+work"]
    assert {link.rel for link in parsed.feed.links} == {"self", "alternate"}


def test_a_keyword_feed_is_dated_by_the_newsroom(tmp_path: Path) -> None:
    withdrawn = {"date": NOW - DAY, "reason": "An error."}
    bench = a_compiled(tmp_path, {
        "2021/2021-06-01-a.yaml": yaml(title="The dam", published=NOW - 9 * DAY),
        "2021/2021-06-02-b.yaml": yaml(title="The dam again", published=NOW - 8 * DAY, withdrawn=withdrawn),
    })  # fmt: skip
    moments: list[datetime] = []
    for now in (NOW - 2 * DAY, NOW):
        found = bench.answer("/feeds/all.atom", now, "q=dam")
        assert isinstance(found, Document)
        moments.append(found.last_modified)
    assert moments == [NOW - 8 * DAY, NOW - DAY], "who has only a date must learn that a release is gone"


def test_the_page_says_the_same_and_is_not_for_search_engines(bench: Bench) -> None:
    found = bench.answer("/feeds/all.html", query="q=decent+work")
    assert isinstance(found, Document)
    page = found.body.decode()
    assert "Café talks" in page
    assert "decent work" in page
    assert '<meta name="robots" content="noindex">' in page
    assert 'href="https://news.example.org/feeds/all.atom?q=decent+work"' in page


def test_what_stands_in_an_archive_has_no_words(tmp_path: Path) -> None:
    files = {f"2021/2021-05-{n:02}-a{n}.yaml": yaml(title="Dam", published=NOW - n * DAY) for n in range(1, 12)}
    bench = a_compiled(tmp_path, files)
    bench = Bench(bench.folder, entries=3, location=tmp_path)
    archived = bench.answer("/feeds/all/archive/1.atom", query="q=dam")
    assert isinstance(archived, Document)
    assert archived.body == bench.document("/feeds/all/archive/1.atom").body
    assert len(titles(bench, "dam")) == 3, "a keyword feed holds as many as a feed's page, and has no older ones"


def test_a_term_that_is_not_there_is_missing_with_or_without_words(bench: Bench) -> None:
    assert isinstance(bench.answer("/feeds/topic/none-such.atom", query="q=dam"), Missing)


def test_the_outline_of_a_choice_holds_one_feed(bench: Bench) -> None:
    found = bench.answer("/feeds/country/cn+mn.opml", query="q=dam")
    assert isinstance(found, Document)
    assert found.body.count(b"xmlUrl=") == 1
    assert b'xmlUrl="https://news.example.org/feeds/country/cn+mn.atom?q=dam"' in found.body
    assert rules.findings(found.body, found.media_type, f"{BASE}/feeds/country/cn+mn.opml?q=dam", NOW) == []


def test_what_may_not_be_seen_changes_no_answer_to_any_question(tmp_path: Path) -> None:
    seen = {"2021/2021-06-01-dam.yaml": yaml(title="The dam", countries=["MN"], published=NOW - DAY)}
    hidden = {
        "2021/2021-06-25-later.yaml": yaml(title="The dam later", countries=["CN"], published=NOW + DAY),
        "2021/2021-06-02-never.yaml": yaml(title="The dam never", topics=["wages"], published=NOW - DAY, draft=True),
    }
    questions = [("/feeds/all.atom", "q=dam"), ("/feeds/all.json", "q=later"), ("/feeds/country/cn.html", "q=dam"),
                 ("/feeds/", "q=dam"), ("/feeds/", "country=cn&q=later"), ("/feeds/all.opml", "q=never")]  # fmt: skip
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    plain, full = a_compiled(tmp_path / "a", seen), a_compiled(tmp_path / "b", seen | hidden)
    for path, query in questions:
        one, other = (bench.answer(path, query=query) for bench in (plain, full))
        assert isinstance(one, Document)
        assert isinstance(other, Document)
        assert (one.body, one.last_modified, one.links) == (other.body, other.last_modified, other.links), path
