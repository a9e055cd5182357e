"""The files of a content folder: which there are, what their names mean, and their bytes. Nothing here knows YAML."""

from __future__ import annotations

import errno
import os
import re
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Protocol, TypeAlias

from feeds.content.compile_scope import Scope, folders_above
from feeds.content.faults import printable
from feeds.content.text_checks import SIZE, TOO_LARGE, size_fault
from feeds.model.problems import Problem

Signature: TypeAlias = tuple[int, int, int, int]
"""Size, mtime and ctime in nanoseconds, inode: an unchanged file has the same four."""

Signatures: TypeAlias = Mapping[str, Signature]
"""By path in the content folder, the signatures of files."""


class Settled(Protocol):
    """The files that lie still, which nobody is writing, with their signatures. A dictionary by path is one too."""

    def get(self, path: str, /) -> Signature | None:
        """The signature of a file; None if it does not lie still."""

    def __contains__(self, path: object, /) -> bool:
        """Whether a file lies still."""


RELEASES = "releases"
LEVELS = 8
"""Folders inside one another."""

_DATE_WITH_A_SLIP = re.compile(r"((?:19|20)\d\d)(?:-(\d{1,2})-(\d{1,2})|(\d\d)(\d\d))-", re.ASCII)
_NAME = re.compile(
    r"(?:(?P<date>\d{4}-\d\d-\d\d)-)?(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)"
    r"(?:\.(?P<language>[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,4}){0,2}))?\.yaml",
    re.ASCII,
)
_IGNORED = re.compile(r"\..*|#.*#|.*(?:~|Thumbs\.db|desktop\.ini|\.swp|\.swo|\.bak|\.tmp|\.orig)", re.DOTALL)
_SIGNED = 2**63 - 1  # some inode numbers, and times after the year 2262, are larger than SQLite's integers
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


_OF_THE_FILE = frozenset((
    errno.EACCES, errno.EPERM, errno.ELOOP, errno.ENOTDIR, errno.ENOENT, errno.EISDIR, errno.ENXIO, errno.ENAMETOOLONG,
))  # fmt: skip
"""Errors of one file or folder. All others are the machine's, such as too many open files, and may pass."""


class FileName(NamedTuple):
    """The parts of a release file's name: ``2021-06-24-score-conference.zh-Hans.yaml``."""

    date: str | None
    slug: str
    language: str | None

    @classmethod
    def of(cls, path: str) -> FileName | None:
        """Parses the last part of ``path``; None if it is no name for a release file."""
        found = _NAME.fullmatch(path.rpartition("/")[2])
        return cls(*found.groups()) if found else None


class FolderListing(NamedTuple):
    """The release files of a content folder."""

    files: dict[str, Signature]
    """Every release file by its path in the folder, sorted."""
    problems: tuple[Problem, ...]
    """What is wrong with its files and folders, such as with a name."""
    media: dict[str, Signature]
    """Every other file, by its path: a picture or document that a release may name."""
    closed: tuple[str, ...]
    """Paths of folders that could not be opened: what is in them is unknown."""

    def may_hold(self, path: str) -> bool:
        """Whether a file may exist although it was not found: it would be in a folder that could not be opened."""
        return any(path.startswith(f"{folder}/") for folder in self.closed)


def release_files(folder: Path, scope: Scope | None = None) -> FolderListing:
    """Lists the release files below ``folder/releases``, or only those in a scope.

    Opens no file and follows no link. Hidden files and editors' backups are ignored. Raises OSError for errors of the
    machine, such as too many open files.
    """
    found: dict[str, Signature] = {}
    media: dict[str, Signature] = {}
    problems: list[Problem] = []
    closed: list[str] = []
    for each in folder_listings(folder, scope):
        found |= each.files
        media |= each.media
        problems += each.problems
        closed += each.closed
    return FolderListing(dict(sorted(found.items())), tuple(sorted(problems)), media, tuple(closed))


def folder_listings(folder: Path, scope: Scope | None = None) -> Iterator[FolderListing]:
    """Yields what `release_files` lists, in no order: each folder by itself, so that one at a time has to be held."""
    waiting = [RELEASES] if scope is None else sorted(_folders_in(folder, scope))
    visited: set[str] = set()
    while waiting:
        path = waiting.pop()
        if path in visited:
            continue
        if scope:  # else the walk comes to each folder once
            visited.add(path)
        found: dict[str, Signature] = {}
        media: dict[str, Signature] = {}
        problems: list[Problem] = []
        closed: list[str] = []
        try:
            with os.scandir(folder / path) as entries:
                inner = _scan(folder, path, entries, found, media, problems)
                waiting += [each for each in inner if scope is None or scope.is_inside_a_tree(each)]
        except NotADirectoryError:
            problems.append(_problem(folder, path, "is a file", "put a folder of that name in its place"))
        except FileNotFoundError:
            if path == RELEASES:
                problems.append(
                    _problem(folder, path, "there is no such folder", "make it, and put the releases there")
                )
        except OSError as error:
            if error.errno not in _OF_THE_FILE:
                raise
            closed.append(path)
            problems.append(_problem(folder, path, f"cannot be opened: {error.strerror}", "look at its permissions"))
        yield FolderListing(found, tuple(problems), media, tuple(closed))


