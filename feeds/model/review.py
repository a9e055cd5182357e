"""Compares two states of a newsroom: what a change of the content folder does to subscribers, feed by feed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from feeds.model.selection import Selection


class ChangeKind(StrEnum):
    """What happens to a release in a feed."""

    NEW = "new"
    UPDATED = "updated"
    REANNOUNCED = "re-announced"
    """Subscribers get it again although its text is the same."""
    SILENT = "changed in silence"
    """Subscribers who have it already are not told."""
    UNCHANGED = "unchanged"
    WITHDRAWN = "withdrawn"
    LEAVES = "leaves this feed"
    """It has other terms now, and stays in other feeds."""
    VANISHED = "vanished"
    """Published, and now gone without a withdrawal."""
    SCHEDULED = "scheduled"
    UNSCHEDULED = "no longer scheduled"


FAULTS = frozenset({ChangeKind.REANNOUNCED, ChangeKind.VANISHED})
"""What should not happen to any subscriber."""


@dataclass(frozen=True, slots=True)
class ReleaseState:
    """A release in one of the two states that are compared."""

    id: str
    file: str
    language: str
    path: str
    title: str
    published: datetime
    """Its date."""
    appears: datetime
    """When readers first see it, as its file says: at ``announced`` if that is stated, else at ``published``."""
    updated: datetime
    withdrawn: bool
    corrected: bool
    terms: tuple[tuple[str, str], ...]
    entry: bytes
    """Its rendered entry."""
    text: str
    """The entry without its dates: it tells a new text from a new date."""
    late: bool = False
    """Whether readers are told of it later than its file says, since they know of something newer already."""
    coming: datetime | None = None
    """The time of its next scheduled correction, update or withdrawal."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What subscribers of one feed will see of one release."""

    feed: Selection
    kind: ChangeKind
    release: ReleaseState
    """As it is after the change; if it is gone, as it was before."""
    when: datetime | None = None
    """The time of what is scheduled."""


def review(before: Iterable[ReleaseState], after: Iterable[ReleaseState], now: datetime) -> tuple[Finding, ...]:
    """Compares two states, and says what subscribers of each feed will see. Sorted by feed and id."""
    old, new = ({each.id: each for each in state} for state in (before, after))
    found = []
    for id_ in sorted(old.keys() | new.keys()):
        was, is_ = old.get(id_), new.get(id_)
        feeds_before, feeds_after = _feeds(was), _feeds(is_)
        for feed in sorted(feeds_before | feeds_after):
            left = feed not in feeds_after and is_ is not None
            kind = _left(was, now) if left else _kind(was if feed in feeds_before else None, is_, now)
            shown = is_ or was
            if shown and kind:
                when = _when(shown, now) if kind is ChangeKind.SCHEDULED else None
                found.append(Finding(feed, kind, shown, when))
    return tuple(sorted(found, key=lambda each: (each.feed, each.release.id)))


def facets_gone(
    before: Sequence[str], after: Sequence[str], releases: Iterable[ReleaseState], now: datetime
) -> tuple[tuple[str, int], ...]:
    """The names of removed facets, each with the number of its terms that have published releases.

    The feeds of such terms answer 404 after the change.
    """
    gone = [name for name in before if name not in after]
    terms = {pair for release in releases if release.appears <= now for pair in release.terms}
    counted = ((name, sum(facet == name for facet, _ in terms)) for name in gone)
    return tuple((name, count) for name, count in counted if count)


@dataclass(frozen=True, slots=True)
class FormerFeedChange:
    """An old address of a feed that leads elsewhere after a change, or nowhere."""

    path: str
    before: str
    """The path of the feed to which it led."""
    after: str | None
    """None if it answers 404 now."""


