"""The program in this process: a new one imports for most of a second what is there already."""

from __future__ import annotations

import io
import os
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess
from unittest.mock import patch

from feeds.cli import main
from tests.tools import environment


def feeds_here(folder: Path, *arguments: str, **settings: str) -> CompletedProcess[str]:
    """What ``feeds`` prints in a folder, of which nobody is asked, and how it ends. Whatever it raises is raised."""
    out, err, status = io.StringIO(), io.StringIO(), 0
    with (
        chdir(folder),
        patch.dict(os.environ, environment(**settings), clear=True),
        patch.object(sys, "stdin", io.StringIO()),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main(arguments)
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(bool(end.code))
    return CompletedProcess(["feeds", *arguments], status, out.getvalue(), err.getvalue())
