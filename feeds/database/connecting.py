"""Opens connections to a PostgreSQL server, and tells a server that refuses one from a server that is away.

libpq has no code for why it could not connect, and a server says it in its own language. So a second question is asked,
the one of `pg_isready`: any server that takes connections answers it, whoever asks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo, PGconn, Ping

_SETTINGS = {
    "application_name": "newsroom-feeds",
    "connect_timeout": 5,
    # A server that vanished without a word is given up after seconds, not after the system's two hours.
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}

_PREPARED = 2
"""How often a statement is sent before the server keeps its plan."""

_NOBODY = {"user": "ping", "dbname": "ping", "password": "ping"}
"""Names that need not be there: the answer is the same, and no password leaves by a connection without TLS."""

_FULL = re.compile(r"too many|connection slots")
"""What a server says that has no room at present (53300)."""

_PREFIX = re.compile(r'connection (?:failed: |to server at "[^"]*"(?: \([^)]*\))?, port \d+ failed: )')
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
    except psycopg.errors.ConnectionTimeout:
        raise
    except psycopg.OperationalError as error:
        if _FULL.search(str(error)) or not _answers(address):
            raise
    try:  # it may have started meanwhile
        return psycopg.connect(**wanted, autocommit=True, prepare_threshold=_PREPARED)
    except psycopg.OperationalError as error:
        raise RefusalError(_PREFIX.sub("", str(error))) from None


def _answers(address: Mapping[str, Any]) -> bool:
    """Whether the one server that is meant takes connections, with TLS or without."""
    known = {each.keyword.decode(): (each.val or b"").decode() for each in Conninfo.get_defaults()}
    known |= {name: str(value) for name, value in address.items()}
    if "," in known.get("host", "") + known.get("hostaddr", "") or known.get("target_session_attrs", "any") != "any":
        return False  # another one of them may be about to take its place
    asked = dict(address) | _NOBODY | {"connect_timeout": _SETTINGS["connect_timeout"]}
    return any(
        PGconn.ping(make_conninfo(**(asked | without)).encode()) == Ping.OK for without in ({}, {"sslmode": "disable"})
    )
