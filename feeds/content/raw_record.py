"""A record: the fields somebody wrote for one thing, still as text, with the positions where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from feeds.content.faults import Fault, join_path
from feeds.content.yaml_reader import Data, Position, YamlDocument

NOT_FIELDS = ("must be fields, one a line", "write lines such as “title: …”")


class RawRecord(NamedTuple):
    """One group of fields in a document; ``prefix`` is its own path there, empty for the whole document."""

    data: dict[str, Data]
    document: YamlDocument
    prefix: str
    faults: tuple[Fault, ...]

    def path(self, inner: str) -> str:
        """The path in the document of a path in this record."""
        return f"{self.prefix}.{inner}" if self.prefix and inner else self.prefix or inner

    def position(self, inner: str, *, key: bool = False) -> Position:
        """Line and column of a value (or of its name), else of the draft as a whole."""
        positions = self.document.positions
        return positions.get(self.path(inner), positions.get(self.prefix, ((1, 1), (1, 1))))[0 if key else 1]

    def fault(self, inner: str, message: str, advice: str, *, fatal: bool = True) -> Fault:
        """A fault of the value at a path in this record."""
        return Fault(*self.position(inner), self.path(inner), message, advice, fatal)


def records(document: YamlDocument, found: list[Fault]) -> Iterator[RawRecord]:
    """The groups of fields in a document that is one, or a list of them; ``found`` receives what is neither."""
    items = [("", document.data)]
    if isinstance(document.data, list):
        items = [(f"[{number}]", item) for number, item in enumerate(document.data)]
    loose = tuple(fault for fault in document.faults if isinstance(document.data, list) and not fault.path)
    for prefix, item in items:
        own = tuple(fault for fault in document.faults if _within(fault.path, prefix))
        record = RawRecord(item if isinstance(item, dict) else {}, document, prefix, own + loose)
        if isinstance(item, dict):
            yield record
        else:
            found += own + loose or (record.fault("", *NOT_FIELDS),)


def named_records(record: RawRecord, data: dict[str, Data], found: list[Fault]) -> Iterator[tuple[str, RawRecord]]:
    """Each named group of fields in a mapping inside a record."""
    for name, item in data.items():
        prefix = join_path(record.prefix, name)
        own = tuple(fault for fault in record.faults if _within(fault.path, prefix))
        inner = RawRecord(item if isinstance(item, dict) else {}, record.document, prefix, own)
        if isinstance(item, dict):
            yield name, inner
        else:
            found += own or (inner.fault("", *NOT_FIELDS),)


def _within(path: str, prefix: str) -> bool:
    return not prefix or path == prefix or path.startswith((f"{prefix}.", f"{prefix}["))
