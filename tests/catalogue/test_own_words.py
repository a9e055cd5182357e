"""A newsroom's own words reach pages and feeds with the next compile, and go with it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from feeds.web.watcher import look
from tests.makers import NOW, Bench, a_newsroom, yaml

CORRECTED = yaml(published="2021-06-01", corrections=[{"date": "2021-06-02", "note": "It was ten.", "major": True}])
LATER = NOW + timedelta(hours=1)
OWN = """\
msgid "Correction, {date}:"
msgstr "Put right on {date}:"

msgid "Feeds"
msgstr "Channels & \\"more\\""

msgid "{n} release, of {date}."
msgid_plural "{n} releases, the newest of {date}."
msgstr[0] "One story ({n}), {date}"
msgstr[1] "{n} stories, {date}"

msgid "Table"
msgstr "\\" onclick=x \\\\1 <b>"
"""


def a_bench(path: Path) -> Bench:
    table = yaml(published="2021-06-03", body="| a | b |\n|---|---|\n| 1 | 2 |")
    return Bench(a_newsroom(path, {"2021-06-01-dam.yaml": CORRECTED, "2021-06-03-road.yaml": table}))


def write_words(bench: Bench, language: str, text: str) -> None:
    (bench.folder / "locale").mkdir(exist_ok=True)
    (bench.folder / "locale" / f"{language}.po").write_text(text, encoding="utf-8")


def test_pages_and_feeds_speak_the_newsroom_s_own_words(tmp_path: Path) -> None:
    bench = a_bench(tmp_path)
    write_words(bench, "en", OWN)
    bench.compile(now=NOW)
    assert bench.problems() == []
    for path in ("/feeds/all.atom", "/feeds/all.rss", "/feeds/all.json", "/releases/2021/dam"):
        assert "Put right on 2 June 2021:" in bench.body(path)
    directory = bench.body("/feeds/")
    assert "Channels &amp; &#34;more&#34;" in directory
    assert "2 stories, 3 June 2021" in directory
    assert 'aria-label="&quot; onclick=x \\1 &lt;b&gt;" tabindex="0"' in bench.body("/releases/2021/road")
    assert "订阅源" in bench.body("/zh-Hans/feeds/")


def test_a_change_of_the_file_changes_all_documents_and_their_dates(tmp_path: Path) -> None:
    bench = a_bench(tmp_path)
    bench.compile(now=NOW)
    before = bench.document("/feeds/all.atom", NOW)
    write_words(bench, "en", OWN)
    assert bench.compile(now=LATER).changed
    after = bench.document("/feeds/all.atom", LATER)
    assert after.body != before.body
    assert after.last_modified == LATER > before.last_modified
    assert not bench.compile(now=LATER).changed
    (bench.folder / "locale/en.po").unlink()
    bench.compile(now=LATER)
    assert bench.document("/feeds/all.atom", LATER).body == before.body


def test_a_bad_file_stops_nothing(tmp_path: Path) -> None:
    bench = a_bench(tmp_path)
    write_words(bench, "en", 'msgid "Feeds"\nmsgstr "Channels"\n\nmsgid "Help"\nmsgstr "{boom}"\n')
    bench.compile(now=NOW)
    assert len(bench.problems()) == 1
    assert ">Channels</a>" in bench.body("/")
    assert ">Help</a>" in bench.body("/")


def test_the_server_watches_the_file(tmp_path: Path) -> None:
    bench = a_bench(tmp_path)
    before = dict(look(bench.folder))
    write_words(bench, "fr", OWN)
    assert dict(look(bench.folder)).keys() - before.keys() == {"locale/fr.po"}


def test_a_file_that_cannot_be_read_any_more_leaves_the_words_as_they_were(tmp_path: Path) -> None:
    bench = a_bench(tmp_path)
    write_words(bench, "en", OWN)
    bench.compile(now=NOW)
    before = bench.body("/feeds/all.atom")
    (bench.folder / "locale/en.po").write_bytes(b"\xff\xfe")
    bench.compile(now=LATER)
    assert bench.body("/feeds/all.atom", LATER) == before
    assert "UTF-16" in bench.problems()[0]
    write_words(bench, "en", "")
    bench.compile(now=LATER)
    assert "Put right on" not in bench.body("/feeds/all.atom", LATER)
