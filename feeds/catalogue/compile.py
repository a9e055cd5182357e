"""Brings the catalogue up to date with the content folder, or builds a new one where that fails.

Of all processes only one compiles at a time. Readers see the whole old or the whole new newsroom.
"""

from __future__ import annotations

import logging
import os
from contextlib import ExitStack, closing, suppress
from datetime import datetime
from pathlib import Path

from feeds.catalogue.catalogue_file import CatalogueFile
from feeds.catalogue.catalogue_location import CatalogueLocation
from feeds.catalogue.compile_processes import Progress
from feeds.catalogue.compile_stages import DAMAGE, Compiler, CompileReport, named_files
from feeds.catalogue.errors import CatalogueError
from feeds.catalogue.media_search import MediaLocation
from feeds.catalogue.tables import generation, meta, set_meta
from feeds.content import Scope, Settled
from feeds.database import passes, remove
from feeds.errors import Failure
from feeds.media import MediaStore
from feeds.memory import (
    MemoryDamagedError,
    is_sound,
    set_aside,
)

_log = logging.getLogger("feeds")


def compile_folder(
    folder: Path,
    file: CatalogueLocation,
    base_url: str,
    *,
    settled: Settled | None = None,
    scope: Scope | None = None,
    afresh: bool = False,
    now: datetime | None = None,
    media: MediaLocation | None = None,
    drafts: bool = False,
    processes: int | None = None,
    progress: Progress | None = None,
) -> CompileReport:
    """Brings the catalogue up to date with the folder.

    ``settled`` names the files known to lie still, with their signatures; a file in any other state is left as it
    was last time. Without it, every file counts as it is now. ``scope`` says where something has changed, if that
    is known; then nothing else is looked at, and the report may say that it must be. ``afresh`` builds a new catalogue,
    because the old one turned out to be damaged. ``now`` is the time until which readers have seen what is published:
    no such release changes its id or address, or vanishes, without a problem; without it readers have seen nothing.
    ``media`` says where files beside releases are put for readers, by default beside the catalogue. ``drafts`` shows
    drafts as if they were none, for editors. Raises FeedsError if there is no newsroom to publish, now or from before,
    and for errors of the machine.
    """
    cores = processes if processes is not None else os.cpu_count() or 1
    media = media or MediaLocation(file.media)
    progress = progress or (lambda done, total: None)
    compile_ = Compiler(folder, base_url, file, settled, scope, now, media, drafts, cores, progress)
    try:
        with file.only_compiler() as this_one:
            if not this_one:
                return CompileReport(0, changed=False)
            if isinstance(file, CatalogueFile):
                report = _tried(compile_, file, afresh=afresh)
            else:
                report = _tried_on_server(compile_, afresh=afresh)
            if scope is None and media.store:
                _drop_what_nobody_names(media.store, file)
            return report
    except (OSError, *DAMAGE) as error:
        # In public words: the log must not have the name or the text of the file that was being read.
        raise CatalogueError(f"{file.path}: {Failure(error).public}") from error


def _tried(compile_: Compiler, file: CatalogueFile, *, afresh: bool) -> CompileReport:
    """Compiles into the catalogue as it is; if that fails, into a new one.

    If both fail, or the memory cannot be read, the memory is set aside, and a new one takes up what the catalogue
    knows. If that does not help either, the program is at fault: a memory that can be read is put back.
    """
    last = [] if afresh else [compile_.again]
    ways = [*last * 2, compile_.anew]
    aside: Path | None = None
    with ExitStack() as unless_it_helps:
        while True:
            way = ways.pop(0)
            try:
                report = way()
                break
            except CatalogueError:  # missing, of another version, or made with another memory
                if not ways:
                    raise
            except (MemoryDamagedError, *DAMAGE) as error:
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


def _tried_on_server(compile_: Compiler, *, afresh: bool) -> CompileReport:
    """Compiles into the catalogue as it is; into a new one if that is not possible. A server mends its files itself."""
    if not afresh:
        with suppress(CatalogueError):
            return compile_.again()
    return compile_.anew()


def _drop_what_nobody_names(store: MediaStore, location: CatalogueLocation) -> None:
    with closing(location.open_to_write()) as database:
        state = str(generation(database))
        if meta(database, "store_kept") == state:
            return
        named = named_files(database)
        store.keep_only(named)
        location.keep_only(database, named)
        set_meta(database, store_kept=state)