def _folders_in(folder: Path, scope: Scope) -> set[str]:
    """The folders of a scope that a walk from the top would come to."""
    return {path for path in scope.folders | scope.trees if _is_reached(folder, path)}


def _is_reached(folder: Path, path: str) -> bool:
    """Whether a path is a folder that a walk reaches: through no link and no ignored folder, and not too deep."""
    try:
        return path.count("/") <= LEVELS and all(
            stat.S_ISDIR((folder / each).lstat().st_mode) and not _IGNORED.fullmatch(each.rpartition("/")[2])
            for each in folders_above(path)
        )
    except OSError:
        return False


def _scan(
    folder: Path,
    path: str,
    entries: Iterable[os.DirEntry[str]],
    found: dict[str, Signature],
    media: dict[str, Signature],
    problems: list[Problem],
) -> Iterator[str]:
    """Adds each file of one folder to ``found``, ``media`` or ``problems``; yields the folders in it."""
    for entry in entries:
        name = entry.name
        inner = f"{path}/{name}"
        if entry.is_file(follow_symlinks=False):
            match = _NAME.fullmatch(name)
            if match is None or not (match["date"] is None or _is_date(match["date"])):
                _take_other(folder, inner, entry, media, problems)
                continue
            try:
                now = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            found[inner] = signature(now)
            if match["date"] is None and (slip := _DATE_WITH_A_SLIP.match(name)):
                problems.append(replace(_problem(folder, inner, *_slip_in_date(slip)), fatal=False))
        elif _IGNORED.fullmatch(name):
            continue
        elif not entry.is_dir(follow_symlinks=False):
            what = "is a link" if entry.is_symlink() else "is no ordinary file"
            problems.append(_problem(folder, inner, what, "put the file itself in its place"))
        elif inner.count("/") > LEVELS:
            problems.append(_problem(folder, inner, "too many folders inside one another", "move its files up"))
        else:
            yield inner


def _take_other(
    folder: Path, path: str, entry: os.DirEntry[str], media: dict[str, Signature], problems: list[Problem]
) -> None:
    """Adds a file that is no release to ``media``, or to ``problems`` if it was meant to be one."""
    if _IGNORED.fullmatch(entry.name):
        return
    if entry.name.lower().endswith((".yaml", ".yml")):
        problems.append(_problem(folder, path, *_misnamed(entry.name)))
        return
    with suppress(FileNotFoundError):
        media[path] = signature(entry.stat(follow_symlinks=False))


def is_ignored(name: str) -> bool:
    """Whether a file is hidden or an editor's backup, by its name."""
    return bool(_IGNORED.fullmatch(name))


@lru_cache(maxsize=1_000)
def _is_date(text: str) -> bool:
    """Whether a text is a date that exists. Kept, since releases share their dates with others."""
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _slip_in_date(found: re.Match[str]) -> tuple[str, str]:
    year, month, day = filter(None, found.groups())
    advice = f"begin it with {year}-{month:0>2}-{day:0>2}-, before readers see the release at this address"
    return f"“{found[0].rstrip('-')}” is taken for a part of its address, not for a date", advice


def signature(now: os.stat_result) -> Signature:
    """What tells whether a file has changed."""
    return now.st_size, now.st_mtime_ns & _SIGNED, now.st_ctime_ns & _SIGNED, now.st_ino & _SIGNED


def _misnamed(name: str) -> tuple[str, str]:
    stem, _, suffix = name.rpartition(".")
    if suffix != "yaml":
        return "the name does not end in .yaml", f"call it {printable(stem)}.yaml"
    if _NAME.fullmatch(name):
        return "the date in its name does not exist", "begin the name with the date of publication, as in 2021-06-24-"
    return (
        "a file of releases cannot have this name",
        "call it as in 2021-06-24-score-conference.yaml: small letters, digits, hyphens",
    )


