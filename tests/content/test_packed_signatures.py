"""Packed signatures say of every path what a dictionary says."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from feeds.content import PackedSignatures, Signature, signature

_numbers = st.integers(-(2**63), 2**63 - 1)
_files = st.dictionaries(st.sampled_from([f"releases/{n}.yaml" for n in range(9)]), st.tuples(*[_numbers] * 4))


@given(_files, st.sampled_from([f"releases/{n}.yaml" for n in range(12)]))
def test_a_path_has_the_signature_it_was_packed_with(files: dict[str, Signature], path: str) -> None:
    packed = PackedSignatures(files.items())
    assert (packed.get(path), path in packed, len(packed)) == (files.get(path), path in files, len(files))


@given(_files)
def test_the_order_of_files_does_not_matter(files: dict[str, Signature]) -> None:
    assert PackedSignatures(files.items()) == PackedSignatures(reversed(files.items()))


@given(_files, _files)
def test_what_is_the_same_in_both_is_found(one: dict[str, Signature], other: dict[str, Signature]) -> None:
    both = PackedSignatures(one.items()) & PackedSignatures(other.items())
    assert both == PackedSignatures(one.items() & other.items())
    assert (both == PackedSignatures(one.items())) == (one.items() <= other.items())


def test_a_file_of_a_far_year_can_be_packed(tmp_path: Path) -> None:
    path = tmp_path / "2021-06-24-dam.yaml"
    path.touch()
    for seconds in (-86_400, 0, 10_413_792_000):  # 1969, 1970, 2300
        os.utime(path, (seconds, seconds))
        mark = signature(path.stat())
        assert PackedSignatures([("dam", mark)]).get("dam") == mark


def test_a_number_of_a_signature_is_not_taken_for_the_hash_of_a_path() -> None:
    sought = "releases/dam.yaml"
    word = hash(sought)
    beside = next(path for n in count() if (hash(path := f"releases/{n}.yaml") - word) % 256 == 0)
    alike, own = (word, word, word, word), (1, 2, 3, 4)
    assert PackedSignatures([(beside, alike)]).get(sought) is None
    assert PackedSignatures([(beside, alike), (sought, own)]).get(sought) == own
