"""`feeds`: the commands, and what they have in common."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

import feeds
from feeds.cli import check, review, schema, serve
from feeds.cli.list import list_
from feeds.errors import FeedsError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(feeds.__version__, prog_name=feeds.NAME)
def group() -> None:
    """Publish every feed of a newsroom from a folder of YAML press releases."""


group.add_command(serve.serve)
group.add_command(check.check)
group.add_command(list_)
group.add_command(review.review)
group.add_command(schema.schema)


def main(arguments: Sequence[str] | None = None) -> None:
    """The program: whatever goes wrong on purpose is one clear message and exit code 1."""
    try:
        group(arguments, prog_name="feeds")
    except FeedsError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except BrokenPipeError:
        # Whoever read our output has gone (`feeds list | head`); nothing is left to say to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
