"""What can go wrong, in words a person can act on. Nothing here knows where problems come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Made = TypeVar("Made")


class FeedsError(Exception):
    """The root of every error this package raises on purpose; its text is fit to be shown to a person."""


@dataclass(frozen=True, slots=True)
class Success(Generic[Made]):
    """What some work came to."""

    value: Made


@dataclass(frozen=True, slots=True)
class Failure:
    """What some work raised instead."""

    error: BaseException

    @property
    def reason(self) -> str:
        """What went wrong in one line of at most 200 characters: for log files and for editors, not for readers."""
        text = " ".join(str(self.error).split())
        if isinstance(self.error, FeedsError):
            return text[:200]
        kind = type(self.error).__name__
        return f"{kind}: {text}"[:200] if text else kind

    @property
    def public(self) -> str:
        """The same for everybody to read: no path, nothing out of a file."""
        root = self.error
        while root.__cause__:
            root = root.__cause__
        if isinstance(root, OSError) and root.strerror:
            return root.strerror
        text = str(root).partition("\n")[0].rstrip(":")
        harmless = isinstance(root, FeedsError) or type(root).__module__ == "sqlite3"
        return text if harmless and text and "/" not in text else type(root).__name__


def attempt(work: Callable[[], Made]) -> Success[Made] | Failure:
    """Does the work and gives what it came to, or what it raised, foreseen or not.

    The one place that catches everything. It is for borders that one fault must not cross: around one release's file,
    around one turn of a background thread. An interruption by a person and the end of the program pass.

    >>> attempt(lambda: 1 // 0).reason
    'ZeroDivisionError: integer division or modulo by zero'
    """
    try:
        return Success(work())
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of a library in Rust is no Exception
        return Failure(error)


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
