"""Every kind of page in a real browser: on a phone and a desk, light and dark, in each language of the newsroom."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, Page, Request, Response

from tests.publish.pages.audit import audited, jump
from tests.publish.pages.conftest import Open
from tests.publish.pages.newsroom import LANGUAGES, PAGES, STATUS, STILL

KINDS = (*PAGES, "archive")
PHONE, DESK = 320, 1280
WEIGHT = 15_000
"""Bytes of the front page with its style sheet, gzipped."""

_PAINTED = "() => performance.getEntriesByName('first-contentful-paint').length > 0"
# Of a group of radio buttons the keyboard reaches the chosen one; arrows move on from there.
_LINKS = """[...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
  .filter(each => each.checkVisibility() && (each.type !== 'radio' || each.checked))"""
_FOLLOW = """
() => {
  window.followed = [];
  document.addEventListener('focusin', ({target: here}) => {
    const style = getComputedStyle(here), place = here.getBoundingClientRect();
    followed.push([LINKS.indexOf(here), parseFloat(style.outlineWidth) > 1 && style.outlineStyle !== 'none',
                   place.right > 0 && place.left < innerWidth]);
  });
}
""".replace("LINKS", _LINKS)
"""Notes of whatever gets the focus which link it is, whether it shows the focus, and whether it lies in the page."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_page_can_be_used_by_everybody_in_the_light_and_in_the_dark(
    urls: dict[tuple[str, str], str], opened: Open, width: int, language: str
) -> None:
    page = opened(width=width)
    assert audited(page, {kind: (urls[kind, language], STATUS.get(kind, 200)) for kind in KINDS}) == []


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "embed"])
def test_the_keyboard_alone_reaches_every_link_in_order(
    urls: dict[tuple[str, str], str], opened: Open, kind: str, width: int
) -> None:
    page = opened(urls[kind, "en"], width=width)
    page.evaluate(_FOLLOW)
    links = page.evaluate(f"{_LINKS}.length")
    for _ in range(links):
        page.keyboard.press("Tab")
    followed = page.evaluate("followed")
    assert len(followed) == links
    for number, (reached, visible, inside) in enumerate(followed):
        assert reached == number, "the order of the keyboard is not that of the page"
        assert visible, f"nothing shows that link {number} has the focus"
        assert inside, f"link {number} has the focus but lies outside the page"


def test_the_keyboard_alone_comes_through_what_the_embed_page_shows(
    urls: dict[tuple[str, str], str], opened: Open
) -> None:
    # Its headlines stand in a shadow tree and in a frame, whose links the page itself cannot count.
    page = opened(urls["embed", "en"])
    seen = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.localName"))
        if page.evaluate("document.activeElement.matches('footer li:last-child a')"):
            break
    else:
        pytest.fail("the keyboard stays caught before the footer")
    assert {"select", "input", "button", "pre", "feed-headlines", "iframe"} <= seen


def test_the_first_link_leads_past_the_header(urls: dict[tuple[str, str], str], opened: Open) -> None:
    page = opened(urls["front", "en"])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("kind", STILL)
def test_a_page_says_the_same_without_script(urls: dict[tuple[str, str], str], opened: Open, kind: str) -> None:
    with_script = opened(urls[kind, "en"])
    without = opened(urls[kind, "en"], java_script_enabled=False)
    assert _seen(without) == _seen(with_script)
    assert _seen(without)


def _seen(page: Page) -> tuple[str, list[str | None]]:
    # A button for the script alone is there with the script alone.
    page.evaluate("document.querySelectorAll('[data-copy]').forEach(each => each.remove())")
    return page.inner_text("main"), page.evaluate(
        "[...document.querySelectorAll('a')].map(each => each.getAttribute('href'))"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_front_page_is_light(
    urls: dict[tuple[str, str], str], opened: Open, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page = opened()
    received: dict[str, Response] = {}
    page.on("response", lambda response: received.update({response.url: response}))
    page.goto(urls["front", language], wait_until="networkidle")
    weights = {
        url: len(gzip.compress(each.body(), 9))
        for url, each in received.items()
        if not url.endswith((".svg", ".ico"))  # the icon, for which a browser may or may not ask
    }
    shift = jump(page)
    with capsys.disabled():
        sys.stdout.write(
            f"\nfront page ({language}): {sum(weights.values())} B gzipped, {len(weights)} requests, "
            f"layout shift {shift}\n"
        )
    assert shift == 0
    assert len(weights) == 1, "with its icon two requests"
    assert sum(weights.values()) <= WEIGHT


@pytest.mark.parametrize("kind", ["front", "directory", "embed", "release"])
def test_a_page_is_painted_after_one_round_trip(urls: dict[tuple[str, str], str], opened: Open, kind: str) -> None:
    page = opened()
    # Nothing but the page itself is ever answered.
    page.route(lambda url: url != urls[kind, "en"], lambda route: None)
    page.goto(urls[kind, "en"], wait_until="commit")
    page.wait_for_function(_PAINTED)


@pytest.fixture(scope="module")
def asked(urls: dict[tuple[str, str], str], browser: Browser) -> Iterator[dict[str, list[str]]]:
    """By kind: what a page asks for until it asks for nothing any more. They are all open at once to wait together."""
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    with browser.new_context() as context:
        pages = {kind: context.new_page() for kind in KINDS}
        for kind, page in pages.items():
            page.on("request", partial(_note, found[kind]))
            page.goto(urls[kind, "en"])
        for page in pages.values():
            page.wait_for_load_state("networkidle")
        yield found


def _note(found: list[str], request: Request) -> None:
    found.append(request.url)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_asks_nobody_else_for_anything(
    urls: dict[tuple[str, str], str], asked: dict[str, list[str]], kind: str
) -> None:
    home = urls[kind, "en"].split("/", 3)[2]
    assert asked[kind]
    assert [url for url in asked[kind] if url.split("/", 3)[2] != home] == []


def test_a_release_is_printed_without_what_only_a_screen_needs(urls: dict[tuple[str, str], str], opened: Open) -> None:
    page = opened(urls["release", "en"])
    page.emulate_media(media="print")
    assert page.locator("nav:visible, aside:visible, .skip:visible, form:visible, .share:visible").count() == 0
    assert page.locator("h1:visible, .note:visible, .print:visible, .cite:visible").count() == 4
