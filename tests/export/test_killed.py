"""An export that is killed leaves each file old or new, and the next one finishes. A full disk changes nothing."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests.conftest import Seed
from tests.export.exporter import broken_links, contents, elsewhere, exported
from tests.makers import DAY, NEWSROOM, NOW, TOMORROW, Bench, a_newsroom, write, yaml
from tests.tools import ROOT, environment

KILLS = 200
STEPS = 3
"""Of an export, for each file."""

SECRET = b"SECRET"
_EXPORT = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from tests.export.exporter import exported
from tests.makers import Bench

bench, out = Bench(Path(sys.argv[1])), Path(sys.argv[2])
exported(bench, out)  # all that is imported and prepared once
print("ready", flush=True)
for line in sys.stdin:
    now, steps = line.split()
    child = os.fork()
    if not child:
        left = int(steps)
        def trace(event, arguments):
            global left
            writes = event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)
            if writes or event in ("os.rename", "os.remove", "os.utime", "os.mkdir", "os.rmdir"):
                left -= 1
                if not left:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(trace)
        exported(bench, out, datetime.fromisoformat(now))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Exports in a child for each line of its input, which names the moment, and after how many steps it is killed.

A step is what changes files. So the kills come at every point of an export and not at that which takes longest.
"""


def a_bench(tmp_path: Path) -> Bench:
    files = {
        f"2021/2021-05-{day:02}-day-{day}.yaml": yaml(published=f"2021-05-{day:02}", countries=["CN"], topics=["wages"])
        for day in range(1, 8)
    }
    files["2021/2021-06-25-secret.yaml"] = yaml(published=TOMORROW, title=SECRET.decode(), countries=["MN"])
    # In one language: others would be more files of the same kinds.
    newsroom = NEWSROOM.replace("[en, zh-Hans, mn]", "[en]")
    bench = Bench(a_newsroom(tmp_path, files, newsroom=newsroom))
    bench.compile(now=NOW)
    return bench


@pytest.mark.slow
def test_killed_at_any_point_it_leaves_each_file_old_or_new(tmp_path: Path, seed: Seed) -> None:
    dice = Random(seed(7))  # noqa: S311 - when to kill, no secret
    bench, out = a_bench(tmp_path), tmp_path / "out"
    command = [sys.executable, "-c", _EXPORT, str(bench.folder), str(out)]
    killed = partly = round_ = 0
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment()
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdout.readline()
        while killed < KILLS:
            now = NOW if killed < KILLS // 2 else NOW + DAY * 2
            old = contents(out)
            change(bench, round_)
            bench.compile(now=now)
            wanted = tmp_path / f"wanted-{round_}"
            kept = bench.location.path.with_suffix(".export")
            before = kept.read_bytes()
            exported(bench, wanted, now)
            kept.write_bytes(before)
            new, found = contents(wanted), old
            for _ in range(20):
                # A file is written beside, dated, and put in its place.
                steps = dice.randrange(1, STEPS * sum(found.get(name) != new.get(name) for name in {*found, *new}) + 8)
                process.stdin.write(f"{now.isoformat()} {steps}\n")
                process.stdin.flush()
                if int(process.stdout.readline()) != -signal.SIGKILL:
                    break
                killed += 1
                found = contents(out)
                partly += found not in (old, new)
                for name, content in found.items():
                    assert content in (old.get(name), new.get(name)), name
                    assert now > TOMORROW or SECRET not in content
                assert old.keys() & new.keys() <= found.keys()
                # What was there before links to nothing that is not there.
                reachable = {name for name in found if name in old}
                assert not broken_links(out, found, elsewhere(out) | elsewhere(wanted), reachable)
            exported(bench, out, now)
            assert contents(out) == new
            assert not list((out / ".feeds").glob("new"))
            round_ += 1
        process.stdin.close()
    print(f"\n{killed} kills in {round_} changes; {partly} when some files were in their places")  # noqa: T201
    assert partly > KILLS // 5


def change(bench: Bench, round_: int) -> None:
    """Another newsroom each time: a release comes, one changes, and one goes."""
    day = f"2021-06-{round_ % 20 + 1:02}"
    text = yaml(published=day, countries=["CN", "MN"], title=f"Number {round_}")
    write(bench.folder, f"2021/{day}-new-{round_}.yaml", text)
    write(bench.folder, "2021/2021-05-03-day-3.yaml", yaml(published="2021-05-03", title=f"Changed {round_}"))
    for former in bench.folder.glob(f"releases/2021/*-new-{round_ - 2}.yaml"):
        former.unlink()


def test_a_full_disk_changes_nothing_and_is_told(tmp_path: Path) -> None:
    bench, out = a_bench(tmp_path), tmp_path / "out"
    exported(bench, out)
    before = contents(out)
    write(bench.folder, "2021/2021-06-09-new.yaml", yaml(published="2021-06-09", body="Long. " * 9_000))
    bench.compile(now=NOW)
    code = (
        "import resource, signal, sys; from pathlib import Path; from tests.export.exporter import exported;"
        "from tests.makers import Bench; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, {resource.RLIM_INFINITY}));"
        "exported(Bench(Path(sys.argv[1])), Path(sys.argv[2]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(bench.folder), str(out)],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "cannot be written: File too large (what is there is whole; run it again)" in done.stderr
    assert contents(out) == before
    assert exported(bench, out).written
    assert (out / "releases/2021/new.html").exists()
