"""What `feeds list --scheduled` prints: the steps of releases that are to come."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import click
from rich.markup import escape
from rich.table import Table

from feeds.cli import console
from feeds.settings import Settings


def print_schedule(settings: Settings, now: datetime, *, as_json: bool) -> None:
    """Prints what is to come after a moment, in the newsroom's zone, the next first."""
    with console.newsroom(settings) as snapshot:
        zone = snapshot.vocabulary.newsroom.time_zone
        steps = snapshot.reports.schedule(now)
        problems = snapshot.problems.all()
    rows: list[dict[str, Any]] = [
        {
            "when": step.when.astimezone(zone),
            "what": step.step,
            "language": step.language,
            "title": step.title,
            "file": f"{settings.data.name}/{step.file}",
        }
        for step in steps
    ]
    if as_json:
        data = {
            "problems": [*map(console.problem_as_data, problems)],
            "counts": console.problem_counts(problems),
            "scheduled": rows,
        }
        click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=datetime.isoformat))
        return
    if problems:
        console.err().print(f"{console.counted(problems)}: see `feeds check`", markup=False)
    if not rows:
        console.err().print("nothing is scheduled")
    else:
        _print(rows)


def _print(rows: Sequence[Mapping[str, Any]]) -> None:
    """A table on a terminal, else lines with tabs."""
    table = Table.grid(padding=(0, 2))
    for _ in rows[0]:
        table.add_column(no_wrap=True)
    for row in rows:
        when, *others = row.values()
        texts = [_as_text(when), *map(str, others)]
        if console.out().is_terminal:
            table.add_row(*map(escape, texts))
        else:
            click.echo("\t".join(texts))
    if console.out().is_terminal:
        console.out().print(table)


def _as_text(when: datetime) -> str:
    """A time as editors read it; seconds only where there are any."""
    text = when.isoformat(" ", "seconds" if when.second else "minutes")
    return f"{text[:-6]} {text[-6:]}"
