"""The command `feeds init`, which makes a folder for a new newsroom."""

from __future__ import annotations

import os
import re
import shlex
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import click

from feeds import content
from feeds.cli import console
from feeds.errors import FeedsError
from feeds.i18n import own_time_zone
from feeds.model.facets import RESERVED, Facet, name_clashes
from feeds.model.problems import Problem
from feeds.model.vocabulary import Vocabulary

Answer = TypeVar("Answer")

_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
_FACET = re.compile(r"([a-z][a-z0-9]*(?:-[a-z0-9]+)*)(?::([a-z][a-z0-9]*(?:_[a-z0-9]+)*))?")


def init(
    folder: Path, title: str | None, languages: tuple[str, ...], timezone: str | None, base_url: str | None,
    facets: tuple[str, ...], *, yes: bool,
) -> None:  # fmt: skip
    """Makes a newsroom in a folder, and says what to do next."""
    if (folder / content.DATA / "newsroom.yaml").exists():
        raise FeedsError(f"{folder / content.DATA / 'newsroom.yaml'}: there is a newsroom already")
    ask = _Questions(asking=not yes and sys.stdin.isatty())
    start = content.Start(
        title=ask.answer("The newsroom's name", "--title", title, None, partial(content.answer, "title")),
        languages=ask.answer(
            "Languages, the newsroom's own first", "--language", _joined(languages), "en", _languages
        ),
        time_zone=ask.answer(
            "Time zone", "--timezone", timezone, own_time_zone(), partial(content.answer, "time zone")
        ),
        base_url=ask.answer("Web address of the newsroom", "--base-url", base_url, None, _base_url),
        facets=ask.answer(
            "What readers ask for releases by (in English, such as department topic country)",
            "--facet", _joined(facets), "topic", _facets,
        ),
    )  # fmt: skip
    today = datetime.now(ZoneInfo(start.time_zone)).date()
    files = content.content_files(start, today)
    vocabulary, warnings = _vocabulary(files)
    kept = _write(folder, {**files, **content.team_files(vocabulary)})
    for warning in warnings:
        console.out().print(str(warning), markup=False)
    for file in kept:
        console.out().print(f"{file} was there, and is left as it was", markup=False)
    console.out().print(f"{start.title}: made in {folder.resolve()}. Next:\n", markup=False)
    for command in _next_commands(folder, start.base_url):
        console.out().print(f"  {command}", markup=False)


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


@dataclass(frozen=True, slots=True)
class _Questions:
    """Takes the answers of the command line, and asks for the others."""

    asking: bool
    """Whether a person can answer: input is a terminal, and `--yes` is not given."""

    def answer(
        self, question: str, option: str, given: str | None, usual: str | None, read: Callable[[str], Answer]
    ) -> Answer:
        """What was given or is usual, as ``read`` takes it. On a terminal, asks until it is right."""
        if given is not None or not self.asking:
            written = usual if given is None else given
            if written is None:
                raise FeedsError(f"{option} is missing: nobody can guess it")
            try:
                return read(written)
            except FeedsError as error:
                raise FeedsError(f"{option}: {error}") from error
        while True:
            try:
                return read(click.prompt(question, default=usual, err=True))
            except FeedsError as error:
                console.err().print(str(error), markup=False)


def _joined(given: tuple[str, ...]) -> str | None:
    """The values of an option that may be repeated, as they are typed on a terminal; None if there is none."""
    return " ".join(given) if given else None


def _base_url(text: str) -> str:
    address = content.answer("web address", text).rstrip("/")
    if not _DOMAIN.fullmatch(urlsplit(address).hostname or ""):
        raise FeedsError(f"“{text}” names no domain (ids are made of it, as in https://news.example.org)")
    if "?" in address or "#" in address:
        raise FeedsError(f"“{text}” has a ? or # in it (leave out what begins there)")
    return address


def _languages(text: str) -> tuple[str, ...]:
    tags = [tag for tag in re.split(r"[\s,]+", text) if tag]
    if not tags:
        raise FeedsError("no language is named (write a language tag, as in en, fr or zh-Hans)")
    return tuple(dict.fromkeys(content.answer("language", tag) for tag in tags))


def _facets(text: str) -> tuple[Facet, ...]:
    found: dict[str, Facet] = {}
    for each in re.split(r"[\s,]+", text.strip()):
        match = _FACET.fullmatch(each)
        if match is None:
            advice = "write small letters a to z, digits and hyphens, as in department:departments"
            raise FeedsError(f"“{each}” is no name ({advice})")
        name = match[1]
        if name in RESERVED or name in found:
            why = "is given twice" if name in found else "has a meaning of its own in addresses"
            raise FeedsError(f"“{name}” {why} (choose another name)")
        field = match[2] or _plural(name)
        found[name] = Facet(name=name, field=field, codes="iso-3166-1" if name == "country" else None)
    for number, _, value in name_clashes(tuple(found.values()), content.FIELDS_TAKEN):
        facet = list(found.values())[number]
        advice = f"choose another field, as in {facet.name}:{facet.name.replace('-', '_')}_terms"
        raise FeedsError(f"“{value}” has a meaning of its own in files ({advice})")
    return tuple(found.values())


def _plural(name: str) -> str:
    """The English plural of a name, as a field: department is departments, country is countries.

    >>> [_plural(name) for name in ("department", "country", "press-team", "campus", "topics")]
    ['departments', 'countries', 'press_teams', 'campuses', 'topics']
    """
    word = name.replace("-", "_")
    if re.search("[^siu]s$", word):
        return word  # it is one already
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
