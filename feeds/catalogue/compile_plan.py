"""What a compile has to do: which stories to read again, which to remove, and what is wrong with the folder as a whole.

Pure: what the catalogue knows and what lies in the folder go in, a plan comes out. A story is an original with its
translations, named by the path of the original.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from feeds import content
from feeds.content import Scope, Settled, Signature, Signatures
from feeds.model.problems import Problem

LARGE_LOSS = 10
"""Releases; when more than half of at least so many are gone at once, that is taken for an accident."""

ABSENT: Signature = (-1, 0, 0, 0)
"""Where a file was looked for and not found."""

Beside: TypeAlias = tuple[tuple[str, Signature], ...]
"""Places where files beside a story were looked for, and the signatures of what was there."""

Files: TypeAlias = tuple[tuple[str, Signature], ...]
"""The files of a story with their signatures, the original first."""


@dataclass(frozen=True, slots=True)
class LastCompile:
    """What the catalogue has of the folder."""

    files: Signatures
    """Every file that was read, with the signature it had."""
    problems: tuple[Problem, ...] = ()
    """Of the folder as a whole, sorted."""
    beside: Mapping[str, Signatures] = field(default_factory=dict)
    """By story: where files beside it were looked for, with their signatures; `ABSENT` where there was none."""
    lacking: frozenset[str] = frozenset()
    """Stories of which a file that readers can ask for has to be stored again."""
    stories: int = 0
    """How many stories there are, also outside a scope of these files; counted until no loss of these can be large."""


@dataclass(frozen=True, slots=True)
class FolderState:
    """What lies in the content folder now."""

    folder: Path
    files: Signatures
    closed: tuple[str, ...] = ()
    """Paths of folders that could not be opened: nobody knows what is in them."""
    settled: Settled | None = None
    """The files that lie still, with their signatures; None if every file counts as it is."""
    problems: tuple[Problem, ...] = ()
    """Of the newsroom's own files, and of what else lies in the folder."""
    media: Signatures = field(default_factory=dict)
    """The files that are no releases: pictures and documents."""
    restyled: bool = False
    """Whether the newsroom, its terms, the base address or the program have changed."""
    scope: Scope | None = None
    """Which part of the folder this is; None for all of it."""
    stale: frozenset[str] | None = None
    """The stories that have to be rendered again if it is ``restyled``; None for all."""

    def is_stale(self, story: str) -> bool:
        """Whether a story has to be rendered again, although its files are the same."""
        return self.restyled and (self.stale is None or story in self.stale)


@dataclass(frozen=True, slots=True)
class StoryPlan:
    """A story to be read again."""

    story: str
    files: Files
    """With the signatures to be known from now on."""
    lost: bool = False
    """Whether its files are gone by accident: nothing can be read, and its releases stay as they last were."""
    new: bool = False
    """Whether it was not there before: it may be where the file of another story has gone."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a compile has to do."""

    read: tuple[StoryPlan, ...]
    """Sorted by story."""
    remove: tuple[str, ...]
    """Stories that are gone, sorted."""
    problems: tuple[Problem, ...]
    """Of the folder as a whole, sorted."""
    changed: bool
    """Whether there is anything to write: if not, what readers get stays as it is."""

    @property
    def stories(self) -> tuple[str, ...]:
        """All stories that may change, sorted."""
        return tuple(sorted((*self.remove, *(each.story for each in self.read))))


def plan(known: LastCompile, found: FolderState) -> Plan:
    """Compares what the catalogue has with what lies in the folder.

    A file that is just being saved keeps its story from being read, whatever else has changed. Nothing is removed
    because a folder cannot be opened, or because most releases are gone at once.
    """
    files = _counted(known.files, found)
    now, orphans = _stories(found.folder, files)
    before = now if files == known.files else _stories(found.folder, known.files)[0]
    loss = _large_loss(before, now, max(known.stories, len(before)))
    lost = {story: before[story] for story in before if story not in now} if loss else {}
    now |= lost
    saving = {path for path, mark in found.files.items() if path in known.files and mark != files[path]}
    moved, moving = _changes_beside(known.beside, found)
    again = {*moved, *known.lacking}
    changed = [
        story
        for story in sorted({*now, *before})
        if (found.is_stale(story) or now.get(story) != before.get(story) or (story in again and story in now))
        and story not in moving
        and saving.isdisjoint(path for path, _ in now.get(story, ()))
    ]
    problems = tuple(sorted((*found.problems, *orphans, *loss)))
    return Plan(
        tuple(StoryPlan(story, now[story], story in lost, story not in before) for story in changed if story in now),
        tuple(story for story in changed if story not in now),
        problems,
        found.restyled or bool(changed) or problems != known.problems,
    )


def _counted(known: Signatures, found: FolderState) -> Signatures:
    """The files that count, with their signatures: that of last time if a file is being saved or cannot be seen."""
    if found.settled is None:
        counted = dict(found.files)
    else:
        counted = {path: mark for path, mark in found.files.items() if found.settled.get(path) == mark}
        # A file that is settled but is no longer there is about to be replaced.
        counted |= {p: known[p] for p in known if p not in counted and (p in found.files or p in found.settled)}
    hidden = (p for p in known if p not in counted and any(p.startswith(f"{closed}/") for closed in found.closed))
    return counted | {path: known[path] for path in hidden}


def _changes_beside(known: Mapping[str, Signatures], found: FolderState) -> tuple[set[str], set[str]]:
    """The stories with a file beside them that has changed, come or gone; and those with one that is being saved."""
    moved: set[str] = set()
    moving: set[str] = set()
    for story, places in known.items():
        for path, mark in places.items():
            if found.scope and not found.scope.covers(path):
                continue
            now = found.media.get(path, ABSENT)
            if now != mark and not (now == ABSENT and any(path.startswith(f"{each}/") for each in found.closed)):
                still = now == ABSENT or found.settled is None or found.settled.get(path) == now
                (moved if still else moving).add(story)
    return moved, moving


def _stories(folder: Path, files: Signatures) -> tuple[dict[str, Files], tuple[Problem, ...]]:
    """The files of each story, and the problems with translations that have no original."""
    found, problems = content.stories(folder, files)
    stories = {
        original: tuple((path, files[path]) for path in (original, *translations))
        for original, translations in found.items()
    }
    return stories, problems


def _large_loss(before: Mapping[str, Files], now: Mapping[str, Files], total: int) -> tuple[Problem, ...]:
    """The problem that most of the ``total`` stories are gone at once, if they are."""
    # What came at the same time was most likely moved there.
    lost = sum(story not in now for story in before) - sum(story not in before for story in now)
    if total < LARGE_LOSS or lost * 2 <= total:
        return ()
    message = "more than half of the release files are gone at once: they are still published as they last were"
    advice = "bring the files back; or, if they are meant to go, delete the catalogue and start again"
    return (Problem("releases", 0, 0, "", message, advice),)
