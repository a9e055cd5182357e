"""The stages of a compile: it finds what is to be done, renders it and writes it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from feeds import content
from feeds.catalogue import (
    change_log,
    compile_processes,
    compression,
    conflicts,
    first_compile,
    mentions,
    problem_rows,
    story_writer,
)
from feeds.catalogue.catalogue_location import CatalogueLocation
from feeds.catalogue.compile_plan import ABSENT, Beside, FolderState, LastCompile, Plan, StoryPlan, plan
from feeds.catalogue.compile_processes import Progress
from feeds.catalogue.differences import differences
from feeds.catalogue.errors import CatalogueError
from feeds.catalogue.history import History
from feeds.catalogue.last_compile import last_compile, stories, stories_lacking
from feeds.catalogue.media_rows import digests
from feeds.catalogue.media_search import MediaLocation
from feeds.catalogue.reader_changes import MOST_TOLD, ReaderChange, Seen, news, seen
from feeds.catalogue.release_rows import StorySource, Task
from feeds.catalogue.remembered_stories import RememberedStories
from feeds.catalogue.stale_stories import stale_stories
from feeds.catalogue.tables import (
    generation,
    meta,
    set_meta,
    theme_from_json,
    vocabulary_from_json,
    was_made_in_a_leap,
)
from feeds.catalogue.usable_newsroom import Look, Style, read_look, read_style
from feeds.content import FolderListing, Scope, Settled, Signatures
from feeds.database import Database, commit_so_far, micros, transaction
from feeds.errors import FeedsError
from feeds.memory import (
    check,
    fact,
    forget_a_leap,
    identity,
    memory_of,
    set_facts,
    take_over,
)
from feeds.memory.memory_file import SEEN_UNTIL
from feeds.model.problems import Problem
from feeds.model.renames import fingerprint

MANY = 1_000
"""From so many stories on, all are rendered again in a copy, not in the file that readers have open."""

DAMAGE = (sqlite3.Error, LookupError, TypeError, ValueError)
"""The errors that damaged files raise."""


@dataclass(frozen=True, slots=True)
class CompileReport:
    """What a compile did."""

    stories: int
    """How many were read again."""
    changed: bool
    """Whether anything was written: if not, what readers get stays as it is."""
    news: tuple[ReaderChange, ...] = ()
    """What readers see of it."""
    unread: bool = False
    """Whether the machine kept some file from being read: compile again after a while."""
    elsewhere: bool = False
    """Whether nothing was done, because something outside the scope has changed: then compile without a scope."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What a compile has found to do."""

    style: Style
    look: Look
    known: LastCompile
    listed: FolderListing
    scope: Scope | None
    """Where folder and catalogue were compared, since they may differ there; None for everywhere."""
    todo: Plan
    restyled: bool
    """Whether what all documents have in common has changed."""
    fresh: bool
    """Whether the catalogue is new."""
    is_new: bool
    """Whether there is anything to write."""


