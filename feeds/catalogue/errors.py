"""Errors that keep a catalogue from being read."""

from __future__ import annotations

from feeds.errors import FeedsError


class CatalogueError(FeedsError):
    """The catalogue is missing, damaged or of another schema: it has to be built again."""


class NoCatalogueError(CatalogueError):
    """Nothing was compiled yet on a server."""


class CatalogueUnwritableError(CatalogueError):
    """SQLite cannot make its companions beside the catalogue: the disk is full, or the folder read-only."""
