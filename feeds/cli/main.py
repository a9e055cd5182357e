"""Runs the command line, and reports errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from feeds.cli.commands import group
from feeds.errors import FeedsError


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs a command. A FeedsError is printed without traceback, with exit code 1."""
    try:
        group(arguments, prog_name="feeds")
    except FeedsError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except BrokenPipeError:
        # The reader of the output has ended (`feeds list | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
