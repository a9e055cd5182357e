"""Dates and times: refused where no clock shows them, and with offsets that every feed format can write."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model.moments import MomentError, in_zone, parse_local_moment, parse_moment

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
ZONES = [ZoneInfo(name) for name in sorted(available_timezones())]


@pytest.mark.parametrize(
    "offset", ["+08:00", "-12:00", "+14:00", "+12:45", "-09:30", "+05:45", "+00:00", "-00:00", "Z", "z", "-03:30"]
)
def test_the_offsets_of_places_are_taken(offset: str) -> None:
    assert parse_moment(f"2026-11-26T09:30:00{offset}", UTC).isoformat()[:16] == "2026-11-26T09:30"


@pytest.mark.parametrize(
    "offset", ["+18:00", "-12:01", "+14:01", "+14:30", "-13:00", "+23:59", "+24:00", "+99:99", "+08:60", "-08:75"]
)
def test_an_offset_that_no_place_has_is_refused(offset: str) -> None:
    with pytest.raises(MomentError) as raised:
        parse_moment(f"2026-11-26T09:30:00{offset}", UTC)
    assert raised.value.message == f"a time with the offset {offset}, which no place on Earth has"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("24 June 2021", "not a date"),
        ("2021-6-24", "not a date"),
        ("２０２１-06-24", "not a date"),
        ("٢٠٢١-٠٦-٢٤", "not a date"),
        ("2021-06-24T09:30:00 +08:00", "not a date"),
        ("2021-06-24T09:30:00+0800", "not a date"),
        ("2021-06-24T09", "not a date"),
        ("2021-06-24T09:30:00", "a time without its zone"),
        ("2021-06-24 09:30", "a time without its zone"),
        ("2021-02-29", "no such date"),
        ("2021-06-24T24:00:00+08:00", "no such date"),
        ("2021-06-24T09:60+08:00", "no such date"),
        ("2021-06-30T23:59:60Z", "no such date"),
        ("1899-12-31", "an implausible date"),
        ("2200-01-01", "an implausible date"),
        ("0021-06-24", "an implausible date"),
    ],
)
def test_what_is_no_moment_is_refused(text: str, message: str) -> None:
    with pytest.raises(MomentError) as raised:
        parse_moment(text, SHANGHAI)
    assert raised.value.message == message


@pytest.mark.parametrize("text", ["1900-01-01", "2199-12-31", "1900-01-01T00:00:00+14:00", "2199-12-31T23:59:59-12:00"])
def test_the_first_and_last_year_count_in_every_zone(text: str) -> None:
    assert parse_moment(text, SHANGHAI).isoformat().startswith(text)


@pytest.mark.parametrize(
    ("text", "zone", "written"),
    [
        ("1900-06-02", "Asia/Shanghai", "1900-06-02T00:00:00+08:05"),
        ("1971-03-04", "Africa/Monrovia", "1971-03-04T00:00:00-00:45"),
        ("1930-01-01", "Europe/Amsterdam", "1930-01-01T00:00:00+00:19"),
        ("1910-05-05", "America/La_Paz", "1910-05-05T00:00:00-04:33"),
        ("1915-05-05", "Asia/Kolkata", "1915-05-05T00:00:00+05:30"),
        ("2021-06-24", "Asia/Shanghai", "2021-06-24T00:00:00+08:00"),
    ],
)
def test_a_date_is_midnight_with_an_offset_in_whole_minutes(text: str, zone: str, written: str) -> None:
    assert parse_moment(text, ZoneInfo(zone)).isoformat() == written


@pytest.mark.parametrize(
    ("text", "zone", "written"),
    [
        ("2026-12-01 09:30", "Europe/Paris", "2026-12-01T09:30:00+01:00"),
        ("2026-07-01T09:30:15", "Europe/Paris", "2026-07-01T09:30:15+02:00"),
        ("2026-12-01 09:30Z", "Europe/Paris", "2026-12-01T09:30:00+00:00"),
        ("2026-12-01", "Asia/Kathmandu", "2026-12-01T00:00:00+05:45"),
        ("1905-06-02 09:30", "Asia/Shanghai", "1905-06-02T09:30:00+08:00"),
    ],
)
def test_a_time_without_its_zone_may_be_meant_in_one(text: str, zone: str, written: str) -> None:
    assert parse_local_moment(text, ZoneInfo(zone)).isoformat() == written


@pytest.mark.parametrize("text", ["2027-03-28 02:30", "2026-10-25 02:00", "2026-10-25T02:59:59"])
def test_a_local_time_that_clocks_skip_or_show_twice_is_refused(text: str) -> None:
    with pytest.raises(MomentError) as raised:
        parse_local_moment(text, ZoneInfo("Europe/Paris"))
    assert raised.value.message == "a time at which the clocks there change"


@pytest.mark.parametrize("text", ["2026-12-01 24:00", "2026-02-30 09:30", "1066-10-14 09:30", "9:30"])
def test_a_local_time_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(MomentError):
        parse_local_moment(text, ZoneInfo("Europe/Paris"))


def test_in_every_zone_a_date_begins_on_its_day_and_can_be_written() -> None:
    odd = 0
    days = [date(year, month, 1 + month) for year, month in product(range(1900, 1975, 4), (1, 7))]
    for zone in ZONES:
        for day in days:
            found = parse_moment(day.isoformat(), zone)
            midnight = datetime.combine(day, time(), zone)
            offset = midnight.utcoffset()
            assert offset is not None
            odd += bool(offset % MINUTE)
            assert found.isoformat()[:19] == f"{day}T00:00:00"
            assert len(found.isoformat()) == len("2021-06-24T00:00:00+08:00")
            assert timedelta() <= found - midnight < MINUTE
            assert found.astimezone(zone).date() == day
            assert in_zone(found, zone) == found
            assert in_zone(found, zone).isoformat() == found.isoformat()
            assert parse_moment(found.isoformat(), UTC) == found
    assert odd > 500


@given(st.integers(-70 * 366, 220 * 365), st.integers(0, 86_399), st.sampled_from(ZONES))
def test_a_moment_in_a_zone_is_the_same_moment(days: int, seconds: int, zone: ZoneInfo) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days, seconds)
    local = in_zone(moment, zone)
    assert local == moment
    assert (local.utcoffset() or timedelta()) % MINUTE == timedelta()
