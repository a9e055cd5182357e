"""The page of a release leads on: to what its editor names, and to what was said of its subjects before."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from lxml import html

from tests.makers import DAY, NOW, Bench, a_compiled, yaml

FIELDS: dict[str, dict[str, Any]] = {
    "one": {"topics": ["wages"], "projects": ["score"]},
    "two": {"topics": ["wages"], "countries": ["MN"]},
    "three": {"topics": ["wages"]},
    "four": {"topics": ["corrections"], "countries": ["MN"]},
    "five": {"topics": ["wages"], "withdrawn": {"date": NOW - timedelta(minutes=5), "reason": "Wrong."}},
    "six": {"topics": ["wages"], "projects": ["score"], "countries": ["MN"], "genre": "news"},
    "seven": {"countries": ["MN"], "genre": "news"},
    "eight": {"topics": ["wages"]},
}
"""By slug, in the order in which they are published, a day apart."""


def compiled(path: Path, **changed: dict[str, Any]) -> Bench:
    files = {}
    for days, (slug, fields) in zip(range(len(FIELDS), 0, -1), FIELDS.items(), strict=True):
        day = NOW - days * DAY
        more: dict[str, Any] = {"title": slug, "published": day} | fields | changed.get(slug, {})
        files[f"2021/{day:%Y-%m-%d}-{slug}.yaml"] = yaml(**more)
    return a_compiled(path, files)


def related(bench: Bench, slug: str, now: Any = NOW) -> list[str]:
    found = html.fromstring(bench.body(f"/releases/2021/{slug}", now)).xpath("//ul[contains(@class, 'related')]//a")
    return [str(each.text_content()) for each in found]


def test_what_has_most_subjects_in_common_is_first_then_what_is_newer(tmp_path: Path) -> None:
    bench = compiled(tmp_path)
    # Of wages the nearest three are five, which is withdrawn, three and two; of the project it is one.
    assert related(bench, "six") == ["one", "three", "two"]
    assert related(bench, "two") == ["one"]
    assert related(bench, "one") == []


def test_a_country_counts_where_there_is_no_narrower_subject_and_the_kind_of_text_never(tmp_path: Path) -> None:
    bench = compiled(tmp_path)
    assert related(bench, "seven") == ["six", "four", "two"]
    assert related(bench, "four") == []


def test_what_the_editor_names_comes_first_and_once(tmp_path: Path) -> None:
    bench = compiled(tmp_path, six={"related": ["2021/three", "https://www.example.org/wages"]})
    assert related(bench, "six") == ["three", "www.example.org/wages", "one"]
    bench = compiled(tmp_path / "more", six={"related": [f"https://www.example.org/{each}" for each in range(4)]})
    assert len(related(bench, "six")) == 4


def test_what_is_to_come_is_no_reason_to_change_a_page(tmp_path: Path) -> None:
    bench = compiled(tmp_path, seven={"published": NOW + DAY, "topics": ["wages"], "projects": ["score"]})
    assert related(bench, "seven", NOW + 2 * DAY) == ["six", "one", "eight"]
    assert related(bench, "eight", NOW + 2 * DAY) == related(bench, "eight") == ["six", "three"]
