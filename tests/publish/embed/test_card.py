"""The card of a release, for other sites to show in a frame."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships none
from lxml import html
from playwright.sync_api import BrowserContext

from feeds.publish.document import Document, Missing, Moved
from feeds.publish.embed_snippets import CARD_HEIGHT
from tests.makers import Bench, a_newsroom, yaml
from tests.media.files import picture

from .newsrooms import NOW, a_desk, ask
from .sites import Newsroom, Site
from .visits import strict, visit


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return a_desk(tmp_path_factory.mktemp("newsroom"))


def _card(desk: Bench, path: str, query: str = "", now: datetime = NOW) -> tuple[Document, html.HtmlElement]:
    found = ask(desk, f"/embed/release/{path}.html", query, now)
    assert isinstance(found, Document)
    return found, html.fromstring(found.body.decode())


def test_it_has_title_date_summary_and_newsroom_and_leads_the_whole_window_on(desk: Bench) -> None:
    document, page = _card(desk, "2021/dam")
    assert (document.status, document.framed, document.language) == (200, True, "en")
    links = [(link.text_content(), link.get("href"), link.get("target")) for link in page.xpath("//a")]
    assert links == [
        ("A dam & its workers", "https://news.example.org/office/releases/2021/dam", "_top"),
        ("Test office", "https://news.example.org/office/", "_top"),
    ]
    assert page.xpath("string(//time)") == "1 June 2021"
    assert page.xpath("string(//p[last()])") == "Some text."


def test_a_title_brings_no_markup(desk: Bench) -> None:
    _, page = _card(desk, "2021/markup")
    assert not page.xpath("//img | //script | //@onerror | //style")


def test_a_release_that_is_withdrawn_says_so_and_why(desk: Bench) -> None:
    document, page = _card(desk, "2021/wrong")
    assert document.status == 410
    assert document.framed
    assert page.xpath("string(//h1)") == "Withdrawn: All wrong"
    assert "It was wrong." in page.text_content()
    assert "Some text." not in page.text_content()
    before, _ = _card(desk, "2021/wrong", now=datetime.fromisoformat("2021-06-05T00:00:00+00:00"))
    assert before.status == 200
    assert b"It was wrong." not in before.body


def test_a_scheduled_release_has_a_card_from_its_moment(desk: Bench) -> None:
    moment = datetime.fromisoformat("2021-09-01T00:00:00+08:00")
    assert isinstance(ask(desk, "/embed/release/2021/later.html", now=NOW), Missing)
    assert _card(desk, "2021/later", now=moment)[0].status == 200


def test_a_former_address_leads_to_the_card_and_keeps_the_theme(desk: Bench) -> None:
    assert ask(desk, "/embed/release/2020/old.html") == Moved("/office/embed/release/2021/corrected.html")
    with_theme = Moved("/office/embed/release/2021/corrected.html?theme=dark")
    assert ask(desk, "/embed/release/2020/old.html", "theme=dark") == with_theme


@pytest.mark.parametrize(
    ("query", "told"), [("", "frame edged"), ("theme=dark", "frame edged told"), ("theme=blue", "frame edged")]
)
def test_it_is_told_what_is_around_it(desk: Bench, query: str, told: str) -> None:
    assert _card(desk, "2021/dam", query)[1].xpath("//body/@class") == [told]


@pytest.mark.parametrize(
    "path", ["2021/dam", "2021/none.html", "dam.html", "2021/dam.atom", "21/dam.html", "2021/.html"]
)
def test_there_is_nothing_elsewhere(desk: Bench, path: str) -> None:
    assert isinstance(ask(desk, f"/embed/release/{path}"), Missing)


@pytest.mark.parametrize(("language", "title"), [("zh-Hans", "大坝"), ("ar", "السد والعمال")])
def test_a_translation_has_one_of_its_own(desk: Bench, language: str, title: str) -> None:
    found = ask(desk, f"/{language}/embed/release/2021/dam.html")
    assert isinstance(found, Document)
    page = html.fromstring(found.body.decode())
    assert (page.get("lang"), page.xpath("string(//h1)")) == (language, title)
    assert (page.get("dir") == "rtl") == (language == "ar")


def test_only_a_picture_of_our_own_is_shown(tmp_path: Path) -> None:
    # Another site would see the partner's readers.
    beside, elsewhere = {"src": "dam.jpg", "alt": "A dam"}, {"src": "https://example.org/a.jpg", "alt": "A dam"}
    files = {
        "2021/2021-06-01-dam.yaml": yaml(published="2021-06-01", image=beside),
        "2021/2021-06-02-far.yaml": yaml(published="2021-06-02", image=elsewhere),
    }
    data = a_newsroom(tmp_path, files)
    (data / "releases/2021/dam.jpg").write_bytes(picture())
    desk = Bench(data)
    desk.compile()
    (shown,) = _card(desk, "2021/dam")[1].xpath("//img")
    assert shown.get("src").startswith("/media/")
    assert shown.get("alt") == "A dam"
    assert _card(desk, "2021/far")[1].xpath("//img") == []


@pytest.mark.parametrize("width", [320, 600])
@pytest.mark.parametrize("theme", ["", "light", "dark"])
def test_it_fits_its_frame_on_a_partners_page(
    context: BrowserContext, partner: Site, newsroom: Newsroom, width: int, theme: str
) -> None:
    path = "/embed/release/2021/score-pilot-experience-sharing-conference.html" + (f"?theme={theme}" if theme else "")
    partner.put_style("/site.css", f"iframe {{ border: 0; color-scheme: {theme or 'light'} }} body {{ margin: 0 }}")
    address = partner.put(
        "/",
        '<!doctype html><html lang="en"><head><title>A partner</title><link rel="stylesheet" href="/site.css"></head>'
        f'<body><iframe src="{newsroom.origin}{path}" title="News" width="{width}" height="{CARD_HEIGHT}">'
        "</iframe></body></html>",
        **{"Content-Security-Policy": strict(newsroom.origin)},
    )
    seen = visit(context, address, width=width)
    body = seen.page.frame_locator("iframe").locator("body")
    assert body.evaluate("() => document.documentElement.scrollHeight <= innerHeight")
    assert (seen.moved(), seen.said) == (0, [])
    seen.page.goto(newsroom.origin + path)
    if theme:
        seen.page.evaluate(f"document.documentElement.style.background = '{'#1e1428' if theme == 'dark' else '#fff'}'")
    results = Axe().run(seen.page)
    assert results.violations_count == 0, results.generate_report()
