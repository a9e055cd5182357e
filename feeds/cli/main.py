"""The command group `feeds`, and how it reports errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

import feeds
from feeds.cli import backup, changes, check, import_, init, new, review, schema, serve, words
from feeds.cli.list import list_
from feeds.errors import FeedsError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(feeds.__version__, prog_name=feeds.NAME)
def group() -> None:
    """Publish every feed of a newsroom from a folder of YAML press releases."""


group.add_command(init.init)
group.add_command(new.new)
group.add_command(changes.correct)
group.add_command(changes.withdraw)
group.add_command(serve.serve)
group.add_command(check.check)
group.add_command(list_)
group.add_command(review.review)
group.add_command(schema.schema)
group.add_command(words.words)
group.add_command(backup.backup)
group.add_command(import_.import_)


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
