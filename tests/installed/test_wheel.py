"""The package as it is installed: all that it needs is in the wheel, and any WSGI server runs it from any folder."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.installed import run
from tests.servers import Servers
from tests.tools import ROOT, free_port

pytestmark = pytest.mark.slow


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
