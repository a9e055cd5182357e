"""The command `feeds list`, which prints the addresses of all feeds."""

from __future__ import annotations

from pathlib import Path

import click

from feeds.cli import console
from feeds.formats import FORMATS


@click.command("list")
@console.data_option
@console.at_option
@click.option("--combinations", is_flag=True, help="Also list every combination of terms with releases.")
@click.option("--format", "suffixes", multiple=True, type=click.Choice([form.suffix for form in FORMATS]),
              help="List only this format; may be repeated.")  # fmt: skip
@click.option("--scheduled", is_flag=True, help="List what is to come instead, for editors: when, what, and its file.")
@console.json_option
def list_(
    data: Path | None, at: str | None, *, combinations: bool, suffixes: tuple[str, ...], scheduled: bool, as_json: bool
) -> None:
    """Print the address of every feed, and the number of its releases."""
    from feeds.cli import feed_list, schedule_list

    if scheduled and (combinations or suffixes):
        raise click.UsageError("--scheduled lists releases, not feeds: leave --combinations and --format out.")
    settings = console.settings_for(data)
    now = console.moment_of(at, settings)
    if scheduled:
        schedule_list.print_schedule(settings, now, as_json=as_json)
        return
    found = feed_list.of(settings, now, combinations=combinations, suffixes=suffixes)
    if as_json:
        feed_list.print_json(found)
    else:
        feed_list.print_text(found)
