"""What an export has made, by path, as columns: tens of thousands of documents are read and written in milliseconds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from itertools import compress, count
from typing import Any, Self

from feeds.export.documents import MadeFile
from feeds.export.files import Columns, ExportedFile, Files

_GONE = 410
_STATUS = ExportedFile._fields.index("status")


class KeptDocuments(Mapping[str, MadeFile]):
    """What stands at each path, without its questions. A document is made of the columns when it is asked for."""

    __slots__ = ("_columns", "_files", "_numbers", "files", "others")

    def __init__(
        self, columns: Sequence[list[Any]] | None = None, others: Mapping[str, MadeFile] | None = None
    ) -> None:
        """``columns`` are the paths, names, and values of the files of all but ``others``."""
        self._columns = columns or [[] for _ in range(2 + len(ExportedFile._fields))]
        paths, names, *values = self._columns
        self._numbers = dict(zip(paths, count()))
        self._files = Columns(names, values)
        self.files = Files(self._files)
        """The files of documents by name, whether they have taken their places or not."""
        self.others = others or {}
        """By path, what stands there without a file of its own: redirects, what stands in for them, and nothing."""

    def __getitem__(self, path: str) -> MadeFile:
        number = self._numbers.get(path)
        if number is None:
            return self.others[path]
        _, name, *values = (column[number] for column in self._columns)
        return MadeFile(path, name, ExportedFile(*values))

    def __iter__(self) -> Iterator[str]:
        yield from self._numbers
        yield from self.others

    def __len__(self) -> int:
        return len(self._numbers) + len(self.others)

    def __contains__(self, path: object) -> bool:
        return path in self._numbers or path in self.others

    @property
    def paths(self) -> Set[str]:
        """All paths."""
        return self._numbers.keys() | self.others.keys()

    @property
    def gone(self) -> dict[str, str]:
        """By path of what is gone: the file with the notice."""
        paths, names, *values = self._columns
        return {paths[at]: names[at] for at, status in enumerate(values[_STATUS]) if status == _GONE}

    def replaced(self, made: Iterable[MadeFile], without: Collection[str] = ()) -> Self:
        """These documents with others in their places, and without those of some paths."""
        new = {each.path: each for each in made}
        away = {*new, *without}
        paths, names, *_ = self._columns
        touched = {each.name for each in new.values()} | {
            name for path, name in zip(paths, names, strict=True) if path in away
        }
        stays = [path not in away for path in paths]
        columns = [list(compress(column, stays)) for column in self._columns]
        others = {path: each for path, each in self.others.items() if path not in away}
        for each in new.values():
            if each.file and not each.moved:
                for column, value in zip(columns, (each.path, each.name, *each.file), strict=True):
                    column.append(value)
            else:
                others[each.path] = each
        found = type(self)(columns, others)
        found.files = self.files.changed({name: found._files.get(name) for name in touched})
        return found

    def with_files(self, names: Collection[str]) -> list[tuple[str, str]]:
        """Path and name of each document with one of these files. Several that are gone may share a notice."""
        return [(path, name) for path, name in zip(*self._columns[:2], strict=True) if name in names]

    def to_data(self) -> dict[str, Any]:
        """The documents as plain values."""
        others = [(path, name, file and tuple(file), moved) for path, name, file, moved, *_ in self.others.values()]
        return {"columns": self._columns, "others": others}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Reads what `to_data` has written."""
        others = {
            path: MadeFile(path, name, file and ExportedFile(*file), moved)
            for path, name, file, moved in data["others"]
        }
        return cls(data["columns"], others)
