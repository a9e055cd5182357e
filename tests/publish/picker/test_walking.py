"""The whole way in a real browser: choose, see what there is, take the address along, subscribe, see the release."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from lxml import html
from playwright.sync_api import Locator, Page, expect

from tests.conftest import Program
from tests.makers import a_compiled, yaml
from tests.publish.feed_reader import newsboat_shows
from tests.publish.pages.audit import WIDER, violations
from tests.publish.picker.conftest import Opened


def box(page: Page, term: str) -> Locator:
    """The box of a term; its name ends with how many releases the term has."""
    return page.get_by_role("checkbox", name=re.compile(rf"^{term} \d+$"))


def choose(page: Page, *terms: str) -> None:
    for term in terms:
        box(page, term).check()


def test_a_person_chooses_copies_the_address_and_reads_the_release_in_a_reader(
    base: str, opened: Opened, tmp_path: Path, program: Program
) -> None:
    page = opened(f"{base}/feeds/", permissions=["clipboard-read", "clipboard-write"])
    choose(page, "Mongolia", "Social protection")
    expect(page.get_by_role("heading", level=2, name="Mongolia, Social protection")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("releases, the newest of")
    assert page.url == f"{base}/feeds/?country=mn&topic=social-protection"
    page.get_by_role("button", name="Copy the address: Atom").click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    address = page.evaluate("navigator.clipboard.readText()")
    assert address == f"{base}/feeds/country/mn/topic/social-protection.atom"
    assert "UN Joint Programme in Mongolia" in " ".join(newsboat_shows(program("newsboat"), address, tmp_path))


@pytest.mark.parametrize(
    ("language", "lead", "words", "title"),
    [("en", "", "herders", "Herders"), ("zh-Hans", "/zh-Hans", "牧民", "牧民"), ("mn", "/mn", "малчид", "малчдын")],
)
def test_words_make_a_feed_that_a_reader_takes(
    base: str, opened: Opened, tmp_path: Path, program: Program, language: str, lead: str, words: str, title: str
) -> None:
    page = opened(f"{base}{lead}/feeds/")
    page.locator("#q").fill(words)
    expect(page.locator("#chosen")).to_contain_text(words)
    expect(page.locator("#chosen")).not_to_have_attribute("lang", language)
    address = page.locator(".takings code").first.inner_text()
    assert address == f"{base}{lead}/feeds/all.atom?q={quote(words)}"
    assert any(title in found for found in newsboat_shows(program("newsboat"), address, tmp_path))


def test_everything_works_without_script(base: str, opened: Opened) -> None:
    page = opened(f"{base}/feeds/", java_script_enabled=False)
    choose(page, "China", "Mongolia", "COVID-19")
    page.locator("#q").fill("Social")
    page.get_by_role("button", name="Show this feed").click()
    assert page.url == f"{base}/feeds/?country=cn&country=mn&topic=covid-19&language=en&q=Social&count="
    expect(page.locator("#chosen")).to_have_text("China or Mongolia, COVID-19, “social”")
    assert page.get_by_role("button", name="Copy").count() == 0, "no button that does nothing"
    assert page.locator(".takings code").all_inner_texts() == [
        f"{base}/feeds/country/cn+mn/topic/covid-19.{suffix}?q=social" for suffix in ("atom", "rss", "json")
    ]
    expect(box(page, "Mongolia")).to_be_checked()
    page.get_by_role("link", name="Read it as a page").click()
    assert page.url == f"{base}/feeds/country/cn+mn/topic/covid-19.html?q=social"


@pytest.mark.parametrize("script", [True, False])
def test_the_numbers_follow_the_choice_and_what_would_be_empty_is_grey(base: str, opened: Opened, script: bool) -> None:
    page = opened(f"{base}/feeds/", java_script_enabled=script)
    before = {each: _numbers(page, each) for each in ("country", "topic")}
    choose(page, "Mongolia")
    if not script:
        page.get_by_role("button", name="Show this feed").click()
    expect(box(page, "Mongolia")).to_be_checked()
    expect(page.locator("label", has=page.locator("[name=genre]")).filter(has_text="Event")).to_have_class("none")
    assert _numbers(page, "country") == before["country"], "another country would be one more"
    after = _numbers(page, "topic")
    assert sum(after.values()) < sum(before["topic"].values())
    assert all(after[name] <= number for name, number in before["topic"].items())
    greyed = page.locator("label.none [name=topic]").evaluate_all("all => all.map(each => each.value)")
    assert {*greyed} == {name for name, number in after.items() if not number}
    if not script:
        page.goto(f"{base}/feeds/?country=mn")
    for name, number in after.items():
        counted = page.request.get(f"{base}/feeds/country/mn/topic/{name}.json").json()["items"]
        assert len(counted) == number


def _numbers(page: Page, facet: str) -> dict[str, int]:
    """By term, the number beside it."""
    rows = page.locator("label", has=page.locator(f"[name={facet}]"))
    values = rows.locator("input").evaluate_all("all => all.map(each => each.value)")
    return dict(zip(values, map(int, rows.locator(".quiet").all_inner_texts()), strict=True))


def test_a_long_list_shows_what_most_releases_have_and_what_is_chosen(tmp_path: Path) -> None:
    topics = "".join(f"topic-{number}: {{labels: {{en: Topic {number}}}}}\n" for number in range(40))
    files = {
        f"2021/2021-05-{number:02}-story-{number}.yaml": yaml(
            published=f"2021-05-{number:02}", topics=[f"topic-{each}" for each in range(20, 20 + number)]
        )
        for number in range(1, 13)
    }
    bench = a_compiled(tmp_path, files, topics=topics)
    page = html.fromstring(bench.document("/feeds/", query="topic=topic-3").body.decode())
    folded = page.xpath("//details//input[@name='topic']/@value")
    seen = [each for each in page.xpath("//input[@name='topic']/@value") if each not in folded]
    assert len(folded) == 28
    assert {*seen} == {"topic-3", *(f"topic-{number}" for number in range(20, 31))}
    assert page.xpath("//input[@name='topic' and @checked]/@value") == ["topic-3"]


def test_the_search_of_the_header_is_as_on_other_pages(base: str, opened: Opened) -> None:
    sizes = "[...document.querySelectorAll('.find > *')].map(each => each.getBoundingClientRect().height)"
    heights = [opened(f"{base}{path}").evaluate(sizes) for path in ("/feeds/", "/about")]
    assert heights[0] == heights[1]


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_scrolled_inside_and_columns_line_up(base: str, opened: Opened, width: int) -> None:
    page = opened(f"{base}/feeds/", width=width)
    assert page.evaluate(WIDER) == 0
    clipped = """[...document.querySelectorAll('main *')].filter(each => each.scrollHeight > each.clientHeight + 1
        && ['auto', 'scroll'].includes(getComputedStyle(each).overflowY) && each.tagName !== 'PRE').length"""
    assert page.evaluate(clipped) == 0
    lefts = "[...document.querySelectorAll('.feeds .date')].map(each => each.getBoundingClientRect().left)"
    if width == 1280:
        assert len({round(left) for left in page.evaluate(lefts)}) == 1
    assert page.get_by_role("row").count() > 20, "a row is a row, however it is laid out"
    code, copy = page.locator(".takings code").first, page.locator(".takings button").first
    one, other = code.bounding_box(), copy.bounding_box()
    assert one
    assert other
    assert one["y"] < other["y"] + other["height"], "the button stands beside the address"
    assert other["y"] < one["y"] + one["height"]


@pytest.mark.parametrize("script", [True, False])
def test_a_reader_says_how_many_releases_the_feed_shall_have(base: str, opened: Opened, script: bool) -> None:
    page = opened(f"{base}/feeds/", java_script_enabled=script)
    choose(page, "China")
    page.get_by_role("spinbutton", name="How many releases at most").fill("7")
    page.get_by_role("button", name="Show this feed").click()
    expect(page.locator(".takings code").first).to_have_text(f"{base}/feeds/country/cn.atom?count=7")
    page.get_by_role("link", name="中文 (简体)").click()
    expect(page.locator(".takings code").first).to_have_text(f"{base}/zh-Hans/feeds/country/cn.atom?count=7")


@pytest.mark.parametrize("script", [True, False])
def test_a_reader_leaves_out_what_does_not_concern_him(base: str, opened: Opened, script: bool) -> None:
    page = opened(f"{base}/feeds/", java_script_enabled=script)
    choose(page, "China")
    page.get_by_text("Without", exact=True).click()
    left_out = page.get_by_role("group", name="Without: Topics").get_by_role("checkbox", name="COVID-19")
    left_out.check()
    page.get_by_role("button", name="Show this feed").click()
    expect(page.locator("#chosen")).to_have_text("China, without COVID-19")
    address = f"{base}/feeds/country/cn/not/topic/covid-19"
    expect(page.locator(".takings code").first).to_have_text(f"{address}.atom")
    expect(left_out).to_be_checked()
    page.get_by_role("link", name="Read it as a page").click()
    assert page.url == f"{address}.html"
    expect(page.get_by_role("heading", level=1)).to_have_text("China, without COVID-19")


def test_what_is_chosen_and_left_out_at_once_counts_as_chosen(base: str, opened: Opened) -> None:
    page = opened(f"{base}/feeds/?topic=covid-19&not=topic/covid-19")
    expect(page.get_by_role("status")).to_contain_text("What is chosen cannot be left out as well.")
    expect(page.locator("#chosen")).to_have_text("COVID-19")


def test_what_cannot_be_offers_what_can(base: str, opened: Opened) -> None:
    page = opened(f"{base}/feeds/?country=mn&topic=gender-equality&q=herders")
    expect(page.get_by_role("status")).to_contain_text("No release matches all of this yet")
    offered = page.locator("#taking > ul").first.get_by_role("link")
    assert offered.all_inner_texts() == ["Mongolia, “herders”"]
    offered.click()
    expect(page.get_by_role("status")).to_contain_text("1 release, of 7 June 2021.")


def test_another_language_of_the_feed_leaves_the_page_in_its_own(base: str, opened: Opened) -> None:
    page = opened(f"{base}/feeds/")
    page.get_by_role("radio", name="Монгол").check()
    expect(page.locator("#chosen")).to_have_attribute("lang", "mn")
    assert page.url == f"{base}/feeds/?language=mn"
    expect(page.locator(".takings code").first).to_have_text(f"{base}/mn/feeds/all.atom")


@pytest.mark.parametrize("script", [True, False])
def test_the_page_in_another_language_keeps_the_choice(base: str, opened: Opened, script: bool) -> None:
    page = opened(f"{base}/feeds/", java_script_enabled=script)
    choose(page, "Mongolia")
    if not script:
        page.get_by_role("button", name="Show this feed").click()
    expect(page.locator("#chosen")).to_have_text("Mongolia")
    expect(page.locator("footer")).to_contain_text("Mongolia")
    page.get_by_role("link", name="中文 (简体)").click()
    assert page.url == f"{base}/zh-Hans/feeds/?country=mn"
    expect(page.locator("#chosen")).to_have_text("蒙古国")
    expect(page.locator(".takings code").first).to_have_text(f"{base}/zh-Hans/feeds/country/mn.atom")


def test_the_keyboard_is_enough_and_stays_where_it_is(base: str, opened: Opened) -> None:
    page = opened(f"{base}/feeds/")
    box(page, "China").focus()
    page.keyboard.press("Space")
    expect(page.locator("#chosen")).to_have_text("China")
    expect(box(page, "China")).to_be_focused()


def test_readers_are_handed_the_whole_address(base: str, opened: Opened) -> None:
    page = opened(f"{base}/feeds/?q=decent+work")
    feed = f"{base}/feeds/all.atom?q=decent+work"
    assert page.get_by_role("link", name="Inoreader").get_attribute("href") == (
        f"https://www.inoreader.com/?add_feed={quote(feed, safe='')}"
    )
    assert page.get_by_role("link", name="The program on this device").get_attribute("href") == f"feed:{feed}"


@pytest.mark.parametrize("lead", ["", "/zh-Hans", "/mn"])
@pytest.mark.parametrize("query", ["?country=cn&q=2021", "?topic=gender-equality&country=mn&q=zz&nonsense=1"])
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_everybody_can_use_it(base: str, opened: Opened, lead: str, query: str, width: int, scheme: str) -> None:
    page = opened(f"{base}{lead}/feeds/{query}", width=width, scheme=scheme)
    for details in page.locator("details").all():
        details.evaluate("each => each.open = true")
    assert page.evaluate(WIDER) == 0
    # From outside the page, where its policy does not reach.
    assert violations(page) == []
