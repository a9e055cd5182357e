"""`feeds list`: feeds for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from feeds.cli.main import group
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
