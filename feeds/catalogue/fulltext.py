"""Which releases hold the words somebody seeks: the full text index, filled when compiling, asked by keyword feeds.

Every word goes into the index's query between quotation marks, so nothing in it is ever taken for an operator. The
index is a set to look a release up in, read once; the releases are walked by date, newest first, until a page is full.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from feeds.model import search_words


def matching(words: tuple[str, ...]) -> str:
    """The query of the full text index (SQLite FTS5, section 3) for releases that have all of these words.

    >>> matching(("covid-19", "далан"))
    '"covid 19" AND "далн" *'
    """
    rows = (search_words.index_terms(word) for word in words)
    return " AND ".join(f'"{" ".join(row.terms)}"{" *" if row.prefix else ""}' for row in rows)


def newest(
    database: sqlite3.Connection, where: str, values: Mapping[str, str | int], most: int, heaviest: int
) -> list[tuple[int, int]]:
    """Edition and time of its last change of the releases found, the newest publication first.

    At most so many, and together not much heavier than so many bytes, but always one if there is one.
    """
    rows = database.execute(
        "SELECT e.key, e.updated, e.size FROM releases r INDEXED BY releases_by_date"
        f" CROSS JOIN editions e ON e.release = r.key WHERE {where} AND NOT e.withdrawn"
        " ORDER BY r.published DESC, r.id DESC LIMIT :most",
        {**values, "most": most},
    )
    found: list[tuple[int, int]] = []
    weight = 0
    for edition, updated, size in rows.fetchall():
        weight += size
        if found and weight > heaviest:
            break
        found.append((edition, updated))
    return found
