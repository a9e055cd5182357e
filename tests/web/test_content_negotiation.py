"""Accept-Encoding, entity tags and dates as readers, caches and proxies write them."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_accept_header, parse_date, parse_etags

from feeds.web.conditional import failed, http_date, moment, same, tags, unmodified_since
from feeds.web.content_negotiation import acceptable

THEN = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)
HEADERS = st.text(st.characters(max_codepoint=255), max_size=200)
DATES = st.integers(0, 3_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


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


WEIGHTS = st.integers(0, 1000).map(lambda n: n / 1000)


@given(st.dictionaries(st.sampled_from(["br", "zstd", "gzip", "identity"]), WEIGHTS, min_size=1))
def test_codings_named_are_ordered_as_werkzeug_orders_them(weights: dict[str, float]) -> None:
    header = ", ".join(f"{coding};q={weight}" for coding, weight in weights.items())
    theirs = parse_accept_header(header)
    ours = [coding for coding in acceptable(header) if coding in weights]
    assert set(ours) == {coding for coding in weights if theirs.quality(coding) > 0}
    assert [theirs.quality(coding) for coding in ours] == sorted(map(theirs.quality, ours), reverse=True)


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
    assert same(header, ['"a"', '"b"'], '"a"') == '"a"'


@pytest.mark.parametrize("header", ["", '"x"', '"aa"', '"a', '"a-zip"', '"A"', "a, " * 10_000, '"x, a"', "*, x"])
def test_a_tag_that_is_not_ours_is_not_taken_for_ours(header: str) -> None:
    assert same(header, ['"a"', '"b"'], '"a"') is None


def test_the_tag_of_what_would_be_sent_comes_before_others_that_match() -> None:
    assert same('"b", "a"', ['"a"', '"b"'], '"b"') == '"b"'
    assert same('"a"', ['"a"', '"b"'], '"b"') == '"a"'


@given(HEADERS)
def test_no_text_whatever_upsets_the_reading_of_tags_and_dates(header: str) -> None:
    assert all(isinstance(tag.opaque, str) for tag in tags(header))
    assert moment(header) is None or header.strip()


TAGS = st.lists(st.tuples(st.booleans(), st.text("0123456789abcdef", min_size=1)), min_size=1)


@given(TAGS)
def test_lists_of_tags_read_as_werkzeug_reads_them(wanted: list[tuple[bool, str]]) -> None:
    header = ", ".join(f'{"W/" if weak else ""}"{opaque}"' for weak, opaque in wanted)
    theirs = parse_etags(header)
    assert {tag.opaque for tag in tags(header)} == set(theirs.as_set(include_weak=True))
    assert {tag.opaque for tag in tags(header) if not tag.weak} == set(theirs.as_set())


@pytest.mark.parametrize(
    "header", ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
)
def test_all_three_forms_of_a_date_are_read(header: str) -> None:
    assert moment(header) == THEN


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
        "Sun, 06 Nov 0000 08:49:37 GMT",
    ],
)
def test_what_is_no_date_is_ignored(header: str) -> None:
    assert moment(header) is None


@given(DATES)
def test_dates_are_written_and_read_as_werkzeug_does(instant: datetime) -> None:
    written = http_date(instant)
    assert moment(written) == parse_date(written) == instant
    assert http_date(instant.astimezone()) == written
    asctime = f"{calendar.day_abbr[instant.weekday()]} {written[8:11]} {instant.day:2} {written[17:25]} {instant.year}"
    assert moment(asctime) == instant


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
    assert failed(if_match, if_unmodified, ['"a"'], THEN) is expected
