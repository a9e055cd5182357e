"""One release's fault costs that release only: it is named, its last good version stays, all else is published."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import comrak
import pytest
from lxml import etree

from feeds.catalogue import compile_folder
from feeds.content import yaml_text
from feeds.model.formats import SYNDICATED
from feeds.publish.document import Document
from feeds.render import markdown
from tests.makers import NOW, Bench, a_newsroom, write, yaml

DAM = "2021/2021-06-01-dam.yaml"
ROAD = "2021/2021-06-02-road.yaml"

UNWRITABLE = (
    *("&#x0b;", "&#8;", "&#12;", "&#x1f;", "&#xFFFE;", "&#xFFFF;", "&#0;", "&#X1B;", "&#x00000b;", "&#0000011;"),
    *("&#xD800;", "&#xdfff;", "&#55296;", "&#x110000;", "&#99999999999999999999;"),
    *("&#127;", "&#x7f;", "&#x81;", "&#141;", "&#143;", "&#x90;", "&#157;"),
)
"""Character references of XML and HTML that name what XML 1.0 section 2.2 excludes or discourages, or no character."""

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


class Panic(BaseException):
    """As a library in Rust raises it: no Exception."""


UNFORESEEN = [
    ValueError("All strings must be XML compatible"),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    KeyError("x"),
    RecursionError("maximum recursion depth exceeded"),
    MemoryError(),
    AssertionError(),
    Panic("index out of bounds"),
]
BROKEN = "BROKEN"
"""A text on which a library fails."""


def failing(monkeypatch: pytest.MonkeyPatch, library: Any, name: str, error: BaseException) -> None:
    """Makes a library's function, or the method of its sanitizer, raise for every text with BROKEN in it."""
    found = getattr(library, name)
    real = getattr(found, "clean", found)

    def fails(text: Any, *arguments: Any, **options: Any) -> Any:
        if (BROKEN.encode() if isinstance(text, bytes) else BROKEN) in text:
            raise error
        return real(text, *arguments, **options)

    monkeypatch.setattr(library, name, fails if real is found else SimpleNamespace(clean=fails))


