"""Watches the content folder, in a background thread, and has changed files compiled.

A half-saved file can be valid YAML without its last lines. So a file counts only when two looks, some time apart, find
it the same. Events say where to look. The whole folder is looked through too from time to time, and, where the file
system reports no events, up to twice a second.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

from watchfiles import watch

from feeds import content
from feeds.catalogue import CompileReport
from feeds.concurrency.background import Background, Turn
from feeds.content import PackedSignatures, Scope, Settled, Signature
from feeds.errors import Failure, FeedsError

APART = 0.2
"""Seconds between the two looks."""

SWEEP = 0.5
"""Seconds between two looks through the folder where there are no events."""

AT_LEAST = 30
"""Seconds after which the folder is looked through even if no event came."""

SHARE = 0.02
"""The share of time for looking through the whole folder: a very large one is looked through less often."""

MANY = 500
"""Changed paths at once; if there are more, the whole folder is looked through."""

_NO_EVENTS = ("nfs", "cifs", "smb", "fuse", "9p", "vboxsf", "virtiofs", "prl_fs", "afs", "ceph", "lustre")
_ESCAPED = re.compile(r"\\([0-7]{3})")  # proc(5): a space in a mount point is written \\040
_OWN_SUFFIXES = (".yaml", ".svg", ".png", ".jpg", ".jpeg", ".webp")
_log = logging.getLogger("feeds")


class Watcher(Background):
    """Calls ``compile_`` whenever something in the folder has changed.

    It gets the files that are not being saved, and the scope in which they were looked for: None for the whole folder.
    """

    def __init__(
        self,
        folder: Path,
        compile_: Callable[[Settled, Scope | None], CompileReport],
        how: str = "auto",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        lead: Turn | None = None,
    ) -> None:
        """``lead`` is the turn of the one process that follows the folder; None if all do."""
        at_fork = lead.after_fork if lead else lambda: None
        super().__init__("changes are not taken up", self._lead if lead else self._watch, clock, at_fork=at_fork)
        self._turn = lead
        self._folder = folder
        self._compile = compile_
        self._compiled: PackedSignatures | None = None
        """All files as they were when last compiled, if none was being saved; else None."""
        self._took = 0.0
        """Seconds that the last look through the whole folder took."""
        self._poll = how == "poll" or (how == "auto" and not has_events(folder))

    def _lead(self) -> None:
        if self._turn is None:
            return
        try:
            self._turn.take(self.succeeded)
            self._compiled = None  # somebody else has led until now
            self._watch()
        finally:
            self._turn.leave()

    def _watch(self) -> None:
        for scope in self._nudges():
            self._settle(scope)
            self.succeeded()

    def _nudges(self) -> Iterator[Scope | None]:
        """Yields the scope in which something may have changed; None for the whole folder."""
        while not self._poll and not self.stopping.is_set():
            try:
                yield from self._events()
            except (OSError, RuntimeError) as error:  # too many watches for the system, or the folder has gone
                _log.warning("%s: no events (%s); looking through it instead", self._folder, Failure(error).public)
                self._poll = True
        while not self.stopping.wait(max(SWEEP, self._took / SHARE)):
            yield None

    def _events(self) -> Iterator[Scope | None]:
        """Yields the scope of each event, and None now and then, until the watched folder is replaced by another."""
        watched = _inode(self._folder)
        changes = watch(
            self._folder.absolute(),
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
            if changed:
                yield self._scope_of({path for _, path in changed})
            if idle > max(AT_LEAST, self._took / SHARE):
                idle = 0
                yield None
            if _inode(self._folder) != watched:
                return

    def _scope_of(self, changed: Collection[str]) -> Scope | None:
        """Where to look if something has changed at these paths; None if it may be anywhere."""
        # Events name the folder as it is watched; a part of its path may be a link.
        folder = f"{self._folder.absolute()}/"
        inner = [path.removeprefix(folder) for path in changed]
        releases = all(path.startswith(f"{content.RELEASES}/") for path in inner)
        return Scope.of(inner) if releases and len(inner) <= MANY else None

    def _settle(self, scope: Scope | None = None) -> None:
        """Compiles the files that are not being saved, again and again until none is."""
        moving = True
        while moving and not self.stopping.is_set():
            looked = self._look_twice(scope)
            if looked is None:
                return
            settled, moving, must_wait = looked
            if must_wait:
                continue  # every release depends on the newsroom's own files
            report = self._compile(settled, scope)
            if report.unread:
                raise FeedsError("some files cannot be read at present")
            self._compiled = None if moving or scope else settled
            if report.elsewhere:
                scope, moving = None, True

    def _look_twice(self, scope: Scope | None) -> tuple[PackedSignatures, bool, bool] | None:
        """Looks twice: the files that did not change meanwhile, whether others did, whether one is the newsroom's own.

        None if nothing has changed since the last compile, or if the watcher ends.
        """
        before = self._look(scope)
        if scope is None and before == self._compiled:
            return None
        if self.stopping.wait(APART):
            return None
        after = self._look(scope)
        if before == after:
            return before, False, False
        settled = before & after
        own = scope is None and any(path not in settled for path, _ in _own_files(self._folder))
        return settled, settled != after, own

    def _look(self, scope: Scope | None) -> PackedSignatures:
        began = time.monotonic()
        found = PackedSignatures(look(self._folder, scope))
        if scope is None:
            self._took = time.monotonic() - began
        return found


def look(folder: Path, scope: Scope | None = None) -> Iterator[tuple[str, Signature]]:
    """Yields every file that matters with its signature, including the newsroom's own; or those in a scope."""
    for listed in content.folder_listings(folder, scope):
        yield from listed.files.items()
        yield from listed.media.items()
    if scope is None:
        yield from _own_files(folder)


def _own_files(folder: Path) -> Iterator[tuple[str, Signature]]:
    """The newsroom's own files with their signatures: its YAML files, logo and icon, words and theme."""
    beside = (path for path in folder.glob("*.*") if path.suffix.lower() in _OWN_SUFFIXES)
    own = (path for path in beside if not content.is_ignored(path.name))
    for path in (*own, *folder.glob(f"{content.WORDS}/*"), *folder.glob(f"{content.THEME}/*")):
        try:
            now = path.stat()
        except OSError:
            continue
        yield path.relative_to(folder).as_posix(), content.signature(now)


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
