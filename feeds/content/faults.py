"""A fault: something wrong at a place in one text, before anybody knows what the file is called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feeds.errors import Problem

MOST_FAULTS = 100
"""Faults reported of one file: a person mends these first, and a hostile file cannot make us talk for hours."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Where (line and column from 1, or 0 for the whole file), at which path inside the data, what, and what to do."""

    line: int
    column: int
    path: str
    message: str
    advice: str
    fatal: bool = True


def first_per_path(faults: Iterable[Fault]) -> list[Fault]:
    """The first fatal fault of each path: what was wrong in the text needs no second word by the model."""
    first: dict[tuple[str, bool, int], Fault] = {}
    for fault in faults:
        first.setdefault((fault.path, fault.fatal, 0 if fault.path else fault.line), fault)
    return list(first.values())


def as_problems(faults: Iterable[Fault], file: str) -> tuple[Problem, ...]:
    """The faults as problems of ``file``, each once, sorted, and no more than MOST_FAULTS."""
    found = sorted({_problem(fault, file) for fault in faults})
    if len(found) > MOST_FAULTS:
        more = f"{len(found) - MOST_FAULTS:,} more problems in this file"
        found[MOST_FAULTS:] = [Problem(file, 0, 0, "", more, "put these right first, then check again")]
    return tuple(sorted(found))


def _problem(fault: Fault, file: str) -> Problem:
    # Names of fields come from the file: they may be anything, and of any length.
    path = fault.path if len(fault.path) <= 60 and fault.path.isprintable() else printable(fault.path, 120)
    return Problem(file, fault.line, fault.column, path, fault.message, fault.advice, fault.fatal)


def quoted(text: str, most: int = 60) -> str:
    """Text of the file as a message quotes it.

    >>> quoted("Mongolia")
    '“Mongolia”'
    """
    return f"“{printable(text, most)}”"


def printable(text: str, most: int = 60) -> str:
    """Text on one line, of at most ``most`` characters, with nothing that moves a terminal's cursor."""
    shown = text[: most - 1] + "…" if len(text) > most else text
    return "".join(letter if letter.isprintable() else "·" for letter in shown)


def join_path(path: str, step: str | int) -> str:
    """A path one step further.

    >>> join_path(join_path("attachments", 1), "title")
    'attachments[1].title'
    """
    if isinstance(step, int):
        return f"{path}[{step}]"
    return f"{path}.{step}" if path else step


def alternatives(words: Sequence[str], last: str = "or") -> str:
    """Words as a person enumerates them.

    >>> alternatives(["CN", "MN", "JP"])
    'CN, MN or JP'
    """
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
