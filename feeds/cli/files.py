"""Finds the release file that a command names."""

from __future__ import annotations

import difflib
from pathlib import Path

from feeds import content
from feeds.errors import FeedsError
from feeds.model.vocabulary import Vocabulary


def vocabulary_of(folder: Path) -> Vocabulary:
    """The newsroom in a content folder. Raises FeedsError if there is none that can be read."""
    if not (folder / "newsroom.yaml").exists():
        raise FeedsError(f"no newsroom here: {folder / 'newsroom.yaml'} is missing (`feeds init` makes one)")
    vocabulary, _ = content.read_newsroom(folder)
    if vocabulary is None:
        raise FeedsError(f"{folder / 'newsroom.yaml'} cannot be read (`feeds check` says why)")
    return vocabulary


def release_file(folder: Path, named: str) -> str:
    """The path in the content folder of a release file.

    It may be named by its path from here, from the content folder or from its releases, or as in its address:
    2021/annual-report. Raises FeedsError if there is no such file.
    """
    files = content.release_files(folder).files
    given = Path(named)
    for place in (Path(), folder, folder / content.RELEASES):
        path = (place / given).absolute()
        if path.is_relative_to(folder.absolute()):
            inner = str(path.relative_to(folder.absolute()))
            if inner in files:
                return inner
    by_address = [file for file in files if _as_in_address(file) == named.removesuffix(".yaml")]
    if len(by_address) == 1:
        return by_address[0]
    spellings = {spelling for file in files for spelling in (Path(file).name, _as_in_address(file))}
    close = difflib.get_close_matches(named, spellings, 1) or difflib.get_close_matches(given.name, spellings, 1)
    advice = f" (did you mean {close[0]}?)" if close else " (name it by its path)"
    raise FeedsError(f"{named}: no release of {folder}{advice}")


def _as_in_address(file: str) -> str:
    """Year and name of a file without its date: 2021/annual-report, 2021/annual-report.fr."""
    name = content.FileName.of(file)
    if name is None or name.date is None:
        return ""
    return f"{name.date[:4]}/{name.slug}{f'.{name.language}' if name.language else ''}"
