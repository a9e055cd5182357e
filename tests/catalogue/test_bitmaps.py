"""The bitmaps of feeds say of every selection what its definition says, whatever was published, retagged or hidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.catalogue import CatalogueError, Counted, Snapshot, bit_sets, bitmaps, counts, terms_of
from feeds.catalogue.releases import EDITIONS, VISIBLE
from feeds.database import Database, connect, micros
from feeds.memory.feed_places import ALL, CORRECTIONS, Feed
from feeds.model.selection import Selection
from tests.makers import DAY, NOW, Bench, a_newsroom, write, yaml
from tests.tools import examples

HOUR = timedelta(hours=1)
CN, MN, WAGES, SCORE = ("country", "cn"), ("country", "mn"), ("topic", "wages"), ("project", "score")
SELECTIONS: tuple[tuple[tuple[Feed, ...], ...], ...] = (
    ((ALL,),),
    ((CN,),),
    ((CN, MN),),
    ((CORRECTIONS,),),
    ((CN,), (WAGES,)),
    ((CN, MN), (WAGES,)),
    ((CN, MN), (WAGES,), (SCORE,)),
    ((CN,), (CORRECTIONS,)),
    ((CN, MN), (WAGES,), (CORRECTIONS,)),
)
"""Of each selection the feeds, facet by facet."""


def by_definition(database: Database, facets: Sequence[Sequence[Feed]], now: int) -> list[tuple[int, ...]]:
    """Moment, seq, date and mark of each place in a selection, in order.

    A place in a feed of one facet, of a release that has come into one of every other facet by then; if corrections are
    asked for, a place among them, or an entry into another feed.
    """
    rows = database.execute(
        "SELECT facet, slug, moment, seq, published, mark, event FROM places WHERE language = 'en' AND moment <= ?",
        (now,),
    ).fetchall()
    by_facet = [[row for row in rows if (row[0], row[1]) in facet] for facet in facets]
    asks_for_corrections = (CORRECTIONS,) in facets and len(facets) > 1
    found = set()
    for at, facet in enumerate(facets):
        for _, _, moment, seq, published, mark, event in by_facet[at]:
            others = [each for number, each in enumerate(by_facet) if number != at]
            everywhere = all(any(row[5] == mark and row[2:4] <= (moment, seq) for row in other) for other in others)
            counts = event < 0 or not asks_for_corrections or facet == (CORRECTIONS,)
            if everywhere and counts:
                found.add((moment, seq, published, mark))
    return sorted(found)


def by_bitmaps(database: Database, facets: Sequence[Sequence[Feed]], now: int) -> list[tuple[int, ...]]:
    found = bitmaps.selected(database, "en", facets, now).places
    numbers = bit_sets.nth(found, 0, found.bit_count())
    rows = database.execute(
        "SELECT number, moment, seq, published, mark FROM numbered WHERE language = 'en'"
    ).fetchall()
    known = {number: tuple(place) for number, *place in rows}
    assert sorted(known) == list(range(len(known))), "numbers without a gap"
    return [known[number] for number in numbers]


def name(number: int) -> str:
    return f"2021/2021-05-01-number-{number}.yaml"


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, str | None]]:
    """What is written or deleted from one compile to the next."""

    def files() -> Iterator[tuple[str, str | None]]:
        for _ in range(draw(st.integers(1, 3))):
            number = draw(st.integers(0, 6))
            published = NOW + draw(st.integers(-40, 6)) * HOUR
            fields: dict[str, Any] = {
                "published": published,
                "countries": draw(st.sampled_from([[], ["CN"], ["MN"], ["CN", "MN"]])),
                "topics": draw(st.sampled_from([[], ["wages"]])),
                "projects": draw(st.sampled_from([[], ["score"]])),
                "draft": draw(st.integers(0, 5)) == 0,
            }
            if draw(st.booleans()):
                date = published + draw(st.integers(0, 30)) * HOUR
                fields["corrections"] = [{"date": date, "note": "Not so.", "major": draw(st.booleans())}]
            yield name(number), None if draw(st.integers(0, 6)) == 0 else yaml(title=f"Number {number}", **fields)

    return [dict(files()) for _ in range(draw(st.integers(1, 6)))]


def save(folder: Path, files: dict[str, str | None]) -> None:
    for file, text in files.items():
        if text is None:
            (folder / "releases" / file).unlink(missing_ok=True)
        else:
            write(folder, file, text)


def counted(database: Database, now: int) -> dict[tuple[str, str, str], tuple[int, int]]:
    """By language, facet and slug, how many releases readers see at a time, and when the newest was published."""
    visible = f"FROM {EDITIONS} LEFT JOIN tags t ON t.release = r.key WHERE {VISIBLE}"
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    for language, own in (("en", "r.language = 'en'"), ("*", "r.original")):
        for group, facet, slug in (("1", "''", "''"), ("t.facet, t.slug", "t.facet", "t.slug")):
            rows = database.execute(
                f"SELECT {facet}, {slug}, COUNT(DISTINCT r.key), MAX(r.published) {visible} AND {own} GROUP BY {group}",
                {"now": now},
            )
            found |= {(language, f, s): (count, newest) for f, s, count, newest in rows if f is not None}
    return found


def counted_by_bitmaps(database: Database, now: int) -> dict[tuple[str, str, str], tuple[int, int]]:
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    for language in ("en", "*"):
        everything = bitmaps.releases(database, language, [[ALL]], now)
        by_feed = bitmaps.releases_by_term(database, language, now) | ({ALL: everything} if everything else {})
        newest = bitmaps.newest(database, language, by_feed)
        found |= {(language, *feed): (each.bit_count(), newest[feed]) for feed, each in by_feed.items()}
    return found


def dated_since(database: Database, since: int) -> frozenset[int]:
    """The marks of the releases in English with a date since a time."""
    rows = database.execute("SELECT mark FROM releases WHERE language = 'en' AND published >= ?", (since,))
    return frozenset(mark for (mark,) in rows)


@given(histories())
@examples(60)
def test_every_selection_has_the_places_that_its_definition_gives_it(history: list[dict[str, str | None]]) -> None:
    with TemporaryDirectory() as path:
        bench = Bench(a_newsroom(Path(path)))
        now = NOW - HOUR
        for files in history:
            now += HOUR
            save(bench.folder, files)
            bench.compile(now=now)
            with closing(connect(bench.location.path)) as database:
                for facets in SELECTIONS:
                    for moment in (now - 20 * HOUR, now, now + DAY):
                        asked = (facets, micros(moment))
                        assert by_bitmaps(database, *asked) == by_definition(database, *asked)
                for moment in (now, now + 3 * HOUR, now + DAY):
                    assert counted_by_bitmaps(database, micros(moment)) == counted(database, micros(moment))
                for since in (micros(now - 20 * HOUR), micros(now)):
                    marks = dated_since(database, since)
                    assert bitmaps.places_since(database, "en", marks, since) == bitmaps.places_of(
                        database, "en", marks
                    )
            with bench.catalogue.reading() as snapshot:
                for moment in (now, now + 3 * HOUR, now + DAY):
                    for selection in COUNTED:
                        assert snapshot.counts.of(selection, moment) == one_by_one(snapshot, selection, moment)
                    for most in (0, 1, 2, 3, None):
                        found = list(snapshot.counts.combinations("en", moment, most))
                        assert sorted(found) == together(snapshot, moment, most)


COUNTED = tuple(
    Selection("en", terms, corrected, words, everywhere)
    for terms in ((), (("country", ("cn", "mn")),), (("country", ("cn",)), ("topic", ("wages",))))
    for words in ((), ("number",), ("number", "3"))
    for corrected in (True, False)
    for everywhere in (True, False)
)


def one_by_one(snapshot: Snapshot, selection: Selection, now: datetime) -> Counted | None:
    """How many visible releases are in a selection, and the newest."""
    visible = snapshot.releases.editions(now)
    dates = [
        release.published
        for each, found in zip(visible, snapshot.releases.of([each.edition for each in visible]), strict=True)
        for release in [found.release]
        if all(any((facet, slug) in terms_of(each.terms) for slug in slugs) for facet, slugs in selection.terms)
        if not selection.corrections or each.corrected or each.withdrawn
        if all(word in release.title.lower().split() for word in selection.words)
    ]
    return Counted(len(dates), max(dates)) if dates else None


def together(snapshot: Snapshot, now: datetime, most: int | None) -> list[tuple[Feed, ...]]:
    """Terms of several facets, one of each, that a visible release has together."""
    return sorted(
        {
            chosen
            for each in snapshot.releases.editions(now)
            for number in range(2, 1 + (len(terms_of(each.terms)) if most is None else most))
            for chosen in combinations(terms_of(each.terms), number)
            if len({facet for facet, _ in chosen}) == number
        }
    )


def test_what_many_releases_have_is_counted_as_what_few_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = compiled(tmp_path)
    with bench.catalogue.reading() as snapshot:
        asked = [Selection("en", words=(word,)) for word in ("said", "nothing")]
        few = [snapshot.counts.of(selection, NOW) for selection in asked]
        monkeypatch.setattr(counts, "FEW", 3)
        assert [snapshot.counts.of(selection, NOW) for selection in asked] == few
    assert few == [Counted(19, NOW - DAY), None]


@given(st.integers(0, 2**200), st.integers(0, 210), st.integers(0, 40))
@examples(300)
def test_bits_are_found_by_their_rank(bitmap: int, start: int, count: int) -> None:
    numbers = [number for number in range(bitmap.bit_length()) if bitmap >> number & 1]
    assert bit_sets.nth(bitmap, start, count) == numbers[start : start + count]


def compiled(path: Path, now: datetime = NOW) -> Bench:
    files = {name(number): yaml(published=NOW - number * DAY, countries=["CN"]) for number in range(1, 20)}
    bench = Bench(a_newsroom(path, files))
    bench.compile(now=now)
    return bench


def test_a_change_leaves_the_numbers_of_what_readers_have_seen(tmp_path: Path) -> None:
    bench = compiled(tmp_path)
    save(bench.folder, {"2021/2021-05-01-later.yaml": yaml(published=NOW + 5 * DAY, countries=["MN"])})
    bench.compile(now=NOW)
    with closing(connect(bench.location.path)) as database:
        before = database.execute(
            "SELECT * FROM numbered WHERE language = 'en' AND moment <= ?", (micros(NOW),)
        ).fetchall()
    save(bench.folder, {"2021/2021-06-24-new.yaml": yaml(published=NOW + HOUR, countries=["CN"])})
    bench.compile(now=NOW + 2 * HOUR)
    with closing(connect(bench.location.path)) as database:
        after = database.execute("SELECT * FROM numbered WHERE language = 'en'").fetchall()
    assert after[: len(before)] == before
    assert len(after) == len(before) + 2


@pytest.mark.parametrize(("column", "path"), [("places", "/feeds/country/cn.atom"), ("releases", "/search")])
def test_a_damaged_bitmap_is_noticed(tmp_path: Path, column: str, path: str) -> None:
    bench = compiled(tmp_path)
    with closing(connect(bench.location.path)) as database:
        database.execute(f"UPDATE bitmaps SET {column} = zeroblob(3) WHERE facet = 'country'")  # noqa: S608 - two names
        database.commit()
    with pytest.raises(CatalogueError, match="a bitmap in the catalogue cannot be read"):
        bench.document(path)


def test_places_that_stand_apart_are_found_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = compiled(tmp_path)
    with closing(connect(bench.location.path)) as database:
        marks = dated_since(database, micros(NOW - 9 * DAY))
        found = bitmaps.places_since(database, "en", marks, micros(NOW - 9 * DAY))
        monkeypatch.setattr(bitmaps, "_SPREAD", 0)
        assert bitmaps.places_since(database, "en", marks, micros(NOW - 9 * DAY)) == found
    assert found.bit_count() == len(marks) == 9


@given(st.sets(st.integers(0, 5_000), max_size=40), st.sets(st.integers(0, 5_000), max_size=40))
def test_stored_bitmaps_are_read_and_counted_as_sets(numbers: set[int], others: set[int]) -> None:
    bitmap = bit_sets.set_of(numbers)
    assert bit_sets.from_stored(bit_sets.stored(bitmap)) == bitmap
    assert bit_sets.numbers(bitmap) == sorted(numbers)
    assert bit_sets.counter(bit_sets.set_of(others))(bit_sets.stored(bitmap)) == len(numbers & others)


@given(
    numbers=st.sets(st.integers(0, 3_000), max_size=60),
    start=st.integers(0, 70),
    count=st.integers(0, 70),
)
def test_places_are_found_by_their_rank_from_either_end(numbers: set[int], start: int, count: int) -> None:
    bitmap, in_order = sum(1 << number for number in numbers), sorted(numbers)
    assert bit_sets.nth(bitmap, start, count) == in_order[start : start + count]
    assert bit_sets.last(bitmap, count) == in_order[max(len(in_order) - count, 0) :]
