"""Puts a newsroom's theme together: its style sheet with the addresses of fonts and pictures, and its templates.

The theme is no part of the vocabulary: entries do not depend on it, and when it changes no release is rendered again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from feeds import content
from feeds.addresses import MEDIA, SAFE_IN_NAMES
from feeds.catalogue.media_search import MediaLocation
from feeds.content import ThemeFolder
from feeds.errors import Success, attempt
from feeds.media import Unfit, inspect_theme_file
from feeds.model.media import MediaFile
from feeds.model.problems import Problem
from feeds.model.theme import Theme
from feeds.render import theme_pages as templates
from feeds.render.theme_pages import TemplateFault


def read_theme(folder: Path, location: MediaLocation, last: Theme) -> tuple[Theme, tuple[Problem, ...]]:
    """The theme of the newsroom in a content folder, and what is wrong with it.

    A style sheet that cannot be used stays as it was in the ``last`` theme. Raises OSError for errors of the machine.
    """
    found = attempt(lambda: _read(folder, location, last))
    if isinstance(found, Success):
        return found.value
    if isinstance(found.error, OSError):
        raise found.error
    message = f"cannot be read ({found.reason})"
    return last, (content.theme_problem(folder, "", message, "please report it, with the files in this folder"),)


def _read(folder: Path, location: MediaLocation, last: Theme) -> tuple[Theme, tuple[Problem, ...]]:
    there, told = content.read_theme(folder, templates.PAGES)
    problems = list(told)
    files = {}
    for name in there.files:
        file = inspect_theme_file(folder, name, location.most, location.store)
        if isinstance(file, Unfit):
            problems.append(content.theme_problem(folder, name, file.message, file.advice))
        else:
            files[name] = file
    missing = tuple(_missing(folder, there, files))
    problems += missing
    style = content.with_addresses(there.style, _addresses(files)) if there.style and not missing else ""
    former: tuple[MediaFile, ...] = ()
    if there.style_is_there and (there.style is None or missing):
        style = last.style
        former = tuple(file for file in last.files if _path(file) in style and file not in files.values())
    own = tuple(sorted(there.templates.items()))
    problems += problems_of_templates(folder, templates.static_faults(own))
    return Theme(style, own, (*former, *(files[name] for name in sorted(files)))), tuple(sorted(problems))


def problems_of_templates(folder: Path, faults: Iterable[TemplateFault]) -> Iterator[Problem]:
    """What is wrong with the templates of the theme in a content folder, as problems."""
    for fault in faults:
        place = (fault.line, 1 if fault.line else 0)
        yield content.theme_problem(folder, fault.name, fault.message, fault.advice, place)


def _missing(folder: Path, there: ThemeFolder, files: Mapping[str, MediaFile]) -> Iterator[Problem]:
    """The files that the style sheet names and that are not there, or cannot be used."""
    for name in sorted(there.named - files.keys()):
        position = content.position_of(there.style or "", name)
        if name in there.files:
            what, advice = f"“{name}” cannot be used", "put it right, as the problem with that file says"
        else:
            what, advice = content.missing_file(name, files)
        yield content.theme_problem(folder, content.STYLE, what, advice, position)


def _addresses(files: Mapping[str, MediaFile]) -> dict[str, str]:
    """By name, the addresses of files relative to a style sheet in `/static/`, whatever the newsroom's address is."""
    return {name: f"..{_path(file)}" for name, file in files.items()}


def _path(file: MediaFile) -> str:
    return f"{MEDIA}{file.digest}/{quote(file.file_name, safe=SAFE_IN_NAMES)}"
