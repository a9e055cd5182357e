"""Writes the fields of a release as a YAML file, as an editor would. The reader gives exactly these fields back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from textwrap import indent
from typing import TypeAlias

from feeds.content.faults import quoted
from feeds.content.text_checks import code_point, unwritable_reference
from feeds.content.yaml_reader import NOTHING
from feeds.errors import FeedsError
from feeds.model.invisible_characters import UNWRITABLE

Writable: TypeAlias = "str | bool | int | date | datetime | Sequence[Writable] | Mapping[str, Writable] | None"
"""What a field may hold. None and an empty text mean that it is left out."""

FIRST = ("title", "language", "published", "announced", "updated", "draft", "summary", "dateline")
LAST = (
    *("url", "credit", "image", "attachments", "authors", "contacts", "related", "rights", "license", "id", "slug"),
    *("year", "aliases", "corrections", "withdrawn", "body"),
)
"""The fields of a release in the order in which editors write them. Those of facets come in between."""

_LONG = 80
"""Characters of a text that is written below a bar rather than in quotes."""

# What may stand without quotes. Signs that mean something to YAML anywhere in a line are left out, even where they
# would do no harm.
_PLAIN = re.compile(r"(?:[^\W_]|[/(“‘„«©《「『（])(?:[^:#\t\n\r\u2028\u2029\ufeff]|:(?=\S)|(?<!\s)#)*")
# Other programs read these as numbers or truth values; dates are left bare, as in every release.
_OTHER_TYPE = re.compile(
    r"[-+]?(?:0[xob])?[0-9][0-9a-f_,.]*(?:e[-+]?[0-9]+)?|[0-9]+(?::[0-9]+)+(?:\.[0-9]*)?|y|n|yes|no|true|false|on|off|null",
    re.IGNORECASE,
)
_NAMES_NOTHING = NOTHING | {"<<"}
# The reader takes such a line for a field that is indented too far, unless it is an address.
_LIKE_A_FIELD = re.compile(r"^[ \t]*[a-z_]+[ \t]*(?::(?!//)|：)", re.MULTILINE)
# Other programs end a line at these, or drop them where a line begins: only an escape keeps them.
_ESCAPED_IN_BLOCKS = re.compile("[\r\u2028\u2029\ufeff]")
_ESCAPED = re.compile("[\u2028\u2029\ufeff]")
_NONCHARACTER = "\U0010ffff"
"""The reader uses it as a mark."""


def release_yaml(fields: Mapping[str, Writable]) -> str:
    """The text of a release file with these fields.

    Byte order marks at the beginning of a text are dropped. Raises FeedsError for what no file can have: control
    characters, and references to them.

    >>> fields = {"body": "# One\\n\\nTwo.", "topics": ["wages"], "title": "Wages: up", "draft": True}
    >>> print(release_yaml(fields), end="")
    title: "Wages: up"
    draft: true
    topics:
      - wages
    body: |-
      # One
    <BLANKLINE>
      Two.
    """
    order = {name: number for number, name in enumerate((*FIRST, "", *LAST))}
    names = sorted(fields, key=lambda name: order.get(name, order[""]))
    return "".join(_fields({name: fields[name] for name in names}, ""))


def _fields(fields: Mapping[str, Writable], path: str) -> Iterator[str]:
    """The fields of a group, each with its line break."""
    for name, value in fields.items():
        if value is None or value == "":
            continue
        if name in _NAMES_NOTHING:
            raise FeedsError(f"{path or 'a release'}: {quoted(name)} cannot be the name of a field (choose another)")
        further = f"{path}.{name}" if path else name
        yield f"{_on_one_line(name, further)}:{_value(value, further, in_block=name == 'body')}"


def _value(value: Writable, path: str, *, in_block: bool = False) -> str:
    """What stands after the colon or the hyphen, with its line break."""
    if isinstance(value, str):
        return f" {_text(value, path, in_block=in_block)}\n"
    if isinstance(value, Mapping):
        return f"\n{indent(''.join(_fields(value, path)), '  ', _not_empty)}" if value else " {}\n"
    if isinstance(value, Sequence):
        return f"\n{indent(''.join(_items(value, path)), '  ', _not_empty)}" if value else " []\n"
    if isinstance(value, bool):
        return f" {str(value).lower()}\n"
    return f" {value.isoformat() if isinstance(value, date) else value}\n"


def _items(values: Sequence[Writable], path: str) -> Iterator[str]:
    for number, value in enumerate(values):
        if value is None or value == "":
            continue
        further = f"{path}[{number}]"
        if isinstance(value, Mapping) and value:
            # The first field stands beside the hyphen.
            yield "- " + indent("".join(_fields(value, further)), "  ", _not_empty)[2:]
        else:
            yield f"-{_value(value, further)}"


def _not_empty(line: str) -> bool:
    return line != "\n"


def _text(text: str, path: str, *, in_block: bool) -> str:
    """A text as a scalar, without a line break after it. A long one becomes a block if it comes back exactly."""
    text = text.lstrip("\ufeff")
    _require_writable(text, path)
    plain = _is_plain(text)
    long = in_block or "\n" in text or (not plain and len(text) > _LONG)
    if long and _fits_a_block(text):
        return _block(text)
    return text if plain else _in_quotes(text)


def _on_one_line(text: str, path: str) -> str:
    _require_writable(text, path)
    return text if _is_plain(text) else _in_quotes(text)


def _require_writable(text: str, path: str) -> None:
    if found := UNWRITABLE.search(text):
        raise FeedsError(f"{path}: a control character ({code_point(found[0])}) (delete it: no feed can carry it)")
    if _NONCHARACTER in text:
        raise FeedsError(f"{path}: a noncharacter ({code_point(_NONCHARACTER)}) (delete it: no text has it)")
    if reference := unwritable_reference(text):
        raise FeedsError(f"{path}: {quoted(reference)} names a character that no feed can carry (delete it)")


def _is_plain(text: str) -> bool:
    """Whether a text can stand without quotes, for this reader and all others."""
    return bool(_PLAIN.fullmatch(text)) and text == text.strip() and not _OTHER_TYPE.fullmatch(text)


def _in_quotes(text: str) -> str:
    """A text in double quotes: JSON's strings are YAML's."""
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def _fits_a_block(text: str) -> bool:
    """Whether a text comes back exactly from below a bar, and without a warning."""
    lines = text.rstrip("\n").split("\n")
    return bool(lines[-1].strip(" \t")) and not (_ESCAPED_IN_BLOCKS.search(text) or _LIKE_A_FIELD.search(text))


def _block(text: str) -> str:
    """A text below a bar, with an indentation indicator if its first line begins with white space."""
    end = len(text) - len(text.rstrip("\n"))
    first = next(line for line in text.split("\n") if line)
    indented = "2" if first[0] in " \t" else ""
    head = f"|{indented}{('-', '', '+')[min(end, 2)]}"
    return "\n".join((head, indent(text, "  ", _not_empty).removesuffix("\n")))
