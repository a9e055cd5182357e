"""A response's body that counts how much of it was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator


class CountedBody:
    """A body in pieces; when the server closes it, ``done`` is called with the number of octets taken from it."""

    def __init__(self, body: Iterable[bytes], done: Callable[[int], None]) -> None:
        self._body = body
        self._done = done
        self._octets = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._body:
            self._octets += len(piece)
            yield piece

    def close(self) -> None:
        """Closes the body too."""
        try:
            close = getattr(self._body, "close", None)
            if close:
                close()
        finally:
            self._done(self._octets)
