"""Errors that keep a catalogue from being read, and the checks that raise them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import reduce
from zlib import crc32

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


@contextmanager
def readable(what: str) -> Iterator[None]:
    """Raises CatalogueError if something in the catalogue is not as it was written."""
    try:
        yield
    except (ValueError, KeyError, TypeError) as error:
        # Without the error's own text: it may quote what is not public yet.
        raise CatalogueError(f"{what} in the catalogue cannot be read ({type(error).__name__})") from error


def undamaged(parts: Sequence[bytes], checksum: int) -> Sequence[bytes]:
    """Returns the parts, if the checksum is the CRC-32 of all of them together. Raises ValueError if it is not."""
    if reduce(lambda found, part: crc32(part, found), parts, 0) != checksum:
        raise ValueError("its checksum is wrong")
    return parts
