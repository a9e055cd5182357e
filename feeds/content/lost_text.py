"""Finds text that YAML does not give to the field for which an editor wrote it.

YAML reports no error in these cases: text after a # is a comment; a field that is indented too far is part of the text
above it; where quotes are not closed, all fields up to the next quote are part of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pydantic import BaseModel
from yaml.events import ScalarEvent

from feeds.content.faults import Fault, quoted
from feeds.content.field_types import all_names, groups_in, is_free_text, is_markdown
from feeds.content.joined_lines import FIELD_IN_COMMENT, comment_in_body, has_loose_body, joined_line
from feeds.content.raw_record import RawRecord
from feeds.content.text_checks import position_at
from feeds.content.yaml_text import Node, YamlText, position

_HIDING = frozenset({"draft", "published", "announced", "withdrawn"})
"""Fields that keep a release from readers. While one of them is lost, the release must not be published."""

_SAME_LINE = re.compile(r"([ \t]+)(#.*)")
_NEXT_LINE = re.compile(r"\n[ \t]+(#[^\s#].*)")
# Two spaces before the sign and one after it: most people write comments like this, and few write text like this.
_COMMENT = re.compile(r"(?:[ \t]{2,}|\t)#+(?:[ \t]|$)")


# Beside a name, or alone on the next line.
_BEFORE = re.compile(r"[\"']?[ \t]*:(?:\n(?=[ \t]+#[^\s#]))?([ \t]+(#[^\n]*))")

# A value whose quotes are not closed on their line.
_RUNNING_ON = re.compile(rb""":[ \t]+(?:'[^'\n]*\n|"[^"\n]*\n)""")
_WIDE_SIGN = re.compile(r"[｜＞][-－]?(?=[ \t]*\n)")
_WIDE_BAR = re.compile("(?:｜|＞)(?:-|－)?[ \t]*\n".encode())
_FIELD_OF_GROUP = re.compile(rb"[ \t]*(?:- +)?[a-z_]+:(?![ \t]*[|>][-+0-9]*[ \t]*(?:#.*)?\n)")
_FIELD = re.compile(rf"\n([ \t]*)({'|'.join(sorted(all_names()))})[ \t]*:(?=\s)")


def lost_text(record: RawRecord, model: type[BaseModel], own: tuple[str, ...] = ()) -> Iterator[Fault]:
    """Yields a fault for each text of a record that is most likely lost.

    ``own`` are the fields that the newsroom's facets add to those of the model.
    """
    text = record.document.text
    if text.has_doubtful_comments:
        yield from (fault for node in _scalars(record) for fault in _comments(node, record, model))
    if has_loose_body(text):
        bodies = [node for node in _scalars(record) if is_markdown(model, node.path.removeprefix(record.prefix))]
        yield from filter(None, (look(node, text.source) for node in bodies for look in (comment_in_body, joined_line)))
    if text.has(_WIDE_BAR):
        yield from (fault for node in _scalars(record) for fault in _wide_bar(node, record))
    if text.has(_RUNNING_ON):
        yield from (fault for node in _scalars(record) for fault in _closed_too_late(node, record))
    fields = _indented_fields(model, own)
    if _has_field_in_text(text, model, own):
        yield from (fault for node in _scalars(record) for fault in _swallowed(node, record, model, fields))


def _scalars(record: RawRecord) -> Iterator[Node]:
    return (node for node in record.document.layout.within(record.prefix) if type(node.event) is ScalarEvent)


def _wide_bar(node: Node, record: RawRecord) -> Iterator[Fault]:
    """Finds a text that was meant to stand below a ``|`` or ``>``, which a Chinese keyboard writes wide."""
    found = _WIDE_SIGN.match(record.document.text.source, node.event.start_mark.index)
    if found and node.key is not node.event:
        sign = found[0].translate({ord(wide): narrow for wide, narrow in zip("｜＞－", "|>-", strict=True)})
        message = f"{quoted(found[0])} is part of the text"
        yield Fault(*position(node.event), node.path, message, f"write an ordinary {sign} in its place")


# -- comments -----------------------------------------------------------------------------------------------------


def _comments(node: Node, record: RawRecord, model: type[BaseModel]) -> Iterator[Fault]:
    """Finds what looks like text in a comment before, beside or below a value that is free text."""
    path = node.path.removeprefix(record.prefix)
    if not node.event.value or not is_free_text(model, path):
        return  # a field that has no value left is reported elsewhere
    if not is_markdown(model, path):
        yield from _comment_before(node, record)
    text, end = record.document.text.source, node.event.end_mark.index
    beside = None if node.event.style in ("|", ">") else _SAME_LINE.match(text, end)
    if beside and _COMMENT.match(beside[0]):
        beside = None
    below = None if beside else _NEXT_LINE.match(text, end)
    if below:
        column = below.start(1) - below.start() - 1
        owner = node.key.start_mark.column if node.key is not node.event else node.event.start_mark.column - 2
        if column <= owner or FIELD_IN_COMMENT.match(below[1]):
            below = None
    found = beside or below
    if not found:
        return
    comment = found[found.lastindex or 0]
    place = position_at(text, found.start(found.lastindex or 0))
    message = f"{quoted(comment)} is a comment for YAML, no part of the text"
    advice = "put quotes around the whole text; before a comment write two spaces, and one after the #"
    yield Fault(*place, node.path, message, advice, fatal=False)


def _comment_before(node: Node, record: RawRecord) -> Iterator[Fault]:
    """Finds the beginning of a text in a comment: ``title: # Report`` with more of it on the next line."""
    text = record.document.text.source
    found = (
        _BEFORE.match(text, node.key.end_mark.index, node.event.start_mark.index)
        if node.key is not node.event
        else None
    )
    if found and not (_COMMENT.match(found[1]) or FIELD_IN_COMMENT.match(found[2])):
        message = f"{quoted(found[2])} is a comment for YAML, no part of the text"
        place = position_at(text, found.start(2))
        yield Fault(*place, node.path, message, "put quotes around the whole text, with the # in it")


