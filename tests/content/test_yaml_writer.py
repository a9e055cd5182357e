"""What is written, the reader gives back exactly."""

from __future__ import annotations

import re
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from feeds.content import SourceFile, read_story
from feeds.content.text_checks import unwritable_reference
from feeds.content.yaml_reader import NOTHING, read_yaml
from feeds.content.yaml_writer import Writable, release_yaml
from feeds.errors import FeedsError
from feeds.model.invisible_characters import UNWRITABLE
from feeds.model.vocabulary import Vocabulary
from tests.content.newsrooms import a_vocabulary
from tests.generated.alphabet import HOSTILE, SIGNS, WORDS

OF_THE_TEXT_ITSELF = re.compile("is empty|direction|cannot be seen|at most|at least")
AWKWARD = (
    *WORDS,
    *SIGNS,
    *(sign for sign in HOSTILE if "&#" not in sign),
    *("\n", "\n\n", "\n\n\n", "\r", "\r\n", "\t", " ", "  ", "\n  ", "\n\t", "\u00a0", "\u3000", "\u2028", "\u2029"),
    *("\n---\n", "\n...\n", "\n# ", "\n- ", "\n? ", "\n: ", "\n中国\n北京", "。\n”", "title: x", "\ndraft: yes"),
    "\n  published：x",
    *("～", "｜", "＞", "｜\n", "https://e.org", "\nhttps://e.org", "@", "`", "0x1F", "1_000", "NaN", "é", "|-", ">-"),
)
TEXTS = (
    st.lists(st.sampled_from(AWKWARD), min_size=1, max_size=12).map("".join)
    | st.lists(st.sampled_from(AWKWARD), min_size=1, max_size=12).map(" ".join)
    | st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\t\n\r"), min_size=1)
).filter(lambda text: bool(text.lstrip("\ufeff")) and not UNWRITABLE.search(text) and not unwritable_reference(text))
NAMES = st.sampled_from(("title", "body", "summary", "topics", "no", "中文", "a: b", "# x", "- y", "zh-Hans", "1"))
TREES: st.SearchStrategy[Any] = st.recursive(
    TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
)


@cache
def the_vocabulary() -> Vocabulary:
    with tempfile.TemporaryDirectory() as folder:
        return a_vocabulary(Path(folder))


def without_marks(data: Any) -> Any:
    """The same, as the reader gives it: byte order marks at the beginning of a text mean nothing."""
    if isinstance(data, str):
        return data.lstrip("\ufeff")
    if isinstance(data, dict):
        return {name: without_marks(value) for name, value in data.items()}
    return [without_marks(value) for value in data]


@given(st.dictionaries(NAMES, TREES, min_size=1, max_size=4))
def test_the_reader_gives_back_exactly_what_was_written(fields: dict[str, Any]) -> None:
    text = release_yaml(fields)
    documents, faults = read_yaml(text.encode())
    assert not faults
    assert [document.data for document in documents] == [without_marks(fields)]
    assert not [fault for fault in documents[0].faults if fault.fatal]


@given(st.fixed_dictionaries({"title": TEXTS, "summary": TEXTS, "body": TEXTS}))
def test_no_text_is_taken_for_another_field(texts: dict[str, str]) -> None:
    text = release_yaml({"published": "2021-06-24", **texts})
    _, problems = read_story(SourceFile("data/releases/2021-06-24-x.yaml", text.encode()), (), the_vocabulary())
    assert not [problem for problem in problems if not OF_THE_TEXT_ITSELF.search(problem.message)]


@given(TEXTS)
def test_other_programs_read_a_text_as_text(text: str) -> None:
    assume("\ufeff" not in text)
    (read,) = yaml.safe_load(release_yaml({"topics": [text]}))["topics"]
    assert read == text or str(read) == text[:10]  # a date stays without quotes, as editors write it


def test_a_release_is_written_as_an_editor_would_write_it() -> None:
    fields: dict[str, Writable] = {
        "body": "First: a paragraph.\n\n- An item\n- # Another\n",
        "id": "tag:example.org,2021:dam",
        "topics": ["wages", "no"],
        "image": {"src": "https://example.org/a.jpg", "alt": "A “dam”", "width": 1200},
        "authors": [{"name": "Ada: of 1815", "email": "ada@example.org"}, {"name": "中国"}],
        "summary": "It said: " + "long " * 20 + "text.",
        "published": datetime(2021, 6, 24, 9, 30, tzinfo=UTC),
        "title": "The dam: “done”",
        "draft": True,
        "attachments": [],
        "credit": None,
        "dateline": "",
    }
    assert release_yaml(fields) == (
        'title: "The dam: “done”"\n'
        "published: 2021-06-24T09:30:00+00:00\n"
        "draft: true\n"
        "summary: |-\n"
        f"  It said: {'long ' * 20}text.\n"
        "topics:\n"
        "  - wages\n"
        '  - "no"\n'
        "image:\n"
        "  src: https://example.org/a.jpg\n"
        "  alt: A “dam”\n"
        "  width: 1200\n"
        "attachments: []\n"
        "authors:\n"
        '  - name: "Ada: of 1815"\n'
        "    email: ada@example.org\n"
        "  - name: 中国\n"
        "id: tag:example.org,2021:dam\n"
        "body: |\n"
        "  First: a paragraph.\n"
        "\n"
        "  - An item\n"
        "  - # Another\n"
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("One", "|-\n  One"),
        ("One\n\n\n", "|+\n  One\n\n"),
        ("  One\nTwo", "|2-\n    One\n  Two"),
        ("\n\tOne\nTwo", "|2-\n\n  \tOne\n  Two"),
        ("One\r\nTwo", '"One\\r\\nTwo"'),
        ("One\n  ", '"One\\n  "'),
        ("One\ndraft: no", '"One\\ndraft: no"'),
        ("One\nhttps://example.org/", "|-\n  One\n  https://example.org/"),
    ],
)
def test_a_body_stands_below_a_bar_where_that_is_exact(text: str, written: str) -> None:
    assert release_yaml({"body": text}) == f"body: {written}\n"
    assert read_yaml(release_yaml({"body": text}).encode())[0][0].data == {"body": text}


@pytest.mark.parametrize("text", ["a\x07b", "a\x85b", "\ud800", "\U0010ffff", "a &#7; b"])
def test_what_no_file_can_say_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(FeedsError, match=r"image\.alt: .*\(delete it"):
        release_yaml({"image": {"alt": text}})


@pytest.mark.parametrize("name", sorted(NOTHING | {"<<"}))
def test_a_name_that_means_nothing_is_refused(name: str) -> None:
    with pytest.raises(FeedsError, match="cannot be the name of a field"):
        release_yaml({name: "x"})
