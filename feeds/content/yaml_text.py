"""The text of a YAML file as libyaml's events, and where in the file its values stand.

It does two things more than YAML: a line break between Chinese characters leaves no space behind, and byte order marks
inside the file, from files that were put together, are removed.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from yaml._yaml import CParser
from yaml.events import (
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from feeds.content import text_checks
from feeds.content.faults import join_path
from feeds.model.line_breaks import NEAR, is_between_cjk

NextEvent: TypeAlias = Callable[[], Any]
Position: TypeAlias = tuple[int, int]
"""Line and column, from 1."""

OPENING = (MappingStartEvent, SequenceStartEvent)
CLOSING = (MappingEndEvent, SequenceEndEvent)

JOINT = "\U0010ffff"
"""Stands before a line break that must not become a space. A noncharacter: no text has it (Unicode, section 23.7)."""

_JOINT_AND_SPACE = re.compile(f"[ \t]*{JOINT}[ \t]+(?=[^ \t\n])|{JOINT}")
_BEFORE_LETTER = re.compile(r"\n[ \t]*(?=[^\x00-\x7f])")
_LETTERS = (*range(0xE3, 0xEA), *range(0xEF, 0xF4))
"""Bytes of which every text in Chinese or Japanese has one: in UTF-8 their letters begin with them."""
_MARK_BEFORE_LINE = re.compile(rb"(?<![^\n])(?:\xef\xbb\xbf)+")


class Node(NamedTuple):
    """A value in a document."""

    path: str
    key: Any
    """The event of its name; its own where it has no name."""
    event: Any


class Layout:
    """The values of one document, lists and groups of fields among them, and where they stand."""

    def __init__(self, events: list[Any]) -> None:
        next_event = iter(events).__next__
        first = next_event()
        self.nodes = tuple(_nodes(first, first, next_event, ""))
        """In the order of the file."""

    @cached_property
    def positions(self) -> dict[str, tuple[Position, Position]]:
        """Positions of key and value by path: ``image.alt``, ``countries[1]``."""
        # Of two fields with one name, the first counts.
        return {node.path: (position(node.key), position(node.event)) for node in reversed(self.nodes)}

    def within(self, path: str) -> Iterator[Node]:
        """The value at a path, and all values in it."""
        first = self._numbers[path]
        for node in islice(self.nodes, first, None):
            if path and node.path != path and not node.path.startswith((f"{path}.", f"{path}[")):
                return
            yield node

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {node.path: number for number, node in reversed(tuple(enumerate(self.nodes)))}


class YamlText:
    """The text of one file. It is scanned a second time if a position is asked for."""

    def __init__(self, raw: bytes) -> None:
        if b"\r" in raw:
            raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        self.raw = _MARK_BEFORE_LINE.sub(b"", raw) if b"\xef" in raw else raw
        self._parsed = _with_joints(self.raw)
        self._layouts: dict[int, Layout] = {}
        self._found: dict[re.Pattern[bytes], bool] = {}

    def events(self) -> NextEvent:
        """A function that gives the events one by one, and raises YAMLError where the text is no YAML."""
        next_event: NextEvent = CParser(self._parsed).get_event
        marked = self._parsed is not self.raw or (b"\xef" in self.raw and text_checks.BOM in self.raw)
        return (lambda: _cleaned(next_event())) if marked else next_event

    @cached_property
    def documents(self) -> list[list[Any]]:
        """The events of each document, without its start."""
        found: list[list[Any]] = []
        for event in iter(self.events(), None):
            if type(event) is DocumentStartEvent:
                found.append([])
            elif found:
                found[-1].append(event)
        return found

    def layout(self, number: int) -> Layout:
        """Where the values of a document stand."""
        if number not in self._layouts:
            self._layouts[number] = Layout(self.documents[number])
        return self._layouts[number]

    @cached_property
    def source(self) -> str:
        """The text as it was parsed. The marks of events are places in it."""
        return self._parsed.decode()

    @cached_property
    def has_doubtful_comments(self) -> bool:
        """Whether a # stands where it may begin a comment, but not as comments are usually written."""
        at = self.raw.find(b"#")
        while at >= 0:
            if self.raw[at - 1 : at] in (b" ", b"\t"):
                before = self.raw[self.raw.rfind(b"\n", 0, at) + 1 : at]
                if before.strip() or self.raw[at + 1 : at + 2] not in (b" ", b"#", b"\n"):
                    return True
            at = self.raw.find(b"#", at + 1)
        return False

    def has(self, pattern: re.Pattern[bytes]) -> bool:
        """Whether the text contains a pattern."""
        if pattern not in self._found:
            self._found[pattern] = bool(pattern.search(self.raw))
        return self._found[pattern]

    def position_within(self, event: Any, part: str, before: int = 0) -> Position:
        """Line and column of a part of a scalar. ``before`` says how many equal parts stand before it.

        Those of the whole scalar if the part is written with escapes.
        """
        text = self.source
        start, end = event.start_mark.index, event.end_mark.index
        offset = start - 1
        for _ in range(before + 1):
            offset = text.find(part, offset + 1, end)
            if offset < 0:
                return position(event)
        return text_checks.position_at(text, offset)


def _with_joints(raw: bytes) -> bytes:
    """Marks the line breaks between Chinese characters. They become spaces in some kinds of scalars, not in others."""
    if not any(map(raw.__contains__, _LETTERS)):
        return raw
    text = raw.decode()
    if JOINT in text:
        return raw
    marked = _BEFORE_LETTER.sub(lambda found: _joint(text, *found.span()) + found[0], text)
    return marked.encode() if len(marked) > len(text) else raw


def _joint(text: str, start: int, end: int) -> str:
    before = text[max(0, start - 2 * NEAR) : start].rstrip(" \t")
    return JOINT if is_between_cjk(before, text[end : end + NEAR]) else ""


def _cleaned(event: Any) -> Any:
    """The event without marks in its text."""
    if type(event) is ScalarEvent:
        if JOINT in event.value:
            event.value = _JOINT_AND_SPACE.sub("", event.value)
        event.value = event.value.lstrip("\ufeff")
    return event


def position(event: Any) -> Position:
    """Where a value begins."""
    return event.start_mark.line + 1, event.start_mark.column + 1


def _nodes(key: Any, event: Any, next_event: NextEvent, path: str) -> Iterator[Node]:
    """Yields a value and all values in it."""
    yield Node(path, key, event)
    if not isinstance(event, OPENING):
        return
    number = 0
    while not isinstance(inner := next_event(), CLOSING):
        if type(event) is SequenceStartEvent:
            yield from _nodes(inner, inner, next_event, f"{path}[{number}]")
        elif type(inner) is ScalarEvent:
            yield from _nodes(inner, next_event(), next_event, join_path(path, inner.value))
        else:
            # A list or a group where a name belongs: neither it nor its value has a path.
            deque(_nodes(inner, inner, next_event, ""), maxlen=0)
            value = next_event()
            deque(_nodes(value, value, next_event, ""), maxlen=0)
        number += 1
