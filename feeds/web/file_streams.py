"""Reads large files piece by piece while they are sent: never whole into memory, and only a few at a time."""

from __future__ import annotations

from collections.abc import Iterator
from threading import BoundedSemaphore
from typing import BinaryIO

STREAMS = 8
"""Large files that a process sends at a time: each holds a thread for as long as its reader takes."""
IN_PIECES = "feeds.in_pieces"
"""Set in the environment of a request whose response must not be joined."""

_PIECE = 64 * 1024
_free = BoundedSemaphore(STREAMS)


class Pieces:
    """A part of a file, read as it is sent. The server closes it, whether the reader has got all of it or not."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file = file
        self._left = length

    def __iter__(self) -> Iterator[bytes]:
        while piece := self._file.read(min(_PIECE, self._left)):
            self._left -= len(piece)
            yield piece
        self.close()

    def close(self) -> None:
        """Closes the file, and lets the next reader begin."""
        if not self._file.closed:
            self._file.close()
            _free.release()


def begin(file: BinaryIO, length: int) -> Pieces | None:
    """The next ``length`` bytes of a file, to be sent in pieces; None if too many are under way already."""
    return Pieces(file, length) if _free.acquire(blocking=False) else None
