"""Forks are what `python -m` makes of a module, but for the imports."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.forks import Fork, Forks
from tests.tools import DEAD, ROOT, environment

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with closing(Forks()) as made:
        yield made


SETTINGS = {"FEEDS_LOG": "full", "TZ": "Asia/Ulaanbaatar", "PYTHONUNBUFFERED": "1"}


def said(process: Fork | subprocess.Popen[str]) -> tuple[int, str, str]:
    assert process.stdout
    assert process.stderr
    with process.stdout as out, process.stderr as err:
        return process.wait(DEAD), out.read(), err.read()


def begun(module: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, env=environment(**SETTINGS), text=True,
        start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.parametrize("how", ["ends", "fails", "ends with a thread", "is killed", "fails at its end"])
def test_a_fork_is_what_a_new_interpreter_would_be(forks: Forks, how: str) -> None:
    new = said(begun("tests.forked", how))
    assert said(forks.start("tests.forked", [how], environment(**SETTINGS))) == new
    assert json.loads(new[1])["arguments"] == [how]


def test_of_a_command_too(forks: Forks) -> None:
    wrong = ("list", "--data", "/nowhere")
    new = said(begun("feeds", *wrong))
    assert said(forks.start("feeds", wrong, environment(**SETTINGS))) == new
    assert new[0] == 1
    assert "/nowhere" in new[2]


def test_it_has_its_limits_and_nobody_else_has_them(forks: Forks) -> None:
    limited = forks.start("tests.forked", ["ends"], environment(), {"files": 64, "octets": 0})
    assert json.loads(said(limited)[1])["limits"] == [64, 0]
    assert json.loads(said(forks.start("tests.forked", ["ends"], environment()))[1])["limits"][0] != 64


def test_it_ends_when_told_to(forks: Forks) -> None:
    waiting = forks.start("tests.forked", ["waits"], environment())
    with pytest.raises(subprocess.TimeoutExpired):
        waiting.wait(0)
    assert os.getsid(waiting.pid) == waiting.pid
    waiting.terminate()
    assert said(waiting)[0] == -signal.SIGTERM
    waiting.terminate()
