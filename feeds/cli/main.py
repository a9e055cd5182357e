"""Runs the command line, and reports errors."""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
from collections.abc import Sequence

import click

from feeds.cli.commands import group
from feeds.errors import FeedsError


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs a command. A FeedsError is printed without traceback, with exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that has no “ gets an escape
            stream.reconfigure(errors="backslashreplace")
    # Else the interpreter looks for garbage among all objects before it ends, though the memory is freed anyway.
    atexit.register(gc.freeze)
    try:
        _require_utf_8(sys.argv[1:] if arguments is None else arguments)
        group(arguments, prog_name="feeds")
    except FeedsError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except BrokenPipeError:
        # The reader of the output has ended (`feeds list | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _require_utf_8(arguments: Sequence[str]) -> None:
    """Raises FeedsError for an argument that is not UTF-8: what Python makes of it cannot be written into a file."""
    for argument in arguments:
        shown = argument.encode(errors="replace").decode()
        if shown != argument:
            raise FeedsError(
                f"“{shown}” is no text in UTF-8 (look at the encoding of your terminal, or rename the file)"
            )
