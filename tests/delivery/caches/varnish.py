"""Varnish with the configuration of docs/varnish.vcl, in front of a server on this machine."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests.servers import HOST, Server, Servers
from tests.tools import DEAD, ROOT, free_port

VCL = ROOT / "docs" / "varnish.vcl"

_READY = """
sub vcl_recv {
    if (req.url == "/ready") {
        return (synth(200, "Ready"));
    }
}
"""


@dataclass(frozen=True)
class Seen:
    """An answer, as readers get it."""

    status: int
    headers: dict[str, str]
    """By their names in lower case."""
    body: str

    @property
    def is_held(self) -> bool:
        """Whether Varnish had it already: it names the request too for which it was fetched.

        Its counters do not say so at once: a thread adds what it has done when the others leave them alone.
        """
        return len(self.headers["x-varnish"].split()) == 2


@dataclass(frozen=True)
class Varnish:
    """A cache that is running."""

    server: Server
    folder: Path
    url: str
    """The address that takes requests to purge."""

    def get(self, path: str, method: str = "GET", **fields: str) -> Seen:
        """One request, over a new connection; ``sec_fetch_dest="document"`` is a header field."""
        connection = HTTPConnection(HOST, self.server.port, timeout=DEAD)
        try:
            named = {name.replace("_", "-"): value for name, value in fields.items()}
            connection.request(method, path, headers={"Connection": "close", **named})
            answer = connection.getresponse()
            return Seen(
                answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
            )
        finally:
            connection.close()

    def counted(self, name: str) -> int:
        """A counter of varnishstat: MAIN.cache_hit."""
        command = ["varnishstat", "-1", "-n", str(self.folder), "-f", name]
        (line,) = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        return int(line.split()[1])


@contextmanager
def a_varnish(servers: Servers, program: str, path: Path, backend: int, purge: int = 0) -> Iterator[Varnish]:
    """Varnish in front of the server at a port, which need not be there yet; ``purge`` is the port for purges."""
    port, purge = free_port(), purge or free_port()
    folder = path / "varnish"
    folder.mkdir()
    configuration = path / "test.vcl"
    text = VCL.read_text(encoding="utf-8")
    assert '"8000"' in text
    configuration.write_text(text.replace('"8000"', f'"{backend}"') + _READY, encoding="utf-8")
    command = [program, "-F", "-j", "none", "-n", str(folder), "-f", str(configuration)]
    command += ["-a", f"{HOST}:{port}", "-a", f"purge={HOST}:{purge}", "-s", "malloc,64m"]
    with servers.program(command, port=port, ready="/ready") as server:
        yield Varnish(server, folder, f"http://{HOST}:{purge}/")
