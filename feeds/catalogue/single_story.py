"""Checks one story by itself: it is read and rendered as for the catalogue, and nothing is kept.

Problems between stories, such as two with one address or a link that leads nowhere, are not looked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from feeds.catalogue.compression import Packing
from feeds.catalogue.media_search import MediaLocation
from feeds.catalogue.release_rows import StoryReader, StorySource, Task
from feeds.catalogue.tables import vocabulary_to_json
from feeds.database import moment
from feeds.model.problems import Problem
from feeds.model.release import Release
from feeds.model.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class CheckedStory:
    """What is known of a story when only its own files have been read."""

    problems: tuple[Problem, ...]
    """Sorted."""
    releases: tuple[Release, ...]
    """The sound ones that are no drafts."""
    begins: tuple[datetime, ...]
    """When its editions begin, sorted."""


class StoryChecker:
    """Checks stories of one newsroom. Files beside releases are inspected, not stored."""

    def __init__(self, folder: Path, vocabulary: Vocabulary, base_url: str, largest_file: int) -> None:
        location = MediaLocation(None, largest_file)
        self._reader = StoryReader(StorySource(folder, vocabulary_to_json(vocabulary), base_url, location))

    def check(self, original: str, translations: Sequence[str]) -> CheckedStory:
        """Checks the story of these files, named by their paths in the content folder."""
        rows = self._reader.rows(Task(original, (original, *translations), ()))
        unpack = Packing().unpack
        shown = [row for row in rows.releases if row.editions]
        return CheckedStory(
            rows.problems,
            tuple(Release.model_validate_json(unpack(row.model)) for row in shown),
            tuple(sorted({moment(edition.since) for row in shown for edition in row.editions})),
        )
