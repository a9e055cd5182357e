"""Turns a story (an original and its translations) from YAML files into rows of the catalogue.

It reads files but never the catalogue, so that several processes can share the work: paths and the last good releases
go in, rows and problems come out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

from feeds import content
from feeds.addresses import Addresses
from feeds.catalogue import fulltext
from feeds.catalogue.compile_plan import Beside
from feeds.catalogue.compression import Packing
from feeds.catalogue.media_search import MediaLocation, MediaSearch
from feeds.catalogue.mentions import Mention, remarks_and_mentions
from feeds.catalogue.stepwise_work import Steps, attempted, in_step
from feeds.catalogue.tables import vocabulary_from_json
from feeds.database import FOREVER, micros
from feeds.errors import Failure, Success, attempt
from feeds.model.editions import Edition, editions
from feeds.model.formats import SYNDICATED
from feeds.model.media import MediaFile
from feeds.model.problems import Problem
from feeds.model.release import Release
from feeds.model.renames import Known, Renamed, fingerprint, renamed, text_of
from feeds.render import RENDERERS
from feeds.render.body import MarkupError
from feeds.render.entries import Entries
from feeds.render.excerpt import MOST
from feeds.render.feed_values import Entry
from feeds.render.stored_entry import entry_to_json


@dataclass(frozen=True, slots=True)
class EditionRow:
    """One edition, its entry, and the entry as each format has it."""

    since: int
    until: int
    updated: int
    announces: bool
    corrected: bool
    withdrawn: bool
    translations: str
    """Language and path of each translation, as a JSON object."""
    digest: bytes
    """A digest of all the bytes that readers get of it."""
    entry: bytes
    """As `entry_to_json` writes it, packed."""
    rendered: tuple[tuple[str, bytes], ...]
    """The rendered entry by the format's suffix, packed."""


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """One release with all its editions."""

    id: str
    language: str
    path: str
    published: int
    title: str
    url: str | None
    """Its address on another site, if it lives there."""
    model: bytes
    """As JSON, packed."""
    tags: tuple[tuple[str, str], ...]
    aliases: tuple[str, ...]
    editions: tuple[EditionRow, ...]
    words: str
    """What the full text index holds of it; empty for a draft."""
    title_print: int
    """The fingerprint of the title."""
    text_print: int
    """The fingerprint of summary and body."""
    heavy: bool = False
    """Whether feeds hold only an excerpt of its text."""
    original: bool = True
    """Whether it stands for its story in feeds of all languages."""
    pinned: int | None = None
    """Until when it is the first story of the front page."""
    pictured: bool = False
    """Whether it has a picture."""
    fallback: bool = False
    """Whether its files do not give it as it is here."""
    remarks: tuple[Problem, ...] = ()
    """What readers do not see as it is written."""
    mentions: tuple[Mention, ...] = ()
    media: tuple[MediaFile, ...] = ()

    @property
    def mark(self) -> int:
        """A number that stands for its id."""
        return fingerprint(self.id)


@dataclass(frozen=True, slots=True)
class StoryRows:
    """All that the catalogue has of a story."""

    story: str
    releases: tuple[ReleaseRow, ...]
    problems: tuple[Problem, ...]
    stays: tuple[str, ...] = ()
    """Ids of releases that could not be rendered again and are left in the catalogue as they are."""
    unread: bool = False
    """Whether the machine, not the editor, kept the files from being read: they must be read again."""
    beside: Beside = ()
    """Where files beside it were looked for."""


@dataclass(frozen=True, slots=True)
class Task:
    """A story to be read: its files (none if they are lost), and its releases as they last were, to fall back on."""

    story: str
    paths: tuple[str, ...]
    last_good: tuple[str, ...]
    """Models as JSON."""
    beside: Beside = ()
    """Where files beside it were looked for at the last compile."""
    known: tuple[Known, ...] = ()
    """What readers have seen of it, and of releases whose files are gone: they may have moved into this story."""


@dataclass(frozen=True, slots=True)
class StorySource:
    """What the reading of all stories needs: the newsroom, its addresses, and settings."""

    folder: Path
    vocabulary: str
    """As JSON."""
    base_url: str
    media: MediaLocation
    dictionary: bytes = b""
    """The dictionary with which rows are packed."""
    drafts: bool = False
    """Whether drafts are shown as if they were none: to editors only."""


