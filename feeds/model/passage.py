"""Compares a passage that is said to be from a release with its text: what to search for, and how much agrees.

Word for word means the same words and signs in the same order. Case, spaces, line breaks, quotation marks and the kind
of a dash make no difference, since every program changes them on the way; a figure or a percent sign does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from feeds.model.invisible_characters import without_invisible
from feeds.model.search_words import UNSPACED

LONGEST = 20_000
"""Characters of a passage."""
FEWEST = 3
"""Words of a passage, or characters of Chinese or Japanese: fewer stand in too many texts."""
MOST_PROBES = 8
"""Pieces of a passage that are searched for."""

_MOST_PARTS = 200
_PROBE, _UNSPACED_PROBE = 4, 8
"""Words, and characters of Chinese or Japanese, in a piece that is searched for."""
_ALIKE = 3
"""Words that must follow one another in a text to count as being from there."""

_TOKEN = rf"\d+(?:[.,]\d+)+|[{UNSPACED}]|[^\W_{UNSPACED}]+|[^\w\s]|_"
_WORD = re.compile(r"[^\W_]")
_IS_UNSPACED = f"[{UNSPACED}]"
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_ELISION = re.compile(r"\s*(?:[\[(]\s*(?:…|\.\.\.)\s*[\])]|…+|\.\.\.)\s*")
_BETWEEN = "\0"
_QUOTES = "\"'`´“”„‟‘’‚‛«»‹›「」『』〝〞〟＂＇"
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－"), "-")
_AT_ENDS = ".,:;!?-。，、：；！？،؛؟"
"""Signs that a quotation may lack at its ends, or have there for its own sentence."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a figure or a sign, where it stands, and in the form in which it is compared."""

    begin: int
    end: int
    form: str

    @property
    def is_word(self) -> bool:
        """Whether it is more than a sign."""
        return bool(_WORD.match(self.form))


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph of a passage, or what stands before or after an elision."""

    text: str
    tokens: tuple[Token, ...]

    @property
    def words(self) -> list[Token]:
        """Its tokens without its signs."""
        return [token for token in self.tokens if token.is_word]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some characters of a passage, and whether a text has them."""

    text: str
    found: bool


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much of a passage a text has."""

    word_for_word: bool
    share: float
    """The share of the passage's words that are found in the text: from 0 to 1."""
    parts: tuple[tuple[Stretch, ...], ...]
    """The passage, part by part."""


class ComparableText:
    """A text with which passages are compared."""

    def __init__(self, text: str) -> None:
        tokens = list(_tokens(_spelled(text)))
        words = [token.form for token in tokens if token.is_word]
        self._tokens = _joined([token.form for token in tokens])
        self._runs = set(zip(*(words[at:] for at in range(_ALIKE)), strict=False))

    def has(self, part: Part) -> bool:
        """Whether it has a part of a passage word for word."""
        return _joined([token.form for token in part.tokens]) in self._tokens

    def alike(self, words: Sequence[Token]) -> list[bool]:
        """For each of these words, whether it belongs to three or more that follow one another in this text too."""
        found = [False] * len(words)
        for at in range(len(words) - _ALIKE + 1):
            if tuple(word.form for word in words[at : at + _ALIKE]) in self._runs:
                found[at : at + _ALIKE] = [True] * _ALIKE
        return found


def parts_of(text: str) -> tuple[Part, ...]:
    """The parts of a passage that have any words.

    >>> [part.text for part in parts_of('“The dam is  open […] since June.”\\n\\nAt last!')]
    ['“The dam is open', 'since June.”', 'At last!']
    """
    found = [_part(each) for block in _BLANK_LINES.split(_spelled(text[:LONGEST])) for each in _ELISION.split(block)]
    return tuple(part for part in found if part.words)[:_MOST_PARTS]


def is_too_short(parts: Sequence[Part]) -> bool:
    """Whether a passage has fewer words than `FEWEST`."""
    return sum(len(part.words) for part in parts) < FEWEST


def probes(parts: Sequence[Part]) -> list[str]:
    """Pieces of a passage to search for, spread over it: those with the longest words, which are the rarest.

    >>> probes(parts_of("On the one hand the reservoir overflowed."))
    ['hand the reservoir overflowed', 'one hand the reservoir', 'the one hand the', 'On the one hand']
    """
    windows = [window for part in parts for window in _windows(part)]
    groups = min(MOST_PROBES, len(windows))
    found = []
    for group in range(groups):
        near = windows[group * len(windows) // groups : (group + 1) * len(windows) // groups]
        found.append(max(near, key=_letters))
    return sorted(dict.fromkeys(found), key=_letters, reverse=True)


def compared(parts: Sequence[Part], text: ComparableText) -> Likeness:
    """How much of a passage a text has. A part that is not found as a whole is looked for line by line."""
    shown, alike, number, exact = [], 0, 0, True
    for part in parts:
        words = part.words
        if text.has(part) or all(text.has(line) for line in _lines(part)):
            found = [True] * len(words)
        else:
            found, exact = text.alike(words), False
        alike, number = alike + sum(found), number + len(words)
        shown.append(tuple(_stretches(part.text, words, found)))
    return Likeness(exact and number > 0, alike / max(number, 1), tuple(shown))


def _spelled(text: str) -> str:
    return without_invisible(unicodedata.normalize("NFC", text)).replace("\r\n", "\n").replace("\r", "\n")


def _part(text: str) -> Part:
    text = "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))
    tokens = list(_tokens(text))
    while tokens and tokens[-1].form in _AT_ENDS:
        tokens.pop()
    while tokens and tokens[0].form in _AT_ENDS:
        tokens.pop(0)
    return Part(text, tuple(tokens))


def _lines(part: Part) -> Iterator[Part]:
    lines = [each for each in map(_part, part.text.split("\n")) if each.words]
    yield from lines if len(lines) > 1 else [part]


def _tokens(text: str) -> Iterator[Token]:
    for match in re.finditer(_TOKEN, text):
        form = match[0]
        if form in _QUOTES:
            continue
        yield Token(*match.span(), unicodedata.normalize("NFKC", form.casefold()).translate(_DASHES))


def _joined(forms: Sequence[str]) -> str:
    return "".join((_BETWEEN, *(f"{form}{_BETWEEN}" for form in forms)))


def _windows(part: Part) -> Iterator[str]:
    words = part.words
    length = _UNSPACED_PROBE if words and re.match(_IS_UNSPACED, words[0].form) else _PROBE
    for at in range(max(len(words) - length, 0) + 1):
        window = words[at : at + length]
        yield part.text[window[0].begin : window[-1].end]


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _stretches(text: str, words: Sequence[Token], found: Sequence[bool]) -> Iterator[Stretch]:
    """Splits a text into stretches that are found or not. Signs between two stretches belong to the found one."""
    begin = 0
    for at, (_, is_found) in enumerate(zip(words, found, strict=True)):
        is_last = at + 1 == len(words)
        if is_last or found[at + 1] != is_found:
            next_begin = len(text) if is_last else words[at + 1].begin
            end = next_begin if is_found or is_last else words[at].end
            yield Stretch(text[begin:end], is_found)
            begin = end
