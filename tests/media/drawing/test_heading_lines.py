"""Headings break where readers expect it, and words stand in the order of their script."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from feeds.media.drawing.heading_lines import clusters, direction_of, filled, in_visual_order, pieces
from tests.tools import examples


def broken(text: str) -> list[str]:
    return [f"{' ' if piece.spaced else ''}{piece.text}" for piece in pieces(text)]


def test_a_line_ends_between_words_and_in_chinese_and_japanese_between_characters() -> None:
    assert broken("China’s COVID-19 plan") == ["China’s", " COVID-19", " plan"]
    assert broken("国际 ILO（北京）。") == ["国", "际", " ILO", "（北", "京）。"]
    assert broken("“安全、健康”经验") == ["“安", "全、", "健", "康”", "经", "验"]
    assert broken("センターへ…がっこう") == ["セ", "ン", "ター", "へ…", "がっ", "こ", "う"]
    assert broken("국제노동기구, 중국") == ["국제노동기구,", " 중국"]


def test_letters_keep_their_marks() -> None:
    (word,) = pieces("เกี่ยว")
    assert [each.text for each in clusters(word)] == ["เ", "กี่", "ย", "ว"]
    (word,) = pieces("e\u0301te\u0301")
    assert [each.text for each in clusters(word)] == ["e\u0301", "t", "e\u0301"]


def test_lines_are_about_equally_long_and_as_few_as_can_be() -> None:
    assert filled([(30, 0), (30, 5), (30, 5), (10, 5)], 100) == [2, 2]
    assert filled([(30, 0)], 100) == [1]
    assert filled([(300, 0), (10, 5)], 100) == [1, 1]
    assert filled([], 100) == []


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 5)), max_size=30), st.integers(60, 200))
@examples(100)
def test_no_word_is_lost_and_no_line_is_too_long(widths: list[tuple[int, int]], room: int) -> None:
    lines = filled(widths, room)
    assert sum(lines) == len(widths)
    rest = iter(widths)
    for count in lines:
        line = [next(rest) for _ in range(count)]
        assert sum(own + space for own, space in line) - line[0][1] <= room


@given(st.text(alphabet="a b-中（）。é\u0301ก็י", max_size=40))
@examples(200)
def test_pieces_are_the_text_without_its_spaces(text: str) -> None:
    found = pieces(text)
    assert "".join(piece.text for piece in found) == text.replace(" ", "")
    assert all(text[piece.start : piece.start + len(piece.text)] == piece.text for piece in found)
    assert "".join(part.text for piece in found for part in clusters(piece)) == text.replace(" ", "")


def order(text: str, base: str) -> str:
    return " ".join(in_visual_order(text.split(), direction_of, base))


def test_words_stand_as_their_scripts_are_read() -> None:
    assert order("one two three", "ltr") == "one two three"
    assert order("אחת שתים שלש", "rtl") == "שלש שתים אחת"
    assert order("אחת ILO Office 2021 שלש", "rtl") == "שלש 2021 ILO Office אחת"
    assert order("אחת ILO – Office שלש", "rtl") == "שלש ILO – Office אחת"
    assert order("see אחת שתים there", "ltr") == "see שתים אחת there"
    assert order("2021 – 2022", "rtl") == "2022 – 2021"
