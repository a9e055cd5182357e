"""Templates are compiled once for all starts of the program."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import feeds

CODE = """
import jinja2.environment, sys
compiled = []
own = jinja2.environment.Environment._parse
jinja2.environment.Environment._parse = lambda *args: compiled.append(args[2]) or own(*args)
from feeds.render.html import render_page
try:
    render_page("missing", {})
except Exception as error:
    print(type(error).__name__)
print(len(compiled))
"""


def start(folder: Path, **environment: str) -> list[str]:
    """What a new process says that renders a page with the package in a folder."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        env={**kept, "PYTHONPATH": str(folder), **environment},
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.split()


def test_a_second_start_finds_them_and_a_changed_one_is_compiled_again(tmp_path: Path) -> None:
    package = tmp_path / "feeds"
    shutil.copytree(Path(feeds.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    without = start(tmp_path, PYTHONDONTWRITEBYTECODE="1")
    assert int(without[-1]) > 0
    assert not (package / "render/templates/__pycache__").exists()
    assert start(tmp_path) == without
    assert start(tmp_path) == [*without[:-1], "0"]
    base = package / "render/templates/base.html"
    base.write_text(base.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert start(tmp_path) == [*without[:-1], "1"]


def test_a_page_is_rendered_where_they_cannot_be_kept(tmp_path: Path) -> None:
    package = tmp_path / "feeds"
    shutil.copytree(Path(feeds.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "render/templates/__pycache__").write_text("a file where the folder would be", encoding="utf-8")
    assert start(tmp_path) == start(tmp_path, PYTHONDONTWRITEBYTECODE="1")
