"""The files of an export by name, kept as changes of earlier files, so that two exports are compared quickly.

There are tens of thousands of files, and after most changes of a newsroom only a few dozen differ.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import count
from types import MappingProxyType
from typing import Any, NamedTuple

Fields = tuple[tuple[str, str], ...]
"""Header fields of a response."""


class ExportedFile(NamedTuple):
    """A file of the export. A named tuple, since there are tens of thousands."""

    digest: str
    """BLAKE2b of its bytes, 16 octets; empty for a file that an interrupted export may have written.

    In an object store, of its bytes and of the fields that are stored with it.
    """
    length: int
    modified: int
    """When its content last changed, in seconds since 1970."""
    fields: Fields
    """The header fields that a host should send with it, Content-Type first."""
    status: int = 200
    """410 for the notice of a withdrawal and what has ended, 404 for the page of a wrong address."""
    twins: tuple[str, ...] = ()
    """The codings of its compressed twins."""

    @property
    def media_type(self) -> str:
        """The value of Content-Type."""
        return next((value for field, value in self.fields if field == "Content-Type"), "")


class Columns(Mapping[str, ExportedFile]):
    """Files by name as columns: a list for each kind of value. A file is made of them when it is asked for."""

    __slots__ = ("_names", "columns")

    def __init__(self, names: Sequence[str], columns: Sequence[Sequence[Any]]) -> None:
        """``columns`` are in the order of the fields of `ExportedFile`. If a name stands twice, the last one counts."""
        self._names = dict(zip(names, count()))
        self.columns = columns

    def __getitem__(self, name: str) -> ExportedFile:
        number = self._names[name]
        return ExportedFile._make(column[number] for column in self.columns)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def lengths(self) -> Iterator[tuple[str, int]]:
        """The name and length of each."""
        return zip(self._names, map(self.columns[_LENGTH].__getitem__, self._names.values()), strict=True)


_LENGTH = ExportedFile._fields.index("length")


class Files(Mapping[str, ExportedFile]):
    """Files by name: those of a base, and what has changed since."""

    __slots__ = ("_base", "_changes")

    def __init__(self, base: Mapping[str, ExportedFile] = MappingProxyType({})) -> None:
        self._base = base
        self._changes: dict[str, ExportedFile | None] = {}
        """None for a file of the base that is gone."""

    def __getitem__(self, name: str) -> ExportedFile:
        if name not in self._changes:
            return self._base[name]
        file = self._changes[name]
        if file is None:
            raise KeyError(name)
        return file

    def __iter__(self) -> Iterator[str]:
        changes, base = self._changes, self._base
        yield from (name for name in base if changes.get(name, name) is not None)
        yield from (name for name, file in changes.items() if file is not None and name not in base)

    def __len__(self) -> int:
        added = sum((file is not None) - (name in self._base) for name, file in self._changes.items())
        return len(self._base) + added

    def __contains__(self, name: object) -> bool:
        return self._changes[str(name)] is not None if name in self._changes else name in self._base

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Files):
            return NotImplemented
        return not any(self.get(name) != other.get(name) for name in self.differing(other))

    __hash__ = None  # type: ignore[assignment]  # as of all mappings

    def changed(self, changes: Mapping[str, ExportedFile | None]) -> Files:
        """These files with changes; None for what is gone."""
        found = Files(self._base)
        found._changes = {**self._changes, **changes}
        return found

    def as_changes_of(self, other: Files) -> Files:
        """The same files, as changes of the base of ``other``: a comparison then looks only at what differs from it."""
        base = other._base
        if self._base is base:
            return self
        changes = {name: self.get(name) for name in {*self, *base} if self.get(name) != base.get(name)}
        return Files(base).changed(changes)

    def differing(self, other: Files) -> Collection[str]:
        """The names that may have another file in the other, or none there."""
        if self._base is other._base:
            one, two = self._changes, other._changes
            return {name for name in one.keys() | two.keys() if name not in one or one[name] is not two.get(name, name)}
        return {*self, *other}

    def lengths(self) -> Iterator[tuple[str, int]]:
        """The name and length of each."""
        base, changes = self._base, self._changes
        known = base.lengths() if isinstance(base, Columns) else ((name, file.length) for name, file in base.items())
        yield from (each for each in known if each[0] not in changes)
        yield from ((name, file.length) for name, file in changes.items() if file is not None)
