"""No file brings the reading down, takes long, or goes wrong without a word."""

from __future__ import annotations

import time

import pytest

from feeds.content import SourceFile, read_story
from feeds.model.vocabulary import Vocabulary
from tests.content.hostile.corpus import CASES, GOOD, SOUND, Case
from tests.content.newsrooms import a_vocabulary

SECONDS = 5.0
"""Of the processor, whatever else it does: far more than any file takes, far less than an exploding one would."""


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    return a_vocabulary(tmp_path_factory.mktemp("hostile"))


def test_the_corpus_is_large_and_its_names_tell_the_files_apart() -> None:
    assert len(CASES) - len(SOUND) >= 100
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_every_file_is_read_or_refused_with_its_place_and_reason(case: Case, vocabulary: Vocabulary) -> None:
    start = time.process_time()
    releases, problems = read_story(SourceFile("data/releases/2021-06-24-x.yaml", case.raw), (), vocabulary)
    assert time.process_time() - start < SECONDS
    assert len(problems) <= 101
    for problem in problems:
        str(problem).encode()
        assert str(problem).isprintable()
        assert len(str(problem)) < 700
        assert "nput should" not in problem.message
    if case.place is None:
        assert releases
        assert not problems
        return
    assert not releases
    said = [str(problem) for problem in problems if (problem.line, problem.column) == case.place and problem.fatal]
    assert any(case.words in line for line in said), "\n".join(map(str, problems))


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_bad_translation_leaves_the_original_standing(case: Case, vocabulary: Vocabulary) -> None:
    original = SourceFile("data/releases/2021-06-24-x.yaml", GOOD.encode())
    translations = [
        SourceFile(f"data/releases/2021-06-24-x.{language}.yaml", raw)
        for language, raw in (("mn", case.raw), ("zh-Hans", "title: 会议\nsummary: 摘要\n".encode()))
    ]
    releases, problems = read_story(original, translations, vocabulary)
    assert {"en", "zh-Hans"} <= {release.language for release in releases}
    assert all(problem.file.endswith(".mn.yaml") for problem in problems)
