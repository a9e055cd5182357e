"""The newest moment that was announced for good, kept in the catalogue for a clock that steps back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime

from feeds.catalogue import write
from feeds.catalogue.location import Place
from feeds.catalogue.tables import CatalogueError, micros, open_to_write

SEEN_UNTIL = "seen_until"

_PATIENCE = 50
"""Milliseconds to wait for another writer: a reader's request may be waiting for this."""


def remember(place: Place, moment: datetime) -> None:
    """Keeps the newest announced moment; an earlier one than the kept one changes nothing. Raises CatalogueError."""
    try:
        with closing(open_to_write(place.path)) as database:
            database.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
            known = write.meta(database, SEEN_UNTIL)
            if known is None or int(known) < micros(moment):
                with write.transaction(database):
                    write.set_meta(database, **{SEEN_UNTIL: str(micros(moment))})
    except sqlite3.Error as error:
        raise CatalogueError(f"{place.path}: {error}") from error
