"""Reads and writes gettext's `.po` files, entry by entry: one that is faulty costs no other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from babel.messages.pofile import denormalize, normalize

from feeds.i18n.message_catalogues import KnownMessage, form_count, plural_forms

_LINE = re.compile(r'\s*(?:(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?)\s*)?("(?:[^"\\]|\\.)*")\s*')
_ORDER = re.compile(r"(?:msgctxt )?msgid (?:msgstr |msgid_plural (?:msgstr\[\d\] )+)")


class PoEntry(NamedTuple):
    """One message with its translation."""

    line: int
    """The line of its first word that is no comment, from 1."""
    id: str
    forms: tuple[str, ...]
    """The translation; of a message with a number, in each plural form."""
    fuzzy: bool
    """Whether it is marked as a guess."""
    context: bool
    """Whether it is for one context only (msgctxt). No message of the product is."""


class PoFault(NamedTuple):
    """What is wrong on a line, which is counted from 1."""

    line: int
    message: str


def read_entries(text: str) -> Iterator[PoEntry | PoFault]:
    """Yields each entry of a file, or what is wrong with it. The header and obsolete entries (``#~``) are left out."""
    for start, lines in _blocks(text):
        stated = [(number, line) for number, line in enumerate(lines, start) if line.strip() and not _is_comment(line)]
        fuzzy = any(line.lstrip().startswith("#,") and "fuzzy" in line for line in lines)
        if stated and (found := _entry(stated, fuzzy=fuzzy)):
            yield found


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines of each entry with the comments above it, and the number of the first of them.

    An entry ends where the next begins, or at an empty line. A line that begins like no line of a ``.po`` stands alone.
    """
    start, block, stated, translated = 1, list[str](), False, False
    for number, line in enumerate(text.split("\n"), 1):
        alone = bool(line.strip()) and not line.lstrip().startswith(("#", "msg", '"'))
        next_begins = _is_comment(line) or line.lstrip().startswith(("msgid ", 'msgid"', "msgctxt"))
        if alone or (stated and not line.strip()) or (translated and next_begins):
            yield start, block
            start, block, stated, translated = number, [], False, False
        if alone:
            yield number, [line]
            start = number + 1
            continue
        block.append(line)
        stated = stated or bool(line.strip() and not _is_comment(line))
        translated = translated or line.lstrip().startswith("msgstr")
    yield start, block


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _entry(stated: Sequence[tuple[int, str]], *, fuzzy: bool) -> PoEntry | PoFault | None:
    """The entry on these numbered lines; None for the header."""
    parts: list[tuple[str, list[str]]] = []
    for number, line in stated:
        found = _LINE.fullmatch(line)
        if found is None or not (found[1] or parts):
            return PoFault(number, "is no line of a .po file")
        if found[1]:
            parts.append((found[1], []))
        parts[-1][1].append(found[2])
    first = stated[0][0]
    if not _ORDER.fullmatch("".join(f"{word} " for word, _ in parts)):
        return PoFault(first, "is no message with its translation")
    texts = [(word, denormalize("\n".join(lines))) for word, lines in parts]
    id_ = next(text for word, text in texts if word == "msgid")
    forms = tuple(text for word, text in texts if word.startswith("msgstr"))
    return PoEntry(first, id_, forms, fuzzy, parts[0][0] == "msgctxt") if id_ else None


def po_header(language: str) -> str:
    """The header of a file for a language."""
    lines = (f"Language: {language}", "MIME-Version: 1.0", "Content-Type: text/plain; charset=UTF-8",
             "Content-Transfer-Encoding: 8bit", f"Plural-Forms: {plural_forms(language)}")  # fmt: skip
    written = "".join(f"{_quoted(f'{line}{chr(10)}')}\n" for line in lines)
    return f'msgid ""\nmsgstr ""\n{written}'


def po_entry(message: KnownMessage, forms: Sequence[str], language: str) -> str:
    """A message with its translation, or with empty places for it, below a comment that says where it is shown."""
    lines = [f"#. {message.comment}", f"msgid {_quoted(message.id)}"]
    if message.plural is None:
        lines.append(f"msgstr {_quoted(forms[0] if forms else '')}")
    else:
        lines.append(f"msgid_plural {_quoted(message.plural)}")
        places = forms or [""] * form_count(language)
        lines += [f"msgstr[{number}] {_quoted(form)}" for number, form in enumerate(places)]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return str(normalize(text, width=0))
