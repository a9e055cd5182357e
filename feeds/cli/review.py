"""The command `feeds review`, which shows what a change does to subscribers."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from feeds.cli import console


@click.command()
@console.data_option
@click.option(
    "--since", default="HEAD", show_default=True, metavar="REVISION", help="The git revision to compare with."
)
@console.json_option
def review(data: Path | None, since: str, *, as_json: bool) -> None:
    """Show what subscribers will see of changes since a git revision.

    Exit code 1 if there is a fault: a release vanishes, is announced again without news, or is held back.
    """
    from feeds.cli import review_report

    changes = review_report.changes_since(since, console.settings_for(data))
    if as_json:
        review_report.print_json(changes)
    else:
        review_report.print_text(changes)
    sys.exit(changes.faulty)
