"""Generated newsrooms of any size, the same in every run: 98 terms, releases of about 3 kB, with pictures and files."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml

COUNTRIES = (
    *("AR", "AU", "BD", "BR", "CA", "CL", "CN", "CO", "DE", "EG", "ES", "ET", "FR", "GB", "GH"),
    *("ID", "IN", "IT", "JP", "KE", "KR", "MN", "MX", "NG", "PE", "PH", "TH", "TR", "VN", "ZA"),
)
PROJECTS = tuple(f"project-{number}" for number in range(40))
TOPICS = tuple(f"topic-{number}" for number in range(25))
GENRES = ("news", "report", "statement")
_NEWSROOM = """\
title: {en: Generated newsroom}
subtitle: {en: News from thirty countries}
about: {en: "A newsroom of words drawn by lot."}
languages: [en]
time_zone: UTC
authority: example.org,2020
author: {name: Generated newsroom, email: press@example.org}
rights: {en: © Generated newsroom}
"""
_TEXT = (
    "the conference brought together partners from government workers and employers to discuss safety at work in small"
    " enterprises and what has to be done so that nobody is left without protection when a river rises or a mine closes"
)
_WORDS = _TEXT.split()
_FIRST = date(2000, 1, 1)
_DAYS = 9_000


def newsroom(folder: Path, releases: int) -> Path:
    """Writes a content folder with so many releases and gives it back."""
    (folder / "releases").mkdir(parents=True)
    (folder / "newsroom.yaml").write_text(_NEWSROOM, encoding="utf-8")
    terms = {"projects": PROJECTS, "topics": TOPICS, "genre": GENRES}
    for name, slugs in terms.items():
        lines = (f"{slug}: {{labels: {{en: {slug.replace('-', ' ').title()}}}}}\n" for slug in slugs)
        (folder / f"{name}.yaml").write_text("".join(lines), encoding="utf-8")
    (folder / "countries.yaml").write_text("".join(f"{code}: {{}}\n" for code in COUNTRIES), encoding="utf-8")
    for name, text in releases_of(releases):
        path = folder / "releases" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def fields_of(release: Path) -> dict[str, Any]:
    """What a release file says."""
    found: dict[str, Any] = yaml.load(release.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return found


def releases_of(count: int) -> Iterator[tuple[str, str]]:
    """Name and YAML of each of so many releases, oldest first, no two of one moment."""
    dice = Random(2021)  # noqa: S311 - words, not secrets
    for number in range(count):
        seconds = number * _DAYS * 86_400 // count
        day = _FIRST + timedelta(days=seconds // 86_400)
        yield f"{day:%Y}/{day}-release-{number}.yaml", _release(number, day, seconds % 86_400, dice)


def _release(number: int, day: date, second: int, dice: Random) -> str:
    """The YAML of one release: one to three countries, up to two projects, one to three topics."""
    paragraphs = "\n\n".join(f"  {' '.join(dice.choices(_WORDS, k=110))}." for _ in range(4))
    clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    files = [
        {
            "url": f"https://files.example.org/{number}-{each}.pdf",
            "title": f"Document {each}",
            "type": "application/pdf",
        }
        for each in range(dice.randrange(3))
    ]
    return (
        f"title: Release {number} on {' '.join(dice.choices(_WORDS, k=8))}\n"
        f"published: {day}T{clock}Z\n"
        f"summary: {' '.join(dice.choices(_WORDS, k=40))}.\n"
        f"countries: {_some(COUNTRIES, dice, 1, 3)}\n"
        f"projects: {_some(PROJECTS, dice, 0, 2)}\n"
        f"topics: {_some(TOPICS, dice, 1, 3)}\n"
        f"genre: {dice.choice(GENRES)}\n"
        f"image: {{src: 'https://files.example.org/{number}.jpg', alt: A picture, width: 1200, height: 800}}\n"
        f"attachments: {json.dumps(files)}\n"
        f"body: |\n{paragraphs}\n"
    )


def _some(slugs: tuple[str, ...], dice: Random, least: int, most: int) -> str:
    return f"[{', '.join(dice.sample(slugs, dice.randint(least, most)))}]"


def machine() -> str:
    """What the figures were made on."""
    cpu = "unknown processor"
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    for line in lines:
        if line.startswith("model name"):
            cpu = line.partition(":")[2].strip()
    return f"{cpu}, {sum(line.startswith('processor') for line in lines)} cores, CPython {platform.python_version()}"
