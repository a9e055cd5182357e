"""oEmbed 1.0: how programs of other sites learn to show an address of ours."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from lxml import etree, html

from feeds.publish.document import Document, Missing
from tests.makers import Bench

from .newsrooms import BASE, a_desk, ask


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return a_desk(tmp_path_factory.mktemp("newsroom"))


def _answer(desk: Bench, path: str, **more: str) -> Document:
    found = ask(desk, "/oembed", urlencode({"url": BASE + path, **more}))
    assert isinstance(found, Document)
    return found


def _said(desk: Bench, path: str, **more: str) -> dict[str, Any]:
    document = _answer(desk, path, **more)
    assert (document.status, document.media_type) == (200, "application/json; charset=utf-8")
    return dict(json.loads(document.body))


def test_a_selection_is_shown_in_a_frame(desk: Bench) -> None:
    said = _said(desk, "/feeds/country/mn.html")
    (frame,) = html.fromstring(f"<div>{said['html']}</div>").xpath("//iframe")
    assert (said["version"], said["type"], said["title"]) == ("1.0", "rich", "Test office – Mongolia")
    assert frame.get("src") == f"{BASE}/embed/frame/5/country/mn.html"
    assert (frame.get("width"), frame.get("height")) == (str(said["width"]), str(said["height"]))


@pytest.mark.parametrize(
    ("path", "framed"),
    [
        ("/", "/embed/frame/5/all.html"),
        ("/mn/", "/mn/embed/frame/5/all.html"),
        ("/feeds/country/Mongolia.atom?utm=1#top", "/embed/frame/5/country/mn.html"),
        ("/ar/feeds/all.json", "/ar/embed/frame/5/all.html"),
        ("/embed/frame/9/all.html", "/embed/frame/5/all.html"),
    ],
)
def test_every_spelling_of_a_selection_is_understood(desk: Bench, path: str, framed: str) -> None:
    assert f'src="{BASE}{framed}"' in _said(desk, path)["html"]


def test_bounds_are_kept(desk: Bench) -> None:
    said = _said(desk, "/feeds/all.html", maxwidth="300", maxheight="250")
    assert (said["width"], said["height"]) <= (300, 250)
    assert "/embed/frame/2/all.html" in said["html"]
    tiny = _said(desk, "/feeds/all.html", maxwidth="10", maxheight="10")
    assert (tiny["width"], tiny["height"]) == (10, 10)
    vast = _said(desk, "/feeds/all.html", maxwidth="99999", maxheight="99999")
    assert (vast["width"], vast["height"]) == (600, 492)


def test_a_release_is_a_card_in_a_frame_with_its_words_before_it(desk: Bench) -> None:
    said = _said(desk, "/releases/2021/elsewhere")
    words, frame = html.fragments_fromstring(said.pop("html"))
    assert (words.tag, frame.tag) == ("blockquote", "iframe")
    assert words.get("hidden") == ""  # for those who can show the frame
    assert words.text_content() == "Elsewhere · 3 June 2021 · Some text."
    assert words.xpath(".//a/@href") == ["https://www.ilo.org/a?b=1&c=2"]
    assert frame.get("src") == f"{BASE}/embed/release/2021/elsewhere.html"
    assert (frame.get("title"), frame.get("width"), frame.get("height")) == ("Elsewhere", "600", "204")
    assert said == {
        "version": "1.0",
        "type": "rich",
        "title": "Elsewhere",
        "author_name": "Test office",
        "provider_name": "Test office",
        "provider_url": f"{BASE}/",
        "width": 600,
        "height": 204,
        "thumbnail_url": "https://www.ilo.org/a.jpg",
        "thumbnail_width": 400,
        "thumbnail_height": 300,
    }


def test_the_card_itself_is_embedded_as_its_release(desk: Bench) -> None:
    assert _said(desk, "/embed/release/2021/dam.html?theme=dark") == _said(desk, "/releases/2021/dam")


def test_the_card_keeps_the_bounds(desk: Bench) -> None:
    said = _said(desk, "/releases/2021/dam", maxwidth="300", maxheight="150")
    assert (said["width"], said["height"]) == (300, 150)
    assert 'width="300" height="150"' in said["html"]


def test_what_is_markup_in_a_title_is_text_in_the_answer(desk: Bench) -> None:
    found = html.fragment_fromstring(_said(desk, "/releases/2021/markup")["html"], create_parent="div")
    assert not found.xpath("//img | //script | //@onerror")
    assert found.xpath("//blockquote/a")[0].text_content() == "<img src=x onerror=alert(1)> is bold"


def test_a_picture_too_large_is_left_out(desk: Bench) -> None:
    assert "thumbnail_url" not in _said(desk, "/releases/2021/elsewhere", maxwidth="399")


def test_a_former_address_of_a_release_is_understood(desk: Bench) -> None:
    assert _said(desk, "/releases/2020/old")["title"] == "Corrected"


def test_xml_says_the_same_as_json(desk: Bench) -> None:
    for path in ("/feeds/country/cn.html", "/releases/2021/dam"):
        document = _answer(desk, path, format="xml")
        assert document.media_type == "text/xml; charset=utf-8"
        root = etree.fromstring(document.body)
        assert root.tag == "oembed"
        assert {each.tag: each.text for each in root} == {k: str(v) for k, v in _said(desk, path).items()}


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/",
        "https://news.example.org.evil.example/office/",
        "https://evil.example/https://news.example.org/office/",
        "https://user@news.example.org/office/",
        "https://news.example.org/",
        "https://news.example.org/officefeeds/all.html",
        "ftp://news.example.org/office/feeds/all.html",
        "https://[",
        "javascript:alert(1)",
        f"{BASE}/releases/2021/wrong",
        f"{BASE}/releases/2021/later",
        f"{BASE}/releases/2021/none",
        f"{BASE}/embed/release/2021/wrong.html",
        f"{BASE}/embed/release/2021/later.html",
        f"{BASE}/feeds/country/atlantis.html",
        f"{BASE}/feeds/all.html?q=dam",
        f"{BASE}/feeds/",
        f"{BASE}/oembed",
        f"{BASE}/../../etc/passwd",
        f"{BASE}/%00%ff",
    ],
)
def test_what_is_not_ours_to_show_is_not_found(desk: Bench, url: str) -> None:
    assert isinstance(ask(desk, "/oembed", urlencode({"url": url})), Missing)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("url=", 400),
        (f"url={BASE}/&maxwidth=wide", 400),
        (f"url={BASE}/&maxwidth=0", 400),
        (f"url={BASE}/&maxheight=-1", 400),
        (f"url={BASE}/&maxheight=1e3", 400),
        (f"url={BASE}/&maxwidth={'9' * 5_000}", 400),
        (f"url={BASE}/{'a' * 5_000}", 400),
        ("a=1&" * 1_000, 400),
        (f"url={BASE}/&format=yaml", 501),
    ],
)
def test_a_bad_question_is_told_what_to_do_and_never_echoed(desk: Bench, query: str, status: int) -> None:
    found = ask(desk, "/oembed", query)
    assert isinstance(found, Document)
    assert (found.status, found.media_type) == (status, "text/plain; charset=utf-8")
    assert len(found.body) < 100


def test_the_first_of_repeated_fields_counts(desk: Bench) -> None:
    found = ask(desk, "/oembed", urlencode([("url", f"{BASE}/"), ("url", "https://example.org/")]))
    assert isinstance(found, Document)


@pytest.mark.parametrize("path", ["/", "/feeds/country/cn.html", "/mn/feeds/all.html", "/releases/2021/dam"])
def test_every_page_says_how_to_embed_it(desk: Bench, path: str) -> None:
    page = ask(desk, path)
    assert isinstance(page, Document)
    links = html.fromstring(page.body.decode()).xpath("//link[@rel='alternate'][contains(@type, 'oembed')]")
    assert [link.get("type") for link in links] == ["application/json+oembed", "text/xml+oembed"]
    for link in links:
        address = urlsplit(link.get("href"))
        found = ask(desk, address.path.removeprefix("/office"), address.query)
        assert isinstance(found, Document)
        assert found.status == 200
