"""Prepared documents by path, for one version of the catalogue and within a bound of bytes."""

from __future__ import annotations

from collections.abc import Hashable
from threading import Lock

from feeds.web.representation import PreparedDocument


class DocumentCache:
    """Prepared documents by path, in two generations.

    What is asked for moves to the young generation. When that is full it becomes the old one, and the former old one
    is dropped with all that nobody has asked for meanwhile. So a hit costs one lookup and no bookkeeping. Each
    generation may fill a quarter of ``room``; the documents of the previous version, kept as a last resort, the other
    half.
    """

    def __init__(self, version: Hashable, room: int, previous: dict[str, PreparedDocument] | None = None) -> None:
        self.version = version
        self.room = room
        self._previous = previous or {}
        self._young: dict[str, PreparedDocument] = {}
        self._old: dict[str, PreparedDocument] = {}
        self._sizes: dict[str, int] = {}
        self._total = 0
        self._writing = Lock()

    def find(self, path: str) -> PreparedDocument | None:
        """The document kept for this path, for whatever moment it is."""
        found = self._young.get(path)
        if found is None and (found := self._old.get(path)) is not None:
            self.keep(path, found, found)
        return found

    def keep(self, path: str, prepared: PreparedDocument, instead_of: PreparedDocument | None) -> PreparedDocument:
        """Keeps a document in the place of the one that was found there; or again, when it has grown.

        Returns what is kept then. If another thread has been faster that is its document, which may be newer. What
        alone would fill a generation is not kept.
        """
        size = prepared.size + len(path)
        bound = self.room // 4
        if size > bound:
            return prepared
        with self._writing:
            present = self._young.get(path) or self._old.get(path)
            if present is not instead_of:
                return present or prepared
            grown = self._total - self._sizes.get(path, 0) + size
            if grown > bound:
                self._old, self._young, self._sizes, grown = self._young, {}, {}, size
            self._young[path] = prepared
            self._sizes[path] = size
            self._total = grown
            return prepared

    def drop(self, path: str) -> None:
        """Forgets everything that was ever kept for this path."""
        with self._writing:
            for kept in (self._young, self._old, self._previous):
                kept.pop(path, None)
            self._total -= self._sizes.pop(path, 0)

    def previous(self, path: str) -> PreparedDocument | None:
        """The document that the previous version had at this path, if it was kept."""
        return self._previous.get(path)

    def successor(self, version: Hashable) -> DocumentCache:
        """An empty cache for a new version, with this one's documents as the previous ones."""
        with self._writing:
            return DocumentCache(version, self.room, self._old | self._young)

    @property
    def size(self) -> int:
        """Octets kept. What is kept in two places counts twice."""
        all_kept = (self._young, self._old, self._previous)
        return sum(prepared.size + len(path) for kept in all_kept for path, prepared in list(kept.items()))
