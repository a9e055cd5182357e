"""A PostgreSQL server, named by its address. Nothing here needs a library."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from feeds.errors import FeedsError

if TYPE_CHECKING:
    from feeds.database.postgresql import PostgresqlDatabase


class DatabaseError(FeedsError):
    """The server has refused a statement."""

    told_to_all = "the database refuses a question"

    def __init__(self, text: str, *, missing: bool = False) -> None:
        super().__init__(text)
        self.missing = missing
        """Whether there is no such table."""


class DatabaseAwayError(DatabaseError):
    """The server does not answer, or has ended the connection."""

    told_to_all = "the database does not answer"


class DatabaseRefusedError(DatabaseError):
    """The server answers, but does not take the connection: of this user, with this password, to this database."""

    told_to_all = "the database refuses the connection"


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
        """Texts that no message may show."""
        parts = urlsplit(self.url)
        return tuple(filter(None, (parts.password, *parse_qs(parts.query).get("password", ()))))

    def connect(self) -> PostgresqlDatabase:
        """A connection.

        Raises DatabaseAwayError if the server does not answer, DatabaseRefusedError if it does not take the connection,
        FeedsError without the library.
        """
        try:
            from feeds.database.postgresql import PostgresqlDatabase
        except ImportError as error:
            raise FeedsError("FEEDS_DATABASE needs a library: pip install 'newsroom-feeds[postgres]'") from error
        return PostgresqlDatabase(self)
