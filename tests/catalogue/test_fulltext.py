"""The full text index holds no text: what is gone from it is not found, and does not stay for ever."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from feeds.catalogue import story_writer
from feeds.catalogue.catalogue_file import open_to_read
from tests.makers import Bench, a_newsroom, write, yaml

FILE = "2021/2021-05-01-bridge.yaml"


def rows(database: sqlite3.Connection, word: str) -> int:
    (found,) = database.execute("SELECT count(*) FROM fulltext WHERE fulltext MATCH ?", (word,)).fetchone()
    return int(found)


def found(bench: Bench, word: str) -> int:
    return bench.document("/feeds/all.atom", query=f"q={word}").body.count(b"<entry")


def test_a_text_that_is_gone_is_not_found(tmp_path: Path) -> None:
    bench = Bench(a_newsroom(tmp_path, {FILE: yaml(title="The bridge opens")}))
    bench.compile()
    write(bench.folder, FILE, yaml(title="The tunnel opens"))
    bench.compile()
    assert (found(bench, "bridge"), found(bench, "tunnel")) == (0, 1)
    (bench.folder / "releases" / FILE).unlink()
    write(bench.folder, "2021/2021-05-02-ferry.yaml", yaml(title="The ferry sails", published="2021-05-02"))
    bench.compile()
    assert (found(bench, "tunnel"), found(bench, "ferry")) == (0, 1)


def test_what_is_gone_does_not_stay_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story_writer, "MAY_STAY", 3)
    bench = Bench(a_newsroom(tmp_path, {FILE: yaml(title="Number 0 opens")}))
    kept = []
    for number in range(1, 20):
        write(bench.folder, FILE, yaml(title=f"Number {number} opens"))
        bench.compile()
        with closing(open_to_read(bench.location.path)) as database:
            kept.append(rows(database, "opens"))
        assert (found(bench, f"{number}+opens"), found(bench, f"{number - 1}+opens")) == (1, 0)
    assert max(kept) == 5
    assert kept.count(1) > 2
