"""The workflows in the documentation: their YAML is sound, and their commands do what they are there for."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml

from tests.export.object_store import Store, listed
from tests.export.test_export import FILES
from tests.makers import a_newsroom
from tests.tools import ROOT, environment

WORKFLOWS = {"### GitHub Pages\n": "public", "### A workflow for S3\n": "s3://BUCKET"}
"""By heading: where the workflow exports to."""


def workflow(heading: str) -> dict[Any, Any]:
    """The workflow below a heading."""
    _, _, rest = (ROOT / "docs/export.md").read_text(encoding="utf-8").partition(heading)
    lines = []
    for line in rest.strip("\n").splitlines():
        if line and not line.startswith("    "):
            break
        lines.append(line)
    found: dict[Any, Any] = yaml.safe_load(dedent("\n".join(lines)))
    return found


def steps(heading: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = workflow(heading)["jobs"]["publish"]["steps"]
    return found


@pytest.mark.parametrize("heading", WORKFLOWS)
def test_a_workflow_runs_at_changes_and_moments_and_one_at_a_time(heading: str) -> None:
    found = workflow(heading)
    assert found[True] == {"push": {"branches": ["main"]}, "schedule": [{"cron": "*/15 * * * *"}]}
    assert found["concurrency"]["cancel-in-progress"] is False
    assert found["permissions"]["contents"] == "read"
    for step in steps(heading):
        assert ("uses" in step) != ("run" in step)
    cache = next(step["with"]["path"] for step in steps(heading) if step.get("uses", "").startswith("actions/cache@"))
    assert [step["env"]["FEEDS_STATE"] for step in steps(heading) if "env" in step] == [cache]


@pytest.mark.parametrize("heading", WORKFLOWS)
def test_its_commands_publish_the_newsroom(tmp_path: Path, store: Store, url: str, heading: str) -> None:
    a_newsroom(tmp_path, FILES)
    run = next(step for step in steps(heading) if step.get("run", "").startswith("feeds export "))
    words = [url if word == "s3://BUCKET" else word for word in shlex.split(run["run"])]
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=tmp_path, env=environment(PYTHONPATH=str(ROOT), **store.settings, **run["env"]),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    if WORKFLOWS[heading] == "public":
        upload = next(
            step for step in steps(heading) if step.get("uses", "").startswith("actions/upload-pages-artifact@")
        )
        assert {"index.html", ".nojekyll"} <= {each.name for each in (tmp_path / upload["with"]["path"]).iterdir()}
    else:
        assert {"index.html", "404.html", "feeds/all.atom"} <= listed(url)
