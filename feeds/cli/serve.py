"""The command `feeds serve`, which serves the newsroom over HTTP."""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from feeds.catalogue import Snapshot
from feeds.cli import console
from feeds.cli.files import require_newsroom
from feeds.cli.preview import serve_preview
from feeds.errors import FeedsError
from feeds.formats import SYNDICATED
from feeds.publish import all_addresses
from feeds.settings import Settings
from feeds.web.app import instance_folder
from feeds.web.live_newsroom import LiveNewsroom
from feeds.web.server import require_free
from feeds.web.server import serve as run

FIRST_PROBLEMS = 5
"""How many problems are shown at the start."""


def serve(
    data: Path | None, host: str, port: int, at: str | None, workers: int | None, log: str, *, preview: bool
) -> None:
    """Serves the newsroom until it is stopped; with ``at`` or ``preview`` as editors see it."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    settings = console.settings_for(data)
    if at is not None and preview:
        raise FeedsError("--preview shows all that is to come, --at one moment: give one of the two")
    if at is not None or preview:
        serve_preview(settings, host, port, None if at is None else console.moment(at, settings))
        return
    require_free(host, port)
    if "FEEDS_BASE_URL" not in os.environ:
        settings = replace(settings, base_url=f"http://{f'[{host}]' if ':' in host else host}:{port}")
    newsroom = LiveNewsroom(settings, instance_folder())
    with console.progress("Compiling") as report:
        try:
            newsroom.start(report)
        except FeedsError:
            require_newsroom(settings.data)  # says where there is one
            raise
    if console.err.is_terminal:  # whoever sits there is an editor; a log is read by others too
        settings = replace(settings, log="full")
    # A damaged catalogue may show only now that it is read: asked so, it is built again.
    for line in newsroom.ask(lambda snapshot: greeting(snapshot, settings, datetime.now(UTC))):
        console.err.print(line, markup=False)
    console.err.print(f"  what readers have been shown is kept in {newsroom.place.memory}", markup=False)
    console.err.print("  Ctrl+C to stop")
    # The workers are other processes and read their settings from the environment.
    os.environ["FEEDS_LOG"] = settings.log
    os.environ["FEEDS_DATA"] = str(settings.data)
    os.environ["FEEDS_STATE"] = str(newsroom.place.path.parent)
    os.environ["FEEDS_BASE_URL"] = settings.base_url
    run("feeds.web:create_app", host=host, port=port, workers=workers, log=log, on_terminal=console.err.is_terminal)


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
            f" each as {forms} (from {settings.data})"
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
