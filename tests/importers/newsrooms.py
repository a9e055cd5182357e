"""A newsroom to import into, and what was written there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from feeds import content
from feeds.cli.commands import group
from feeds.content import SourceFile, read_story
from feeds.model.release import Release

NEWSROOM = """\
title: {en: City, fr: Ville}
subtitle: {en: News}
about: {en: About}
languages: [en, fr]
time_zone: Asia/Shanghai
authority: city.example,2020
author: {name: City}
rights: {en: © City}
facets:
  - {name: topic, field: topics}
  - {name: genre, field: genre, one: true}
"""
TOPICS = """\
# What we write about.
wages:
  labels: {en: Wages, fr: Salaires}   # and pay
  aliases: [pay]
"""


def a_newsroom(path: Path) -> Path:
    """A content folder without releases."""
    data = path / "data"
    (data / "releases").mkdir(parents=True)
    for name, text in (("newsroom", NEWSROOM), ("topics", TOPICS), ("genre", "news: {labels: {en: News}}\n")):
        (data / f"{name}.yaml").write_text(text, encoding="utf-8")
    return data


def run(*arguments: str) -> str:
    """What a command prints. Raises what it raises."""
    done = CliRunner().invoke(group, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


class Imported:
    """A newsroom, and what the command said when something was imported into it."""

    def __init__(self, path: Path) -> None:
        self.data = a_newsroom(path)
        self.said: dict[str, Any] = {}

    def take(self, *sources: Path | str, **options: Any) -> list[dict[str, Any]]:
        """Imports, and returns what is said of each item."""
        flags = [part for name, value in options.items() for part in _flag(name, value)]
        self.said = json.loads(run("import", *map(str, sources), "--into", str(self.data), "--json", *flags))
        items: list[dict[str, Any]] = self.said["items"]
        return items

    def text(self, file: str) -> str:
        """What was written."""
        return (self.data / file).read_text(encoding="utf-8")

    def files(self) -> list[str]:
        """The release files."""
        return sorted(path.relative_to(self.data).as_posix() for path in (self.data / "releases").rglob("*.yaml"))

    def release(self, file: str, *translations: str) -> Release:
        """The one release of a file, or of the last of its translations, which must have no problem."""
        vocabulary, _ = content.read_newsroom(self.data)
        assert vocabulary
        sources = [SourceFile(each, (self.data / each).read_bytes()) for each in (file, *translations)]
        releases, problems = read_story(sources[0], sources[1:], vocabulary)
        assert not problems
        return releases[-1]


def _flag(name: str, value: Any) -> list[str]:
    flag = f"--{name.replace('_', '-')}"
    if value is True:
        return [flag]
    return [part for each in (value if isinstance(value, list) else [value]) for part in (flag, str(each))]
