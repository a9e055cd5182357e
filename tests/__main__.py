"""Linter, formatter, types and tests in one command: ``python -m tests``.

``--quick`` leaves out the tests that need a browser, a server, another program or seconds. ``--explore`` draws other
random examples in every run. These and all other arguments go to pytest.
"""

from __future__ import annotations

import os
import subprocess
import sys

LINT = ["ruff", "check", "."]
FORMAT = ["ruff", "format", "--check", "."]
TYPES = ["mypy"]
WORKERS = min((os.cpu_count() or 1) + 1, 4)
"""One more than there are cores: many tests wait for servers and for moments, and leave theirs idle."""
TESTS = ["pytest", f"--numprocesses={WORKERS}", "--dist=loadscope", "--no-loadscope-reorder"]


def main(arguments: list[str]) -> int:
    """Runs every check, even after one has failed. Says at the end which did; if none, pytest's summary is the end."""
    # Hundreds of tests start Python: each time it would compile all modules again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # The types are checked while the tests run.
    types = subprocess.Popen(_python(TYPES), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    failed = []
    for name, tool in (("lint", LINT), ("format", FORMAT), ("tests", [*TESTS, *arguments])):
        sys.stdout.write(f"== {name}\n")
        sys.stdout.flush()
        if subprocess.run(_python(tool), check=False).returncode:
            failed.append(name)
    found, _ = types.communicate()
    if types.returncode:
        failed.append("types")
        sys.stdout.write(f"== types\n{found}")
    if failed:
        sys.stdout.write(f"== failed: {', '.join(failed)}\n")
    return int(bool(failed))


def _python(tool: list[str]) -> list[str]:
    return [sys.executable, "-m", *tool]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
