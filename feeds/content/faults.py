"""A fault: something wrong at a place in one text, before anybody knows what the file is called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feeds.errors import Problem

MOST = 100
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


def unique(faults: Iterable[Fault]) -> list[Fault]:
    """The first fatal fault of each path: what was wrong in the text needs no second word by the model."""
    first: dict[tuple[str, bool, int], Fault] = {}
    for fault in faults:
        first.setdefault((fault.path, fault.fatal, 0 if fault.path else fault.line), fault)
    return list(first.values())


def problems(faults: Iterable[Fault], file: str) -> tuple[Problem, ...]:
    """The faults as problems of ``file``, each once, sorted, and no more than MOST."""
    found = sorted({_problem(fault, file) for fault in faults})
    if len(found) > MOST:
        more = f"{len(found) - MOST:,} more problems in this file"
        found[MOST:] = [Problem(file, 0, 0, "", more, "put these right first, then check again")]
    return tuple(sorted(found))


def _problem(fault: Fault, file: str) -> Problem:
    # Names of fields come from the file: they may be anything, and of any length.
    path = fault.path if len(fault.path) <= 60 and fault.path.isprintable() else clipped(fault.path, 120)[1:-1]
    return Problem(file, fault.line, fault.column, path, fault.message, fault.advice, fault.fatal)


def clipped(text: str, most: int = 60) -> str:
    """Text of the file as a message may quote it: one line, short, nothing that moves a terminal's cursor.

    >>> clipped("Mongolia")
    '“Mongolia”'
    """
    shown = text[: most - 1] + "…" if len(text) > most else text
    return f"“{''.join(letter if letter.isprintable() else '·' for letter in shown)}”"


def joined(path: str, step: str | int) -> str:
    """A path one step further.

    >>> joined(joined("attachments", 1), "title")
    'attachments[1].title'
    """
    if isinstance(step, int):
        return f"{path}[{step}]"
    return f"{path}.{step}" if path else step


def listed(words: Sequence[str], last: str = "or") -> str:
    """Words as a person enumerates them.

    >>> listed(["CN", "MN", "JP"])
    'CN, MN or JP'
    """
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
