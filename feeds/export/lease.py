"""Lets one export at a time write below a prefix: it writes a lock object there, and changes it while it runs.

Clocks of two machines are never compared. An export that finds the lock of another one watches it. If the lock changes,
the other export is running. If it stays the same for a minute, the other one was killed, and this one takes over. Every
write is conditional: it fails if another export has written meanwhile.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress

from feeds.errors import FeedsError
from feeds.export.manifest import ObjectVersion
from feeds.export.object_store import ConflictError, Objects, StoredObject

WATCHED = 60.0
"""Seconds for which another export's lock is watched before that export counts as killed."""

_LOOKS = 12
"""How often a waiting export looks at the lock in that time."""
_SIGNS = 6
"""How often a running export changes its lock in that time. One that could not for half of the time stops."""
_FREE = b"{}\n"
_TYPE = {"Content-Type": "application/json", "Cache-Control": "no-store"}


class Lease:
    """The right to write below a prefix, kept while a thread renews it."""

    def __init__(self, objects: Objects, name: str, clock: Callable[[], float], *, watched: float = WATCHED) -> None:
        """``name`` is that of the object; ``clock`` counts seconds and is never set."""
        self._objects = objects
        self._name = name
        self._clock = clock
        self._watched = watched
        self._holder = secrets.token_hex(8)
        self._number = 0
        self._tag: ObjectVersion | None = None
        self._renewed = 0.0
        self._lost = False
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def take(self, tell: Callable[[str], object]) -> None:
        """Takes the lease, if need be after watching another's. Raises FeedsError if another export is running."""
        if self._thread:
            return
        found = self._objects.get(self._name)
        if found and found.content != _FREE:
            tell(
                f"{self._objects.url}: another export writes there, or was killed:"
                f" watching for {self._watched:.0f} seconds whether it lives"
            )
            found = self._watch(found)
        self._tag = found.tag if found else None
        try:
            self._renew()
        except ConflictError as error:
            raise self._running() from error
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._thread.start()

    def _watch(self, found: StoredObject) -> StoredObject | None:
        """The lock object when the other export has ended or was killed. Raises FeedsError if it is running."""
        for _ in range(_LOOKS):
            self._ended.wait(self._watched / _LOOKS)
            again = self._objects.get(self._name)
            if again is None or again.content == _FREE:
                return again
            if again.content != found.content:
                raise self._running()
        return found

    def _running(self) -> FeedsError:
        return FeedsError(f"{self._objects.url}: another export is writing there (run it again when that has ended)")

    def _renew(self) -> None:
        begun = self._clock()
        self._number += 1
        sign = json.dumps({"holder": self._holder, "number": self._number}).encode()
        self._tag = self._objects.put(self._name, sign, _TYPE, self._tag)
        self._renewed = begun

    def _keep(self) -> None:
        while not self._ended.wait(self._watched / _SIGNS):
            try:
                self._renew()
            except ConflictError:
                self._lost = True
                return
            except FeedsError:
                continue  # while the store is away, `require` says when it has been for too long

    def require(self) -> None:
        """Raises FeedsError if another export may have taken over."""
        if self._lost or self._clock() - self._renewed > self._watched / 2:
            raise FeedsError(
                f"{self._objects.url}: stopped, since another export may have taken over while this one could not"
                " reach the store (each object that is there is whole; run it again)"
            )

    def release(self) -> None:
        """Gives the lease back. If that fails, the next export watches it for a minute."""
        self._ended.set()
        if not self._thread:
            return
        self._thread.join()
        self._thread = None
        with suppress(FeedsError):
            if not self._lost:
                self._objects.put(self._name, _FREE, _TYPE, self._tag)
