"""A problem in the content folder, as editors are told of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong in the content folder: where, what, and what to do.

    Sorts by file, line and column. These count from 1; 0 is the whole file.

    >>> print(Problem("releases/2021/dam.yaml", 7, 14, "countries[1]", "no such country “Norway”",
    ...               "did you mean NO?"))
    releases/2021/dam.yaml:7:14: countries[1]: no such country “Norway” (did you mean NO?)
    """

    file: str
    line: int
    column: int
    path: str
    message: str
    advice: str
    fatal: bool = True
    """Whether it holds the release back. False for a warning: readers are better off with the release as it is."""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        kind = "" if self.fatal else "warning: "
        return f"{where}: {kind}{f'{self.path}: ' if self.path else ''}{self.message} ({self.advice})"
