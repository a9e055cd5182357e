"""What any test may need: where things lie, programs, ports, and a way to wait."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

from feeds.media.drawing import can_draw

ROOT = Path(__file__).parents[1]
"""The checkout."""

DATA = ROOT / "data"
"""The bundled newsroom."""

DEAD = 60
"""Seconds after which whatever does not answer is taken for dead, on however busy a machine. Nothing else is timed."""

PAUSE = 0.02
"""Seconds between two looks at something that cannot tell by itself when it is ready."""

SAME, EXPLORE, QUICK = "same", "explore", "quick"
"""Profiles of Hypothesis: the same examples in every run; others in each run; a fifth of the same ones."""

_ports = count(10_000 + os.getpid() * 131 % 20_000)


def needs(*programs: str) -> str:
    """The path of the first of these programs that there is; without any the test is skipped, or fails in CI.

    Tests ask through the fixture ``program``, so that it shows which of them need one.
    """
    found = next(filter(None, map(shutil.which, programs)), None)
    if found:
        return found
    if os.environ.get("CI") == "true":
        pytest.fail(f"{programs[0]} is not installed: .ci/run installs it")
    pytest.skip(f"{programs[0]} is not installed")


def needs_fonts() -> None:
    """Skips the test where there are no fonts to draw with, or fails in CI."""
    if can_draw():
        return
    if os.environ.get("CI") == "true":
        pytest.fail("fonts-noto-core, fonts-noto-cjk or libfribidi0 is not installed: .ci/run installs them")
    pytest.skip("there are no Noto fonts, or no FriBiDi")


def examples(number: int) -> settings:
    """How many examples of a property are tried; with --quick a fifth of them."""
    return settings(max_examples=max(10, number // 5) if settings.get_current_profile_name() == QUICK else number)


def environment(**changes: str) -> dict[str, str]:
    """The environment of a subprocess: ours without any ``FEEDS_`` setting, and these changes."""
    return {name: value for name, value in os.environ.items() if not name.startswith("FEEDS_")} | changes


def python(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs Python in a process of its own, in the checkout; what it has printed and how it ended.

    A program has more to do than to answer, so it is taken for dead later.
    """
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT, env=environment(**settings), capture_output=True, text=True, check=False, timeout=10 * DEAD,
    )  # fmt: skip


def free_port() -> int:
    """A port of the loopback that nobody uses, and another one each time.

    It lies below those that the kernel gives to connections, and every process begins elsewhere: so nobody takes it
    before the server that it is for.
    """
    for port in _ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise AssertionError("there are no ports left")


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Looks again and again; fails when ``what`` should hold but does not come to."""
    for _ in range(round(DEAD / PAUSE)):
        if holds():
            return
        threading.Event().wait(PAUSE)
    raise AssertionError(f"not within {DEAD} seconds: {what}")
