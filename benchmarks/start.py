"""How long the command line takes to say what it can do, beside an empty Python and the import of Flask.

    python -m benchmarks.start

Method: new processes in turn, ten rounds: `python -c pass`, `python -c "import flask"`, and `feeds` with --version,
--help, and --help of two commands. Each takes the processor time of the child (user and system), so that other
processes on the machine matter little. Medians of the rounds' own ratios. Exits with 1 if one of them takes more
than importing Flask.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median

from benchmarks.newsrooms import machine

ROUNDS = 10
MOST = 1.0
"""Of the time that importing Flask takes."""

FEEDS = {
    "feeds --version": ("--version",),
    "feeds --help": ("--help",),
    "feeds check --help": ("check", "--help"),
    "feeds serve --help": ("serve", "--help"),
}


def seconds(*arguments: str) -> float:
    """The processor time of a new Python."""
    before = os.times()
    path = str(Path(__file__).parents[1])
    subprocess.run(
        [sys.executable, *arguments], env={**os.environ, "PYTHONPATH": path}, capture_output=True, check=True
    )
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> int:
    """Print the figures; 1 if a target is missed."""
    empty, flask = [], []
    taken: dict[str, list[float]] = {name: [] for name in FEEDS}
    for _ in range(ROUNDS):
        empty.append(seconds("-c", "pass"))
        flask.append(seconds("-c", "import flask"))
        for name, arguments in FEEDS.items():
            taken[name].append(seconds("-m", "feeds", *arguments))
    print(machine())
    worst = 0.0
    for name, found in taken.items():
        of_empty = median(each / max(base, 0.001) for each, base in zip(found, empty, strict=True))
        of_flask = median(each / max(base, 0.001) for each, base in zip(found, flask, strict=True))
        worst = max(worst, of_flask)
        print(f"{name}: {median(found):.2f} s, {of_empty:.1f} times an empty Python, {of_flask:.2f} of importing Flask")
    return int(worst > MOST)


if __name__ == "__main__":
    sys.exit(main())
