"""What the catalogue holds of releases is packed: smaller, the same again, and known when it is damaged."""

from __future__ import annotations

import pytest
from zstandard import ZstdError

from feeds.catalogue.compression import Packing, dictionary_of

ENTRIES = [f"<entry><title>Number {n}</title><category term='mn' label='Mongolia'/></entry>" for n in range(900)]
SAMPLES = [each.encode() for each in ENTRIES]


@pytest.mark.parametrize("dictionary", [b"", dictionary_of(SAMPLES)], ids=["alone", "with a dictionary"])
def test_what_is_unpacked_is_what_was_packed(dictionary: bytes) -> None:
    packing = Packing(dictionary)
    for content in (b"", b"x", *SAMPLES, b"what the dictionary does not know " * 1_000):
        assert Packing(dictionary).unpack(packing.pack(content)) == content


def test_a_dictionary_is_worth_having() -> None:
    alone, shared = Packing(), Packing(dictionary_of(SAMPLES))
    assert len(shared.pack(SAMPLES[7])) < len(alone.pack(SAMPLES[7])) / 2


@pytest.mark.parametrize("samples", [[], SAMPLES[:5], [b""] * 100])
def test_too_little_makes_no_dictionary(samples: list[bytes]) -> None:
    assert dictionary_of(samples) == b""


@pytest.mark.parametrize("dictionary", [b"", dictionary_of(SAMPLES)], ids=["alone", "with a dictionary"])
def test_no_byte_changes_unseen(dictionary: bytes) -> None:
    packed = Packing(dictionary).pack(b"".join(SAMPLES[:3]))
    for at in range(len(packed)):
        damaged = packed[:at] + bytes([packed[at] ^ 4]) + packed[at + 1 :]
        try:
            found = Packing(dictionary).unpack(damaged)
        except ZstdError:
            continue
        assert found == b"".join(SAMPLES[:3])  # a bit of the head that nobody reads


def test_with_another_dictionary_nothing_is_read() -> None:
    packed = Packing(dictionary_of(SAMPLES)).pack(SAMPLES[3])
    with pytest.raises(ZstdError):
        Packing(dictionary_of([bytes(reversed(each)) for each in SAMPLES])).unpack(packed)
