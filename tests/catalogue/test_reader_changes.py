"""What a compile changes for readers is told in a line for each release, and nothing of what is scheduled."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from feeds.catalogue.reader_changes import ReaderChange
from feeds.settings import Settings
from feeds.web.app import _compile, create_app
from tests.makers import BASE, NOW, TOMORROW, Bench, a_newsroom, write, yaml

DAM, ROAD = "2021/2021-06-01-dam.yaml", "2021/2021-06-02-road.yaml"


def test_each_kind_of_news_is_told(tmp_path: Path) -> None:
    bench = Bench(a_newsroom(tmp_path, {DAM: yaml(title="The dam")}))
    bench.compile(now=NOW)

    def told() -> tuple[ReaderChange, ...]:
        return bench.compile(now=NOW).news

    write(bench.folder, ROAD, yaml(title="The road", published="2021-06-02"))
    assert told() == (ReaderChange("published", "The road", "en", "2021/road"),)
    write(bench.folder, DAM, yaml(title="The high dam"))
    assert told() == (ReaderChange("updated", "The high dam", "en", "2021/dam"),)
    to_come = {"date": TOMORROW, "note": "x"}
    withdrawn = {"date": "2021-06-10", "reason": "Wrong."}
    write(bench.folder, DAM, yaml(title="The high dam", withdrawn=withdrawn))
    assert told() == (ReaderChange("withdrawn", "The high dam", "en", "2021/dam"),)
    write(bench.folder, ROAD, yaml(title="The road", published="2021-06-02", draft=True))
    assert told() == (ReaderChange("gone", "The road", "en", "2021/road"),)
    write(bench.folder, ROAD, yaml(title="The road", published=TOMORROW))
    assert told() == ()
    write(bench.folder, DAM, yaml(title="The high dam", withdrawn=withdrawn, corrections=[to_come]))
    assert told() == ()


def test_the_server_logs_what_was_saved(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = a_newsroom(tmp_path, {DAM: yaml(title="The dam")})
    settings = Settings(data=folder, state=tmp_path / "state", base_url=BASE, watch="off", log="full")
    newsroom = create_app(settings, clock=lambda: NOW).extensions["feeds"]
    caplog.set_level(logging.INFO, "feeds.changes")

    def logged() -> list[str]:
        caplog.clear()
        _compile(newsroom, None, None)  # type: ignore[arg-type]  # every file lies still
        return [record.getMessage() for record in caplog.records]

    write(folder, ROAD, yaml(title="The road", published="2021-06-02"))
    assert logged() == [f"published: The road {BASE}/releases/2021/road"]
    write(folder, DAM, yaml(title="The dam", countries=["Atlantis"]))
    (held_back,) = logged()
    assert "no such country “Atlantis”" in held_back
    write(folder, DAM, yaml(title="The high dam"))
    assert logged() == [f"mended: data/releases/{DAM}", f"updated: The high dam {BASE}/releases/2021/dam"]