@pytest.mark.parametrize("error", UNFORESEEN, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize(
    ("library", "name"), [(yaml_text, "CParser"), (comrak, "render_markdown"), (markdown, "_SANITIZER")]
)
def test_whatever_a_library_raises_holds_one_release_back_as_it_last_was(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, library: Any, name: str, error: BaseException
) -> None:
    failing(monkeypatch, library, name, error)
    problem = held_back(bench, with_line(f"body: {BROKEN}"))
    assert problem.startswith(f"data/releases/{DAM}: cannot be published ({type(error).__name__}")
    assert "please report it" in problem


def test_a_release_that_was_never_published_waits_until_the_program_is_mended(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        failing(broken, markdown, "_SANITIZER", ValueError("no"))
        write(bench.folder, "2021/2021-06-03-new.yaml", yaml(title="The new one", body=BROKEN, published="2021-06-03"))
        bench.compile()
        assert "The new one" not in bench.body("/feeds/all.atom")
    bench.location.path.unlink()
    bench.compile()
    assert "The new one" in bench.body("/feeds/all.atom")


def test_a_translation_that_fails_costs_only_itself(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    translation = write(bench.folder, "2021/2021-06-01-dam.mn.yaml", yaml(title="Далан"))
    failing(monkeypatch, markdown, "_SANITIZER", ValueError("no"))
    translation.write_text(yaml(title="Шинэ далан", body=BROKEN), encoding="utf-8")
    bench.compile()
    (problem,) = bench.problems()
    assert problem.startswith("data/releases/2021/2021-06-01-dam.mn.yaml: cannot be published")
    assert "hreflang" not in bench.body("/feeds/all.atom").partition("<entry")[2]  # it was never there
    assert "далан" not in bench.body("/mn/feeds/all.atom")


@pytest.mark.slow
def test_a_story_that_ends_its_process_is_named_and_the_compile_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "path").mkdir()
    # A library of that name in front of the real one: it ends the helper that meets BROKEN, as a crash in C would.
    (tmp_path / "path" / "nh3.py").write_text(
        "import os, sys\n"
        f"sys.path.remove({str(tmp_path / 'path')!r})\n"
        "own = sys.modules.pop('nh3')\n"
        "import nh3 as real\n"
        "class Cleaner:\n"
        "    def __init__(self, **options):\n"
        "        self.real = real.Cleaner(**options)\n"
        "    def clean(self, text):\n"
        f"        return os._exit(1) if {BROKEN!r} in text else self.real.clean(text)\n"
        "own.Cleaner = Cleaner\n"
        "sys.modules['nh3'] = own\n"
    )
    files = {f"2021/release-{n}.yaml": yaml(published=f"2021-01-01T00:{n // 60:02}:{n % 60:02}Z") for n in range(220)}
    bench = Bench(a_newsroom(tmp_path, files | {DAM: yaml(title="The dam", body=BROKEN)}))
    monkeypatch.setattr(sys, "path", [str(tmp_path / "path"), *sys.path])
    compile_folder(bench.folder, bench.location, bench.settings.base_url, processes=2)
    (problem,) = bench.problems()
    assert problem.startswith(f"data/releases/{DAM}: reading it ends the program")
    with bench.catalogue.reading() as snapshot:
        assert snapshot.counts.visible(NOW) == 220


def out_of_files(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The system refuses to open anything whose name ends so."""
    real = os.open

    def refused(path: Any, *arguments: Any, **options: Any) -> int:
        if str(path).endswith(name):
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return real(path, *arguments, **options)

    monkeypatch.setattr(os, "open", refused)


def test_a_file_that_the_machine_cannot_read_just_now_is_read_by_the_next_compile(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(bench.folder, DAM, yaml(title="The new dam"))
    with monkeypatch.context() as full:
        out_of_files(full, "dam.yaml")
        assert bench.compile().unread
        assert "The dam" in bench.body("/feeds/all.atom")
        (problem,) = bench.problems()
        assert problem.startswith(f"data/releases/{DAM}: cannot be read: Too many open files (it will be tried again")
    assert not bench.compile().unread
    assert "The new dam" in bench.body("/feeds/all.atom")
    assert not bench.problems()


def test_a_folder_that_cannot_be_opened_is_not_an_empty_one(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def refused(path: Any) -> Any:
        if str(path).endswith("2021"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return real(path)

    monkeypatch.setattr(os, "scandir", refused)
    bench.compile()
    assert "The dam" in bench.body("/feeds/all.atom")
    (problem,) = bench.problems()
    assert problem.startswith("data/releases/2021: cannot be opened: Permission denied")


def test_a_newsroom_on_which_the_program_fails_stays_as_it_was(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, yaml_text, "CParser", ValueError("no"))
    file = bench.folder / "newsroom.yaml"
    file.write_text(f"# {BROKEN}\n{file.read_text(encoding='utf-8')}", encoding="utf-8")
    bench.compile()
    assert "The dam" in bench.body("/feeds/all.atom")
    (problem,) = bench.problems()
    assert problem.startswith("data: cannot be read (ValueError: no)")


ADDRESS_FIELDS = {
    "url": "url: '{}'",
    "related": "related: ['{}']",
    "image": "image: {{src: '{}', alt: Dam}}",
    "attachments": "attachments: [{{url: '{}', title: A, type: application/pdf}}]",
    "authors": "authors: [{{name: A, url: '{}'}}]",
    "withdrawn": "withdrawn: {{date: 2021-06-05, reason: A, replacement: '{}'}}",
}
BAD_ADDRESSES = ("http://[::1", "http://]/", "https://e.org℀/x", "https://user:pw@e.org/", "https://e.org:99999/")


@pytest.mark.parametrize("address", BAD_ADDRESSES)
@pytest.mark.parametrize("field", ADDRESS_FIELDS)
def test_an_address_that_no_browser_could_open_holds_its_release_back(bench: Bench, field: str, address: str) -> None:
    problem = held_back(bench, with_line(ADDRESS_FIELDS[field].format(address)))
    assert problem.startswith(f"data/releases/{DAM}:4:")


@pytest.mark.parametrize("field", ["url", "image", "attachments", "body"])
def test_an_international_address_is_ascii_in_every_feed(bench: Bench, field: str) -> None:
    fields = ADDRESS_FIELDS | {"body": "body: '[a]({})'"}
    write(bench.folder, DAM, with_line(fields[field].format("https://bücher.example/Ярилцлага.mp3")))
    bench.compile()
    assert not bench.problems()
    for form in SYNDICATED:
        body = bench.body(f"/feeds/all.{form.suffix}")
        assert "https://xn--bcher-kva.example/%D0%AF%D1%80%D0%B8%D0%BB%D1%86%D0%BB%D0%B0%D0%B3%D0%B0.mp3" in body
        assert "bücher" not in body
