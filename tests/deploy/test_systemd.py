"""The units in docs/deploy: systemd finds no fault with them, and they say what the other files say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from feeds.settings import Settings
from tests.conftest import Program
from tests.tools import ROOT

DEPLOY = ROOT / "docs/deploy"
UNITS = ("newsroom.socket", "newsroom.service")
EXPOSURE = 20
"""What `systemd-analyze security` may find at most, of 100: up to 20 it calls a service safe."""


@pytest.fixture
def units(tmp_path: Path, program: Program) -> list[str]:
    """The units with a command and a user that this machine has."""
    program("systemd-analyze")
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        text = text.replace("/srv/newsroom/.venv/bin/feeds", f"{sys.executable} -m feeds")
        (tmp_path / name).write_text(text.replace("User=newsroom", "User=daemon"), encoding="utf-8")
    return [str(tmp_path / name) for name in UNITS]


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)


def test_systemd_has_nothing_to_say_against_the_units(units: list[str]) -> None:
    done = analyze("verify", *units)
    found = [line for line in done.stderr.splitlines() if "newsroom" in line]
    assert (done.returncode, found) == (0, []), done.stderr


def test_the_service_may_do_little(units: list[str]) -> None:
    done = analyze("security", "--offline=yes", f"--threshold={EXPOSURE}", "--no-pager", units[1])
    assert done.returncode == 0, done.stdout


def test_its_settings_are_settings() -> None:
    text = (DEPLOY / "newsroom.service").read_text(encoding="utf-8")
    environ = dict(re.findall(r"(?m)^Environment=(\w+)=(.*)$", text))
    assert Settings.from_environment(environ).base_url == "https://press.example.org"
    for name in ("nginx.conf", "Caddyfile"):
        assert "press.example.org" in (DEPLOY / name).read_text(encoding="utf-8")
    listens = re.findall(r"(?m)^ListenStream=(.*)$", (DEPLOY / "newsroom.socket").read_text(encoding="utf-8"))
    for name in ("nginx.conf", "nginx-path.conf", "Caddyfile", "Caddyfile-path"):
        assert re.findall(r"127\.0\.0\.1:\d+", (DEPLOY / name).read_text(encoding="utf-8")) == listens
