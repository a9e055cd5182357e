"""The lines of a YAML file as people see them: which begin a field or an item, and which are text below a | or >."""

from __future__ import annotations

import re
from typing import NamedTuple

_BEGINNING = re.compile(r"( *)((?:-(?: +|$))*)(?:([A-Za-z_][A-Za-z0-9_-]*) *:(?: +|$))?(.*)")
_HEADER = re.compile(r"[|>][-+0-9]* *(?:#.*)?")
_DOUBLE, _SINGLE = re.compile(r'"(?:[^"\\]|\\.)*"'), re.compile(r"'(?:[^']|'')*'")


class Line(NamedTuple):
    """One line of a file."""

    number: int
    """From 1."""
    text: str
    indent: int
    """Spaces before the text, or before the first hyphen of an item."""
    margin: int
    """Where the text begins, after hyphens: what belongs to it stands further right."""
    name: str
    """The name of the field that begins here; empty if none does."""
    value: str
    """What stands after the name, or after hyphens, without spaces around it."""
    start: int
    """Where the value begins. ``indent``, ``margin`` and ``start`` are columns, counted from 0."""
    head: int
    """The number of the line with the | or > above, if this line is text below it; else 0."""

    @property
    def is_text(self) -> bool:
        """Whether it is neither blank nor the beginning of a field or item, and not below a | or >."""
        return bool(self.value) and not self.name and not self.head and self.indent == self.margin

    @property
    def opens_text(self) -> bool:
        """Whether the text of its field begins on the next line, below a | or >."""
        return bool(_HEADER.fullmatch(self.value)) and not self.head

    @property
    def quotation(self) -> str | None:
        """The part of the value in quotes if it begins with a quote; None if it does not, or they are not closed."""
        found = (_DOUBLE if self.value.startswith('"') else _SINGLE).match(self.value)
        return found[0] if found else None


def lines_of(text: str) -> tuple[Line, ...]:
    """The lines of a file."""
    found: list[Line] = []
    head: Line | None = None
    for number, line in enumerate(text.split("\n"), 1):
        begun = _BEGINNING.match(line)
        if begun is None:  # cannot be: every part of the expression may be empty
            continue
        indent, hyphens, name, value = begun.groups()
        if head and line.strip() and len(indent) <= head.margin:
            head = None
        within = head.number if head else 0
        made = Line(
            number, line, len(indent), len(indent + hyphens), "" if within else name or "", value.strip(),
            begun.start(4), within,
        )  # fmt: skip
        found.append(made)
        if made.opens_text:
            head = made
    return tuple(found)


def below_a_sign(name: str) -> str:
    """Advice to write a text below a | or >, where YAML gives no character a meaning."""
    sign = "|-" if name == "body" else ">-"
    return f"write “{name}: {sign}”, and the whole text on the lines below it, indented by two spaces"


def in_quotes(text: str) -> str:
    """A text as a YAML scalar in quotes.

    >>> [in_quotes(text) for text in ("a: b", 'The "Decent" work', "Workers' \\"rights\\"")]
    ['"a: b"', '\\'The "Decent" work\\'', '\\'Workers\\'\\' "rights"\\'']
    """
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"
