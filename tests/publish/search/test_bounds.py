"""What a question costs: bounded by the newsroom's size, whoever asks for whatever."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds.catalogue import Snapshot, newest_releases
from feeds.catalogue.catalogue_file import open_to_read
from feeds.model import search_words
from feeds.model.selection import Selection
from tests.makers import NOW, SECOND, Bench, a_compiled, yaml

RELEASES = 150
QUESTIONS = (
    "dam",
    "work",
    "d a m w",
    "社",
    "社会保护" * 50,
    "далан",
    "none-such",
    " ".join(f"w{n}" for n in range(50)),
)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    body = "The dam at work. 社会保护 далангийн тухай a b c d m w."
    files = {
        f"2021/2021-06-01-a{n}.yaml": yaml(title=f"Dam {n}", published=NOW - n * SECOND, body=body)
        for n in range(RELEASES)
    }
    return a_compiled(tmp_path_factory.mktemp("large"), files)


def steps(bench: Bench, words: str, path: Path | None = None) -> tuple[int, int]:
    """How many steps of SQLite's machine a keyword feed takes, and how many releases it shows."""
    database = open_to_read(path or bench.location.path)
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    database.set_progress_handler(count, 1)
    page = Snapshot(database).pages.of(Selection("en", words=search_words.words(words)), NOW, 0, 30)
    database.set_progress_handler(None, 1)
    database.close()
    assert page is not None
    return counted, len(page.editions)


@pytest.mark.parametrize("words", QUESTIONS)
def test_no_question_takes_more_than_a_few_steps_a_release(large: Bench, words: str) -> None:
    taken, _ = steps(large, words)
    assert taken < 50 * RELEASES


def test_a_word_that_many_releases_have_shows_the_newest_and_stops(
    large: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newest_releases, "FEW", RELEASES // 10)
    taken, shown = steps(large, "dam")
    assert shown == 30
    assert taken < 25 * RELEASES
