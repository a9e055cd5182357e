"""The channel of an RSS feed says when its newest release was published, and changes only with what is in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from lxml import etree

from tests.catalogue.test_archives import BEGINNING, HOUR, a_row
from tests.makers import DAY, NEWSROOM, NOW, Bench, a_compiled, write, yaml
from tests.publish.test_retired_terms import FILES, TOPICS


def dates(bench: Bench, path: str, now: datetime = NOW, query: str = "") -> tuple[datetime | None, list[datetime]]:
    """When the channel and each of its items were published."""
    channel = etree.fromstring(bench.document(path, now, query).body)[0]
    assert len(channel.findall("pubDate")) <= 1
    stated = channel.findtext("pubDate")
    items = [parsedate_to_datetime(item.findtext("pubDate")) for item in channel.findall("item")]
    return stated and parsedate_to_datetime(stated), items


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("all.rss", ""),
        ("all.rss", "count=1"),
        ("all.rss", "q=number"),
        ("all/archive/1.rss", ""),
        ("country/cn.rss", ""),
    ],
)
def test_it_is_that_of_the_newest_release_in_the_document(tmp_path: Path, path: str, query: str) -> None:
    stated, items = dates(a_row(tmp_path, 8, countries=["CN"]), f"/feeds/{path}", query=query)
    assert items
    assert stated == max(items)


def test_it_is_the_newest_date_also_where_an_older_release_came_last(tmp_path: Path) -> None:
    bench = a_row(tmp_path, 2)
    late = yaml(published=BEGINNING - DAY, announced=NOW - DAY)
    write(bench.folder, "2021/2021-05-01-late.yaml", late)
    bench.compile()
    stated, items = dates(bench, "/feeds/all.rss")
    assert items == [BEGINNING - DAY, BEGINNING + HOUR, BEGINNING]
    assert stated == BEGINNING + HOUR


def test_a_correction_leaves_it_as_it_was_and_moves_the_last_build(tmp_path: Path) -> None:
    corrections = [{"date": NOW, "note": "It is higher."}]
    bench = a_compiled(tmp_path, {"2021/2021-06-01-dam.yaml": yaml(published=BEGINNING, corrections=corrections)})
    before, after = (
        etree.fromstring(bench.document("/feeds/all.rss", now).body)[0] for now in (NOW - timedelta(seconds=1), NOW)
    )
    assert before.findtext("pubDate") == after.findtext("pubDate")
    assert parsedate_to_datetime(after.findtext("lastBuildDate")) == NOW


def test_a_channel_without_items_has_none_nor_has_what_is_still_to_come(tmp_path: Path) -> None:
    bench = a_compiled(tmp_path, {"2021/2021-06-25-dam.yaml": yaml(published=NOW + DAY)})
    assert dates(bench, "/feeds/all.rss") == (None, [])
    assert dates(bench, "/feeds/all.rss", NOW + DAY) == (NOW + DAY, [NOW + DAY])


def test_it_stands_in_the_newsrooms_time_zone(tmp_path: Path) -> None:
    newsroom = NEWSROOM.replace("Asia/Shanghai", "America/Caracas")
    files = {"2021/2021-06-01-dam.yaml": yaml(published="2021-06-01T09:30:00+08:00")}
    text = a_compiled(tmp_path, files, newsroom=newsroom).body("/feeds/all.rss")
    assert (
        "<lastBuildDate>Mon, 31 May 2021 21:30:00 -0400</lastBuildDate><pubDate>Mon, 31 May 2021 21:30:00 -0400<"
        in text
    )


def test_the_last_entry_of_a_retired_term_counts_too(tmp_path: Path) -> None:
    stated, items = dates(a_compiled(tmp_path, FILES, topics=TOPICS), "/feeds/topic/pay.rss")
    assert stated == items[0] == max(items)
