"""One compile: finds what changed in the content folder, renders it again, and commits it in one transaction.

Never more than one compiler at a time across processes; readers see the whole old or the whole new newsroom.
"""

from __future__ import annotations

import fcntl
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import feeds
from feeds import content
from feeds.catalogue import change_log, conflicts, packing, problems, processes, write
from feeds.catalogue.engine import CatalogueError, CatalogueFile, create, open_to_write
from feeds.catalogue.history import History
from feeds.catalogue.logo import with_pictures
from feeds.catalogue.media import digests, known_beside, stories_lacking
from feeds.catalogue.media_search import MediaPlace
from feeds.catalogue.news import MOST_TOLD, News, Seen, news, seen
from feeds.catalogue.plan import ABSENT, Beside, FolderState, LastCompile, Plan, plan
from feeds.catalogue.rows import Source, Task
from feeds.catalogue.tables import (
    generation,
    meta,
    set_meta,
    theme_from_json,
    theme_to_json,
    vocabulary_from_json,
    vocabulary_to_json,
    was_made_in_a_leap,
)
from feeds.catalogue.theme import read_theme
from feeds.content import Signatures
from feeds.database import companions, micros, passes, remove, transaction
from feeds.errors import Failure, FeedsError, Problem, Success, attempt
from feeds.media import MediaStore
from feeds.memory import MemoryDamagedError, fact, is_sound, memory_of, set_aside, set_facts, take_over
from feeds.model.facets import DEFAULT_FACETS
from feeds.model.renames import fingerprint
from feeds.model.vocabulary import Vocabulary

_log = logging.getLogger("feeds")

Progress = Callable[[int, int], None]
"""Called with how many stories are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a compile did."""

    stories: int
    """How many were read again."""
    changed: bool
    """Whether anything was written: if not, what readers get stays as it is."""
    news: tuple[News, ...] = ()
    """What readers see of it."""
    unread: bool = False
    """Whether the machine kept some file from being read: compile again after a while."""


