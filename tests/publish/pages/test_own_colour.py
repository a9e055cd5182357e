"""The newsroom's own colour: readable wherever it stands, or the built-in one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html

from feeds.content import read_newsroom
from feeds.model.colour import DARK_BACKGROUNDS, ENOUGH, LIGHT_BACKGROUNDS, contrast, darker, lighter
from feeds.publish.assets import assets
from tests.makers import NEWSROOM, a_compiled, a_newsroom, yaml

COLOURS = ("#0b5fff", "#e30613", "#767676", "#000000", "#007a33")
FILES = {"2021/2021-06-01-dam.yaml": yaml()}


def test_the_backgrounds_are_those_of_the_style_sheet() -> None:
    style = assets()["style.css"].body.decode().replace("#fff,", "#ffffff,")
    for name, light, dark in zip(("paper", "band"), LIGHT_BACKGROUNDS, DARK_BACKGROUNDS, strict=True):
        assert f"--{name}: light-dark({light}, {dark});" in style


@pytest.mark.parametrize("colour", COLOURS)
def test_every_shade_can_be_read_on_every_background(colour: str) -> None:
    assert min(contrast(darker(colour, LIGHT_BACKGROUNDS), each) for each in LIGHT_BACKGROUNDS) >= ENOUGH
    assert min(contrast(lighter(colour, DARK_BACKGROUNDS), each) for each in DARK_BACKGROUNDS) >= ENOUGH


@pytest.mark.parametrize("path", ["/", "/releases/2021/dam", "/embed/frame/5/all.html"])
def test_pages_and_frames_load_a_style_sheet_with_the_colour(tmp_path: Path, path: str) -> None:
    bench = a_compiled(tmp_path, FILES, newsroom=NEWSROOM + 'colour: "#0B5FFF"\n')
    assert not bench.problems()
    sheets = html.document_fromstring(bench.body(path)).xpath("//link[@rel='stylesheet']/@href")
    sheet = bench.document(sheets[-1])
    assert sheet.media_type.startswith("text/css")
    dark = re.search(r"--mark: light-dark\(#0b5fff, (#[0-9a-f]{6})\)", sheet.body.decode())
    assert dark
    assert contrast(dark[1], DARK_BACKGROUNDS[0]) >= ENOUGH


def test_another_colour_has_another_address(tmp_path: Path) -> None:
    sheets = []
    for colour in COLOURS[:2]:
        bench = a_compiled(tmp_path / colour[1:], FILES, newsroom=f'{NEWSROOM}colour: "{colour}"\n')
        sheets += html.document_fromstring(bench.body("/")).xpath("//link[@rel='stylesheet']/@href")
    assert len(set(sheets)) == 2


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            '"#ffcc00"',
            (
                "9:9: warning: colour: “#ffcc00” has a contrast of 1.51 to 1 against white, and text needs 4.5"
                ' (the nearest shade that can be read is "{shade}"; until then the built-in colour is used)'
            ),
        ),
        ("blue", '9:9: warning: colour: “blue” is not a colour (write a # and six digits in quotes, as in "#0b5fff")'),
        ("[1]", '9:9: warning: colour: not a colour (write a # and six digits in quotes, as in "#0b5fff")'),
        (
            "#0b5fff",
            (
                "9:1: warning: colour: has no value, since “#0b5fff” is a comment for YAML"
                " (put quotes around the text; or write one, or delete the line)"
            ),
        ),
    ],
)
def test_a_colour_that_cannot_be_used_is_told_and_the_built_in_one_is_used(
    tmp_path: Path, written: str, told: str
) -> None:
    folder = a_newsroom(tmp_path, newsroom=f"{NEWSROOM}colour: {written}\n")
    vocabulary, problems = read_newsroom(folder)
    assert vocabulary is not None
    assert vocabulary.newsroom.colour is None
    shade = darker("#ffcc00", LIGHT_BACKGROUNDS[:1])
    assert contrast(shade, "#ffffff") >= ENOUGH
    assert [str(each) for each in problems] == [f"data/newsroom.yaml:{told.format(shade=shade)}"]
    assert not any(each.fatal for each in problems)
