"""The state of the newsroom at `/healthz`, for load balancers and monitoring."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

import feeds
from feeds.catalogue import Snapshot
from feeds.catalogue.tables import SCHEMA
from feeds.concurrency.background import Trouble
from feeds.delivery import caches
from feeds.errors import FeedsError
from feeds.web.live_newsroom import LiveNewsroom

_log = logging.getLogger("feeds")

_FIRST = 5
"""How many files with problems are named; `feeds check` names them all."""


def newsroom_state(snapshot: Snapshot, now: datetime, *, full: bool) -> dict[str, object]:
    """How many releases are published, how old the newest change is in seconds, and how many problems there are.

    Anybody may ask, so it does not tell whether anything is scheduled. It is ``full`` if the operator says that nobody
    else can ask: with all problems, and the numbers of scheduled releases and drafts.
    """
    changed = snapshot.last_moment(now)
    problems = snapshot.problems.all() if full else snapshot.problems.public(now)
    state: dict[str, object] = {
        "status": "ok",
        "version": feeds.__version__,
        "releases": snapshot.counts.visible(now),
        "changed": changed.isoformat() if changed else None,
        "age": int((now - changed).total_seconds()) if changed else None,
        "problems": len(problems),
        "files": sorted({problem.file for problem in problems if problem.file})[:_FIRST],
        "catalogue": SCHEMA,
    }
    if full:
        known = snapshot.reports.inventory(now)
        state |= {"scheduled": known.scheduled, "drafts": known.drafts}
    return state


def with_troubles(state: dict[str, object], troubles: Sequence[Trouble]) -> dict[str, object]:
    """The state, as degraded if background work fails; readers are served all the same."""
    if not troubles:
        return state
    reason = "; ".join(trouble.reason for trouble in troubles)
    since = min(trouble.since for trouble in troubles)
    return state | {"status": "degraded", "reason": reason, "since": since.isoformat(timespec="seconds")}


def purge_trouble(newsroom: LiveNewsroom) -> Trouble | None:
    """Why caches may have old answers, whichever process tells them of changes; None if all is well."""
    if not newsroom.settings.cache_keys:
        return None
    try:
        return caches.purge_trouble(newsroom.location)
    except FeedsError as error:  # the next compile puts the memory right, or says that it cannot
        _log.info("not known whether caches are told of changes: %s", error)
        return None
