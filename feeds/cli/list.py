"""The command `feeds list`, which prints the addresses of all feeds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.table import Table

from feeds.addresses import FeedAddress
from feeds.cli import console
from feeds.formats import BY_SUFFIX, FORMATS
from feeds.model.selection import Selection
from feeds.publish import all_addresses
from feeds.publish.context import Context


@click.command("list")
@console.data_option
@console.at_option
@click.option("--combinations", is_flag=True, help="Also list every combination of terms with releases.")
@click.option("--format", "suffixes", multiple=True, type=click.Choice([form.suffix for form in FORMATS]),
              help="List only this format; may be repeated.")  # fmt: skip
def list_(data: Path | None, at: str | None, *, combinations: bool, suffixes: tuple[str, ...]) -> None:
    """Print the address of every feed, and the number of its releases."""
    settings = console.settings_for(data)
    now = console.moment(at, settings) if at else datetime.now(UTC)
    if at:
        console.err.print(f"[bold red]PREVIEW[/] of {now.isoformat()}, for editors only: the newsroom as it will be")
    forms = [BY_SUFFIX[suffix] for suffix in suffixes] or list(FORMATS)
    with console.newsroom(settings) as snapshot:
        problems = snapshot.problems.all()
        context = Context.of(snapshot, now, settings)
        rows = [
            (counted.releases if counted else 0, context.addresses.absolute(FeedAddress(selection, form)))
            for selection in _listed(context, combined=combinations)
            for counted in [snapshot.counts.of(selection, now)]
            for form in forms
        ]
    if problems:
        console.err.print(f"{console.counted(problems)}: see `feeds check`", markup=False)
    if not console.out.is_terminal:
        for count, address in rows:
            click.echo(f"{count}\t{address}")
        return
    table = Table(box=None)
    table.add_column("Releases", justify="right")
    table.add_column("Address", no_wrap=True)
    for count, address in rows:
        table.add_row(str(count), address)
    console.out.print(table)


def _listed(context: Context, *, combined: bool) -> Iterator[Selection]:
    for language in context.addresses.languages:
        yield from all_addresses.selections(context.vocabulary, language, context.now)
        if combined:
            yield from all_addresses.combinations(context, language)
