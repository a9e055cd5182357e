"""The frame on a partner's page, in a real browser: what is around it shows through, and its height is filled."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships none
from playwright.sync_api import BrowserContext, Page

from .sites import Newsroom, Site
from .visits import a_host, corner, painted, visit

WHITE, GREY, NIGHT = (255, 255, 255), (240, 240, 230), (30, 20, 40)


def ground_of(page: Page) -> tuple[int, ...]:
    """The colour of the frame's corner."""
    page.frame_locator("iframe").locator("li").last.wait_for()
    painted(page)
    return corner(page.screenshot())


def lightness_of_text(page: Page) -> int:
    shown = page.frame_locator("iframe").locator("body").evaluate("(body) => getComputedStyle(body).color")
    return sum(int(each) for each in shown.removeprefix("rgb(").removesuffix(")").split(","))


@pytest.mark.parametrize("prefers", ["light", "dark"])
@pytest.mark.parametrize(
    ("query", "ground", "dark"), [("?theme=light", GREY, False), ("?theme=dark", NIGHT, True)], ids=["light", "dark"]
)
def test_a_frame_that_was_told_its_host_is_no_box_on_it_whatever_the_reader_prefers(
    context: BrowserContext, partner: Site, newsroom: Newsroom, query: str, ground: tuple[int, ...], dark: bool,
    prefers: str,
) -> None:  # fmt: skip
    page = context.new_page()
    page.emulate_media(color_scheme="dark" if prefers == "dark" else "light")
    page.goto(a_host(newsroom, partner, query, ground))
    assert ground_of(page) == ground
    assert (lightness_of_text(page) > 3 * 128) == dark


@pytest.mark.parametrize(("prefers", "ground"), [("light", GREY), ("dark", NIGHT)])
def test_a_host_that_follows_its_reader_has_a_frame_that_does(
    context: BrowserContext, partner: Site, newsroom: Newsroom, prefers: str, ground: tuple[int, ...]
) -> None:
    page = context.new_page()
    page.emulate_media(color_scheme="dark" if prefers == "dark" else "light")
    page.goto(a_host(newsroom, partner, "?theme=auto", ground, more="color-scheme: light dark"))
    assert ground_of(page) == ground
    assert (lightness_of_text(page) > 3 * 128) == (prefers == "dark")


@pytest.mark.parametrize("prefers", ["light", "dark"])
@pytest.mark.parametrize("scheme", ["normal", "dark"])
def test_a_frame_that_was_told_nothing_can_be_read_on_any_page(
    context: BrowserContext, partner: Site, newsroom: Newsroom, prefers: str, scheme: str
) -> None:
    page = context.new_page()
    page.emulate_media(color_scheme="dark" if prefers == "dark" else "light")
    page.goto(a_host(newsroom, partner, "", NIGHT, more=f"color-scheme: {scheme}"))
    assert ground_of(page) == WHITE
    assert lightness_of_text(page) < 3 * 128


@pytest.mark.parametrize("width", [300, 600, 1000])
@pytest.mark.parametrize("language", ["", "/zh-Hans", "/mn"])
def test_headlines_fill_the_height_and_nothing_scrolls(
    context: BrowserContext, partner: Site, newsroom: Newsroom, width: int, language: str
) -> None:
    seen = visit(context, a_host(newsroom, partner, "?theme=light", GREY, path=language), width=width)
    body = seen.page.frame_locator("iframe").locator("body")
    assert body.evaluate("() => document.documentElement.scrollHeight <= innerHeight")
    below = body.evaluate(
        "() => innerHeight - [...document.querySelectorAll('li')].at(-1).getBoundingClientRect().bottom"
    )
    if body.locator("li").count() == 5:
        assert 0 <= below <= 16
    else:  # the newsroom has no more in this language: they stay together
        gaps = body.evaluate(
            "() => { const all = [...document.querySelectorAll('li')].map((each) => each.getBoundingClientRect());"
            " return all.slice(1).map((each, number) => each.top - all[number].top) }"
        )
        assert all(gap <= 130 for gap in gaps)
    assert (seen.moved(), seen.said) == (0, [])


@pytest.mark.parametrize(("query", "ground"), [("", NIGHT), ("?theme=light", WHITE), ("?theme=dark", NIGHT)])
def test_its_colours_are_told_apart_on_its_host(
    context: BrowserContext, partner: Site, newsroom: Newsroom, query: str, ground: tuple[int, ...]
) -> None:
    # A page's own ground is not seen from within: axe is asked of the frame by itself, on the same ground.
    page = context.new_page()
    page.goto(f"{newsroom.origin}/embed/frame/5/all.html{query}")
    if query:
        page.evaluate(f"document.documentElement.style.background = 'rgb{ground}'")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
