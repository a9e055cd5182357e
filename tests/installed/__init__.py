"""The package as people install it, apart from the sources."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from tests.tools import DEAD, environment


def run(*command: str, cwd: Path | None = None, settings: Mapping[str, str] | None = None) -> str:
    """What a command prints, without our own paths of modules."""
    given = {name: value for name, value in environment(**settings or {}).items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=cwd, env=given, capture_output=True, text=True, check=False, timeout=10 * DEAD
    )  # fmt: skip
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def lend_libraries(python: Path) -> None:
    """Gives the libraries of this environment to another one, which could only download them."""
    packages = Path(run(str(python), "-Ic", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    # Folders that such a file names come last: the package itself is that of the wheel.
    libraries = [path for path in sys.path if path.endswith("site-packages")] or [sysconfig.get_path("purelib")]
    (packages / "libraries.pth").write_text("".join(f"{path}\n" for path in libraries), encoding="utf-8")
