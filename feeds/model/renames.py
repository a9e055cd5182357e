"""Published releases whose id or address has changed: held back until their file says so.

Under a new id every subscriber would get the release a second time, and nothing can undo that. Until the editor writes
the missing line, the release stays published as it last was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feeds.model.release import Release


@dataclass(frozen=True, slots=True)
class Renamed:
    """A release with a new id or address, and the same release as readers know it."""

    release: Release
    known: Release

    @property
    def field(self) -> str:
        """The field that the editor must write."""
        return "aliases" if self.release.id == self.known.id else "id"

    @property
    def message(self) -> str:
        """The problem, for the editor."""
        if self.release.id == self.known.id:
            return f"readers know this release at {self.known.path}: it stays there as it last was"
        return f"readers know this release by another id: {self.known.path} stays as it last was"

    @property
    def advice(self) -> str:
        """The lines to write into the file."""
        lines = [] if self.release.id == self.known.id else [f"“id: {self.known.id}”"]
        if self.known.path not in (self.release.path, *self.release.aliases):
            lines.append(f"“aliases: [{', '.join((*self.release.aliases, self.known.path))}]”")
        return f"write {' and '.join(lines)}, or every subscriber would see it twice"


def renamed(found: Sequence[Release], known: Iterable[Release]) -> tuple[Renamed, ...]:
    """Finds the releases that readers know under another id or address."""
    by_id = {release.id: release for release in found}
    formers = {release.id: release for release in known}
    new = [release for release in found if release.id not in formers and not release.draft]
    told = []
    for former in formers.values():
        same = by_id.get(former.id)
        if same is None:
            alike = next((release for release in new if are_alike(former, release)), None)
            if alike:
                new.remove(alike)
                told.append(Renamed(alike, former))
        elif same.path != former.path and former.path not in same.aliases:
            told.append(Renamed(same, former))
    return tuple(told)


def are_alike(one: Release, other: Release) -> bool:
    """Whether two releases are most likely the same: of title, publication time and text, at most one differs."""
    same = (
        one.title == other.title,
        one.published == other.published,
        (one.summary, one.body) == (other.summary, other.body),
    )
    return one.language == other.language and sum(same) > 1
