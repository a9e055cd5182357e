"""Where the content folder differs from what the catalogue knows of it, found in next to no memory.

Files are compared part by part: what lies directly in the folder of releases is one part, each folder in it another,
most often a year. Of a part only a sum of hashes is held, not its files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from feeds import content
from feeds.catalogue import problem_rows
from feeds.catalogue.compile_plan import ABSENT
from feeds.catalogue.last_compile import each_beside, each_file
from feeds.content import RELEASES, Scope
from feeds.database import Database, transaction
from feeds.model.problems import Problem


@dataclass(frozen=True, slots=True)
class Differences:
    """The parts of a content folder that differ."""

    scope: Scope
    problems: tuple[Problem, ...]
    """What lies anywhere in the folder of releases that is no release file, sorted."""
    closed: tuple[str, ...]
    """Paths of all folders that could not be opened."""


def differences(database: Database, folder: Path, again: Collection[str]) -> Differences:
    """Compares the whole folder with the catalogue. The stories to be read ``again`` count as differing.

    Raises OSError for errors of the machine.
    """
    unnamed = frozenset(each.file for each in problem_rows.of_story(database, problem_rows.UNNAMED))
    known = _known(database)
    for name in unnamed:
        known.sums[_part(name.removeprefix(f"{folder.name}/"))] += hash(name)
    wrong: list[Problem] = []
    closed: list[str] = []
    for listing in content.folder_listings(folder):
        if listing.files:  # of one folder
            lies_in = next(iter(listing.files)).rpartition("/")[0]
            marks = (hash((lies_in, path, *mark)) for path, mark in listing.files.items())
            known.sums[_part(f"{lies_in}/")] -= sum(marks)
        for path, mark in listing.media.items():
            name = content.printable_path(folder, path) if unnamed else ""
            known.sums[_part(path)] -= hash(name if name in unnamed else (path, mark))
        wrong += listing.problems
        closed += listing.closed
    differing = {part for part, left in known.sums.items() if left} | known.doubtful | set(map(_part, again))
    differing |= {stories for part, stories in known.elsewhere if part in differing}
    scope = Scope(frozenset(differing & {RELEASES}), frozenset(differing - {RELEASES}))
    return Differences(scope, tuple(sorted(wrong)), tuple(closed))


@dataclass(frozen=True, slots=True)
class _Known:
    """What the catalogue knows of the parts."""

    sums: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    """By part: the sum of the hashes of its files."""
    doubtful: set[str] = field(default_factory=set)
    """Parts with a file for which two stories have different signatures."""
    elsewhere: set[tuple[str, str]] = field(default_factory=set)
    """Pairs of a part with files of stories that lie in another part, and that other part."""


def _known(database: Database) -> _Known:
    known = _Known()
    with transaction(database):
        for lies_in, files in groupby(each_file(database), itemgetter(0)):
            known.sums[_part(f"{lies_in}/")] += sum(map(hash, files))
        for path, rows in groupby(each_beside(database), itemgetter(1)):
            part = _part(path)
            marks = set()
            for story, _, mark in rows:
                marks.add(mark)
                if _part(story) != part:
                    known.elsewhere.add((part, _part(story)))
            known.sums[part] += sum(hash((path, mark)) for mark in marks if mark != ABSENT)
            if len(marks) > 1:
                known.doubtful.add(part)
    return known


def _part(path: str) -> str:
    """The part of the folder in which a file lies.

    >>> _part("releases/2021/dam/photo.png"), _part("releases/dam.yaml")
    ('releases/2021', 'releases')
    """
    year = path.find("/", len(RELEASES) + 1)
    return RELEASES if year < 0 else path[:year]
