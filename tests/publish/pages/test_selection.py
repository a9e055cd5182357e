"""The page of a subject says how much there is, and leads to what is narrower and what is beside it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from feeds.publish.pages import selection
from tests.makers import DAY, NOW, Bench, a_compiled, yaml


def compiled(path: Path, count: int = 6) -> Bench:
    files = {}
    for number in range(count):
        day = NOW - (number + 1) * DAY
        fields: dict[str, Any] = {"countries": ["MN"], "topics": ["wages"] if number % 2 else []}
        fields |= {"genre": "news"} if number == 1 else {"genre": "report"}
        fields |= {"projects": ["score"]}
        files[f"2021/{day:%Y-%m-%d}-story-{number}.yaml"] = yaml(published=day, **fields)
    tomorrow = NOW + DAY
    files["2021/2021-07-01-to-come.yaml"] = yaml(published=tomorrow, countries=["CN", "MN"], topics=["corrections"])
    return a_compiled(path, files)


def page(bench: Bench, path: str, now: Any = NOW) -> Any:
    return html.fromstring(bench.body(path, now))


def narrower(tree: Any) -> list[tuple[str, str]]:
    found = tree.xpath("//aside/section[1]//li")
    return [(" ".join(each.text_content().split()), each.xpath("./a/@href")[0]) for each in found]


def test_it_says_how_many_there_are_and_when_the_newest_came(tmp_path: Path) -> None:
    bench = compiled(tmp_path)
    newest = NOW - DAY
    told = f"6 releases, the newest of {newest.day} {newest:%B %Y}."
    assert told in bench.body("/feeds/country/mn.html")
    assert "7 releases" in bench.body("/feeds/country/mn.html", NOW + 2 * DAY)
    assert "the newest of" not in bench.body("/feeds/country/cn.html")


def test_one_more_term_leaves_fewer_and_the_number_says_how_many(tmp_path: Path) -> None:
    bench = compiled(tmp_path)
    # The project has all of them, so it leaves nothing out.
    assert narrower(page(bench, "/feeds/country/mn.html")) == [
        ("Wages 3", "/feeds/country/mn/topic/wages.html"),
        ("Report 5", "/feeds/country/mn/genre/report.html"),
        ("News 1", "/feeds/country/mn/genre/news.html"),
    ]
    for told, href in narrower(page(bench, "/feeds/country/mn.html")):
        assert len(page(bench, href).xpath("//ol[@class='headlines']/li")) == int(told.rpartition(" ")[2])


def test_of_few_releases_none_are_left_out(tmp_path: Path) -> None:
    few = page(compiled(tmp_path, selection.FEWEST_TO_NARROW - 1), "/feeds/country/mn.html")
    assert "Narrow down" not in few.xpath("//aside//h2/text()")


@pytest.mark.parametrize(("later", "others"), [(timedelta(0), []), (2 * DAY, ["/feeds/country/cn.html"])])
def test_it_leads_to_terms_of_its_kind_as_soon_as_they_have_releases(
    tmp_path: Path, later: timedelta, others: list[str]
) -> None:
    tree = page(compiled(tmp_path), "/feeds/country/mn.html", NOW + later)
    assert tree.xpath("//aside//section[h2='Other subjects']//li/a/@href") == others


def test_an_archive_page_does_not_count_and_leads_nowhere_else(tmp_path: Path) -> None:
    bench = Bench(compiled(tmp_path).folder, entries=2)
    bench.compile()
    archived = page(bench, "/feeds/country/mn/archive/1.html")
    assert archived.xpath("//aside") == []
    assert "the newest of" not in archived.text_content()
