"""Opens connections to a PostgreSQL server, and tells a server that refuses one from a server that is away.

libpq does not tell why it could not connect but in words, of which the server's are in its own language. So the server
is asked a second question: whether it takes connections at all. libpq's own question for that (PQping) would keep all
threads of this process waiting.
"""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Mapping
from typing import Any, cast

import psycopg
from psycopg.pq import Conninfo

_TIMEOUT = 5
"""Seconds within which a server has to answer."""

_SETTINGS = {
    "application_name": "newsroom-feeds",
    "connect_timeout": _TIMEOUT,
    # A server that vanished without a word is given up after seconds, not after the system's two hours.
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}

_PREPARED = 2
"""How often a statement is sent before the server keeps its plan."""

_START = struct.pack("!II", 33, 3 << 16) + b"user\0ping\0database\0ping\0\0"
"""A connection begins with it (PostgreSQL's manual, “Message Formats”, StartupMessage). Nobody is called so."""

_NOT_NOW = (b"57P03", b"53300")
"""Codes of a server that starts or ends, or has no room: cannot_connect_now, too_many_connections."""

_LONGEST = 10_000
"""Bytes of an answer that is read."""

_FULL = re.compile(r"too many|connection slots")
"""What a server says whose last places are kept for others than this user (53300 too)."""

_PREFIX = re.compile(
    r'connection (?:failed: |to server (?:at|on socket) "[^"]*"(?: \([^)]*\))?(?:, port \d+)? failed: )'
)
"""What says to which server: whoever reads of it knows."""


class RefusalError(psycopg.OperationalError):
    """The server takes connections, but not this one: it will not, whoever waits."""


def connected(address: Mapping[str, Any]) -> psycopg.Connection[Any]:
    """A connection. Raises RefusalError, or psycopg.OperationalError if the server is away.

    A server counts as away while it starts or ends, and while it has no room.
    """
    wanted = cast(Any, _SETTINGS | dict(address))
    try:
        return psycopg.connect(**wanted, autocommit=True, prepare_threshold=_PREPARED)
    except psycopg.OperationalError as error:
        if _FULL.search(str(error)) or _names_several(address) or not _answers(error):
            raise
    try:  # it may have started meanwhile
        return psycopg.connect(**wanted, autocommit=True, prepare_threshold=_PREPARED)
    except psycopg.OperationalError as error:
        raise RefusalError(_PREFIX.sub("", str(error))) from None


def _names_several(address: Mapping[str, Any]) -> bool:
    """Whether one of several servers is meant, or one of a kind: another one may be about to take its place."""
    known = {each.keyword.decode(): (each.val or b"").decode() for each in Conninfo.get_defaults()}
    known |= {name: str(value) for name, value in address.items()}
    return "," in known.get("host", "") + known.get("hostaddr", "") or known.get("target_session_attrs", "any") != "any"


def _answers(failed: psycopg.OperationalError) -> bool:
    """Whether the server to which a connection has failed takes connections: it asks who is there, or refuses nobody.

    No password is sent, and no name that is one.
    """
    if failed.pgconn is None or isinstance(failed, psycopg.errors.ConnectionTimeout):
        return False
    host, numeric, port = (each.decode() for each in (failed.pgconn.host, failed.pgconn.hostaddr, failed.pgconn.port))
    try:
        with _opened(numeric or host, port) as connection, connection.makefile("rb") as answer:
            connection.sendall(_START)
            kind, length = struct.unpack("!cI", answer.read(5))
            if kind == b"R":  # it asks for a password or the like
                return True
            fields = answer.read(min(length, _LONGEST)).split(b"\0")
            return kind == b"E" and not any(each == b"C" + code for each in fields for code in _NOT_NOW)
    except (OSError, struct.error):
        return False


def _opened(host: str, port: str) -> socket.socket:
    """A socket to a server; a host that begins with a slash is the folder of a Unix socket."""
    if not host.startswith("/"):
        return socket.create_connection((host, int(port)), timeout=_TIMEOUT)
    opened = socket.socket(socket.AF_UNIX)
    try:
        opened.settimeout(_TIMEOUT)
        opened.connect(f"{host}/.s.PGSQL.{port}")
    except OSError:
        opened.close()
        raise
    return opened
