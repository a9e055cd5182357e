"""Linter, formatter, types and tests in one command: ``python -m tests``.

``--quick`` leaves out the tests that need a browser, a server, another program or more than a moment; with
``--record-slow`` it writes anew which those are. ``--explore`` draws other random examples in every run. These and all
other arguments go to pytest.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

LINT = ["ruff", "check", "."]
FORMAT = ["ruff", "format", "--check", "."]
TYPES = ["mypy"]
WORKERS = min((os.cpu_count() or 1) + 1, 4)
"""One more than there are cores: many tests wait for servers and for moments, and leave theirs idle."""
TESTS = ["pytest", f"--numprocesses={WORKERS}", "--dist=loadscope", "--no-loadscope-reorder"]
MEMORY = Path("/dev/shm")
ROOM = 4_000_000_000
"""Octets that must be free there; the tests need a part of them at a time."""


def main(arguments: list[str]) -> int:
    """Runs every check, even after one has failed. Says at the end which did; if none, pytest's summary is the end."""
    # Hundreds of tests start Python: each time it would compile all modules again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    folder = _folder_in_memory()
    given = ["--override-ini=tmp_path_retention_policy=failed"] if folder else []
    failed = []
    try:
        # The types are checked while the tests run.
        types = subprocess.Popen(_python(TYPES), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for name, tool in (("lint", LINT), ("format", FORMAT), ("tests", [*TESTS, *given, *arguments])):
            sys.stdout.write(f"== {name}\n")
            sys.stdout.flush()
            if subprocess.run(_python(tool), check=False).returncode:
                failed.append(name)
        found, _ = types.communicate()
        if types.returncode:
            failed.append("types")
            sys.stdout.write(f"== types\n{found}")
    finally:
        if folder and "tests" not in failed:
            shutil.rmtree(folder, ignore_errors=True)
    if failed:
        sys.stdout.write(f"== failed: {', '.join(failed)}\n")
    return int(bool(failed))


def _folder_in_memory() -> str | None:
    """Has tests write into a folder in memory, where nobody waits for a disk; None where there is no room.

    What failed tests have written stays there. Who names a folder in TMPDIR gets that one.
    """
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return None
    found = os.statvfs(MEMORY)
    if found.f_flag & os.ST_NOEXEC or found.f_bavail * found.f_frsize < ROOM:
        return None
    os.environ["TMPDIR"] = tempfile.mkdtemp(dir=MEMORY)
    return os.environ["TMPDIR"]


def _python(tool: list[str]) -> list[str]:
    return [sys.executable, "-m", *tool]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
