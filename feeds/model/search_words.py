"""Search words: how a search and an indexed text become the same terms.

Case does not count, nor do accents on Latin letters. Chinese and Japanese have no spaces: they are indexed as
overlapping pairs, “社会保护” as 社会, 会保, 保护 and the last character alone, so that a word of any length is some
of these pairs in a row. Mongolian has endings before which vowels change (малчид, малчдын: herders, of herders): a
Cyrillic word is indexed without its later vowels and searched by its beginning. Nothing here knows SQL.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote_plus

from feeds.model.query_string import fields

LONGEST = 200
"""Characters of a search that count; the rest is ignored."""
MOST = 10
"""Words of a search that count; the rest is ignored."""
_PARAMETER = "q"

UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Chinese and Japanese characters, which have no spaces between words: for a class of a regular expression."""
_RUNS = re.compile(f"[{UNSPACED}]+|[^\\W_{UNSPACED}]+")
_LETTER = rf"[^\W_{UNSPACED}]"
_OTHER_LETTER = rf"[^\W_{UNSPACED}\x00-\x7f]"
_RUN_BEGINS = f"(?<!{_LETTER})"
_PLAIN_RUNS = re.compile("[0-9a-z]+")
_PAIRED = re.compile(f"[{UNSPACED}]")
_WORDS = re.compile(r"[^\W_]+(?:[-'.][^\W_]+)*")
_SIGNS = "‘’“”„«»–—…•\u00a0"
"""Common signs outside ASCII. Without them many texts in Latin letters are ASCII, which is faster to index."""
_ASCII_LETTERS = {number: chr(number) if chr(number).isalnum() else " " for number in range(128)}
"""Letters and digits as they are, a space for each other character: much faster than a search for words."""
_ACCENTS = re.compile("([a-z])[\u0300-\u036f]+")
_CYRILLIC = re.compile("[\u0400-\u052f]{3,}")
_NOT_AS_IT_IS = f"[{UNSPACED}]+|(?<![^ ])[\u0400-\u052f]{{3,}}(?![^ ])"
"""Runs that the index stores as other terms. Compiled only when a text has other letters than Latin ones."""
_FIRST_VOWEL = re.compile("[^аэиоуөүыяеёю]*.?")
_LATER_VOWELS = str.maketrans("", "", "аэиоуөүыйьъяеёю")
_BROKEN_LINE = f"(?<=[{UNSPACED}])\n(?=[{UNSPACED}])"
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|code|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|span|strong|u|var)\b[^>]*>"
)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class IndexTerms:
    """Index terms that must follow one another. With ``prefix``, the last one is the beginning of a term."""

    terms: tuple[str, ...]
    prefix: bool = False


class Run(NamedTuple):
    """A word in a text (in Chinese and Japanese one character): where it stands, and its form before stemming."""

    begin: int
    end: int
    form: str
    is_prefix: bool
    """Whether, in a search, it is the beginning of a term."""


def words(text: str) -> tuple[str, ...]:
    """Splits a search into words, in one canonical spelling. Punctuation is no operator.

    >>> words('  New  BRIDGE "A-19" OR new* ')
    ('new', 'bridge', 'a-19', 'or')
    """
    plain = unicodedata.normalize("NFKC", text[: LONGEST * 2]).casefold().replace("’", "'")
    return tuple(dict.fromkeys(_WORDS.findall(plain[:LONGEST])))[:MOST]


def from_query(query: str) -> str:
    """The text of the parameter ``q`` in a query string; empty if there is none.

    >>> from_query("utm_source=x&q=new+bridge")
    'new bridge'
    """
    return dict(reversed(fields(query) or [])).get(_PARAMETER, "")


def to_query(sought: tuple[str, ...]) -> str:
    """The query string for words, with its question mark; empty without words.

    >>> to_query(("new", "bridge"))
    '?q=new+bridge'
    """
    return f"?{_PARAMETER}={quote_plus(' '.join(sought))}" if sought else ""


def index_terms(word: str) -> IndexTerms:
    """The index terms to look up for one word.

    >>> index_terms("社会保护"), index_terms("малчид")
    (IndexTerms(terms=('社会', '会保', '保护'), prefix=False), IndexTerms(terms=('малчд',), prefix=True))
    """
    runs = _RUNS.findall(_folded(word))
    if not runs:
        return IndexTerms(())
    terms = [term for run in runs for term in _terms(run)]
    last = runs[-1]
    if _PAIRED.match(last):
        return IndexTerms(tuple(terms[:-1]) if len(last) > 1 else tuple(terms), prefix=len(last) == 1)
    return IndexTerms(tuple(terms), prefix=bool(_CYRILLIC.fullmatch(last)))


