"""A story (an original and its translations) from YAML bytes to the rows that are kept: the work of a compile.

Pure, so that several processes can share it: bytes and last good releases in, rows and problems out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from feeds import content, keywords
from feeds.addresses import Addresses
from feeds.catalogue.store import FOREVER, micros
from feeds.editions import Edition, editions
from feeds.entries import Entries
from feeds.errors import Problem
from feeds.formats import SYNDICATED
from feeds.markup import MarkupError
from feeds.model import Facet, Release
from feeds.renaming import Renamed, renamed
from feeds.render import RENDERERS
from feeds.render.values import Entry
from feeds.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class EditionRow:
    """One edition and its entry in every format."""

    since: int
    until: int
    updated: int
    announces: bool
    corrected: bool
    withdrawn: bool
    kept: tuple[bytes, ...]
    """In the order of the formats."""


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """One release with all its editions."""

    id: str
    language: str
    path: str
    published: int
    model: str
    tags: tuple[tuple[str, str], ...]
    aliases: tuple[str, ...]
    editions: tuple[EditionRow, ...]
    words: str
    """What is found by words, as the index holds it; nothing of a draft."""


@dataclass(frozen=True, slots=True)
class StoryRows:
    """What a story comes to. Without any file left, nothing."""

    story: str
    releases: tuple[ReleaseRow, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """A story to be read: its files (none if they were lost), and its releases as they last were, to fall back on."""

    story: str
    paths: tuple[str, ...]
    last_good: tuple[str, ...]
    """Models as JSON."""
    now: datetime | None = None
    """What was published by then is known to readers; None if nobody can tell."""
    orphans: tuple[str, ...] = ()
    """Models of releases that readers know and whose files are gone: this may be where they went."""


class Workshop:
    """Makes rows for one newsroom at one base address."""

    def __init__(self, folder: Path, vocabulary: Vocabulary, base_url: str) -> None:
        self.folder = folder
        self.vocabulary = vocabulary
        self.entries = Entries(vocabulary, Addresses(base_url, vocabulary.newsroom.languages))

    def rows(self, task: Task) -> StoryRows:
        """Reads, validates and renders one story; what became bad stays as it last was."""
        files, problems = self._read(task)
        found: tuple[Release, ...] = ()
        if files and files[0].file == self._name(task.story):
            found, wrong = content.read_story(files[0], files[1:], self.vocabulary)
            problems += wrong
        last_good = [Release.model_validate_json(model) for model in task.last_good]
        known = [release for release in last_good if _seen(release, task.now)]
        known += [release for model in task.orphans if _seen(release := Release.model_validate_json(model), task.now)]
        waiting = renamed(found, known)
        problems += (self._renamed(each, task) for each in waiting)
        members = [release for release in found if release not in {each.release for each in waiting}]
        members += (each.known for each in waiting)
        if not task.paths or any(problem.fatal for problem in problems):
            present = {release.id for release in members}
            members += [release for release in last_good if release.id not in present]
        # Releases that share a file are not each other's translations: those have files of their own.
        story = members if len(task.paths) != 1 else []
        rows = []
        for release in members:
            try:
                rows.append(self._release(release, story))
            except MarkupError as error:
                problems.append(Problem(self._name(task.story), 0, 0, "body", str(error), "take some of them out"))
        return StoryRows(task.story, tuple(rows), tuple(sorted(problems)))

    def _read(self, task: Task) -> tuple[list[content.Source], list[Problem]]:
        files: list[content.Source] = []
        problems: list[Problem] = []
        for path in task.paths:
            raw = content.read_bytes(self.folder, path)
            if isinstance(raw, Problem):
                problems.append(raw)
            else:
                files.append(content.Source(self._name(path), raw))
        return files, problems

    def _renamed(self, found: Renamed, task: Task) -> Problem:
        ending = f".{found.release.language}.yaml"
        file = next((path for path in task.paths if path.endswith(ending)), task.story)
        return Problem(self._name(file), 0, 0, found.field, found.message, found.advice)

    def _name(self, path: str) -> str:
        return f"{self.folder.name}/{path}"

    def _release(self, release: Release, story: list[Release]) -> ReleaseRow:
        life = [(edition, self.entries.entry(edition)) for edition in editions(release, story)]
        return ReleaseRow(
            release.id,
            release.language,
            release.path,
            micros(release.published),
            release.model_dump_json(exclude_defaults=True),
            tuple((facet.value, slug) for facet in Facet for slug in sorted(set(release.terms(facet)))),
            release.aliases,
            tuple(_edition(edition, entry) for edition, entry in life),
            _words(life[0][1]) if life else "",
        )


def _seen(release: Release, now: datetime | None) -> bool:
    return now is not None and release.published <= now and not release.draft


def _words(entry: Entry) -> str:
    labels = (category.label for category in entry.categories)
    return keywords.indexed("\n\n".join((entry.title, entry.summary, *labels, keywords.spoken(entry.content))))


def _edition(edition: Edition, entry: Entry) -> EditionRow:
    return EditionRow(
        micros(edition.since),
        micros(edition.until) if edition.until else FOREVER,
        micros(edition.updated),
        edition.announces,
        bool(edition.corrections),
        edition.withdrawal is not None,
        tuple(RENDERERS[form].entry(entry) for form in SYNDICATED),
    )
