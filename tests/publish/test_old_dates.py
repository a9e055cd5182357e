"""Dates of the time when clocks had offsets in seconds are whole in every format, on pages and in ids."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.makers import NEWSROOM, a_compiled, yaml

DATE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[^\s<\"'&]*")
WHOLE = re.compile(r"[0-9-]{10}T[0-9:]{8}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})")


@pytest.mark.parametrize(
    ("zone", "day", "offset", "in_rss", "in_words"),
    [
        ("Asia/Shanghai", "1900-06-02", "+08:05", "Sat, 02 Jun 1900 00:00:00 +0805", "2 June 1900"),
        ("Africa/Monrovia", "1971-03-04", "-00:45", "Thu, 04 Mar 1971 00:00:00 -0045", "4 March 1971"),
        ("America/Caracas", "1910-01-01", "-04:28", "Sat, 01 Jan 1910 00:00:00 -0428", "1 January 1910"),
    ],
)
def test_a_day_of_old_is_the_same_everywhere(
    tmp_path: Path, zone: str, day: str, offset: str, in_rss: str, in_words: str
) -> None:
    written = f"{day}T00:00:00{offset}"
    newsroom = NEWSROOM.replace("Asia/Shanghai", zone).replace("example.org,2020", "example.org,1900")
    bench = a_compiled(tmp_path, {f"{day[:4]}/{day}-dam.yaml": yaml(published=day)}, newsroom=newsroom)
    assert bench.problems() == []
    assert f"<published>{written}</published>" in bench.body("/feeds/all.atom")
    assert f"<updated>{written}</updated>" in bench.body("/feeds/all.atom")
    assert f"<pubDate>{in_rss}</pubDate>" in bench.body("/feeds/all.rss")
    assert f'"date_published":"{written}"' in bench.body("/feeds/all.json")
    assert f"tag:example.org,{day}:dam" in bench.body("/feeds/all.atom")
    assert in_words in bench.body(f"/releases/{day[:4]}/dam")
    for path, (_, body, *_) in bench.everything().items():
        found = DATE_TIME.findall(body.decode("utf-8", "replace"))
        assert [each for each in found if not WHOLE.fullmatch(each)] == [], path
