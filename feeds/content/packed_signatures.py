"""The signatures of very many files in a tenth of the memory that a dictionary of them takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from struct import Struct

from feeds.content.files import Signature

_RECORD = Struct(">Q4q")
_WORD = 2**64 - 1
_BUCKETS = 256
"""Parts that are sorted one after the other, so that sorting takes extra memory for one of them only."""


class PackedSignatures:
    """Tells the signature of a file by its path, but not which paths there are: of each only a hash is held.

    A file takes 40 bytes. Python's hash differs in each process, so nothing of it can be saved or sent. Two of 100,000
    paths have the same hash once in a billion times; then one of the files may be taken for the other.
    """

    __slots__ = ("_buckets",)

    def __init__(self, files: Iterable[tuple[str, Signature]]) -> None:
        buckets = [bytearray() for _ in range(_BUCKETS)]
        for path, mark in files:
            word = hash(path) & _WORD
            buckets[word % _BUCKETS] += _RECORD.pack(word, *mark)
        self._buckets = [b"".join(sorted(_records(bucket))) for bucket in buckets]

    def __len__(self) -> int:
        """How many files there are."""
        return sum(map(_length, self._buckets))

    def __eq__(self, other: object) -> bool:
        """Whether the same files have the same signatures."""
        return isinstance(other, PackedSignatures) and self._buckets == other._buckets

    __hash__ = None  # type: ignore[assignment]  # nothing asks for it

    def __contains__(self, path: object) -> bool:
        """Whether a file is among them."""
        return isinstance(path, str) and self.get(path) is not None

    def get(self, path: str) -> Signature | None:
        """The signature of a file; None if it is not among them."""
        record = self._record(hash(path) & _WORD)
        if not record:
            return None
        _, size, modified, changed, inode = _RECORD.unpack(record)
        return size, modified, changed, inode

    def __and__(self, other: PackedSignatures) -> PackedSignatures:
        """The files that have the same signature in both."""
        both = PackedSignatures(())
        both._buckets = [
            b"".join(sorted(set(_records(one)) & set(_records(another))))
            for one, another in zip(self._buckets, other._buckets, strict=True)
        ]
        return both

    def _record(self, word: int) -> bytes:
        """The record of the path with a hash; empty if there is none."""
        bucket, start = self._buckets[word % _BUCKETS], word.to_bytes(8, "big")
        at = bucket.find(start)
        while at % _RECORD.size and at >= 0:  # within a record: it is no hash
            at = bucket.find(start, at + 1)
        return bucket[at : at + _RECORD.size] if at >= 0 else b""


def _records(bucket: bytes | bytearray) -> Iterator[bytes]:
    for start in range(0, len(bucket), _RECORD.size):
        yield bytes(bucket[start : start + _RECORD.size])


def _length(bucket: bytes) -> int:
    return len(bucket) // _RECORD.size