@dataclass(frozen=True, slots=True)
class Compiler:
    """One compile: what it was asked for, and its stages."""

    folder: Path
    base_url: str
    location: CatalogueLocation
    settled: Settled | None
    scope: Scope | None
    now: datetime | None
    media: MediaLocation
    drafts: bool
    processes: int
    progress: Progress

    def again(self) -> CompileReport:
        """Brings the catalogue up to date. Raises CatalogueError if there is none that can be."""
        self.location.discard_copy()  # a compile that was killed may have left one
        with closing(self.location.open_to_write()) as database:
            copied = self.location.copied() if self._renders_all_again(database) else None
            return self.into(database) if copied is None else self._in_a_copy(copied)

    def _renders_all_again(self, database: Database) -> bool:
        """Whether there are very many stories, and what they have in common has changed: all are rendered again."""
        if self.scope or stories(database, MANY) < MANY or not generation(database):
            return False
        style = read_style(self.folder, self.base_url, self.media, meta(database, "vocabulary"))
        return meta(database, "common") != style.common

    def _in_a_copy(self, copied: Database) -> CompileReport:
        """Brings a copy up to date, batch by batch, and puts it in the catalogue's place. Nobody reads it before."""
        with ExitStack() as unless_it_is_done:
            unless_it_is_done.callback(self.location.discard_copy)
            with closing(copied):
                report = self.into(copied, in_batches=True)
            self.location.put_copy_in_place()
            unless_it_is_done.pop_all()
        return report

    def anew(self) -> CompileReport:
        """Builds a new catalogue beside the old one, which it replaces in one step.

        After an error the new catalogue is removed. If the process is killed it stays, and the next compile goes on.
        """
        compile_ = replace(self, settled=None, scope=None)
        try:
            with closing(compile_.filled()) as database:
                report = compile_.into(database)
        except (FeedsError, OSError, *DAMAGE):
            self.location.discard_new()
            raise
        self.location.put_new_in_place()
        return report

    def filled(self) -> Database:
        """A new catalogue that has all stories of the folder, and is still to be settled."""
        style = read_style(self.folder, self.base_url, self.media, None)
        with ExitStack() as open_, ExitStack() as unless_it_is_filled:
            memory = self._memory(style, lost=True)
            if memory is not None:
                open_.enter_context(closing(memory))
            files = content.release_files(self.folder).files
            database = first_compile.new_catalogue(self.location, self._basis(style, memory), files)
            unless_it_is_filled.enter_context(closing(database))
            set_meta(database, style=style.mark, common=style.common)
            known = last_compile(database)
            new = [each for each in plan(known, FolderState(self.folder, files)).read if each.new]
            task = self._tasks(database, known, RememberedStories(memory, fresh=True))
            first_compile.fill(database, new, task, self._source(database, style), self.processes, self.progress)
            unless_it_is_filled.pop_all()
        return database

    def _basis(self, style: Style, memory: Database | None) -> str:
        """What all stories of a new catalogue depend on besides their own files."""
        seen_until = "" if memory is None else f"{identity(memory)} {fact(memory, SEEN_UNTIL)}"
        return f"{self.drafts} {self.media.most} {seen_until} {style.mark}"

    def into(self, database: Database, *, in_batches: bool = False) -> CompileReport:
        """Brings a catalogue up to date, stage by stage. A new one is settled as a whole.

        ``in_batches`` commits stories on the way, into a catalogue that nobody reads yet.
        """
        if self.now is not None and was_made_in_a_leap(database, self.now):
            raise CatalogueError("the catalogue was made when the clock had leapt ahead")
        found = self._found(database)
        if found is None:
            return CompileReport(0, changed=False, elsewhere=True)
        unnamed = problem_rows.of_story(database, problem_rows.UNNAMED)
        if not found.is_new and unnamed == self._unnamed(database, found):
            return CompileReport(0, changed=False)
        with ExitStack() as both:
            memory = self._memory(found.style, lost=meta(database, "memory") is None)
            if memory is not None:
                both.enter_context(closing(memory))
            both.enter_context(transaction(database))
            return self._written(database, memory, found, in_batches=in_batches)

    def _found(self, database: Database) -> _Found | None:
        """What is to be done; None if something has changed outside the scope too."""
        style = read_style(self.folder, self.base_url, self.media, meta(database, "vocabulary"))
        restyled = meta(database, "style") != style.mark
        look = read_look(self.folder, self.media, meta(database, "theme"))
        changed_look = (meta(database, "theme") or "") != look.theme
        fresh = not generation(database)
        lacking = self._lacking(database)
        listed, scope = self._listed(database, lacking, everything=restyled or fresh)
        known = last_compile(database, scope, lacking)
        own = (*style.problems, *look.problems)
        if self.scope and (restyled or changed_look or not self._concerns_only_releases(known, own)):
            return None
        wrong = (*own, *listed.problems, *self._elsewhere(known.problems))
        state = FolderState(
            *(self.folder, listed.files, listed.closed, self.settled, wrong, listed.media, restyled, scope),
            _stale(database, style) if restyled else None,
        )
        todo = plan(known, state)
        is_new = fresh or todo.changed or changed_look
        return _Found(style, look, known, listed, scope, todo, restyled, fresh, is_new)

    def _listed(
        self, database: Database, lacking: frozenset[str], *, everything: bool
    ) -> tuple[FolderListing, Scope | None]:
        """What lies in the folder, and where: only where something may differ, unless ``everything`` is compiled."""
        if self.scope or everything:
            return content.release_files(self.folder, self.scope), self.scope
        found = differences(database, self.folder, lacking)
        listed = content.release_files(self.folder, found.scope)
        return listed._replace(problems=found.problems, closed=found.closed), found.scope

    def _written(
        self, database: Database, memory: Database | None, found: _Found, *, in_batches: bool
    ) -> CompileReport:
        """Writes what is to be done, within a transaction."""
        todo, fresh = found.todo, found.fresh
        vocabulary = vocabulary_from_json(found.style.vocabulary)
        history = History(database, memory, self.now, vocabulary, self.folder.name)
        self._stamp(database, memory, found.style, found.look, restyled=found.restyled or fresh)
        before = {} if fresh else self._seen(database, todo.stories)
        mentioned = None
        if not fresh:
            history.begin(todo.stories)
            mentioned = mentions.affected(database, todo.stories)
        remembered = RememberedStories(memory, fresh=history.fresh)
        carry_out = self._carried_out(database, todo, found.style, found.known, remembered)
        unread = _done(database, carry_out, in_batches=in_batches)
        stories = story_writer.stories(database) if fresh else todo.stories
        problem_rows.replace(database, problem_rows.FOLDER, todo.problems)
        problem_rows.replace(database, problem_rows.UNNAMED, self._unnamed(database, found, todo.stories))
        story_writer.tidy_words(database)
        changed = None if fresh else conflicts.Changed(stories, history.dates, mentioned)
        flipped = conflicts.settle(database, self.folder.name, changed)
        history.end(stories, flipped)
        change_log.forget_old_notes(database)
        if self.media.store:
            self.location.keep(database, self.media.store, named_files(database))
        told = tuple(news(before, self._seen(database, stories)))
        return CompileReport(len(stories), changed=True, news=told, unread=unread)

    def _lacking(self, database: Database) -> frozenset[str]:
        """The stories of which a file for readers is not in its place; empty if that is not looked at."""
        if not self.media.store or self.scope is not None:
            return frozenset()
        return stories_lacking(database, self.location.stored() | frozenset(self.media.store.digests()))

    def _concerns_only_releases(self, known: LastCompile, own: tuple[Problem, ...]) -> bool:
        """Whether the problems of the newsroom's ``own`` files and of the folder as a whole are those of last time."""
        last = (each for each in known.problems if not self._is_of_a_release_file(each))
        return tuple(sorted(own)) == tuple(last)

    def _is_of_a_release_file(self, problem: Problem) -> bool:
        return problem.file.startswith(f"{self.folder.name}/{content.RELEASES}/")

    def _elsewhere(self, known: Iterable[Problem]) -> Iterator[Problem]:
        """What is wrong with release files outside the scope, as it was last time."""
        for problem in known if self.scope else ():
            if self._is_of_a_release_file(problem) and not self._is_looked_at(problem.file.partition("/")[2]):
                yield problem

    def _is_looked_at(self, path: str) -> bool:
        return self.scope is None or self.scope.covers(path)

    def _memory(self, style: Style, *, lost: bool) -> Database | None:
        """The newsroom's memory; None without a time, when nobody has seen anything.

        ``lost`` says that the catalogue knows of none: if there is none, it is taken over from older ones.
        """
        if self.now is None:
            return None
        authority = vocabulary_from_json(style.vocabulary).newsroom.authority
        if lost:  # otherwise, if there is none, a new one takes up what the catalogue knows
            take_over(self.location.memory, self.folder, authority, self.location.elders, self.now)
        with ExitStack() as unless_it_is_damaged:
            memory = unless_it_is_damaged.enter_context(
                closing(memory_of(self.location.memory, self.folder, authority))
            )
            check(memory, micros(self.now), thoroughly=self.scope is None)
            with transaction(memory):
                forget_a_leap(memory, micros(self.now))
            unless_it_is_damaged.pop_all()
        return memory

    def _seen(self, database: Database, stories: Collection[str]) -> Seen:
        """What readers see now of some stories; empty if there are too many to tell of each."""
        few = len(stories) <= MOST_TOLD
        return seen(database, stories, self.now) if self.now is not None and few else {}

    def _stamp(
        self,
        database: Database,
        memory: Database | None,
        style: Style,
        look: Look,
        *,
        restyled: bool,
    ) -> None:
        """Writes for which newsroom and address the catalogue is made, and raises its generation."""
        set_meta(
            database, style=style.mark, common=style.common, vocabulary=style.vocabulary, theme=look.theme,
            base_url=self.base_url, generation=str(generation(database) + 1),
        )  # fmt: skip
        if restyled:
            change_log.note_everything(database)
        if memory is not None and self.now is not None:
            for name, moment, mark in (("style", "restyled", style.mark), ("theme", "rethemed", look.theme)):
                _remember_change(database, memory, name, moment, str(fingerprint(mark)), micros(self.now))

    def _unnamed(self, database: Database, compared: _Found, read: Iterable[str] = ()) -> tuple[Problem, ...]:
        """The files beside releases that none of them names, sorted.

        A release that was ``read`` again may name another file in its own folder, although nothing has changed there.
        """
        found: list[Problem] = []
        media: Signatures = compared.listed.media
        if compared.scope:
            scope = compared.scope | Scope.of(read)
            media = media if scope == compared.scope else content.release_files(self.folder, scope).media
            last = problem_rows.of_story(database, problem_rows.UNNAMED)
            found += (each for each in last if not scope.covers(each.file.partition("/")[2]))
        message = "no release names this file"
        advice = "name it in one, or move it out of this folder; the file of a release ends in .yaml"
        for path in media:
            still = self.settled is None or path in self.settled
            if still and not database.execute("SELECT 1 FROM beside WHERE path = ?", (path,)).fetchone():
                name = content.printable_path(self.folder, path)
                found.append(Problem(name, 0, 0, "", message, advice, fatal=False))
        return tuple(sorted(found))

    def _carried_out(
        self, database: Database, todo: Plan, style: Style, known: LastCompile, remembered: RememberedStories
    ) -> Iterator[bool]:
        """Writes the stories of a plan, one by one. Yields for each whether the machine kept it from being read."""
        tasks = map(self._tasks(database, known, remembered, todo.remove), todo.read)
        files = {each.story: each.files for each in todo.read}
        for story in todo.remove:
            story_writer.remove_story(database, story)
        with compile_processes.readers(len(todo.read), self.processes) as helpers:
            made = compile_processes.made(tasks, self._source(database, style), helpers)
            for done, rows in enumerate(made, 1):
                if self._is_being_saved(rows.beside):
                    continue
                story_writer.replace_story(database, rows, files[rows.story])
                self.progress(done, len(todo.read))
                yield rows.unread

    def _source(self, database: Database, style: Style) -> StorySource:
        dictionary = compression.dictionary(database)
        return StorySource(self.folder, style.vocabulary, self.base_url, self.media, dictionary, self.drafts)

    def _tasks(
        self,
        database: Database,
        known: LastCompile,
        remembered: RememberedStories,
        removed: Collection[str] = (),
    ) -> Callable[[StoryPlan], Task]:
        """What is to be read of a story, with what the catalogue and the memory know of it."""
        gone = (*remembered.gone(), *(each for story in removed for each in remembered.known(story)))

        def task(each: StoryPlan) -> Task:
            return Task(
                each.story,
                () if each.lost else tuple(path for path, _ in each.files),
                story_writer.models(database, each.story) or remembered.models(each.story),
                tuple(known.beside.get(each.story, {}).items()),
                # Only a file that has just come can be another one under a new name.
                (*remembered.known(each.story), *(gone if each.new else ())),
            )

        return task

    def _is_being_saved(self, beside: Beside) -> bool:
        """Whether a file beside a story has not lain still since it was looked at: the story waits for it."""
        settled = self.settled
        return settled is not None and any(
            mark not in (ABSENT, settled.get(path)) for path, mark in beside if self._is_looked_at(path)
        )


