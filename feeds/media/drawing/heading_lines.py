"""Breaks a heading into lines, and puts the words of a line in the order in which they are drawn."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeVar

_OPENING, _CLOSING = ("Ps", "Pi"), ("Pe", "Pf", "Po")
_NOT_FIRST = frozenset("ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々〻…—–～")
"""Characters that begin no line in Japanese and Chinese (JIS X 4051), besides closing signs."""
_Item = TypeVar("_Item")


class LinePart(NamedTuple):
    """A part of a text that stands on one line. ``spaced``: a space is between it and the one before."""

    text: str
    start: int
    """Where it begins in the text."""
    spaced: bool


def pieces(text: str) -> list[LinePart]:
    """The parts of a text between which a line may end: words, and in Chinese and Japanese single characters.

    >>> [piece.text for piece in pieces("RSS订阅（说明）。")]
    ['RSS', '订', '阅', '（说', '明）。']
    """
    found = []
    start = 0
    for number, word in enumerate(text.split(" ")):
        for index, part in enumerate(_parts(word)):
            found.append(LinePart(part, start, spaced=number > 0 and index == 0))
            start += len(part)
        start += 1
    return [piece for piece in found if piece.text]


def clusters(piece: LinePart) -> Iterator[LinePart]:
    """The letters of a piece, each with the marks on it: where a line ends if nothing else helps."""
    part, start = "", piece.start
    for character in piece.text:
        if part and not _is_mark(character) and not part.endswith("\u200d"):
            yield LinePart(part, start, piece.spaced and start == piece.start)
            part, start = "", start + len(part)
        part += character
    yield LinePart(part, start, piece.spaced and start == piece.start)


def filled(widths: Sequence[tuple[float, float]], width: float) -> list[int]:
    """How many pieces stand on each line of a width; ``widths`` are those of each piece and of the space before it.

    The lines are about equally long, as many as are needed.

    >>> filled([(5, 0), (5, 1), (5, 1), (2, 1)], 17)
    [2, 2]
    """
    lines = _greedy(widths, width)
    narrow, wide = 0.0, width
    while wide - narrow > 1:
        middle = (narrow + wide) / 2
        closer = _greedy(widths, middle)
        if len(closer) <= len(lines) and all(each <= middle for each, _ in widths):
            wide, lines = middle, closer
        else:
            narrow = middle
    return lines


def _greedy(widths: Sequence[tuple[float, float]], width: float) -> list[int]:
    lines: list[int] = []
    left = 0.0
    for own, space in widths:
        if lines and own + space <= left:
            lines[-1] += 1
            left -= own + space
        else:
            lines.append(1)
            left = width - own
    return lines


def in_visual_order(items: Sequence[_Item], direction: Callable[[_Item], str], base: str) -> list[_Item]:
    """The words of a line from left to right, as the Unicode Bidirectional Algorithm (UAX 9) puts whole words.

    ``direction`` says of a word whether it is ``ltr``, ``rtl`` or, without a letter, empty: it stands with its
    neighbours if both go one way (rule N1), else with the line (N2), whose direction is ``base``.
    """
    levels = [direction(item) for item in items]
    sides = [base, *levels, base]
    resolved = []
    for index, level in enumerate(levels, 1):
        before = next(each for each in reversed(sides[:index]) if each)
        after = next(each for each in sides[index + 1 :] if each)
        resolved.append(level or (before if before == after else base))
    runs: list[list[_Item]] = []
    ways: list[str] = []
    for item, way in zip(items, resolved, strict=True):
        if not ways or ways[-1] != way:
            runs.append([])
            ways.append(way)
        runs[-1].append(item)
    drawn = [run[::-1] if way == "rtl" else run for run, way in zip(runs, ways, strict=True)]
    return [item for run in (drawn[::-1] if base == "rtl" else drawn) for item in run]


def direction_of(text: str) -> str:
    """The direction of the first letter: ``ltr`` or ``rtl``; empty without one."""
    for character in text:
        match unicodedata.bidirectional(character):
            case "L":
                return "ltr"
            case "R" | "AL":
                return "rtl"
    return ""


def _parts(word: str) -> Iterator[str]:
    """The parts of a word without spaces: between two characters of which one is wide, a line may end."""
    part = ""
    for character in word:
        if part and _may_part(part[-1], character):
            yield part
            part = ""
        part += character
    yield part


def _may_part(before: str, after: str) -> bool:
    if not (_is_wide(before) or _is_wide(after)) or _is_mark(after) or after in _NOT_FIRST:
        return False
    return unicodedata.category(before) not in _OPENING and unicodedata.category(after) not in _CLOSING


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in ("W", "F") and not "\uac00" <= character <= "\ud7a3"


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me", "Mc", "Cf")
