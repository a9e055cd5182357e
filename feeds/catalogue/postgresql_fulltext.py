"""The full text index on a PostgreSQL server: the same terms at the same places as in SQLite's index.

The tokenizer of SQLite's index makes the terms on both engines, so that both find the same. A ``tsvector`` has them as
they are. It takes 256 places of one term, 16,383 in all: a longer text goes on in another row, which repeats enough
terms for a phrase that lies on both sides. So each word of a search is looked up by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from feeds.catalogue import tokenizer
from feeds.database import Database
from feeds.model import search_words

TABLE = """
CREATE TABLE fulltext (release BIGINT NOT NULL REFERENCES releases (key) ON DELETE CASCADE, words TSVECTOR NOT NULL);
CREATE INDEX fulltext_by_word ON fulltext USING gin (words);
CREATE INDEX fulltext_by_release ON fulltext (release);
"""

_MOST_OF_ONE = 256
_MOST = 8_000
"""Places in a row: half of what a ``tsvector`` takes, and far below the megabyte that it may have."""

_OVERLAP = search_words.LONGEST
"""Terms that two rows have in common: no word of a search has more."""

_LONGEST = 256
"""Characters of a term; a longer one is cut, and a digest of it is put after it."""


def insert(database: Database, texts: Iterable[tuple[int, str]]) -> None:
    """Makes releases findable by their texts, which come with their keys."""
    database.executemany(
        "INSERT INTO fulltext VALUES (?, CAST(? AS tsvector))",
        ((release, _vector(row)) for release, text in texts for row in _rows(_terms(text))),
    )


def condition(words: Sequence[str], which: str = "") -> tuple[str, dict[str, str]]:
    """The condition for a release r that has all words of a search, and its values.

    ``which`` is a further condition for a row of the index; it begins with AND.
    """
    conditions, values = _asked(words)
    return " AND ".join(f"r.key IN (SELECT release FROM fulltext WHERE {each}{which})" for each in conditions), values


def found(words: Sequence[str], which: str = "") -> tuple[str, dict[str, str]]:
    """A subquery for the keys ``f.found`` of all releases that have all words of a search, and its values."""
    conditions, values = _asked(words)
    keys = " INTERSECT ".join(
        f"SELECT DISTINCT release AS found FROM fulltext WHERE {each}{which}" for each in conditions
    )
    return f"({keys}) f", values


def _asked(words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """For each word of a search, the condition for a row of the index to have it; and the values of all."""
    queries = [_query(word) for word in words]
    if not all(queries):
        return ["FALSE"], {}
    values = {f"word{number}": query for number, query in enumerate(queries)}
    return [f"words @@ CAST(:{name} AS tsquery)" for name in values], values


@lru_cache(maxsize=1_000)
def _query(word: str) -> str:
    """A word as a query of terms that follow one another; empty if nothing can have it."""
    index_terms = search_words.index_terms(word)
    terms = [_quoted(term) for term in _terms(" ".join(index_terms.terms))]
    return " <-> ".join(terms) + (":*" if index_terms.prefix and terms else "")


def _terms(text: str) -> list[str]:
    return [_short(term) for term in tokenizer.terms(text)]


def _short(term: str) -> str:
    if len(term) <= _LONGEST:
        return term
    return f"{term[:_LONGEST]} {hashlib.blake2b(term.encode(), digest_size=16).hexdigest()}"


def _rows(terms: Sequence[str]) -> Iterator[dict[str, list[int]]]:
    """The terms with their places, in as many rows as it takes."""
    start = 0
    while start < len(terms):
        row: dict[str, list[int]] = {}
        for number, term in enumerate(terms[start : start + _MOST], 1):
            places = row.setdefault(term, [])
            if len(places) == _MOST_OF_ONE:
                break
            places.append(number)
        else:
            number = len(terms[start : start + _MOST]) + 1
        yield row
        start += number - 1
        if start < len(terms):
            start -= _OVERLAP


def _vector(row: dict[str, list[int]]) -> str:
    return " ".join(f"{_quoted(term)}:{','.join(map(str, places))}" for term, places in row.items())


def _quoted(term: str) -> str:
    doubled = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"