# -- fields in texts ----------------------------------------------------------------------------------------------


def _has_field_in_text(text: YamlText, model: type[BaseModel], own: tuple[str, ...]) -> bool:
    """Whether an indented line may be a field of the model inside a text: a quick look.

    A name that no group of fields has is enough. A name that groups have too counts unless a field stands above it.
    """
    outer, shared = _names(model, own)
    return text.has(outer) or any(
        not _FIELD_OF_GROUP.match(text.raw, text.raw.rfind(b"\n", 0, found.start()) + 1)
        for found in shared.finditer(text.raw)
    )


@cache
def _names(model: type[BaseModel], own: tuple[str, ...]) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Patterns of indented lines that begin with a field of a model: with one that no group has, and with any other."""
    inner = {name for group in groups_in(model) for name in group.model_fields}
    names = {*model.model_fields, *own}
    kinds = (rf"\n[ \t]+(?:{'|'.join(sorted(each))})[ \t]*(?::|：)" for each in (names - inner, names & inner))
    first, second = (re.compile(kind.encode()) for kind in kinds)
    return first, second


@cache
def _indented_fields(model: type[BaseModel], own: tuple[str, ...]) -> re.Pattern[bytes]:
    """A pattern of indented lines that begin with a field of the model."""
    words = "|".join(sorted({*model.model_fields, *own}))
    return re.compile(rf"\n[ \t]+({words})[ \t]*(?::|：).*".encode())


def _swallowed(node: Node, record: RawRecord, model: type[BaseModel], fields: re.Pattern[bytes]) -> Iterator[Fault]:
    """Finds lines of a text that are fields of the record, indented too far.

    A body may have such a line as text. So it is reported only if the field is missing or hides the release, and it
    holds the release back only if both are so.
    """
    in_body = is_markdown(model, node.path.removeprefix(record.prefix))
    source = record.document.text.source
    start, end = node.event.start_mark.index, node.event.end_mark.index
    span = source[start:end].encode()
    told: set[bool] = set()
    for found in fields.finditer(span):
        field, line = found[1].decode(), found[0].decode().strip()
        missed, hiding = field not in record.data, field in _HIDING
        fatal = missed and hiding if in_body else True
        if fatal in told or (in_body and not (missed or hiding)):
            continue
        told.add(fatal)
        place = position_at(source, start + len(span[: found.start(1)].decode()))
        message = f"{quoted(line)} is part of this text, since it is indented too far"
        advice = "begin it in the column of the other fields; if it is text, write its first letter large"
        yield Fault(*place, node.path, message, advice, fatal=fatal)


def _closed_too_late(node: Node, record: RawRecord) -> Iterator[Fault]:
    """Finds quotes that are closed so late that whole fields stand between them."""
    event = node.event
    if event.style not in ("'", '"') or event.start_mark.line == event.end_mark.line:
        return
    span = record.document.text.source[event.start_mark.index : event.end_mark.index]
    if any(len(found[1]) <= node.key.start_mark.column for found in _FIELD.finditer(span)):
        message = f"the quotes that open here are not closed before line {event.end_mark.line + 1}"
        advice = f"add the missing {event.style} at the end of the text"
        yield Fault(*position(event), node.path, message, advice)
