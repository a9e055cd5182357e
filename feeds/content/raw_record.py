"""A draft: the fields somebody wrote for one thing, still as text, with the places where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from feeds.content.faults import Fault, joined
from feeds.content.yaml_reader import Data, Document, Place

_NOT_FIELDS = ("must be fields, one a line", "write lines such as “title: …”")


class Draft(NamedTuple):
    """One group of fields in a document; ``prefix`` is its own path there, empty for the whole document."""

    data: dict[str, Data]
    document: Document
    prefix: str
    faults: tuple[Fault, ...]

    def path(self, inner: str) -> str:
        """The path in the document of a path in this draft."""
        return f"{self.prefix}.{inner}" if self.prefix and inner else self.prefix or inner

    def place(self, inner: str, *, key: bool = False) -> Place:
        """Line and column of a value (or of its name), else of the draft as a whole."""
        places = self.document.places
        return places.get(self.path(inner), places.get(self.prefix, ((1, 1), (1, 1))))[0 if key else 1]

    def fault(self, inner: str, message: str, advice: str, *, fatal: bool = True) -> Fault:
        """A fault of the value at a path in this draft."""
        return Fault(*self.place(inner), self.path(inner), message, advice, fatal)


def drafts(document: Document, found: list[Fault]) -> Iterator[Draft]:
    """The groups of fields in a document that is one, or a list of them; ``found`` receives what is neither."""
    items = [("", document.data)]
    if isinstance(document.data, list):
        items = [(f"[{number}]", item) for number, item in enumerate(document.data)]
    loose = tuple(fault for fault in document.faults if isinstance(document.data, list) and not fault.path)
    for prefix, item in items:
        own = tuple(fault for fault in document.faults if _within(fault.path, prefix))
        draft = Draft(item if isinstance(item, dict) else {}, document, prefix, own + loose)
        if isinstance(item, dict):
            yield draft
        else:
            found += own + loose or (draft.fault("", *_NOT_FIELDS),)


def groups(document: Document, found: list[Fault]) -> Iterator[tuple[str, Draft]]:
    """The named groups of fields in a document such as ``CN: {labels: …}``; the names in the order of the file."""
    if not isinstance(document.data, dict):
        found.append(Draft({}, document, "", ()).fault("", *_NOT_FIELDS))
        return
    yield from named(Draft(document.data, document, "", document.faults), document.data, found)


def named(draft: Draft, data: dict[str, Data], found: list[Fault]) -> Iterator[tuple[str, Draft]]:
    """Each named group of fields in a mapping inside a draft."""
    for name, item in data.items():
        prefix = joined(draft.prefix, name)
        own = tuple(fault for fault in draft.faults if _within(fault.path, prefix))
        inner = Draft(item if isinstance(item, dict) else {}, draft.document, prefix, own)
        if isinstance(item, dict):
            yield name, inner
        else:
            found += own or (inner.fault("", *_NOT_FIELDS),)


def _within(path: str, prefix: str) -> bool:
    return not prefix or path == prefix or path.startswith((f"{prefix}.", f"{prefix}["))
