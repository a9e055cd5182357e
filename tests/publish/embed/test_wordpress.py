"""A partner's WordPress: what it makes of our addresses, feeds and code, by its own functions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from lxml import html
from playwright.sync_api import BrowserContext, expect

from tests.conftest import Program

from .sites import Newsroom, Site
from .wordpress import WordPress, a_wordpress, folder

RELEASE = "/releases/2021/score-pilot-experience-sharing-conference"
TITLE = "SCORE Pilot Experience Sharing Conference"


@pytest.fixture(scope="module")
def wordpress(served: Newsroom, program: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordPress]:
    php, found = program("php"), folder()
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("WordPress is not there: .ci/run unpacks it")
        pytest.skip("no WordPress here: tests/publish/embed/install-wordpress unpacks it")
    with a_wordpress(php, found, tmp_path_factory.mktemp("wordpress"), served.origin) as running:
        yield running


def _parts(text: str) -> dict[str, Any]:
    return {each.tag: each for each in html.fragment_fromstring(text, create_parent="div")}


def test_the_pasted_address_of_a_release_becomes_its_words_and_its_card(
    wordpress: WordPress, newsroom: Newsroom
) -> None:
    parts = _parts(wordpress.call("wp_oembed_get", newsroom.origin + RELEASE))
    words, frame = parts["blockquote"], parts["iframe"]
    assert words.get("hidden") is None  # WordPress shows the words
    assert words.xpath("string(a)") == TITLE
    assert words.xpath("a/@href") == [newsroom.origin + RELEASE]
    assert words.text_content().startswith(f"{TITLE} · 24 June 2021 · ")
    assert frame.get("src").startswith(f"{newsroom.origin}/embed{RELEASE.replace('releases', 'release')}.html#?secret=")
    assert frame.get("sandbox") == "allow-scripts"
    assert frame.get("title") == TITLE


@pytest.mark.parametrize("path", ["/feeds/country/mn.html", "/mn/", "/"])
def test_the_pasted_address_of_a_list_becomes_a_link_to_it(wordpress: WordPress, newsroom: Newsroom, path: str) -> None:
    words = _parts(wordpress.call("wp_oembed_get", newsroom.origin + path))["blockquote"]
    assert len(words.xpath("a/@href")) == 1
    assert words.xpath("a/@href")[0].startswith(newsroom.origin)


def test_what_is_not_there_stays_a_bare_address(wordpress: WordPress, newsroom: Newsroom) -> None:
    assert wordpress.call("wp_oembed_get", f"{newsroom.origin}/releases/2021/nothing") is False


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_its_feed_reader_reads_our_feeds(wordpress: WordPress, newsroom: Newsroom, form: str) -> None:
    items = wordpress.call("read_feed", f"{newsroom.origin}/feeds/all.{form}")
    assert len(items) == 5
    assert items[0] == [TITLE, newsroom.origin + RELEASE, 1_624_464_000]


def test_its_rss_block_shows_headlines_dates_and_summaries(wordpress: WordPress, newsroom: Newsroom) -> None:
    block = (
        f'<!-- wp:rss {{"feedURL":"{newsroom.origin}/feeds/all.rss?count=2","itemsToShow":5,'
        '"displayDate":true,"displayExcerpt":true} /-->'
    )
    shown = html.fragment_fromstring(wordpress.call("do_blocks", block))
    assert len(shown.xpath("//li")) == 2
    assert shown.xpath("//li[1]//a/@href") == [newsroom.origin + RELEASE]
    assert shown.xpath("string(//li[1]//a)") == TITLE
    assert "2021" in shown.xpath("string(//li[1]/time)")
    assert "SCORE" in shown.xpath("string(//li[1]/div[last()])")


def test_its_block_for_html_keeps_what_we_give_to_paste(
    wordpress: WordPress, newsroom: Newsroom, context: BrowserContext
) -> None:
    page = context.new_page()
    page.goto(f"{newsroom.origin}/embed/?theme=dark")
    for name in ("#script", "#tag", "#iframe"):
        snippet = page.locator(name).text_content()
        assert snippet
        assert wordpress.call("do_blocks", f"<!-- wp:html -->\n{snippet}\n<!-- /wp:html -->").strip() == snippet
        # Authors without the right to write any HTML lose it, so an administrator or an editor has to paste it.
        assert "<iframe" not in wordpress.call("wp_kses_post", snippet)


def test_readers_see_the_words_in_wordpress_and_the_card_elsewhere(
    wordpress: WordPress, newsroom: Newsroom, partner: Site, context: BrowserContext
) -> None:
    page = context.new_page()
    head = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A post</title></head><body>'
    page.goto(partner.put("/", head + wordpress.call("wp_oembed_get", newsroom.origin + RELEASE)))
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()
    answer = page.request.get(f"{newsroom.origin}/oembed", params={"url": newsroom.origin + RELEASE})
    page.goto(partner.put("/", head + answer.json()["html"]))
    expect(page.locator("blockquote")).to_be_hidden()
    expect(page.frame_locator("iframe").get_by_role("link", name=TITLE)).to_be_visible()
