"""Compiles that are killed in the middle, run in a process of their own.

`python -m tests.catalogue.dying KIND FOLDER SEED`

Prints one line for each death: at which step, and whether readers then found the old or the new newsroom.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from tests.makers import NEWSROOM, Bench, a_newsroom, write, yaml

DEATHS = 24
FILES = [f"2021/2021-05-{n:02}-number-{n}.yaml" for n in range(1, 6)]
BEFORE, AFTER = "Before", "After"


def main(kind: str, path: Path, seed: int) -> None:
    """Lets compiles die at chance steps, the same ones for a seed."""
    chance = random.Random(seed)  # noqa: S311  # to repeat a failure, not to hide a secret
    afresh = kind == "afresh"
    bench = a_changed_newsroom(path / "counted")
    total = steps(bench, afresh=afresh)
    for death in range(DEATHS):
        bench = a_changed_newsroom(path / str(death))
        last = chance.randrange(total)
        assert killed_at(last, bench, afresh=afresh)
        found = seen(bench)
        bench.compile()
        assert seen(bench) == AFTER, "a compile after the death did not finish the work"
        print(f"step {last} of {total}: {found}")  # noqa: T201  # what this program is for
        shutil.rmtree(path / str(death))


def a_changed_newsroom(path: Path) -> Bench:
    """Compiled, and then every file changed."""
    files = {name: a_text(name, BEFORE) for name in FILES}
    bench = Bench(a_newsroom(path, files, newsroom=NEWSROOM.replace("[en, zh-Hans, mn]", "[en]")))
    bench.compile()
    for name in FILES:
        write(bench.folder, name, a_text(name, AFTER))
    return bench


def a_text(name: str, title: str) -> str:
    return yaml(title=title, published=name[5:15], countries=["CN"])


def seen(bench: Bench) -> str:
    """Which newsroom readers find, checked at every address; it is never a mixture."""
    found = b"".join(part for each in bench.everything().values() for part in each if isinstance(part, bytes))
    titles = [title for title in (BEFORE, AFTER) if title.encode() in found]
    assert len(titles) == 1, f"readers see {titles}"
    for form in ("atom", "rss", "json"):
        assert bench.body(f"/feeds/country/cn.{form}").count("/releases/2021/number-5") > 0
    return titles[0]


def steps(bench: Bench, *, afresh: bool) -> int:
    """How many calls a whole compile makes."""
    count = 0

    def counting(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    traced(counting, lambda: bench.compile(afresh=afresh))
    return count


def traced(profile: Callable[[FrameType, str, Any], None], work: Callable[[], object]) -> None:
    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(None)


def killed_at(last: int, bench: Bench, *, afresh: bool) -> bool:
    """Compiles in a fork that kills itself, as hard as can be, at one call; whether it did."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    count = 0

    def dying(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")
        if count > last:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        traced(dying, lambda: bench.compile(afresh=afresh))
    finally:
        os._exit(os.EX_SOFTWARE)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
