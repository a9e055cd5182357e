"""The newest releases of a selection are the same by whichever way they are looked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from feeds.catalogue import newest_releases, quotes
from feeds.catalogue.catalogue_file import open_to_read
from feeds.catalogue.releases import VisibleRelease
from feeds.database import Database, micros
from feeds.model.selection import Selection
from tests.makers import DAY, NOW, Bench, a_compiled, write, yaml

WORDS: tuple[tuple[str, ...], ...] = ((), ("dam",), ("dam", "road"), ("river",), ("社会",), ("nowhere",))
TEXTS = ("The dam", "A road beside the dam", "A road", "保护社会的河", "The river has a dam and a road")
CHOICES = (
    Selection("en"),
    Selection("en", in_all_languages=True),
    Selection.of("en", {"country": ["mn"]}),
    Selection.of("en", {"country": ["cn", "mn"], "topic": ["wages"]}),
    Selection.of("en", {"country": ["cn"]}, without={"topic": ["wages"]}),
    Selection("en", corrections=True),
    Selection("zh-Hans"),
)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Sixty releases of some months, whose keys are in no order."""
    files = dict(_stories())
    bench = a_compiled(tmp_path_factory.mktemp("newest"), files)
    for name in sorted(files)[::3]:
        write(bench.folder, name, files[name].replace("summary: ", "summary: Again, "))
    bench.compile()
    return bench


def _stories() -> Iterator[tuple[str, str]]:
    for number in range(60):
        published = NOW + 2 * DAY - number * number * 37 % 2_400 * timedelta(hours=1)
        countries, topics = [["CN"], ["MN"], ["CN", "MN"], []][number % 4], [["wages"], [], []][number % 3]
        more: dict[str, Any] = {"countries": countries, "topics": topics}
        if number % 9 == 5:
            more["corrections"] = [{"date": NOW - DAY, "note": "Not so."}]
        if number % 11 == 5:
            more["withdrawn"] = {"date": NOW - DAY, "reason": "Not so."}
        name = f"2021/{published.date()}-story-{number}"
        yield f"{name}.yaml", yaml(title=f"{TEXTS[number % 5]}, {number}", published=published, **more)
        if number % 4 == 0:
            yield f"{name}.zh-Hans.yaml", yaml(title=f"社会的路 {number}", published=published)


@pytest.fixture(scope="module")
def database(bench: Bench) -> Iterator[Database]:
    with closing(open_to_read(bench.location.path)) as database:
        yield database


def has(visible: VisibleRelease, selection: Selection) -> bool:
    """Whether a release is in a selection, as its words and terms say."""
    release = visible.release
    asked = all(set(slugs) & set(release.slugs(facet)) for facet, slugs in selection.terms)
    left_out = any(set(slugs) & set(release.slugs(facet)) for facet, slugs in selection.without)
    # Of all languages a story stands once: in that of its original, here English.
    spoken = release.language == ("en" if selection.in_all_languages else selection.language)
    text = f"{release.title} {release.summary} {release.body}".lower()
    is_told = bool(release.corrections) or visible.withdrawn or not selection.corrections
    return (
        asked and not left_out and spoken and is_told
        and all(word in text for word in selection.words) and not (selection.words and visible.withdrawn)
    )  # fmt: skip


@pytest.mark.parametrize("most", [1, 7, 1_000])
@pytest.mark.parametrize(("few", "some"), [(1_000, 0), (0, 10_000), (0, 0)])
def test_each_way_finds_what_is_there_in_its_order(
    bench: Bench, database: Database, monkeypatch: pytest.MonkeyPatch, few: int, some: int, most: int
) -> None:
    monkeypatch.setattr(newest_releases, "FEW", few)
    monkeypatch.setattr(newest_releases, "SOME", some)
    with bench.catalogue.reading() as snapshot:
        editions = [each.edition for each in snapshot.releases.editions(NOW)]
        visible = snapshot.releases.of(editions)
    visible = tuple(sorted(visible, key=lambda each: (each.release.published, each.release.id), reverse=True))
    for choice, words in product(CHOICES, WORDS):
        asked = replace(choice, words=words)
        found = newest_releases.newest_releases(database, asked, micros(NOW), most)
        own = [each for each in visible if has(each, asked)]
        assert [each.edition for each in found] == [each.edition for each in own][:most]
        assert [each.published for each in found] == [micros(each.release.published) for each in own][:most]


def test_what_is_found_says_when_it_was_told_and_changed(database: Database) -> None:
    found = newest_releases.newest_releases(database, Selection("en", words=("dam",)), micros(NOW), 1_000)
    assert len({each.mark for each in found}) == len(found) > 20
    assert all(each.published <= each.updated <= each.changed for each in found)


@pytest.mark.parametrize("piece", ["dam", "a road beside", "社会", "nowhere"])
def test_a_piece_of_a_passage_that_many_have_is_found_where_it_was_said_last(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, piece: str
) -> None:
    with bench.catalogue.reading() as snapshot:
        few = snapshot.quotes.candidates([piece], NOW)
        for room in (quotes, newest_releases):
            monkeypatch.setattr(room, "FEW", 0)
        assert snapshot.quotes.candidates([piece], NOW) == few
    assert len(few) == (0 if piece == "nowhere" else quotes.MOST)


@pytest.mark.parametrize(
    "pieces", [("beside the dam", "a road"), ("保护社会", "社会的河"), ("a road, 12", "a road"), ("dam", "road")]
)
def test_what_has_all_pieces_of_a_passage_is_among_what_has_some(bench: Bench, pieces: tuple[str, ...]) -> None:
    with bench.catalogue.reading() as snapshot:
        some = {each.visible.edition: each for each in snapshot.quotes.candidates(pieces[:1], NOW)}
        every = {each.visible.edition for each in snapshot.quotes.candidates(pieces[1:], NOW)}
        found = snapshot.quotes.with_all(pieces, NOW)
        assert found
        assert [each for each in found if each.visible.edition in some.keys() & every] == [
            each for edition, each in some.items() if edition in every
        ]
        assert snapshot.quotes.with_all((pieces[0], "nowhere"), NOW) == []
