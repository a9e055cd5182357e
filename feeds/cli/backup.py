"""The command `feeds backup`, which copies what readers have been shown into a file."""

from __future__ import annotations

from pathlib import Path

from feeds.catalogue import catalogue_file
from feeds.cli import console
from feeds.errors import FeedsError
from feeds.memory import save_copy


def backup(data: Path | None, file: Path) -> None:
    """Copies what readers have been shown into a file. Raises FeedsError if there is nothing."""
    settings = console.settings_for(data)
    if settings.database:
        advice = "pg_dump saves it, as docs/postgresql.md says"
        raise FeedsError(f"what readers have been shown is in the database that FEEDS_DATABASE names ({advice})")
    location = catalogue_file(settings.data, settings.base_url, settings.state)
    if not location.memory.exists():
        advice = "set FEEDS_DATA, FEEDS_BASE_URL and FEEDS_STATE as for the server"
        raise FeedsError(f"{location.memory}: readers have been shown nothing from here ({advice})")
    save_copy(location.memory, file)
    console.out().print(f"{file}: a copy of {location.memory}", markup=False)
    console.out().print("To restore it, stop the server and put it back there.", markup=False)
