"""The commands `feeds withdraw` and `feeds correct`, which write into a release's file what readers are to be told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from feeds import content
from feeds.cli import console
from feeds.cli.files import release_file, vocabulary_of
from feeds.errors import FeedsError
from feeds.model.moments import in_zone
from feeds.model.problems import Problem
from feeds.model.release import Release
from feeds.model.vocabulary import Vocabulary


def withdraw(
    data: Path | None, file: str, reason: str, replacement: str | None, at: str | None, slug: str | None
) -> None:
    """Writes a withdrawal into a file."""
    _change(data, file, at, slug, lambda raw, moment: content.with_withdrawal(raw, moment, reason, replacement, slug))


def correct(data: Path | None, file: str, note: str, at: str | None, slug: str | None, *, minor: bool) -> None:
    """Writes a correction into a file."""
    _change(data, file, at, slug, lambda raw, moment: content.with_correction(raw, moment, note, slug, major=not minor))


def _change(
    data: Path | None, named: str, at: str | None, slug: str | None, changed: Callable[[bytes, datetime], bytes]
) -> None:
    """Writes a file anew with what a command adds, if the newsroom can read it then."""
    folder = console.settings_for(data).data
    vocabulary = vocabulary_of(folder)
    file = release_file(folder, named)
    now = in_zone(datetime.now(UTC), vocabulary.newsroom.time_zone).replace(microsecond=0)
    moment = now if at is None else console.moment_in(at, vocabulary.newsroom.time_zone)
    raw = content.read_bytes(folder, file)
    if isinstance(raw, Problem):
        raise FeedsError(str(raw))
    before, problems = _read(folder, file, raw, vocabulary)
    if fatal := next((problem for problem in problems if problem.fatal), None):
        raise FeedsError(f"{fatal}\nput this right first")
    release = next(each for each in before if slug in (None, each.slug))
    if not at and (release.draft or release.appears > now):
        raise FeedsError(f"{folder / file} is not published yet: change its text, or delete the file")
    if release.withdrawn:
        raise FeedsError(f"{folder / file} is withdrawn: readers see its notice instead")
    try:
        text = changed(raw, moment)
    except FeedsError as error:
        raise FeedsError(f"{folder / file}: {error}") from error
    _, problems = _read(folder, file, text, vocabulary)
    if fatal := next((problem for problem in problems if problem.fatal), None):
        raise FeedsError(f"nothing is written: {fatal.path}: {fatal.message} ({fatal.advice})")
    try:
        content.replace_file(folder / file, text)
    except OSError as error:
        raise FeedsError(f"{folder / file}: cannot be written ({error.strerror})") from error
    console.out().print(str(folder / file), markup=False)


def _read(
    folder: Path, file: str, raw: bytes, vocabulary: Vocabulary
) -> tuple[tuple[Release, ...], tuple[Problem, ...]]:
    """The releases in the bytes of a file, and its problems; a translation is read with its original."""
    source = content.SourceFile(f"{folder.name}/{file}", raw)
    name = content.FileName.of(file)
    if name is None or name.language is None:
        return content.read_story(source, (), vocabulary)
    original = f"{file.rpartition('/')[0]}/{f'{name.date}-' if name.date else ''}{name.slug}.yaml"
    its_raw = content.read_bytes(folder, original)
    if isinstance(its_raw, Problem):
        raise FeedsError(str(its_raw))
    first = content.SourceFile(f"{folder.name}/{original}", its_raw)
    releases, problems = content.read_story(first, (source,), vocabulary)
    return releases[1:], tuple(problem for problem in problems if problem.file == source.file)
