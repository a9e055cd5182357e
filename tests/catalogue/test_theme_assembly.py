"""A newsroom's theme reaches its pages with the next compile, goes with it, and leaves feeds as they are."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest

from feeds.publish.document import Document, Missing, Moved, StoredFile
from feeds.web.watcher import look
from tests.makers import NOW, Bench, a_newsroom, yaml
from tests.media.files import picture

LATER = NOW + timedelta(hours=1)
FONT = b"wOF2 of this size"
STYLE = "@font-face { font-family: H; src: url(h.woff2) }\n.top { background: url('sea.png') }\n"
FOOTER = '{% extends "product/base.html" %}\n{% block rights %}<p>By the sea</p>{% endblock %}\n'


def a_bench(path: Path, **files: str | bytes) -> Bench:
    """A compiled newsroom with a theme; ``base_html=…`` is theme/base.html."""
    bench = Bench(a_newsroom(path, {"2021-06-01-dam.yaml": yaml(countries=["MN"])}))
    bench.compile(now=NOW)
    save(bench, **files)
    return bench


def save(bench: Bench, **files: str | bytes) -> None:
    """Writes files of the theme, and compiles."""
    folder = bench.folder / "theme"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / ".".join(name.rsplit("_", 1))).write_bytes(text if isinstance(text, bytes) else text.encode())
    bench.compile(now=LATER)


def sheet(bench: Bench) -> Document:
    """The theme's style sheet, as the front page names it."""
    return bench.document(re.findall(r'href="(/static/theme-[^"]+)"', bench.body("/", LATER))[-1])


def test_pages_load_the_style_sheet_and_its_files_at_addresses_that_change_with_their_bytes(tmp_path: Path) -> None:
    bench = a_bench(tmp_path, style_css=STYLE, h_woff2=FONT, sea_png=picture("PNG", 8, 8))
    assert bench.problems() == []
    found = sheet(bench)
    assert found.max_age
    font, sea = re.findall(r'url\("\.\.(/media/[0-9a-f]{32}/[^"]+)"\)', found.body.decode())
    answer = bench.answer(font)
    assert isinstance(answer, StoredFile)
    assert (answer.media_type, bench.location.media.path(answer.digest).read_bytes()) == ("font/woff2", FONT)
    assert bench.document("/", LATER).fonts
    former = re.findall(r"/static/theme-\w+\.css", bench.body("/", LATER))[0]
    save(bench, sea_png=picture("PNG", 9, 9))
    assert font in sheet(bench).body.decode()
    assert sea not in sheet(bench).body.decode()
    assert isinstance(bench.answer(sea), Missing)
    moved = bench.answer(former)
    assert isinstance(moved, Moved)
    assert bench.document(moved.path).body == sheet(bench).body


def test_a_template_takes_the_place_of_the_products_and_feeds_stay_as_they_are(tmp_path: Path) -> None:
    bench = a_bench(tmp_path)
    before = {path: bench.document(path, LATER) for path in ("/feeds/all.atom", "/feeds/all.rss", "/about")}
    report_of = bench.compile(now=LATER)
    assert not report_of.changed
    (bench.folder / "theme" / "base.html").write_text(FOOTER, encoding="utf-8")
    report = bench.compile(now=LATER)
    assert (report.changed, report.stories) == (True, 0), "no release is rendered again"
    after = {path: bench.document(path, LATER) for path in before}
    for path in ("/feeds/all.atom", "/feeds/all.rss"):
        assert after[path] == before[path]
    assert b"<p>By the sea</p>" in after["/about"].body
    assert after["/about"].last_modified == LATER > before["/about"].last_modified
    (bench.folder / "theme" / "base.html").unlink()
    bench.compile(now=LATER)
    assert bench.document("/about", LATER).body == before["/about"].body


def test_a_new_catalogue_remembers_when_the_look_has_changed(tmp_path: Path) -> None:
    bench = a_bench(tmp_path, base_html=FOOTER)
    bench.compile(now=LATER + timedelta(hours=1), afresh=True)
    assert bench.document("/about", LATER + timedelta(hours=2)).last_modified == LATER


