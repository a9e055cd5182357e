"""What YAML takes for a comment, or for part of another text, is told when it is most likely meant otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds.content import SourceFile, read_newsroom, read_story
from feeds.model.problems import Problem
from feeds.model.release import Release
from feeds.model.vocabulary import Vocabulary
from tests.content.newsrooms import a_folder, a_vocabulary
from tests.makers import NEWSROOM

GOOD = "title: Conference\nsummary: What was said.\npublished: 2021-06-24\n"


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    return a_vocabulary(tmp_path_factory.mktemp("lost"))


def read(vocabulary: Vocabulary, text: str) -> tuple[tuple[Release, ...], tuple[Problem, ...]]:
    return read_story(SourceFile("data/releases/2021/2021-06-24-x.yaml", text.encode()), (), vocabulary)


LOST = (
    ("title: Report # 3 is out\nsummary: S.\npublished: 2021-06-24\n", "title", 1, 15),
    ("title: Report #3 is out\nsummary: S.\npublished: 2021-06-24\n", "title", 1, 15),
    ("title: Report  #3 is out\nsummary: S.\npublished: 2021-06-24\n", "title", 1, 16),
    ("title: 报告 #3 发布\nsummary: S.\npublished: 2021-06-24\n", "title", 1, 11),
    (f"{GOOD}dateline: Huzhou # near the lake\n", "dateline", 4, 18),
    (f"{GOOD}credit: © ILO # 2\r\n", "credit", 4, 15),
    (f"{GOOD}body: We rank # 1\n", "body", 4, 15),
    (f"{GOOD}rights: All\n  rights # 1\n", "rights", 5, 10),
    (f"{GOOD}image:\n  src: https://e.org/a.jpg\n  alt: Booth #4\n", "image.alt", 6, 14),
    (f"{GOOD}image:\n  src: https://e.org/a.jpg\n  alt: x\n  caption: Booth #4\n", "image.caption", 7, 18),
    (f"{GOOD}contacts:\n  - name: Office #2\n", "contacts[0].name", 5, 18),
    (f"{GOOD}contacts:\n  - {{name: Office #2\n  }}\n", "contacts[0].name", 5, 19),
    (f"{GOOD}corrections:\n  - note: Wrong #\n    date: 2021-06-25\n", "corrections[0].note", 5, 17),
    (f"{GOOD}withdrawn:\n  date: 2021-06-25\n  reason: Sent as # 2\n", "withdrawn.reason", 6, 19),
    (f"{GOOD}dateline: Huzhou\n  #DecentWork\n", "dateline", 5, 3),
    (f"{GOOD}dateline: 'Huzhou' # 2\n", "dateline", 4, 20),
    (f"{GOOD}dateline: Huzhou\n\n", None, 0, 0),
    (f"- slug: a\n  title: Report # 3\n  summary: S.\n  published: 2021-06-24\n- slug: b\n  {GOOD.strip()}"
     .replace("\nsumm", "\n  summ").replace("\npubl", "\n  publ"), "[0].title", 2, 17),
)  # fmt: skip


@pytest.mark.parametrize(("text", "path", "line", "column"), LOST)
def test_a_comment_that_looks_like_text_is_told_and_holds_nothing_back(
    vocabulary: Vocabulary, text: str, path: str | None, line: int, column: int
) -> None:
    releases, problems = read(vocabulary, text)
    assert releases
    if path is None:
        assert not problems
        return
    (problem,) = problems
    assert (problem.path, problem.line, problem.column, problem.fatal) == (path, line, column, False)
    assert "is a comment for YAML" in problem.message


COMMENTS = (
    f"{GOOD}countries: [CN]  # China\n",
    f"{GOOD}countries: [CN] # China\n",
    f"{GOOD}countries:\n  - CN # China\n  - MN #Mongolia\n",
    "title: x\nsummary: y\npublished: 2021-06-24 # a Thursday\n",
    f"{GOOD}genre: news # see genre.yaml\n",
    f"{GOOD}draft: no # not yet\n",
    f"{GOOD}url: https://e.org/x # the press office\n",
    f"{GOOD}year: 2021 #2\n",
    f"{GOOD}dateline: Huzhou  # near the lake\n",
    f"{GOOD}dateline: Huzhou\t# near the lake\n",
    f"{GOOD}dateline: Huzhou    ## near the lake\n",
    f"{GOOD}dateline: 'Huzhou #2'  # near the lake\n",
    f"{GOOD}body: | # Markdown\n  # Heading\n\n  ## Another # one\n\n  #1 and #2\n",
    f"{GOOD}rights: > # folded\n  All #1\n  rights # 1\n",
    f"{GOOD}dateline: Huzhou#2\n",
    f"{GOOD}dateline: Huzhou\n# near the lake\n#DecentWork\n",
    f"{GOOD}image:\n  src: https://e.org/a.jpg\n  alt: x\n  #credit: y\n  # a comment\n",
    f"{GOOD}image:\n  src: https://e.org/a.jpg\n  alt: x\n    #credit: y\n",
    f"# yaml-language-server: $schema=../release.schema.json\n{GOOD}",
    f"{GOOD}related: [https://e.org/#a, https://e.org/b#c]\n",
)


@pytest.mark.parametrize("text", COMMENTS)
def test_a_real_comment_is_left_alone(vocabulary: Vocabulary, text: str) -> None:
    releases, problems = read(vocabulary, text)
    assert releases
    assert not problems


@pytest.mark.parametrize("text", [text for text, path, *_ in LOST if path and " #" in text.replace("\n  #", "")])
def test_two_spaces_and_one_make_a_comment(vocabulary: Vocabulary, text: str) -> None:
    told = read(vocabulary, text)[1][0]
    assert "before a comment write two spaces, and one after the #" in told.advice
    lines = text.splitlines()
    line = lines[told.line - 1]
    lines[told.line - 1] = f"{line[: told.column - 1].rstrip()}  # {line[told.column :].lstrip()}"
    assert read(vocabulary, "\n".join(lines))[1] == ()


@pytest.mark.parametrize(("name", "line"), [("title", "title: # Report"), ("summary", "summary: #DecentWork for all")])
def test_a_comment_in_place_of_a_value_is_named(vocabulary: Vocabulary, name: str, line: str) -> None:
    text = "\n".join(line if each.startswith(name) else each for each in GOOD.split("\n"))
    releases, (problem,) = read(vocabulary, text)
    assert not releases
    assert f"since “{line.partition(' ')[2]}” is a comment" in problem.message
    assert "quotes" in problem.advice


@pytest.mark.parametrize(
    ("text", "field", "line", "column", "fatal"),
    [
        (f"{GOOD}body: |\n  Text.\n\n  draft: true\n", "draft: true", 7, 3, True),
        (f"{GOOD}body: |\n  Text.\n  draft: true\ncredit: x\n", "draft: true", 6, 3, True),
        ("title: x\npublished: 2021-06-24\nsummary: >-\n  Text.\n  draft: yes\n", "draft: yes", 5, 3, True),
        (f"{GOOD}dateline: 'Huzhou\n  draft: true'\n", "draft: true'", 5, 3, True),
        (f"{GOOD}dateline: Huzhou\n  draft:true\n", "draft:true", 5, 3, True),
        (f"{GOOD}body: |\n  Text.\n\n  withdrawn:\n    date: 2021-06-25\n", "withdrawn:", 7, 3, True),
        (f"{GOOD}body: >\n  Text.\n  countries: [CN]\n", "countries: [CN]", 6, 3, False),
        (f"{GOOD}body: |\n  文本\n  topics:\n    - NO\n", "topics:", 6, 3, False),
        (
            f"{GOOD}image:\n  src: https://e.org/a\n  alt: >\n    x\n    dateline: Huzhou\n",
            "dateline: Huzhou",
            8,
            5,
            True,
        ),
        (f"{GOOD}body: |\n  Text.\n  published: 2021-07-01\n", "published: 2021-07-01", 6, 3, False),
        (f"{GOOD}draft: false\nbody: |\n  draft: true\n", "draft: true", 6, 3, False),
        (f"{GOOD}body: |\n  Text.\n  credit: ILO\n", "credit: ILO", 6, 3, False),
        ("title: x\npublished: 2021-06-24\nsummary: >-\n  S.\n  body: |-\n    Text.\n", "body: |-", 5, 3, True),
        ("title: x\npublished: 2021-06-24\nsummary: |\n  S.\n  credit: ILO\n", "credit: ILO", 5, 3, True),
        (
            "title: >-\n  x\n  published: 2021-07-01\nsummary: y\npublished: 2021-06-24\n",
            "published: 2021-07-01",
            3,
            3,
            True,
        ),
        (f"{GOOD}rights: |\n  All.\n\n  related: [2021/dam]\n", "related: [2021/dam]", 7, 3, True),
    ],
)
def test_a_field_inside_a_text_is_told(
    vocabulary: Vocabulary, text: str, field: str, line: int, column: int, fatal: bool
) -> None:
    releases, (problem,) = read(vocabulary, text)
    assert bool(releases) is not fatal
    assert (problem.line, problem.column, problem.fatal) == (line, column, fatal)
    assert f"“{field}” is part of this text" in problem.message


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (f"{GOOD}dateline: 'Huzhou\ndraft: true\ncredit: '\n", 4, 11),
        (f"{GOOD}dateline: 'Huzhou\ncredit: ' # 3\n", 4, 11),
        (f'{GOOD}image:\n  src: https://e.org/a\n  alt: "x\n  credit: ILO "\n', 6, 8),
        (f'{GOOD}image:\n  src: https://e.org/a\n  alt: "x\ndraft: true"\n', 6, 8),
        ("title: 'Conference\nsummary: x\npublished: 2021-06-24'\n", 1, 8),
    ],
)
def test_quotes_that_close_after_other_fields_hold_the_release_back(
    vocabulary: Vocabulary, text: str, line: int, column: int
) -> None:
    releases, problems = read(vocabulary, text)
    assert not releases
    (told,) = (problem for problem in problems if "the quotes that open here" in problem.message)
    assert (told.line, told.column, told.fatal) == (line, column, True)
    assert "add the missing" in told.advice


@pytest.mark.parametrize(
    "text",
    [
        f"{GOOD}dateline: 'Huzhou,\n  China'\n",
        f'{GOOD}body: "Text.\n\n\n  Title: a film\n\n\n  and so on"\n',
        f"{GOOD}rights: 'All\n\n  date: unknown'\n",
        f"{GOOD}body: |\n  It is: 'open\n  to all\n",
    ],
)
def test_quotes_over_several_lines_are_sound(vocabulary: Vocabulary, text: str) -> None:
    releases, problems = read(vocabulary, text)
    assert releases
    assert not problems


@pytest.mark.parametrize(
    "text",
    [
        f"{GOOD}body: |\n  Draft: true\n  title: A film\n  Countries: three\n",
        f"{GOOD}body: |\n  the published: word\n  (draft: true)\n",
        f"{GOOD}credit: ILO\nbody: |\n  credit: where it is due\n",
        f"{GOOD}contacts:\n  - name: x\n    url: https://e.org/\n",
        f"{GOOD}image:\n  src: https://e.org/a.jpg\n  alt: x\n  credit: y\n",
    ],
)
def test_words_that_are_fields_of_something_else_or_given_stay_text(vocabulary: Vocabulary, text: str) -> None:
    releases, problems = read(vocabulary, text)
    assert releases
    assert not problems


def test_labels_and_summaries_of_terms_and_of_the_newsroom_are_looked_at(tmp_path: Path) -> None:
    topics = "a: {labels: {en: A}}\nb:\n  labels:\n    en: Rule #1\n  partners:\n    - ILO # 2\n    - UN  # here\n"
    newsroom = NEWSROOM.replace("title: {en: Test office", "title: {en: Test office #1\n ").replace(
        "News}", "News} # x"
    )
    vocabulary, problems = read_newsroom(a_folder(tmp_path, topics=topics, newsroom=newsroom))
    assert vocabulary
    assert [(problem.file[5:], problem.line, problem.path) for problem in problems] == [
        ("newsroom.yaml", 1, "title.en"),
        ("topics.yaml", 4, "b.labels.en"),
        ("topics.yaml", 6, "b.partners[0]"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("title: # Report\n  three is out\npublished: 2021-06-24\nsummary: S.\n", 1, 8, "“# Report” is a comment"),
        ("title: T\npublished: 2021-06-24\nsummary: #DecentWork\n  starts.\n", 3, 10, "“#DecentWork” is a comment"),
        ("title: T\npublished: 2021-06-24\nsummary:\n  #DecentWork\n  starts.\n", 4, 3, "“#DecentWork” is a comment"),
        (f"{GOOD}credit: '#'\nrights: #1 of\n  all\n", 5, 9, "“#1 of” is a comment"),
        (f"{GOOD}body: ｜-\n  Text\n", 4, 7, "“｜-” is part of the text"),
        (f"{GOOD}rights: ＞\n  Text\n", 4, 9, "“＞” is part of the text"),
        (f"{GOOD}body: ｜－\n  Text\n", 4, 7, "“｜－” is part of the text"),
    ],
)
def test_a_text_without_its_beginning_or_with_a_sign_too_many_is_held_back(
    vocabulary: Vocabulary, text: str, line: int, column: int, said: str
) -> None:
    releases, (problem,) = read(vocabulary, text)
    assert not releases
    assert (problem.line, problem.column) == (line, column)
    assert problem.message.startswith(said)


@pytest.mark.parametrize(
    "text",
    [
        "title:  # the headline\n  Foo\npublished: 2021-06-24\nsummary:\n  # what was said\n  Foo\n",
        f"{GOOD}body: one ｜\n  two\n",
        f"{GOOD}credit: ｜ILO｜\n",
    ],
)
def test_a_comment_before_a_text_and_wide_bars_in_it_are_left_alone(vocabulary: Vocabulary, text: str) -> None:
    releases, problems = read(vocabulary, text)
    assert releases
    assert not problems
