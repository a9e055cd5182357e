"""A release that readers know, under another id or at another address: held back, with the way out.

Every subscriber would see it as a second one, and nothing takes that back; a release that waits for a line in its
file is still there for everybody as it last was. So in doubt it waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feeds.model.release import Release


@dataclass(frozen=True, slots=True)
class Renamed:
    """A release that stands under a name readers do not know, and the one they do."""

    release: Release
    known: Release

    @property
    def field(self) -> str:
        """The field that has to be written."""
        return "aliases" if self.release.id == self.known.id else "id"

    @property
    def message(self) -> str:
        """What is the matter."""
        if self.release.id == self.known.id:
            return f"readers know this release at {self.known.path}: it stays there as it last was"
        return f"readers know this release by another id: {self.known.path} stays as it last was"

    @property
    def advice(self) -> str:
        """The lines to write."""
        lines = [] if self.release.id == self.known.id else [f"“id: {self.known.id}”"]
        if self.known.path not in (self.release.path, *self.release.aliases):
            lines.append(f"“aliases: [{', '.join((*self.release.aliases, self.known.path))}]”")
        return f"write {' and '.join(lines)}, or every subscriber would see it twice"


def renamed(found: Sequence[Release], known: Iterable[Release]) -> tuple[Renamed, ...]:
    """Those of the releases found that readers know otherwise."""
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
    """Whether two releases are most likely one: of title, moment and text, no more than one differs."""
    same = (
        one.title == other.title,
        one.published == other.published,
        (one.summary, one.body) == (other.summary, other.body),
    )
    return one.language == other.language and sum(same) > 1
