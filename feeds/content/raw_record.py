"""A raw record: the fields of one release or term as they are written, still text, with their positions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from feeds.content.faults import Fault, join_path
from feeds.content.yaml_reader import Data, YamlDocument
from feeds.content.yaml_text import Position

NOT_FIELDS = ("must be fields, one a line", "write lines such as “title: …”")

_HYPHENS = ("each of these fields is a release of its own, since it begins with a hyphen", "delete these hyphens")


class RawRecord(NamedTuple):
    """A group of fields in a document. ``prefix`` is its path there, empty for the whole document."""

    data: dict[str, Data]
    document: YamlDocument
    prefix: str
    faults: tuple[Fault, ...]

    def path(self, inner: str) -> str:
        """The path in the document for a path in this record."""
        return f"{self.prefix}.{inner}" if self.prefix and inner else self.prefix or inner

    def position(self, inner: str, *, key: bool = False) -> Position:
        """Line and column of a value, or of its name with ``key``; if it is not there, those of the record."""
        positions = self.document.layout.positions
        return positions.get(self.path(inner), positions.get(self.prefix, ((1, 1), (1, 1))))[0 if key else 1]

    def fault(self, inner: str, message: str, advice: str, *, fatal: bool = True) -> Fault:
        """Makes a fault at the position of a value."""
        return Fault(*self.position(inner), self.path(inner), message, advice, fatal)


def records(document: YamlDocument, found: list[Fault]) -> Iterator[RawRecord]:
    """Yields the records of a document: one, or a list of them. What is neither becomes a fault in ``found``."""
    items = [("", document.data)]
    if isinstance(document.data, list):
        items = [(f"[{number}]", item) for number, item in enumerate(document.data)]
        if _is_one_field_each(document.data):
            found.append(RawRecord({}, document, "[0]", ()).fault("", *_HYPHENS))
            return
    loose = tuple(fault for fault in document.faults if isinstance(document.data, list) and not fault.path)
    for prefix, item in items:
        own = tuple(fault for fault in document.faults if _within(fault.path, prefix))
        record = RawRecord(item if isinstance(item, dict) else {}, document, prefix, own + loose)
        if isinstance(item, dict):
            yield record
        else:
            found += _or_not_fields(record)


def named_records(record: RawRecord, data: dict[str, Data], found: list[Fault]) -> Iterator[tuple[str, RawRecord]]:
    """Yields each group of fields in ``data`` with its name, as in ``CN: {labels: …}``. Other values become faults."""
    for name, item in data.items():
        prefix = join_path(record.prefix, name)
        own = tuple(fault for fault in record.faults if _within(fault.path, prefix))
        inner = RawRecord(item if isinstance(item, dict) else {}, record.document, prefix, own)
        if isinstance(item, dict):
            yield name, inner
        else:
            found += _or_not_fields(inner)


def _is_one_field_each(items: list[Data]) -> bool:
    """Whether a list is most likely one record, with a hyphen before each field."""
    names = [next(iter(item)) for item in items if isinstance(item, dict) and len(item) == 1]
    return len(items) == len(names) == len(set(names)) > 1


def _or_not_fields(record: RawRecord) -> tuple[Fault, ...]:
    """The faults of a value that is no group of fields. If none of them is fatal, one is added that says so."""
    told = any(fault.fatal for fault in record.faults)
    return record.faults if told else (*record.faults, record.fault("", *NOT_FIELDS))


def _within(path: str, prefix: str) -> bool:
    return not prefix or path == prefix or path.startswith((f"{prefix}.", f"{prefix}["))
