"""Finds where in a file something stands that turns out to be wrong only after the file has been read."""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from feeds.content import text_checks, yaml_reader
from feeds.content.raw_record import RawRecord, records
from feeds.content.releases import SourceFile
from feeds.model.fields import Markdown

_BODY: TypeAdapter[str] = TypeAdapter(Markdown)
_LETTERS = re.compile(r"\S+")
_WORD = re.compile(r"\S{1,40}")
_LINE_END = re.compile(r"\r\n|\r|\n")


class FieldPosition(NamedTuple):
    """Line and column, from 1, and the path inside the data: ``body``."""

    line: int
    column: int
    path: str


class SourcePositions:
    """Positions in a file of releases. It is read once more, when the first of them is asked for."""

    def __init__(self, source: SourceFile) -> None:
        self._source = source

    def in_body(self, body: str, offset: int) -> FieldPosition:
        """The position of an offset in the body of one of the releases; of the whole body if it cannot be found."""
        for text, record in self._bodies:
            if text == body:
                line, column = record.position("body")
                start = self._offset(line, column)
                quoted = self._text[start : start + 1] in ("'", '"')
                ways = (self._same_word,) if quoted else (self._same_place, self._same_word)
                found = next(filter(None, (way(body, offset, start) for way in ways)), None)
                if found:
                    line, column = text_checks.position_at(self._text, found)
                return FieldPosition(line, column, record.path("body"))
        return FieldPosition(0, 0, "body")

    def of_field(self, path: str, slug: str) -> FieldPosition | None:
        """The position of a field of the release with a slug; None if the file does not state it."""
        for record in self._records:
            stated = record.path(path) in record.document.layout.positions
            if stated and record.data.get("slug", slug) == slug:
                return FieldPosition(*record.position(path), record.path(path))
        return None

    def of_related(self, reference: str) -> FieldPosition | None:
        """The position of a reference under ``related``; None if no release in the file states it."""
        for record in self._records:
            stated = record.data.get("related")
            for number, each in enumerate(stated if isinstance(stated, list) else ()):
                if each == reference:
                    inner = f"related[{number}]"
                    return FieldPosition(*record.position(inner), record.path(inner))
        return None

    @cached_property
    def _records(self) -> tuple[RawRecord, ...]:
        documents, _ = yaml_reader.read_yaml(self._source.raw)
        return tuple(record for document in documents for record in records(document, []))

    @cached_property
    def _bodies(self) -> tuple[tuple[str, RawRecord], ...]:
        """The bodies, as the model has them, each with its record."""
        return tuple((_body(record.data.get("body")), record) for record in self._records)

    @cached_property
    def _text(self) -> str:
        return self._source.raw.removeprefix(text_checks.BOM).decode()

    def _offset(self, line: int, column: int) -> int:
        """The offset in the file at which a value begins; for a block, that of its first line of text."""
        begins = [0, *(end.end() for end in _LINE_END.finditer(self._text))]
        offset = begins[line - 1] + column - 1
        is_block = self._text[offset : offset + 1] in ("|", ">")
        return begins[line] if is_block and line < len(begins) else offset

    def _same_place(self, body: str, offset: int, start: int) -> int | None:
        """The offset with as many letters before it as in the body. White space is not counted: it differs in the file.

        None if another letter stands there. Not for text in quotation marks, where escapes would count as letters.
        """
        wanted = _WORD.search(body, offset)
        if wanted is None:
            return None
        before = sum(map(len, body[: wanted.start()].split()))
        for word in _LETTERS.finditer(self._text, start):
            length = word.end() - word.start()
            if before < length:
                found = word.start() + before
                return found if self._text[found] == wanted[0][0] else None
            before -= length
        return None

    def _same_word(self, body: str, offset: int, start: int) -> int | None:
        """The offset of the same word, with as many of its kind before it as in the body."""
        wanted = _WORD.search(body, offset)
        if wanted is None:
            return None
        found = start - len(wanted[0])
        for _ in range(body.count(wanted[0], 0, wanted.start()) + 1):
            found = self._text.find(wanted[0], found + len(wanted[0]))
            if found < 0:
                return None
        return found


def _body(stated: object) -> str:
    try:
        return _BODY.validate_python(stated)
    except ValidationError:
        return ""
