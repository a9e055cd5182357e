"""How much sooner a newsroom of 10,000 releases is ready when its catalogue is there already.

    python -m benchmarks.restart [RELEASES]

Method: the folder is generated once. In turn, three times, a new process (a) compiles it into an empty place, (b)
starts with the catalogue unchanged, (c) starts with one file changed. Each takes the time from the first line of its
own code until it has answered for a feed; the interpreter's start and the imports are the same in all of them and
are printed beside. Medians of the turns' own ratios. Exits with 1 if (a)/(b) is below 20 or if the compile alone is
less than 50 times faster in (c) than in (a).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.newsrooms import machine, newsroom

RESTART = 20
CHANGE = 50
TURNS = 3

READY = """
import os
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from feeds.settings import Settings
from feeds.web.live_newsroom import LiveNewsroom
begun = perf_counter()
live = LiveNewsroom(Settings.from_environment(os.environ), Path("unused"))
report = live.compile()
compiled = perf_counter() - begun
assert live.answer("/feeds/all.atom", "", datetime.now(UTC)).status == 200
print(report.stories, compiled, perf_counter() - begun)
"""


@dataclass(frozen=True)
class Start:
    """One process: stories it read, and seconds for the compile, until ready, and for the process as a whole."""

    stories: int
    compiled: float
    ready: float
    whole: float


def start(environ: dict[str, str]) -> Start:
    """A new process, until it is ready."""
    begun = perf_counter()
    done = subprocess.run([sys.executable, "-c", READY], env=environ, capture_output=True, text=True, check=True)
    stories, compiled, ready = done.stdout.split()
    return Start(int(stories), float(compiled), float(ready), perf_counter() - begun)


def main(releases: int) -> int:
    """Print the figures; 1 if a target is missed."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = newsroom(Path(scratch) / "data", releases)
        place = Path(scratch) / "catalogue"
        environ = os.environ | {"FEEDS_DATA": str(folder), "FEEDS_STATE": str(place)}
        some = sorted((folder / "releases").rglob("*.yaml"))[releases // 2]
        restarts, changes = [], []
        for turn in range(TURNS):
            shutil.rmtree(place, ignore_errors=True)
            first, again = start(environ), start(environ)
            some.write_text(some.read_text().replace("title: ", f"title: Again {turn} ", 1))
            changed = start(environ)
            assert (first.stories, again.stories, changed.stories) == (releases, 0, 1)
            restarts.append(first.ready / again.ready)
            changes.append(first.compiled / changed.compiled)
            for what, each in (("first", first), ("restart", again), ("one change", changed)):
                print(f"{what:>10}: ready in {each.ready:6.3f} s, whole process {each.whole:6.3f} s")
    print(machine())
    print(f"restart with {releases} unchanged: {median(restarts):.1f} times faster (at least {RESTART})")
    print(f"one of them changed: {median(changes):.1f} times faster (at least {CHANGE})")
    return int(median(restarts) < RESTART or median(changes) < CHANGE)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
