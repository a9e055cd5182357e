"""The address of a PostgreSQL server. Needs no library before it connects."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from feeds.errors import FeedsError

if TYPE_CHECKING:
    from feeds.database.postgresql import PostgresqlDatabase


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL server with the name under which it keeps one newsroom."""

    url: str = field(repr=False)
    """As libpq takes it; what is missing comes from the ``PG*`` variables. It may hold a password."""
    name: str
    """The newsroom's own name: the names of its schemas begin with it, and its channel has it."""

    def __str__(self) -> str:
        return f"PostgreSQL at {urlsplit(self.url).hostname or 'its usual place'}"

    def lock(self, what: str) -> int:
        """The number of the advisory lock under which one process at a time does something for the newsroom."""
        return int.from_bytes(hashlib.blake2b(f"{self.name} {what}".encode(), digest_size=7).digest())

    @property
    def passwords(self) -> tuple[str, ...]:
        """The passwords in the address: no message may show them."""
        parts = urlsplit(self.url)
        return tuple(filter(None, (parts.password, *parse_qs(parts.query).get("password", ()))))

    def connect(self) -> PostgresqlDatabase:
        """A connection.

        Raises DatabaseAwayError if the server does not answer, DatabaseRefusedError if it does not take the connection,
        DatabaseError for a bad address, FeedsError if the library is not installed.
        """
        try:
            from feeds.database.postgresql import PostgresqlDatabase
        except ImportError as error:
            raise FeedsError("FEEDS_DATABASE needs a library: pip install 'newsroom-feeds[postgres]'") from error
        return PostgresqlDatabase(self.url, str(self), self.passwords)
