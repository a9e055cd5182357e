"""Runs `feeds list`: prints the addresses of all feeds, or what is scheduled."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import click
from rich.table import Table

from feeds.addresses import FeedAddress
from feeds.cli import console
from feeds.cli.schedule import print_schedule
from feeds.model.formats import BY_SUFFIX, FORMATS
from feeds.model.problems import Problem
from feeds.model.selection import Selection
from feeds.publish import all_addresses
from feeds.publish.context import Context
from feeds.settings import Settings


@dataclass(frozen=True, slots=True)
class ListedFeed:
    """A feed in one format."""

    address: str
    format: str
    """The suffix of its address."""
    language: str
    releases: int


@dataclass(frozen=True, slots=True)
class FeedList:
    """The feeds of a newsroom, and its problems."""

    feeds: tuple[ListedFeed, ...]
    problems: tuple[Problem, ...]


def list_(
    data: Path | None, at: str | None, *, combinations: bool, suffixes: tuple[str, ...], scheduled: bool, as_json: bool
) -> None:
    """Prints every feed with the number of its releases, or what is to come."""
    if scheduled and (combinations or suffixes):
        raise click.UsageError("--scheduled lists releases, not feeds: leave --combinations and --format out.")
    settings = console.settings_for(data)
    now = console.moment_of(at, settings)
    if scheduled:
        print_schedule(settings, now, as_json=as_json)
        return
    found = _feed_list(settings, now, suffixes, combinations=combinations)
    if as_json:
        _print_json(found)
    else:
        _print(found)


def _feed_list(settings: Settings, now: datetime, suffixes: Sequence[str], *, combinations: bool) -> FeedList:
    """The feeds at a moment, in these formats or in all."""
    forms = [BY_SUFFIX[suffix] for suffix in suffixes] or list(FORMATS)
    with console.newsroom(settings) as snapshot:
        context = Context.of(snapshot, now, settings)
        feeds = tuple(
            ListedFeed(
                address=context.addresses.absolute(FeedAddress(selection, form)),
                format=form.suffix,
                language=selection.language,
                releases=counted.releases if counted else 0,
            )
            for selection in _selections(context, combined=combinations)
            for counted in [snapshot.counts.of(selection, now)]
            for form in forms
        )
        return FeedList(feeds, snapshot.problems.all())


def _selections(context: Context, *, combined: bool) -> Iterator[Selection]:
    for language in context.addresses.languages:
        yield from all_addresses.selections(context.vocabulary, language, context.now)
        if combined:
            yield from all_addresses.combinations(context, language)


def _print_json(found: FeedList) -> None:
    """Prints the feeds and problems as one JSON object."""
    problems = [*map(console.problem_as_data, found.problems)]
    counts = console.problem_counts(found.problems)
    feeds = [asdict(feed) for feed in found.feeds]
    click.echo(json.dumps({"problems": problems, "counts": counts, "feeds": feeds}, ensure_ascii=False, indent=2))


def _print(found: FeedList) -> None:
    """Prints a table on a terminal, else lines with a tab; the number of problems to standard error."""
    if found.problems:
        console.err().print(f"{console.counted(found.problems)}: see `feeds check`", markup=False)
    if not console.out().is_terminal:
        for feed in found.feeds:
            click.echo(f"{feed.releases}\t{feed.address}")
        return
    table = Table(box=None)
    table.add_column("Releases", justify="right")
    table.add_column("Address", no_wrap=True)
    for feed in found.feeds:
        table.add_row(str(feed.releases), feed.address)
    console.out().print(table)
