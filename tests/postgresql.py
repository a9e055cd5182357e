"""A PostgreSQL server for tests: its own, in a temporary folder, and asked through a socket that only this user has."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tests import tools

PASSWORD = "a secret/@:%"  # noqa: S105 - of servers that last as long as a test
"""Of the user `feeds`. It has signs that an address cannot have as they are."""

_numbers = count()


class Cluster:
    """A server with one database for each test that asks."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self.folder = folder
        self.data = folder / "data"
        self.port = tools.free_port()
        self.run(
            "initdb", "-D", str(self.data), "-U", "feeds", "-A", "scram-sha-256", "-N", "--pwfile", self._password()
        )
        self.start()

    def _password(self) -> str:
        file = self.folder / "password"
        file.write_text(f"{PASSWORD}\n")
        return str(file)

    def run(self, program: str, *arguments: str) -> None:
        """Runs a program of the server, as a user that it takes."""
        command = [str(self._programs / program), *arguments]
        if os.getuid() == 0:
            user = pwd.getpwnam("nobody")
            for path in (self.folder, *self.folder.iterdir()):
                os.chown(path, user.pw_uid, user.pw_gid)
            subprocess.run(
                command, check=True, capture_output=True, cwd=self.folder, user=user.pw_uid, group=user.pw_gid
            )
        else:
            subprocess.run(command, check=True, capture_output=True, cwd=self.folder)

    def start(self) -> None:
        """Starts it, and returns when it takes questions."""
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories={self.folder} -c fsync=off"
        )
        self.run("pg_ctl", "-D", str(self.data), "-l", str(self.folder / "log"), "-w", "-o", options, "start")

    def stop(self) -> None:
        """Stops it at once, as a crash would."""
        self.run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")

    def stop_when_nobody_is_connected(self) -> None:
        """Lets nobody in any more, and ends it when the last connection has ended."""
        self.run("pg_ctl", "-D", str(self.data), "-m", "smart", "-W", "stop")

    def restart(self) -> None:
        """Starts it, whether it has ended or not."""
        if (self.data / "postmaster.pid").exists():
            self.stop()
        self.start()

    def freeze(self) -> None:
        """Lets it say nothing to anybody, and yet keep every connection."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Lets it go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        main = int((self.data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        for process in (main, *map(int, children)):
            with suppress(ProcessLookupError):  # one that has just ended
                os.kill(process, number)

    @contextmanager
    def another_password(self) -> Iterator[None]:
        """Gives the user another password while the block lasts, and ends all connections but the block's own."""
        import psycopg

        def change(connection: psycopg.Connection[Any], password: str) -> None:
            connection.execute(f"ALTER ROLE feeds PASSWORD '{password}'")

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            change(connection, "changed")
            try:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
                )
                yield
            finally:
                change(connection, PASSWORD)

    def database(self) -> str:
        """The address of a new and empty database."""
        import psycopg

        name = f"news{next(_numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def url(self, name: str) -> str:
        """The address of a database."""
        return f"postgresql://feeds:a%20secret%2F%40%3A%25@127.0.0.1:{self.port}/{name}"


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A server, for as long as the block lasts. The test is skipped where there is none, and fails in CI."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin")) or [Path(tools.needs("initdb")).parent]
    folder = Path(mkdtemp(prefix="feeds-pg-", dir="/tmp"))  # the path of a socket must be short
    try:
        server = Cluster(found[-1], folder)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)
