"""The errors of connections to a PostgreSQL server."""

from __future__ import annotations

from feeds.errors import FeedsError


class DatabaseError(FeedsError):
    """The server has refused a statement, or its address cannot be read."""

    told_to_all = "the database refuses a question"

    def __init__(self, text: str, *, missing: bool = False) -> None:
        super().__init__(text)
        self.missing = missing
        """Whether there is no such table or schema."""


class DatabaseAwayError(DatabaseError):
    """The server does not answer, or has ended the connection."""

    told_to_all = "the database does not answer"


class DatabaseRefusedError(DatabaseError):
    """The server answers, but does not take the connection: of this user, with this password, to this database."""

    told_to_all = "the database refuses the connection"
