"""The newsroom's own logo and icon: on pages, in feeds, at /favicon.ico, or why they are not there."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from lxml import html
from PIL import Image

from feeds.publish.document import Missing, Moved, StoredFile
from feeds.publish.http.security_headers import file_security_headers
from feeds.web.watcher import look
from tests.makers import BASE, NEWSROOM, NOW, Bench, a_newsroom, yaml
from tests.media.files import picture

LOOK = "logo: logo.svg\nicon: icon.png\n"
LOGO = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100"><rect width="9"/></svg>'
ICON = picture("PNG", 600, 600)
FILES = {"2021/2021-06-01-dam.yaml": yaml(countries=["MN"])}


def a_bench(tmp_path: Path, own: str = LOOK, **pictures: bytes) -> Bench:
    """A compiled newsroom with pictures beside newsroom.yaml; ``icon_png=…`` is icon.png."""
    folder = a_newsroom(tmp_path, FILES, newsroom=NEWSROOM + own)
    for name, content in pictures.items():
        (folder / name.replace("_", ".")).write_bytes(content)
    bench = Bench(folder)
    bench.compile(now=NOW)
    return bench


def stored(bench: Bench, address: str) -> tuple[str, bytes]:
    """The media type and bytes at a path or address of the newsroom."""
    found = bench.answer(address.removeprefix(BASE))
    assert isinstance(found, StoredFile), f"{address}: {found}"
    return found.media_type, bench.location.media.path(found.digest).read_bytes()


def width(content: bytes) -> int:
    with Image.open(io.BytesIO(content)) as image:
        assert image.width == image.height
        return image.width


def test_pages_show_the_logo_and_name_the_icon_in_the_sizes_of_browsers(tmp_path: Path) -> None:
    bench = a_bench(tmp_path, logo_svg=LOGO, icon_png=ICON)
    assert not bench.problems()
    page = html.document_fromstring(bench.body("/"))
    (logo,) = page.xpath("//header//img")
    assert (logo.get("alt"), logo.get("width"), logo.get("height")) == ("Test office", "300", "100")
    assert stored(bench, logo.get("src")) == ("image/svg+xml", LOGO)
    icons = {each.get("sizes"): each for each in page.xpath("//link[contains(@rel, 'icon')]")}
    assert {size: each.get("rel") for size, each in icons.items()} == {
        "32x32": "icon",
        "192x192": "icon",
        "180x180": "apple-touch-icon",
    }
    for size, each in icons.items():
        media_type, content = stored(bench, each.get("href"))
        assert (media_type, f"{width(content)}x{width(content)}") == ("image/png", size)


def test_a_logo_that_is_not_wide_stands_beside_the_name(tmp_path: Path) -> None:
    bench = a_bench(tmp_path, "logo: crest.png\n", crest_png=ICON)
    header = html.document_fromstring(bench.body("/")).find(".//header")
    assert header.find(".//p[@class='name']").text_content().strip() == "Test office"
    assert header.find(".//img").get("alt") == ""


def test_feeds_and_search_engines_get_the_icon_and_the_logo(tmp_path: Path) -> None:
    bench = a_bench(tmp_path, logo_svg=LOGO, icon_png=ICON)
    feed = json.loads(bench.body("/feeds/all.json"))
    assert width(stored(bench, feed["icon"])[1]) == 512
    assert width(stored(bench, feed["favicon"])[1]) == 192
    assert f"<icon>{feed['favicon']}</icon>" in bench.body("/feeds/all.atom")
    assert f"<logo>{feed['icon']}</logo>" in bench.body("/feeds/all.atom")
    assert f"<url>{feed['icon']}</url>" in bench.body("/feeds/all.rss")
    page = html.document_fromstring(bench.body("/releases/2021/dam"))
    article = json.loads(page.findtext(".//script[@type='application/ld+json']") or "")
    assert stored(bench, article["publisher"]["logo"]["url"])[1] == LOGO
    front = html.document_fromstring(bench.body("/"))
    assert front.xpath("//meta[@property='og:image']/@content") == [feed["icon"]]


def test_the_favicon_leads_to_the_newsrooms_icon_while_it_has_one(tmp_path: Path) -> None:
    bench = a_bench(tmp_path, icon_png=ICON, logo_svg=LOGO)
    found = bench.answer("/favicon.ico")
    assert isinstance(found, Moved)
    assert not found.permanent
    assert width(stored(bench, found.path)[1]) == 32
    newsroom = bench.folder / "newsroom.yaml"
    newsroom.write_text(NEWSROOM, encoding="utf-8")
    bench.compile(now=NOW)
    assert bench.document("/favicon.ico").media_type == "image/x-icon"
    assert isinstance(bench.answer(found.path), Missing)


def test_a_small_icon_is_not_made_larger(tmp_path: Path) -> None:
    bench = a_bench(tmp_path, "icon: icon.png\n", icon_png=picture("PNG", 64, 64))
    feed = json.loads(bench.body("/feeds/all.json"))
    assert feed["icon"] == feed["favicon"]
    assert width(stored(bench, feed["icon"])[1]) == 32


def test_an_svg_icon_is_taken_as_it_is_and_runs_nothing(tmp_path: Path) -> None:
    icon = LOGO.replace(b"300", b"100")
    bench = a_bench(tmp_path, "icon: icon.svg\n", icon_svg=icon)
    assert not bench.problems()
    (link,) = html.document_fromstring(bench.body("/")).xpath("//link[@rel='icon']")
    assert stored(bench, link.get("href")) == ("image/svg+xml", icon)
    policy = dict(file_security_headers("image/svg+xml"))["Content-Security-Policy"]
    assert "sandbox" in policy


def test_another_picture_of_the_same_name_has_another_address(tmp_path: Path) -> None:
    bench = a_bench(tmp_path, icon_png=ICON, logo_svg=LOGO)
    before = json.loads(bench.body("/feeds/all.json"))["icon"]
    (bench.folder / "icon.png").write_bytes(picture("PNG", 512, 512))
    assert bench.compile(now=NOW).changed
    after = json.loads(bench.body("/feeds/all.json"))["icon"]
    assert before != after
    assert isinstance(bench.answer(before.removeprefix(BASE)), Missing)


def test_the_pictures_beside_the_newsroom_are_watched(tmp_path: Path) -> None:
    bench = a_bench(tmp_path, icon_png=ICON, logo_svg=LOGO)
    assert {"icon.png", "logo.svg"} <= dict(look(bench.folder)).keys()


@pytest.mark.parametrize(
    ("own", "pictures", "told"),
    [
        ("icon: icon.png\n", {}, "“icon.png” there is no such file (look at its name)"),
        ("icon: icon.png\n", {"icon_png": picture("PNG", 90, 60)}, "“icon.png” is 90 × 60, not square"),
        ("icon: icon.png\n", {"icon_png": picture("PNG", 16, 16)}, "“icon.png” is only 16 pixels wide"),
        ("icon: icon.png\n", {"icon_png": picture("JPEG", 64, 64)}, "“icon.png” is a picture of the type image/jpeg"),
        ("icon: icon.png\n", {"icon_png": b"text"}, "“icon.png” is not a picture that browsers show"),
        ("icon: icon.jpg\n", {"icon_jpg": picture()}, "“icon.jpg” is no picture of a type that can stand here"),
        (
            "logo: logo.svg\n",
            {"logo_svg": b"<html></html>"},
            "“logo.svg” is not what it seems: its name says that it is SVG, its content",
        ),
        ("logo: logo.pdf\n", {}, "“logo.pdf” is no picture of a type that can stand here"),
        ("logo: ../logo.svg\n", {}, "not the name of a picture beside newsroom.yaml"),
        ("logo: brand/logo.svg\n", {}, "not the name of a picture beside newsroom.yaml"),
        ("logo: https://e.org/logo.svg\n", {}, "not the name of a picture beside newsroom.yaml"),
        ("logo: logo\n", {}, "not the name of a picture beside newsroom.yaml"),
    ],
)
def test_a_picture_that_cannot_be_used_is_told_with_its_line_and_stops_nothing(
    tmp_path: Path, own: str, pictures: dict[str, bytes], told: str
) -> None:
    bench = a_bench(tmp_path, own, **pictures)
    field = own.partition(":")[0]
    (problem,) = bench.problems()
    assert problem.startswith(f"data/newsroom.yaml:9:7: warning: {field}: {told}")
    assert json.loads(bench.body("/feeds/all.json"))["favicon"].startswith(f"{BASE}/static/icon-")
    assert not html.document_fromstring(bench.body("/")).xpath("//header//img")
