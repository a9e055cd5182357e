"""Corrections and withdrawals of which no reader would be told, because of the moment they bear. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from feeds.content.faults import Fault
from feeds.content.raw_record import Draft
from feeds.model.release import Release

_SECOND = timedelta(seconds=1)


def silent(release: Release, draft: Draft) -> Iterator[Fault]:
    """One fault for each that bears a moment of which readers know something already.

    Feed readers tell a change by its moment (RFC 4287 section 4.2.15). Bare dates do this most of all: a release, its
    correction and its withdrawal on one day would all bear the same midnight. What is shown in silence is better than
    nothing, so it is not held back.
    """
    known = {release.published}
    for number, correction in enumerate(release.corrections):
        if correction.major:
            if correction.date in known:
                yield _fault(draft, f"corrections[{number}].date", correction.date)
            known.add(correction.date)
    # What a translation has taken over is a fault of its original.
    if release.withdrawn and release.withdrawn.date in known and "withdrawn" in draft.data:
        yield _fault(draft, "withdrawn.date", release.withdrawn.date)


def _fault(draft: Draft, path: str, moment: datetime) -> Fault:
    message = "readers are told nothing: they know something of this moment already"
    return draft.fault(path, message, f"write the time too: {(moment + _SECOND).isoformat()} or later", fatal=False)
