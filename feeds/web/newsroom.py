"""The newsroom as the web asks it: the catalogue on disk, brought up to date when it starts and when files change."""

from __future__ import annotations

import logging
import os
from datetime import datetime
from pathlib import Path

from feeds.catalogue import Catalogue, Report, compile_folder, place_for
from feeds.catalogue.compiling import Progress, Sweep
from feeds.catalogue.store import CatalogueError
from feeds.document import Answer
from feeds.publish import Desk
from feeds.settings import Settings

_log = logging.getLogger("feeds")


class LiveNewsroom:
    """Answers from the catalogue, for as many threads as ask. Raises FeedsError if there is no newsroom at all."""

    def __init__(self, settings: Settings, wanted: Path) -> None:
        self.settings = settings
        self.place = place_for(settings.data, settings.catalogue or wanted)
        if self.place.warning:
            _log.warning("%s", self.place.warning)
        self._desk = Desk(settings)
        self.catalogue = Catalogue(self.place.path)

    def compile(self, settled: Sweep | None = None, progress: Progress | None = None) -> Report:
        """Brings the catalogue up to date with the folder; other processes wait for their turn, readers never do."""
        report = compile_folder(
            self.settings.data, self.place, self.settings.base_url, settled=settled, progress=progress
        )
        if report.changed:
            _log.info("%d stories read again (process %d)", report.stories, os.getpid())
        return report

    def answer(self, path: str, query: str, now: datetime) -> Answer:
        """What stands at a path; a damaged or missing catalogue is built again first."""
        try:
            with self.catalogue.reading() as snapshot:
                return self._desk.answer(snapshot, path, query, now)
        except CatalogueError as error:
            _log.warning("building the catalogue again: %s", error)
            self.compile()
        with self.catalogue.reading() as snapshot:
            return self._desk.answer(snapshot, path, query, now)

    def version(self) -> tuple[int, int]:
        """Changes whenever any answer may have changed by anything but time."""
        return self.catalogue.version()
