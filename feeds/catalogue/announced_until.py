"""Up to which moment everything is known to have been published, kept in the catalogue for a clock that steps back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime

from feeds.catalogue import write
from feeds.catalogue.location import Place
from feeds.catalogue.tables import CatalogueError, micros, open_to_write

SEEN_UNTIL = "seen_until"


def remember(place: Place, moment: datetime) -> None:
    """Writes down that a moment has come; an earlier one than is known changes nothing. Raises CatalogueError."""
    try:
        with closing(open_to_write(place.path)) as database:
            known = write.meta(database, SEEN_UNTIL)
            if known is None or int(known) < micros(moment):
                with write.transaction(database):
                    write.set_meta(database, **{SEEN_UNTIL: str(micros(moment))})
    except sqlite3.Error as error:
        raise CatalogueError(f"{place.path}: {error}") from error
