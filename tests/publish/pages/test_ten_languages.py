"""Pages in each of the product's languages: nothing is cut off on a small telephone, and Arabic runs from the right."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.publish.pages.audit import WIDER, violations
from tests.publish.pages.conftest import Open
from tests.publish.pages.harbour import LANGUAGES, PAGES, address, served

pytestmark = pytest.mark.slow

_SIDES = """
selector => {
  const place = document.querySelector(selector).getBoundingClientRect();
  return [place.left, document.documentElement.clientWidth - place.right];
}
"""


@pytest.fixture(scope="session")
def ten(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the newsroom in ten languages."""
    with served(tmp_path_factory.mktemp("ten")) as base:
        yield base


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_overflows_sideways_on_a_small_telephone(ten: str, opened: Open, language: str) -> None:
    page = opened(width=320)
    for kind in PAGES:
        page.goto(address(ten, kind, language))
        assert page.evaluate(WIDER) <= 0, kind
        assert page.evaluate("document.documentElement.lang") == language


def _is_at_the_right(page: Page, selector: str) -> bool:
    left, right = page.evaluate(_SIDES, selector)
    return bool(right < left)


def test_arabic_pages_run_from_right_to_left(ten: str, opened: Open) -> None:
    page = opened(width=1280)
    for kind in PAGES:
        page.goto(address(ten, kind, "ar"))
        assert page.evaluate("getComputedStyle(document.documentElement).direction") == "rtl"
    page.goto(address(ten, "front", "ar"))
    assert _is_at_the_right(page, ".name")
    assert not _is_at_the_right(page, "aside")
    assert not _is_at_the_right(page, ".axis span:last-child"), "the newest month is the last one to be read"
    assert page.evaluate("getComputedStyle(document.querySelector('.chart svg')).transform").startswith("matrix(-1")
    page.goto(address(ten, "directory", "ar"))
    assert page.evaluate("getComputedStyle(document.querySelector('.code svg')).transform") == "none"
    for code in page.query_selector_all("pre, code"):
        assert code.evaluate("each => getComputedStyle(each).direction") == "ltr"


def test_what_is_written_from_the_left_keeps_its_order_in_an_arabic_page(ten: str, opened: Open) -> None:
    page = opened(address(ten, "release", "ar"), width=1280)
    order = """selector => {
      const text = document.querySelector(selector).firstChild, range = document.createRange();
      return [0, 1, 2, text.length - 1].map(at => {
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        return range.getBoundingClientRect().left;
      });
    }"""
    for selector in ("a[href^='tel:']", ".bottom .quiet a", ".text code"):
        places = page.evaluate(order, selector)
        assert places == sorted(places), selector
    left = "selector => document.querySelector(selector).getBoundingClientRect().left"
    assert page.evaluate(left, ".dateline time") < page.evaluate(left, ".dateline bdi")


def test_pages_from_the_left_draw_their_charts_from_the_left(ten: str, opened: Open) -> None:
    page = opened(address(ten, "front", "de"), width=1280)
    assert page.evaluate("getComputedStyle(document.querySelector('.chart svg')).transform") == "none"
    assert not _is_at_the_right(page, ".name")


@pytest.mark.parametrize("width", [320, 1280])
def test_ten_languages_take_one_line_and_are_opened_by_the_keyboard_without_script(
    ten: str, opened: Open, width: int
) -> None:
    page = opened(address(ten, "front", "de"), width=width, java_script_enabled=False)
    place = "selector => { const box = document.querySelector(selector).getBoundingClientRect();"
    middle = page.evaluate(place + " return (box.top + box.bottom) / 2; }", ".languages summary")
    assert abs(middle - page.evaluate(place + " return (box.top + box.bottom) / 2; }", ".name")) < 4
    before = page.evaluate(place + " return box.top; }", "main")
    links = page.locator(".languages a")
    assert not links.first.is_visible()
    while not page.evaluate("document.activeElement.matches('.languages summary')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert [links.nth(number).is_visible() for number in range(links.count())] == [True] * len(LANGUAGES)
    assert page.evaluate(WIDER) <= 0
    assert page.evaluate(place + " return box.left; }", ".languages ul") >= 0
    assert page.evaluate(place + " return box.top; }", "main") == before, "the list lies over the page"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.lang") == LANGUAGES[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_list_of_languages_can_be_used_by_everybody(ten: str, opened: Open, scheme: str) -> None:
    page = opened(address(ten, "release", "ar"), width=390, scheme=scheme)
    page.locator(".languages summary").click()
    assert page.locator(".languages").get_by_role("link", name="Deutsch").is_visible()
    assert violations(page) == []