def _done(database: Database, stories: Iterable[bool], *, in_batches: bool) -> bool:
    """Writes stories as they come, and says whether one of them could not be read."""
    unread = False
    for done, is_unread in enumerate(stories, 1):
        unread |= is_unread
        if in_batches and done % first_compile.BATCH == 0:
            commit_so_far(database)
    return unread


def _stale(database: Database, style: Style) -> frozenset[str] | None:
    """The stories that have to be rendered again after a change of the newsroom or its terms; None for all."""
    if meta(database, "common") != style.common:
        return None
    last = vocabulary_from_json(meta(database, "vocabulary") or "")
    return stale_stories(database, last, vocabulary_from_json(style.vocabulary))


def _remember_change(database: Database, memory: Database, name: str, moment: str, mark: str, now: int) -> None:
    """Notes under ``moment`` when the ``mark`` with this ``name`` last changed; the first mark is no change."""
    known, since = fact(memory, name), fact(memory, moment)
    if known != mark:
        since = None if known is None else str(now)
        with transaction(memory):
            set_facts(memory, **{name: mark, **({moment: since} if since else {})})
    if since:
        set_meta(database, **{moment: str(min(int(since), now))})


def named_files(database: Database) -> frozenset[str]:
    """The digests of the files that readers can ask for, now or later."""
    pictures = vocabulary_from_json(meta(database, "vocabulary") or "").pictures.values()
    own = {file.digest for file in pictures} | {each.digest for file in pictures for each in file.smaller}
    own |= {file.digest for file in theme_from_json(meta(database, "theme") or "").files}
    return frozenset(digests(database) | own)
