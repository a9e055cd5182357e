"""`feeds serve`: the newsroom over HTTP, with the production server."""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from feeds.cli import console
from feeds.web.app import instance_folder
from feeds.web.newsroom import LiveNewsroom
from feeds.web.serving import serve as run

FIRST_PROBLEMS = 5


@click.command()
@console.data_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65_535), help="The port to listen on.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes that answer; by default one for each core.")
def serve(data: Path | None, host: str, port: int, workers: int | None) -> None:
    """Serve the newsroom, and keep it up to date with the folder until stopped."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    settings = console.settings_for(data)
    if "FEEDS_BASE_URL" not in os.environ:
        settings = replace(settings, base_url=f"http://{f'[{host}]' if ':' in host else host}:{port}")
    newsroom = LiveNewsroom(settings, instance_folder())
    with console.progress("Compiling") as told:
        newsroom.compile(progress=told)
    _greet(newsroom)
    # The workers are processes of their own and read their settings from the environment.
    os.environ["FEEDS_DATA"] = str(settings.data)
    os.environ["FEEDS_CATALOGUE"] = str(newsroom.place.path.parent)
    os.environ["FEEDS_BASE_URL"] = settings.base_url
    run("feeds.web:create_app", host=host, port=port, workers=workers)


def _greet(newsroom: LiveNewsroom) -> None:
    now = datetime.now(UTC)
    with newsroom.catalogue.reading() as snapshot:
        problems = snapshot.problems()
        visible = snapshot.visible(now)
    console.err.print(f"[bold]{newsroom.settings.base_url}/[/]  {visible} releases from {newsroom.settings.data}")
    for problem in problems[:FIRST_PROBLEMS]:
        console.err.print(f"  {problem}", markup=False)
    if len(problems) > FIRST_PROBLEMS:
        console.err.print(f"  … and {len(problems) - FIRST_PROBLEMS} more problems: see `feeds check`")
