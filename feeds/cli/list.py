"""`feeds list`: every feed's address, with how many releases it holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import click
from rich.table import Table

from feeds.addresses import Addresses, FeedAddress
from feeds.catalogue import Snapshot
from feeds.cli import console
from feeds.formats import BY_SUFFIX, FORMATS
from feeds.model.release import Facet
from feeds.model.retirement import closing
from feeds.model.selection import Selection


@click.command("list")
@console.data_option
@console.at_option
@click.option("--combinations", is_flag=True, help="Also every combination of facets that holds releases.")
@click.option("--format", "suffixes", multiple=True, type=click.Choice([form.suffix for form in FORMATS]),
              help="Only these formats.")  # fmt: skip
def list_(data: Path | None, at: str | None, *, combinations: bool, suffixes: tuple[str, ...]) -> None:
    """Print every feed's address with the number of its releases."""
    settings = console.settings_for(data)
    now = console.moment(at, settings) if at else datetime.now(UTC)
    if at:
        console.err.print(f"[bold red]PREVIEW[/] of {now.isoformat()}, for editors only: the newsroom as it will be")
    forms = [BY_SUFFIX[suffix] for suffix in suffixes] or list(FORMATS)
    with console.newsroom(settings) as snapshot:
        addresses = Addresses(settings.base_url, snapshot.vocabulary.newsroom.languages)
        rows = [
            (counted.releases if counted else 0, addresses.absolute(FeedAddress(selection, form)))
            for selection in selections(snapshot, now, combinations=combinations)
            for counted in [snapshot.counts.of(selection, now)]
            for form in forms
        ]
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


def selections(snapshot: Snapshot, now: datetime, *, combinations: bool) -> Iterator[Selection]:
    """Everything, the corrections, each term, and if wanted each combination of facets that holds releases."""
    vocabulary = snapshot.vocabulary
    for language in vocabulary.newsroom.languages:
        yield Selection(language)
        yield Selection(language, corrections=True)
        for facet in Facet:
            for term in vocabulary.standing(facet, now):
                yield Selection.of(language, {facet: [term.slug]})
        if combinations:
            yield from combined(snapshot, language, now)


def combined(snapshot: Snapshot, language: str, now: datetime) -> list[Selection]:
    """Every selection of one term each in two or more facets that holds a release, sorted."""
    found = set()
    for terms in snapshot.counts.combinations(language, now):
        choices = [[None, *terms.get(facet, ())] for facet in Facet]
        for chosen in product(*choices):
            asked = {facet: [slug] for facet, slug in zip(Facet, chosen, strict=True) if slug}
            selection = Selection.of(language, asked)
            if len(asked) > 1 and not closing(selection, snapshot.vocabulary, now):
                found.add(selection)
    return sorted(found)
