"""Opens connections to a PostgreSQL server, and tells a server that refuses one from a server that is away.

libpq says only in words why it could not connect, and the server's words are in the server's language. So the server is
asked a second question: whether it takes connections at all. libpq's own function for that (PQping) would make all
threads of this process wait.
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
    # A server that is gone without closing the connection is noticed in seconds, not in the system's two hours.
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}

_PREPARED = 2
"""How often a statement is executed before it is prepared on the server."""

_START = struct.pack("!II", 33, 3 << 16) + b"user\0ping\0database\0ping\0\0"
"""The first message of a connection (PostgreSQL's manual, “Message Formats”, StartupMessage). The user is invented."""

_NOT_NOW = (b"57P03", b"53300")
"""SQLSTATE codes of a server that starts, ends or is full: cannot_connect_now, too_many_connections."""

_LONGEST = 10_000
"""Bytes of an answer that are read at most."""

_FULL = re.compile(r"too many|connection slots")
"""What a server says that is full, or keeps its last connections for other users (53300 too)."""

_PREFIX = re.compile(
    r'connection (?:failed: |to server (?:at|on socket) "[^"]*"(?: \([^)]*\))?(?:, port \d+)? failed: )'
)
"""The part of a message that names the server: whoever reads the message knows which one it is."""


class RefusalError(psycopg.OperationalError):
    """The server takes connections, but refuses this one: to wait does not help."""


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
    """Whether the address names several servers, or wants one of a kind: another may be about to take over."""
    known = {each.keyword.decode(): (each.val or b"").decode() for each in Conninfo.get_defaults()}
    known |= {name: str(value) for name, value in address.items()}
    return "," in known.get("host", "") + known.get("hostaddr", "") or known.get("target_session_attrs", "any") != "any"


def _answers(failed: psycopg.OperationalError) -> bool:
    """Whether a server takes connections, although one to it has failed.

    It does if it wants to know who connects, or refuses for another reason than that it starts, ends or is full. No
    password is sent, and no real user name.
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
