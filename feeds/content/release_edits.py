"""Writes a withdrawal or a correction into the text of a release's file, and changes no other byte of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from yaml.events import SequenceStartEvent

from feeds.content import text_checks, yaml_reader
from feeds.content.commented_yaml import scalar
from feeds.content.raw_record import RawRecord, records
from feeds.content.yaml_reader import Data
from feeds.content.yaml_text import CLOSING, JOINT, OPENING, Node
from feeds.errors import FeedsError

_LINE_END = re.compile(r"\r\n|\n|\r")
_COMMA = re.compile(r"\s*,")
_PLAIN = re.compile(r"[0-9T:+-]+|[0-9]+/[a-z0-9-]+|false")
"""Texts that need no quotation marks: times, paths of releases, and false."""
_ANCHORS = ("published", "title")
"""A new field is written below the first of these that the release has."""


def with_withdrawal(raw: bytes, date: datetime, reason: str, replacement: str | None, slug: str | None = None) -> bytes:
    """The file with ``withdrawn`` in one of its releases, which ``slug`` names if there are several.

    Raises FeedsError if that cannot be written there.
    """
    values = {"date": date.isoformat(), "reason": reason, **({"replacement": replacement} if replacement else {})}
    return _Place(raw, slug).with_field("withdrawn", values)


def with_correction(raw: bytes, date: datetime, note: str, slug: str | None = None, *, major: bool = True) -> bytes:
    """The file with one more item under ``corrections`` of one of its releases. Raises FeedsError if it cannot be."""
    values = {"date": date.isoformat(), "note": note, **({} if major else {"major": "false"})}
    return _Place(raw, slug).with_item("corrections", values)


class _Place:
    """One release in the text of a file."""

    def __init__(self, raw: bytes, slug: str | None) -> None:
        self._documents, faults = yaml_reader.read_yaml(raw)
        if faults:
            raise FeedsError(faults[0].message)
        self._record = _chosen([record for document in self._documents for record in records(document, [])], slug)
        self._original = raw.decode()
        self._source = self._record.document.text.source
        self._group = self._node(self._record.prefix).event

    def with_field(self, name: str, values: Mapping[str, str]) -> bytes:
        """The file with a new field that holds fields."""
        if self._group.flow_style:
            changed = self._within_brackets(self._group, f"{name}: {_braced(values)}")
        else:
            changed = self._below_date([f"{name}:", *(f"  {line}" for line in _lines(values))])
        return self._checked(changed, name, dict(values))

    def with_item(self, name: str, values: Mapping[str, str]) -> bytes:
        """The file with one more item in the list of a field, the last."""
        first, *others = _lines(values)
        item = [f"- {first}", *(f"  {line}" for line in others)]
        present = self._record.data.get(name)
        if present is None:
            if self._group.flow_style:
                changed = self._within_brackets(self._group, f"{name}: [{_braced(values)}]")
            else:
                changed = self._below_date([f"{name}:", *(f"  {line}" for line in item)])
            return self._checked(changed, name, [dict(values)])
        path = self._record.path(name)
        opening = self._node(path).event
        if not isinstance(opening, SequenceStartEvent) or not isinstance(present, list):
            raise FeedsError(f"“{name}” is no list in this file (`feeds check` says more)")
        if opening.flow_style:
            changed = self._within_brackets(opening, _braced(values))
        else:
            changed = self._lines_below(path, item, self._column(opening))
        return self._checked(changed, name, [*present, dict(values)])

    def _node(self, path: str) -> Node:
        return next(node for node in self._record.document.layout.nodes if node.path == path)

    @staticmethod
    def _column(event: Any) -> int:
        return int(event.start_mark.column)

    def _below_date(self, lines: Sequence[str]) -> str:
        anchor = next((name for name in _ANCHORS if name in self._record.data), next(iter(self._record.data)))
        path = self._record.path(anchor)
        return self._lines_below(path, lines, self._column(self._node(path).key))

    def _lines_below(self, path: str, lines: Sequence[str], column: int) -> str:
        """The file with indented lines below that on which a value ends."""
        last = max(node.event.end_mark.index for node in self._record.document.layout.within(path))
        line_end = self._source.find("\n", len(self._source[:last].rstrip()))
        written = _LINE_END.search(self._original)
        own = written[0] if written else "\n"
        text = own.join(" " * column + line for line in lines)
        if line_end < 0:
            return self._with(len(self._source), own + text)
        return self._with(line_end + 1, text + own)

    def _within_brackets(self, opening: Any, text: str) -> str:
        """The file with one more value before the bracket that closes a list or a group of fields."""
        events = self._record.document.text.documents[self._record.document.number]
        first = next(number for number, event in enumerate(events) if event is opening)
        depth = 0
        for number in range(first, len(events)):
            depth += isinstance(events[number], OPENING) - isinstance(events[number], CLOSING)
            if depth == 0:
                break
        if number == first + 1:
            return self._with(opening.end_mark.index, text)
        last, bracket = events[number - 1].end_mark.index, events[number].start_mark.index
        if comma := _COMMA.match(self._source, last, bracket):
            return self._with(comma.end(), f" {text}")
        return self._with(last, f", {text}")

    def _with(self, place: int, text: str) -> str:
        """The file with ``text`` inserted at a place, which counts in the source as it was parsed."""
        at = _place_in_original(self._source, self._original, place)
        return self._original[:at] + text + self._original[at:]

    def _checked(self, changed: str, name: str, value: Data) -> bytes:
        """The changed file, if it has the data from before with the new value in it. Else raises FeedsError."""
        self._record.data[name] = value
        documents, _ = yaml_reader.read_yaml(changed.encode())
        if [each.data for each in documents] != [each.data for each in self._documents]:
            line = f"{name}: {json.dumps(value, ensure_ascii=False)}"
            raise FeedsError(f"this file is written in an unusual way: write the line yourself: {line}")
        return changed.encode()


def _chosen(found: Sequence[RawRecord], slug: str | None) -> RawRecord:
    if slug is None:
        if len(found) == 1:
            return found[0]
        raise FeedsError(f"has {len(found)} releases: say with --slug which of them is meant")
    for record in found:
        if record.data.get("slug") == slug:
            return record
    raise FeedsError(f"has no release with “slug: {slug}”")


def _lines(values: Mapping[str, str]) -> list[str]:
    return [f"{name}: {text if _PLAIN.fullmatch(text) else scalar(text)}" for name, text in values.items()]


def _braced(values: Mapping[str, str]) -> str:
    return f"{{{', '.join(_lines(values))}}}"


def _place_in_original(source: str, original: str, place: int) -> int:
    """The place in the file for one in the parsed text, which has other line ends, joints and no byte order marks."""
    at, number = 0, 0
    while number < place:
        if source[number] == JOINT:
            number += 1
        elif original.startswith("\r\n", at):
            at, number = at + 2, number + 1
        elif original[at] == text_checks.BOM.decode() and source[number] != original[at]:
            at += 1
        else:
            at, number = at + 1, number + 1
    return at
