"""Requests a second: this server with its hot path against nginx with a file compressed beforehand.

    python -m benchmarks.nginx [--rounds 5] [--seconds 3] [--connections 32] [--threads 2]

Needs nginx and wrk (Debian: nginx-light, wrk). Both serve the same gzip bytes over loopback with two workers, on the
same machine in the same run; wrk takes turns between them, and medians count. nginx is set up as an administrator
would: gzip_static, sendfile, tcp_nopush, an open-file cache, no access log. Exits with 1 if a share of nginx's
requests a second is missed: 0.40 for 200s, 0.35 for 304s.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.hot import PATH, feed

WORKERS = 2
TARGETS = {200: 0.40, 304: 0.35}
DEADLINE = 20  # seconds for a server to start

CONFIGURATION = """
{user}
worker_processes {workers};
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 100000000;
    open_file_cache max=100;
    types {{ application/atom+xml atom; }}
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {folder}/www;
        gzip_static on;
        gzip_vary on;
        add_header Cache-Control "public, max-age=300";
    }}
}}
"""


class Server(NamedTuple):
    """A server under load: its port, and the tag it gives its answer."""

    name: str
    port: int
    tag: str


def free_port() -> int:
    """A port of the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(name: str, port: int, command: list[str], folder: Path) -> Iterator[Server]:
    """A server in a process of its own, once it gives the bytes expected."""
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL) as process:
        try:
            yield Server(name, port, tag_of(process, port))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def tag_of(process: subprocess.Popen[bytes], port: int) -> str:
    """The tag of the feed, which is checked to be the one meant, compressed."""
    deadline = time.monotonic() + DEADLINE
    while process.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE)
        try:
            connection.request("GET", PATH, headers={"Accept-Encoding": "gzip"})
            response = connection.getresponse()
            assert gzip.decompress(response.read()) == feed().body
            return response.headers["ETag"]
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise SystemExit(f"a server did not start (exit code {process.poll()})")


def nginx(folder: Path, port: int) -> list[str]:
    """Write nginx's files and configuration; the command that starts it."""
    page = folder / "www" / PATH.lstrip("/")
    page.parent.mkdir(parents=True)
    page.write_bytes(feed().body)
    zipped = page.with_name(page.name + ".gz")
    zipped.write_bytes(gzip.compress(feed().body, 9, mtime=0))
    for path in (page, zipped):
        os.utime(path, (1.6e9, 1.6e9))
    user = "user root;" if os.geteuid() == 0 else ""
    configuration = folder / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder, port=port, workers=WORKERS, user=user))
    return [program("nginx"), "-p", str(folder), "-c", str(configuration)]


def ours(port: int) -> list[str]:
    """The command that starts the server as it is shipped."""
    code = f"from feeds.web.server import serve; serve('benchmarks.hot:hot_path', port={port}, workers={WORKERS})"
    return [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(Path(__file__).parents[1])!r}); {code}"]


def program(name: str) -> str:
    """Where a program lies; the end of the run without it."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if not found:
        raise SystemExit(f"{name} is not installed")
    return found


def requests_a_second(server: Server, status: int, options: argparse.Namespace) -> float:
    """What wrk counts in one round; any status but the one expected ends the run."""
    fields = ["Accept-Encoding: gzip"] + ([f"If-None-Match: {server.tag}"] if status == 304 else [])
    headers = [part for field in fields for part in ("-H", field)]
    load = [f"-t{options.threads}", f"-c{options.connections}", f"-d{options.seconds}s"]
    address = f"http://127.0.0.1:{server.port}{PATH}"
    output = subprocess.run(
        [program("wrk"), *load, *headers, address], capture_output=True, text=True, check=True
    ).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(output)
    found = re.search(r"Requests/sec:\s*([0-9.]+)", output)
    assert found, output
    return float(found[1])


def check(server: Server, status: int) -> None:
    """That the load will be answered with this status."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=DEADLINE)
    conditional = {"If-None-Match": server.tag} if status == 304 else {}
    connection.request("GET", PATH, headers={"Accept-Encoding": "gzip"} | conditional)
    assert connection.getresponse().status == status, server.name
    connection.close()


def compare(servers: list[Server], status: int, options: argparse.Namespace) -> bool:
    """Print the medians for one status; whether the target is met."""
    counts: dict[str, list[float]] = {server.name: [] for server in servers}
    for _ in range(options.rounds):
        for server in servers:
            check(server, status)
            counts[server.name].append(requests_a_second(server, status, options))
    medians = {name: median(found) for name, found in counts.items()}
    ratio = medians["feeds"] / medians["nginx"]
    met = ratio >= TARGETS[status]
    spread = ", ".join(f"{name} {medians[name]:,.0f} ({min(c):,.0f}-{max(c):,.0f})" for name, c in counts.items())
    print(f"{status}: {spread}; share {ratio:.2f} (target {TARGETS[status]:.2f}): {'met' if met else 'MISSED'}")
    return met


def machine() -> str:
    """The processor's model and number of cores."""
    information = Path("/proc/cpuinfo")
    text = information.read_text(encoding="utf-8") if information.exists() else ""
    found = re.search(r"model name\s*:\s*(.+)", text)
    return f"{found[1] if found else platform.machine()}, {os.cpu_count()} cores"


def main() -> int:
    """Compare 200s and 304s."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for name, default in (("rounds", 5), ("seconds", 3), ("connections", 32), ("threads", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    shown = subprocess.run([program("nginx"), "-v"], capture_output=True, text=True, check=True).stderr.strip()
    print(f"{machine()}; Python {platform.python_version()}, granian {version('granian')}, {shown}")
    sizes = f"{len(feed().body):,} bytes, {len(gzip.compress(feed().body, 9)):,} in gzip"
    print(f"a feed of {sizes}; {WORKERS} workers each; wrk with {options.threads} threads,", end=" ")
    print(f"{options.connections} connections, {options.rounds} alternating rounds of {options.seconds} s; medians")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        ports = free_port(), free_port()
        with (
            running("nginx", ports[0], nginx(folder, ports[0]), folder) as theirs,
            running("feeds", ports[1], ours(ports[1]), folder) as mine,
        ):
            met = [compare([theirs, mine], status, options) for status in TARGETS]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
