"""The wheel of this package, and an environment in which it is installed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.installed import lend_libraries, run
from tests.tools import ROOT

SOURCES = ("pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the sources: building leaves files beside them."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    shutil.copytree(ROOT / "feeds", source / "feeds", ignore=shutil.ignore_patterns("__pycache__"))
    for name in SOURCES:
        shutil.copy(ROOT / name, source)
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", str(folder), str(source))
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def installed(wheel: Path) -> Path:
    """The Python of a new virtual environment with the wheel, and with the libraries of this one."""
    place = wheel.parent / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", str(place))
    python = place / "bin/python"
    run(sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel))
    lend_libraries(python)
    return python
