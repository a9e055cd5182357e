"""Atom and RSS in Chromium: a page by CSS alone, and the same feed as ever for programs."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from feeds.model.colour import DARK_BACKGROUNDS, lighter
from feeds.publish.assets import assets
from feeds.settings import Settings
from feeds.web import create_app
from tests.makers import NEWSROOM, a_newsroom, yaml
from tests.servers import answering

from .conftest import NOW, visit

COLOUR = "#8a1f6d"

FEEDS = [
    "/feeds/all.atom",
    "/feeds/all.rss",
    "/zh-Hans/feeds/country/cn.atom",
    "/zh-Hans/feeds/country/cn.rss",
    "/mn/feeds/country/mn.atom",
    "/mn/feeds/country/mn.rss",
]
NOTES = {"zh": "这是一个订阅源", "mn": "Энэ бол мэдээний суваг", "": "This is a feed"}
PHONE: dict[str, Any] = {"viewport": {"width": 320, "height": 640}, "is_mobile": True, "device_scale_factor": 2}

# Of every element that shows a text of its own: the text, its colour, and that of what lies behind it.
TEXTS = """() => [...document.querySelectorAll('*')]
  .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && e.getClientRects().length)
  .map(e => {
    let behind = e;
    while (behind.parentElement && getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)')
      behind = behind.parentElement;
    const style = getComputedStyle(e);
    return [e.textContent.trim(), style.color, getComputedStyle(behind).backgroundColor, parseFloat(style.fontSize)];
  })"""


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    channels = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio: 4.5 is enough for any text."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def shown(page: Page) -> list[str]:
    return [text for text, *_ in page.evaluate(TEXTS)]


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_opened_in_a_browser_shows_title_note_and_each_release(
    context: BrowserContext, site: str, path: str
) -> None:
    seen = visit(context, site + path)
    texts = shown(seen.page)
    note = next(words for language, words in NOTES.items() if path.strip("/").startswith(language))
    title = seen.page.evaluate("document.querySelector('feed > title, channel > title').textContent")
    assert texts[0] == title
    assert any(text.startswith(note) for text in texts)
    for release in seen.page.evaluate(
        "[...document.querySelectorAll('entry, item')].map(e => ['title', 'summary, description']"
        ".map(name => e.querySelector(name).textContent.trim()))"
    ):
        assert set(release) <= set(texts)
    assert not [text for text in texts if text.startswith(("<", "tag:", "http"))]


@pytest.mark.parametrize("path", FEEDS)
def test_it_asks_for_its_style_sheet_and_nothing_else_and_complains_of_nothing(
    context: BrowserContext, site: str, path: str
) -> None:
    seen = visit(context, site + path)
    assert seen.requests == [site + path, site + assets()["feed.css"].path]
    assert seen.complaints == []
    assert context.cookies() == []


@pytest.mark.parametrize("path", FEEDS)
def test_the_note_links_to_the_page_that_says_the_same(context: BrowserContext, site: str, path: str) -> None:
    seen = visit(context, site + path)
    seen.page.click("a")
    seen.page.wait_for_url(site + path.rpartition(".")[0] + ".html")
    assert seen.page.locator("h1").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("context", [PHONE, {"viewport": {"width": 1280, "height": 800}}], indirect=True)
@pytest.mark.parametrize("path", FEEDS)
def test_every_text_has_contrast_enough_and_room_enough(
    context: BrowserContext, site: str, path: str, scheme: Any
) -> None:
    page = context.new_page()
    page.emulate_media(color_scheme=scheme)
    page.goto(site + path)
    for text, ink, paper, size in page.evaluate(TEXTS):
        assert contrast(ink, paper) >= 4.5, (text, ink, paper)
        assert size >= 14
    dark = luminance(page.evaluate("getComputedStyle(document.documentElement).backgroundColor")) < 0.1
    assert dark == (scheme == "dark")
    width, content = page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
    assert page.viewport_size is not None
    assert content == width == page.viewport_size["width"]


# Of each date: the signs that are to be seen, whole or in part.
DATES = """() => [...document.querySelectorAll('entry > published, item > pubDate')].map(date => {
    const box = date.getBoundingClientRect(), text = date.firstChild, range = document.createRange();
    return [...text.data].filter((sign, at) => {
      range.setStart(text, at); range.setEnd(text, at + 1);
      const place = range.getBoundingClientRect();
      return place.top < box.bottom - 1 && place.left < box.right;
    }).join('').trim();
  })"""


@pytest.mark.parametrize("font", ["", "Noto Sans", "DejaVu Sans", "Liberation Sans", "Noto Sans CJK SC"])
@pytest.mark.parametrize("form", ["atom", "rss"])
def test_dates_show_the_day_and_no_more(context: BrowserContext, site: str, form: str, font: str) -> None:
    def in_the_font(route: Any) -> None:
        answer = route.fetch()
        chosen = f'\nentry > published, item > pubDate {{ font-family: "{font}" }}' if font else ""
        route.fulfill(response=answer, body=answer.text() + chosen)

    context.route("**/static/feed-*.css", in_the_font)
    page = visit(context, f"{site}/feeds/all.{form}").page
    shown_dates = page.evaluate(DATES)
    assert len(shown_dates) > 10
    day = r"\d{4}-\d\d-\d\d" if form == "atom" else r"\w{3}, \d\d \w{3} \d{4}"
    assert [date for date in shown_dates if not re.fullmatch(day, date)] == []
    assert "mono" not in page.evaluate("getComputedStyle(document.querySelector('published, pubDate')).fontFamily")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/feeds/all.atom", "/feeds/all.rss"])
def test_a_feed_has_the_colour_of_its_newsroom(context: BrowserContext, tmp_path: Path, path: str, scheme: Any) -> None:
    files = {"2021/2021-06-01-dam.yaml": yaml()}
    folder = a_newsroom(tmp_path, files, newsroom=f'{NEWSROOM}colour: "{COLOUR}"\n')
    with answering(lambda base: create_app(Settings(folder, tmp_path, base, watch="off"), clock=lambda: NOW)) as base:
        context.new_page().emulate_media(color_scheme=scheme)
        page = context.pages[0]
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(base + path)
        edge = page.evaluate("getComputedStyle(document.documentElement).borderTopColor")
        shade = lighter(COLOUR, DARK_BACKGROUNDS) if scheme == "dark" else COLOUR
        assert edge == f"rgb({', '.join(str(int(shade[at : at + 2], 16)) for at in (1, 3, 5))})"
        for text, ink, paper, _ in page.evaluate(TEXTS):
            assert contrast(ink, paper) >= 4.5, (text, ink, paper)
        assert complaints == []


ARABIC = """\
title: {ar: بلدية الميناء}
subtitle: {ar: أخبار المدينة}
about: {ar: بلدية الميناء}
languages: [ar, en]
time_zone: UTC
authority: example.org,2020
author: {name: بلدية الميناء}
rights: {ar: © بلدية الميناء}
"""
# Of each release: the sides on which its title and its day stand, and whether the day is to be seen.
ENTRIES = """() => [...document.querySelectorAll('entry, item')].map(each => {
    const [title, date] = ['title', 'published, pubDate'].map(name => each.querySelector(name));
    const range = document.createRange();
    range.setStart(date.firstChild, 0); range.setEnd(date.firstChild, 4);
    const box = date.getBoundingClientRect(), begin = range.getBoundingClientRect();
    const text = document.createRange();
    text.selectNodeContents(title);
    const line = text.getBoundingClientRect(), all = each.getBoundingClientRect();
    range.setEnd(date.firstChild, date.localName === 'published' ? 10 : 16);
    const day = range.getBoundingClientRect();
    const side = (each) => each.right > all.right - 2 ? 'right' : each.left < all.left + 2 ? 'left' : 'between';
    return [side(line), side(day), begin.left >= box.left - 1 && begin.right <= box.right + 1];
  })"""


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_each_release_is_laid_out_in_the_direction_of_its_language(
    context: BrowserContext, tmp_path: Path, form: str
) -> None:
    files = {
        "2021/2021-06-01-dam.yaml": yaml(
            title="افتتاح الجسر", summary="يعبر المشاة الجسر.", published="2021-06-01T09:30:00Z"
        ),
        "2021/2021-06-02-fair.yaml": yaml(title="A fair", published="2021-06-02", language="en"),
    }
    folder = a_newsroom(tmp_path, files, newsroom=ARABIC)
    with answering(lambda base: create_app(Settings(folder, tmp_path, base, watch="off"), clock=lambda: NOW)) as base:
        page = visit(context, f"{base}/feeds/all-languages.{form}").page
        # The date begins where it is to be seen: what is cut off is the time. An item of RSS names no language, and
        # only text has a direction by itself.
        side = "right" if form == "atom" else "left"
        assert page.evaluate(ENTRIES) == [["left", "left", True], ["right", side, True]]


@pytest.mark.parametrize("path", FEEDS)
def test_programs_and_people_get_the_same_bytes(site: str, path: str) -> None:
    def body(**fields: str) -> tuple[str, bytes]:
        with urllib.request.urlopen(urllib.request.Request(site + path, headers=fields)) as answer:
            return answer.headers["Content-Type"], answer.read()

    program, person = body(), body(**{"Sec-Fetch-Dest": "document"})
    assert program[1] == person[1]
    assert program[0] != person[0] == "application/xml; charset=utf-8"