class StoryReader:
    """Makes rows for one newsroom at one base address."""

    def __init__(self, source: StorySource) -> None:
        self.folder = source.folder
        self.vocabulary = vocabulary_from_json(source.vocabulary)
        self.media = source.media
        self.drafts = source.drafts
        self._pack = Packing(source.dictionary).pack
        self.entries = Entries(self.vocabulary, Addresses.of(self.vocabulary, source.base_url))

    def rows(self, task: Task) -> StoryRows:
        """Reads, validates and renders one story; a release that became bad stays as it last was.

        Whatever error a story raises on the way, foreseen or not, becomes a problem of that story.
        """
        return self.all_rows([task])[0]

    def all_rows(self, tasks: Iterable[Task]) -> list[StoryRows]:
        """Reads some stories, in step, which takes less time than one after the other."""
        return in_step(map(self._rows, tasks))

    def _rows(self, task: Task) -> Steps[StoryRows]:
        last_good = tuple(filter(None, map(_model, task.last_good)))
        found = yield from attempted(self._members(task, last_good))
        if isinstance(found, Failure):
            unread = isinstance(found.error, OSError)
            file = self._name(task.story)
            problem = self._read_problem(file, found.error) if unread else self._error_problem(task, file, found)
            ids = tuple(release.id for release in last_good)
            return StoryRows(task.story, (), (problem,), ids, unread, task.beside)
        members, sources, problems, beside = found.value
        yield
        rows, broken = yield from self._rendered(members, sources, last_good, together=len(task.paths) != 1)
        problems += [problem for row in rows for problem in row.remarks]
        problems += [self._render_problem(task, release, failure) for release, failure in broken.values()]
        problems += [self._heavy_problem(task, row) for row in rows if row.heavy]
        stays = tuple(release.id for release in last_good if release.id in broken)
        return StoryRows(task.story, tuple(rows), tuple(sorted(problems)), stays, beside=beside)

    def _members(
        self, task: Task, last_good: Sequence[Release]
    ) -> Steps[tuple[list[Release], dict[str, content.SourceFile], list[Problem], Beside]]:
        """The releases of a story as they are to be shown, and by id the files of those that do not stay as they were.

        Then what is wrong with the files of the story, and where files beside it were looked for.
        """
        files, problems = self._read(task)
        found: tuple[Release, ...] = ()
        by_name = {source.file: source for source in files}
        search = MediaSearch(self.folder, task.story, self.media, task.beside, last_good)
        if files and files[0].file == self._name(task.story):
            found, wrong = content.read_story(files[0], files[1:], self.vocabulary)
            problems += wrong
            yield
            written = [(release, by_name[self._file_of(release, task)]) for release in found]
            found, wrong_files = search.completed(written, self.entries)
            problems += wrong_files
        formerly = {release.id: release for release in last_good}
        waiting = {each.release.id: each for each in renamed(found, task.known)}
        problems += (self._rename_problem(each, task) for each in waiting.values())
        restored = {release.id: release for release in found if _is_restored_in_silence(release, task.known)}
        problems += (self._restored_problem(release, task) for release in restored.values())
        members = [release for release in found if release.id not in waiting and release.id not in restored]
        sources = {release.id: by_name[self._file_of(release, task)] for release in members}
        members += (formerly.get(each.known.id) or each.under_its_former_name for each in waiting.values())
        if not task.paths or any(problem.fatal for problem in problems):
            present = {release.id for release in members}
            members += [release for release in last_good if release.id not in present]
        return members, sources, problems, search.looked_at

    def _rendered(
        self,
        members: Sequence[Release],
        sources: Mapping[str, content.SourceFile],
        last_good: Sequence[Release],
        *,
        together: bool,
    ) -> Steps[tuple[list[ReleaseRow], dict[str, tuple[Release, Failure]]]]:
        """The rows, and by id the releases that could not be rendered.

        ``together`` says that the members are each other's translations, which those that share a file are not. If one
        of them cannot be rendered, the others have it as a translation as it last was, or not at all.
        """
        formerly = {release.id: release for release in last_good}
        broken: dict[str, tuple[Release, Failure]] = {}
        while True:
            left = [release for release in members if release.id not in broken]
            story = [*left, *(formerly[id_] for id_ in broken if id_ in formerly)] if together else []
            made = []
            for release in left:
                row = yield from attempted(self._release(release, sources.get(release.id), story))
                made.append((release, row))
            failed = {release.id: (release, row) for release, row in made if isinstance(row, Failure)}
            if not failed:
                return [row.value for _, row in made if isinstance(row, Success)], broken
            broken |= failed

    def _read(self, task: Task) -> tuple[list[content.SourceFile], list[Problem]]:
        files: list[content.SourceFile] = []
        problems: list[Problem] = []
        for path in task.paths:
            raw = content.read_bytes(self.folder, path)
            if isinstance(raw, Problem):
                problems.append(raw)
            else:
                files.append(content.SourceFile(self._name(path), raw))
        return files, problems

    def _read_problem(self, file: str, error: BaseException) -> Problem:
        why = getattr(error, "strerror", None) or str(error)
        return Problem(file, 0, 0, "", f"cannot be read: {why}", "it will be tried again by itself")

    def _error_problem(self, task: Task, file: str, failure: Failure) -> Problem:
        stays = "; it stays as it last was" if task.last_good else ""
        advice = f"the program is at fault, not you: please report it, with this file{stays}"
        return Problem(file, 0, 0, "", f"cannot be published ({failure.reason})", advice)

    def _render_problem(self, task: Task, release: Release, failure: Failure) -> Problem:
        file = self._file_of(release, task)
        if isinstance(failure.error, MarkupError):
            return Problem(file, 0, 0, "body", str(failure.error), "take some of them out")
        return self._error_problem(task, file, failure)

    def _heavy_problem(self, task: Task, row: ReleaseRow) -> Problem:
        message = f"the text is heavier than {MOST // 1000} kB: feeds give an excerpt and a link to the page"
        advice = "put the long part into an attachment, or leave it as it is"
        return Problem(self._file_of(row, task), 0, 0, "body", message, advice, fatal=False)

    def _file_of(self, release: Release | ReleaseRow, task: Task) -> str:
        """The file that a release of the story is from."""
        ending = f".{release.language}.yaml"
        return self._name(next((path for path in task.paths if path.endswith(ending)), task.story))

    def _restored_problem(self, release: Release, task: Task) -> Problem:
        message = "readers were told that this is withdrawn: the notice stays"
        advice = "bring “withdrawn” back, or write an “updated” after it, so that readers get the release again"
        return Problem(self._file_of(release, task), 0, 0, "withdrawn", message, advice)

    def _rename_problem(self, found: Renamed, task: Task) -> Problem:
        return Problem(self._file_of(found.release, task), 0, 0, found.field, found.message, found.advice)

    def _name(self, path: str) -> str:
        return f"{self.folder.name}/{path}"

    def _release(self, release: Release, source: content.SourceFile | None, story: list[Release]) -> Steps[ReleaseRow]:
        """The row of a release; ``source`` is None if it stays as it last was."""
        if self.drafts:
            shown = release.model_copy(update={"draft": False})
            story = [each.model_copy(update={"draft": False}) for each in story]
        else:
            shown = release
        life = [(edition, self.entries.entry(edition)) for edition in editions(shown, story)]
        yield
        rendered = [_Rendered.of(entry) for _, entry in life]
        yield
        rows = tuple(self._edition(edition, each) for (edition, _), each in zip(life, rendered, strict=True))
        model = self._pack(release.model_dump_json(exclude_defaults=True).encode())
        yield
        return ReleaseRow(
            release.id,
            release.language,
            release.path,
            micros(release.published),
            release.title,
            release.url,
            model,
            tuple((facet, slug) for facet, slugs in release.terms for slug in slugs),
            release.aliases,
            rows,
            fulltext.text_of(life[0][1]) if life else "",
            fingerprint(release.title),
            fingerprint(text_of(release)),
            any(entry.excerpt is not None for _, entry in life),
            _stands_for_its_story(release, story, self.vocabulary.newsroom.languages),
            micros(release.pinned) if release.pinned else None,
            release.image is not None,
            source is None,
            *(remarks_and_mentions(release, source, self.entries) if source else ((), ())),
            media=release.media_files,
        )

    def _edition(self, edition: Edition, entry: _Rendered) -> EditionRow:
        return EditionRow(
            since=micros(edition.since),
            until=micros(edition.until) if edition.until else FOREVER,
            updated=micros(edition.updated),
            announces=edition.announces,
            corrected=bool(edition.corrections),
            withdrawn=edition.withdrawal is not None,
            translations=json.dumps(dict(edition.translations)),
            digest=hashlib.blake2b(b"".join((entry.whole, *entry.formats.values())), digest_size=16).digest(),
            entry=self._pack(entry.whole),
            rendered=tuple((suffix, self._pack(each)) for suffix, each in entry.formats.items()),
        )


