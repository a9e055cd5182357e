"""Finds the logo and icon that newsroom.yaml names. What is missing or unfit is told, and the newsroom goes without."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from feeds import content
from feeds.media import MediaStore, Unfit, inspect_icon, inspect_logo
from feeds.model.problems import Problem
from feeds.model.vocabulary import Vocabulary

_INSPECT = {"logo": inspect_logo, "icon": inspect_icon}


def with_pictures(
    folder: Path, vocabulary: Vocabulary, store: MediaStore | None
) -> tuple[Vocabulary, tuple[Problem, ...]]:
    """The newsroom with its pictures, and what is wrong with them. Raises OSError for errors of the machine."""
    found = {}
    problems = []
    for field, inspect in _INSPECT.items():
        name = getattr(vocabulary.newsroom, field)
        if name is None:
            continue
        file = inspect(folder, name, store)
        if isinstance(file, Unfit):
            problems.append(content.newsroom_warning(folder, field, f"“{name}” {file.message}", file.advice))
        else:
            found[field] = file
    return replace(vocabulary, pictures=found), tuple(problems)
