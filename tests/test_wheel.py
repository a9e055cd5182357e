"""The package as it is installed: all that it needs is in the wheel, and any WSGI server runs it from any folder."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.servers import Servers
from tests.tools import DEAD, ROOT, environment, free_port

pytestmark = pytest.mark.slow

SOURCES = ("pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
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


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """The Python of a new virtual environment with the wheel, and with the libraries of this one."""
    place = wheel.parent / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", str(place))
    python = place / "bin/python"
    run(sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel))
    packages = Path(run(str(python), "-Ic", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    # Folders that such a file names come last: the package itself is that of the wheel.
    libraries = [path for path in sys.path if path.endswith("site-packages")] or [sysconfig.get_path("purelib")]
    (packages / "libraries.pth").write_text("".join(f"{path}\n" for path in libraries), encoding="utf-8")
    return python


def run(*command: str, cwd: Path | None = None) -> str:
    """What a command prints, without our own paths of modules."""
    given = {name: value for name, value in environment().items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=cwd, env=given, capture_output=True, text=True, check=False, timeout=10 * DEAD
    )  # fmt: skip
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout


def test_the_wheel_has_every_file_of_the_package(wheel: Path) -> None:
    own = {str(path.relative_to(ROOT)) for path in (ROOT / "feeds").rglob("*") if path.is_file()}
    own = {path for path in own if "__pycache__" not in path}
    packed = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert packed == own
    assert {Path(path).suffix for path in own} >= {".html", ".css", ".po", ".js"}


def test_gunicorn_serves_a_new_newsroom_from_an_empty_folder(installed: Path, servers: Servers, tmp_path: Path) -> None:
    started = run(str(installed), "-Ic", "import feeds; print(feeds.__file__)", cwd=tmp_path).strip()
    assert Path(started).is_relative_to(installed.parents[1])
    init = ("--yes", "--title", "Harbour City", "--language", "en", "--language", "fr")
    run(str(installed), "-Im", "feeds", "init", *init, "--base-url", "https://press.example.org", cwd=tmp_path)
    port = free_port()
    gunicorn = [str(installed), "-Im", "gunicorn", "-b", f"127.0.0.1:{port}", "feeds.web:create_app()"]
    inside = ["sh", "-c", f'cd "{tmp_path}" && exec "$0" "$@"', *gunicorn]
    state = {"FEEDS_STATE": str(tmp_path / "state"), "FEEDS_BASE_URL": "https://press.example.org"}
    with servers.program(inside, port=port, **state) as server:
        assert "Harbour City" in server.body("/")
        assert 'lang="fr"' in server.body("/fr/")
        assert "https://press.example.org/feeds/all.atom" in server.body("/feeds/all.atom")
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["newsroom.yaml", "releases", "topics.yaml"]
