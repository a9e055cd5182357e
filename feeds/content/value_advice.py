"""Advice for values that are almost right: characters that nobody sees, quotation marks, lists written as text."""

from __future__ import annotations

import re

from feeds.content.faults import printable
from feeds.content.text_checks import code_point
from feeds.content.yaml_lines import in_quotes
from feeds.content.yaml_reader import Data
from feeds.model.invisible_characters import is_seen

_LIST_SIGNS = re.compile(r"\s*[,，、;；]\s*")
_BULLET = re.compile(r"[-•‣·▪●◦–—*]\s*")
_PLAIN = re.compile(r"[\w.:/][\w .:/&()-]*")
_QUOTES = "\"'“”„‟‘’‚‛«»‹›「」『』＂＇"
_BRACKETS = "[]【】［］〔〕()（）{}"
_LIST_ERRORS = frozenset({"tuple_type", "list_type"})
_STRICT_ERRORS = frozenset({"string_pattern_mismatch", "moment", "url", "zone", "int_parsing", "bool_parsing"})
"""Errors of values in which every character counts."""
_AS_LIST = "write [one, two], or one line each that begins with “- ”"


def hidden_character(text: str) -> tuple[str, str] | None:
    """The first character of a name or a short value that nobody sees or that is no ordinary space, and what to do.

    >>> hidden_character("2021-06-24\\u200b")
    ('an invisible character (U+200B)', 'delete it; it usually comes with text pasted from elsewhere')
    """
    for letter in text:
        if letter.isspace() and letter not in " \n\t":
            return f"a space of another kind ({code_point(letter)})", "put ordinary spaces in the place of all of these"
        if not letter.isspace() and not is_seen(letter):
            advice = "delete it; it usually comes with text pasted from elsewhere"
            return f"an invisible character ({code_point(letter)})", advice
    return None


def meant_name(name: str) -> str:
    """The field that was most likely meant: a name without the characters that nobody sees, and what ran into it.

    >>> meant_name("\\u00a0src"), meant_name("src:https://e.org/")
    ('src', 'src')
    """
    return "".join(filter(is_seen, name.partition(":")[0]))


def without_quotes(text: str) -> str | None:
    """The text without the quotation marks around it; None if it has none."""
    bare = text.strip().strip(_QUOTES).strip()
    return bare if bare and bare != text.strip() else None


def names_in(text: str) -> list[str]:
    """The names in a text that is meant as a list: ``CN, MN``, ``-CN -MN``, ``【CN】``.

    >>> [names_in(text) for text in ("CN, MN", "CN；MN", "-CN -MN", "【CN、MN】", "“CN”", "• CN • MN")]
    [['CN', 'MN'], ['CN', 'MN'], ['CN', 'MN'], ['CN', 'MN'], ['CN'], ['CN', 'MN']]
    """
    inner = text.strip().strip(_BRACKETS).strip()
    sign = _BULLET.match(inner)
    parts = inner.split(sign[0].strip()) if sign else _LIST_SIGNS.split(inner)
    bare = (part.strip().strip(_QUOTES).strip() for part in parts)
    return [part for part in bare if part]


def as_list(text: str) -> str:
    """Advice for a text where a list belongs."""
    names = names_in(text)
    if not names or not all(map(_PLAIN.fullmatch, names)) or sum(map(len, names)) > 80:
        return _AS_LIST
    return f"write [{', '.join(map(printable, names))}], or one line each that begins with “- ”"


def nearly_right(kind: str, name: str, value: Data | None) -> tuple[str, str] | None:
    """What is wrong and what to do, for a value that only needs one character less, quotes, or brackets; else None.

    ``kind`` is pydantic's type of the error, ``name`` that of the field.
    """
    if kind == "extra_forbidden":
        hidden = hidden_character(name)
        return (f"{hidden[0]} in the name of a field", hidden[1]) if hidden else None
    if kind in _LIST_ERRORS and isinstance(value, str):
        return "must be a list", as_list(value)
    if kind == "string_type" and isinstance(value, dict) and len(value) == 1:
        ((first, inner),) = value.items()
        if isinstance(inner, str):
            return "must be a text", f"put quotes around it: {in_quotes(printable(f'{first}: {inner}', 100))}"
    if kind in _STRICT_ERRORS and isinstance(value, str):
        if hidden := hidden_character(value):
            return f"{hidden[0]} in a value", hidden[1]
        if bare := without_quotes(value):
            return "quotation marks that are part of the value", f"write {printable(bare)}"
    return None
