"""What a choice of terms and words finds, and how many more terms would leave: as if each were asked for by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import product
from typing import Any

import pytest

from feeds.catalogue import Snapshot, counts, newest_releases
from feeds.model.selection import Selection
from tests.makers import DAY, NOW, Bench, a_compiled, yaml

CORRECTED = [{"date": NOW - DAY, "note": "Not so."}]
STORIES: tuple[dict[str, Any], ...] = (
    {"title": "A dam for herders", "countries": ["MN"], "topics": ["wages"]},
    {"title": "A road for herders", "countries": ["CN", "MN"], "topics": ["wages"], "corrections": CORRECTED},
    {"title": "A road and a dam", "countries": ["CN"], "projects": ["score"]},
    {"title": "The herder's roads", "projects": ["score"], "withdrawn": {"date": NOW - DAY, "reason": "Not so."}},
    {"title": "A dam to come", "countries": ["CN"], "topics": ["wages"], "published": NOW + DAY},
    {"title": "Nothing of all this", "countries": ["CN"]},
)
TERMS: tuple[dict[str, list[str]], ...] = (
    {},
    {"country": ["mn"]},
    {"country": ["cn", "mn"]},
    {"country": ["cn"], "topic": ["wages"]},
    {"country": ["cn"], "topic": ["wages"], "project": ["score"]},
)
WORDS: tuple[tuple[str, ...], ...] = ((), ("dam",), ("herders",), ("road", "herder"), ("nowhere",))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    files = {
        f"2021/2021-05-{number:02}-story-{number}.yaml": yaml(**{"published": NOW - number * DAY, **story})
        for number, story in enumerate(STORIES, 1)
    }
    return a_compiled(tmp_path_factory.mktemp("choice"), files)


def counted(snapshot: Snapshot, selection: Selection, now: datetime) -> int:
    found = snapshot.counts.of(selection, now)
    return found.releases if found else 0


@pytest.mark.parametrize("few", [0, 1_000])
@pytest.mark.parametrize("now", [NOW, NOW + DAY])
@pytest.mark.parametrize("in_all_languages", [False, True])
def test_each_term_is_counted_as_if_it_were_chosen(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, now: datetime, few: int, in_all_languages: bool
) -> None:
    monkeypatch.setattr(newest_releases, "FEW", few)
    with bench.catalogue.reading() as snapshot:
        every = snapshot.counts.by_term(Selection("en", in_all_languages=in_all_languages), now)
        assert len(every) == 4
        for terms, words, corrections in product(TERMS, WORDS, (False, True)):
            chosen = Selection.of("en", terms, words=words, corrections=corrections, in_all_languages=in_all_languages)
            found = snapshot.counts.by_choice(chosen, now)
            for facet, slug in every:
                others = {name: slugs for name, slugs in chosen.terms if name != facet}
                alone = Selection.of("en", {**others, facet: [slug]}).terms
                assert found.get((facet, slug), 0) == counted(snapshot, replace(chosen, terms=alone), now)
            assert found.keys() <= every.keys()
            assert all(found.values())


@pytest.mark.parametrize("few", [0, 1_000])
@pytest.mark.parametrize("words", WORDS)
def test_what_is_found_stands_once_the_newest_first(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], few: int
) -> None:
    monkeypatch.setattr(newest_releases, "FEW", few)
    with bench.catalogue.reading() as snapshot:
        for terms, corrections in product(TERMS, (False, True)):
            chosen = Selection.of("en", terms, words=words, corrections=corrections)
            found, counted_ = snapshot.counts.found(chosen, NOW), snapshot.counts.of(chosen, NOW)
            assert bool(found) == bool(counted_)
            if found and counted_:
                shown = [each.release.published for each in snapshot.releases.of(found.editions)]
                assert shown == sorted({*shown}, reverse=True)
                assert (len(shown), shown[0], found.newest) == (counted_.releases, counted_.newest, counted_.newest)


def test_of_a_word_that_most_have_the_newest_are_found(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = Selection.of("en", words=("a",))
    with bench.catalogue.reading() as snapshot:
        every = snapshot.counts.found(chosen, NOW)
    assert every
    assert len(every.editions) == 3
    monkeypatch.setattr(counts, "MOST_FOUND", 2)
    for few in (0, 1_000):
        monkeypatch.setattr(newest_releases, "FEW", few)
        with bench.catalogue.reading() as snapshot:
            assert snapshot.counts.found(chosen, NOW) == counts.FoundEditions(every.editions[:2], every.newest)
            assert snapshot.counts.by_choice(chosen, NOW) == {
                ("country", "cn"): 1, ("country", "mn"): 2, ("topic", "wages"): 2,
            }  # fmt: skip