def compile_folder(
    folder: Path,
    file: CatalogueFile,
    base_url: str,
    *,
    settled: Signatures | None = None,
    afresh: bool = False,
    now: datetime | None = None,
    media: MediaPlace | None = None,
    drafts: bool = False,
    processes: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Brings the catalogue up to date with the folder.

    ``settled`` names the files known to lie still, with their signatures; a file in any other state is left as it
    was last time. Without it, every file counts as it is now. ``afresh`` builds all of it again, for a file that
    turned out to be damaged. ``now`` is the time up to which releases are known to readers: what was published by then
    neither changes its name nor vanishes unnoticed; without it nothing is taken to be known. ``media`` says where files
    beside releases are put for readers, by default beside the catalogue. ``drafts`` shows
    drafts as if they were none, for editors. Raises FeedsError when there is no newsroom to publish, now or from
    before.
    """
    cores = processes if processes is not None else os.cpu_count() or 1
    media = media or MediaPlace(file.media)
    progress = progress or (lambda done, total: None)
    compile_ = _Compile(folder, base_url, file.memory, file.elders, settled, now, media, drafts, cores, progress)
    try:
        with _the_only_compiler(file.lock):
            report = _tried(compile_, file, afresh=afresh)
            if report.changed and media.store:
                _drop_what_nobody_names(media.store, file.path)
            return report
    except (OSError, *_DAMAGE) as error:
        # In public words: the log must not have the name or the text of the file that was being read.
        raise CatalogueError(f"{file.path}: {Failure(error).public}") from error


_DAMAGE = (sqlite3.Error, LookupError, TypeError, ValueError)
"""What damaged files raise."""


def _tried(compile_: _Compile, file: CatalogueFile, *, afresh: bool) -> Report:
    """Compiles in one way after the other: into the catalogue as it is, or into a new one.

    What fails in both has met a memory that cannot be used. It is set aside, and a new one takes up what the catalogue
    knows; if that does not help either, the program is at fault, and the memory comes back.
    """
    last = [] if afresh else [compile_.again]
    ways = [*last * 2, compile_.anew]
    aside: Path | None = None
    with ExitStack() as unless_it_helps:
        while True:
            way = ways.pop(0)
            try:
                report = way(file.path)
                break
            except CatalogueError:  # missing, of another version, or made with another memory
                if not ways:
                    raise
            except (MemoryDamagedError, *_DAMAGE) as error:
                sound = not file.memory.exists() or is_sound(file.memory)
                suspected = not aside and not (sound and (ways or not file.memory.exists()))
                if passes(error) or not (ways or suspected):
                    raise
                _log.warning("a compile failed, and is tried in another way: %s", Failure(error).logged)
                if suspected:
                    aside = set_aside(file.memory)
                    _log.error("what readers have been shown cannot be read: set aside as %s", aside)
                    ways = [*last, compile_.anew]
                    if sound:
                        unless_it_helps.callback(aside.replace, file.memory)
                        unless_it_helps.callback(remove, file.memory)
        unless_it_helps.pop_all()
    return report


def _drop_what_nobody_names(store: MediaStore, catalogue: Path) -> None:
    with closing(open_to_write(catalogue)) as database:
        pictures = vocabulary_from_json(meta(database, "vocabulary") or "").pictures.values()
        own = {file.digest for file in pictures} | {each.digest for file in pictures for each in file.smaller}
        own |= {file.digest for file in theme_from_json(meta(database, "theme") or "").files}
        store.keep_only(digests(database) | own)


@contextmanager
def _the_only_compiler(lock: Path) -> Iterator[None]:
    lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # somebody may have deleted the whole folder
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@dataclass(frozen=True, slots=True)
class _Style:
    """What every entry depends on besides its release."""

    vocabulary: str
    """As JSON."""
    problems: tuple[Problem, ...]
    mark: str
    """Another one whenever all stories have to be rendered again."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What only pages depend on."""

    theme: str
    """As JSON."""
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Compile:
    """What one compile was asked for."""

    folder: Path
    base_url: str
    memory: Path
    elders: tuple[Path, ...]
    settled: Signatures | None
    now: datetime | None
    media: MediaPlace
    drafts: bool
    processes: int
    progress: Progress

    def again(self, path: Path) -> Report:
        """Brings the catalogue at a path up to date. Raises CatalogueError if there is none that can be."""
        with closing(open_to_write(path)) as database:
            return self.into(database)

    def anew(self, path: Path) -> Report:
        """Builds beside the old file and takes its place in one step: no reader meets a half-built catalogue."""
        fresh = path.with_suffix(".new")
        remove(fresh)
        with ExitStack() as unless_it_is_whole:
            unless_it_is_whole.callback(remove, fresh)
            with closing(create(fresh)) as database:
                report = replace(self, settled=None).into(database)
            unless_it_is_whole.pop_all()
        # Closing the last connection has folded the write-ahead log into the file; the old file's log goes with it.
        for companion in companions(path):
            companion.unlink(missing_ok=True)
        fresh.replace(path)
        return report

    def into(self, database: sqlite3.Connection) -> Report:
        """Brings a catalogue up to date, stage by stage."""
        if self.now is not None and was_made_in_a_leap(database, self.now):
            raise CatalogueError("the catalogue was made when the clock had leapt ahead")
        style = self._style(meta(database, "vocabulary"))
        restyled = meta(database, "style") != style.mark
        look = self._look(meta(database, "theme"))
        changed_look = (meta(database, "theme") or "") != look.theme
        listed = content.release_files(self.folder)
        known = LastCompile(
            write.known_files(database),
            problems.of_story(database, problems.FOLDER),
            known_beside(database),
            self._lacking(database),
        )
        wrong = (*style.problems, *look.problems, *listed.problems)
        todo = plan(
            known,
            FolderState(self.folder, listed.files, listed.closed, self.settled, wrong, listed.media, restyled),
        )
        if not (todo.changed or changed_look):
            return Report(0, changed=False)
        vocabulary = vocabulary_from_json(style.vocabulary)
        with ExitStack() as both:
            memory = self._memory(database, vocabulary.newsroom.authority)
            if memory is not None:
                both.enter_context(closing(memory))
            both.enter_context(transaction(database))
            history = History(database, memory, self.now, vocabulary, self.folder.name)
            self._stamp(database, memory, style, look, restyled=restyled)
            before = self._seen(database, todo)
            empty = restyled and not known.files  # what changes in it need not be noted: everything is
            if not empty:
                history.begin(todo.stories)
            unread = self._carry_out(database, todo, style.vocabulary, history, known, empty=empty)
            problems.replace(database, problems.FOLDER, todo.problems)
            problems.replace(database, problems.UNNAMED, self._unnamed(database, listed.media))
            write.tidy_words(database)
            flipped = conflicts.settle(database, self.folder.name)
            history.end(todo.stories, flipped)
            told = tuple(news(before, self._seen(database, todo)))
        return Report(len(todo.stories), changed=True, news=told, unread=unread)

    def _memory(self, database: sqlite3.Connection, authority: str) -> sqlite3.Connection | None:
        """The newsroom's memory; None without a time, when nobody has seen anything."""
        if self.now is None:
            return None
        if meta(database, "memory") is None:  # else one that was lost is made from what the catalogue knows
            take_over(self.memory, self.folder, authority, self.elders, self.now)
        return memory_of(self.memory, self.folder, authority)

    def _seen(self, database: sqlite3.Connection, todo: Plan) -> Seen:
        """What readers see now of the stories of a plan. Of very many changes nobody is told one by one."""
        few = len(todo.stories) <= MOST_TOLD
        return seen(database, todo.stories, self.now) if self.now is not None and few else {}

    def _style(self, last_good: str | None) -> _Style:
        """The newsroom to publish: as it last was where its files, or its files of terms, are broken or gone."""
        vocabulary, found = self._read_newsroom()
        if vocabulary:
            vocabulary, unfit = with_pictures(self.folder, vocabulary, self.media.store)
            found = (*found, *unfit)
        if last_good and (vocabulary is None or any(problem.fatal for problem in found)):
            # A list of terms that cannot be read would hold back every release that names one.
            vocabulary = vocabulary_from_json(last_good)
        elif (
            vocabulary
            and last_good
            and (missing := _missing_terms(self.folder, vocabulary, vocabulary_from_json(last_good)))
        ):
            vocabulary, found = vocabulary_from_json(last_good), (*found, *missing)
        if vocabulary and last_good:
            last = vocabulary_from_json(last_good).own_words
            vocabulary = replace(vocabulary, own_words=content.kept_words(self.folder, vocabulary.own_words, last))
        if vocabulary is None and not (self.folder / "newsroom.yaml").exists():
            raise FeedsError(f"no newsroom here: {self.folder / 'newsroom.yaml'} is missing (`feeds init` makes one)")
        if vocabulary is None:
            raise FeedsError("\n".join(["there is no newsroom to publish:", *(f"  {each}" for each in found)]))
        text = vocabulary_to_json(vocabulary)
        return _Style(text, found, f"{feeds.__version__} {self.base_url} {text}")

    def _look(self, last: str | None) -> _Look:
        """The theme to use, which is the ``last`` one where its style sheet cannot be used."""
        theme, found = read_theme(self.folder, self.media, theme_from_json(last or ""))
        return _Look(theme_to_json(theme), found)

    def _read_newsroom(self) -> tuple[Vocabulary | None, tuple[Problem, ...]]:
        """The newsroom and its problems; an error of the program is one of them. Raises OSError for the machine's."""
        found = attempt(lambda: content.read_newsroom(self.folder))
        if isinstance(found, Success):
            return found.value
        if isinstance(found.error, OSError):
            raise found.error
        advice = "the program is at fault, not you: please report it, with the files in this folder"
        return None, (Problem(self.folder.name, 0, 0, "", f"cannot be read ({found.reason})", advice),)

    def _stamp(
        self,
        database: sqlite3.Connection,
        memory: sqlite3.Connection | None,
        style: _Style,
        look: _Look,
        *,
        restyled: bool,
    ) -> None:
        """Writes for which newsroom and address the catalogue is made, and that it is another one now."""
        set_meta(
            database, style=style.mark, vocabulary=style.vocabulary, theme=look.theme, base_url=self.base_url,
            generation=str(generation(database) + 1),
        )  # fmt: skip
        if restyled:
            change_log.note_everything(database)
        if memory is not None and self.now is not None:
            for name, moment, mark in (("style", "restyled", style.mark), ("theme", "rethemed", look.theme)):
                _remember_change(database, memory, name, moment, str(fingerprint(mark)), micros(self.now))

    def _lacking(self, database: sqlite3.Connection) -> frozenset[str]:
        """The stories of which a file for readers is no longer in its place."""
        store = self.media.store
        return stories_lacking(database, frozenset(store.digests())) if store else frozenset()

    def _unnamed(self, database: sqlite3.Connection, media: Signatures) -> Iterator[Problem]:
        """The files beside releases that none of them names."""
        named = {path for places in known_beside(database).values() for path in places}
        message = "no release names this file"
        advice = "name it in one, or move it out of this folder; the file of a release ends in .yaml"
        still = media.keys() if self.settled is None else {path for path in media if path in self.settled}
        for path in sorted(still - named):
            yield Problem(content.printable_path(self.folder, path), 0, 0, "", message, advice, fatal=False)

    def _carry_out(
        self,
        database: sqlite3.Connection,
        todo: Plan,
        vocabulary: str,
        history: History,
        known: LastCompile,
        *,
        empty: bool,
    ) -> bool:
        """Writes the stories of a plan, perhaps into an ``empty`` catalogue.

        Says whether the machine kept some file from being read.
        """
        gone = (*history.gone(), *(each for story in todo.remove for each in history.known(story)))
        tasks = [
            Task(
                each.story,
                () if each.lost else tuple(path for path, _ in each.files),
                history.kept(each.story) if empty else write.models(database, each.story) or history.kept(each.story),
                tuple(known.beside.get(each.story, {}).items()),
                # Only a file that has just come can be where another one went.
                (*history.known(each.story), *(gone if each.new else ())),
            )
            for each in todo.read
        ]
        for story in todo.remove:
            write.remove_story(database, story)
        files = {each.story: each.files for each in todo.read}
        unread = False
        source = Source(self.folder, vocabulary, self.base_url, self.media, packing.dictionary(database), self.drafts)
        made = processes.made(tasks, source, self.processes)
        for done, rows in enumerate(made, 1):
            if self._is_being_saved(rows.beside):
                continue
            (write.add_story if empty else write.replace_story)(database, rows, files[rows.story])
            unread |= rows.unread
            self.progress(done, len(tasks))
        return unread

    def _is_being_saved(self, beside: Beside) -> bool:
        """Whether a file beside a story has not lain still since it was looked at: the story waits for it."""
        settled = self.settled
        return settled is not None and any(mark not in (ABSENT, settled.get(path)) for path, mark in beside)


def _remember_change(
    database: sqlite3.Connection, memory: sqlite3.Connection, name: str, moment: str, mark: str, now: int
) -> None:
    """Notes under ``moment`` when what has this ``name`` last became another one; a first one is no change."""
    known, since = fact(memory, name), fact(memory, moment)
    if known != mark:
        since = None if known is None else str(now)
        with transaction(memory):
            set_facts(memory, **{name: mark, **({moment: since} if since else {})})
    if since:
        set_meta(database, **{moment: str(min(int(since), now))})


def _declares_no_facets(vocabulary: Vocabulary) -> bool:
    """Whether a newsroom most likely has the usual facets because it declares none."""
    return all(facet in DEFAULT_FACETS for facet in vocabulary.facets)


def _missing_terms(folder: Path, now: Vocabulary, last: Vocabulary) -> tuple[Problem, ...]:
    """The files of terms that were there and are gone: without one, every release that names its terms would fail."""
    message = "there is no such file: its terms are used as they last were"
    advice = "bring it back; or, if it is meant to go, delete the catalogue and start again"
    usual = last.facets if _declares_no_facets(now) else ()
    facets = {facet.name: facet for facet in (*now.facets, *usual)}
    return tuple(
        Problem(f"{folder.name}/{facet.file}", 0, 0, "", message, advice)
        for facet in facets.values()
        if last.terms.get(facet.name) and not now.terms.get(facet.name) and not (folder / facet.file).exists()
    )