def stories(folder: Path, paths: Iterable[str]) -> tuple[dict[str, tuple[str, ...]], tuple[Problem, ...]]:
    """Groups files by story: each original with its translations, sorted. A translation alone is a problem.

    >>> stories(Path("data"), ["a/x.yaml", "a/x.mn.yaml"])
    ({'a/x.yaml': ('a/x.mn.yaml',)}, ())
    """
    originals: dict[str, list[str]] = {}
    translations: list[tuple[str, str]] = []
    for path in sorted(paths):
        stem = path.removesuffix(".yaml")
        if "." in stem.rpartition("/")[2]:
            translations.append((path, f"{stem.rpartition('.')[0]}.yaml"))
        else:
            originals[path] = []
    problems = []
    for path, original in translations:
        if original in originals:
            originals[original].append(path)
        else:
            message = f"a translation without its original, {original.rpartition('/')[2]}"
            advice = "take the language out of its name and write “language: …” in it"
            problems.append(_problem(folder, path, message, advice))
    return {path: tuple(beside) for path, beside in originals.items()}, tuple(problems)


def media_paths(original: str, name: str) -> tuple[str, str]:
    """Where a file that a release names may lie: in the folder named like the release, or beside the release.

    >>> media_paths("releases/2021/2021-06-24-dam.yaml", "photo.jpg")
    ('releases/2021/2021-06-24-dam/photo.jpg', 'releases/2021/photo.jpg')
    """
    folder, _, file = original.rpartition("/")
    return f"{original.removesuffix('.yaml')}/{name}", f"{folder}/{name}" if file else name


def read_bytes(folder: Path, path: str, if_too_large: str = TOO_LARGE) -> bytes | Problem:
    """Reads one regular file in the folder, or says why it cannot be read. Reads at most one byte more than SIZE.

    ``if_too_large`` says what to do with a larger one. Raises OSError for errors of the machine, such as too many open
    files.
    """
    descriptor = open_file(folder, path)
    if isinstance(descriptor, Problem):
        return descriptor
    with os.fdopen(descriptor, "rb") as file:
        if fault := size_fault(os.fstat(descriptor).st_size, if_too_large):
            return _problem(folder, path, fault.message, fault.advice)
        # One byte too many: if the file has just grown, the check of the text finds it.
        return file.read(SIZE + 1)


def open_file(folder: Path, path: str) -> int | Problem:
    """Opens one regular file in the folder for reading, or says why it cannot be opened. The caller closes it.

    Never leaves the folder, follows no link inside it, never waits for a pipe. Raises OSError for errors of the
    machine, such as too many open files.
    """
    try:
        descriptor = _open_beneath(folder, path)
    except (OSError, ValueError) as error:
        code = error.errno if isinstance(error, OSError) else None
        if code in (errno.ELOOP, errno.ENOTDIR):
            return _problem(folder, path, "is a link or leads through one", "put the file itself in its place")
        if code == errno.ENOENT:
            return _problem(folder, path, "there is no such file", "look at its name")
        if isinstance(error, OSError) and code not in _OF_THE_FILE:
            raise
        reason = error.strerror if isinstance(error, OSError) else "its name is impossible"
        return _problem(folder, path, f"cannot be opened: {reason}", "look at its permissions")
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return _problem(folder, path, "is no ordinary file", "put a file in its place")
    return descriptor


def _open_beneath(folder: Path, path: str) -> int:
    """Opens the file folder by folder, so that no link is followed on the way."""
    *steps, last = path.split("/")
    if any(step in ("", ".", "..") for step in (*steps, last)):
        raise ValueError(path)
    inside = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for step in steps:
            further = os.open(step, _OPEN | os.O_DIRECTORY, dir_fd=inside)
            os.close(inside)
            inside = further
        return os.open(last, _OPEN, dir_fd=inside)
    finally:
        os.close(inside)


def replace_file(path: Path, raw: bytes) -> None:
    """Replaces the content of a file in one step, and keeps its permissions: a reader sees the old file or the new one.

    Raises OSError if it cannot be written; then it is as it was.
    """
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        beside = Path(file.name)
        try:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
            beside.chmod(stat.S_IMODE(path.stat().st_mode))
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)


def printable_path(folder: Path, path: str) -> str:
    """The name of a file in problems: ``data/releases/2021/2021-06-24-score.yaml``."""
    # A name that is not UTF-8 contains lone surrogates, which cannot be printed.
    return printable(f"{folder.name}/{path}".encode("utf-8", "backslashreplace").decode(), 400)


def _problem(folder: Path, path: str, message: str, advice: str) -> Problem:
    return Problem(printable_path(folder, path), 0, 0, "", message, advice)
