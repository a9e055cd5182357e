"""docs/start.md, followed word by word in an empty folder. Only ports are others, and nothing is downloaded."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Program
from tests.installed import lend_libraries, run
from tests.media.files import picture
from tests.servers import Servers
from tests.tools import ROOT, free_port

pytestmark = pytest.mark.slow

_BLOCK = re.compile(r"(?ms)(?:^`(?P<path>[^`\n]+)`\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$")
ADDRESS, PORT = "https://press.harbour.example", "8000"
ALONE = ("env", "-u", "PYTHONPATH")
"""Before a command: it runs the installed package, not the sources."""
NGINX = """\
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {server}
}}
"""


@dataclass(frozen=True)
class Block:
    """What the page says to type, to write into a file, or to expect."""

    path: str | None
    kind: str
    text: str


BLOCKS = [
    Block(found["path"], found["kind"], found["text"])
    for found in _BLOCK.finditer((ROOT / "docs/start.md").read_text(encoding="utf-8"))
]


def commands(first: str) -> str:
    """The commands of the block that begins so."""
    (found,) = (block.text for block in BLOCKS if block.kind == "sh" and block.text.startswith(first))
    return found


def file(ending: str) -> Block:
    """The file whose path ends so."""
    (found,) = (block for block in BLOCKS if block.path and block.path.endswith(ending))
    return found


class Newcomer:
    """Somebody with an empty folder and a picture, who types what the page says."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder = folder / "newsroom"
        self.folder.mkdir()
        pictures = folder / "home/Pictures"
        pictures.mkdir(parents=True)
        (pictures / "bridge.jpg").write_bytes(picture())
        self.settings = {
            "HOME": str(folder / "home"),
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(wheel.parent),
            "PIP_NO_DEPS": "1",
        }

    def types(self, text: str) -> str:
        """What the shell prints; after the installation the environment is active."""
        active = ". .venv/bin/activate\n" if (self.folder / ".venv").exists() else ""
        return run("bash", "-euc", active + text, cwd=self.folder, settings=self.settings)


def test_the_page_leads_to_a_public_newsroom(tmp_path: Path, wheel: Path, servers: Servers, program: Program) -> None:
    somebody = Newcomer(tmp_path, wheel)
    folder = somebody.folder
    somebody.types(commands("python3 -m venv"))
    lend_libraries(folder / ".venv/bin/python")
    somebody.types(commands("feeds init"))
    release = file(".yaml")
    assert somebody.types(commands("feeds new")).strip() == release.path
    assert release.path
    (folder / release.path).write_text(release.text, encoding="utf-8")
    somebody.types(commands("cp "))
    (expected,) = (block.text for block in BLOCKS if "to be seen" in block.text)
    assert somebody.types(commands("feeds check")) == expected

    port = str(free_port())
    typed = (
        f"unset PYTHONPATH; cd {folder} && . .venv/bin/activate && exec {commands('feeds serve').strip()} --port {port}"
    )
    own = {name: somebody.settings[name] for name in ("HOME", "PATH")}
    with servers.program(["bash", "-c", typed], port=int(port), **own) as server:
        assert 'alt="A tram on the new bridge"' in server.body("/releases/2026/new-bridge")

    unit = file(".service").text.replace("/srv/newsroom", str(folder)).replace(f"--port {PORT}", f"--port {port}")
    environ = dict(re.findall(r"(?m)^Environment=(\w+)=(.*)$", unit))
    (start,) = re.findall(r"(?m)^ExecStart=(.*)$", unit)
    front = str(free_port())
    text = file("newsroom.conf").text.replace("listen 80;", f"listen {front};").replace(PORT, port)
    (tmp_path / "nginx.conf").write_text(NGINX.format(folder=tmp_path, server=text), encoding="utf-8")
    nginx = [program("nginx"), "-e", "stderr", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)]
    with (
        servers.program([*ALONE, *start.split()], port=int(port), **own, **environ),
        servers.program(nginx, port=int(front)) as server,
    ):
        assert f"{ADDRESS}/releases/2026/new-bridge" in server.body("/feeds/all.atom")
        assert "Harbour City" in server.body("/")
        somebody.types(commands("export FEEDS_DATA"))
    assert (folder / "readers-have-seen.sqlite").stat().st_size > 0


def test_caddy_and_systemd_are_told_the_same_address_and_port() -> None:
    caddy, unit = file("Caddyfile").text, file(".service").text
    assert caddy.startswith(f"{ADDRESS.removeprefix('https://')} {{")
    assert f"reverse_proxy 127.0.0.1:{PORT}" in caddy
    assert f"FEEDS_BASE_URL={ADDRESS}\n" in unit
    assert f"--port {PORT}\n" in unit
