"""Where in its file a place in a body is, however the YAML is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.content import SourceFile, SourcePositions, read_story
from tests.makers import a_vocabulary
from tests.tools import examples

HEAD = "title: T\nsummary: S.\npublished: 2021-06-01\n"
STYLES = {
    "literal": "body: |-\n  Один [a](x) two\n\n  - 二 [a](x)\n\n      code [a](x)\n",
    "literal, indented more": "body: |\n      One [a](x)\n\n      - 二 [a](x) and [a](x)\n",
    "literal with a comment": "body: |- # text\n  One [a](x)\n  [a](x)\n  [a](x)\n",
    "folded": "body: >-\n  One [a](x) two\n  three [a](x)\n\n  Four\n  [a](x)\n",
    "plain": "body: One [a](x) two\n  three [a](x)\n\n  four [a](x)\n",
    "double quotes": 'body: "One \\"x\\" [a](x)\\n\\ntwo [a](x)\n\n  [a](x)"\n',
    "single quotes": "body: 'One ''x'' [a](x)\n\n  two [a](x)\n\n  [a](x)'\n",
    "windows": "body: |-\r\n  One [a](x)\r\n\r\n  二 [a](x)\r\n  [a](x)\r\n",
}


def positions(text: str, word: str = "[a](x)") -> list[tuple[int, int, str]]:
    """The position of each occurrence of a word in the body."""
    source = SourceFile("data/releases/2021/2021-06-01-dam.yaml", text.encode())
    (release,), problems = read_story(source, (), a_vocabulary())
    assert not any(problem.fatal for problem in problems)
    body = release.body or ""
    offsets = [offset for offset in range(len(body)) if body.startswith(word, offset)]
    return [tuple(SourcePositions(source).in_body(body, offset)) for offset in offsets]  # type: ignore[misc]


@pytest.mark.parametrize("text", STYLES.values(), ids=STYLES)
def test_a_place_in_a_body_is_found_in_its_file(text: str) -> None:
    found = positions(HEAD + text)
    lines = (HEAD + text).splitlines()
    assert len(found) == 3
    assert [lines[line - 1][column - 1 :][:6] for line, column, _ in found] == ["[a](x)"] * 3
    assert sorted(found) == found
    assert len(set(found)) == 3
    assert {path for _, _, path in found} == {"body"}


def test_a_place_is_that_of_its_release_in_a_list() -> None:
    text = "".join(
        f"- title: T{n}\n  slug: t{n}\n  summary: S.\n  published: 2021-06-0{n}\n  body: No {n} [a](x)\n"
        for n in (1, 2)
    )
    source = SourceFile("data/releases/2021/list.yaml", text.encode())
    releases, _ = read_story(source, (), a_vocabulary())
    found = [SourcePositions(source).in_body(release.body or "", 5) for release in releases]
    assert [tuple(each) for each in found] == [(5, 14, "[0].body"), (10, 14, "[1].body")]


def test_a_body_that_is_not_in_the_file_is_the_whole_file() -> None:
    source = SourceFile("data/releases/2021/2021-06-01-dam.yaml", f"{HEAD}body: x\n".encode())
    assert tuple(SourcePositions(source).in_body("something else", 3)) == (0, 0, "body")


def test_a_related_release_is_found_where_it_is_stated() -> None:
    text = f"{HEAD}related:\n  - https://e.org/\n  - 2021/road\n"
    positions = SourcePositions(SourceFile("data/releases/2021/2021-06-01-dam.yaml", text.encode()))
    assert positions.of_related("2021/road") == (6, 5, "related[1]")
    assert positions.of_related("2021/other") is None


@given(
    words=st.lists(st.text(alphabet="ab中*", min_size=1, max_size=4), min_size=1, max_size=12), width=st.integers(1, 4)
)
@examples(200)
def test_every_word_of_a_block_has_its_position(words: list[str], width: int) -> None:
    lines = [" ".join(words[start : start + width]) for start in range(0, len(words), width)]
    text = f"{HEAD}body: |-\n" + "".join(f"  {line}\n" for line in lines)
    source = SourceFile("data/releases/2021/2021-06-01-dam.yaml", text.encode())
    (release,), _ = read_story(source, (), a_vocabulary())
    body = release.body or ""
    shown = text.splitlines()
    offset = 0
    for word in body.split():
        offset = body.index(word, offset)
        line, column, _ = SourcePositions(source).in_body(body, offset)
        assert shown[line - 1][column - 1] == word[0]
        assert line == 5 + body.count("\n", 0, offset)
        offset += len(word)
