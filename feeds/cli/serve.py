"""The command `feeds serve`, which serves the newsroom over HTTP."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from feeds.catalogue import Snapshot
from feeds.cli import console
from feeds.cli.files import require_newsroom
from feeds.cli.serve_preview import serve_preview
from feeds.errors import FeedsError
from feeds.model.formats import SYNDICATED
from feeds.publish import all_addresses
from feeds.settings import Settings
from feeds.web import program_log
from feeds.web.access_log.middleware import LogFile
from feeds.web.instance_folder import instance_folder
from feeds.web.live_newsroom import LiveNewsroom
from feeds.web.request_counts import Counters, folder_of
from feeds.web.server import Logs, activated_socket, require_free
from feeds.web.server import serve as run

_log = logging.getLogger("feeds")

FIRST_PROBLEMS = 5
"""How many problems are shown at the start."""


def serve(
    data: Path | None,
    host: str,
    port: int,
    at: str | None,
    workers: int | None,
    log: str,
    log_file: Path | None,
    *,
    preview: bool,
) -> None:
    """Serves the newsroom until it is stopped; with ``at`` or ``preview`` as editors see it."""
    settings = console.settings_for(data)
    if at is not None and preview:
        raise FeedsError("--preview shows all that is to come, --at one moment: give one of the two")
    if log == "json":
        settings = replace(settings, log_format="json")
    program_log.configure(settings.log_format, settings.log_level)
    if at is not None or preview:
        serve_preview(settings, host, port, None if at is None else console.moment(at, settings))
        return
    if settings.log_format == "text":
        _serve(settings, host, port, workers, log, log_file)
        return
    try:
        _serve(settings, host, port, workers, log, log_file)
    except FeedsError as error:
        _log.critical("%s", error)
        raise SystemExit(1) from error


def _serve(settings: Settings, host: str, port: int, workers: int | None, log: str, log_file: Path | None) -> None:
    listener = activated_socket(os.environ)
    if listener:
        host, port = listener.getsockname()[:2]
    else:
        require_free(host, port)
    if settings.metrics:
        require_free(*settings.metrics, advice="choose another FEEDS_METRICS")
    if log_file:
        _require_writable(log_file)
    if "FEEDS_BASE_URL" not in os.environ:
        settings = replace(settings, base_url=f"http://{f'[{host}]' if ':' in host else host}:{port}")
    newsroom = LiveNewsroom(settings, instance_folder())
    with console.progress("Compiling") as report, _counted(newsroom):
        try:
            newsroom.start(report)
        except FeedsError:
            if not settings.is_replica:
                require_newsroom(settings.data)  # says where there is one
            raise
    if console.err().is_terminal:  # whoever sits there is an editor; a log is read by others too
        settings = replace(settings, log="full")
    # Damage may be noticed only when the catalogue is read: `ask` then builds it again.
    lines = newsroom.ask(lambda snapshot: greeting(snapshot, settings, datetime.now(UTC)))
    lines += [f"  what readers have been shown is kept in {newsroom.location.memory}", "  Ctrl+C to stop"]
    _greet(lines, settings)
    _pass_to_workers(settings, newsroom.location.path.parent)
    logs = Logs(settings.log_format, settings.log_level, log, log_file, settings.trusted_proxies)
    on_terminal = console.err().is_terminal
    run(
        "feeds.web:create_app",
        host=host, port=port, workers=workers, logs=logs, listener=listener, on_terminal=on_terminal,
    )  # fmt: skip


def _greet(lines: Iterable[str], settings: Settings) -> None:
    """Prints the lines, or logs them where the log is read by a program."""
    for line in lines:
        if settings.log_format == "json":
            _log.info("%s", line.strip())
        else:
            console.err().print(line, markup=False)


def _pass_to_workers(settings: Settings, state: Path) -> None:
    """Writes the settings into the environment: the workers are other processes, and read them there."""
    os.environ["FEEDS_LOG"] = settings.log
    os.environ["FEEDS_DATA"] = str(settings.data)
    os.environ["FEEDS_STATE"] = str(state)
    os.environ["FEEDS_BASE_URL"] = settings.base_url


@contextmanager
def _counted(newsroom: LiveNewsroom) -> Iterator[None]:
    """Counts the first compile, so that the metrics of the workers have it."""
    if newsroom.settings.metrics:
        with closing(Counters(folder_of(newsroom.location))) as counters:
            newsroom.on_compile(lambda seconds: counters.compiled(seconds, time.time()))
            yield
    else:
        yield


def _require_writable(file: Path) -> None:
    try:
        LogFile(file)
    except OSError as error:
        raise FeedsError(f"--log-file {file}: {error.strerror} (name a file that this user may write)") from error


def greeting(snapshot: Snapshot, settings: Settings, now: datetime) -> list[str]:
    """The lines printed at the start: address, counts, the first problems; for editors also what is scheduled."""
    full = settings.log == "full"
    held = snapshot.reports.inventory(now)
    languages = snapshot.vocabulary.newsroom.languages
    feeds = sum(1 for language in languages for _ in all_addresses.selections(snapshot.vocabulary, language, now))
    *first, last = (form.name for form in SYNDICATED)
    forms = f"{', '.join(first)} and {last}"
    lines = [
        f"{settings.base_url}/",
        (
            f"  {console.many(held.visible, 'release')} in {console.many(feeds, 'feed')},"
            f" each as {forms} (from {'the database' if settings.is_replica else settings.data})"
        ),
    ]
    coming = snapshot.reports.next_scheduled(now) if full else None
    if coming:
        due, title = coming
        shown = due.astimezone(snapshot.vocabulary.newsroom.time_zone)
        lines.append(f"  {held.scheduled} scheduled; next at {shown:%Y-%m-%d %H:%M %Z}: {title}")
    problems = snapshot.problems.all() if full else snapshot.problems.public(now)
    if problems:
        lines.append(f"  {console.counted(problems)}:")
        lines += [f"    {problem}" for problem in problems[:FIRST_PROBLEMS]]
    if len(problems) > FIRST_PROBLEMS:
        lines.append(f"    … and {len(problems) - FIRST_PROBLEMS} more: see `feeds check`")
    return lines
