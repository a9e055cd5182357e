"""Finds the files of the content folder that a command names."""

from __future__ import annotations

import difflib
import os
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

from feeds import content
from feeds.errors import FeedsError
from feeds.model.vocabulary import Vocabulary


def vocabulary_of(folder: Path) -> Vocabulary:
    """The newsroom in a content folder. Raises FeedsError if there is none that can be read."""
    require_newsroom(folder)
    vocabulary, _ = content.read_newsroom(folder)
    if vocabulary is None:
        raise FeedsError(f"{folder / 'newsroom.yaml'} cannot be read (`feeds check` says why)")
    return vocabulary


def require_readable(folder: Path) -> None:
    """Raises FeedsError with all that is wrong if there is no newsroom in a content folder that can be read."""
    require_newsroom(folder)
    vocabulary, problems = content.read_newsroom(folder)
    if vocabulary is None:
        raise FeedsError("\n".join(map(str, problems)))


def require_newsroom(folder: Path) -> None:
    """Raises FeedsError if there is no newsroom.yaml in a folder."""
    if (folder / "newsroom.yaml").exists():
        return
    missing = f"no newsroom here: {folder / 'newsroom.yaml'} is missing"
    near = next((each for each in _near_folders() if (each / "newsroom.yaml").exists()), None)
    if near:
        raise FeedsError(f"{missing} (there is one in {near}: name it with --data {shlex.quote(str(near))})")
    raise FeedsError(f"{missing} (`feeds init` makes one)")


def _near_folders() -> Iterator[Path]:
    """Where somebody who stands in the wrong folder may have a newsroom: here, and in the folders around."""
    here = Path.cwd()
    for number, folder in enumerate((here, *here.parents)):
        above = Path(*[".."] * number)
        yield above
        yield above / content.DATA
        if (folder / ".git").exists():  # nothing above it belongs to this newsroom
            return


def release_file(folder: Path, named: str) -> str:
    """The path in the content folder of a release file.

    It may be named by its path from here, from the content folder or from its releases, or as in its address:
    2021/annual-report. Raises FeedsError if there is no such file.
    """
    files = content.release_files(folder).files
    inner = next((path for path in inner_paths(folder, named) if path in files), None)
    if inner:
        return inner
    if found := file_at_address(files, named):
        return found
    raise unknown_file(folder, files, named)


def inner_paths(folder: Path, named: str) -> Iterator[str]:
    """The paths in the content folder that a name may mean: seen from here, from that folder or from its releases."""
    top = _absolute(folder)
    for place in (Path(), folder, folder / content.RELEASES):
        path = _absolute(place / named)
        if path.is_relative_to(top):
            yield path.relative_to(top).as_posix()


def _absolute(path: Path) -> Path:
    """The path from the root, without “..”. No link is followed."""
    return Path(os.path.normpath(path.absolute()))


def file_at_address(files: Iterable[str], named: str) -> str | None:
    """The only one of these files with an address such as 2021/annual-report; None if there are others or none."""
    found = [file for file in files if _as_in_address(file) == named.removesuffix(".yaml")]
    return found[0] if len(found) == 1 else None


def unknown_file(folder: Path, files: Iterable[str], named: str) -> FeedsError:
    """The error that a name means no release file, with the one that was most likely meant."""
    spellings = {spelling for file in files for spelling in (Path(file).name, _as_in_address(file))}
    close = difflib.get_close_matches(named, spellings, 1) or difflib.get_close_matches(Path(named).name, spellings, 1)
    advice = f" (did you mean {close[0]}?)" if close else " (name it by its path)"
    return FeedsError(f"{named}: no release of {folder}{advice}")


def _as_in_address(file: str) -> str:
    """Year and name of a file without its date: 2021/annual-report, 2021/annual-report.fr."""
    name = content.FileName.of(file)
    if name is None or name.date is None:
        return ""
    return f"{name.date[:4]}/{name.slug}{f'.{name.language}' if name.language else ''}"
