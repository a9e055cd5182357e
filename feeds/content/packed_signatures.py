"""The signatures of very many files in a tenth of the memory that a dictionary of them takes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from struct import Struct

from feeds.content.files import Signature

_RECORD = Struct(">Q4q")
_WORD = 2**64 - 1


class PackedSignatures:
    """Tells the signature of a file by its path, but not which paths there are: of each only a hash is held.

    A file takes 40 bytes. The hash is that of this process, so nothing of it can be kept or sent. Two of 100,000 paths
    have the same hash once in a billion times; then one of the files may be taken for the other.
    """

    __slots__ = ("_records",)

    def __init__(self, files: Iterable[tuple[str, Signature]]) -> None:
        self._records = b"".join(sorted(_RECORD.pack(hash(path) & _WORD, *mark) for path, mark in files))

    def __len__(self) -> int:
        """How many files there are."""
        return len(self._records) // _RECORD.size

    def __eq__(self, other: object) -> bool:
        """Whether the same files have the same signatures."""
        return isinstance(other, PackedSignatures) and self._records == other._records

    def __hash__(self) -> int:
        """For what is equal, the same number."""
        return hash(self._records)

    def __contains__(self, path: object) -> bool:
        """Whether a file is among them."""
        return isinstance(path, str) and self.get(path) is not None

    def get(self, path: str) -> Signature | None:
        """The signature of a file; None if it is not among them."""
        wanted = hash(path) & _WORD
        place = self._place(wanted)
        if place == len(self):
            return None
        found, size, modified, changed, inode = _RECORD.unpack_from(self._records, place * _RECORD.size)
        return (size, modified, changed, inode) if found == wanted else None

    def __and__(self, other: PackedSignatures) -> PackedSignatures:
        """The files that have the same signature in both."""
        both = PackedSignatures(())
        both._records = b"".join(record for record in self._each() if other._has(record))
        return both

    def _each(self) -> Iterator[bytes]:
        for start in range(0, len(self._records), _RECORD.size):
            yield self._records[start : start + _RECORD.size]

    def _has(self, record: bytes) -> bool:
        start = self._place(_RECORD.unpack(record)[0]) * _RECORD.size
        return self._records[start : start + _RECORD.size] == record

    def _place(self, wanted: int) -> int:
        """Where the record with a hash is, or would be."""
        return bisect_left(range(len(self)), wanted, key=self._hash_at)

    def _hash_at(self, place: int) -> int:
        return int.from_bytes(self._records[place * _RECORD.size : place * _RECORD.size + 8], "big")
