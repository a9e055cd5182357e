"""One reader, from the front page on a telephone to headlines on a site of her own; every step as a person takes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.conftest import Program
from tests.publish.feed_reader import newsboat_shows
from tests.tools import DEAD

from .sites import Newsroom, Site


@pytest.fixture
def phone(browser: Browser, newsroom: Newsroom) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark", has_touch=True)
    context.set_default_timeout(DEAD * 1_000)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=newsroom.origin)
    yield context
    context.close()


def copied(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_a_reader_searches_narrows_subscribes_shares_and_embeds(
    phone: BrowserContext, newsroom: Newsroom, partner: Site, program: Program, tmp_path: Path
) -> None:
    said: list[str] = []
    phone.on("console", lambda message: said.append(message.text))
    page = phone.new_page()
    page.goto(f"{newsroom.origin}/")
    page.get_by_role("searchbox").fill("social herders")
    page.keyboard.press("Enter")
    expect(page.locator("ol.found mark").first).to_be_visible()

    page.get_by_role("link", name="Narrow down").click()
    page.locator("#narrow").get_by_role("link", name="Mongolia").click()
    expect(page).to_have_url(re.compile("country=mn"))
    found = page.locator("ol.found h2").all_inner_texts()
    assert found

    feed = page.locator("head link[type='application/atom+xml']").first.get_attribute("href")
    assert feed == f"{newsroom.origin}/feeds/country/mn.atom?q=social+herders"
    assert newsboat_shows(program("newsboat"), feed, tmp_path) == found

    page.locator("ol.found h2 a").first.click()
    release = page.url
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("status").first).to_have_text("Copied")
    assert copied(page) == release
    message = page.get_by_role("link", name="Send by e-mail").get_attribute("href") or ""
    assert urlsplit(message).scheme == "mailto"
    assert release in parse_qs(urlsplit(message).query)["body"][0]

    page.get_by_role("link", name="Put our headlines on your site").click()
    page.get_by_label("Countries").select_option("mn")
    page.get_by_label("Background of your page").select_option("dark")
    page.get_by_role("button", name="Show what to paste").click()
    names = ("script", "tag", "rule", "iframe", "rules", "frame-rule")
    snippets = {name: page.locator(f"#{name}").inner_text() for name in names}
    page.get_by_role("button", name="Copy").first.click()
    assert copied(page) == snippets["script"]

    # Her site forbids all that it has not named, attributes with styles too: then the page says what to paste instead.
    own = ":root { color-scheme: dark; background: #101418; color: #eee }"
    partner.put_style("/own.css", "\n".join((own, snippets["rule"], snippets["frame-rule"])))
    frame = re.sub(' style="[^"]*"', "", snippets["iframe"])
    site = partner.put(
        "/",
        "<!doctype html><title>A site</title><link rel=stylesheet href=/own.css>"
        + snippets["script"] + snippets["tag"] + frame,
        **{"Content-Security-Policy": f"default-src 'none'; style-src 'self'; {snippets['rules']}"},
    )  # fmt: skip
    page.goto(site)
    expect(page.locator("feed-headlines").get_by_role("link").first).to_be_visible()
    framed = page.frame_locator("iframe")
    expect(framed.locator("meta[name=color-scheme]")).to_have_attribute("content", "dark")
    expect(framed.locator("body")).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    shown = framed.locator("li a").all_inner_texts()
    assert shown == page.locator("feed-headlines").get_by_role("link").all_inner_texts()
    assert set(found) & set(shown)
    assert said == []
