"""Lines of a body that YAML joins or leaves out, because the body is not written below a ``|``, are told."""

from __future__ import annotations

import pytest

from feeds.content import SourceFile, read_story
from feeds.model.vocabulary import Vocabulary
from tests.content.newsrooms import a_vocabulary

GOOD = "title: Conference\nsummary: What was said.\npublished: 2021-06-24\n"
LIST_FILE = "- slug: a\n  title: A\n  summary: S.\n  published: 2021-06-24\n  body:"


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    return a_vocabulary(tmp_path_factory.mktemp("joined"))


def told(vocabulary: Vocabulary, text: str) -> list[tuple[int, int, str, str]]:
    """Line, column, message and advice of each warning on the body of a release that is published."""
    source = SourceFile("data/releases/2021/2021-06-24-x.yaml", text.encode())
    releases, problems = read_story(source, (), vocabulary)
    assert releases
    assert all(not problem.fatal and problem.path.endswith("body") for problem in problems)
    return [(problem.line, problem.column, problem.message, problem.advice) for problem in problems]


COMMENTS = (
    (f"{GOOD}body:\n  Text\n\n  # Heading\n", 7, 3, "# Heading"),
    (f"{GOOD}body:\n  # Heading\n\n  Text\n", 5, 3, "# Heading"),
    (f"{GOOD}body: Text\n  # Wages\n", 5, 3, "# Wages"),
    (f"{GOOD}body: Text\n\n\n  ## Wages and hours\n\ncredit: x\n", 7, 3, "## Wages and hours"),
    (f"{GOOD}body: 'Text'\n  # Wages\n", 5, 3, "# Wages"),
    (f'{GOOD}body: "Text"\n\n  # Wages\n', 6, 3, "# Wages"),
    (f"{GOOD}body: >-\n    Text\n  # Wages\n", 6, 3, "# Wages"),
    (f"{GOOD}body: |-\n    Text\n\n  # Wages\n", 7, 3, "# Wages"),
    (f"{GOOD}body: |\n    Text\n # Wages\ncredit: x\n", 6, 2, "# Wages"),
    (f"{GOOD}body: 文本\n\n  # 工资\n", 6, 3, "# 工资"),
    (f"{GOOD}body: # Wages\n  text\n", 4, 7, "# Wages"),
    (f"{GOOD}body: #Wages\n  text\n", 4, 7, "#Wages"),
    (f"{GOOD}body: >- ## Wages\n  text\n", 4, 10, "## Wages"),
    (f"{GOOD}body:\n  text\n## Wages\n", 6, 1, "## Wages"),
    (f"{GOOD}body:\n## Wages\n\n  text\n", 5, 1, "## Wages"),
    (f"{GOOD}body: |-\n  text\n## Wages\n", 6, 1, "## Wages"),
    (f"{GOOD}body: |-\n  text\n\n### Wages\ncredit: x\n", 7, 1, "### Wages"),
    (f"{GOOD}body: Text\r\n\r\n  # Wages\r\n", 6, 3, "# Wages"),
    (f"{LIST_FILE} Text\n\n    # Wages\n", 7, 5, "# Wages"),
    (f"{LIST_FILE} |-\n      Text\n    # Wages\n", 7, 5, "# Wages"),
)


@pytest.mark.parametrize(("text", "line", "column", "heading"), COMMENTS)
def test_a_heading_that_is_a_comment_is_told(
    vocabulary: Vocabulary, text: str, line: int, column: int, heading: str
) -> None:
    ((*place, message, advice),) = told(vocabulary, text)
    assert place == [line, column]
    assert message == f"“{heading}” is a comment for YAML, no part of the text"
    below_a_bar = "|-\n  " in text or "|\n  " in text
    assert advice.startswith("indent it like the first line" if below_a_bar else "write “body: |-”")


