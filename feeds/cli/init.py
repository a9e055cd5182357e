"""The command `feeds init`, which makes a folder for a new newsroom."""

from __future__ import annotations

import os
import re
import shlex
import sys
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import click

from feeds import content
from feeds.cli import console
from feeds.errors import FeedsError, Problem
from feeds.i18n import own_time_zone
from feeds.model.facets import RESERVED, Facet
from feeds.model.vocabulary import Vocabulary

_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
_FACET = re.compile(r"([a-z][a-z0-9]*(?:-[a-z0-9]+)*)(?::([a-z][a-z0-9]*(?:_[a-z0-9]+)*))?")


def init(
    folder: Path, title: str | None, languages: tuple[str, ...], timezone: str | None, base_url: str | None,
    facets: tuple[str, ...], *, yes: bool,
) -> None:  # fmt: skip
    """Makes a newsroom in a folder, and says what to do next."""
    if (folder / content.DATA / "newsroom.yaml").exists():
        raise FeedsError(f"{folder / content.DATA / 'newsroom.yaml'}: there is a newsroom already")
    ask = not yes and sys.stdin.isatty()
    start = content.Start(
        title=_answer("title", "--title", title or _asked(ask, "The newsroom's name", "--title")),
        languages=_languages(languages, ask=ask),
        time_zone=_answer("time zone", "--timezone", timezone or _asked(
            ask, "Time zone", "--timezone", own_time_zone())),
        base_url=_base_url(base_url or _asked(ask, "Web address of the newsroom", "--base-url")),
        facets=_facets(facets, ask=ask),
    )  # fmt: skip
    today = datetime.now(ZoneInfo(start.time_zone)).date()
    files = content.content_files(start, today)
    vocabulary, warnings = _vocabulary(files)
    kept = _write(folder, {**files, **content.team_files(vocabulary)})
    for warning in warnings:
        console.out.print(str(warning), markup=False)
    for file in kept:
        console.out.print(f"{file} was there, and is left as it was", markup=False)
    console.out.print(f"{start.title}: made in {folder.resolve()}. Next:\n", markup=False)
    for command in _next_commands(folder, start.base_url):
        console.out.print(f"  {command}", markup=False)


def _vocabulary(files: Mapping[str, str]) -> tuple[Vocabulary, tuple[Problem, ...]]:
    """The newsroom in these files, before any is written, and warnings. Raises FeedsError if they cannot be read."""
    with tempfile.TemporaryDirectory() as place:
        _write(Path(place), files)
        vocabulary, problems = content.read_newsroom(Path(place) / content.DATA)
    if vocabulary is None or any(problem.fatal for problem in problems):
        raise FeedsError("\n".join(map(str, problems)))
    return vocabulary, problems


def _next_commands(folder: Path, base_url: str) -> list[str]:
    enter = [] if folder.resolve() == Path.cwd() else [f"cd {shlex.quote(str(folder))}"]
    return [
        *enter,
        "feeds serve                    # shows it at http://127.0.0.1:8000/",
        "feeds check                    # says what is wrong in its files",
        f"FEEDS_BASE_URL={shlex.quote(base_url)} feeds serve   # for the world",
        "git config core.hooksPath .githooks   # checks before each commit",
    ]


def _asked(ask: bool, question: str, option: str, usual: str | None = None) -> str:
    if ask:
        return str(click.prompt(question, default=usual, err=True))
    if usual is None:
        raise FeedsError(f"{option} is missing: nobody can guess it")
    return usual


def _answer(question: str, option: str, text: str) -> str:
    try:
        return content.answer(question, text)
    except FeedsError as error:
        raise FeedsError(f"{option}: {error}") from error


def _base_url(text: str) -> str:
    address = _answer("web address", "--base-url", text).rstrip("/")
    if not _DOMAIN.fullmatch(urlsplit(address).hostname or ""):
        raise FeedsError(f"--base-url: “{text}” names no domain (ids are made of it, as in https://news.example.org)")
    return address


def _languages(given: tuple[str, ...], *, ask: bool) -> tuple[str, ...]:
    written = given or tuple(_asked(ask, "Languages, the newsroom's own first", "--language", "en").split())
    tags = (tag for text in written for tag in re.split(r"[\s,]+", text) if tag)
    return tuple(dict.fromkeys(_answer("language", "--language", tag) for tag in tags))


def _facets(given: tuple[str, ...], *, ask: bool) -> tuple[Facet, ...]:
    question = "What readers ask for releases by (in English, such as department topic country)"
    written = given or tuple(re.split(r"[\s,]+", _asked(ask, question, "--facet", "topic").strip()))
    found: dict[str, Facet] = {}
    for text in written:
        match = _FACET.fullmatch(text)
        if match is None:
            raise FeedsError(f"--facet: “{text}” is no name (write small letters a to z, as in department:departments)")
        name = match[1]
        if name in RESERVED or name in found:
            why = "is given twice" if name in found else "has a meaning of its own in addresses"
            raise FeedsError(f"--facet: “{name}” {why} (choose another name)")
        field = match[2] or _plural(name)
        found[name] = Facet(name=name, field=field, codes="iso-3166-1" if name == "country" else None)
    return tuple(found.values())


def _plural(name: str) -> str:
    """The English plural of a name, as a field: department is departments, country is countries.

    >>> [_plural(name) for name in ("department", "country", "press-team", "campus")]
    ['departments', 'countries', 'press_teams', 'campuses']
    """
    word = name.replace("-", "_")
    if re.search("[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"


def _write(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Writes files that are not there, and gives the paths of those that are."""
    kept = []
    for name, text in files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if os.path.lexists(path):
                kept.append(name)
                continue
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
            if name.startswith(".githooks/"):
                path.chmod(0o755)
        except OSError as error:
            raise FeedsError(f"{path}: cannot be written ({error.strerror})") from error
    return kept
