"""Laws of the reading: nothing raises, nothing is guessed, and what other readers read is read alike."""

from __future__ import annotations

import re
import tempfile
from functools import cache, reduce
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from feeds.content import SourceFile, read_story
from feeds.content.yaml_reader import NOTHING, Data, read_yaml
from feeds.model.line_breaks import is_between_cjk
from feeds.model.vocabulary import Vocabulary
from tests.content.hostile.corpus import CASES
from tests.content.newsrooms import a_vocabulary
from tests.tools import examples

NAMES = ("title", "summary", "published", "countries", "image", "src", "draft", "slug", "genre", "corrections", "date")
SIGNS = (": ", "- ", "\n", "\n  ", "\n    ", "\t", "[", "]", "{", "}", ",", "&a ", "*a", "!!x ", "<<", "? ", "|", ">-")
TEXTS = (
    "'",
    '"',
    "\\x07",
    "#",
    "%",
    "---\n",
    "...\n",
    "2021-06-24",
    "CN",
    "Mongola",
    "~",
    "null",
    "\u2028",
    "\ufeff",
    "é",
    "中国",
    "。\n  ”",
    "\r\n",
)
NEAR_YAML = st.lists(st.sampled_from((*NAMES, *SIGNS, *TEXTS)), max_size=60).map("".join)
LETTERS = st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=("Cs", "Cc", "Zl", "Zp"))
PLAIN = st.text(LETTERS, min_size=1).filter(lambda text: text not in NOTHING)
TREES: st.SearchStrategy[Any] = st.recursive(
    PLAIN, lambda inner: st.lists(inner, min_size=1, max_size=4) | st.dictionaries(PLAIN, inner, min_size=1, max_size=4)
)


@cache
def the_vocabulary() -> Vocabulary:
    with tempfile.TemporaryDirectory() as folder:
        return a_vocabulary(Path(folder))


def read(raw: bytes) -> None:
    releases, problems = read_story(SourceFile("data/releases/2021-06-24-x.yaml", raw), (), the_vocabulary())
    assert releases or problems
    assert all(str(problem).encode() for problem in problems)


def depth(data: Data) -> int:
    if isinstance(data, str):
        return 0
    return 1 + max(map(depth, data.values() if isinstance(data, dict) else data))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    read(raw)


@examples(400)
@given(NEAR_YAML)
def test_anything_like_yaml_is_read_or_refused(text: str) -> None:
    read(text.encode())


@given(st.sampled_from(CASES[:60]), st.data())
def test_a_file_cut_anywhere_is_read_or_refused(case: Any, data: st.DataObject) -> None:
    read(case.raw[: data.draw(st.integers(0, len(case.raw)))])


@examples(400)
@given(NEAR_YAML)
def test_what_is_taken_is_what_pyyaml_reads_without_guessing(text: str) -> None:
    found, faults = read_yaml(text.encode())
    if faults or any(document.faults for document in found):
        return
    joined = re.sub("\n\ufeff+", "\n", f"\n{text}".replace("\r\n", "\n"))[1:]
    others = [data for data in yaml.load_all(joined, yaml.CBaseLoader) if data]
    assert without_spaces([document.data for document in found]) == without_spaces(others)


def without_spaces(data: Any) -> Any:
    """The data without white space where there is Chinese, and without byte order marks that begin a text."""
    if isinstance(data, list):
        return [without_spaces(item) for item in data]
    if isinstance(data, dict):
        return {without_spaces(name): without_spaces(value) for name, value in data.items()}
    return re.sub("[ \n]", "", data.lstrip("\ufeff")) if re.search("[中。]", data) else data.lstrip("\ufeff")


@given(TREES)
def test_what_pyyaml_writes_is_read_back(data: Any) -> None:
    found, faults = read_yaml(yaml.safe_dump(data, allow_unicode=True).encode())
    if depth(data) > 8 or "<<" in str(data):
        return
    assert not faults
    assert [document.data for document in found] == [data]
    assert not any(fault.fatal for fault in found[0].faults)


WORDS = (
    "国际",
    "劳工。",
    "“好”",
    "カナ",
    "ILO",
    "decent work",
    "한국",
    "монгол",
    "人  民",
    "前\u3000后",
    "\U00020bb7野",
)
LINES = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join), min_size=1, max_size=4)


