"""Which questions the documents of an export have asked: a number for each question, a line of numbers for a document.

Most lines belong to several documents, such as a feed in its formats. So tens of thousands of documents are looked
through in milliseconds for those that have asked one of a few questions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(slots=True)
class Asked:
    """The questions of documents by path. A question keeps its number as long as a document asks it."""

    _numbers: dict[str, int] = field(default_factory=dict)
    _lines: dict[str, str] = field(default_factory=dict)
    """By path."""
    _known: dict[frozenset[str], str] = field(default_factory=dict)
    """The lines of the questions that were added."""

    def add(self, path: str, questions: frozenset[str]) -> None:
        """Notes what a document has asked."""
        line = self._known.get(questions)
        if line is None:
            numbers = sorted(self._numbers.setdefault(each, len(self._numbers)) for each in questions)
            line = self._known[questions] = " ".join(map(str, numbers))
        self._lines[path] = line

    def keep(self, paths: Collection[str]) -> Self:
        """These questions for these documents alone; what only others have asked is left out."""
        lines = {path: self._lines[path] for path in paths if path in self._lines}
        used = {number for line in {*lines.values()} for number in line.split()}
        if len(used) == len(self._numbers):
            return type(self)(self._numbers, lines)
        names = {str(number): question for question, number in self._numbers.items()}
        new = {number: at for at, number in enumerate(sorted(used, key=int))}
        renumbered = {line: " ".join(str(new[each]) for each in line.split()) for line in {*lines.values()}}
        return type(self)(
            {names[number]: at for number, at in new.items()},
            {path: renumbered[line] for path, line in lines.items()},
        )

    @property
    def questions(self) -> Collection[str]:
        """All questions."""
        return self._numbers.keys()

    def having(self, questions: Iterable[str]) -> frozenset[str]:
        """The paths of the documents that have asked one of these."""
        numbers = {str(self._numbers[each]) for each in questions if each in self._numbers}
        lines = {line for line in {*self._lines.values()} if not numbers.isdisjoint(line.split())}
        return frozenset(path for path, line in self._lines.items() if line in lines)

    def to_data(self, paths: Iterable[str]) -> dict[str, Any]:
        """What is known of these documents as values for JSON, in their order."""
        lines: dict[str, int] = {}
        of_paths = [lines.setdefault(self._lines.get(path, ""), len(lines)) for path in paths]
        return {"questions": list(self._numbers), "lines": list(lines), "of": of_paths}

    @classmethod
    def from_data(cls, data: Mapping[str, Any], paths: Iterable[str]) -> Self:
        """Reads what `to_data` has written for the same documents."""
        numbers = {question: number for number, question in enumerate(data["questions"])}
        lines = data["lines"]
        return cls(numbers, {path: lines[at] for path, at in zip(paths, data["of"], strict=True)})
