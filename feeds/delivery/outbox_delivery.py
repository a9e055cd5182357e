"""The common base of what tells the hub, search engines and caches of changes, one turn at a time.

A turn finds what has changed, puts it into an outbox, and sends what is due. One process at a time takes turns.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from feeds.catalogue import CatalogueLocation, Snapshot, open_catalogue
from feeds.concurrency.background import SoleBackground
from feeds.errors import FeedsError
from feeds.memory.memory_connection import MemoryConnection
from feeds.memory.memory_file import MemoryLocation
from feeds.model.newsroom import Newsroom

Box = TypeVar("Box", bound=MemoryConnection)
Found = TypeVar("Found")
"""What a delivery finds to have changed."""


@dataclass(frozen=True, slots=True)
class _LastLook:
    """The version of a catalogue that was looked at, when, and when it changes by itself next."""

    version: tuple[int, int]
    at: datetime
    next_moment: datetime | None

    def still_holds(self, version: tuple[int, int], now: datetime) -> bool:
        """Whether nothing can be new; a clock that has stepped back makes it look again."""
        return version == self.version and self.at <= now and (self.next_moment is None or now < self.next_moment)


class OutboxDelivery(ABC, Generic[Box, Found]):
    """Delivers the changes of one catalogue. For one thread of one process."""

    def __init__(self, location: CatalogueLocation, outbox: Callable[[MemoryLocation], Box]) -> None:
        """``outbox`` opens the outbox in a memory."""
        self._location = location
        self._catalogue = open_catalogue(location)
        self._open_outbox = outbox
        self._outbox: Box | None = None
        self._last: _LastLook | None = None

    def turn(self, now: datetime) -> bool:
        """Looks for changes once, and tells what is due. Returns whether more is due at once.

        Raises FeedsError; then the next turn continues where this one stopped.
        """
        try:
            outbox = self._opened()
            self._begin(outbox, now)
            self._find_changes(outbox, now)
            return self._send(outbox, now)
        except FeedsError:
            self.close()
            raise

    def close(self) -> None:
        """Closes the outbox until the next turn."""
        if self._outbox:
            self._outbox.close()
        self._outbox = self._last = None

    def _begin(self, outbox: Box, now: datetime) -> None:  # most have nothing to do before
        """Does what must come before the look for changes."""

    @abstractmethod
    def _changes(self, snapshot: Snapshot, outbox: Box, now: datetime) -> Found:
        """Finds what has changed since the outbox last recorded anything."""

    def _next_moment(self, snapshot: Snapshot, now: datetime) -> datetime | None:
        """When there may be changes without a compile."""
        return snapshot.next_moment(now)

    @abstractmethod
    def _record(self, outbox: Box, found: Found, now: datetime) -> None:
        """Puts what has changed into the outbox."""

    @abstractmethod
    def _send(self, outbox: Box, now: datetime) -> bool:
        """Tells what is due. Returns whether more is due at once."""

    def _opened(self) -> Box:
        if self._outbox and not self._outbox.current:
            self.close()
        if self._outbox is None:
            self._outbox = self._open_outbox(self._location.memory)
        return self._outbox

    def _find_changes(self, outbox: Box, now: datetime) -> None:
        version = self._catalogue.version()
        if self._last and self._last.still_holds(version, now):
            return
        with self._catalogue.reading() as snapshot:
            found = self._changes(snapshot, outbox, now)
            next_moment = self._next_moment(snapshot, now)
        self._record(outbox, found, now)
        self._last = _LastLook(version, now, next_moment)


Kind = TypeVar("Kind", bound="OutboxDelivery[Any, Any]")


class DeliveryThread(SoleBackground, ABC, Generic[Kind]):
    """Takes the turns of a delivery while the process lives, once the newsroom asks for it."""

    def __init__(
        self,
        what: str,
        location: CatalogueLocation,
        clock: Callable[[], datetime],
        *,
        turn: str,
        seconds: float,
        asked_by: Callable[[Newsroom], bool] | None = None,
    ) -> None:
        """``what`` describes a failure in logs; ``turn`` names the lock that one process holds.

        ``seconds`` lie between turns: another process may compile without notice, and looking for changes takes
        microseconds. ``asked_by`` says whether a newsroom asks for the delivery; until it does, no failure is reported.
        """
        super().__init__(what, self._deliver, clock, location.turn(turn), first_pause=seconds)
        self._location = location
        self._seconds = seconds
        self._asked_by = asked_by

    @abstractmethod
    def _made(self) -> Kind:
        """The delivery, for this process."""

    def _left(self, delivery: Kind) -> None:
        """Keeps what the next delivery must know of this one."""

    def _alone(self) -> None:
        if self._asked_by is None or self._is_asked(self._asked_by):
            super()._alone()

    def _is_asked(self, by: Callable[[Newsroom], bool]) -> bool:
        """Waits until the newsroom asks for the delivery; False if the thread is told to stop before."""
        catalogue = open_catalogue(self._location)
        seen = None
        while not self.stopping.is_set():
            with suppress(FeedsError):
                version = catalogue.version()
                if version != seen:
                    with catalogue.reading() as snapshot:
                        if by(snapshot.vocabulary.newsroom):
                            return True
                    seen = version
            self.stopping.wait(self._seconds)
        return False

    def _deliver(self) -> None:
        delivery = self._made()
        try:
            more = True
            while not self.stopping.wait(0 if more else self._seconds):
                more = delivery.turn(self._clock())
                self.succeeded()
        finally:
            self._left(delivery)
            delivery.close()
