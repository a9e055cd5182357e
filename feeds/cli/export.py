"""The command `feeds export`, which writes the newsroom as files."""

from __future__ import annotations

import logging
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from feeds.addresses import Addresses
from feeds.catalogue import CatalogueFile, MediaPlace, Report, catalogue_place, compile_folder
from feeds.cli import console
from feeds.cli.files import require_newsroom
from feeds.content import Scope, Settled
from feeds.errors import FeedsError
from feeds.export import HOSTS, TWINS, Folder, Options, Result, Source, Target
from feeds.export import export as run
from feeds.memory import exists, save_copy
from feeds.settings import Settings
from feeds.web.app import instance_folder
from feeds.web.live_newsroom import LiveNewsroom
from feeds.web.watcher import Watcher

LEFT_OUT = (
    "left out, since only a server can answer: searches and their feeds, feeds of a count, feeds of several terms of"
    " one facet or without a term, the forms to choose feeds and headlines, /verify, and oEmbed"
)
STORES = ("s3", "gs", "az")
"""The schemes of addresses of object stores."""

_OF_STORES = "s3"
"""The host that an object store is."""
_LATER = 30.0
"""Seconds until an export that failed is tried again, with --watch."""
_LONGEST = 3_600.0
"""Seconds until the clock is looked at again, with --watch: it may have been set."""


def export(
    data: Path | None,
    out: str,
    base_url: str | None,
    at: str | None,
    combinations: int,
    host: str | None,
    precompress: str,
    *,
    watch: bool,
) -> None:
    """Writes the newsroom into a folder or an object store; with ``watch`` again and again."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    settings = _settings(data, base_url)
    codings = _codings(precompress)
    if "://" in out:
        host = _host_of_store(host, codings)
    options = Options(combinations, codings, host or "", processes=os.cpu_count() or 1)
    target = _target(out)
    if at is not None:
        if watch:
            raise FeedsError("--watch follows the clock, --at shows one moment: give one of the two")
        _export_at(settings, target, options, console.moment_of(at, settings))
        return
    if settings.database:
        if watch:
            raise FeedsError("--watch needs a catalogue of its own: unset FEEDS_DATABASE, or run it without --watch")
        _export_at(settings, target, options, datetime.now(UTC))
        return
    newsroom = LiveNewsroom(settings, instance_folder())
    with console.progress("Compiling") as report:
        try:
            newsroom.start(report)
        except FeedsError:
            require_newsroom(settings.data)  # says where there is one
            raise
    source = Source(newsroom.place.path, newsroom.place.media.folder, settings)
    if watch:
        _follow(newsroom, source, target, options)
    else:
        _print(run(source, target, options, newsroom.now(), console.err.print), target, options.host)


def _target(out: str) -> Target:
    """What the command line names: a folder, or a bucket. Raises UsageError, FeedsError."""
    scheme, mark, _ = out.partition("://")
    if not mark:
        return Folder(Path(out))
    if scheme not in STORES:
        raise click.UsageError(f"“{scheme}://” is no object store of {', '.join(f'{each}://' for each in STORES)}")
    try:
        from feeds.export.bucket import Bucket
    except ImportError as error:
        raise FeedsError("object stores need a library: pip install 'newsroom-feeds[export]'") from error
    return Bucket(out, time.monotonic)


def _host_of_store(host: str | None, codings: tuple[str, ...]) -> str:
    """The host that an object store is. Raises UsageError if another one is asked for, or what it cannot do."""
    if host not in (None, _OF_STORES):
        raise click.UsageError(f"--host {host} writes files for a folder: an object store is --host {_OF_STORES}")
    if len(codings) > 1:
        raise click.UsageError("--precompress: an object has one content coding at most: name one")
    return _OF_STORES


def _settings(data: Path | None, base_url: str | None) -> Settings:
    """The settings, with the base address from the command line if there is one. Raises FeedsError without any."""
    # Keys for caches are a server's: a file has no use for them.
    settings = replace(console.settings_for(data), cache_keys="")
    if base_url is None and "FEEDS_BASE_URL" not in os.environ:
        raise FeedsError("files need to know where readers will find them: give --base-url, or set FEEDS_BASE_URL")
    if base_url is not None:
        settings = replace(settings, base_url=base_url.rstrip("/"))
    Addresses(settings.base_url, ("en",), ())  # says what is wrong with it
    return settings


def _codings(text: str) -> tuple[str, ...]:
    """The codings that are asked for. Raises UsageError for one that there is not."""
    asked = [each.strip() for each in text.split(",") if each.strip()]
    for each in asked:
        if each not in TWINS:
            raise click.UsageError(f"--precompress: “{each}” is none of {', '.join(TWINS)}")
    return tuple(each for each in TWINS if each in asked)


def _export_at(settings: Settings, target: Target, options: Options, moment: datetime) -> None:
    """Exports the newsroom as of a moment, from a catalogue of its own, which is made anew: nothing is remembered."""
    with _compiled_apart(settings) as place:
        source = Source(place.path, place.media.folder, settings)
        _print(run(source, target, options, moment, console.err.print), target, options.host)


@contextmanager
def _compiled_apart(settings: Settings) -> Iterator[CatalogueFile]:
    """A temporary catalogue with the files beside releases. What this machine's readers have been shown counts."""
    require_newsroom(settings.data)
    with tempfile.TemporaryDirectory(prefix="feeds-") as temporary:
        place = CatalogueFile(Path(temporary) / "catalogue.sqlite")
        served = catalogue_place(settings.data, settings.base_url, settings.state, database=settings.database).memory
        if exists(served):
            with suppress(FeedsError):  # the server tells what is wrong with it
                save_copy(served, place.memory)
        media = MediaPlace(place.media, settings.media_megabytes * 1_000_000)
        with console.progress("Compiling") as report:
            compile_folder(settings.data, place, settings.base_url, now=datetime.now(UTC), media=media, progress=report)
        yield place


def _follow(newsroom: LiveNewsroom, source: Source, target: Target, options: Options) -> None:
    """Exports at every change and every scheduled moment, until Ctrl+C. What fails is told, and tried again."""
    changed = threading.Event()

    def compile_(settled: Settled, scope: Scope | None) -> Report:
        report = newsroom.compile(settled, scope)
        if report.changed:
            changed.set()
        return report

    watcher = Watcher(newsroom.settings.data, compile_, newsroom.settings.watch, newsroom.now)
    watcher.start()
    said = ""
    while True:
        changed.clear()
        try:
            result = run(source, target, options, newsroom.now(), console.err.print)
        except FeedsError as error:
            if str(error) != said:
                console.err.print(f"[bold red]error:[/] {error}")
            said = str(error)
            changed.wait(_LATER)
            continue
        said = ""
        _print(result, target, options.host)
        ahead = result.next_moment
        changed.wait(min(max((ahead - newsroom.now()).total_seconds(), 0), _LONGEST) if ahead else _LONGEST)


def _print(result: Result, target: Target, host: str) -> None:
    """What was done, what is not there, and when to run it next."""
    done = f"{result.written} written, {result.removed} removed"
    click.echo(f"{target}: {console.many(result.files, 'file')}, {done}")
    click.echo(LEFT_OUT)
    if host and HOSTS[host].lacks:
        click.echo(HOSTS[host].lacks)
    if result.next_moment is None:
        click.echo("nothing is scheduled: run it again when something has changed")
    else:
        click.echo(f"run it again at {result.next_moment.isoformat()}, when something is scheduled to change")
