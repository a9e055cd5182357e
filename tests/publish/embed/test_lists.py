"""The frame page and the fragment: what stands in them, without a browser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from lxml import html

from feeds.publish.document import Document, Missing, Moved
from tests.makers import Bench

from .newsrooms import NOW, a_desk, ask


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return a_desk(tmp_path_factory.mktemp("newsroom"))


def _document(desk: Bench, path: str, now: datetime = NOW) -> Document:
    found = ask(desk, path, now=now)
    assert isinstance(found, Document)
    return found


def _titles(document: Document) -> list[str]:
    page = html.fromstring(document.body.decode())
    return [str(link.text_content()).replace("\u2060", "") for link in page.xpath("//li/a")]


@pytest.mark.parametrize("shape", ["frame", "fragment"])
def test_the_newest_come_first_and_what_was_withdrawn_has_left(desk: Bench, shape: str) -> None:
    titles = _titles(_document(desk, f"/embed/{shape}/5/all.html"))
    assert titles == ["Elsewhere", "<img src=x onerror=alert(1)> is bold", "A dam & its workers", "Corrected"]


def test_as_many_are_shown_as_the_path_says(desk: Bench) -> None:
    assert len(_titles(_document(desk, "/embed/frame/2/all.html"))) == 2


def test_a_scheduled_release_is_shown_from_its_moment(desk: Bench) -> None:
    moment = datetime(2021, 8, 31, 16, tzinfo=UTC)
    path = "/embed/fragment/5/country/cn.html"
    assert _titles(_document(desk, path, moment - timedelta(seconds=1))) == ["A dam & its workers"]
    assert _titles(_document(desk, path, moment)) == ["Scheduled", "A dam & its workers"]
    assert _document(desk, path).until == moment


def test_titles_are_text_and_bring_no_markup(desk: Bench) -> None:
    for shape in ("frame", "fragment"):
        page = html.fromstring(_document(desk, f"/embed/{shape}/5/all.html").body.decode())
        assert not page.xpath("//img | //script | //@onerror | //style")


@pytest.mark.parametrize(
    ("language", "direction", "title", "date"),
    [
        ("zh-Hans", "ltr", "大坝", "2021年6月1日"),
        ("mn", "ltr", "Далан", "2021\u202fоны зургаадугаар сарын 1"),
        ("ar", "rtl", "السد والعمال", "1 يونيو 2021"),
    ],
)
def test_each_language_has_its_own(desk: Bench, language: str, direction: str, title: str, date: str) -> None:
    for shape in ("frame", "fragment"):
        document = _document(desk, f"/{language}/embed/{shape}/5/all.html")
        (listed,) = html.fromstring(document.body.decode()).xpath("//*[@lang]")
        assert (listed.get("lang"), listed.get("dir"), document.language) == (language, direction, language)
        assert title in document.body.decode()
        assert date in document.body.decode()


def test_only_the_frame_may_be_framed_by_others(desk: Bench) -> None:
    framed = {
        path: _document(desk, path).framed
        for path in ("/", "/embed/", "/feeds/all.html", "/feeds/all.json", "/embed/fragment/5/all.html")
    }
    assert not any(framed.values())
    assert _document(desk, "/embed/frame/5/all.html").framed


def test_nothing_published_yet_is_said_in_the_frame_and_leaves_a_link_in_the_fragment(desk: Bench) -> None:
    assert "Nothing has been published" in _document(desk, "/embed/frame/5/country/cn/corrections.html").body.decode()
    fragment = html.fromstring(_document(desk, "/embed/fragment/5/country/cn/corrections.html").body.decode())
    assert fragment.xpath("//a/@href") == ["https://news.example.org/office/feeds/country/cn/corrections.html"]


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/embed/frame/all.html", "/embed/frame/5/all.html"),
        ("/embed/frame/7/country/mongolia+cn.html", "/embed/frame/7/country/cn+mn.html"),
        ("/en/embed/fragment/3/All.html", "/embed/fragment/3/all.html"),
        ("/embed", "/embed/"),
    ],
)
def test_any_spelling_leads_to_the_one_address(desk: Bench, asked: str, canonical: str) -> None:
    assert ask(desk, asked) == Moved(f"/office{canonical}")


@pytest.mark.parametrize(
    ("query", "schemes", "told"),
    [
        ("theme=light", "light", True),
        ("theme=dark", "dark", True),
        ("theme=auto", "light dark", True),
        ("theme=dark&utm_source=x", "dark", True),
        ("", "light", False),
        ("theme=blue", "light", False),
        ("theme=Dark", "light", False),
        ("theme=dark&theme=light", "light", False),
    ],
)
def test_a_frame_is_told_what_is_around_it(desk: Bench, query: str, schemes: str, told: bool) -> None:
    document = ask(desk, "/embed/frame/5/all.html", query)
    assert isinstance(document, Document)
    page = html.fromstring(document.body.decode())
    assert page.xpath("//meta[@name='color-scheme']/@content") == [schemes]
    assert page.xpath("//body/@class") == ["frame told" if told else "frame"]


def test_a_fragment_is_part_of_its_page_and_told_nothing(desk: Bench) -> None:
    assert ask(desk, "/embed/fragment/5/all.html", "theme=dark") == ask(desk, "/embed/fragment/5/all.html")


def test_the_theme_stays_when_a_spelling_leads_on(desk: Bench) -> None:
    found = ask(desk, "/embed/frame/all.html", "theme=dark")
    assert found == Moved("/office/embed/frame/5/all.html?theme=dark")


@pytest.mark.parametrize(
    "path",
    [
        "/embed/frame/0/all.html",
        "/embed/frame/21/all.html",
        "/embed/frame/5/all.atom",
        "/embed/frame/5/country/atlantis.html",
        "/embed/frame/5/all/archive/1.html",
        "/embed/frame/5",
        "/embed/frame/",
        "/embed/frame//",
        "/embed/frame/5/",
        "/embed/frame/5//",
        "/embed/window/5/all.html",
        "/embed/9.9.9/headlines.js",
        "/embed/1.0.0/",
        "/oembed/5",
    ],
)
def test_there_is_nothing_elsewhere(desk: Bench, path: str) -> None:
    assert isinstance(ask(desk, path), Missing)
