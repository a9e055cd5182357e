"""Lines of the access log: what is written is read again, and nothing that a client sends can end a field."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.web.access_log.lines import LoggedRequest, as_json, as_text, parse, target_of
from tests.makers import NOW
from tests.tools import examples

HEADERS = st.text(st.characters(max_codepoint=255, blacklist_characters="\r\n\0"), max_size=60).map(str.strip)
"""Values of header fields, as servers hand them over."""


REQUEST = LoggedRequest(
    NOW.timestamp(), "192.0.2.7", "GET", "/feeds/all.atom", "HTTP/1.1", 200, 5120, 0.25, "", "reader/1.0"
)
COMMON = '192.0.2.7 - - [24/Jun/2021:12:00:00 +0000] "GET /feeds/all.atom HTTP/1.1" 200'


@pytest.mark.parametrize("path", ['/a"b', "/a\nb", "/a\\b", "/\x1b[31m", "/\xe4\xb8\xad x", "/100%"])
def test_no_address_ends_a_field_or_a_line(path: str) -> None:
    asked = REQUEST._replace(target=target_of(path, ""))
    assert re.fullmatch(r'192\.0\.2\.7 - - \[\S+ \+0000\] "GET [!#-\[\]-~]+ HTTP/1\.1" 200 .*', as_text(asked))
    assert json.loads(as_json(asked))["status"] == 200


def test_octets_of_an_address_are_encoded_again_and_its_query_stays_as_it_was() -> None:
    assert target_of("/caf\xc3\xa9 100%", "q=100%25&x=\xe9") == "/caf%C3%A9%20100%25?q=100%25&x=%E9"


@examples(300)
@given(agent=HEADERS.filter(lambda text: text != "-"), referer=HEADERS.filter(lambda text: text != "-"))
def test_what_is_written_is_read_again(agent: str, referer: str) -> None:
    asked = REQUEST._replace(user_agent=agent, referer=referer)
    for line in (as_text(asked), as_json(asked)):
        assert line.isprintable()
        assert line.isascii()
        assert parse(line) == asked


@pytest.mark.parametrize(
    ("line", "octets", "agent"),
    [
        ('192.0.2.7 - - [24/Jun/2021:20:00:00 +0800] "GET /feeds/all.atom HTTP/1.1" 200 -', 0, ""),
        ('192.0.2.7 - ada [24/Jun/2021:12:00:00 +0000] "GET /feeds/all.atom HTTP/1.1" 200 12', 12, ""),
        (
            '192.0.2.7 - - [24/Jun/2021:12:00:00 +0000] "GET /feeds/all.atom HTTP/1.1" 200 12 "-" "a \\"b\\""',
            12,
            'a "b"',
        ),
        (
            '192.0.2.7 - - [24/Jun/2021:12:00:00 +0000] "GET /feeds/all.atom HTTP/1.1" 200 12 "-" "x" "10.0.0.1"',
            12,
            "x",
        ),
    ],
    ids=["common", "a user", "combined", "with a field of one's own"],
)
def test_lines_of_other_servers_are_read(line: str, octets: int, agent: str) -> None:
    assert parse(line) == REQUEST._replace(octets=octets, seconds=0.0, user_agent=agent)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"time": "2021-06-24T12:00:00+00:00", "level": "INFO", "logger": "feeds", "message": "x"}',
        '{"method": "GET", "time": "yesterday", "address": "x", "path": "/", "status": 200}',
        '{"method": "GET", "time": "2021-06-24T12:00:00+00:00", "address": "x", "path": "/", "status": [1]}',
        '192.0.2.7 - - [24/Foo/2021:12:00:00 +0000] "GET / HTTP/1.1" 200 1',
        '192.0.2.7 - - [99/Jun/2021:12:00:00 +0000] "GET / HTTP/1.1" 200 1',
        "2021-06-24T12:00:00.000+00:00 WARNING feeds: something else",
        "[" * 100_000,
        "{" * 100_000,
    ],
)
def test_what_is_no_request_is_none(line: str) -> None:
    assert parse(line) is None
