"""The schedule of a newsroom: what will happen to its releases, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from feeds.model.release import Release


class Step(StrEnum):
    """What happens to a release."""

    PUBLICATION = "publication"
    UPDATE = "update"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True, order=True)
class Scheduled:
    """One step that is to come. Sorts by time."""

    when: datetime
    file: str
    """The file of the release in the content folder."""
    step: Step
    language: str
    title: str


def scheduled(releases: Iterable[tuple[str, Release]], now: datetime) -> tuple[Scheduled, ...]:
    """The steps after ``now``, the next first. ``releases`` are pairs of a file and a release; drafts have no steps."""
    return tuple(
        sorted(
            Scheduled(when, file, step, release.language, release.title)
            for file, release in releases
            if not release.draft
            for step, when in _steps(release)
            if when > now
        )
    )


def _steps(release: Release) -> Iterator[tuple[Step, datetime]]:
    yield Step.PUBLICATION, release.appears
    later = [(Step.CORRECTION, correction.date) for correction in release.corrections]
    if release.updated:
        later.append((Step.UPDATE, release.updated))
    if release.withdrawn:
        later.append((Step.WITHDRAWAL, release.withdrawn.date))
    # What is dated before readers first see it is in the release when they do.
    yield from ((step, when) for step, when in later if when > release.appears)
