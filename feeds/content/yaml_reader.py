"""Reads a YAML file into dicts, lists and texts, or says what is wrong and where.

The data is built from libyaml's events, without PyYAML's constructor and composer. So no type is guessed (``NO`` is
Norway), aliases and tags are refused, and nothing recurses deeper than DEPTH. Positions are found by a second scan,
which is made only if one is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from yaml import YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from feeds.content import text_checks, yaml_errors, yaml_lines, yaml_mistakes
from feeds.content.faults import MOST_FAULTS, Fault, join_path, quoted
from feeds.content.yaml_text import CLOSING, OPENING, Layout, NextEvent, YamlText, position
from feeds.model.invisible_characters import UNWRITABLE, doubtful_directions

Data: TypeAlias = "str | list[Data] | dict[str, Data]"

DEPTH = 8
"""Levels of lists and mappings inside one another."""
NODES = 5_000
"""Values in one file."""
NOTHING = frozenset(("", "~", "null", "Null", "NULL"))
"""Unquoted texts that mean no value in YAML."""

_LONGEST = max(map(len, NOTHING))
"""Longer texts are not looked up in NOTHING: to hash a whole body takes time."""
_NO_NAMES = NOTHING | {"<<"}
_DUPLICATE = "given twice"
_NO_VALUE = "has no value"


class YamlDocument(NamedTuple):
    """The data of one YAML document, its faults, and the positions of its values."""

    data: Data
    faults: tuple[Fault, ...]
    text: YamlText
    number: int

    @property
    def layout(self) -> Layout:
        """Where its values stand."""
        return self.text.layout(self.number)


class _TooDeep(Exception):  # noqa: N818  # never leaves this module
    def __init__(self, event: Any, path: str) -> None:
        message = f"more than {DEPTH} levels of lists and fields inside one another"
        super().__init__(message)
        advice = "put quotes around text that contains brackets, or begin its lines further left"
        self.fault = _fault(event, path, message, advice)


def read_yaml(raw: bytes) -> tuple[list[YamlDocument], tuple[Fault, ...]]:
    """Reads the documents of a file, or finds the faults that keep it from being read; never both."""
    if faults := text_checks.check(raw):
        return [], faults
    text = YamlText(raw)
    try:
        found = _documents(text)
    except YAMLError as error:
        return [], (text_checks.unreadable(raw) or yaml_errors.explain(error, text.raw.decode()),)
    except _TooDeep as error:
        return [], (error.fault,)
    if len(found) > 1 and (fault := yaml_mistakes.front_matter(text.source)):
        return [], (fault,)
    # Each value takes at least a byte: most files are too short to have too many.
    if len(raw) > NODES and sum(1 + _size(document.data) for document in found) > NODES:
        return [], (Fault(0, 0, "", f"more than {NODES:,} values in one file", "spread them over several files"),)
    closer = _needs_closer_look(text.raw)
    looked_at = [_with_all_faults(document) if closer or document.faults else document for document in found]
    if len(found) == 1 and isinstance(found[0].data, str):
        looked_at = [_with_mistake(looked_at[0])]
    # An empty document, after one --- too many, does no harm.
    found = [document for document in looked_at if document.data or document.faults]
    if not found:
        return [], (Fault(0, 0, "", "the file is empty", "write a release into it, or delete it"),)
    return found, ()


def _documents(text: YamlText) -> list[YamlDocument]:
    next_event = text.events()
    next_event()
    found: list[YamlDocument] = []
    while type(start := next_event()) is DocumentStartEvent:
        faults: list[Fault] = []
        event = next_event()
        if type(event) is MappingStartEvent:
            data: Data = _mapping(next_event, "", 1, faults)
        elif type(event) is ScalarEvent and event.implicit[0] and event.value in NOTHING:
            data = ""
        else:
            data = _value(event, next_event, "", 0, faults)
        if start.version or start.tags:
            faults.append(_fault(start, "", "a line for YAML programs", "delete the line that begins with %"))
        found.append(YamlDocument(data, tuple(faults), text, len(found)))
        next_event()
    return found


def _with_mistake(document: YamlDocument) -> YamlDocument:
    """A document that is one text, with the fault of what kept it from being fields, if that is known."""
    fault = document.data and yaml_mistakes.recognized(document.text.source, document.text.source.count("\n") + 1)
    return document._replace(faults=(*document.faults, fault)) if fault else document


def _size(data: Data) -> int:
    if isinstance(data, str):
        return 0
    return len(data) + sum(_size(value) for value in (data.values() if isinstance(data, dict) else data))


def _needs_closer_look(raw: bytes) -> bool:
    """Whether there may be an anchor, a tag, an escape, a character reference or a mark of direction.

    Few texts need the slow check.
    """
    if b"\\" in raw or text_checks.DIRECTION.search(raw):
        return True
    for sign in (b"&", b"!"):
        at = raw.find(sign)
        while at >= 0:
            after = raw[at + 1 : at + 2]
            begins = at == 0 or raw[at - 1] in b" \t\n[{,-?:"
            if (begins and (sign == b"!" or after not in b" \n")) or (sign == b"&" and after == b"#"):
                return True
            at = raw.find(sign, at + 1)
    return False


def _mapping(next_event: NextEvent, path: str, depth: int, faults: list[Fault]) -> dict[str, Data]:
    fields: dict[str, Data] = {}
    while True:
        key = next_event()
        if type(key) is ScalarEvent and (name := key.value) not in _NO_NAMES:
            event = next_event()
            if name in fields:
                faults.append(_fault(key, join_path(path, name), _DUPLICATE, "keep one of the two"))
                _skip(event, next_event)
            elif type(event) is ScalarEvent and (len(text := event.value) > _LONGEST or text not in NOTHING):
                fields[name] = text
            else:
                further = f"{path}.{name}" if path else name
                fields[name] = value = _value(event, next_event, further, depth, faults)
                if value == "" and faults[-1].message == _NO_VALUE:
                    # A value that is not there has no position: use that of its name.
                    faults[-1] = replace(faults[-1], line=position(key)[0], column=position(key)[1])
        elif type(key) is MappingEndEvent:
            return fields
        else:
            faults.append(_bad_key(key, path))
            _skip(key, next_event)
            _skip(next_event(), next_event)


def _value(event: Any, next_event: NextEvent, path: str, depth: int, faults: list[Fault]) -> Data:
    """The value that begins with ``event``; for one that is not allowed, an empty text and a fault."""
    kind = type(event)
    if kind is ScalarEvent:
        if not event.value or (event.implicit[0] and event.value in NOTHING):
            faults.append(_fault(event, path, _NO_VALUE, "write one, or delete the line"))
            return ""
        return str(event.value)
    if kind is AliasEvent:
        faults.append(_reserved(event, path))
        return ""
    if depth < DEPTH:
        return (_mapping if kind is MappingStartEvent else _sequence)(next_event, path, depth + 1, faults)
    raise _TooDeep(event, path)


def _sequence(next_event: NextEvent, path: str, depth: int, faults: list[Fault]) -> list[Data]:
    items: list[Data] = []
    while type(event := next_event()) is not SequenceEndEvent:
        if type(event) is ScalarEvent and (len(text := event.value) > _LONGEST or text not in NOTHING):
            items.append(text)
        else:
            items.append(_value(event, next_event, f"{path}[{len(items)}]", depth, faults))
    return items


def _skip(event: Any, next_event: NextEvent) -> None:
    level = 0
    while True:
        level += isinstance(event, OPENING) - isinstance(event, CLOSING)
        if level == 0:
            return
        # The time that libyaml takes grows with the square of the depth.
        if level > DEPTH:
            raise _TooDeep(event, "")
        event = next_event()


# -- faults -------------------------------------------------------------------------------------------------------


def _fault(event: Any, path: str, message: str, advice: str) -> Fault:
    return Fault(*position(event), path, message, advice)


def _reserved(event: Any, path: str) -> Fault:
    sign = "*" if type(event) is AliasEvent else "&" if event.anchor else "!"
    return _fault(event, path, f"a value that begins with {sign}", f"put it in quotes if the {sign} is meant")


def _bad_key(key: Any, path: str) -> Fault:
    if type(key) is AliasEvent:
        return _reserved(key, path)
    if type(key) is not ScalarEvent:
        return _fault(key, path, "a list or a group of fields where a field's name belongs", "write “name: value”")
    if key.value == "<<":
        return _fault(key, path, "fields cannot be merged with <<", "write them out")
    return _fault(key, path, "a value without a field's name", "write “name: value”")


def _with_all_faults(document: YamlDocument) -> YamlDocument:
    return document._replace(
        faults=(*_reserved_signs(document), *_with_more_words(document), *_doubtful_directions(document))
    )


def _with_more_words(document: YamlDocument) -> Iterator[Fault]:
    """The faults in more words: a name given twice gets the line of the first, a missing value the likely reason."""
    # No more faults of a file are shown.
    first, others = document.faults[:MOST_FAULTS], document.faults[MOST_FAULTS:]
    missing = any(fault.message == _NO_VALUE for fault in first)
    lines = yaml_lines.lines_of(document.text.source) if missing else ()
    for fault in first:
        if fault.message == _DUPLICATE:
            number = document.layout.positions[fault.path][0][0]
            yield replace(fault, message=f"{_DUPLICATE}, first in line {number}")
        elif fault.message == _NO_VALUE:
            yield yaml_mistakes.without_value(fault, lines)
        else:
            yield fault
    yield from others


def _reserved_signs(document: YamlDocument) -> Iterator[Fault]:
    """Finds anchors, tags, and characters that no feed can carry: ``"\\x07"`` in YAML, ``&#7;`` in Markdown.

    Unescaped ones were refused before.
    """
    for node in document.layout.nodes:
        yield from _reserved_in(node.key, node.path, document.text)
        if node.event is not node.key:
            yield from _reserved_in(node.event, node.path, document.text)


def _reserved_in(event: Any, path: str, text: YamlText) -> Iterator[Fault]:
    value = event.value if type(event) is ScalarEvent else ""
    if found := UNWRITABLE.search(value):
        advice = "delete the escape: no reader sees that character"
        yield _fault(event, path, f"a control character ({text_checks.code_point(found[0])})", advice)
    elif reference := text_checks.unwritable_reference(value):
        message = f"the character reference {quoted(reference)} names a character that no feed can carry"
        yield Fault(*text.position_within(event, reference), path, message, "delete it")
    elif type(event) is not AliasEvent and (getattr(event, "tag", None) or getattr(event, "anchor", None)):
        yield _reserved(event, path)


def _doubtful_directions(document: YamlDocument) -> Iterator[Fault]:
    if b"\\" not in document.text.raw and not document.text.has(text_checks.DIRECTION):
        return
    for node in document.layout.nodes:
        value = node.event.value if type(node.event) is ScalarEvent else ""
        # The first fault of a value is enough: the editor will look at the value.
        for offset, wrong in islice(doubtful_directions(value), 1):
            mark = value[offset]
            place = document.text.position_within(node.event, mark, value.count(mark, 0, offset))
            message = f"an invisible mark of direction ({text_checks.code_point(mark)}) {wrong}"
            advice = "delete it; it usually comes with text pasted from elsewhere"
            yield Fault(*place, node.path, message, advice, fatal=False)