def former_feeds_changed(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[FormerFeedChange, ...]:
    """Compares where old addresses lead: the paths of feeds by old address. Sorted by it; new ones are no change."""
    return tuple(
        FormerFeedChange(path, feed, after.get(path))
        for path, feed in sorted(before.items())
        if after.get(path) != feed
    )


def _when(release: ReleaseState, now: datetime) -> datetime | None:
    return release.appears if release.appears > now else release.coming


def by_feed(findings: Iterable[Finding]) -> Mapping[Selection, tuple[Finding, ...]]:
    """The findings by feed, without those of unchanged releases."""
    grouped: dict[Selection, list[Finding]] = {}
    for finding in findings:
        if finding.kind is not ChangeKind.UNCHANGED:
            grouped.setdefault(finding.feed, []).append(finding)
    return {feed: tuple(each) for feed, each in grouped.items()}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happens to a release in some feeds."""

    kind: ChangeKind
    when: datetime | None
    feeds: tuple[Selection, ...]
    """Sorted: the feed of all releases first."""


@dataclass(frozen=True, slots=True)
class ChangedRelease:
    """A release that subscribers see change."""

    release: ReleaseState
    changes: tuple[Change, ...]
    """Faults first."""

    @property
    def faulty(self) -> bool:
        """Whether one of the changes is a fault."""
        return any(change.kind in FAULTS for change in self.changes)


def by_release(findings: Iterable[Finding]) -> tuple[ChangedRelease, ...]:
    """The findings by release, without those of unchanged releases: the faulty releases first, then by file and id."""
    releases: dict[str, ReleaseState] = {}
    feeds: dict[str, dict[tuple[ChangeKind, datetime | None], list[Selection]]] = {}
    for finding in findings:
        if finding.kind is not ChangeKind.UNCHANGED:
            releases[finding.release.id] = finding.release
            kinds = feeds.setdefault(finding.release.id, {})
            kinds.setdefault((finding.kind, finding.when), []).append(finding.feed)
    made = [
        ChangedRelease(
            release,
            tuple(
                sorted(
                    (Change(kind, when, tuple(sorted(each))) for (kind, when), each in feeds[id_].items()),
                    key=lambda change: (change.kind not in FAULTS, change.feeds),
                )
            ),
        )
        for id_, release in releases.items()
    ]
    return tuple(sorted(made, key=lambda each: (not each.faulty, each.release.file, each.release.id)))


def _feeds(release: ReleaseState | None) -> frozenset[Selection]:
    """The feeds that a release is in: of all releases, of each term, of corrections. Combinations are left out."""
    if release is None:
        return frozenset()
    terms = {Selection.of(release.language, {facet: [slug]}) for facet, slug in release.terms}
    corrections = {Selection(release.language, corrections=True)} if release.corrected else set()
    return frozenset({Selection(release.language)} | terms | corrections)


def _left(was: ReleaseState | None, now: datetime) -> ChangeKind | None:
    return ChangeKind.LEAVES if was and was.appears <= now else None


def _kind(was: ReleaseState | None, is_: ReleaseState | None, now: datetime) -> ChangeKind | None:
    seen = was is not None and was.appears <= now
    if is_ is None:
        return ChangeKind.VANISHED if seen else ChangeKind.UNSCHEDULED
    if is_.appears > now:
        if seen:
            return ChangeKind.VANISHED
        return ChangeKind.UNCHANGED if was and was.entry == is_.entry else ChangeKind.SCHEDULED
    if was is None or not seen:
        return ChangeKind.NEW
    return _change(was, is_)


def _change(was: ReleaseState, is_: ReleaseState) -> ChangeKind:
    """What happens to a release that subscribers have already."""
    if is_.withdrawn and not was.withdrawn:
        return ChangeKind.WITHDRAWN
    if was.entry == is_.entry:
        if was.coming == is_.coming:
            return ChangeKind.UNCHANGED
        return ChangeKind.SCHEDULED if is_.coming else ChangeKind.UNSCHEDULED
    if was.updated == is_.updated or (is_.updated < was.updated and was.text != is_.text):
        return ChangeKind.SILENT
    return ChangeKind.REANNOUNCED if was.text == is_.text else ChangeKind.UPDATED
