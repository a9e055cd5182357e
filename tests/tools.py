"""Programs that some checks need: skipped on a bare machine, a failure where CI says that nothing may be skipped."""

from __future__ import annotations

import os
import shutil
import socket

import pytest


def needs(program: str) -> str:
    """The path of a program. Without it the test is skipped, or fails under ``CI=true``."""
    found = shutil.which(program)
    if found:
        return found
    if os.environ.get("CI") == "true":
        pytest.fail(f"{program} is not installed: .ci/run installs it")
    pytest.skip(f"{program} is not installed")


def free_port() -> int:
    """A port of the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
