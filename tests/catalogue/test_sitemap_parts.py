"""The parts of the sitemap are those of all releases that readers may see, at any moment and after any edits."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from feeds.catalogue import Snapshot, sitemap_parts
from feeds.catalogue.tables import meta
from feeds.content import Scope
from feeds.database import micros
from tests.makers import DAY, NEWSROOM, NOW, SECOND, TOMORROW, YESTERDAY, Bench, a_newsroom, write, yaml
from tests.tools import examples

ZONE = "Asia/Shanghai"
NEW_YEAR = datetime(2020, 12, 31, 16, tzinfo=UTC)
"""When the year 2021 begins there."""
NAMES = [f"{name}{ending}.yaml" for name in ("dam", "road", "well", "mine", "pier") for ending in ("", ".mn")]
DATES = [
    NEW_YEAR - SECOND, NEW_YEAR, NEW_YEAR + SECOND, NEW_YEAR + DAY, NOW - 9 * DAY, NOW - 8 * DAY, YESTERDAY,
    TOMORROW, NOW + 200 * DAY, NOW + 400 * DAY,
]  # fmt: skip
MOMENTS = [NOW, NOW - 10 * DAY, NOW + 2 * DAY, NOW + 300 * DAY, NOW + 500 * DAY]

texts = st.fixed_dictionaries(
    {"published": st.sampled_from(DATES)},
    optional={
        "updated": st.sampled_from([NOW, NOW + 500 * DAY]),
        "announced": st.sampled_from([NOW - SECOND, NOW + 410 * DAY]),
        "withdrawn": st.just({"date": NOW + 420 * DAY, "reason": "Wrong."}),
        "url": st.just("https://www.example.org/there"),
        "slug": st.sampled_from(["dam", "road"]),
        "draft": st.just(True),
    },
)
edits = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES[::2]), texts),
    st.tuples(st.just("write"), st.sampled_from(NAMES[::2]), texts),
    st.tuples(st.just("translate"), st.sampled_from(NAMES[1::2]), st.sampled_from([*DATES[4:], None])),
    st.tuples(st.just("delete"), st.sampled_from(NAMES), st.none()),
    st.tuples(st.just("wait"), st.just(""), st.sampled_from([SECOND, 2 * DAY, 250 * DAY])),
    st.tuples(st.just("zone"), st.sampled_from(["UTC", ZONE]), st.none()),
)


def edit(folder: Path, what: str, name: str, value: Any) -> set[str]:
    """Does it, and says which paths were touched."""
    match what:
        case "write":
            write(folder, f"2021/{name}", yaml(**value))
        case "translate":
            dated = f"published: {value.isoformat()}\n" if value else ""
            write(folder, f"2021/{name}", f"title: Нэг\nsummary: Нэг.\n{dated}")
        case "delete":
            (folder / "releases/2021" / name).unlink(missing_ok=True)
        case "zone":
            (folder / "newsroom.yaml").write_text(NEWSROOM.replace(ZONE, name), encoding="utf-8")
            return {"newsroom.yaml"}
    return {f"releases/2021/{name}"} if name else set()


def told(snapshot: Snapshot, now: datetime) -> dict[tuple[int, int], list[tuple[str, str, datetime]]]:
    """By year and number of a part: language, path and last change of each release in it, as the catalogue says."""
    newsroom = snapshot.vocabulary.newsroom
    return {
        (part.year, part.number): [
            (each.language, each.path, each.updated)
            for each in snapshot.sitemap.releases(newsroom, part.year, part.number, now)
        ]
        for part in snapshot.sitemap.all(newsroom, now)
    }


def expected(snapshot: Snapshot, now: datetime) -> dict[tuple[int, int], list[tuple[str, str, datetime]]]:
    """The same, from all visible releases one by one."""
    zone = snapshot.vocabulary.newsroom.time_zone
    visible = snapshot.releases.of([each.edition for each in snapshot.releases.editions(now)])
    by_year: defaultdict[int, list[tuple[str, str, datetime]]] = defaultdict(list)
    for each in sorted(visible, key=lambda each: (each.release.published, each.release.id)):
        if not each.withdrawn and not each.release.url:
            year = each.release.published.astimezone(zone).year
            by_year[year].append((each.release.language, each.release.path, each.entry.updated))
    size = sitemap_parts.LARGEST
    return {
        (year, start // size + 1): found[start : start + size]
        for year, found in sorted(by_year.items(), reverse=True)
        for start in range(0, len(found), size)
    }


def sitemaps(bench: Bench, now: datetime) -> dict[str, tuple[Any, ...]]:
    return bench.everything(now, below="/sitemap")


def in_steps(path: Path, rounds: list[list[tuple[str, str, Any]]]) -> Iterator[tuple[Bench, datetime]]:
    bench, now = Bench(a_newsroom(path)), NOW
    bench.compile(now=now)
    for each in rounds:
        touched = set()
        for what, name, value in each:
            now += value if what == "wait" else timedelta()
            touched |= edit(bench.folder, what, name, value)
        if bench.compile(now=now, scope=Scope.of(touched)).elsewhere:
            bench.compile(now=now)
        yield bench, now


@pytest.mark.slow
@given(rounds=st.lists(st.lists(edits, min_size=1, max_size=3), min_size=1, max_size=5))
@settings(
    examples(25),
    suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.generate),
)
def test_the_parts_are_those_of_all_visible_releases(rounds: list[list[tuple[str, str, Any]]]) -> None:
    with tempfile.TemporaryDirectory() as path, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sitemap_parts, "LARGEST", 2)
        for bench, now in in_steps(Path(path), rounds):
            with bench.catalogue.reading() as snapshot:
                for moment in (now, *MOMENTS):
                    assert told(snapshot, moment) == expected(snapshot, moment), moment
        # What stays although its file is bad or claims another's address can depend on what was there before.
        if not any("warning" not in each for each in bench.problems()):
            before = [sitemaps(bench, moment) for moment in (now, now + 600 * DAY)]
            bench.compile(now=now, afresh=True)
            assert [sitemaps(bench, moment) for moment in (now, now + 600 * DAY)] == before


def kept(bench: Bench) -> list[tuple[int, int, int, str]]:
    with bench.catalogue.reading() as snapshot:
        database = snapshot._database
        assert meta(database, "vocabulary")
        return database.execute("SELECT year, since, until, parts FROM sitemap_years ORDER BY year").fetchall()


def test_a_change_writes_its_own_year_alone(tmp_path: Path) -> None:
    bench = Bench(a_newsroom(tmp_path, {
        "old.yaml": yaml(published=NEW_YEAR - DAY), "new.yaml": yaml(published=YESTERDAY),
        "soon.yaml": yaml(published=TOMORROW),
    }))  # fmt: skip
    bench.compile(now=NOW)
    before = kept(bench)
    write(bench.folder, "new.yaml", yaml(published=YESTERDAY - SECOND))
    bench.compile(now=NOW)
    after = kept(bench)
    assert [year for year, *_ in before] == [2020, 2021]
    assert before[0] == after[0]
    assert before[1] != after[1]


def test_what_is_kept_of_a_year_follows_it_to_another_one(tmp_path: Path) -> None:
    bench = Bench(a_newsroom(tmp_path, {"old.yaml": yaml(published=NEW_YEAR - SECOND)}))
    bench.compile(now=NOW)
    assert [year for year, *_ in kept(bench)] == [2020]
    (bench.folder / "newsroom.yaml").write_text(NEWSROOM.replace(ZONE, "Pacific/Auckland"), encoding="utf-8")
    bench.compile(now=NOW)
    assert [year for year, *_ in kept(bench)] == [2021]
    (bench.folder / "releases/old.yaml").unlink()
    bench.compile(now=NOW)
    assert kept(bench) == []


def test_a_compile_keeps_what_a_moment_has_changed(tmp_path: Path) -> None:
    bench = Bench(a_newsroom(tmp_path, {"soon.yaml": yaml(published=TOMORROW), "old.yaml": yaml(published=NEW_YEAR)}))
    bench.compile(now=NOW)
    write(bench.folder, "other.yaml", yaml(published=NEW_YEAR - DAY))
    bench.compile(now=TOMORROW)
    assert [since for _, since, *_ in kept(bench)] == [micros(TOMORROW)] * 2
    with bench.catalogue.reading() as snapshot:
        parts = snapshot.sitemap.all(snapshot.vocabulary.newsroom, TOMORROW)
    assert [(part.year, part.changed) for part in parts] == [(2021, TOMORROW), (2020, TOMORROW)]
