"""Everything that must hold, in one command: ``python -m tests`` (arguments go to pytest)."""

from __future__ import annotations

import subprocess
import sys

CHECKS = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
    "tests": ["pytest"],
}


def main(arguments: list[str]) -> int:
    """Runs every check, even after one has failed, and says at the end which did."""
    failed = []
    for name, (tool, *options) in CHECKS.items():
        sys.stdout.write(f"== {name}\n")
        sys.stdout.flush()
        more = arguments if name == "tests" else []
        if subprocess.run([sys.executable, "-m", tool, *options, *more], check=False).returncode:
            failed.append(name)
    sys.stdout.write(f"== {'failed: ' + ', '.join(failed) if failed else 'all good'}\n")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
