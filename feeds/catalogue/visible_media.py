"""The files beside releases that readers may see: those named by a visible release that is not withdrawn."""

from __future__ import annotations

from datetime import datetime

from feeds.catalogue.releases import VISIBLE
from feeds.database import Database, micros

_SEEN = f"""media m JOIN releases r ON r.key = m.release JOIN editions e ON e.release = r.key
    WHERE {VISIBLE} AND NOT e.withdrawn"""


class Media:
    """The files beside releases that readers may see."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def type_of(self, digest: str, name: str, now: datetime) -> str | None:
        """The media type of a file; None if readers may not see it."""
        row = self._database.execute(
            f"SELECT m.type FROM {_SEEN} AND m.digest = :digest AND m.name = :name LIMIT 1",
            {"digest": digest, "name": name, "now": micros(now)},
        ).fetchone()
        return str(row[0]) if row else None

    def visible(self, now: datetime) -> list[tuple[str, str]]:
        """Digest and name of every file that readers may see."""
        rows = self._database.execute(
            f"SELECT DISTINCT m.digest, m.name FROM {_SEEN} ORDER BY m.digest, m.name", {"now": micros(now)}
        )
        return [(digest, name) for digest, name in rows.fetchall()]
