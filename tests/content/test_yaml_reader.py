"""Laws of the reading: nothing raises, nothing is guessed, and what other readers read is read alike."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from feeds.content import SourceFile, read_story
from feeds.content.yaml_reader import NOTHING, Data, read_yaml
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
    others = [data for data in yaml.load_all(text.removeprefix("\ufeff"), yaml.CBaseLoader) if data]
    assert [document.data for document in found] == others


@given(TREES)
def test_what_pyyaml_writes_is_read_back(data: Any) -> None:
    found, faults = read_yaml(yaml.safe_dump(data, allow_unicode=True).encode())
    if depth(data) > 8 or "<<" in str(data):
        return
    assert not faults
    assert [document.data for document in found] == [data]
    assert not found[0].faults


def test_every_scalar_stays_text() -> None:
    ((document,), _) = read_yaml(b"- NO\n- 0777\n- 12:30\n- 1e3\n- true\n- 2021-06-24\n- 'null'\n- .nan\n")
    assert document.data == ["NO", "0777", "12:30", "1e3", "true", "2021-06-24", "null", ".nan"]


def test_places_are_counted_as_editors_count_them() -> None:
    raw = "\ufeff# 中国\r\nimage:\r\n  alt: 湖州\r\ncountries: [CN, 'MN']\r\n".encode()
    ((document,), _) = read_yaml(raw)
    assert document.positions["image.alt"] == ((3, 3), (3, 8))
    assert document.positions["countries[1]"] == ((4, 17), (4, 17))
