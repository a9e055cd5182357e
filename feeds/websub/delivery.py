"""Notices what changed and tells the hub, a turn at a time; when a turn is taken is somebody else's business."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from feeds.catalogue import CatalogueError
from feeds.catalogue.push_outbox import Outbox, PendingPush
from feeds.settings import Settings
from feeds.websub import client
from feeds.websub.changed_feeds import changed_feeds
from feeds.websub.client import Reply, Tell, Verdict

SETTLE = timedelta(seconds=1)
"""From a change to the word of it. A worker may answer with what it had for a quarter of a second longer."""

LONGEST_PAUSE = timedelta(hours=1)

ENOUGH = timedelta(days=7)
"""A feed that last changed so long ago is no longer worth telling of."""

MOST = 50
"""Words sent in one turn, before looking again whether something changed."""

_log = logging.getLogger("feeds")


def pause(tries: int) -> timedelta:
    """How long to wait after having told in vain ``tries`` times: 1, 2, 4 … seconds, an hour at most.

    >>> [pause(tries).total_seconds() for tries in (1, 2, 3, 12, 13, 500)]
    [1.0, 2.0, 4.0, 2048.0, 3600.0, 3600.0]
    """
    return min(timedelta(seconds=2 ** min(tries - 1, 20)), LONGEST_PAUSE)


class Courier:
    """Carries word from one catalogue to its newsroom's hub. For one thread, of the one process that may send."""

    def __init__(self, path: Path, settings: Settings, *, tell: Tell = client.tell, settle: timedelta = SETTLE) -> None:
        self._path = path
        self._settings = settings
        self._tell = tell
        self._settle = settle
        self._outbox: Outbox | None = None
        self._seen: tuple[int, datetime, datetime | None] | None = None
        self._base = ""
        self._hub: str | None = None
        self._unkept: tuple[PendingPush, Reply] | None = None

    def turn(self, now: datetime) -> bool:
        """Looks once, and sends what is due; whether more is due at once. Raises CatalogueError.

        After an error the next turn takes up where this one stopped.
        """
        try:
            outbox = self._opened()
            self._keep(outbox, now)
            self._look(outbox, now)
            return self._send(outbox, now)
        except CatalogueError:
            self.close()
            raise

    def close(self) -> None:
        """Lets go of the catalogue until the next turn."""
        if self._outbox:
            with suppress(CatalogueError):
                self._outbox.close()
        self._outbox = self._seen = None

    def _opened(self) -> Outbox:
        if self._outbox and not self._outbox.current:
            self.close()
        if self._outbox is None:
            self._outbox = Outbox(self._path)
        return self._outbox

    def _look(self, outbox: Outbox, now: datetime) -> None:
        version = outbox.version()
        if self._seen:
            seen, last, next_moment = self._seen
            if version == seen and last <= now and (next_moment is None or now < next_moment):
                return
        with outbox.reading() as state:
            self._hub = state.snapshot.vocabulary.newsroom.hub
            self._base = state.snapshot.base_url
            next_moment = state.snapshot.next_moment(now)
            found = changed_feeds(state, self._settings, now)
        outbox.record(found, now + self._settle)
        self._seen = (version, now, next_moment)

    def _send(self, outbox: Outbox, now: datetime) -> bool:
        owed = outbox.pending(now, now + 2 * LONGEST_PAUSE, MOST)
        for each in owed:
            if self._hub is None:
                return False
            reply = self._tell(self._hub, self._base + each.path)
            # What was told must not be told again only because the catalogue could not be written just then.
            self._unkept = (each, reply)
            if not self._keep(outbox, now):
                return False
        return len(owed) == MOST

    def _keep(self, outbox: Outbox, now: datetime) -> bool:
        """Writes down what came of the last word; whether to go on."""
        if self._unkept is None:
            return True
        owed, reply = self._unkept
        if reply.verdict is Verdict.HEARD:
            outbox.remove(owed.path)
        else:
            self._failed(outbox, owed, reply, now)
        self._unkept = None
        return reply.verdict is not Verdict.SILENT

    def _failed(self, outbox: Outbox, owed: PendingPush, reply: Reply, now: datetime) -> None:
        said = reply.reason or f"status {reply.status}"
        if now - owed.since > ENOUGH:
            _log.error("the hub %s was not told of %s: %s for %s", self._hub, owed.path, said, now - owed.since)
            outbox.remove(owed.path)
            return
        asked = min(timedelta(seconds=reply.retry_after), LONGEST_PAUSE)
        due = now + max(pause(owed.tries + 1), asked)
        what = f"refused {owed.path}" if reply.verdict is Verdict.REFUSED else reply.verdict.value
        _log.warning("the hub %s %s (%s): again at %s", self._hub, what, said, f"{due:%H:%M:%SZ}")
        outbox.retry(owed.path, due)
        if reply.verdict is Verdict.SILENT:
            outbox.postpone(now, due)
