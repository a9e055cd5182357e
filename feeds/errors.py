"""What can go wrong, in words a person can act on. Nothing here knows where problems come from."""

from __future__ import annotations

from dataclasses import dataclass


class FeedsError(Exception):
    """The root of every error this package raises on purpose; its text is fit to be shown to a person."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in the content folder: where, what, and what to do.

    Sorts by file, line and column. ``line`` and ``column`` count from 1; 0 means the file as a whole.

    >>> print(Problem("releases/2021/dam.yaml", 7, 14, "countries[1]", "no such country “Mongolia”",
    ...               "did you mean MN?"))
    releases/2021/dam.yaml:7:14: countries[1]: no such country “Mongolia” (did you mean MN?)
    """

    file: str
    line: int
    column: int
    path: str
    message: str
    advice: str
    fatal: bool = True
    """Whether the release is held back: False for what a reader is still better off having."""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{where}: {f'{self.path}: ' if self.path else ''}{self.message} ({self.advice})"
