"""What `/healthz` says of the newsroom, to load balancers and to the operator's monitoring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import feeds
from feeds.background import Trouble
from feeds.catalogue import Snapshot
from feeds.catalogue.tables import SCHEMA

_FIRST = 5
"""Files or problems that are named; `feeds check` names them all."""


def with_troubles(told: dict[str, object], troubles: Sequence[Trouble]) -> dict[str, object]:
    """The state with what keeps the background from its work: the newsroom answers, but not with the newest."""
    if not troubles:
        return told
    reason = "; ".join(trouble.reason for trouble in troubles)
    since = min(trouble.since for trouble in troubles)
    return told | {"status": "degraded", "reason": reason, "since": since.isoformat(timespec="seconds")}


def state(snapshot: Snapshot, moment: datetime, *, full: bool) -> dict[str, object]:
    """The newsroom's state as JSON has it: what is published, how old it is in seconds, what is wrong with it.

    Anybody may ask, so it says nothing of what is scheduled, neither that there is something nor when. Only where the
    operator says that nobody else can ask is it ``full``: with all problems, and how many releases are to come, but
    never which.
    """
    changed = snapshot.last_moment(moment)
    told: dict[str, object] = {
        "status": "ok",
        "version": feeds.__version__,
        "releases": snapshot.counts.visible(moment),
        "changed": changed.isoformat() if changed else None,
        "age": int((moment - changed).total_seconds()) if changed else None,
        "problems": snapshot.problems.public_count(moment),
        "files": snapshot.problems.public_files(moment)[:_FIRST],
        "catalogue": SCHEMA,
    }
    if full:
        problems = snapshot.problems.all()
        known = snapshot.reports.inventory(moment)
        told |= {
            "problems": len(problems),
            "files": sorted({problem.file for problem in problems if problem.file})[:_FIRST],
            "scheduled": known.scheduled,
            "drafts": known.drafts,
        }
    return told
