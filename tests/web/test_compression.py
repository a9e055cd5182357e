"""Accept-Encoding as readers write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.web.representation import acceptable

HEADERS = st.text(st.characters(max_codepoint=255), max_size=200)


@pytest.mark.parametrize(
    ("header", "order"),
    [
        (None, ("identity",)),
        ("", ("identity",)),
        ("gzip", ("gzip", "identity")),
        ("x-gzip", ("gzip", "identity")),
        ("gzip, deflate, br, zstd", ("br", "zstd", "gzip", "identity")),
        ("GZIP;Q=1.0", ("gzip", "identity")),
        ("br;q=0.5, gzip;q=0.8", ("gzip", "br", "identity")),
        ("identity, gzip;q=0.5", ("identity", "gzip")),
        ("gzip, identity", ("gzip", "identity")),
        ("*", ("br", "zstd", "gzip", "identity")),
        ("gzip, *;q=0", ("gzip",)),
        ("gzip;q=0, *", ("br", "zstd", "identity")),
        ("gzip, identity;q=0", ("gzip",)),
        ("identity;q=0", ()),
        ("*;q=0", ()),
        ("identity, *;q=0", ("identity",)),
        ("compress", ("identity",)),
        ("gzip;q=2, br;q=nan, zstd;level=3", ("identity",)),
        ("gzip, " * 100_000, ("identity",)),
    ],
)
def test_codings_are_ordered_as_the_reader_weighs_them(header: str | None, order: tuple[str, ...]) -> None:
    assert acceptable(header) == order


@given(HEADERS)
def test_no_text_whatever_upsets_the_reading_of_accept_encoding(header: str) -> None:
    assert set(acceptable(header)) <= {"br", "zstd", "gzip", "identity"}
