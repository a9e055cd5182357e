"""The terms of the full text index, as SQLite's own tokenizer makes them: words without their endings."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from feeds.database import SqliteDatabase, connect_to_memory

TABLE = """
CREATE VIRTUAL TABLE fulltext USING fts5 (text, content = '', columnsize = 0,
    tokenize = 'porter unicode61 remove_diacritics 0');
"""
"""It holds no text, so nothing can be deleted from it: what is gone stays under a key that no release gets again."""

_own = threading.local()
_known: dict[str, str] = {}
"""The terms of single words, which searches ask for again and again: ten times as fast as to ask SQLite."""
_MOST_KNOWN = 20_000
"""Words that are kept, about 3 MB. When there are more, all are forgotten."""


def terms(text: str) -> list[str]:
    """The terms of a text in their order; it is spelled as `search_words.index_text` gives it.

    >>> terms("herders social insurance")
    ['herder', 'social', 'insur']
    """
    return terms_of_each([text])[0]


def term_of_each(words: Sequence[str]) -> list[str]:
    """The term of each of some words.

    >>> term_of_each(["insured", "dam"])
    ['insur', 'dam']
    """
    found = {word: _known.get(word) for word in words}
    new = [word for word, term in found.items() if term is None]
    if new:
        made = dict(zip(new, map(" ".join, terms_of_each(new)), strict=True))
        if len(_known) > _MOST_KNOWN:
            _known.clear()
        _known.update(made)
        found |= made
    return [found[word] or "" for word in words]


def terms_of_each(texts: Sequence[str]) -> list[list[str]]:
    """The terms of each of several texts.

    >>> terms_of_each(["insured", "insurance"])
    [['insur'], ['insur']]
    """
    database: SqliteDatabase | None = getattr(_own, "database", None)
    if database is None:
        database = _own.database = connect_to_memory()
        database.executescript(f"{TABLE} CREATE VIRTUAL TABLE terms USING fts5vocab (fulltext, instance);")
    database.executemany("INSERT INTO fulltext (rowid, text) VALUES (?, ?)", enumerate(texts))
    found: list[list[str]] = [[] for _ in texts]
    for number, _, term in sorted(database.execute("SELECT doc, offset, term FROM terms")):
        found[number].append(term)
    database.execute("INSERT INTO fulltext (fulltext) VALUES ('delete-all')")
    return found
