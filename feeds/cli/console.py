"""The consoles, settings and newsroom that the commands share.

Rich is imported only when something is printed with it: a command in a script may not need it.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from feeds import content
from feeds.catalogue import Catalogue, CatalogueFile, MediaLocation, Snapshot, catalogue_location, compile_folder
from feeds.cli.files import require_newsroom
from feeds.errors import FeedsError
from feeds.memory import exists, save_copy
from feeds.model.moments import MomentError, parse_local_moment
from feeds.model.problems import Problem
from feeds.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

Command = TypeVar("Command", bound=Callable[..., object])


@cache
def out() -> Console:
    """The console for what a command is asked for: standard output."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=True)


@cache
def err() -> Console:
    """The console for everything else, such as progress: standard error."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


def moment(text: str, settings: Settings) -> datetime:
    """Reads a time, in the newsroom's zone if it names none. Raises FeedsError that says what is wrong with it."""
    vocabulary, _ = content.read_newsroom(settings.data)
    return moment_in(text, vocabulary.newsroom.time_zone if vocabulary else UTC)


def moment_of(at: str | None, settings: Settings, zone: tzinfo | None = None) -> datetime:
    """The moment of ``--at``, with a reminder for editors; now if it is not given.

    ``zone`` is the newsroom's, where there is no folder to ask.
    """
    if at is None:
        return datetime.now(UTC)
    found = moment_in(at, zone) if zone else moment(at, settings)
    err().print(f"[bold red]PREVIEW[/] of {found.isoformat()}, for editors only: the newsroom as it will be")
    return found


def moment_in(text: str, zone: tzinfo) -> datetime:
    """Reads a time that somebody typed, in ``zone`` if it names none. Raises FeedsError."""
    try:
        return parse_local_moment(text, zone)
    except MomentError as error:
        raise FeedsError(f"--at: “{text}” is {error.message} ({error.advice})") from error


def settings_for(data: Path | None) -> Settings:
    """The settings from the environment, with the folder from the command line if there is one."""
    settings = Settings.from_environment(os.environ)
    return replace(settings, data=data) if data else settings


def tell(text: str) -> None:
    """Prints a sentence for people on standard error, as it is: brackets in it, as in a path, are no markup."""
    err().print(text, markup=False)


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Shows a progress bar in a terminal. Yields a function that takes the number of files done and of all."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=err(), transient=True
    )
    with bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def only_looked_at(settings: Settings) -> MediaLocation:
    """The place of media for a compile that serves nobody: files beside releases are looked at, not stored."""
    return MediaLocation(None, settings.media_megabytes * 1_000_000)


def copy_memory(settings: Settings, location: CatalogueFile) -> None:
    """Gives a temporary catalogue what readers have been shown, if this machine serves the newsroom.

    Says so if that cannot be read: what is printed is then as for a newsroom that nobody has seen.
    """
    served = catalogue_location(settings.data, settings.base_url, settings.state, database=settings.database).memory
    if exists(served):
        try:
            save_copy(served, location.memory)
        except FeedsError as error:
            tell(f"{error}: going on without what readers have been shown")


@contextmanager
def newsroom(settings: Settings) -> Iterator[Snapshot]:
    """Compiles the content folder into a temporary catalogue, and yields its snapshot.

    What this machine's readers have been shown counts, if it serves the newsroom, and stays as it is.
    """
    require_newsroom(settings.data)
    with tempfile.TemporaryDirectory(prefix="feeds-") as folder:
        location = CatalogueFile(Path(folder) / "catalogue.sqlite")
        copy_memory(settings, location)
        with progress("Reading") as report:
            compile_folder(
                settings.data, location, settings.base_url, now=datetime.now(UTC), media=only_looked_at(settings),
                progress=report,
            )  # fmt: skip
        with Catalogue(location.path).reading() as snapshot:
            yield snapshot


def counted(problems: Iterable[Problem]) -> str:
    """How many problems hold something back, and how many are warnings: ``1 problem, 2 warnings``."""
    numbers = Counter(problem.fatal for problem in problems)
    counts = [many(numbers[True], "problem") if numbers[True] else "no problems"]
    if numbers[False]:
        counts.append(many(numbers[False], "warning"))
    return ", ".join(counts)


def problem_counts(problems: Iterable[Problem]) -> dict[str, int]:
    """The same numbers for programs."""
    numbers = Counter(problem.fatal for problem in problems)
    return {"problems": numbers[True], "warnings": numbers[False]}


def problem_as_data(problem: Problem) -> dict[str, str | int | bool]:
    """A problem as a JSON object, for programs; line and column are 0 for a whole file."""
    fields = asdict(problem)
    return {"field" if name == "path" else name: value for name, value in fields.items()}


def many(count: int, noun: str, plural: str = "") -> str:
    """A number with its noun; ``plural`` is given where it is not made with an s: ``1 country``, ``2 countries``."""
    return f"{count} {noun}" if count == 1 else f"{count} {plural or f'{noun}s'}"
