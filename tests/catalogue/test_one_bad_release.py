"""One release's fault costs that release only: it is named, its last good version stays, all else is published."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from feeds.document import Document
from feeds.formats import SYNDICATED
from tests.makers import Bench, a_newsroom, write, yaml

DAM = "2021/2021-06-01-dam.yaml"
ROAD = "2021/2021-06-02-road.yaml"

UNWRITABLE = (
    *("&#x0b;", "&#8;", "&#12;", "&#x1f;", "&#xFFFE;", "&#xFFFF;", "&#0;", "&#X1B;", "&#x00000b;", "&#0000011;"),
    *("&#xD800;", "&#xdfff;", "&#55296;", "&#x110000;", "&#99999999999999999999;"),
)
"""Character references of XML and HTML that name what XML 1.0 section 2.2 excludes, or no character."""

PLACES = {
    "text": "body: 'a{}b'",
    "block": "body: |\n  First.\n\n  a{}b",
    "folded": "body: >-\n  First\n  a{}b",
    "code span": "body: 'a `{}` b'",
    "fenced code": "body: |\n  ~~~\n  {}\n  ~~~",
    "link title": "body: '[a](https://e.org/ \"{}\")'",
    "link address": "body: '[a](https://e.org/{})'",
    "alternative text": "body: '![{}](https://e.org/a.png)'",
    "attribute": "body: '<span lang=\"{}\">a</span>'",
    "html": "body: '<p>a{}b</p>'",
    "title": "title: 'a{}b'",
    "summary": "summary: 'a{}b'",
    "dateline": "dateline: 'a{}b'",
    "caption": "image: {{src: 'https://e.org/a.png', alt: Dam, caption: 'a{}b'}}",
    "author": "authors: [{{name: 'a{}b'}}]",
    "correction": "corrections: [{{date: 2021-06-05, note: 'a{}b'}}]",
    "withdrawal": "withdrawn: {{date: 2021-06-05, reason: 'a{}b'}}",
}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Two releases, published."""
    files = {DAM: yaml(title="The dam"), ROAD: yaml(title="The road", published="2021-06-02")}
    bench = Bench(a_newsroom(tmp_path, files))
    bench.compile()
    return bench


def with_line(line: str) -> str:
    """A release with this field in the place of its own of that name."""
    name = line.partition(":")[0]
    fields = {"title": "The new dam", "summary": "S.", "published": "2021-06-01"}
    fields.pop(name, None)
    return "".join(f"{field}: {text}\n" for field, text in fields.items()) + f"{line}\n"


def held_back(bench: Bench, text: str) -> str:
    """Saves the dam's file; asserts that it alone is held back, and gives the one problem."""
    write(bench.folder, DAM, text)
    write(bench.folder, ROAD, yaml(title="The new road", published="2021-06-02"))
    bench.compile()
    for form in SYNDICATED:
        body = bench.body(f"/feeds/all.{form.suffix}")
        assert "The dam" in body
        assert "The new road" in body
        if form.suffix != "json":
            etree.fromstring(body.encode())
    assert isinstance(bench.answer("/releases/2021/dam"), Document)
    (problem,) = bench.problems()
    return problem


@pytest.mark.parametrize("place", PLACES)
def test_a_reference_to_what_no_feed_can_carry_holds_its_release_back_wherever_it_stands(
    bench: Bench, place: str
) -> None:
    text = with_line(PLACES[place].format("&#x0b;"))
    line = text[: text.index("&#x0b;")].count("\n") + 1
    problem = held_back(bench, text)
    assert problem.startswith(f"data/releases/{DAM}:{line}:")
    assert "&#x0b;" in problem


@pytest.mark.parametrize("reference", UNWRITABLE)
def test_every_reference_to_what_no_feed_can_carry_is_known(bench: Bench, reference: str) -> None:
    assert f"“{reference}”" in held_back(bench, with_line(f"body: 'a{reference}b'"))


@pytest.mark.parametrize("reference", ["&#x0b", "&#11", "&#X1f"])
def test_in_html_a_reference_needs_no_semicolon(bench: Bench, reference: str) -> None:
    assert f"“{reference}”" in held_back(bench, with_line(f"body: '<p>a{reference} b</p>'"))


def test_a_reference_written_with_yamls_escapes_is_known(bench: Bench) -> None:
    problem = held_back(bench, with_line('body: "a\\x26#x0b;b"'))
    assert problem.startswith(f"data/releases/{DAM}:4:7: body: ")


@pytest.mark.parametrize("text", ["AT&#1", "a&#x41;b", "a&#65;b", "a&#x1F600;b", "a&#9;b", "R&D #7; more", "a&#128;b"])
def test_other_references_hold_nothing_back(bench: Bench, text: str) -> None:
    write(bench.folder, DAM, with_line(f"body: '{text}'"))
    bench.compile()
    assert not bench.problems()
    etree.fromstring(bench.body("/feeds/all.atom").encode())
