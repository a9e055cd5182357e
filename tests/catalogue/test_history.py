"""What readers were shown stays so: what comes late is announced when it comes, and no place in a feed ever moves."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.makers import DAY, NOW, Bench, a_newsroom, write, yaml

HOUR = timedelta(hours=1)
BEGINNING = NOW - 200 * DAY
LATER = NOW + HOUR
FEED, CHINA = "all", "country/cn"


def name(number: int | str) -> str:
    return f"2021/2021-05-01-number-{number}.yaml"


def release(number: int, /, **fields: Any) -> str:
    given: dict[str, Any] = {"title": f"Number {number}", "published": BEGINNING + number * DAY, "countries": ["CN"]}
    return yaml(**(given | fields))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """200 daily releases, three to a page, which readers have seen."""
    bench = Bench(a_newsroom(tmp_path, {name(n): release(n) for n in range(20)}), entries=3)
    bench.compile(now=NOW)
    return bench


def change(bench: Bench, now: datetime, **files: str | None) -> None:
    """Writes or deletes files, and compiles."""
    for file, text in files.items():
        path = bench.folder / "releases" / name(file.removeprefix("n"))
        if text is None:
            path.unlink()
        else:
            write(bench.folder, name(file.removeprefix("n")), text)
    bench.compile(now=now)


def live(bench: Bench, now: datetime, feed: str = FEED) -> list[str]:
    """The titles in the live feed, the newest change first."""
    items = json.loads(bench.body(f"/feeds/{feed}.json", now))["items"]
    return [item["title"] for item in items]


def archives(bench: Bench, now: datetime, feed: str = FEED) -> dict[str, str]:
    """The archive documents of a feed, by path."""
    found = {}
    number = 1
    while isinstance(getattr(answer := bench.answer(f"/feeds/{feed}/archive/{number}.atom", now), "body", None), bytes):
        found[f"{feed} {number}"] = answer.body.decode()  # type: ignore[union-attr]  # it is a document
        number += 1
    return found


def closed(bench: Bench, now: datetime) -> dict[str, str]:
    return {**archives(bench, now), **archives(bench, now, CHINA)}


def unchanged(before: dict[str, str], after: dict[str, str], *but: str) -> bool:
    """Whether all former archive documents are as they were, but for entries of these titles."""
    return all(_without(after[path], but) == _without(text, but) for path, text in before.items())


def _without(text: str, titles: tuple[str, ...]) -> str:
    entries = re.split("(?=<entry)", text)
    return "".join(each for each in entries if not any(f">{title}<" in each for title in titles))


LATE = (
    {"published": BEGINNING + 5 * DAY + HOUR},
    {"published": BEGINNING - 400 * DAY},
    {"published": BEGINNING + 18 * DAY + HOUR},
    {"published": BEGINNING + 5 * DAY + HOUR, "updated": BEGINNING + 6 * DAY},
    {
        "published": BEGINNING + 5 * DAY + HOUR,
        "corrections": [{"date": BEGINNING + 7 * DAY, "note": "No.", "major": True}],
    },
)
"""Releases that readers could not see at their dates."""


@pytest.mark.parametrize("fields", LATE, ids=range(len(LATE)))
def test_a_release_with_an_old_date_is_announced_when_it_comes(bench: Bench, fields: dict[str, Any]) -> None:
    before = closed(bench, NOW)
    change(bench, LATER, n99=release(99, title="Late", **fields))
    for feed in (FEED, CHINA):
        assert live(bench, LATER, feed)[0] == "Late"
        assert live(bench, LATER, feed)[1] == "Number 19"
    assert unchanged(before, closed(bench, LATER))
    body = bench.body("/feeds/all.atom", LATER)
    entry = re.search("<entry.*?</entry>", body, re.DOTALL)
    assert entry
    assert f"<published>{fields['published']:%Y-%m-%d}" in entry[0]


def test_the_editor_is_told_what_readers_see_and_the_line_that_says_it(bench: Bench) -> None:
    change(bench, LATER, n99=release(99, title="Late", published="2020-10-12"))
    (problem,) = bench.problems()
    assert "2021-05-01-number-99.yaml: warning: announced: dated 2020-10-12, announced 2021-06-24 at 21:00" in problem
    assert "write “announced: 2021-06-24T21:00:00+08:00”" in problem
    assert "only this machine's memory knows" in problem
    told = bench.everything(LATER)
    line = "announced: 2021-06-24T21:00:00+08:00\n"
    change(bench, LATER + HOUR, n99=release(99, title="Late", published="2020-10-12") + line)
    assert bench.problems() == []
    assert {path: each[1] for path, each in bench.everything(LATER).items()} == {
        path: each[1] for path, each in told.items()
    }


def test_with_the_line_another_machine_publishes_the_same(bench: Bench, tmp_path: Path) -> None:
    change(bench, LATER, n99=release(99, title="Late", published="2020-10-12"))
    change(bench, LATER, n99=release(99, published="2020-10-12") + "announced: 2021-06-24T21:00:00+08:00\n")
    other = Bench(bench.folder, entries=3, location=tmp_path / "other")
    other.compile(now=LATER + HOUR)
    assert {path: each[1] for path, each in other.everything(LATER + HOUR).items()} == {
        path: each[1] for path, each in bench.everything(LATER + HOUR).items()
    }


def test_what_is_announced_later_does_not_exist_before(bench: Bench) -> None:
    before = bench.everything(LATER)
    change(bench, LATER, n99=release(99, title="Late", published="2020-10-12", announced=LATER + HOUR))
    assert {path: each[:3] for path, each in bench.everything(LATER).items()} == {
        path: each[:3] for path, each in before.items()
    }
    assert "Late" not in str(live(bench, LATER))
    assert live(bench, LATER + HOUR)[0] == "Late"
    assert bench.problems() == []


def test_in_order_is_not_late(bench: Bench) -> None:
    change(bench, LATER, n20=release(20, published=NOW), n21=release(21, published=NOW + HOUR / 2))
    assert live(bench, LATER)[:2] == ["Number 21", "Number 20"]
    assert bench.problems() == []


def test_a_late_translation_is_announced_in_its_language_when_it_comes(bench: Bench) -> None:
    translation = "title: {}\nsummary: 二\n"
    for n in range(10, 16):
        write(bench.folder, f"2021/2021-05-01-number-{n}.zh-Hans.yaml", translation.format(f"第{n}"))
    bench.compile(now=NOW + HOUR / 2)
    english = closed(bench, LATER)
    write(bench.folder, "2021/2021-05-01-number-2.zh-Hans.yaml", translation.format("第2"))
    bench.compile(now=LATER)
    items = json.loads(bench.body("/zh-Hans/feeds/all.json", LATER))["items"]
    assert items[0]["title"] == "第2"
    assert unchanged(english, closed(bench, LATER), "Number 2")
    assert any("number-2.zh-Hans.yaml: warning: announced: dated" in problem for problem in bench.problems())


@pytest.mark.parametrize("own", ["", f"published: {NOW.isoformat()}\n"], ids=["", "with a date of its own"])
def test_no_translation_comes_before_what_is_announced_later(bench: Bench, own: str) -> None:
    write(bench.folder, "2021/2021-05-01-number-99.mn.yaml", f"title: Далан\nsummary: Тухай.\n{own}")
    change(bench, LATER, n99=release(99, title="Late", published="2020-10-12", announced=LATER + HOUR))
    assert bench.problems() == []
    assert "Далан" not in bench.body("/mn/feeds/all.atom", LATER)
    assert "Далан" in bench.body("/mn/feeds/all.atom", LATER + HOUR)


def test_a_translation_with_a_later_date_takes_no_earlier_moment_of_its_original(bench: Bench) -> None:
    write(
        bench.folder,
        "2021/2021-05-01-number-99.mn.yaml",
        f"title: Далан\nsummary: Тухай.\npublished: {LATER.isoformat()}\n",
    )
    change(bench, LATER, n99=release(99, title="Late", published="2020-10-12", announced=NOW + HOUR / 2))
    assert bench.problems() == []
    assert "Далан" in bench.body("/mn/feeds/all.atom", LATER)


TAGGED = ({"topics": ["wages"]}, {"topics": ["wages"], "countries": ["CN", "MN"]}, {"genre": "report"})


@pytest.mark.parametrize("terms", TAGGED, ids=range(len(TAGGED)))
def test_an_old_release_with_one_more_term_comes_in_the_feed_of_that_term_alone(
    bench: Bench, terms: dict[str, Any]
) -> None:
    feed = "genre/report" if "genre" in terms else "topic/wages"
    for n in (15, 16, 17):
        write(bench.folder, name(n), release(n, **terms))
    bench.compile(now=NOW + HOUR / 2)
    before = closed(bench, LATER)
    change(bench, LATER, n4=release(4, **terms))
    assert live(bench, LATER, feed) == ["Number 4", "Number 17", "Number 16", "Number 15"]
    assert live(bench, LATER)[0] == "Number 19"
    assert unchanged(before, closed(bench, LATER), "Number 4")
    assert (
        live(bench, LATER, f"country/cn/{feed}" if "genre" not in terms else "country/cn/genre/report")[0] == "Number 4"
    )


HIDDEN: tuple[str | None, ...] = (None, release(4, draft=True), release(4, published=LATER + 900 * DAY))


@pytest.mark.parametrize("text", HIDDEN, ids=["deleted", "drafted", "scheduled again"])
def test_what_is_hidden_leaves_its_place_empty_and_comes_again_when_it_is_shown(bench: Bench, text: str | None) -> None:
    before = closed(bench, NOW)
    change(bench, LATER, n4=text)
    assert unchanged(before, closed(bench, LATER), "Number 4")
    assert "Number 4<" not in str(closed(bench, LATER))
    change(bench, LATER + HOUR, n4=release(4))
    assert live(bench, LATER + HOUR)[0] == "Number 4"
    assert unchanged(before, closed(bench, LATER + HOUR), "Number 4")


BACKDATED = (
    {"corrections": [{"date": BEGINNING + 10 * DAY, "note": "It was the other one.", "major": True}]},
    {"updated": BEGINNING + 10 * DAY},
    {"withdrawn": {"date": BEGINNING + 10 * DAY, "reason": "Wrong."}},
)


@pytest.mark.parametrize("fields", BACKDATED, ids=["corrected", "updated", "withdrawn"])
def test_a_change_with_an_old_date_is_told_when_it_comes(bench: Bench, fields: dict[str, Any]) -> None:
    before = closed(bench, NOW)
    change(bench, LATER, n4=release(4, **fields))
    assert live(bench, LATER)[0].endswith("Number 4")
    assert unchanged(before, closed(bench, LATER), "Number 4", "Withdrawn: Number 4")
    if "updated" not in fields:
        assert live(bench, LATER, "corrections")[0].endswith("Number 4")


def test_another_order_of_the_same_changes_moves_nothing(bench: Bench) -> None:
    before = closed(bench, NOW)
    change(bench, LATER, n99=release(99, title="A", published="2020-01-01"), n98=release(98, published="2020-03-01"))
    change(bench, LATER + HOUR, n97=release(97, published="2020-02-01"), n4=release(4, topics=["wages"]))
    assert live(bench, LATER + HOUR)[:3] == ["Number 97", "Number 98", "A"]
    assert unchanged(before, closed(bench, LATER + HOUR), "Number 4")


# -- the catalogue is derived ---------------------------------------------------------------------------------------


def delete_the_catalogue(bench: Bench) -> None:
    for file in bench.location.path.parent.glob("catalogue.*"):
        file.unlink()


def a_history(bench: Bench) -> datetime:
    """Late, retagged, hidden and shown again, corrected, withdrawn and renamed releases."""
    change(bench, LATER, n99=release(99, title="Late", published="2020-10-12"), n4=release(4, topics=["wages"]))
    change(bench, LATER + HOUR, n5=None, n6=release(6, draft=True), n7=release(7, withdrawn=BACKDATED[2]["withdrawn"]))
    change(bench, LATER + 2 * HOUR, n6=release(6), n8=release(8, **BACKDATED[0]), n9=release(9, title="A typo"))
    (bench.folder / "releases" / name(10)).rename(bench.folder / "releases" / name("ten"))
    write(bench.folder, name(11), "title: [")
    bench.compile(now=LATER + 3 * HOUR)
    return LATER + 4 * HOUR


def test_deleting_the_catalogue_loses_nothing(bench: Bench) -> None:
    now = a_history(bench)
    before, problems = bench.everything(now), bench.problems()
    delete_the_catalogue(bench)
    bench.compile(now=now)
    assert bench.everything(now) == before
    assert bench.problems() == problems


def test_deleting_the_memory_loses_nothing_that_the_catalogue_knows(bench: Bench) -> None:
    now = a_history(bench)
    before = bench.everything(now)
    for file in bench.location.path.parent.glob("memory.*"):
        file.unlink()
    change(bench, now, n12=release(12, title="Another typo"))
    change(bench, now, n12=release(12))
    delete_the_catalogue(bench)
    bench.compile(now=now)
    after = bench.everything(now)
    assert after.keys() == before.keys()
    assert {path for path in before if "atom" in path and before[path][1] != after[path][1]} == set()


def test_building_anew_gives_what_the_changes_gave_one_by_one(bench: Bench, tmp_path: Path) -> None:
    other = Bench(bench.folder, entries=3, location=tmp_path / "other")
    for n in range(20, 27):
        write(bench.folder, name(n), release(n, topics=["wages"], **(BACKDATED[0] if n == 22 else {})))
        bench.compile()
    other.compile()
    assert other.everything() == bench.everything()


# -- a withdrawal taken back ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", [False, True], ids=["", "without the catalogue"])
def test_a_withdrawal_is_not_taken_back_in_silence(bench: Bench, lost: bool) -> None:
    change(bench, LATER, n18=release(18, withdrawn={"date": NOW, "reason": "Wrong."}))
    if lost:
        delete_the_catalogue(bench)
        bench.compile(now=LATER)
    told = bench.body("/feeds/all.atom", LATER)
    assert "Withdrawn: Number 18" in told
    for fields in ({}, {"updated": NOW - HOUR}, {"corrections": [{"date": LATER, "note": "Yes.", "major": False}]}):
        change(bench, LATER + HOUR, n18=release(18, **fields))
        assert bench.body("/feeds/all.atom", LATER + HOUR) == told
        (problem,) = bench.problems()
        assert "number-18.yaml: withdrawn: readers were told that this is withdrawn" in problem
    change(bench, LATER + 2 * HOUR, n18=release(18, updated=LATER + 2 * HOUR))
    assert bench.problems() == []
    assert live(bench, LATER + 2 * HOUR)[0] == "Number 18"
