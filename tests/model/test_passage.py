"""What counts as word for word, what as near, and what of a passage is sought."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model.passage import MOST_PROBES, ComparableText, compared, is_too_short, parts_of, probes

TEXT = """The new dam

It cost 500 million, 4.5 % more than planned. “We are proud,” the Mayor said – and left.

新的大坝已经开放，人们很高兴。 Малчдын нийгмийн даатгал нэмэгдлээ."""


@pytest.mark.parametrize(
    "passage",
    [
        "it COST 500 million,\n4.5\u00a0% more than planned.",
        "‘we are proud’, the mayor said - and left",
        "4.5% more […] the Mayor said",
        "The new dam\nIt cost 500 million",
        "新的大坝\n已经开放",
        "нийгмийн даатгал нэмэгдлээ",
        "\u200bIt cost 500 mil\u00adlion",
    ],
)
def test_layout_quotation_marks_and_elisions_make_no_difference(passage: str) -> None:
    assert compared(parts_of(passage), ComparableText(TEXT)).word_for_word


@pytest.mark.parametrize(
    "passage",
    [
        "It cost 50 million",
        "It cost 500 million, 4 % more",
        "It cost 500 million, 4.5 more than planned",
        "We are not proud, the Mayor said",
        "It cost 500 mill",
        "The new dam cost 500 million",
        "大坝已经关闭",
    ],
)
def test_another_word_figure_or_sign_does(passage: str) -> None:
    assert not compared(parts_of(passage), ComparableText(TEXT)).word_for_word


def test_what_is_not_in_a_text_is_told_from_what_is() -> None:
    (found,) = compared(
        parts_of("It cost 500 million, far less than planned by the Mayor."), ComparableText(TEXT)
    ).parts
    assert [(each.text, each.found) for each in found] == [
        ("It cost 500 million, ", True),
        ("far less than planned by the Mayor.", False),
    ]


def test_a_passage_of_too_few_words_is_none() -> None:
    assert is_too_short(parts_of("the — dam!"))
    assert is_too_short(parts_of("大坝"))
    assert is_too_short(parts_of(""))
    assert not is_too_short(parts_of("The new dam"))


@given(st.text(max_size=400) | st.lists(st.sampled_from(["dam", "5", "…", "\n\n", "大", "é", " ", "“"])).map("".join))
def test_whatever_is_given_a_text_has_itself_and_little_is_sought(text: str) -> None:
    parts = parts_of(text)
    assert len(probes(parts)) <= MOST_PROBES
    likeness = compared(parts, ComparableText(text))
    assert likeness.word_for_word == bool(parts)
    assert likeness.share == (1 if parts else 0)
    for part, shown in zip(parts, likeness.parts, strict=True):
        assert "".join(stretch.text for stretch in shown) == part.text
