"""One compile: finds what changed in the content folder, makes it anew, and commits it in one transaction.

Never more than one compiler at a time across processes; readers see the whole old or the whole new newsroom.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import feeds
from feeds import content
from feeds.catalogue import change_log, conflicts, memory, processes, write
from feeds.catalogue import problems as kept_problems
from feeds.catalogue.engine import CatalogueError, CatalogueFile, create, open_to_write, transaction
from feeds.catalogue.rows import Task
from feeds.catalogue.tables import generation, meta, set_meta, vocabulary_from_json, vocabulary_to_json
from feeds.content.terms import FILES
from feeds.errors import FeedsError, Problem, Success, attempt
from feeds.model.release import Facet
from feeds.model.vocabulary import Vocabulary

Sweep = Mapping[str, content.Signature]
"""Each release file's path and the signature its last change left."""

Progress = Callable[[int, int], None]
"""Told how many stories are done, and of how many."""

LARGE_LOSS = 10
"""Releases; when more than half of at least so many are gone at once, that is taken for an accident."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a compile did."""

    stories: int
    """How many were read again."""
    changed: bool
    """Whether anything was written: if not, every reader's answer still holds."""
    unread: bool = False
    """Whether the machine kept some file from being read: compile again after a while."""


def compile_folder(
    folder: Path,
    file: CatalogueFile,
    base_url: str,
    *,
    settled: Sweep | None = None,
    afresh: bool = False,
    now: datetime | None = None,
    processes: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Brings the catalogue up to date with the folder.

    ``settled`` names the files known to lie still, with their signatures; a file in any other state is left as it
    was last time. Without it, every file counts as it is now. ``afresh`` builds all of it again, for a file that
    turned out to be damaged. What was published by ``now`` is known to readers, and does not change its name or go
    unnoticed; without it nothing is taken to be known. Raises FeedsError when there is no newsroom to publish, now or
    from before.
    """
    try:
        with _the_only_compiler(file.lock):
            if not afresh:
                try:
                    with _closing(open_to_write(file.path)) as database:
                        return _Compile(folder, database, base_url, settled, now, processes, progress).run()
                except CatalogueError:
                    pass  # missing, damaged, or of another version
                except (sqlite3.Error, ValueError, KeyError) as error:
                    if _passes(error):
                        raise
            return _anew(folder, file, base_url, processes, progress)
    except (sqlite3.Error, OSError) as error:
        raise CatalogueError(f"{file.path}: {error}") from error


_PASSING = frozenset((
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN,
))  # fmt: skip


def _passes(error: Exception) -> bool:
    """Whether it says something of the machine, not of the catalogue: to build that again would not help."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF in _PASSING


@contextmanager
def _the_only_compiler(lock: Path) -> Iterator[None]:
    lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # somebody may have deleted the whole folder
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _closing(database: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    try:
        yield database
    finally:
        database.close()


def _anew(folder: Path, file: CatalogueFile, base_url: str, processes: int | None, progress: Progress | None) -> Report:
    """Builds beside the old file and takes its place in one step: no reader meets a half-built catalogue."""
    fresh = file.path.with_suffix(".new")
    _remove(fresh)
    try:
        with _closing(create(fresh)) as database:
            report = _Compile(folder, database, base_url, None, None, processes, progress).run()
    except FeedsError:
        _remove(fresh)
        raise
    # Closing the last connection has folded the write-ahead log into the file; the old file's log goes with it.
    for companion in _companions(file.path):
        companion.unlink(missing_ok=True)
    fresh.replace(file.path)
    return report


def _remove(path: Path) -> None:
    for each in (path, *_companions(path)):
        each.unlink(missing_ok=True)


def _companions(path: Path) -> tuple[Path, Path]:
    return path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")


class _Compile:
    """The state of one compile, from the sweep to the commit."""

    def __init__(
        self,
        folder: Path,
        database: sqlite3.Connection,
        base_url: str,
        settled: Sweep | None,
        now: datetime | None,
        processes: int | None,
        progress: Progress | None,
    ) -> None:
        self.folder = folder
        self.database = database
        self.base_url = base_url
        self.settled = settled
        self.now = now
        self.processes = processes if processes is not None else os.cpu_count() or 1
        self.progress = progress or (lambda done, total: None)

    def run(self) -> Report:
        vocabulary, problems = self._vocabulary()
        style = f"{feeds.__version__} {self.base_url} {vocabulary_to_json(vocabulary)}"
        known = write.known_files(self.database)
        listed = content.release_files(self.folder)
        sweep, refused = listed.files, listed.problems
        present = self._lying_still(sweep, known)
        present |= {path: mark for path, mark in known.items() if path not in sweep and listed.may_hold(path)}
        stories, orphans = _stories(self.folder, present)
        before = stories if present.keys() == known.keys() else _stories(self.folder, known)[0]
        problems = tuple(sorted((*problems, *refused, *orphans)))
        loss = _large_loss(before, stories)
        lost = {story: paths for story, paths in before.items() if story not in stories} if loss else {}
        if loss:
            problems = (*problems, loss)
            stories |= lost
            present |= {path: known[path] for paths in lost.values() for path in paths}
        moving = {path for path, mark in sweep.items() if path in known and mark not in (known[path], present[path])}
        restyled = meta(self.database, "style") != style
        altered = {path for path, mark in present.items() if known.get(path) != mark} | (known.keys() - present.keys())
        touched = sorted(
            story
            for story in {*stories, *before}
            if (restyled or not altered.isdisjoint((*stories.get(story, ()), *before.get(story, ()))))
            # What is being saved will be read when it lies still, whatever else has changed.
            and moving.isdisjoint(stories.get(story, ()))
        )
        unread = False
        changed = restyled or bool(touched) or problems != kept_problems.of_story(self.database, kept_problems.FOLDER)
        if changed:
            with transaction(self.database):
                self._stamp(style, vocabulary, restyled=restyled)
                seen = memory.seen_by(self.database, touched, self.now) if self.now else {}
                unread = self._replace(touched, stories, present, vocabulary, before, lost)
                kept_problems.replace(self.database, kept_problems.FOLDER, problems)
                conflicts.settle(self.database, self.folder.name)
                if self.now:
                    memory.note_vanished(self.database, seen, self.now)
                    kept_problems.replace(
                        self.database,
                        kept_problems.VANISHED,
                        memory.vanished_problems(self.database, self.folder.name),
                    )
        return Report(len(touched), changed, unread)

    def _stamp(self, style: str, vocabulary: Vocabulary, *, restyled: bool) -> None:
        """Says by which newsroom, and by which compile, the catalogue is made."""
        number = str(generation(self.database) + 1)
        set_meta(
            self.database,
            style=style,
            vocabulary=vocabulary_to_json(vocabulary),
            base_url=self.base_url,
            generation=number,
        )
        if restyled:
            change_log.note_everything(self.database)

    def _vocabulary(self) -> tuple[Vocabulary, tuple[Problem, ...]]:
        vocabulary, problems = self._read_newsroom()
        last_good = meta(self.database, "vocabulary")
        broken = vocabulary is None or any(problem.fatal for problem in problems)
        if broken and last_good:
            # A list of terms that cannot be read would hold back every release that names one.
            vocabulary = vocabulary_from_json(last_good)
        elif last_good:
            missing = _lost_terms(self.folder, vocabulary_from_json(last_good))
            vocabulary, problems = (
                (vocabulary_from_json(last_good), (*problems, *missing)) if missing else (vocabulary, problems)
            )
        if vocabulary is None:
            raise FeedsError("\n".join(["there is no newsroom to publish:", *(f"  {each}" for each in problems)]))
        return vocabulary, tuple(sorted(problems))

    def _read_newsroom(self) -> tuple[Vocabulary | None, tuple[Problem, ...]]:
        """The newsroom and its problems; what is raised is one of them. Raises OSError for the machine's troubles."""
        found = attempt(lambda: content.read_newsroom(self.folder))
        if isinstance(found, Success):
            return found.value
        if isinstance(found.error, OSError):
            raise found.error
        advice = "the program is at fault, not you: please report it, with the files in this folder"
        return None, (Problem(self.folder.name, 0, 0, "", f"cannot be read ({found.reason})", advice),)

    def _lying_still(self, sweep: Sweep, known: Sweep) -> dict[str, content.Signature]:
        """The files that count: what still moves is taken as it was last time, or not yet at all."""
        if self.settled is None:
            return dict(sweep)
        present = {path: mark for path, mark in sweep.items() if self.settled.get(path) == mark}
        present.update({path: known[path] for path in sweep if path not in present and path in known})
        present.update({path: known[path] for path in known if path not in sweep and path in self.settled})
        return present

    def _replace(
        self,
        touched: list[str],
        stories: Mapping[str, tuple[str, ...]],
        present: Sweep,
        vocabulary: Vocabulary,
        known: Container[str],
        lost: Container[str],
    ) -> bool:
        """Whether the machine kept some file from being read."""
        gone = [story for story in touched if story not in stories]
        # Only a file that has just come, one not `known`, can be where another one went.
        orphans = memory.vanished_models(self.database)
        orphans += tuple(model for story in gone for model in write.models(self.database, story))
        tasks = [
            Task(
                story,
                () if story in lost else stories[story],
                write.models(self.database, story),
                self.now,
                () if story in known else orphans,
            )
            for story in touched
            if story in stories
        ]
        for story in gone:
            write.remove_story(self.database, story)
        unread = False
        made = processes.made(tasks, self.folder, vocabulary_to_json(vocabulary), self.base_url, self.processes)
        for done, rows in enumerate(made, 1):
            files = [(path, present[path]) for path in stories[rows.story]]
            write.replace_story(self.database, rows, files)
            unread |= rows.unread
            self.progress(done, len(tasks))
        return unread


def _stories(folder: Path, paths: Iterable[str]) -> tuple[dict[str, tuple[str, ...]], tuple[Problem, ...]]:
    """The files of each story by its original, the original first; and what belongs to none."""
    found, problems = content.stories(folder, paths)
    return {original: (original, *translations) for original, translations in found.items()}, problems


def _large_loss(before: Mapping[str, object], stories: Mapping[str, object]) -> Problem | None:
    # What came at the same time was most likely moved there.
    lost = sum(story not in stories for story in before) - sum(story not in before for story in stories)
    if len(before) < LARGE_LOSS or lost * 2 <= len(before):
        return None
    message = f"{lost} of {len(before)} release files are gone at once: they are still published as they last were"
    return Problem("releases", 0, 0, "", message, "bring the files back; or, if they are meant to go, "
                   "delete the catalogue and start again")  # fmt: skip


def _lost_terms(folder: Path, last: Vocabulary) -> tuple[Problem, ...]:
    """The files of terms that were there and are not: without them every release that names a term would be wrong."""
    message = "there is no such file: its terms are used as they last were"
    advice = "bring it back; or, if it is meant to go, delete the catalogue and start again"
    return tuple(
        Problem(f"{folder.name}/{file}", 0, 0, "", message, advice)
        for facet, file in FILES.items()
        if facet is not Facet.GENRE and last.terms.get(facet) and not (folder / file).exists()
    )
