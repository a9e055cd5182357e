"""Folds the line breaks of plain text: between words to a space, between Chinese or Japanese characters to nothing.

Chinese and Japanese have no spaces between words, so a line broken there must not leave one behind. Korean has them.
Everything else stays as it was typed: double spaces, no-break spaces, ideographic spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby, pairwise

_CJK = (
    "\u2e80-\u3029\u3030-\u312f\u3190-\u31ff\u3220-\u325f\u3280-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe10-\ufe1f\ufe30-\ufe6f"
    "\uff01-\uff9f\uffe0-\uffee\U00016fe0-\U00018d8f\U0001aff0-\U0001b2ff\U0001f200-\U0001f2ff\U00020000-\U0003ffff"
)
"""Ideographs, kana, their punctuation and their wide forms. What is Korean in the same blocks is left out."""

_SHARED = "\u00b7\u2010-\u2015\u2018-\u201f\u2025-\u2027\u2e3a\u2e3b"
"""Punctuation that Chinese shares with other scripts: “ ” ‘ ’ … — ·"""

_VARIATION = "[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
_BEFORE = f"([{_CJK}])?{_VARIATION}?([{_SHARED}]*)\\Z"
_AFTER = f"([{_SHARED}]*)([{_CJK}])?"
"""Not compiled until a line break is met: that takes milliseconds, which most commands can do without."""
NEAR = 8
"""Characters on either side of a line break that decide how it is folded."""


def is_between_cjk(before: str, after: str) -> bool:
    """Whether a line break between the two texts stands between Chinese or Japanese characters.

    Punctuation that other scripts have too counts as Chinese beside a Chinese character.

    >>> [is_between_cjk(*pair) for pair in (("日本", "東京"), ("他说", "“好”"), ("“好”", "he said"), ("한국", "노동"))]
    [True, True, False, False]
    """
    left, right = re.search(_BEFORE, before[-NEAR:]), re.match(_AFTER, after[:NEAR])
    if left is None or right is None:
        return False
    letter_before, marks_before = left.groups()
    marks_after, letter_after = right.groups()
    return bool(
        (letter_before or (marks_before and letter_after and not marks_after))
        and (letter_after or (marks_after and letter_before and not marks_before))
    )


def one_line(text: str) -> str:
    """The text on one line, without white space around it.

    >>> one_line("  二〇二一年\\n六月  in\\n Osaka ")
    '二〇二一年六月  in Osaka'
    """
    lines = text.splitlines()
    return text.strip() if len(lines) <= 1 else _folded(lines).strip()


def paragraphs(text: str) -> str:
    """The text with each paragraph on one line, and one empty line between paragraphs. Blank lines separate them.

    >>> paragraphs("One\\nline.\\n \\n\\nAnother.\\n")
    'One line.\\n\\nAnother.'
    """
    lines = text.splitlines()
    if len(lines) <= 1:
        return text.strip()
    return "\n\n".join(_folded(group).strip() for blank, group in groupby(lines, _is_blank) if not blank)


def _is_blank(line: str) -> bool:
    return not line.strip()


def _folded(lines: Iterable[str]) -> str:
    written = [line.strip(" \t") for line in lines if line.strip()]
    spaces = ["" if is_between_cjk(*pair) else " " for pair in pairwise(written)]
    return "".join(f"{line}{space}" for line, space in zip(written, [*spaces, ""], strict=False))
