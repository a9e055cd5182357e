"""Advice for values that are almost right: characters that nobody sees, quotation marks, lists written as text."""

from __future__ import annotations

import re

from feeds.content.faults import printable
from feeds.content.field_types import inner_names
from feeds.content.text_checks import code_point
from feeds.content.yaml_lines import in_quotes
from feeds.content.yaml_reader import Data
from feeds.model.invisible_characters import is_seen

_LIST_SIGNS = re.compile(r"\s*[,，、;；]\s*")
_BULLET = re.compile(r"[-•‣·▪●◦–—*]\s*")
_PLAIN = re.compile(r"[\w.:/][\w .:/&()-]*")
_QUOTES = "\"'“”„‟‘’‚‛«»‹›「」『』＂＇"
_BRACKETS = "[]【】［］〔〕()（）{}"
_CODE = re.compile("[A-Z]{2}")
_ORDINAL = re.compile(r"(?<!\S)[0-9]{1,2}[.)]\s+")
_AND = frozenset(("", "and", "und", "et", "y", "e", "и", "ба", "和", "及", "و"))
_GROUP_ERRORS = frozenset({"model_type", "model_attributes_type", "dict_type", "mapping_type"})
_TEXTS_ERRORS = frozenset({"dict_type", "mapping_type"})
"""Errors where a text in several languages belongs."""
_LIST_ERRORS = frozenset({"tuple_type", "list_type"})
_STRICT_ERRORS = frozenset({"string_pattern_mismatch", "moment", "url", "zone", "int_parsing", "bool_parsing"})
"""Errors of values in which every character counts."""
_AS_LIST = "write [one, two], or one line each that begins with “- ”"


def hidden_character(text: str) -> tuple[str, str] | None:
    """The first invisible character or unusual space in a name or a short value, and what to do.

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
    """The field that was most likely meant: the name without invisible characters and without a value run into it.

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
    inner = _ORDINAL.sub("", text.strip().strip(_BRACKETS).strip())
    words = [word for word in re.split(r"[\s,;&、，；]+", inner) if word not in _AND]
    if len(words) > 1 and all(map(_CODE.fullmatch, words)):
        return words
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


def _as_groups(inner: frozenset[str], value: Data) -> tuple[str, str]:
    """What to do about one group of fields, or a name alone, where a list of groups belongs."""
    message = "must be a list of groups of fields"
    if isinstance(value, str):
        first = "name" if "name" in inner else "url" if "url" in inner else min(inner)
        return message, f"write “- {first}: {printable(value)}” on the next line, indented by two spaces"
    return message, "write “- ” before the first of these lines, and indent the others by two spaces more"


def nearly_right(kind: str, name: str, value: Data | None) -> tuple[str, str] | None:
    """What is wrong and what to do, for a value that only needs one character less, quotes, or brackets; else None.

    ``kind`` is pydantic's type of the error, ``name`` that of the field.
    """
    if kind == "extra_forbidden":
        hidden = hidden_character(name)
        return (f"{hidden[0]} in the name of a field", hidden[1]) if hidden else None
    if kind in _STRICT_ERRORS and isinstance(value, str):
        return _with_signs_too_many(value)
    return _of_another_shape(kind, name, value)


def _with_signs_too_many(value: str) -> tuple[str, str] | None:
    if hidden := hidden_character(value):
        return f"{hidden[0]} in a value", hidden[1]
    if bare := without_quotes(value):
        return "quotation marks that are part of the value", f"write {printable(bare)}"
    return None


def _of_another_shape(kind: str, name: str, value: Data | None) -> tuple[str, str] | None:
    """The wording for a text where a list belongs, a list where a text belongs, and so on; else None."""
    if kind in _LIST_ERRORS and (inner := inner_names(name)) and value:
        return _as_groups(inner, value)
    if kind in _LIST_ERRORS and isinstance(value, str):
        return "must be a list", as_list(value)
    if kind in _TEXTS_ERRORS and isinstance(value, str) and value:
        message = "must be a group of fields, one for each language"
        return message, f"write {{en: {in_quotes(printable(value))}}}, with the tag of the language"
    if kind in _GROUP_ERRORS and isinstance(value, list):
        return "must be a group of fields, not a list", "take the hyphen out, and begin its lines in one column"
    if kind == "string_type" and isinstance(value, list):
        return "must be a text", "put it in quotes if it has brackets in it; take its hyphens out if it has some"
    if kind == "string_type" and isinstance(value, dict) and len(value) == 1 and all(value.values()):
        ((first, text),) = value.items()
        if isinstance(text, str):
            return "must be a text", f"put quotes around it: {in_quotes(printable(f'{first}: {text}', 100))}"
    return None
