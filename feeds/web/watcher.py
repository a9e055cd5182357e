"""Watches the content folder, in a background thread, and has changed files compiled.

A half-saved file can be valid YAML without its last lines. So a file counts only when two looks, some time apart, find
it the same. Where the file system reports no events, the folder is looked through twice a second.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from watchfiles import watch

from feeds import content
from feeds.background import Background
from feeds.catalogue import Report
from feeds.content import Signatures
from feeds.errors import Failure, FeedsError

APART = 0.2
"""Seconds between the two looks."""

SWEEP = 0.5
"""Seconds between two looks through the folder where there are no events."""

AT_LEAST = 30
"""Seconds after which the folder is looked through even if no event came."""

_NO_EVENTS = ("nfs", "cifs", "smb", "fuse", "9p", "vboxsf", "virtiofs", "prl_fs", "afs", "ceph", "lustre")
_ESCAPED = re.compile(r"\\([0-7]{3})")  # proc(5): a space in a mount point is written \\040
_OWN_SUFFIXES = (".yaml", ".svg", ".png", ".jpg", ".jpeg", ".webp")
_log = logging.getLogger("feeds")


class Watcher(Background):
    """Calls ``compile_`` with the files that are not being saved, whenever something in the folder has changed."""

    def __init__(
        self,
        folder: Path,
        compile_: Callable[[Signatures], Report],
        how: str = "auto",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__("changes are not taken up", self._watch, clock)
        self._folder = folder
        self._compile = compile_
        self._compiled: Signatures | None = None
        """The files as they were when last compiled, if none was being saved; else None."""
        self._poll = how == "poll" or (how == "auto" and not has_events(folder))

    def _watch(self) -> None:
        for _ in self._nudges():
            self._settle()
            self.succeeded()

    def _nudges(self) -> Iterator[None]:
        """Yields whenever something may have changed."""
        while not self._poll and not self.stopping.is_set():
            yield  # something may have changed before the watch began
            try:
                yield from self._events()
            except (OSError, RuntimeError) as error:  # too many watches for the system, or the folder has gone
                _log.warning("%s: no events (%s); looking through it instead", self._folder, Failure(error).public)
                self._poll = True
        while not self.stopping.wait(SWEEP):
            yield

    def _events(self) -> Iterator[None]:
        """Yields for each event, until the watched folder is replaced by another."""
        watched = _inode(self._folder)
        changes = watch(
            self._folder,
            watch_filter=None,
            debounce=200,
            step=50,
            stop_event=self.stopping,
            rust_timeout=1_000,
            yield_on_timeout=True,
            raise_interrupt=False,
        )
        idle = AT_LEAST  # so the first round looks for what happened before the watch began
        for changed in changes:
            idle += 1
            if changed or idle > AT_LEAST:
                idle = 0
                yield
            if _inode(self._folder) != watched:
                return

    def _settle(self) -> None:
        """Compiles the files that are not being saved, again and again until none is."""
        moving = True
        while moving and not self.stopping.is_set():
            before = look(self._folder)
            if self.stopping.wait(APART):
                return
            after = look(self._folder)
            settled = {path: mark for path, mark in before.items() if after.get(path) == mark}
            moving = settled != after
            if settled == self._compiled:
                continue
            if any(path not in settled for path in after if not path.startswith(f"{content.RELEASES}/")):
                continue  # every release depends on the newsroom's own files: wait for them
            report = self._compile(settled)
            if report.unread:
                raise FeedsError("some files cannot be read at present")
            self._compiled = None if moving else settled


def look(folder: Path) -> dict[str, content.Signature]:
    """The signature of every file that matters, including the newsroom's own files."""
    listed = content.release_files(folder)
    sweep = listed.files | listed.media
    for path in sorted((*_own_files(folder), *folder.glob(f"{content.WORDS}/*"), *folder.glob(f"{content.THEME}/*"))):
        try:
            now = path.stat()
        except OSError:
            continue
        sweep[path.relative_to(folder).as_posix()] = (now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino)
    return sweep


def _own_files(folder: Path) -> Iterator[Path]:
    """The files beside newsroom.yaml: terms, logo and icon."""
    for path in folder.glob("*.*"):
        if path.suffix.lower() in _OWN_SUFFIXES and not content.is_ignored(path.name):
            yield path


def has_events(folder: Path, mounts: Path = Path("/proc/self/mountinfo")) -> bool:
    """Whether the kernel reports changes there; it does not where other machines write over a network."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return True
    place = str(folder.resolve())
    kinds = {}
    for line in lines:
        left, _, right = line.partition(" - ")
        point = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), left.split()[4])
        if place == point or place.startswith(point.rstrip("/") + "/"):
            kinds[len(point)] = right.split()[0]  # of two mounts at one point the later one hides the earlier
    return not kinds or not kinds[max(kinds)].startswith(_NO_EVENTS)


def _inode(folder: Path) -> int:
    """The inode of the folder, which tells it from another of the same name; 0 if there is none."""
    try:
        return folder.stat().st_ino
    except OSError:
        return 0
