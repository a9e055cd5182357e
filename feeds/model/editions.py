"""The editions of a release: its state from one moment to the next.

A release is published, corrected and withdrawn, and its translations come and go. Between these moments nothing
changes. So everything that depends on time is settled here, once, at compile time: at any given time the edition
valid then may be seen. A scheduled release has no edition yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from feeds.model.release import Correction, Release, Withdrawal


@dataclass(frozen=True, slots=True)
class Edition:
    """A release as it is from ``since`` until just before ``until`` (None: for ever)."""

    release: Release
    since: datetime
    until: datetime | None
    updated: datetime
    """The last change that readers must be told of (RFC 4287, section 4.2.15)."""
    corrections: tuple[Correction, ...] = ()
    withdrawal: Withdrawal | None = None
    translations: tuple[tuple[str, str], ...] = ()
    """Language and path (2021/slug) of each visible version in another language."""
    announces: bool = True
    """Whether readers must be told of this edition: False for a silent change."""


def editions(release: Release, story: Iterable[Release]) -> tuple[Edition, ...]:
    """The editions of one release, oldest first; none for a draft. ``story`` is its original with all translations."""
    if release.draft:
        return ()
    others = [other for other in story if other.language != release.language and not other.draft]
    moments = sorted({moment for moment in _moments(release, others) if moment >= release.appears})
    made: list[Edition] = []
    for since in moments:
        edition = _at(release, others, since)
        if made and _alike(made[-1], edition):
            continue
        if made:
            made[-1] = replace(made[-1], until=since)
            edition = replace(edition, announces=edition.updated != made[-1].updated)
        made.append(edition)
    return tuple(made)


def _moments(release: Release, others: list[Release]) -> Iterable[datetime]:
    yield release.appears
    if release.updated:
        yield release.updated
    yield from (correction.date for correction in release.corrections)
    for each in (release, *others):
        if each.withdrawn:
            yield each.withdrawn.date
    yield from (other.appears for other in others)


def _at(release: Release, others: list[Release], now: datetime) -> Edition:
    corrections = tuple(c for c in release.corrections if c.date <= now)
    withdrawal = release.withdrawn if release.withdrawn and release.withdrawn.date <= now else None
    updates = [
        release.published,
        *([release.updated] if release.updated and release.updated <= now else []),
        *(correction.date for correction in corrections if correction.major),
        *([withdrawal.date] if withdrawal else []),
    ]
    visible = [
        (other.language, other.path)
        for other in others
        if other.appears <= now and not (other.withdrawn and other.withdrawn.date <= now)
    ]
    return Edition(release, now, None, max(updates), corrections, withdrawal, tuple(sorted(visible)))


def _alike(one: Edition, other: Edition) -> bool:
    return replace(one, since=other.since, until=other.until, announces=other.announces) == other