class _Rendered(NamedTuple):
    """An entry, whole and in each format."""

    whole: bytes
    """As `entry_to_json` writes it."""
    formats: dict[str, bytes]
    """By the format's suffix."""

    @classmethod
    def of(cls, entry: Entry) -> Self:
        return cls(entry_to_json(entry), {form.suffix: RENDERERS[form].entry(entry) for form in SYNDICATED})


def _model(text: str) -> Release | None:
    """The release of a model; None if it was written by a version that allowed more."""
    found = attempt(lambda: Release.model_validate_json(text))
    return found.value if isinstance(found, Success) else None


def _stands_for_its_story(release: Release, story: Sequence[Release], languages: Sequence[str]) -> bool:
    """Whether a release is its story's original, or the first translation of one that nobody sees."""
    shown = [each for each in story if not each.draft]
    candidates = [each for each in shown if not each.translation] or shown
    if release not in candidates:
        return not release.translation
    written = {each.language for each in candidates}
    return release.language == next((language for language in languages if language in written), release.language)


def _is_restored_in_silence(release: Release, known: Sequence[Known]) -> bool:
    """Whether a release is no longer withdrawn, but nothing tells readers of the notice that it is back."""
    withdrawn = next((each.withdrawn for each in known if each.id == release.id), None)
    if withdrawn is None or release.withdrawn or release.draft:
        return False
    later = [release.updated, *(correction.date for correction in release.corrections if correction.major)]
    return not any(date and date > withdrawn for date in later)
