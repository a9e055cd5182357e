"""What an editor may leave out, what a translation takes over, and what is said when something is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds.content import SourceFile, read_story
from feeds.model.problems import Problem
from feeds.model.release import Release
from feeds.model.vocabulary import Vocabulary
from tests.content.newsrooms import a_vocabulary

GOOD = "title: Conference\nsummary: What was said.\npublished: 2021-06-24\n"
DATED = "data/releases/2021/2021-06-24-score.yaml"


@pytest.fixture
def vocabulary(tmp_path: Path) -> Vocabulary:
    return a_vocabulary(tmp_path)


def read(vocabulary: Vocabulary, text: str, file: str = DATED, **translations: str) -> list[Release]:
    """The releases of a story without problems; translations by language, with _ for the hyphen."""
    releases, problems = story(vocabulary, text, file, **translations)
    assert not problems, "\n".join(map(str, problems))
    return list(releases)


def story(
    vocabulary: Vocabulary, text: str, file: str = DATED, **translations: str
) -> tuple[tuple[Release, ...], tuple[Problem, ...]]:
    beside = [
        SourceFile(f"{file.removesuffix('.yaml')}.{language.replace('_', '-')}.yaml", words.encode())
        for language, words in translations.items()
    ]
    return read_story(SourceFile(file, text.encode()), beside, vocabulary)


def test_slug_year_language_and_id_come_from_the_file_name(vocabulary: Vocabulary) -> None:
    (release,) = read(vocabulary, GOOD)
    assert (release.slug, release.year, release.language) == ("score", 2021, "en")
    assert release.id == "tag:example.org,2021-06-24:score"


def test_a_date_means_midnight_in_the_newsrooms_time_zone(vocabulary: Vocabulary) -> None:
    (release,) = read(vocabulary, GOOD)
    assert release.published.isoformat() == "2021-06-24T00:00:00+08:00"


def test_moving_the_publication_date_does_not_change_the_id(vocabulary: Vocabulary) -> None:
    (before,), (after,) = read(vocabulary, GOOD), read(vocabulary, GOOD.replace("2021-06-24", "2022-01-03"))
    assert (before.id, before.path) == (after.id, after.path)


def test_without_a_date_in_the_file_name_the_publication_date_is_in_the_id(vocabulary: Vocabulary) -> None:
    (release,) = read(vocabulary, GOOD, "data/releases/score.yaml")
    assert release.id == "tag:example.org,2021-06-24:score"


def test_what_is_stated_wins_over_what_would_be_filled_in(vocabulary: Vocabulary) -> None:
    (release,) = read(vocabulary, f"{GOOD}slug: other\nyear: 2020\nid: 'tag:example.org,2019:x'\nlanguage: MN\n")
    assert (release.slug, release.year, release.id, release.language) == ("other", 2020, "tag:example.org,2019:x", "mn")


def test_an_original_in_another_language_bears_it_in_its_id(vocabulary: Vocabulary) -> None:
    (release,) = read(vocabulary, f"{GOOD}language: zh-hans\n")
    assert (release.language, release.id) == ("zh-Hans", "tag:example.org,2021-06-24:score.zh-Hans")


def test_terms_become_slugs_sorted_whatever_their_case_or_alias(vocabulary: Vocabulary) -> None:
    (release,) = read(vocabulary, f"{GOOD}countries: [Mongolia, CN]\ntopics: [NO]\ngenre: News\n")
    assert release.terms == (("country", ("cn", "mn")), ("topic", ("no",)), ("genre", ("news",)))


def test_a_term_named_twice_is_told_but_holds_nothing_back(vocabulary: Vocabulary) -> None:
    releases, (problem,) = story(vocabulary, f"{GOOD}countries: [MN, mongolia]\n")
    assert releases[0].slugs("country") == ("mn",)
    assert (problem.fatal, problem.line, problem.column) == (False, 4, 17)


def test_an_unknown_country_is_named_with_its_place_and_a_guess(vocabulary: Vocabulary) -> None:
    _, (problem,) = story(vocabulary, f"{GOOD}countries:\n  - CN\n  - Mongola\n")
    assert str(problem) == f"{DATED}:6:5: countries[1]: no such country “Mongola” (did you mean MN?)"


def test_all_problems_are_told_at_once_in_the_order_of_the_file(vocabulary: Vocabulary) -> None:
    releases, problems = story(vocabulary, "sumary: x\npublished: soon\ngenre: nws\nimage: {alt: x}\n")
    assert not releases
    assert [problem.path for problem in problems] == ["sumary", "title", "published", "genre", "image.src"]
    assert [problem.line for problem in problems] == [1, 1, 2, 3, 4]


def test_a_bad_release_leaves_the_others_of_its_file_standing(vocabulary: Vocabulary) -> None:
    text = f"---\nslug: a\n{GOOD}---\nslug: b\ntitle: x\n---\nslug: c\n{GOOD}"
    releases, problems = story(vocabulary, text, "data/releases/2021.yaml")
    assert [release.slug for release in releases] == ["a", "c"]
    assert {problem.line for problem in problems} == {7}


def test_in_a_list_the_path_says_which_release_is_meant(vocabulary: Vocabulary) -> None:
    item = GOOD.replace("\n", "\n  ").rstrip()
    text = f"- slug: a\n  {item}\n- slug: b\n  {item}\n  genre: nws\n"
    releases, (problem,) = story(vocabulary, text)
    assert [release.slug for release in releases] == ["a"]
    assert (problem.path, problem.line) == ("[1].genre", 9)


def test_several_releases_in_a_file_need_slugs_of_their_own(vocabulary: Vocabulary) -> None:
    releases, problems = story(vocabulary, f"---\n{GOOD}---\n{GOOD}")
    assert not releases
    assert [(problem.line, problem.path) for problem in problems] == [(2, "slug"), (6, "slug")]


def test_a_translation_takes_over_what_it_does_not_state(vocabulary: Vocabulary) -> None:
    shared = "countries: [CN]\nimage: {src: 'https://ilo.org/a.jpg', alt: x}\nbody: English\ndraft: true\n"
    original, translation = read(vocabulary, GOOD + shared, zh_Hans="title: 会议\nsummary: 摘要\n")
    assert (translation.title, translation.language, translation.body) == ("会议", "zh-Hans", None)
    assert (translation.published, translation.slugs("country")) == (original.published, ("cn",))
    assert (translation.image, translation.draft) == (original.image, True)
    assert translation.id == "tag:example.org,2021-06-24:score.zh-Hans"
    assert translation.path == original.path


def test_a_translation_may_state_something_else(vocabulary: Vocabulary) -> None:
    words = "title: 会议\nsummary: 摘要\ndraft: false\npublished: 2021-07-01\n"
    original, translation = read(vocabulary, f"{GOOD}draft: true\n", zh_Hans=words)
    assert (original.draft, translation.draft) == (True, False)
    assert translation.published > original.published


def test_a_translation_that_comes_after_an_update_has_not_been_updated(vocabulary: Vocabulary) -> None:
    words = "title: 会议\nsummary: 摘要\npublished: 2021-07-01\n"
    original, translation = read(vocabulary, f"{GOOD}updated: 2021-06-30\n", zh_Hans=words)
    assert original.updated
    assert translation.updated is None
    _, later = read(vocabulary, f"{GOOD}updated: 2021-07-02\n", zh_Hans=words)
    assert later.updated


SILENT = "readers are not told of this: something else has the same date and time"


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ("corrections: [{date: 2021-06-24, note: x}]", "corrections[0].date"),
        ("corrections: [{date: 2021-06-25, note: x}, {date: 2021-06-25, note: y}]", "corrections[1].date"),
        ("withdrawn: {date: 2021-06-24, reason: x}", "withdrawn.date"),
        ("corrections: [{date: 2021-06-25, note: x}]\nwithdrawn: {date: 2021-06-25, reason: x}", "withdrawn.date"),
    ],
)
def test_a_correction_at_a_moment_that_readers_know_already_is_shown_and_its_editor_told(
    vocabulary: Vocabulary, fields: str, where: str
) -> None:
    releases, (problem,) = story(vocabulary, GOOD + fields, mn="title: x\nsummary: y\n")
    assert len(releases) == 2
    assert (problem.file, problem.path, problem.message, problem.fatal) == (DATED, where, SILENT, False)
    assert problem.advice in [f"write the time too: 2021-06-{day}T00:00:01+08:00 or later" for day in (24, 25)]


@pytest.mark.parametrize(
    "fields",
    [
        "corrections: [{date: 2021-06-24, note: x, major: false}, {date: 2021-06-25, note: y}]",
        "updated: 2021-06-25\ncorrections: [{date: 2021-06-25, note: x}]",
        "corrections: [{date: 2021-06-25, note: x}]\nwithdrawn: {date: 2021-06-25T00:00:01+08:00, reason: x}",
    ],
)
def test_what_readers_are_told_of_is_no_problem(vocabulary: Vocabulary, fields: str) -> None:
    assert read(vocabulary, GOOD + fields)


def test_a_translation_has_a_title_and_a_summary_of_its_own(vocabulary: Vocabulary) -> None:
    releases, problems = story(vocabulary, GOOD, mn="body: x\n")
    assert len(releases) == 1
    assert [problem.path for problem in problems] == ["summary", "title"]


def test_a_translation_waits_for_a_faulty_original(vocabulary: Vocabulary) -> None:
    for faulty in ("title: x\n", "title: [\n"):
        releases, problems = story(vocabulary, faulty, mn="title: a\nsummary: b\n")
        assert not releases
        assert "waits for its original" in str(problems[0])
        assert problems[0].file.endswith(".mn.yaml")


@pytest.mark.parametrize(
    ("language", "words", "said"),
    [
        ("fr", "", "“fr” is not a language of this newsroom"),
        ("en", "", "the original is in the same language"),
        ("mn", "language: zh-Hans\n", "the file's name says mn"),
    ],
)
def test_a_translation_in_a_doubtful_language_is_refused(
    vocabulary: Vocabulary, language: str, words: str, said: str
) -> None:
    releases, (problem,) = story(vocabulary, GOOD, **{language: f"title: a\nsummary: b\n{words}"})
    assert len(releases) == 1
    assert said in str(problem)


def test_a_file_of_several_releases_has_no_translations(vocabulary: Vocabulary) -> None:
    text = f"---\nslug: a\n{GOOD}---\nslug: b\n{GOOD}"
    releases, (problem,) = story(vocabulary, text, mn="title: a\nsummary: b\n")
    assert len(releases) == 2
    assert "has 2 releases" in str(problem)


def test_reading_twice_gives_the_same_values(vocabulary: Vocabulary) -> None:
    text = f"{GOOD}countries: [MN, CN]\nbody: x\n"
    assert story(vocabulary, text) == story(vocabulary, text)


@pytest.mark.parametrize(
    ("lines", "path", "line", "column", "words"),
    [
        ('title: "\\u200b"', "title", 4, 8, "cannot be seen"),
        ("title: \u200b\u2060", "title", 4, 8, "cannot be seen"),
        ("title: \ufeff", "title", 4, 1, "has no value"),
        ("dateline: \u3164", "dateline", 4, 11, "cannot be seen"),
        ("image:\n  src: https://e.org/a\n  alt: '\u00a0'", "image.alt", 6, 8, "is empty"),
        (
            "corrections:\n  - date: 2021-06-25\n    note: >\n      \u200b\n",
            "corrections[0].note",
            6,
            11,
            "cannot be seen",
        ),
        ("contacts: [{name: '\u00ad'}]", "contacts[0].name", 4, 19, "cannot be seen"),
        ("body: |\n  \u200b\n", "body", 4, 7, "cannot be seen"),
    ],
)
def test_a_text_of_invisible_characters_holds_the_release_back(
    vocabulary: Vocabulary, lines: str, path: str, line: int, column: int, words: str
) -> None:
    text = GOOD.replace("title: Conference", "# no title") if lines.startswith("title") else GOOD
    releases, (problem,) = story(vocabulary, f"{text}{lines}\n")
    assert not releases
    assert (problem.path, problem.line, problem.column) == (path, line, column)
    assert words in problem.message


@pytest.mark.parametrize(
    ("lines", "path", "line", "column"),
    [
        ("dateline: a\u202eb", "dateline", 4, 12),
        ('dateline: "a\\u202eb"', "dateline", 4, 11),
        ("dateline: \u2067a", "dateline", 4, 11),
        ("body: |\n  Text\n\n  and \u202dmore\n", "body", 7, 7),
        ("body: |\n  \u2066a\u2069 \u2066b\n", "body", 5, 7),
        ("corrections:\n  - date: 2021-06-25\n    note: a\u202c\n", "corrections[0].note", 6, 12),
        ("image:\n  src: https://e.org/a\n  alt: 湖\n    州\u202e\n", "image.alt", 7, 6),
    ],
)
def test_a_mark_of_direction_is_told_and_holds_nothing_back(
    vocabulary: Vocabulary, lines: str, path: str, line: int, column: int
) -> None:
    releases, (problem,) = story(vocabulary, f"{GOOD}{lines}\n")
    assert releases
    assert not problem.fatal
    assert (problem.path, problem.line, problem.column) == (path, line, column)
    assert "mark of direction (U+20" in problem.message


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("https://example.org/" + "a" * 2_000, "at most 2,000 characters fit"),
        ("https://exa mple.org/", "web address"),
        ("https://me:pw@example.org/", "a user name or a password"),
        ("2021/" + "a" * 200, "at most 130 characters fit"),
        ("2021/Dam", "neither a release of this newsroom nor a web address"),
        ("example.org", "neither a release of this newsroom nor a web address"),
    ],
)
def test_what_is_wrong_with_a_reference_is_said_of_what_was_meant(
    vocabulary: Vocabulary, reference: str, said: str
) -> None:
    text = f"title: T\nsummary: S.\npublished: 2021-06-24\nrelated: ['{reference}']\n"
    releases, (problem,) = read_story(SourceFile("data/releases/2021/2021-06-24-x.yaml", text.encode()), (), vocabulary)
    assert not releases
    assert said in str(problem)


def test_the_case_of_a_media_type_does_not_count(vocabulary: Vocabulary) -> None:
    text = (
        "title: T\nsummary: S.\npublished: 2021-06-24\n"
        "attachments: [{url: 'https://example.org/a.pdf', title: A, type: Application/PDF}]\n"
    )
    (release,), problems = read_story(SourceFile("data/releases/2021/2021-06-24-x.yaml", text.encode()), (), vocabulary)
    assert not problems
    assert release.attachments[0].type == "application/pdf"
