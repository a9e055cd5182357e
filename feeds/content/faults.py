"""A fault: something wrong at a position in one text. Faults become problems when the file's name is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feeds.model.problems import Problem

MOST_FAULTS = 100
"""Faults reported for one file; a hostile file could have millions."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Line and column (from 1; 0 is the whole file), path inside the data, what is wrong, and what to do."""

    line: int
    column: int
    path: str
    message: str
    advice: str
    fatal: bool = True
    """Whether it holds the release or term back."""


def first_per_path(faults: Iterable[Fault]) -> list[Fault]:
    """The first fatal and the first harmless fault of each path; without a path, of each line."""
    first: dict[tuple[str, bool, int], Fault] = {}
    for fault in faults:
        first.setdefault((fault.path, fault.fatal, 0 if fault.path else fault.line), fault)
    return list(first.values())


def as_problems(faults: Iterable[Fault], file: str) -> tuple[Problem, ...]:
    """Turns faults into problems of ``file``: sorted, each once, at most MOST_FAULTS."""
    found = sorted({_problem(fault, file) for fault in faults})
    if len(found) > MOST_FAULTS:
        left = len(found) - MOST_FAULTS
        more = f"{left:,} more problem{'' if left == 1 else 's'} in this file"
        found[MOST_FAULTS:] = [Problem(file, 0, 0, "", more, "put these right first, then check again")]
    return tuple(sorted(found))


def _problem(fault: Fault, file: str) -> Problem:
    # The path contains names from the file: they may be of any length and hold any character.
    path = fault.path if len(fault.path) <= 60 and fault.path.isprintable() else printable(fault.path, 120)
    return Problem(file, fault.line, fault.column, path, fault.message, fault.advice, fault.fatal)


def quoted(text: str, most: int = 60) -> str:
    """Quotes text of a file in a message.

    >>> quoted("Norway")
    '“Norway”'
    """
    return f"“{printable(text, most)}”"


def printable(text: str, most: int = 60) -> str:
    """Text of a file on one line, at most ``most`` characters, without control characters."""
    shown = text[: most - 1] + "…" if len(text) > most else text
    return "".join(letter if letter.isprintable() else "·" for letter in shown)


def join_path(path: str, step: str | int) -> str:
    """Extends a path inside the data by one step.

    >>> join_path(join_path("attachments", 1), "title")
    'attachments[1].title'
    """
    if isinstance(step, int):
        return f"{path}[{step}]"
    return f"{path}.{step}" if path else step


def alternatives(words: Sequence[str], last: str = "or") -> str:
    """Lists words as alternatives.

    >>> alternatives(["CN", "MN", "JP"])
    'CN, MN or JP'
    """
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
