"""Entity tags and dates as readers, caches and proxies write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import http_date

from feeds.web.conditional import matching_tag, precondition_failed, read_date, unmodified_since

THEN = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)
HEADERS = st.text(st.characters(max_codepoint=255), max_size=200)


@pytest.mark.parametrize(
    "header",
    [
        '"a"',
        'W/"a"',
        '"x", "a"',
        '"x",W/"a"',
        '"x" , "a" ,',
        '"a-gzip"',
        'W/"a-gzip"',
        '"a--gzip"',
        '"a;gzip"',
        '"a"-gzip',
        "a",
        " * ",
        '"a-br"',
        '"x, y", "a"',
    ],
)
def test_a_tag_is_known_again_in_whatever_form_it_comes_back(header: str) -> None:
    assert matching_tag(header, ['"a"', '"b"'], '"a"') == '"a"'


@pytest.mark.parametrize("header", ["", '"x"', '"aa"', '"a', '"a-zip"', '"A"', "a, " * 10_000, '"x, a"', "*, x"])
def test_a_tag_that_is_not_ours_is_not_taken_for_ours(header: str) -> None:
    assert matching_tag(header, ['"a"', '"b"'], '"a"') is None


def test_the_tag_of_what_would_be_sent_comes_before_others_that_match() -> None:
    assert matching_tag('"b", "a"', ['"a"', '"b"'], '"b"') == '"b"'
    assert matching_tag('"a"', ['"a"', '"b"'], '"b"') == '"a"'


@given(HEADERS)
def test_no_text_whatever_upsets_the_reading_of_tags_and_dates(header: str) -> None:
    assert matching_tag(header, ['"a"'], '"a"') in (None, '"a"')
    assert read_date(header) is None or header.strip()


PARTS = ["Sun", ", ", "Nov", "06", "1994", "-", " ", ":", "08:49:37", "GMT", "+9999", "-0000", "9" * 17, "(", "\xff"]


@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join))
def test_nothing_like_a_date_upsets_the_reading(header: str) -> None:
    assert unmodified_since(header, THEN) in (None, False, True)


@pytest.mark.parametrize(
    "header", ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
)
def test_all_three_forms_of_a_date_are_read(header: str) -> None:
    assert read_date(header) == THEN


@pytest.mark.parametrize(
    "header",
    [
        "",
        "0",
        "yesterday",
        "Sun, 31 Feb 2021 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 06 Nov 99999999999999999 08:49:37 GMT",
        "1994-11-06T08:49:37Z",
    ],
)
def test_what_is_no_date_is_ignored(header: str) -> None:
    assert read_date(header) is None


def test_fractions_of_a_second_do_not_make_a_document_newer() -> None:
    assert unmodified_since(http_date(THEN), THEN + timedelta(microseconds=999_999)) is True
    assert unmodified_since(http_date(THEN), THEN + timedelta(seconds=1)) is False


@pytest.mark.parametrize(
    ("if_match", "if_unmodified", "expected"),
    [
        (None, None, False),
        ('"a"', None, False),
        ("*", None, False),
        ('"x"', None, True),
        ('W/"a"', None, True),
        ('"a"', "Sun, 06 Nov 1983 08:49:37 GMT", False),
        (None, "Sun, 06 Nov 1983 08:49:37 GMT", True),
        (None, "Sun, 06 Nov 1994 08:49:37 GMT", False),
        (None, "nonsense", False),
    ],
)
def test_preconditions_fail_in_the_order_the_standard_sets(
    if_match: str | None, if_unmodified: str | None, expected: bool
) -> None:
    assert precondition_failed(if_match, if_unmodified, ['"a"'], THEN) is expected
