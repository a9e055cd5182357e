"""`feeds list`: feeds for programs, and what is scheduled."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from feeds.catalogue import catalogue_location
from feeds.cli.commands import group
from feeds.settings import Settings
from tests.makers import a_newsroom, yaml


def listed(folder: Path, *arguments: str) -> dict[str, Any]:
    result = CliRunner().invoke(group, ["list", "--data", str(folder), "--json", *arguments])
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_programs_get_every_feed_and_every_problem(tmp_path: Path) -> None:
    files = {"2021-06-01-dam.yaml": yaml(countries=["CN"]), "2021-06-02-road.yaml": yaml(countries=["XX"])}
    found = listed(a_newsroom(tmp_path, files), "--format", "rss")
    assert found["counts"] == {"problems": 1, "warnings": 0}
    assert [each["field"] for each in found["problems"]] == ["countries[0]"]
    assert {
        "address": "http://127.0.0.1:8000/feeds/country/cn.rss",
        "format": "rss",
        "language": "en",
        "releases": 1,
    } in found["feeds"]


def test_who_cannot_know_what_readers_have_been_shown_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = a_newsroom(tmp_path, {"2021-06-01-dam.yaml": yaml()})
    monkeypatch.setenv("FEEDS_STATE", str(tmp_path / "state"))
    memory = catalogue_location(folder, Settings().base_url, tmp_path / "state").memory
    assert isinstance(memory, Path)
    memory.parent.mkdir(parents=True, exist_ok=True)
    memory.write_bytes(b"nonsense" * 1_000)
    result = CliRunner().invoke(group, ["list", "--data", str(folder), "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["feeds"]
    assert f"{memory}: " in result.stderr
    assert "going on without what readers have been shown" in result.stderr


def at(days: int) -> datetime:
    """A full minute so many days from now."""
    return (datetime.now(UTC) + timedelta(days=days)).replace(second=0, microsecond=0)


@pytest.fixture
def planned(tmp_path: Path) -> Path:
    files = {
        "2021-06-01-dam.yaml": yaml(
            title="The dam",
            corrections=[{"date": at(2), "note": "Higher."}, {"date": "2021-06-02", "note": "Wider."}],
            withdrawn={"date": at(4), "reason": "Wrong."},
        ),
        "2021-06-01-dam.zh-hans.yaml": f'title: "水坝"\nsummary: "水坝。"\npublished: {at(3).isoformat()}\n',
        "2021-06-02-road.yaml": yaml(title="The road", published=at(1), updated=at(5)),
        "2021-06-03-draft.yaml": yaml(published=at(1) + timedelta(minutes=1), draft=True),
        "2021-06-04-told.yaml": yaml(
            title="Told later",
            published="2021-06-04",
            announced=at(6),
            corrections=[{"date": "2021-06-05", "note": "Before anybody saw it."}],
        ),
    }
    return a_newsroom(tmp_path, files)


EXPECTED = [
    (1, "publication", "en", "The road", "2021-06-02-road.yaml"),
    (2, "correction", "en", "The dam", "2021-06-01-dam.yaml"),
    (3, "publication", "zh-Hans", "水坝", "2021-06-01-dam.zh-hans.yaml"),
    (4, "withdrawal", "en", "The dam", "2021-06-01-dam.yaml"),
    (4, "withdrawal", "zh-Hans", "水坝", "2021-06-01-dam.zh-hans.yaml"),
    (5, "update", "en", "The road", "2021-06-02-road.yaml"),
    (6, "publication", "en", "Told later", "2021-06-04-told.yaml"),
]


def test_what_is_to_come_is_listed_in_its_order(planned: Path) -> None:
    rows = listed(planned, "--scheduled")["scheduled"]
    found = [
        (round((datetime.fromisoformat(row["when"]) - at(0)) / timedelta(days=1)), row["what"], row["language"],
         row["title"], row["file"].removeprefix("data/releases/"))
        for row in rows
    ]  # fmt: skip
    assert found == EXPECTED
    assert {row["when"][-6:] for row in rows} == {"+08:00"}


def test_what_is_to_come_stands_on_lines_in_the_newsroom_s_zone(planned: Path) -> None:
    result = CliRunner().invoke(group, ["list", "--data", str(planned), "--scheduled"])
    first = result.stdout.splitlines()[0].split("\t")
    when = at(1).astimezone(timezone(timedelta(hours=8)))
    assert first == [
        f"{when:%Y-%m-%d %H:%M} +08:00",
        "publication",
        "en",
        "The road",
        f"data/releases/{EXPECTED[0][4]}",
    ]
    assert len(result.stdout.splitlines()) == len(EXPECTED)


def test_the_schedule_can_begin_later_and_be_empty(planned: Path) -> None:
    rows = listed(planned, "--scheduled", "--at", at(5).isoformat())["scheduled"]
    assert [row["title"] for row in rows] == ["Told later"]
    result = CliRunner().invoke(group, ["list", "--data", str(planned), "--scheduled", "--at", at(9).isoformat()])
    assert (result.exit_code, result.stdout) == (0, "")
    assert "nothing is scheduled" in result.stderr


def test_formats_of_what_is_to_come_are_a_usage_error(planned: Path) -> None:
    result = CliRunner().invoke(group, ["list", "--data", str(planned), "--scheduled", "--format", "rss"])
    assert result.exit_code == 2
