"""Finds the releases that a passage may be from, by the full text index. It is compared with their texts elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from feeds.catalogue import fulltext
from feeds.catalogue.engine import readable
from feeds.catalogue.releases import NEWEST_FIRST, VISIBLE, Releases, VisibleRelease
from feeds.database import Database, micros
from feeds.render.entry_json import entry_from_json
from feeds.render.types import Entry

_MOST_OF_A_PIECE = 50
"""Releases that are found for one piece of a passage."""
MOST = 10
"""Releases that a passage may be from."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A release that a passage may be from."""

    visible: VisibleRelease
    former: Entry | None
    """Of a withdrawn release, its entry before that."""


@dataclass(frozen=True, slots=True)
class Quotes:
    """Questions about which releases say something; what is scheduled or a draft says nothing."""

    _database: Database

    def candidates(self, pieces: Sequence[str], now: datetime) -> list[Candidate]:
        """The releases that have some of these pieces, those with the most of them first, then the newest.

        Each piece is some words that follow one another. Withdrawn releases are among them, as they were last shown.
        """
        number: Counter[int] = Counter()
        order: dict[int, int] = {}
        for piece in pieces:
            for edition, release in self._having(piece, now):
                number[edition] += 1
                order[edition] = release
        best = [edition for edition, _ in number.most_common(MOST)]
        visible = Releases(self._database).of(best)
        found = [
            Candidate(each, self._former(order[each.edition], now) if each.withdrawn else None) for each in visible
        ]
        return sorted(found, key=lambda each: (-number[each.visible.edition], -micros(each.visible.release.published)))

    def _having(self, piece: str, now: datetime) -> list[tuple[int, int]]:
        """The editions with their releases, the newest first."""
        keys, values = fulltext.found(self._database, (piece,))
        rows = self._database.execute(
            f"SELECT e.key, r.key FROM {keys} CROSS JOIN releases r ON r.key = f.found"
            f" JOIN editions e ON e.release = r.key WHERE {VISIBLE} {NEWEST_FIRST} LIMIT {_MOST_OF_A_PIECE}",
            {**values, "now": micros(now)},
        )
        return [(edition, release) for edition, release in rows]

    def _former(self, release: int, now: datetime) -> Entry | None:
        """The entry of a release before it was withdrawn."""
        row = self._database.execute(
            "SELECT n.entry FROM editions e JOIN entries n ON n.edition = e.key"
            " WHERE e.release = :release AND e.until <= :now AND NOT e.withdrawn ORDER BY e.since DESC LIMIT 1",
            {"release": release, "now": micros(now)},
        ).fetchone()
        with readable("a release"):
            return entry_from_json(self._database.unpack(row[0])) if row else None
