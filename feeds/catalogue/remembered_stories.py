"""What the memory knows of stories that are to be read: the names that readers know, and releases as they last were."""

from __future__ import annotations

from dataclasses import dataclass

from feeds.database import Database, moment
from feeds.memory import seen_releases
from feeds.memory.seen_releases import SeenRelease
from feeds.model.renames import Known


@dataclass(frozen=True, slots=True)
class RememberedStories:
    """What readers have seen of stories. Without a memory they have seen nothing."""

    memory: Database | None
    fresh: bool
    """Whether it is asked for a new catalogue, which knows of nothing itself."""

    def known(self, story: str) -> tuple[Known, ...]:
        """The releases of a story that readers know."""
        return tuple(map(_known, seen_releases.of_story(self.memory, story))) if self.memory else ()

    def gone(self) -> tuple[Known, ...]:
        """The releases that readers knew and do not see any longer."""
        return tuple(map(_known, seen_releases.gone(self.memory))) if self.memory else ()

    def models(self, story: str) -> tuple[str, ...]:
        """The models of a story's releases that its files do not give any longer, as JSON: for a new catalogue."""
        if self.memory is None or not self.fresh:
            return ()
        return tuple(each.model for each in seen_releases.of_story(self.memory, story) if each.model and not each.gone)


def _known(release: SeenRelease) -> Known:
    return Known(
        release.id,
        release.language,
        release.path,
        moment(release.published),
        release.title,
        release.text,
        None if release.withdrawn is None else moment(release.withdrawn),
    )
