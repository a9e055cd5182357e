"""Defines the base of all errors, and catches whatever is raised where one error must not stop the rest."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Result = TypeVar("Result")


class FeedsError(Exception):
    """The base class of this package's own errors. Their text can be shown to users."""

    told_to_all = ""
    """A text for everybody, in place of the error's own; empty if that is safe to show."""


@dataclass(frozen=True, slots=True)
class Success(Generic[Result]):
    """The result of `attempt`."""

    value: Result


@dataclass(frozen=True, slots=True)
class Failure:
    """The error caught by `attempt`."""

    error: BaseException

    @property
    def reason(self) -> str:
        """The error in one line of at most 200 characters, for editors."""
        text = " ".join(str(self.error).split())
        if isinstance(self.error, FeedsError):
            return text[:200]
        kind = type(self.error).__name__
        return f"{kind}: {text}"[:200] if text else kind

    @property
    def logged(self) -> str:
        """The error for the server's log, which others read too: our own errors as they are, all others as `public`."""
        return self.reason if isinstance(self.error, FeedsError) else self.public

    @property
    def frames(self) -> str:
        """Where in the program an unforeseen error was raised, as lines for the log; empty if it was foreseen."""
        if isinstance(self.error, FeedsError | OSError):
            return ""
        return "\n" + "".join(traceback.format_tb(self.error.__traceback__)).rstrip()

    @property
    def public(self) -> str:
        """The error in a few words for everybody: without paths and without text from files."""
        root = self.error
        while root.__cause__:
            root = root.__cause__
        if isinstance(root, OSError) and root.strerror:
            return root.strerror
        text = str(root).partition("\n")[0].rstrip(":")
        if isinstance(root, FeedsError) and root.told_to_all:
            return root.told_to_all
        harmless = isinstance(root, FeedsError) or type(root).__module__ == "sqlite3"
        return text if harmless and text and "/" not in text.replace("I/O", "") else type(root).__name__


def attempt(work: Callable[[], Result]) -> Success[Result] | Failure:
    """Calls ``work``, and returns its result or whatever error it raised.

    The only place that catches every error. Use it where one error must not stop the rest: around the files of one
    release, around the work of a background thread. KeyboardInterrupt and SystemExit are raised as usual.

    >>> attempt(lambda: 1 // 0).reason
    'ZeroDivisionError: integer division or modulo by zero'
    """
    try:
        return Success(work())
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of a library in Rust is no Exception
        return Failure(error)
