"""An editor puts a story first, until a date; then the newest is first again, by itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from tests.makers import DAY, NOW, Bench, a_compiled, yaml

OLD = NOW - 300 * DAY
UNTIL = NOW + DAY
PINNED = f"{OLD.year}/{OLD:%Y-%m-%d}-dam.yaml"


def compiled(path: Path, **fields: Any) -> Bench:
    files = {
        f"2021/{day:%Y-%m-%d}-story-{number}.yaml": yaml(title=f"Story {number}", published=day)
        for number, day in enumerate(NOW - each * DAY for each in range(12))
    }
    return a_compiled(path, files | {PINNED: yaml(title="The dam", **{"published": OLD, "pinned": UNTIL} | fields)})


def titles(bench: Bench, now: Any = NOW, path: str = "/") -> list[str]:
    found = html.fromstring(bench.body(path, now)).xpath("//main//*[self::h2 or self::h3]/a")
    return [str(each.text_content()) for each in found]


def test_a_pinned_story_is_first_however_old_it_is_until_its_time_is_over(tmp_path: Path) -> None:
    bench = compiled(tmp_path)
    newest = [f"Story {number}" for number in range(12)]
    assert titles(bench) == ["The dam", *newest[:9]]
    assert titles(bench, UNTIL - timedelta(microseconds=1)) == ["The dam", *newest[:9]]
    assert titles(bench, UNTIL) == newest[:10]


def test_a_cache_is_told_of_the_end_and_the_page_has_another_date_then(tmp_path: Path) -> None:
    bench = compiled(tmp_path)
    with bench.catalogue.reading() as snapshot:
        assert snapshot.next_moment(NOW) == UNTIL
    assert bench.document("/", UNTIL + DAY).last_modified == UNTIL


def test_a_pinned_story_among_the_newest_stands_once(tmp_path: Path) -> None:
    bench = compiled(tmp_path, published=NOW - 3 * DAY)
    assert titles(bench).count("The dam") == 1
    assert titles(bench)[0] == "The dam"


def test_of_several_the_newest_is_first(tmp_path: Path) -> None:
    other = yaml(title="The road", published=OLD + DAY, pinned=UNTIL - DAY / 2)
    bench = compiled(tmp_path)
    (bench.folder / "releases" / f"{OLD.year}" / f"{OLD + DAY:%Y-%m-%d}-road.yaml").write_text(other)
    bench.compile()
    assert titles(bench)[0] == "The road"
    assert titles(bench, UNTIL - DAY / 2)[0] == "The dam"


@pytest.mark.parametrize(
    "fields", [{"withdrawn": {"date": OLD + DAY, "reason": "Wrong."}}, {"draft": True}, {"published": UNTIL - DAY / 2}]
)
def test_what_is_withdrawn_or_still_to_come_is_not_first(tmp_path: Path, fields: dict[str, Any]) -> None:
    bench = compiled(tmp_path, **fields)
    assert titles(bench)[0] == "Story 0"


def test_a_translation_is_first_in_its_language(tmp_path: Path) -> None:
    bench = compiled(tmp_path)
    year = bench.folder / "releases" / f"{OLD.year}"
    (year / f"{OLD:%Y-%m-%d}-dam.mn.yaml").write_text("title: Далан\nsummary: Далан.\n", encoding="utf-8")
    (bench.folder / "releases/2021" / f"{NOW - DAY:%Y-%m-%d}-story-1.mn.yaml").write_text(
        "title: Мэдээ\nsummary: Мэдээ.\n", encoding="utf-8"
    )
    bench.compile()
    assert titles(bench, path="/mn/")[0] == "Далан"
    assert titles(bench, UNTIL, "/mn/")[0] != "Далан"


@pytest.mark.parametrize(
    ("written", "problem"),
    [("true", "not a date"), (f"{OLD - DAY:%Y-%m-%d}", "before the publication date")],
)
def test_a_pin_without_an_end_or_before_its_beginning_is_told(tmp_path: Path, written: str, problem: str) -> None:
    bench = compiled(tmp_path)
    path = bench.folder / "releases" / PINNED
    path.write_text(path.read_text().replace(f"pinned: {UNTIL.isoformat()}", f"pinned: {written}"))
    bench.compile()
    assert any("pinned" in each and problem in each for each in bench.problems()), bench.problems()
