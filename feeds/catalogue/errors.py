"""Errors that keep a catalogue from being read, and how they end."""

from __future__ import annotations

from feeds.database import DatabaseAwayError, DatabaseRefusedError
from feeds.errors import FeedsError


class CatalogueError(FeedsError):
    """The catalogue is missing, damaged or of another schema: it has to be built again."""


class NoCatalogueError(CatalogueError):
    """Nothing was compiled yet on a server."""


class CatalogueUnwritableError(CatalogueError):
    """SQLite cannot make its companions beside the catalogue: the disk is full, or the folder read-only."""


AWAY = (DatabaseAwayError, NoCatalogueError)
"""Errors that end by themselves: when the server answers, and when another machine has compiled the newsroom."""
REFUSED = (DatabaseRefusedError,)
"""Errors that end when an operator has done something."""
