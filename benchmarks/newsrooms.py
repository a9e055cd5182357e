"""Generated newsrooms of any size: the bundled one's terms, and releases of about 3 kB, the same in every run."""

from __future__ import annotations

import platform
import shutil
from datetime import date, timedelta
from pathlib import Path
from random import Random

DATA = Path(__file__).parents[1] / "data"
_COUNTRIES = ("[CN]", "[MN]", "[CN, MN]")
_TOPICS = ("social-protection", "employment", "covid-19", "international-labour-standards", "social-dialogue")
_TEXT = (
    "the conference brought together partners from government workers and employers to discuss safety at work in small"
    " enterprises and what has to be done so that nobody is left without protection when a river rises or a mine closes"
)
_WORDS = _TEXT.split()


def newsroom(folder: Path, releases: int) -> Path:
    """Writes a content folder with so many releases and gives it back."""
    for file in DATA.glob("*.yaml"):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, folder)
    dice = Random(2021)  # noqa: S311 - words, not secrets
    first = date(2000, 1, 1)
    for number in range(releases):
        day = first + timedelta(days=number * 9_000 // releases)
        path = folder / "releases" / f"{day:%Y}" / f"{day}-release-{number}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(release(number, day, dice))
    return folder


def release(number: int, day: date, dice: Random) -> str:
    """The YAML of one release."""
    paragraphs = "\n\n".join(f"  {' '.join(dice.choices(_WORDS, k=110))}." for _ in range(4))
    seconds = number % 86_400
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return (
        f"title: Release {number} on {' '.join(dice.choices(_WORDS, k=8))}\n"
        f"published: {day}T{clock}+08:00\n"
        f"summary: {' '.join(dice.choices(_WORDS, k=40))}.\n"
        f"countries: {dice.choice(_COUNTRIES)}\n"
        f"topics: [{dice.choice(_TOPICS)}]\n"
        "genre: news\n"
        f"body: |\n{paragraphs}\n"
    )


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
