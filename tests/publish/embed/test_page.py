"""The page where partners fetch what to paste: what it prints works when pasted."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships none
from lxml import html
from playwright.sync_api import BrowserContext, expect

from feeds.publish.assets.embed_scripts import scripts
from feeds.publish.document import Document
from tests.makers import Bench

from .newsrooms import BASE, a_desk, ask
from .sites import Newsroom, Site
from .visits import a_page, an_element, painted, visit


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return a_desk(tmp_path_factory.mktemp("newsroom"))


def _snippets(desk: Bench, path: str = "/embed/", **chosen: str) -> list[str]:
    found = ask(desk, path, urlencode(chosen))
    assert isinstance(found, Document)
    page = html.fromstring(found.body.decode())
    return [str(each.text_content()) for each in page.xpath("//pre[@class='paste']")]


def test_what_is_left_out_is_in_every_snippet_and_stays_in_the_form(desk: Bench) -> None:
    chosen = {"not": "country/mn", "count": "7"}
    snippets = "\n".join(_snippets(desk, **chosen))
    for expected in (
        f'src="{BASE}/feeds/all/not/country/mn.json" count="7"',
        f"{BASE}/embed/frame/7/all/not/country/mn.html",
        f'<esi:include src="{BASE}/embed/fragment/7/all/not/country/mn.html"',
    ):
        assert expected in snippets
    found = ask(desk, "/embed/", urlencode(chosen))
    assert isinstance(found, Document)
    page = html.fromstring(found.body.decode())
    assert page.xpath("//form//input[@type='hidden' and @name='not']/@value") == ["country/mn"]


def test_the_choice_is_in_every_snippet(desk: Bench) -> None:
    snippets = "\n".join(_snippets(desk, country="mn", language="ar", count="7"))
    for expected in (
        f'src="{BASE}/ar/feeds/country/mn.json" count="7"',
        f'href="{BASE}/ar/feeds/country/mn.html" lang="ar"',
        f"{BASE}/ar/embed/frame/7/country/mn.html",
        f'<esi:include src="{BASE}/ar/embed/fragment/7/country/mn.html"',
        '<!--#include virtual="/office/ar/embed/fragment/7/country/mn.html" -->',
        f"{BASE}/oembed?url=https%3A%2F%2Fnews.example.org%2Foffice%2Far%2Ffeeds%2Fcountry%2Fmn.html&format=json",
        f"\n{BASE}/ar/feeds/country/mn.json",
        "block-size: calc(7 * (3lh + .75em))",
        f'integrity="{scripts()[-1].integrity}"',
        "script-src https://news.example.org; connect-src https://news.example.org; frame-src https://news.example.org",
    ):
        assert expected in snippets


@pytest.mark.parametrize(
    "chosen",
    [
        {"country": "atlantis"},
        {"country": "<script>"},
        {"language": "xx"},
        {"count": "many"},
        {"count": "²"},
        {"theme": "blue"},
        {"a" * 9: "b" * 9_000},
    ],
)
def test_what_cannot_be_meant_counts_as_not_chosen(desk: Bench, chosen: dict[str, str]) -> None:
    assert _snippets(desk, **chosen) == _snippets(desk)


def test_several_of_a_kind_are_any_of_them(desk: Bench) -> None:
    found = ask(desk, "/embed/", "country=mn&country=cn")
    assert isinstance(found, Document)
    page = html.fromstring(found.body.decode())
    assert page.xpath("//select[@multiple]/option[@selected]/@value") == ["cn", "mn"]
    assert f"{BASE}/feeds/country/cn+mn.json" in page.text_content()


def test_the_page_in_another_language_keeps_the_choice(desk: Bench) -> None:
    found = ask(desk, "/embed/", "country=mn&count=7")
    assert isinstance(found, Document)
    others = html.fromstring(found.body.decode()).xpath("//nav//li/a[@hreflang='ar']/@href")
    assert others == [f"{BASE}/ar/embed/?country=mn&count=7"]


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_the_chosen_background_is_in_the_frame_and_stays_chosen(desk: Bench, theme: str) -> None:
    snippets = "\n".join(_snippets(desk, theme=theme))
    schemes = theme.replace("auto", "light dark")
    assert f'src="{BASE}/embed/frame/4/all.html?theme={theme}"' in snippets
    assert f'style="border: 0; color-scheme: {schemes}"' in snippets
    assert f'iframe[src^="{BASE}/"] {{ border: 0; color-scheme: {schemes} }}' in snippets
    found = ask(desk, "/embed/", f"theme={theme}")
    assert isinstance(found, Document)
    page = html.fromstring(found.body.decode())
    assert page.xpath("//select[@name='theme']/option[@selected]/@value") == [theme]
    others = page.xpath("//nav//li/a[@hreflang='ar']/@href")
    assert others == [f"{BASE}/ar/embed/{'' if theme == 'light' else f'?theme={theme}'}"]


def test_where_nobody_says_how_many_as_many_are_reserved_as_there_are(desk: Bench) -> None:
    # Four are to be seen: one is withdrawn, one scheduled.
    assert 'count="4"' in "".join(_snippets(desk))
    assert 'count="1"' in "".join(_snippets(desk, country="mn"))
    assert 'count="9"' in "".join(_snippets(desk, country="mn", count="9"))
    assert 'count="1"' in "".join(_snippets(desk, country="mn", language="zh-Hans"))


def test_counts_stay_within_bounds(desk: Bench) -> None:
    assert 'count="20"' in "".join(_snippets(desk, count="999"))
    assert 'count="1"' in "".join(_snippets(desk, count="0"))


def test_the_form_remembers_the_choice(desk: Bench) -> None:
    found = ask(desk, "/mn/embed/", "country=mn&language=zh-Hans&count=3")
    assert isinstance(found, Document)
    page = html.fromstring(found.body.decode())
    assert page.xpath("//option[@selected]/@value") == ["mn", "zh-Hans", "light"]
    assert page.xpath("//input[@name='count']/@value") == ["3"]
    assert page.xpath("//main//form/@action") == ["/office/mn/embed/"]


@pytest.mark.parametrize(
    ("theme", "style"),
    [
        ("light", "body { background: #fffbf0; color: #222 }"),
        ("dark", "body { background: #221a2e; color: #eee }"),
        ("auto", ":root { color-scheme: light dark } body { background: Canvas; color: CanvasText }"),
    ],
)
def test_what_is_printed_works_when_pasted(
    context: BrowserContext, partner: Site, newsroom: Newsroom, theme: str, style: str
) -> None:
    page = context.new_page()
    page.emulate_media(color_scheme="dark")
    page.goto(f"{newsroom.origin}/embed/?country=cn&count=3&theme={theme}")
    script, element, reserve, _, frame, _, _, _, policy, rule = page.locator("pre.paste").all_text_contents()
    partner.put_style("/site.css", f"{style}\n{reserve}\n{rule}")  # as the page says of a policy like this one
    frame = re.sub(' style="[^"]*"', "", frame)
    policy = f"default-src 'none'; style-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'; {policy}"
    address = partner.put(
        "/",
        f'<!doctype html><html lang="en"><head><title>Pasted</title><link rel="stylesheet" href="/site.css">{script}'
        f"</head><body>{element}{frame}<p>Below</p></body></html>",
        **{"Content-Security-Policy": policy},
    )
    told: list[str] = []
    context.on("console", lambda message: told.append(message.text))  # the browser's own complaints too
    seen = visit(context, address)
    seen.wait()
    painted(seen.page)
    inside = seen.page.frame_locator("iframe")
    expect(inside.locator("li a")).to_have_count(3)
    assert seen.titles() == inside.locator("li a").all_text_contents()
    assert inside.locator("script").count() == 0
    assert seen.moved() == 0
    # The frame has no script: what is blocked there now and then is how this test looks into it.
    blocked = f"Blocked script execution in '{newsroom.origin}/embed/frame/"
    assert (seen.heard(), [each for each in told if not each.startswith(blocked)]) == (["headlines-ready"], [])


def test_a_headline_in_the_frame_leads_the_whole_window_to_the_release(
    context: BrowserContext, partner: Site, newsroom: Newsroom
) -> None:
    page = context.new_page()
    page.goto(f"{newsroom.origin}/embed/?country=cn&count=3")
    frame = page.locator("pre.paste").nth(4).text_content()
    page.goto(partner.put("/", f'<!doctype html><html lang="en"><title>Pasted</title>{frame}</html>'))
    page.frame_locator("iframe").locator("li a").first.click()
    page.wait_for_url(re.compile(f"{newsroom.origin}/releases/.*"))


def test_the_page_shows_both_ways_alive(context: BrowserContext, newsroom: Newsroom) -> None:
    seen = visit(context, f"{newsroom.origin}/embed/?country=mn&language=mn&count=2")
    seen.wait()
    assert seen.titles() == seen.page.frame_locator("iframe").locator("li a").all_text_contents()
    assert (seen.heard(), seen.said) == (["headlines-ready"], [])


def test_what_is_to_be_pasted_is_copied_at_a_click(context: BrowserContext, newsroom: Newsroom) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    seen = visit(context, f"{newsroom.origin}/embed/?theme=dark")
    boxes = seen.page.locator(".copied")
    assert boxes.count() == 10
    for number in range(boxes.count()):
        box = boxes.nth(number)
        box.get_by_role("button", name="Copy").click()
        expect(box.get_by_role("status")).to_have_text("Copied")
        assert seen.page.evaluate("navigator.clipboard.readText()") == box.locator("pre").text_content()
    assert (seen.heard(), seen.said) == (["headlines-ready"], [])


@pytest.mark.parametrize(("width", "beside"), [(1280, True), (390, False)])
def test_the_preview_stands_beside_the_form_where_there_is_room(
    context: BrowserContext, newsroom: Newsroom, width: int, beside: bool
) -> None:
    seen = visit(context, f"{newsroom.origin}/embed/", width=width)
    seen.wait()
    painted(seen.page)
    form, looks = (seen.page.locator(each).bounding_box() for each in (".chooser", ".looks"))
    assert form
    assert looks
    assert (looks["y"] < form["y"] + form["height"] / 2) == beside
    assert seen.moved() == 0


def test_the_page_works_without_script(browser_without_script: BrowserContext, newsroom: Newsroom) -> None:
    page = browser_without_script.new_page()
    page.goto(f"{newsroom.origin}/embed/")
    page.get_by_label("Countries").select_option("mn")
    page.get_by_label("Headlines", exact=True).fill("2")
    page.get_by_role("button", name="Show what to paste").click()
    assert "/feeds/country/mn.json" in page.locator("pre.paste").nth(1).inner_text()
    assert page.locator("feed-headlines a").is_visible()
    assert page.frame_locator("iframe").locator("li").count() == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        "/embed/?theme=dark",
        "/zh-Hans/embed/?count=2&theme=light",
        "/mn/embed/?theme=auto",
        "/mn/embed/frame/5/all.html",
    ],
)
def test_nothing_stands_in_anybodys_way(context: BrowserContext, newsroom: Newsroom, path: str, scheme: str) -> None:
    page = context.new_page()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto(newsroom.origin + path)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_nothing_on_a_partners_page_stands_in_anybodys_way(
    context: BrowserContext, partner: Site, newsroom: Newsroom
) -> None:
    style = "body { background: #111; color: #eee } feed-headlines { block-size: 8rem; overflow: auto }"
    src = f"{newsroom.origin}/mn/feeds/all.json"
    policy = f"script-src {newsroom.origin} 'unsafe-eval'; connect-src {newsroom.origin}"
    seen = visit(context, a_page(partner, an_element(src), newsroom.origin, style=style, policy=policy))
    seen.wait()
    results = Axe().run(seen.page)
    assert results.violations_count == 0, results.generate_report()
