"""A retired term: its feed says so for a time, then it is gone; nobody is sent there any longer."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest

from feeds.addresses import FeedAddress
from feeds.model.formats import SYNDICATED, Format
from feeds.model.retirement import closing
from feeds.model.selection import Selection
from feeds.publish.all_addresses import combinations, selections
from feeds.publish.context import Context
from feeds.publish.feed import feed_head, last_entry
from tests.application import Served
from tests.makers import BASE, COUNTRIES, DAY, NEWSROOM, NOW, SECOND, Bench, a_compiled, a_newsroom, yaml
from tests.render.unspliced import unspliced
from tests.wire import readers, rules

END = datetime(2021, 6, 20, tzinfo=UTC) - timedelta(hours=8)
TOPICS = """\
pay: {labels: {en: Pay, mn: Цалин}, retired: {date: 2021-06-20, successor: earnings}}
wages: {labels: {en: Wages, zh-Hans: 工资, mn: Хөлс}, aliases: [earnings]}
lost: {labels: {en: Lost causes}, retired: {date: 2021-06-20}}
"""
FILES = {
    **{
        f"2021/2021-06-{day:02}-r{day}.yaml": yaml(published=f"2021-06-{day:02}", topics=["pay"]) for day in range(1, 9)
    },
    "2021/2021-06-01-r1.mn.yaml": "title: Нэг\nsummary: Нэг.\n",
    "2021/2021-06-20-last.yaml": yaml(published="2021-06-20", topics=["pay", "lost"], countries=["CN"]),
}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(a_newsroom(tmp_path, FILES, topics=TOPICS), entries=3)
    bench.compile()
    assert bench.problems() == []
    return bench


def seen(item: dict[str, str]) -> readers.Seen:
    """An item as a reader should see it."""
    published, updated = (datetime.fromisoformat(item[name]) for name in ("date_published", "date_modified"))
    return readers.Seen(item["id"], item["title"], item["url"], published.astimezone(UTC), updated.astimezone(UTC))


@pytest.mark.parametrize(
    ("asked", "successor"),
    [
        ("topic/pay/not/country/cn", "topic/wages/not/country/cn"),
        ("topic/pay/not/topic/wages", None),
    ],
)
def test_a_successor_that_is_left_out_is_none(bench: Bench, asked: str, successor: str | None) -> None:
    with bench.catalogue.reading() as snapshot:
        context = Context.of(snapshot, NOW, bench.settings)
        found = context.addresses.parse(f"/feeds/{asked}.atom")
        assert isinstance(found, FeedAddress)
        end = closing(found.selection, context.vocabulary, NOW)
        assert end is not None
        assert (end.successor and context.addresses.make(FeedAddress(end.successor))) == (
            successor and f"/feeds/{successor}.atom"
        )
    assert bench.document(f"/feeds/{asked}.atom").status == 200


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
@pytest.mark.parametrize("lead", ["", "/zh-Hans", "/mn"])
def test_its_feed_ends_with_one_entry_that_names_the_successor(bench: Bench, lead: str, form: str) -> None:
    body = bench.body(f"{lead}/feeds/topic/pay.{form}")
    assert body.count("/retired") == 1
    assert f"https://news.example.org{lead}/feeds/topic/wages.{form}" in body
    # The same whenever one asks.
    assert body == bench.body(f"{lead}/feeds/topic/pay.{form}", NOW + 100 * DAY)


def test_the_last_entry_shares_its_moment_with_no_other(bench: Bench) -> None:
    items = json.loads(bench.body("/feeds/topic/pay.json"))["items"]
    assert items[0]["id"] == "tag:example.org,2020:feeds/topic/pay/retired"
    moments = [item["date_modified"] for item in items]
    assert len(set(moments)) == len(moments)
    assert datetime.fromisoformat(moments[0]) == END + SECOND
    read = feedparser.parse(bench.body("/feeds/topic/pay.atom"))
    assert [entry.id for entry in read.entries] == [item["id"] for item in items]
    assert read.feed.updated == read.entries[0].updated


@pytest.mark.parametrize(
    "path", ["topic/pay", "topic/lost", "topic/lost+pay", "country/cn/topic/pay", "topic/pay/genre/news"]
)
@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_no_validator_finds_anything_and_all_parsers_agree(bench: Bench, path: str, form: str) -> None:
    for lead in ("", "/zh-Hans", "/mn"):
        document = bench.document(f"{lead}/feeds/{path}.{form}")
        url = f"{BASE}{lead}/feeds/{path}.{form}"
        assert rules.findings(document.body, document.media_type, url, NOW) == []
        items = json.loads(bench.body(f"{lead}/feeds/{path}.json"))["items"]
        expected = tuple(seen(item) for item in items)
        assert readers.disagreements(document.body, document.media_type, url, expected) == []


def test_its_releases_lead_to_what_stands(tmp_path: Path) -> None:
    served = Served(a_newsroom(tmp_path, FILES, topics=TOPICS), END + 400 * DAY)
    page = served.text("/releases/2021/last")
    assert "topic/pay" not in page
    assert "/feeds/topic/wages.html" in page


def test_its_page_says_so_as_well(bench: Bench) -> None:
    page = bench.body("/feeds/topic/pay.html")
    assert "This feed has ended" in page
    assert 'href="/feeds/topic/wages.html"' in page


def test_before_its_date_nothing_is_said(bench: Bench) -> None:
    assert "/retired" not in bench.body("/feeds/topic/pay.atom", END - SECOND)
    assert bench.document("/feeds/topic/pay.atom", END - SECOND).until == END


def test_its_archive_stays_as_it_was(bench: Bench) -> None:
    for form in ("atom", "rss", "json", "html"):
        path = f"/feeds/topic/pay/archive/1.{form}"
        before, after = (bench.body(path, moment) for moment in (END - SECOND, NOW))
        assert before == after or form == "html"
        assert "/retired" not in after


def test_lists_leave_it_out(tmp_path: Path) -> None:
    raised = {"2021/2021-06-01-raised.yaml": yaml(published="2021-06-01", topics=["wages"])}
    bench = a_compiled(tmp_path, FILES | raised, topics=TOPICS)
    for path in ("/feeds.opml", "/feeds/topic.opml", "/feeds/"):
        assert "topic/wages" in bench.body(path)
        assert "topic/pay" not in bench.body(path)
        assert "topic/pay" in bench.body(path, END - SECOND)


@pytest.mark.parametrize("path", ["topic/pay.atom", "topic/pay.rss", "topic/pay.html", "country/cn/topic/pay.json"])
def test_after_a_year_it_is_gone_and_the_answer_says_where_to_go(tmp_path: Path, path: str) -> None:
    served = Served(a_newsroom(tmp_path, FILES, topics=TOPICS), END + 365 * DAY - SECOND)
    assert served.status(f"/feeds/{path}") == 200
    served.clock.now = END + 365 * DAY
    assert served.status(f"/feeds/{path}") == 410
    successor = f"/feeds/{path.replace('pay', 'wages')}"
    assert f'href="{successor}"' in served.text(f"/feeds/{path}")
    assert served.status(successor) == 200
    assert served.status("/releases/2021/last") == 200


def test_the_newsroom_says_after_how_many_days(tmp_path: Path) -> None:
    bench = Bench(a_newsroom(tmp_path, FILES, topics=TOPICS, newsroom=f"{NEWSROOM}gone_after: 10\n"))
    bench.compile()
    assert getattr(bench.answer("/feeds/topic/pay.atom", END + 10 * DAY), "gone", False)
    assert getattr(bench.answer("/feeds/topic/lost.atom", END + 10 * DAY), "hint", "") == "/"


def test_of_terms_any_of_which_will_do_one_that_stands_keeps_the_feed_open(bench: Bench) -> None:
    assert "/retired" not in bench.body("/feeds/topic/pay+wages.atom", END + 900 * DAY)
    both = bench.body("/feeds/topic/lost+pay.atom")
    assert both.count("/retired") == 1
    assert "/feeds/topic/wages.atom" in both


def test_an_unknown_successor_is_a_problem(tmp_path: Path) -> None:
    bench = Bench(a_newsroom(tmp_path, topics=TOPICS.replace("earnings}", "earning}")))
    bench.compile()
    (problem,) = bench.problems()
    assert "no such topic “earning”" in problem


def test_former_names_of_terms_lead_to_their_present_ones_everywhere(tmp_path: Path) -> None:
    genre = "report: {labels: {en: Report}, aliases: [paper]}\n"
    projects = "score: {labels: {en: SCORE}, aliases: [old-score]}\n"
    topics = "wages: {labels: {en: Wages}, aliases: [pay]}\n"
    files = {f"2021/2021-06-0{n}-r{n}.yaml": yaml(published=f"2021-06-0{n}", countries=["MN"]) for n in range(1, 9)}
    folder = a_newsroom(tmp_path, files, genre=genre, projects=projects, topics=topics, countries=COUNTRIES)
    served = Served(folder, NOW)
    for old, new in (
        ("country/mongolia", "country/mn"),
        ("project/old-score", "project/score"),
        ("topic/pay", "topic/wages"),
        ("genre/paper", "genre/report"),
        ("country/mongolia+china", "country/cn+mn"),
        ("country/mongolia/topic/pay", "country/mn/topic/wages"),
        ("country/mongolia/archive/1", "country/mn/archive/1"),
    ):
        for lead in ("", "/zh-Hans", "/mn"):
            for form in ("atom", "rss", "json", "html"):
                status, headers, _ = served.ask(f"{lead}/feeds/{old}.{form}")
                assert (status, dict(headers)["Location"]) == (308, f"{lead}/feeds/{new}.{form}")
    assert "mongolia" not in served.text("/feeds.opml")
    assert "country/mn.atom" in served.text("/feeds/country.opml")


@pytest.mark.parametrize("form", SYNDICATED)
def test_the_last_entry_is_spliced_as_the_renderer_would_write_it(bench: Bench, form: Format) -> None:
    address = FeedAddress(Selection.of("mn", {"topic": ["lost"]}), form)
    with bench.catalogue.reading() as snapshot:
        desk = Context.of(snapshot, NOW, bench.settings)
        page = desk.page(address)
        end = closing(address.selection, desk.vocabulary, desk.now)
        assert end
        last = last_entry(desk, address, end, ())
        assert page
        head = replace(feed_head(desk, address, page), updated=last.updated, published=last.published)
        expected = unspliced(form, head, [last])
    assert bench.document(f"/mn/feeds/topic/lost.{form.suffix}").body == expected


def test_the_list_of_feeds_leaves_it_out(bench: Bench) -> None:
    with bench.catalogue.reading() as snapshot:
        for combined in (False, True):
            listed = listed_at(Context.of(snapshot, NOW, bench.settings), combined=combined)
            before = listed_at(Context.of(snapshot, END - SECOND, bench.settings), combined=combined)
            assert any("wages" in each for each in listed)
            assert not any("pay" in each or "lost" in each for each in listed)
            assert any("pay" in each for each in before)


def listed_at(desk: Context, *, combined: bool) -> set[str]:
    listed = [*selections(desk.vocabulary, "en", desk.now), *(combinations(desk, "en") if combined else ())]
    return {str(each.terms) for each in listed}


def test_the_page_of_an_ended_feed_promises_nothing(bench: Bench) -> None:
    assert "Nothing has been published here yet" not in bench.body("/feeds/country/mn/topic/pay.html")
    assert "Nothing has been published here yet" in bench.body("/feeds/country/mn/topic/wages.html")