JOINED = (
    (f"{GOOD}body:\n  Text\n  - one\n  - two\n", 6, 3, "- one"),
    (f"{GOOD}body: >-\n  Text\n\n  - one\n  - two\n", 8, 3, "- two"),
    (f"{GOOD}body: >\n  1. one\n  2. two\n", 6, 3, "2. two"),
    (f"{GOOD}body: one\\\n  two\n", 5, 3, "two"),
    (f"{GOOD}body: one  \n  two\n", 5, 3, "two"),
    (f"{GOOD}body: >\n  Text\n  1. one\n  2. two\n", 6, 3, "1. one"),
    (f"{GOOD}body: >-\n  One\n\n  Two\n", 7, 3, "Two"),
    (f"{GOOD}body: >-\n  1. one, which\n  goes on\n  2. two\n", 7, 3, "2. two"),
    (f"{GOOD}body: 1. one, which\n  goes on\n  2. two\n", 6, 3, "2. two"),
    (f"{GOOD}body: >-\n  a | b\n  --|--\n  c | d\n", 6, 3, "--|--"),
    (f"{GOOD}body: >-\n  a | b\n  :-- | --:\n  c | d\n", 6, 3, ":-- | --:"),
    (f"{GOOD}body: >-\n  -\tone\n  -\ttwo\n", 6, 3, "-·two"),
    (f"{GOOD}body: >-\n  Wages\n  --\n", 6, 3, "--"),
    (f"{GOOD}body: >-\n  Text\n  <div>x</div>\n", 6, 3, "<div>x</div>"),
    (f"{GOOD}body: >-\n  # Wages\n  Two\n", 6, 3, "Two"),
    (f"{GOOD}body: >-\n  Text\n  ## Wages\n", 6, 3, "## Wages"),
    (f"{GOOD}body: >-\n  Wages\n  =====\n", 6, 3, "====="),
    (f"{GOOD}body: >-\n  Text\n\n\n  > quoted\n  > more\n", 9, 3, "> more"),
    (f"{GOOD}body: >-\n  | a | b |\n  |---|---|\n  | c | d |\n", 6, 3, "|---|---|"),
    (f"{GOOD}body: One\n\n  two\n", 6, 3, "two"),
    (f"{GOOD}body: 'One\n\n  it''s two'\n", 6, 3, "it''s two'"),
    (f'{GOOD}body: "One\n\n  caf\\u00e9 two"\n', 6, 3, 'caf\\u00e9 two"'),
    (f"{GOOD}body: >-\n  一\n\n  二\n", 7, 3, "二"),
    (f"{GOOD}body: >-\n  Text\n  ```\n  code\n  ```\n", 6, 3, "```"),
    (f"{GOOD}body: >-\n  Text\n  <table>\n", 6, 3, "<table>"),
    (f"{GOOD}body: >-\n  See [1].\n  [1]: https://e.org/\n", 6, 3, "[1]: https://e.org/"),
    (f"{LIST_FILE} >-\n    Text\n    - one\n", 7, 5, "- one"),
)


@pytest.mark.parametrize(("text", "line", "column", "shown"), JOINED)
def test_a_line_that_is_joined_to_another_is_told(
    vocabulary: Vocabulary, text: str, line: int, column: int, shown: str
) -> None:
    ((*place, message, advice),) = told(vocabulary, text)
    assert place == [line, column]
    assert message == f"YAML joins “{shown}” to the line above it"
    assert advice == "write “body: |-”, and the whole text on the lines below it, indented by two spaces"


@pytest.mark.parametrize("text", sorted({text for text, *_ in (*COMMENTS, *JOINED) if text.startswith(GOOD)}))
def test_what_the_advice_says_loses_nothing(vocabulary: Vocabulary, text: str) -> None:
    head, _, body = text.replace("\r", "").partition("\nbody:")
    first, _, rest = body.partition("\n")
    rest = rest.partition("\ncredit:")[0]
    lines = [first.strip(" |>-"), *(line.strip() for line in rest.splitlines())]
    mended = "".join(f"  {line.strip(chr(34))}\n" if line else "\n" for line in lines)
    assert told(vocabulary, f"{head}\nbody: |-\n{mended}") == []


FINE = (
    "body: One\n  two\n",
    "body: >-\n  One\n  two,\n  three\n",
    "body: >-\n  One\n\n\n  two\n",
    "body: >-\n  - one\n\n  - two\n",
    'body: "One\\n\\n- two\\n- three"\n',
    "body: 'One\n\n\n  it''s two'\n",
    "body: >\n  Text\n\n\n      code\n\n      more\n\n\n  end\n",
    "body: >-\n  ## Wages\n\n\n  Text\n",
    "body: |-\n  Text\n\n  # Heading\n\n  - one\n  - two\n",
    "body: |-\n    Text\n\n    # Heading\n",
    "body: |-  # Markdown\n  Text\n",
    "body: >-  # folded\n  Text\n",
    "body: |-\n  Text\n\n##\n# a comment\n##\n",
    'body: "One line \\\n  goes on."\n',
    "body: Text, see\n  <https://e.org/x>\n",
    "body: >-\n  Text in\n  <b>bold</b> letters\n",
    "body: >-\n  Text[^1]\n\n  [^1]: note\n",
    "body: It was\n  -5 degrees\n",
    "body: |-\n  Text\n\n# a comment\n",
    "body: Text\n# a comment\n",
    "body: Text  # a comment\n",
    "body: Text\n  # credit: ILO\n",
    "body: 他们\n  通过了\n",
    "summary2: x\n".replace("summary2: x", "rights: >-\n  One\n\n  - two"),
)


@pytest.mark.parametrize("text", FINE)
def test_a_body_that_loses_nothing_is_left_alone(vocabulary: Vocabulary, text: str) -> None:
    assert told(vocabulary, GOOD + text) == []