def index_text(text: str) -> str:
    """A text as the index stores it: terms with spaces between them.

    >>> index_text("Café 社会保护, 2021: малчдын")
    'cafe 社会 会保 保护 护 2021 малчдн'
    """
    for sign in _SIGNS:
        text = text.replace(sign, " ")
    folded = _folded(text)
    if folded.isascii():
        return " ".join(folded.translate(_ASCII_LETTERS).split())
    runs = " ".join(_RUNS.findall(re.sub(_BROKEN_LINE, "", folded)))
    return re.sub(_NOT_AS_IT_IS, lambda run: " ".join(_terms(run[0])), runs)


def runs(text: str, beginnings: frozenset[str] | None = None) -> list[Run]:
    """The words in a text with their places and forms; in Chinese and Japanese each character.

    With ``beginnings``, of one or two characters, most words of Latin letters or digits that begin otherwise are left
    out, which saves time. Words in other scripts are never left out.

    >>> [(run.begin, run.form) for run in runs("Café 社会, малчдын")]
    [(0, 'cafe'), (5, '社'), (6, '会'), (9, 'малчдн')]
    >>> [run.form for run in runs("The Dams of 社 are open", frozenset(["da", "o"]))]
    ['dams', 'of', '社', 'open']
    """
    if (plain := _plain(text)) is not None:
        pattern = _PLAIN_RUNS if beginnings is None else _plain_beginning(beginnings)
        return [Run(run.start(), run.end(), run[0], is_prefix=False) for run in pattern.finditer(plain)]
    found: list[Run] = []
    for run in (_RUNS if beginnings is None else _beginning(beginnings)).finditer(text):
        word, (begin, end) = run[0], run.span()
        if _PAIRED.match(word):
            found += (Run(at, at + 1, _folded(text[at]), is_prefix=False) for at in range(begin, end))
            continue
        form = " ".join(_RUNS.findall(_folded(word)))
        if form:
            is_cyrillic = bool(_CYRILLIC.fullmatch(form))
            found.append(Run(begin, end, _terms(form)[0] if is_cyrillic else form, is_cyrillic))
    return found


def is_next(text: str, run: Run, other: Run) -> bool:
    """Whether no word stands between two of the words that `runs` gives one after the other."""
    return not _RUNS.search(_folded(text[run.end : other.begin]))


def _plain(text: str) -> str | None:
    """A text in small basic Latin letters and digits, each where it stands in the text; None if it has others too.

    >>> _plain("Café_“dé”"), _plain("Straße")
    ('cafe  de ', None)
    """
    if not text.isascii():
        text = text.translate(_plain_signs())
        if not text.isascii():
            return None
    return text.lower().replace("_", " ")


@lru_cache(maxsize=1)
def _plain_signs() -> Mapping[int, str]:
    """A table for `str.translate`: an accented Latin letter becomes its basic letter, any other sign a space."""
    folded = {sign: _folded(sign) if _RUNS.match(sign) else " " for sign in (*map(chr, range(0x80, 0x250)), *_SIGNS)}
    return {ord(sign): plain for sign, plain in folded.items() if len(plain) == 1}


@lru_cache(maxsize=256)
def _plain_beginning(beginnings: frozenset[str]) -> re.Pattern[str]:
    """A pattern of the words of a plain text with these beginnings."""
    either = "|".join(sorted(each for each in beginnings if each.isascii()))
    return re.compile(rf"\b(?:{either})[0-9a-z]*" if either else "(?!)", re.ASCII)


@lru_cache(maxsize=256)
def _beginning(beginnings: frozenset[str]) -> re.Pattern[str]:
    """A pattern of the runs with these beginnings, and of all that begin outside ASCII: these are folded later."""
    latin = sorted(each for each in beginnings if each[:1].isascii())
    # After the first character may stand one with an accent.
    either = "|".join(f"[{each[0]}{each[0].upper()}]{_second(each[1:])}" for each in latin)
    return re.compile(f"[{UNSPACED}]+|{_RUN_BEGINS}(?:{_OTHER_LETTER}{'|' * bool(either)}{either}){_LETTER}*")


def _second(letter: str) -> str:
    return f"(?:[{letter}{letter.upper()}]|{_OTHER_LETTER})" if letter.isascii() and letter else ""


def html_text(markup: str) -> str:
    """The text of an HTML fragment. An inline tag does not split a word.

    >>> html_text("<p><b>D</b>am &amp; road</p><p>x</p>")
    ' Dam & road  x '
    """
    return html.unescape(_TAG.sub(" ", _INLINE.sub("", markup)))


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFKC", _ACCENTS.sub(r"\1", apart))


def _terms(run: str) -> list[str]:
    if _CYRILLIC.fullmatch(run):
        first = _FIRST_VOWEL.match(run)
        kept = first.end() if first else 0
        return [run[:kept] + run[kept:].translate(_LATER_VOWELS)]
    if not _PAIRED.match(run):
        return [run]
    return [*(run[at : at + 2] for at in range(len(run) - 1)), run[-1]]
