"""An export needs modules of the web, and no web framework."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import feeds.web
from feeds.web.instance_folder import instance_folder

LEFT_OUT = {"flask", "werkzeug", "granian", "watchfiles", "rich", "http.client", "ssl"}
CODE = f"import sys, feeds.export.export_processes, feeds.cli.export; print(*{LEFT_OUT} & sys.modules.keys())"


def test_an_export_imports_no_framework() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []


def test_there_is_nothing_else_to_be_found_in_the_room() -> None:
    assert callable(feeds.web.create_app)
    with pytest.raises(AttributeError, match="no attribute 'no_such_name'"):
        _ = feeds.web.no_such_name


def test_the_instance_folder_is_that_of_flask() -> None:
    from flask import Flask

    assert instance_folder() == Path(Flask("feeds").instance_path)
    assert instance_folder(Path("/home/a/.local/lib/python3.11/site-packages/feeds"), Path("/usr")) == Path(
        "/home/a/.local/var/feeds-instance"
    )
    assert instance_folder(Path("/opt/a/site-packages/feeds"), Path("/usr")) == Path("/opt/a/var/feeds-instance")
