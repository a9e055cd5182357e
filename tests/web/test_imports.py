"""An export needs modules of the web, and no web framework."""

from __future__ import annotations

import subprocess
import sys

import pytest

import feeds.web

CODE = "import sys, feeds.export.processes; print(*{'flask', 'granian', 'watchfiles'} & sys.modules.keys())"


def test_a_process_that_helps_an_export_imports_no_framework() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []


def test_there_is_nothing_else_to_be_found_in_the_room() -> None:
    assert callable(feeds.web.create_app)
    with pytest.raises(AttributeError, match="no attribute 'no_such_name'"):
        _ = feeds.web.no_such_name
