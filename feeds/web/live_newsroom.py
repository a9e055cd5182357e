"""The newsroom that is served: its catalogue, compiled at the start and whenever files change, and its clock."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, TypeVar

from feeds.catalogue import (
    CatalogueError,
    CompileReport,
    MediaLocation,
    Snapshot,
    catalogue_location,
    compile_folder,
    open_catalogue,
)
from feeds.catalogue.compile_processes import Progress
from feeds.catalogue.errors import AWAY
from feeds.catalogue.replica import Replica
from feeds.concurrency.background import Trouble
from feeds.content import Scope, Settled
from feeds.errors import Failure, FeedsError
from feeds.memory import announced_until, remember_announced
from feeds.publish import Router
from feeds.publish.document import Answer, Document, Missing, StoredFile
from feeds.publish.verification import Refusal
from feeds.settings import Settings
from feeds.web.clock import Moments, NewsroomClock

_log = logging.getLogger("feeds")

Found = TypeVar("Found")

_PAUSE = 1.0
"""Seconds between two looks whether a server answers, at the start."""


def present() -> datetime:
    """The system clock, in UTC."""
    return datetime.now(UTC)


class LiveNewsroom:
    """Answers from the catalogue, for any number of threads. Raises FeedsError if there is no newsroom at all."""

    def __init__(
        self,
        settings: Settings,
        former: Path | None = None,
        clock: Callable[[], datetime] = present,
        elapsed: Callable[[], float] = time.monotonic,
        preview: str = "",
        *,
        drafts: bool = False,
    ) -> None:
        self.settings = settings
        self._drafts = drafts
        self._elapsed = elapsed
        self._on_compile: list[Callable[[float], None]] = []
        self._clock = NewsroomClock(clock, elapsed, self._moments, self._remember)
        self._version: tuple[int, int] | None = None
        self._away_since: datetime | None = None
        self._waiting = ""
        folder = None if settings.is_replica else settings.data
        self.location = catalogue_location(folder, settings.base_url, settings.state, former, settings.database)
        if self.location.warning:
            _log.warning("%s", self.location.warning)
        self._router = Router(settings, preview)
        self.catalogue = open_catalogue(self.location)

    def compile(
        self,
        settled: Settled | None = None,
        scope: Scope | None = None,
        *,
        progress: Progress | None = None,
        afresh: bool = False,
    ) -> CompileReport:
        """Brings the catalogue up to date with the folder. Other processes wait for their turn, readers never do."""
        if self.settings.is_replica:
            return CompileReport(0, changed=False)
        begun = self._elapsed()
        report = compile_folder(
            self.settings.data,
            self.location,
            self.settings.base_url,
            settled=settled,
            scope=scope,
            afresh=afresh,
            drafts=self._drafts,
            media=MediaLocation(self.location.media, self.settings.media_megabytes * 1_000_000),
            now=max(filter(None, (self._clock.without_looking(), self._announced_for_good()))),
            progress=progress,
        )
        if report.changed:
            self._clock.look_again()
            for told in self._on_compile:
                told(self._elapsed() - begun)
        return report

    def on_compile(self, told: Callable[[float], None]) -> None:
        """Calls a function after each compile that changes something, with the seconds it took."""
        self._on_compile.append(told)

    def start(
        self, progress: Progress | None = None, *, waiting_for: tuple[type[FeedsError], ...] = AWAY
    ) -> str | None:
        """Compiles the folder. If that fails, returns the reason; what the last compile left is served then.

        The disk may be full: readers are better off with the newsroom as it last was. Raises FeedsError or OSError if
        there is nothing to serve. Waits for a server that keeps the newsroom, until it answers and has a catalogue;
        ``waiting_for`` are the errors that it waits out.
        """
        while True:
            try:
                self.compile(progress=progress)
                if isinstance(self.catalogue, Replica):
                    with self.catalogue.reading():
                        return None
            except waiting_for as error:
                self._wait(error)
            except (FeedsError, OSError) as error:
                if not self._is_usable():
                    raise
                _log.error("changes are not taken up: %s", Failure(error).logged)
                return str(error)
            else:
                return None

    def _wait(self, error: FeedsError) -> None:
        """Waits for a second, and logs the reason if it is a new one."""
        if str(error) != self._waiting:
            _log.warning("waiting for the newsroom: %s", error)
        self._waiting = str(error)
        time.sleep(_PAUSE)

    def _is_usable(self) -> bool:
        try:
            with self.catalogue.reading() as snapshot:
                return snapshot.base_url == self.settings.base_url and bool(snapshot.vocabulary)
        except FeedsError:
            return False

    def now(self) -> datetime:
        """The newsroom's time: what was announced stays announced when the clock steps back."""
        return self._clock.now()

    def _moments(self, now: datetime) -> Moments:
        if isinstance(self.catalogue, Replica) and (away := self.catalogue.away):
            raise away
        remembered = self._announced_for_good()

        def moments(snapshot: Snapshot) -> Moments:
            if snapshot.was_made_in_a_leap(max(now, remembered or now)):
                raise CatalogueError("it was made when the clock had leapt ahead")
            return Moments(snapshot.last_moment(now), snapshot.next_moment(now), remembered)

        return self.ask(moments)

    def _announced_for_good(self) -> datetime | None:
        try:
            return announced_until(self.location.memory)
        except FeedsError as error:  # the next compile puts it right, or says that it cannot
            _log.debug("not known until when all is announced: %s", error)
            return None

    def _remember(self, moment: datetime) -> None:
        """Remembers a moment that was announced for good, for a later start with a clock that is behind."""
        try:
            remember_announced(self.location.memory, moment)
        except FeedsError as error:
            # Most likely a compile is writing. The clock tries again at its next look.
            _log.debug("not kept that all until %s is announced: %s", moment.isoformat(), error)

    def database_trouble(self) -> Trouble | None:
        """Why the database cannot be asked, so that only what is kept ready is served; None if all is well."""
        away = self.catalogue.away if isinstance(self.catalogue, Replica) else None
        if away is None:
            self._away_since = None
            return None
        self._away_since = self._away_since or self._clock.without_looking()
        return Trouble(away.told_to_all, self._away_since)

    def answer(self, path: str, query: str, now: datetime) -> Answer:
        """What stands at a path."""
        return self.ask(lambda snapshot: self._router.answer(snapshot, path, query, now))

    def takes_passages(self, path: str) -> bool:
        """Whether passages may be sent to a path."""
        return self.ask(lambda snapshot: self._router.takes_passages(snapshot, path, self.now()))

    def verified(self, path: str, passage: str | Refusal) -> Document:
        """The page with the answer for a passage, at a path of the page that verifies them."""
        now = self.now()
        return self.ask(lambda snapshot: self._router.verified(snapshot, path, passage, now))

    def stored(self, file: StoredFile) -> BinaryIO | None:
        """The file beside a release, opened for reading. If it was deleted from the store, it is stored again first.

        None if nothing helps: then it is gone from the content folder too.
        """
        with suppress(FileNotFoundError):
            return self.location.media.path(file.digest).open("rb")
        for again in (False, True):
            if not again:
                self.location.fetch(file.digest)
            else:
                _log.warning("a file for readers was deleted from %s: storing it again", self.location.media.folder)
                self.compile()
            with suppress(FileNotFoundError):
                return self.location.media.path(file.digest).open("rb")
        return None

    def missing(self, path: str, missing: Missing) -> Document:
        """The page for a path with nothing at it, or with nothing any longer (410)."""
        now = self.now()
        hint = missing.hint or None
        return self.ask(lambda snapshot: self._router.missing(snapshot, path, hint, now, gone=missing.gone))

    def ask(self, question: Callable[[Snapshot], Found]) -> Found:
        """Asks a snapshot of the catalogue; builds a missing or damaged catalogue again first."""
        for afresh in (False, True):
            try:
                with self.catalogue.reading() as snapshot:
                    return question(snapshot)
            except CatalogueError as error:
                if self.settings.is_replica:
                    raise
                _log.warning("building the catalogue again: %s", error)
                # Another process may have repaired it meanwhile. What a compile does not repair is built anew.
                self.compile(afresh=afresh)
        with self.catalogue.reading() as snapshot:
            return question(snapshot)

    def version(self) -> tuple[int, int]:
        """A value that changes whenever an answer may have changed for another reason than time."""
        version = self.catalogue.version()
        if version != self._version:
            self._version = version
            self._clock.look_again()
        return version
