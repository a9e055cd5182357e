"""The prepared answers of one version of the catalogue, within a bound of bytes. Knows neither clock nor source."""

from __future__ import annotations

from collections.abc import Hashable
from threading import Lock

from feeds.web.representation import Prepared


class Shelf:
    """Prepared answers by path, in two generations.

    What is asked for moves to the young generation; when that is full it becomes the old one, and the old one,
    with all nobody asked for meanwhile, is let go. So a hit costs one lookup and no bookkeeping. Each generation
    may fill a quarter of ``room`` and the answers of the version before, kept as a last resort, the other half.
    """

    def __init__(self, version: Hashable, room: int, before: dict[str, Prepared] | None = None) -> None:
        self.version = version
        self.room = room
        self._before = before or {}
        self._young: dict[str, Prepared] = {}
        self._old: dict[str, Prepared] = {}
        self._sizes: dict[str, int] = {}
        self._total = 0
        self._writing = Lock()

    def find(self, path: str) -> Prepared | None:
        """The answer kept for this path, whether or not its time has come."""
        found = self._young.get(path)
        if found is None and (found := self._old.get(path)) is not None:
            self.keep(path, found, found)
        return found

    def keep(self, path: str, prepared: Prepared, instead_of: Prepared | None) -> Prepared:
        """Keep an answer in the place of what was found there, or take account of one that has grown.

        Gives what stands then: if another thread has been faster, its answer, which may be of a newer state. What
        alone would fill a generation is not kept.
        """
        size = prepared.size + len(path)
        bound = self.room // 4
        if size > bound:
            return prepared
        with self._writing:
            standing = self._young.get(path) or self._old.get(path)
            if standing is not instead_of:
                return standing or prepared
            grown = self._total - self._sizes.get(path, 0) + size
            if grown > bound:
                self._old, self._young, self._sizes, grown = self._young, {}, {}, size
            self._young[path] = prepared
            self._sizes[path] = size
            self._total = grown
            return prepared

    def drop(self, path: str) -> None:
        """Forget all that was ever answered at this path."""
        with self._writing:
            for kept in (self._young, self._old, self._before):
                kept.pop(path, None)
            self._total -= self._sizes.pop(path, 0)

    def before(self, path: str) -> Prepared | None:
        """What the version before this one answered."""
        return self._before.get(path)

    def next(self, version: Hashable) -> Shelf:
        """An empty shelf for a new version, with this one's answers behind it."""
        with self._writing:
            return Shelf(version, self.room, self._old | self._young)

    @property
    def size(self) -> int:
        """Octets kept, counting what is in two places once for each."""
        shelves = (self._young, self._old, self._before)
        return sum(prepared.size + len(path) for shelf in shelves for path, prepared in list(shelf.items()))