def folded(lines: list[str]) -> str:
    return reduce(lambda text, line: f"{text}{'' if is_between_cjk(text, line) else ' '}{line}", lines)


@examples(200)
@given(
    paragraphs=st.lists(LINES, min_size=1, max_size=3),
    style=st.sampled_from(["", "'", '"', ">", ">-", "> # 注", ">2-"]),
    trailing=st.sampled_from(["", "", "  ", "\t"]),
    indent=st.sampled_from(["  ", "      "]),
    end=st.sampled_from(["\n", "\n", "\r\n", "\r"]),
)
def test_line_breaks_between_chinese_characters_leave_no_space(
    paragraphs: list[list[str]], style: str, trailing: str, indent: str, end: str
) -> None:
    indent = "  " if style == ">2-" else indent
    trailing = "" if style.startswith(">") else trailing  # it belongs to the text there
    texts = [f"{trailing}\n{indent}".join(lines) for lines in paragraphs]
    text = f"{trailing}\n\n{indent}".join(texts)
    block = f"{style}\n{indent}" if style.startswith(">") else style
    raw = f"# 注\n国: {block}{text}{'' if style.startswith('>') else style}\n家: 中\n# 注\n".replace("\n", end).encode()
    ((document,), faults) = read_yaml(raw)
    assert not faults
    assert isinstance(document.data, dict)
    # One blank line is a line break in YAML, but not at the end of a paragraph of a block.
    assert str(document.data["国"]).rstrip("\n") == "\n".join(folded(lines) for lines in paragraphs)
    assert document.data["家"] == "中"


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        ("|\n  国际\n  劳工\n", "国际\n劳工\n"),
        ("|\n  国际  \n  劳工\n", "国际  \n劳工\n"),
        (">\n  国际\n    劳工\n  组织\n", "国际\n  劳工\n组织\n"),
        (">\n  国际  \n  劳工\n", "国际劳工\n"),
        (">\n  国际\n\n\n  劳工\n", "国际\n\n劳工\n"),
        ("国际 劳工\n", "国际 劳工"),
        ("国际\u3000劳工\u00a0组织\n", "国际\u3000劳工\u00a0组织"),
        ('"国际\\\n  劳工"\n', "国际劳工"),
        ('"国际\\n\n  劳工"\n', "国际\n 劳工"),
        ("'国际''\n  劳工'\n", "国际' 劳工"),
        ("[国际\n  劳工, 组\n  织]\n", ["国际劳工", "组织"]),
        ("\n  - 国际\n    劳工\n  - 组织\n", ["国际劳工", "组织"]),
        ("\ufeff国际\n", "国际"),
        ("'\ufeff国际'\n", "国际"),
    ],
)
def test_what_was_typed_stays(scalar: str, value: object) -> None:
    ((document,), _) = read_yaml(f"title: {scalar}".encode())
    assert document.data == {"title": value}


def test_places_are_those_of_the_file_where_lines_were_folded() -> None:
    raw = "title: 国际\n  劳工\ncredit: '国\n  家 &#7;'\nbody: x\n".encode()
    ((document,), _) = read_yaml(raw)
    assert document.layout.positions["body"] == ((5, 1), (5, 7))
    assert [(fault.line, fault.column) for fault in document.faults] == [(4, 5)]


def test_byte_order_marks_of_joined_files_are_passed_over() -> None:
    found, _ = read_yaml("\ufefftitle: a\n---\n\ufeff\ufefftitle: b\n".encode())
    assert [document.data for document in found] == [{"title": "a"}, {"title": "b"}]


def test_every_scalar_stays_text() -> None:
    ((document,), _) = read_yaml(b"- NO\n- 0777\n- 12:30\n- 1e3\n- true\n- 2021-06-24\n- 'null'\n- .nan\n")
    assert document.data == ["NO", "0777", "12:30", "1e3", "true", "2021-06-24", "null", ".nan"]


def test_places_are_counted_as_editors_count_them() -> None:
    raw = "\ufeff# 中国\r\nimage:\r\n  alt: 湖州\r\ncountries: [CN, 'MN']\r\n".encode()
    ((document,), _) = read_yaml(raw)
    assert document.layout.positions["image.alt"] == ((3, 3), (3, 8))
    assert document.layout.positions["countries[1]"] == ((4, 17), (4, 17))
