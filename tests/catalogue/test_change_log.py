"""The log of what compiles have changed: every reader of it has a place of its own, and none misses anything."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from feeds.catalogue import change_log
from feeds.catalogue.change_log import Changes
from tests.makers import NEWSROOM, NOW, Bench, a_compiled, write, yaml

DAM, ROAD = "2021/2021-05-01-dam.yaml", "2021/2021-05-02-road.yaml"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    files = {DAM: yaml(published="2021-05-01", countries=["CN"]), ROAD: yaml(published="2021-05-02")}
    bench = a_compiled(tmp_path, files)
    bench.compile(now=NOW)
    return bench


def read(bench: Bench, after: str | None, **later: float) -> Changes:
    with bench.catalogue.reading() as snapshot:
        return snapshot.changes(after, NOW, NOW + timedelta(**later))


def paths(found: Changes) -> set[str]:
    assert not found.everything
    return {note.path for note in found.releases}


def test_a_first_look_finds_everything(bench: Bench) -> None:
    assert read(bench, None).everything


def test_every_reader_goes_on_from_its_own_place(bench: Bench) -> None:
    first = read(bench, None).upto
    write(bench.folder, DAM, yaml(title="Mended", published="2021-05-01"))
    bench.compile(now=NOW)
    second = read(bench, first)
    assert paths(second) == {"2021/dam"}
    write(bench.folder, ROAD, yaml(title="Mended", published="2021-05-02"))
    bench.compile(now=NOW)
    assert paths(read(bench, second.upto)) == {"2021/road"}
    assert paths(read(bench, first)) == {"2021/dam", "2021/road"}
    assert paths(read(bench, read(bench, first).upto)) == set()


def test_the_same_change_again_is_news_for_who_has_read_the_first_one(bench: Bench) -> None:
    place = read(bench, None).upto
    for title in ("One", "Two"):
        write(bench.folder, DAM, yaml(title=title, published="2021-05-01"))
        bench.compile(now=NOW)
        found = read(bench, place)
        assert paths(found) == {"2021/dam"}
        place = found.upto


def test_a_note_has_the_terms_before_and_after_and_those_it_once_had(bench: Bench) -> None:
    write(bench.folder, DAM, yaml(published="2021-05-01", topics=["wages"]))
    bench.compile(now=NOW)
    place = read(bench, None).upto
    write(bench.folder, DAM, yaml(published="2021-05-01", genre="news"))
    bench.compile(now=NOW)
    told = {(facet, *slugs) for note in read(bench, place).releases for facet, slugs in note.tags.terms}
    # It lost its country long ago, but keeps a place in that country's feed.
    assert told == {("country", "cn"), ("topic", "wages"), ("genre", "news")}


def test_what_nobody_has_seen_is_no_news_before_its_moment(bench: Bench) -> None:
    place = read(bench, None).upto
    write(bench.folder, "2021/2021-06-24-new.yaml", yaml(published=NOW + timedelta(hours=1)))
    write(bench.folder, "2021/2021-05-03-draft.yaml", yaml(published="2021-05-03", draft=True))
    bench.compile(now=NOW)
    found = read(bench, place)
    assert paths(found) == set()
    assert paths(read(bench, found.upto, minutes=59)) == set()
    assert paths(read(bench, found.upto, hours=1)) == {"2021/new"}


def test_a_release_that_becomes_a_draft_is_news(bench: Bench) -> None:
    place = read(bench, None).upto
    write(bench.folder, DAM, yaml(published="2021-05-01", draft=True))
    bench.compile(now=NOW)
    found = read(bench, place)
    assert paths(found) == {"2021/dam"}
    write(bench.folder, DAM, yaml(title="Mended", published="2021-05-01", draft=True))
    bench.compile(now=NOW)
    assert paths(read(bench, found.upto)) == {"2021/dam"}


def test_a_change_of_the_newsroom_is_everything_for_all_readers(bench: Bench) -> None:
    place = read(bench, None).upto
    (bench.folder / "newsroom.yaml").write_text(NEWSROOM.replace("News}", "All news}"), encoding="utf-8")
    bench.compile(now=NOW)
    found = read(bench, place)
    assert found.everything
    assert paths(read(bench, found.upto)) == set()


def test_a_catalogue_built_anew_is_everything(bench: Bench) -> None:
    place = read(bench, None).upto
    bench.compile(now=NOW, afresh=True)
    assert read(bench, place).everything


def test_who_has_not_read_what_is_no_longer_kept_is_told_everything(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_log, "KEPT", 3)
    place = read(bench, None).upto
    for number in range(3):
        write(bench.folder, DAM, yaml(title=f"Change {number}", published="2021-05-01", topics=["wages"]))
        bench.compile(now=NOW)
    assert paths(read(bench, place)) == {"2021/dam"}
    middle = read(bench, place).upto
    for number in range(5):
        write(bench.folder, f"2021/2021-05-0{number + 3}-new.yaml", yaml(published=f"2021-05-0{number + 3}"))
    bench.compile(now=NOW)
    assert read(bench, middle).everything
    assert paths(read(bench, read(bench, None).upto)) == set()
