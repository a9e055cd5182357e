"""The command `feeds export`, which writes the newsroom as files."""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from feeds.addresses import Addresses
from feeds.catalogue import CatalogueFile, MediaLocation, compile_folder
from feeds.catalogue.errors import AWAY, NoCatalogueError
from feeds.cli import console
from feeds.cli.files import require_newsroom
from feeds.errors import FeedsError
from feeds.export import HOSTS, TWINS, ExportOptions, ExportResult, ExportSource, Folder, Target
from feeds.export import export as run
from feeds.settings import Settings
from feeds.web.instance_folder import instance_folder
from feeds.web.live_newsroom import LiveNewsroom

LEFT_OUT = (
    "left out, since only a server can answer: searches and their feeds, feeds of a count, feeds of several terms of"
    " one facet or without a term, the forms to choose feeds and headlines, /verify, and oEmbed"
)
STORES = ("s3", "gs", "az")
"""The schemes of addresses of object stores."""

_OF_STORES = "s3"
"""The value of --host for every object store."""
_LATER = 30.0
"""Seconds until an export that failed is tried again, with --watch."""
_LOOK = 0.2
"""Seconds between two looks whether anything has changed, with --watch. One costs microseconds."""
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
    options = ExportOptions(combinations, codings, host or "", processes=os.cpu_count() or 1)
    target = _target(out)
    if at is not None:
        if watch:
            raise FeedsError("--watch follows the clock, --at shows one moment: give one of the two")
        _export_at(settings, target, options, at)
        return
    newsroom = _started(settings, waits=watch)
    source = ExportSource(newsroom.location, settings)
    if watch:
        _follow(newsroom, source, target, options)
    else:
        _export(source, target, options, newsroom.now())


def _started(settings: Settings, *, waits: bool) -> LiveNewsroom:
    """The newsroom, up to date with its folder if this machine has it; ``waits`` for a server that does not answer.

    Raises FeedsError.
    """
    newsroom = LiveNewsroom(settings, instance_folder())
    with console.progress("Compiling") as report:
        try:
            newsroom.start(report, waiting_for=AWAY if waits else ())
        except NoCatalogueError as error:
            advice = "start the server that has the folder, with the same FEEDS_BASE_URL"
            raise FeedsError(f"{error}: nothing was compiled for {settings.base_url} ({advice})") from error
        except FeedsError:
            if not settings.is_replica:
                require_newsroom(settings.data)  # says where there is one
            raise
    return newsroom


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
    """The value of --host for an object store. Raises UsageError for another host, and for more than one coding."""
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
    """The content codings that are asked for. Raises UsageError for one that the export does not know."""
    asked = [each.strip() for each in text.split(",") if each.strip()]
    for each in asked:
        if each not in TWINS:
            raise click.UsageError(f"--precompress: “{each}” is none of {', '.join(TWINS)}")
    return tuple(each for each in TWINS if each in asked)


def _export_at(settings: Settings, target: Target, options: ExportOptions, at: str) -> None:
    """Exports the newsroom as of a moment, from a catalogue of its own if there is a folder. Nothing is remembered."""
    if settings.is_replica:
        newsroom = _started(settings, waits=False)
        moment = console.moment_of(at, settings, newsroom.ask(lambda known: known.vocabulary.newsroom.time_zone))
        source = ExportSource(newsroom.location, settings, is_remembered=False)
        _export(source, target, options, moment)
        return
    moment = console.moment_of(at, settings)
    with _compiled_apart(settings) as location:
        _export(ExportSource(location, settings, is_remembered=False), target, options, moment)


@contextmanager
def _compiled_apart(settings: Settings) -> Iterator[CatalogueFile]:
    """A temporary catalogue with the files beside releases. What this machine's readers have been shown counts."""
    require_newsroom(settings.data)
    with tempfile.TemporaryDirectory(prefix="feeds-") as temporary:
        location = CatalogueFile(Path(temporary) / "catalogue.sqlite")
        console.copy_memory(settings, location)
        media = MediaLocation(location.media, settings.media_megabytes * 1_000_000)
        with console.progress("Compiling") as report:
            compile_folder(
                settings.data, location, settings.base_url, now=datetime.now(UTC), media=media, progress=report
            )
        yield location


def _follow(newsroom: LiveNewsroom, source: ExportSource, target: Target, options: ExportOptions) -> None:
    """Exports at every change and every scheduled moment, until Ctrl+C. What fails is told, and tried again."""
    from rich.markup import escape

    from feeds.web.watcher import Watcher

    settings = newsroom.settings
    if not settings.is_replica:
        Watcher(settings.data, newsroom.compile, settings.watch, newsroom.now, newsroom.location.lead).start()
    said = ""
    while True:
        seen = _state(newsroom)
        try:
            result = _export(source, target, options, newsroom.now())
        except FeedsError as error:
            if str(error) != said:
                console.err().print(f"[bold red]error:[/] {escape(str(error))}")
            said = str(error)
            _wait(newsroom, seen, _LATER)
            continue
        said = ""
        ahead = result.next_moment
        left = min(max((ahead - newsroom.now()).total_seconds(), 0), _LONGEST) if ahead else _LONGEST
        _wait(newsroom, seen, left)


def _state(newsroom: LiveNewsroom) -> tuple[object, ...]:
    """A value that changes with every compile, whoever made it, and when a server goes away or comes back."""
    trouble = newsroom.database_trouble()
    try:
        return trouble and trouble.reason, newsroom.version()
    except FeedsError:  # the next export tells it
        return trouble and trouble.reason, None


def _wait(newsroom: LiveNewsroom, seen: tuple[object, ...], seconds: float) -> None:
    """Waits for some seconds, or until the state differs from the one that was seen."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and _state(newsroom) == seen:
        time.sleep(min(left, _LOOK))


def _export(source: ExportSource, target: Target, options: ExportOptions, now: datetime) -> ExportResult:
    """Exports once, and says what was done. Raises FeedsError."""
    result = run(source, target, options, now, console.tell)
    _print(result, target, options.host)
    return result


def _print(result: ExportResult, target: Target, host: str) -> None:
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
