"""Sites that show links show a picture: that of the release, else one with its title; never before its moment."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from lxml import html
from PIL import Image

from feeds.media.drawing import fonts
from feeds.publish import all_addresses, release_image
from feeds.publish.assets import assets
from feeds.publish.document import Document, Missing, Moved
from tests.export.exporter import contents, exported
from tests.makers import BASE, NEWSROOM, NOW, TOMORROW, YESTERDAY, Bench, a_compiled, write, yaml
from tests.media.files import picture
from tests.tools import needs_fonts

FILES = {
    "2021/2021-06-23-dam.yaml": yaml(title="The dam is open", published=YESTERDAY, aliases=["2021/weir"]),
    "2021/2021-06-23-dam.mn.yaml": "title: Далан нээгдлээ\nsummary: Далангийн тухай.\n",
    "2021/2021-06-22-road.yaml": yaml(
        published="2021-06-22", image={"src": "https://img.example/r.jpg", "alt": "A road", "width": 900, "height": 600}
    ),
    "2021/2021-06-21-wall.yaml": yaml(published="2021-06-21", withdrawn={"date": YESTERDAY, "reason": "It was wrong."}),
    "2021/2021-06-25-later.yaml": yaml(published=TOMORROW),
}
DAM = "/releases/2021/dam.png"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    needs_fonts()
    return a_compiled(tmp_path_factory.mktemp("images"), FILES, newsroom=f"{NEWSROOM}colour: '#9e0b4f'\n")


def card(bench: Bench, path: str) -> dict[str, str]:
    """What a page says of itself to sites that show links."""
    head = html.fromstring(bench.document(path).body)
    properties = zip(head.xpath("//meta[@property]/@property"), head.xpath("//meta[@property]/@content"), strict=True)
    names = zip(head.xpath("//meta[@name]/@name"), head.xpath("//meta[@name]/@content"), strict=True)
    return {**dict(properties), **dict(names)}


def test_a_page_names_the_picture_with_the_title_of_its_release(bench: Bench) -> None:
    told = card(bench, "/releases/2021/dam")
    address, _, mark = told["og:image"].partition("?v=")
    assert address == BASE + DAM
    assert len(mark) == 8
    assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")
    assert told["og:image:alt"] == "The dam is open"
    assert told["twitter:card"] == "summary_large_image"
    assert "max-image-preview:large" in told["robots"]


def test_the_picture_is_a_png_of_that_size_in_the_colour_of_the_newsroom(bench: Bench) -> None:
    found = bench.document(DAM, query="v=1a2b3c4d")
    assert (found.media_type, found.status, found.shared, found.language) == ("image/png", 200, True, "en")
    image = Image.open(io.BytesIO(found.body))
    assert image.size == (1200, 630)
    assert image.convert("RGB").getpixel((2, 2)) == (0x9E, 0x0B, 0x4F)
    assert found.body == bench.document(DAM).body


def test_each_language_has_its_own(bench: Bench) -> None:
    assert card(bench, "/mn/releases/2021/dam")["og:image"].startswith(f"{BASE}/mn{DAM}?v=")
    assert bench.document(f"/mn{DAM}").body != bench.document(DAM).body


def test_a_release_with_a_picture_shows_that_and_no_other(bench: Bench) -> None:
    told = card(bench, "/releases/2021/road")
    assert told["og:image"] == "https://img.example/r.jpg"
    assert isinstance(bench.answer("/releases/2021/road.png"), Missing)


def test_it_is_there_exactly_as_long_as_readers_may_see_the_release(bench: Bench) -> None:
    assert bench.answer("/releases/2021/later.png", NOW) == Missing("/")
    assert bench.answer("/releases/2021/later.png", TOMORROW).media_type == "image/png"  # type: ignore[union-attr]
    assert bench.answer("/releases/2021/wall.png") == Missing("/", gone=True)
    assert bench.answer("/releases/2021/nothing.png") == Missing("/")
    assert bench.answer("/releases/2021/weir.png") == Moved(DAM)
    for name in ("dam.PNG", "dam.png.png", ".png", "dam.gif"):
        assert not isinstance(bench.answer(f"/releases/2021/{name}"), Document), name


def test_a_newsroom_without_a_colour_has_that_of_links(tmp_path: Path) -> None:
    needs_fonts()
    image = Image.open(io.BytesIO(a_compiled(tmp_path, FILES).document(DAM).body)).convert("RGB")
    red, green, blue = image.getpixel((2, 2))  # type: ignore[misc]  # of a picture in these three colours
    assert f"--link: light-dark(#{red:02x}{green:02x}{blue:02x}," in assets()["style.css"].body.decode()


def test_another_title_is_another_address_of_the_picture(tmp_path: Path) -> None:
    needs_fonts()
    bench = a_compiled(tmp_path, FILES)
    before = card(bench, "/releases/2021/dam")["og:image"]
    write(bench.folder, "2021/2021-06-23-dam.yaml", yaml(title="The dam is closed", published=YESTERDAY))
    bench.compile(now=NOW)
    after = card(bench, "/releases/2021/dam")["og:image"]
    assert after.partition("?")[0] == before.partition("?")[0]
    assert after != before


def test_without_fonts_links_show_the_logo(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release_image, "is_drawable", lambda _: False)
    told = card(bench, "/releases/2021/dam")
    assert "/static/logo-" in told["og:image"]
    assert told["twitter:card"] == "summary"
    assert isinstance(bench.answer(DAM), Missing)


def test_an_export_has_it_as_soon_as_there_are_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs_fonts()
    bench, out = a_compiled(tmp_path / "newsroom", FILES), tmp_path / "out"
    with monkeypatch.context() as without:
        without.setattr(fonts, "can_draw", lambda: False)
        without.setattr(all_addresses, "can_draw", lambda: False)
        without.setattr(release_image, "is_drawable", lambda _: False)
        exported(bench, out, NOW)
        assert "releases/2021/dam.png" not in contents(out)
        assert b"/static/logo-" in contents(out)["releases/2021/dam.html"]
    exported(bench, out, NOW)
    assert "releases/2021/dam.png" in contents(out)
    assert b"/releases/2021/dam.png?v=" in contents(out)["releases/2021/dam.html"]


def test_an_export_has_it_until_the_release_has_a_picture_of_its_own(tmp_path: Path) -> None:
    needs_fonts()
    bench = a_compiled(tmp_path / "newsroom", FILES)
    out = tmp_path / "out"
    exported(bench, out, NOW)
    assert {name for name in contents(out) if name.endswith(".png") and name.startswith(("releases", "mn/"))} == {
        "releases/2021/dam.png",
        "mn/releases/2021/dam.png",
    }
    assert contents(out)["releases/2021/dam.png"] == bench.document(DAM).body
    (bench.folder / "releases/2021/photo.jpg").write_bytes(picture("JPEG"))
    image = {"src": "photo.jpg", "alt": "The dam"}
    write(bench.folder, "2021/2021-06-23-dam.yaml", yaml(title="The dam is open", published=YESTERDAY, image=image))
    bench.compile(now=NOW)
    exported(bench, out, NOW)
    assert "releases/2021/dam.png" not in contents(out)
