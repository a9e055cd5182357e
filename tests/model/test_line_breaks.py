"""Line breaks become spaces, or nothing between Chinese or Japanese characters; all else stays as it was typed."""

from __future__ import annotations

import pytest

from feeds.model.line_breaks import is_between_cjk, one_line, paragraphs

JOINED = (
    ("国际劳工", "组织"),
    ("在北京、", "上海"),
    ("会议。", "代表们"),
    ("通过了", "《宣言》"),
    ("他说：", "“好”"),
    ("“好”", "他说"),
    ("他说：“好。”", "“真的？”"),
    ("未完……", "待续"),
    ("北京——", "上海"),
    ("卡尔·", "马克思"),
    ("ひらが", "なと"),
    ("カタカ", "ナー"),
    ("半角カ", "ナ"),
    ("１２", "３人"),
    ("增长５％", "，去年"),
    ("\U00020bb7野", "家"),
    ("吉", "\U00020bb7"),
    ("葛\U000e0100", "飾区"),
    ("辻\ufe00", "堂"),
    ("㈱", "日本"),
    ("末尾　", "开头"),
    ("ㄅㄆ", "ㄇㄈ"),
)
APART = (
    ("decent", "work"),
    ("国际劳工组织", "ILO"),
    ("ILO", "组织"),
    ("2021年", "6月"),
    ("한국", "노동"),
    ("노동", "国"),
    ("ｶﾅ", "ﾤ"),
    ("монгол", "улс"),
    ("“yes”", "he said"),
    ("He called it “decent”", "“work”"),
    ("He said “好”", "and left"),
    ("中国", "😀"),
    ("the end…", "And on"),
    ("—", "—"),
    ("", "中"),
    ("中", ""),
)


@pytest.mark.parametrize(("before", "after"), JOINED)
def test_a_break_between_chinese_or_japanese_leaves_nothing(before: str, after: str) -> None:
    assert is_between_cjk(before, after)
    assert one_line(f"{before}\n{after}") == paragraphs(f"{before} \r\n\t{after}\n") == f"{before}{after}"


@pytest.mark.parametrize(("before", "after"), APART)
def test_a_break_anywhere_else_is_a_space(before: str, after: str) -> None:
    assert not is_between_cjk(before, after)
    assert one_line(f"{before}\n{after}") == paragraphs(f"{before} \r\n\t{after}\n") == f"{before} {after}".strip()


@pytest.mark.parametrize("gap", [" ", "  ", "\u00a0", "\u202f", "\u3000", "\u2009", "\u3000\u3000", " \u00a0 ", "\t"])
@pytest.mark.parametrize("words", [("落实就业政策", "推动高质量发展"), ("Ўзбек", "тили"), ("Qui", "?"), ("100", "km")])
def test_a_typed_space_stays(gap: str, words: tuple[str, str]) -> None:
    text = gap.join(words)
    assert one_line(text) == paragraphs(text) == text
    assert one_line(f" {text}\n") == paragraphs(f"\n\n{text} ") == text


@pytest.mark.parametrize("text", ["", " ", "\n", "\n \n\u00a0\n"])
def test_nothing_stays_nothing(text: str) -> None:
    assert one_line(text) == paragraphs(text) == ""


def test_blank_lines_separate_paragraphs_but_not_on_one_line() -> None:
    text = "One\nline.\n \n\u00a0\n\nТөгсгөл.\n\n第一\n行\n\n第二"
    assert paragraphs(text) == "One line.\n\nТөгсгөл.\n\n第一行\n\n第二"
    assert one_line(text) == "One line. Төгсгөл. 第一行第二"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x85"])
def test_every_end_of_line_counts(end: str) -> None:
    assert one_line(f"a{end}b") == paragraphs(f"a{end}b") == "a b"
