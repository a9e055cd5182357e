"""Reads the folder `theme/` beside newsroom.yaml: a style sheet, templates of pages, fonts and pictures.

A fault holds nothing back: readers get the style sheet as it last was, and the product's own template.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from feeds.content import text_checks
from feeds.content.faults import Fault, as_problems, quoted
from feeds.content.files import is_ignored, printable_path, read_bytes
from feeds.content.style_sheet import file_names
from feeds.model.problems import Problem
from feeds.model.vocabulary import nearest_word

FOLDER = "theme"
STYLE = "style.css"

FILES = (".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp", ".woff2")
"""Fonts and pictures."""

_MOST_FILES = 100
_NOT_READ = (".md", ".txt")
"""Licences of fonts, and notes."""


@dataclass
class ThemeFolder:
    """What lies in the folder."""

    style: str | None = None
    """The style sheet; None if there is none, or none that can be used."""
    style_is_there: bool = False
    named: frozenset[str] = frozenset()
    """The files that the style sheet names."""
    templates: dict[str, str] = field(default_factory=dict)
    """By name, sorted."""
    files: list[str] = field(default_factory=list)
    """Names of fonts and pictures, sorted."""


def read_theme(folder: Path, pages: Collection[str]) -> tuple[ThemeFolder, tuple[Problem, ...]]:
    """Reads the theme of the newsroom in a content folder, and all problems with it.

    ``pages`` are the names of the templates that may be replaced, without suffix. Raises OSError for errors of the
    machine, such as too many open files.
    """
    found = ThemeFolder()
    told: list[Problem] = []
    names = _names(folder, told)
    if names is None:
        return ThemeFolder(style_is_there=True), tuple(told)
    for name in names[:_MOST_FILES]:
        if name.lower().endswith(FILES):
            found.files.append(name)
        elif name == STYLE:
            found.style_is_there = True
            found.style, found.named = _style(folder, told)
        elif name.endswith(".html") and (name.startswith("_") or name[: -len(".html")] in pages):
            text = _text(folder, name, told)
            if text is not None:
                found.templates[name] = text
        elif not name.lower().endswith(_NOT_READ):
            told.append(theme_problem(folder, name, *_misnamed(name, pages)))
    if len(names) > _MOST_FILES:
        message = f"has {len(names):,} files and may have {_MOST_FILES}: the others are not read"
        told.append(theme_problem(folder, "", message, "delete those that no page needs"))
    return found, tuple(sorted(told))


def theme_problem(folder: Path, name: str, message: str, advice: str, place: tuple[int, int] = (0, 0)) -> Problem:
    """A warning about a file of the theme, or about the folder itself."""
    path = f"{FOLDER}/{name}" if name else FOLDER
    return Problem(printable_path(folder, path), *place, "", message, advice, fatal=False)


def _names(folder: Path, told: list[Problem]) -> list[str] | None:
    """The names of all files, sorted; None if the folder cannot be opened."""
    try:
        with os.scandir(folder / FOLDER) as entries:
            if (folder / FOLDER).is_symlink():
                told.append(theme_problem(folder, "", "is a link", "put the folder itself in its place"))
                return []
            found = []
            for each in entries:
                if is_ignored(each.name):
                    continue
                if not _is_text(each.name):
                    told.append(theme_problem(folder, each.name, "its name is not UTF-8", "give it another name"))
                elif each.is_dir(follow_symlinks=False):
                    told.append(theme_problem(folder, each.name, "is a folder", "move its files up: into theme/"))
                else:
                    found.append(each.name)
            return sorted(found)
    except FileNotFoundError:
        return []
    except NotADirectoryError:
        told.append(theme_problem(folder, "", "is a file", "put a folder of that name in its place"))
    except PermissionError as error:
        told.append(theme_problem(folder, "", f"cannot be opened: {error.strerror}", "look at its permissions"))
        return None
    return []


def _is_text(name: str) -> bool:
    """Whether a file's name is text: any other has lone surrogates in it."""
    return name.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in name)


def _misnamed(name: str, pages: Collection[str]) -> tuple[str, str]:
    """What is wrong with a name, and what to do."""
    stem, _, suffix = name.rpartition(".")
    if suffix == "css":
        return "is not read", f"write its rules into {STYLE}"
    if suffix not in ("html", "htm", "jinja", "j2"):
        return "is not read", f"a theme has {STYLE}, templates, fonts (.woff2) and pictures; move it out of this folder"
    near = nearest_word(stem.partition(".")[0], tuple(pages))
    advice = f"there are {', '.join(f'{each}.html' for each in sorted(pages))}; call parts of your own as in _part.html"
    return "no page has a template of this name", f"did you mean {near}.html?" if near else advice


def _style(folder: Path, told: list[Problem]) -> tuple[str | None, frozenset[str]]:
    text = _text(folder, STYLE, told)
    if text is None:
        return None, frozenset()
    names, faults = file_names(text)
    told += as_problems((replace(fault, fatal=False) for fault in faults), printable_path(folder, f"{FOLDER}/{STYLE}"))
    return (None, frozenset()) if faults else (text, names)


def _text(folder: Path, name: str, told: list[Problem]) -> str | None:
    """The text of a file; None if it cannot be read, and why is told."""
    raw = read_bytes(folder, f"{FOLDER}/{name}", "shorten it")
    if isinstance(raw, Problem):
        told.append(replace(raw, fatal=False))
        return None
    fault = _fault(raw)
    if fault:
        told.append(theme_problem(folder, name, fault.message, fault.advice, (fault.line, fault.column)))
        return None
    return raw.removeprefix(text_checks.BOM).decode().replace("\r\n", "\n").replace("\r", "\n")


def _fault(raw: bytes) -> Fault | None:
    too_large = text_checks.size_fault(len(raw), "shorten it")
    return too_large or text_checks.encoding_fault(raw) or text_checks.unreadable(raw)


def missing_file(name: str, there: Collection[str]) -> tuple[str, str]:
    """What is wrong with the name of a file that is not there, and what to do."""
    near = nearest_word(name, tuple(there))
    advice = f"did you mean {quoted(near)}?" if near else "put it into theme/, or delete the line"
    return f"there is no file {quoted(name)} in theme/", advice
