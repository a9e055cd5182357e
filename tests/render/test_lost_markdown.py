"""What Markdown leaves out without a word, or shows as text although it is meant as something else, is told."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.render import lost_markdown, markdown
from feeds.render.body import Remark
from tests.tools import examples

HOME = "https://news.example.org"
PAGE = f"{HOME}/releases/2021/dam"


def told(text: str) -> list[tuple[int, str]]:
    """Line and message of each remark."""
    return sorted((text.count("\n", 0, each.offset) + 1, each.message) for each in remarks(text))


def remarks(text: str) -> tuple[Remark, ...]:
    return markdown.body_of(text, PAGE, HOME).remarks


def words(text: str) -> str:
    return unescape(re.sub("<[^<>]*>", "", markdown.html_of(text, PAGE)))


# -- cells ------------------------------------------------------------------------------------------------------------

HEAD = "| a | b |\n|---|---|\n"
LOST_CELLS = (
    (f"{HEAD}| c | d | e |", 3, "2 cells", "e"),
    (f"{HEAD}| c | d | e | f |", 3, "2 cells", "e | f"),
    (f"{HEAD}| 1 | 2 |\n| x | `p|q` |", 4, "2 cells", "q`"),
    ("a | b\n--|--\nc | d | e", 3, "2 cells", "e"),
    ("| a |\n|---|\n| c | d |", 3, "one cell", "d"),
    (f"Text\n\n{HEAD}| c | d | 工资 |\n\nMore", 5, "2 cells", "工资"),
    ("> | a | b |\n> |---|---|\n> | c | d | e |", 3, "2 cells", "e"),
    ("- x\n\n  | a |\n  |---|\n  | 工 | 资 |", 5, "one cell", "资"),
    (f"{HEAD}| c~d | e | f~g |", 3, "2 cells", "f~g"),
)


@pytest.mark.parametrize(("text", "line", "head", "lost"), LOST_CELLS)
def test_a_cell_beyond_the_head_is_told(text: str, line: int, head: str, lost: str) -> None:
    ((found, message),) = told(text)
    assert found == line
    assert message == f"the head of this table has {head}, so “{lost}” is left out"
    (remark,) = remarks(text)
    assert text[remark.offset :].startswith(lost)


@pytest.mark.parametrize(
    "row",
    ["| c | d |", "| c |", "| c | d | |", "| c | d |   ", r"| x | p\|q |", r"| `a\|b` | c |", "c | d", r"| c | \||"],
)
def test_a_row_that_fits_its_head_is_left_alone(row: str) -> None:
    assert told(HEAD + row) == []


CELL = st.text(alphabet=r"ab|\` 工", max_size=4)


@given(rows=st.lists(st.lists(CELL, min_size=1, max_size=4).map(" | ".join), min_size=1, max_size=4))
@examples(300)
def test_every_letter_of_a_table_is_shown_or_told(rows: list[str]) -> None:
    text = HEAD + "\n".join(f"| {row} |" for row in rows)
    lost = "".join(message.partition("so “")[2].partition("” is left")[0] for _, message in told(text))
    for letter in "ab工":
        assert words(text).count(letter) + lost.count(letter) == text.count(letter)


@pytest.mark.parametrize(
    ("text", "line", "shown"),
    [
        ("| a | b |\n|---|\n| c | d |", 2, "|---|"),
        ("a | b\n--- | --- | ---\n", 2, "--- | --- | ---"),
        ("<p>\n| a |\n|---|\n</p>", 3, "|---|"),
        ("x\n\n|:--|--:|\n\ny", 3, "|:--|--:|"),
        ("| a | b |\n| —— | —— |\n| c | d |", 2, "| —— | —— |"),
        ("| a | b |\n|：---|---：|", 2, "|：---|---：|"),
        ("｜ a ｜ b ｜\n｜---｜---｜\n｜ c ｜ d ｜", 2, "｜---｜---｜"),
    ],
)
def test_rows_that_are_no_table_are_told(text: str, line: int, shown: str) -> None:
    assert told(text) == [(line, f"“{shown}” makes no table, so its rows are shown as text")]


@pytest.mark.parametrize("text", ["`|---|`", "~~~\n|--|\n~~~", "a -- b | c", "a | b", "---", HEAD, "a\n---\nb | c"])
def test_bars_and_hyphens_that_mean_no_table_are_left_alone(text: str) -> None:
    assert told(text) == []


# -- addresses of links -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[Update]: Cancelled\n\nText", 1, "“[Update]: Cancelled” is read as the address of a link, and not shown"),
        ("Text\n\n[Note]: One", 3, "“[Note]: One” is read as the address of a link, and not shown"),
        ("[Note]: One\n\nSee [Note].", 1, "“[Note]: One” is read as the address of a link, and not shown"),
        ("[更新]: 取消\n\n文本", 1, "“[更新]: 取消” is read as the address of a link, and not shown"),
        ("> [a]: https://e.org/", 1, "“[a]: https://e.org/” is read as the address of a link, and not shown"),
        ("- [1]: https://e.org/", 1, "“[1]: https://e.org/” is read as the address of a link, and not shown"),
        ("[1]: https://e.org/\n[1]: https://f.org/\n\n[1]", 2, "“[1]” is given twice, and the first counts"),
        ("Text[^a b].\n\n[^a b]: https://e.org/", 3, "“[^a b]” is no footnote, since its name has a space"),
        ("[see][2]", 1, "no address belongs to “[2]”, so it is shown as text"),
        ("a [the report][R] b", 1, "no address belongs to “[R]”, so it is shown as text"),
        ("[附件]（https://e.org/）", 1, "“[附件]（…” is no link, so it is shown as text"),
        (
            "~~~\n[a]: b\n~~~\n\n[a]: https://e.org/",
            5,
            "“[a]: https://e.org/” is read as the address of a link, and not shown",
        ),
    ],
)
def test_an_address_that_no_link_needs_or_a_link_without_one_is_told(text: str, line: int, message: str) -> None:
    assert told(text) == [(line, message)]


@pytest.mark.parametrize(
    "text",
    [
        "[a][1] and [b][1]\n\n[1]: https://e.org/",
        "[Report]\n\n[report]: https://e.org/ 'The report'",
        "[a]: #wages\n\n## Wages\n\nSee [a].",
        "`[a]: b`",
        "- [1]: <https://e.org/>",
        "~~~\n[a]: b\n~~~",
        "```\n[a]: b\n```\n\n[a]\n\n[a]: https://e.org/",
        "见[1]（2021年）",
        "[1][2]",
        "[Update]: Cancelled because of rain",
        r"\[Update]: Cancelled",
        r"\[see][2]",
        "- [ ] to do\n- [x] done",
        "![a][p]\n\n[p]: https://e.org/a.png",
    ],
)
def test_links_and_brackets_in_order_are_left_alone(text: str) -> None:
    assert told(text) == []


@given(
    pieces=st.lists(
        st.sampled_from(
            ("[One]: Two", "[One]: /two", "[One]", "\n\n", "\n", "> ", "- ", "`", "~~~", "text ", "[x][One]")
        ),
        max_size=5,
    )
)
@examples(1_000)
def test_every_word_in_an_address_of_a_link_is_shown_or_told_or_its_link_there(pieces: list[str]) -> None:
    text = "".join(pieces)
    if "Two" not in text:
        return
    made = markdown.html_of(text, PAGE)
    said = [message for _, message in told(text) if "[One]" in message or "Two" in message]
    assert text.count("Two") <= made.count("Two") + sum(max(1, message.count("Two")) for message in said)


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("``` Some words: here\nx\n```", "Some words: here"),
        ("~~~ R&amp;D of 2021\nx\n~~~", "R&amp;D of 2021"),
        ("~~~[One]: Two\nx\n~~~", "[One]: Two"),
        ("~~~工资\nx", "工资"),
    ],
)
def test_words_beside_a_fence_are_told(text: str, lost: str) -> None:
    assert told(text) == [(1, f"“{lost}” stands on the line that begins a block of code, and is not shown")]


@pytest.mark.parametrize(
    "text", ["~~~python\nx\n~~~", "```c++\nx\n```", "``` py title=x\nx", "```{r}\nx", "a ``` b c", "~~~"]
)
def test_the_language_of_code_is_left_alone(text: str) -> None:
    assert told(text) == []


# -- numbers of lists -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "written", "number"),
    [
        ("3. Article three\n\n5. Article five\n\n9. Article nine", 3, "5.", 4),
        ("1) a\n3) b", 2, "3)", 2),
        ("- x\n\n  2. a\n  4. b\n- y", 4, "4.", 3),
        ("1. a\n   - x\n2. b\n2. c", 4, "2.", 3),
        ("> 7. 一\n> 9. 二", 2, "9.", 8),
        ("1. a\n2. b\n\ntext\n\n4. c\n6. d", 7, "6.", 5),
    ],
)
def test_an_item_that_gets_another_number_is_told(text: str, line: int, written: str, number: int) -> None:
    assert told(text) == [(line, f"“{written}” is shown as {number}, since the items of a list are counted")]


@pytest.mark.parametrize(
    "text", ["1. a\n1. b\n1. c", "0. a\n1. b", "7. a\n8. b", "1. a\n\n2. b", "- 1. a\n- 1. b", "1. a"]
)
def test_a_list_that_counts_as_it_is_written_is_left_alone(text: str) -> None:
    assert told(text) == []


# -- footnotes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "message", "advice"),
    [
        ("x[^1] y\n\n[^1]: One\n\n[^1]: Two", 5, "the footnote [^1] is given twice", "a name of its own"),
        ("Text\n\n[^1]: See [^2].\n\n[^2]: Note.", 3, "no place in the text refers to the footnote [^1]", "write [^1]"),
        ("`a[^1]`\n\n[^1]: Note", 3, "no place in the text refers to the footnote [^1]", "write [^1] where"),
        ("[^2]: <hr/>Text[^2]", 1, "no place in the text refers to the footnote [^2]", "write [^2] where"),
        ("Text\n\n[^1]: One\n\n[^1]: Two", 3, "no place in the text refers to the footnote [^1]", "write [^1] where"),
        ("<div>\nx[^1]\n</div>\n\n[^1]: One", 2, "“[^1]” stands in HTML", "leave a blank line"),
        ("[a[^1]](https://e.org/)\n\n[^1]: One", 1, "the footnote [^1] ends the link", "write it behind the link"),
        (
            "x[^1] ![a[^1]](https://e.org/a.png)\n\n[^1]: One",
            3,
            "a number of this footnote stands where none is shown",
            "or behind the picture",
        ),
    ],
)
def test_a_footnote_where_none_can_be_is_told_as_what_it_is(text: str, line: int, message: str, advice: str) -> None:
    remark = min(remarks(text), key=lambda each: (not each.message.startswith(message), each.offset))
    assert text.count("\n", 0, remark.offset) + 1 == line
    assert remark.message.startswith(message)
    assert advice in remark.advice


def test_a_footnotes_number_in_a_link_or_heading_stands_beside_it() -> None:
    html = markdown.html_of("## Wages[^1]\n\n[a[^2]](https://e.org/) b\n\n[^1]: One\n\n[^2]: Two", PAGE)
    assert f'<h3 id="2021-dam--wages">Wages<sup><a href="{PAGE}#2021-dam--fn-1"' in html
    assert '<p><a href="https://e.org/">a</a><sup><a href=' in html
    assert "<sup></sup>" not in html


# -- what a quick look saves ------------------------------------------------------------------------------------------


@given(text=st.text(alphabet="[]()^|-: a\n", max_size=40))
def test_what_is_left_over_is_found_by_the_quick_look(text: str) -> None:
    assert lost_markdown.may_be_left_over(text) or not list(lost_markdown.left_over(text, lost_markdown.Meant(text)))
