"""Finds releases that a passage may be from, by the full text index, to be compared with it elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from feeds.catalogue import fulltext
from feeds.catalogue.errors import readable
from feeds.catalogue.newest_releases import FEW, newest_releases
from feeds.catalogue.releases import EDITIONS, NEWEST_FIRST, VISIBLE, Releases, VisibleRelease
from feeds.database import Database, micros
from feeds.memory.feed_places import ALL, ALL_LANGUAGES
from feeds.model import search_words
from feeds.model.selection import Selection
from feeds.render.feed_values import Entry
from feeds.render.stored_entry import entry_from_json

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

    @property
    def terms(self) -> str:
        """The terms of its text with spaces around them, as the full text index gets them."""
        return f" {fulltext.text_of(self.former or self.visible.entry)} "


@dataclass(frozen=True, slots=True)
class Quotes:
    """Questions about which releases say something; scheduled ones and drafts are never found."""

    _database: Database
    _known: dict[str, list[int] | None] = field(default_factory=dict, compare=False)
    """By piece, the keys of the few releases that have it: a piece may be asked for twice."""

    def with_all(self, pieces: Sequence[str], now: datetime) -> list[Candidate]:
        """The newest releases that have all of these pieces; none if many have the first of them.

        The few that have it are read for the other pieces: to search the index for each would take as long again.
        """
        keys = self._few_keys(pieces[0]) if pieces else None
        if not keys or len(keys) > _MOST_OF_A_PIECE:
            return []
        terms = [_terms(piece) for piece in pieces[1:]]
        found = self._candidates(self._visible(fulltext.among(keys), len(keys), now), now)
        return [each for each in found for text in [each.terms] if all(piece in text for piece in terms)][:MOST]

    def candidates(self, pieces: Sequence[str], now: datetime) -> list[Candidate]:
        """The releases that have some of these pieces, those with the most of them first, then the newest.

        Each piece is some words that follow one another. Withdrawn releases are among them, as they were last shown.
        """
        number = Counter(edition for piece in pieces for edition in self._having(piece, now))
        found = self._candidates([edition for edition, _ in number.most_common(MOST)], now)
        return sorted(found, key=lambda each: (-number[each.visible.edition], -micros(each.visible.release.published)))

    def _candidates(self, editions: Sequence[int], now: datetime) -> list[Candidate]:
        visible = Releases(self._database).of(editions)
        return [Candidate(each, self._former(each.edition, now) if each.withdrawn else None) for each in visible]

    def _having(self, piece: str, now: datetime) -> list[int]:
        """The editions that have a piece, the newest first."""
        keys = self._few_keys(piece)
        if keys is None:
            which = f"e.key IN ({', '.join(map(str, self._newest_having(piece, now)))})"
        else:
            which = fulltext.among(keys)
        return self._visible(which, _MOST_OF_A_PIECE, now)

    def _few_keys(self, piece: str) -> list[int] | None:
        if piece not in self._known:
            self._known[piece] = fulltext.few_keys(self._database, (piece,), FEW)
        return self._known[piece]

    def _visible(self, which: str, most: int, now: datetime) -> list[int]:
        """The editions that readers may see, of releases that fulfil a condition; the newest first."""
        rows = self._database.execute(
            f"SELECT e.key FROM {EDITIONS} WHERE {which} AND {VISIBLE} {NEWEST_FIRST} LIMIT {most}",
            {"now": micros(now)},
        )
        return [edition for (edition,) in rows]

    def _newest_having(self, piece: str, now: datetime) -> list[int]:
        """The newest editions with a piece, by language, if many have it: no older ones are looked at than needed."""
        languages = self._database.execute(
            "SELECT language FROM bitmaps WHERE facet = ? AND slug = ? AND language <> ?", (*ALL, ALL_LANGUAGES)
        )
        return [
            each.edition
            for (language,) in languages.fetchall()
            for each in newest_releases(
                self._database, Selection(language, words=(piece,)), micros(now), _MOST_OF_A_PIECE, withdrawn=True
            )
        ]

    def _former(self, edition: int, now: datetime) -> Entry | None:
        """The entry of a release before it was withdrawn."""
        row = self._database.execute(
            "SELECT n.entry FROM editions e JOIN entries n ON n.edition = e.key"
            " WHERE e.release = (SELECT release FROM editions WHERE key = :edition)"
            " AND e.until <= :now AND NOT e.withdrawn ORDER BY e.since DESC LIMIT 1",
            {"edition": edition, "now": micros(now)},
        ).fetchone()
        with readable("a release"):
            return entry_from_json(self._database.unpack(row[0])) if row else None


def _terms(piece: str) -> str:
    """A piece as it stands among the terms of a text."""
    sought = search_words.index_terms(piece)
    return f" {' '.join(sought.terms)}{'' if sought.prefix else ' '}"
