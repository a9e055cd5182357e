"""Which questions the documents of an export have asked: a number for each question, a line of numbers for a document.

Most lines belong to several documents, such as a feed in its formats. So tens of thousands of documents are looked
through in milliseconds for those that have asked one of a few questions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Self


@dataclass(slots=True)
class DependencyTable:
    """The questions of documents by path. A question keeps its number as long as a document asks it."""

    _numbers: dict[str, int] = field(default_factory=dict)
    _lines: list[tuple[int, ...]] = field(default_factory=list)
    _of: dict[str, int] = field(default_factory=dict)
    """By path: which line."""
    _known: dict[tuple[int, ...], int] = field(default_factory=dict)
    """Where the lines are that were added."""

    def add(self, path: str, questions: frozenset[str]) -> None:
        """Notes what a document has asked."""
        numbers = self._numbers
        for question in sorted(each for each in questions if each not in numbers):
            # The last question has the highest number: those that nobody asks any longer leave gaps.
            numbers[question] = numbers[next(reversed(numbers))] + 1 if numbers else 0
        line = tuple(sorted(map(numbers.__getitem__, questions)))
        at = self._known.get(line)
        if at is None:
            at = self._known[line] = len(self._lines)
            self._lines.append(line)
        self._of[path] = at

    def keep(self, paths: Set[str]) -> Self:
        """These questions for these documents alone; what only others have asked is left out."""
        of = dict(self._of)
        for path in of.keys() - paths:
            del of[path]
        kept = sorted({*of.values()})
        if len(kept) == len(self._lines):
            return type(self)(self._numbers, self._lines, of)
        lines = [self._lines[at] for at in kept]
        new = dict(zip(kept, count()))
        of = dict(zip(of, map(new.__getitem__, of.values()), strict=True))
        used = set().union(*lines)
        numbers = {question: number for question, number in self._numbers.items() if number in used}
        return type(self)(numbers, lines, of)

    @property
    def questions(self) -> Collection[str]:
        """All questions."""
        return self._numbers.keys()

    def having(self, questions: Iterable[str]) -> frozenset[str]:
        """The paths of the documents that have asked one of these."""
        numbers = {self._numbers[each] for each in questions if each in self._numbers}
        lines = {at for at, line in enumerate(self._lines) if not numbers.isdisjoint(line)}
        return frozenset(path for path, at in self._of.items() if at in lines)

    def to_data(self) -> dict[str, Any]:
        """All of it as plain values."""
        return {"numbers": self._numbers, "lines": self._lines, "of": self._of}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Reads what `to_data` has written."""
        return cls(data["numbers"], data["lines"], data["of"])
