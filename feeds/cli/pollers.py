"""Runs `feeds pollers`: shows which programs poll the feeds, from access logs."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from feeds.cli import console
from feeds.errors import FeedsError
from feeds.web.access_log.pollers import OTHERS, Poller, Pollers

LONGEST_LINE = 256 * 1024
"""Octets of a line that are read at once: no log takes more memory than that."""
FEEDS = 10
"""How many feeds of each program are listed in JSON."""

WIDTH = 200
"""Columns of the table where no terminal says how many there are."""

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))


def pollers(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Reads the logs, and prints a row for each program."""
    found = Pollers()
    for file in files or (Path("-"),):
        try:
            with _opened(file) as log:
                found.read(_lines(log))
        except (OSError, EOFError) as error:
            reason = getattr(error, "strerror", None) or error
            raise FeedsError(f"{file}: {reason} (name an access log, or - for standard input)") from error
    if as_json:
        click.echo(json.dumps(_as_data(found), indent=2, ensure_ascii=False))
    else:
        _print(found)


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    if str(file) == "-":
        yield sys.stdin.buffer
    elif file.suffix == ".gz":
        with gzip.open(file) as packed:
            yield cast(BinaryIO, packed)
    else:
        with file.open("rb") as log:
            yield log


def _lines(log: BinaryIO) -> Iterator[str]:
    while line := log.readline(LONGEST_LINE):
        yield line.decode("utf-8", "replace")


def _print(found: Pollers) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("program", overflow="fold")
    for name in ("requests", "304s", "every", "data", "clients", "feeds", "subscribers"):
        table.add_column(name, justify="right")
    table.add_column("")
    programs = list(found)
    for each in programs:
        stated, clients, feeds = each.subscribers, each.clients, each.addresses
        table.add_row(
            escape(each.name), str(each.requests), f"{each.not_modified_share:.0%}", _every(each.interval),
            _size(each.octets),
            _count(clients.count, clients.is_estimate), _count(feeds.count, feeds.is_estimate),
            "" if stated is None else str(stated), "ignores validators" if each.ignores_validators else "",
        )  # fmt: skip
    if programs:
        out = console.out() if console.out().is_terminal else Console(width=WIDTH, highlight=False)
        out.print(table)
    lines = console.many(found.lines, "line")
    requests = console.many(sum(each.requests for each in programs), "request for feeds", "requests for feeds")
    console.out().print(f"{lines} read, {requests} by {console.many(len(programs), 'program')}", markup=False)
    if found.not_understood:
        console.out().print(f"{console.many(found.not_understood, 'line')} not of an access log", markup=False)


def _as_data(found: Pollers) -> dict[str, Any]:
    return {
        "lines": found.lines,
        "not_understood": found.not_understood,
        "pollers": [_poller_as_data(each) for each in found],
    }


def _poller_as_data(poller: Poller) -> dict[str, Any]:
    feeds = sorted(poller.feeds.items(), key=lambda each: (each[0] == OTHERS, -each[1].requests, each[0]))
    return {
        "program": poller.name,
        "requests": poller.requests,
        "not_modified": poller.not_modified,
        "not_modified_share": round(poller.not_modified_share, 4),
        "resent": poller.resent,
        "failed": poller.failed,
        "bytes": poller.octets,
        "interval_seconds": None if poller.interval is None else round(poller.interval),
        "clients": poller.clients.count,
        "feeds": poller.addresses.count,
        "subscribers": poller.subscribers,
        "ignores_validators": poller.ignores_validators,
        "first": _time(poller.first),
        "last": _time(poller.last),
        "most_polled": [
            {
                "feed": feed,
                "requests": each.requests,
                "not_modified": each.not_modified,
                "bytes": each.octets,
                "subscribers": each.subscribers,
            }
            for feed, each in feeds[:FEEDS]
        ],
    }


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _every(seconds: float | None) -> str:
    """A time as people say it: ``30 min``."""
    if seconds is None:
        return ""
    for length, unit in _UNITS:
        if seconds >= 0.97 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"


def _size(octets: int) -> str:
    for size, unit in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if octets >= size:
            return f"{octets / size:.1f} {unit}"
    return f"{octets} B"


def _count(number: int, is_estimate: bool) -> str:
    return f"~{number}" if is_estimate else str(number)