def test_a_broken_template_costs_only_itself(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    bench = a_bench(tmp_path)
    pages = {path: bench.body(path, LATER) for path in ("/", "/help", "/about", "/releases/2021/dam")}
    headline = '{% extends "product/release.html" %}{% block heading %}<h1>{{ headline }}!</h1>{% endblock %}'
    save(bench, front_html="{% iffy %}", help_html="\n{{ secret_title }}", release_html=headline)
    (problem,) = bench.problems()
    assert problem.startswith("data/theme/front.html:1:1: warning: it cannot be read: Encountered unknown tag 'iffy'")
    for path in ("/", "/help", "/about"):
        assert bench.body(path, LATER) == bench.body(path, LATER) == pages[path]
    assert "<h1>About it!</h1>" in bench.body("/releases/2021/dam", LATER)
    told = [record.getMessage() for record in caplog.records]
    assert told == [
        "theme/front.html:1: readers get the built-in page (TemplateSyntaxError); `feeds check` says what is wrong",
        "theme/help.html:2: readers get the built-in page (UndefinedError); `feeds check` says what is wrong",
    ], "once each, and without any text of the template"


def test_a_style_sheet_that_cannot_be_used_stays_as_it_was_with_its_files(tmp_path: Path) -> None:
    bench = a_bench(tmp_path, style_css=STYLE, h_woff2=FONT, sea_png=picture("PNG", 8, 8))
    good = sheet(bench).body
    save(bench, style_css=b"a { color: \xff }", h_woff2=FONT + b"2")
    (problem,) = bench.problems()
    assert problem.startswith("data/theme/style.css:1:12: warning: the file is not UTF-8 text (save it with")
    assert sheet(bench).body == good
    for path in re.findall(r"/media/[^\"]+", good.decode()):
        answer = bench.answer(path)
        assert isinstance(answer, StoredFile)
        assert bench.location.media.has(answer.digest)
    (bench.folder / "theme" / "style.css").unlink()
    bench.compile(now=LATER)
    assert "/static/theme-" not in bench.body("/", LATER)


@pytest.mark.parametrize(
    ("style", "place", "told"),
    [
        ("a { b: url(no.png) }", "1:8", "there is no file “no.png” in theme/ (put it into theme/, or delete the line)"),
        ("a { b: url(see.png) }", "1:8", "there is no file “see.png” in theme/ (did you mean “sea.png”?)"),
        ("\na { b: url('bad.woff2') }", "2:12", "“bad.woff2” cannot be used"),
        ("a { b: url(https://x.example/a.png) }", "1:8", "“https://x.example/a.png” is on another site, which would"),
        ("a { b: image-set('//x.example/a.png' 1x) }", "1:18", "“//x.example/a.png” is on another site"),
        ("a { b: url(data:image/png;base64,AA) }", "1:8", "“data:image/png;base64,AA” is no file, and the content"),
        ("a { b: url(../logo.png) }", "1:8", "“../logo.png” is not the name of a file in theme/"),
        ("@import 'more.css';", "1:1", "@import loads nothing here (write its rules into this file)"),
        ("a { b: 'open\n}", "1:8", "this cannot be read as CSS: bad string token (close the quotes and brackets"),
        ("a { b: c } }", "1:12", "this cannot be read as CSS: unmatched }"),
        ("a {}" * 70_000, "", "the file has 280,000 bytes and may have 262,144 (shorten it)"),
        ("a { b: \x07 }", "1:8", "an invisible control character (U+0007)"),
    ],
)
def test_what_is_wrong_with_a_style_sheet_is_told_with_its_place(
    tmp_path: Path, style: str, place: str, told: str
) -> None:
    bench = a_bench(tmp_path, style_css=style, sea_png=picture("PNG", 8, 8), bad_woff2=b"<html>")
    (problem,) = (each for each in bench.problems() if "style.css" in each)
    assert problem.startswith(f"data/theme/style.css{':' if place else ''}{place}: warning: {told}")
    assert "/static/theme-" not in bench.body("/", LATER)


def test_addresses_that_load_nothing_are_left_as_they_are(tmp_path: Path) -> None:
    style = '@namespace svg url(http://www.w3.org/2000/svg);\na { filter: url(#blur); b: url("sea.png#x\\"y") }'
    bench = a_bench(tmp_path, style_css=style, sea_png=picture("PNG", 8, 8))
    assert bench.problems() == []
    found = sheet(bench).body.decode()
    assert found.startswith("@namespace svg url(http://www.w3.org/2000/svg);\na { filter: url(#blur); b: url(")
    assert re.search(r'/sea\.png#x%22y"\) }$', found)


def test_what_else_lies_in_the_folder_is_told(tmp_path: Path) -> None:
    names = ("releas.html", "style.scss", "main.css", "OFL.txt", "_part.html", ".style.css.swp", "small.svg", "sea.png")
    bench = Bench(a_newsroom(tmp_path))
    theme = bench.folder / "theme"
    (theme / "fonts").mkdir(parents=True)
    for name in names:
        (theme / name).write_text("")
    (theme / "base.html").symlink_to(bench.folder / "newsroom.yaml")
    Path(os.fsdecode(os.fsencode(theme) + b"/\xff.png")).write_bytes(b"")
    bench.compile(now=NOW)
    told = [each.removeprefix("data/theme/").replace("warning: ", "").partition(" (")[0] for each in bench.problems()]
    assert told == [
        "\\udcff.png: its name is not UTF-8",
        "base.html: is a link or leads through one",
        "fonts: is a folder",
        "main.css: is not read",
        "releas.html: no page has a template of this name",
        "sea.png: is empty",
        "small.svg: is empty",
        "style.scss: is not read",
    ]


@pytest.mark.parametrize("make", ["link", "file"])
def test_a_theme_that_is_no_folder_is_told(tmp_path: Path, make: str) -> None:
    bench = Bench(a_newsroom(tmp_path))
    theme = bench.folder / "theme"
    if make == "link":
        theme.symlink_to(tmp_path)
    else:
        theme.write_text("")
    bench.compile(now=NOW)
    assert bench.problems()[0].startswith(f"data/theme: warning: is a {make}")


def test_the_server_watches_the_folder(tmp_path: Path) -> None:
    bench = a_bench(tmp_path)
    before = dict(look(bench.folder))
    save(bench, style_css="a {}", base_html=FOOTER)
    assert dict(look(bench.folder)).keys() - before.keys() == {"theme/style.css", "theme/base.html"}
