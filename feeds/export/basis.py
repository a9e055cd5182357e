"""What an export has made of which answers: so the next one makes again only what may have changed.

It lies beside the catalogue and not in the exported folder: it names rows of this machine's catalogue. A machine
without it makes every document, and then too writes only the files that differ from those the manifest names.
"""

from __future__ import annotations

import hashlib
import marshal
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Self

from feeds.catalogue import Snapshot
from feeds.errors import Success, attempt
from feeds.export.asked import Asked
from feeds.export.census import Census
from feeds.export.documents import Job, Made
from feeds.export.manifest import Fields, File, Placed
from feeds.media.drawing import equipment
from feeds.model.retirement import retirement_moments

_LIBRARIES = ("jinja2", "markupsafe", "babel", "segno", "feedgen", "lxml")
"""What writes the bytes of documents, besides this program."""
_NO_FILE = File("", 0, 0, ())
_FIELDS = File._fields.index("fields")
_DIGEST = 16
"""Bytes."""


@dataclass(frozen=True, slots=True)
class Basis:
    """The census of an export, its answers, and what it has made of them."""

    mark: str = ""
    """Another one whenever all documents may have other bytes: see `mark`."""
    census: Census = field(default_factory=lambda: Census({}, {}, {}, {}))
    answers: Mapping[str, str] = field(default_factory=dict)
    made: Mapping[str, Made] = field(default_factory=dict)
    """By path; their questions stand in ``asked``."""
    asked: Asked = field(default_factory=Asked)
    placed: Placed = field(default_factory=Placed)
    """The manifest that was written with it, so that the next export need not parse it."""

    def write(self, path: Path) -> None:
        """Replaces the file in one step."""
        new = path.with_name(f"{path.name}.{os.getpid()}")
        content = marshal.dumps(self._data())
        try:
            with new.open("wb") as file:
                file.write(hashlib.blake2b(content, digest_size=_DIGEST).digest())
                file.write(content)
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)

    @classmethod
    def read(cls, path: Path, mark: str) -> Self:
        """What was kept under this mark; an empty basis if nothing was, or if it is damaged."""
        found = attempt(lambda: cls._from_bytes(path.read_bytes(), mark))
        return found.value if isinstance(found, Success) else cls()

    def _data(self) -> dict[str, Any]:
        return {
            "mark": self.mark,
            "census": self.census.to_data(),
            "answers": self.answers,
            "made": _columns(list(self.made.values()), self.placed.files),
            "asked": self.asked.to_data(self.made),
            "placed": self.placed.digest,
        }

    @classmethod
    def _from_bytes(cls, content: bytes, mark: str) -> Self:
        if hashlib.blake2b(content[_DIGEST:], digest_size=_DIGEST).digest() != content[:_DIGEST]:
            return cls()
        # Not JSON: Python reads its own values in half the time, of which an export of one change is short.
        data = marshal.loads(content[_DIGEST:])  # noqa: S302 - our own file, whole by its digest
        if data["mark"] != mark:
            return cls()
        rows = _rows(data["made"])
        made = {each.path: each for each in rows}
        asked = Asked.from_data(data["asked"], made)
        placed = Placed(data["placed"], _placed(rows, data["made"]))
        return cls(mark, Census.from_data(data["census"]), data["answers"], made, asked, placed)


def _columns(made: Sequence[Made], placed: Mapping[str, File]) -> dict[str, Any]:
    """What was made as columns: a list for each kind of value is read much faster than a list for each file.

    What most files do not have stands by their numbers. ``placed`` are the files of the manifest by name: nearly all
    of them are of these, so only the others have columns of their own.
    """
    shared: dict[Fields, int] = {}
    paths, names, files, moved, gone, _ = zip(*made, strict=True) if made else [()] * 6
    others = placed.keys() - names
    return {
        "path": paths,
        "name": names,
        "moved": {number: each for number, each in enumerate(moved) if each},
        "gone": [number for number, each in enumerate(gone) if each],
        "no_file": [number for number, each in enumerate(files) if each is None],
        "files": _file_columns([each or _NO_FILE for each in files], shared),
        "not_placed": [n for n, each in enumerate(files) if each and placed.get(names[n]) is not each],
        "others": sorted(others),
        "other_files": _file_columns([placed[name] for name in sorted(others)], shared),
        "fields": list(shared),
    }


def _file_columns(files: Sequence[File], shared: dict[Fields, int]) -> list[Sequence[Any]]:
    columns: list[Sequence[Any]] = [*zip(*files, strict=True)] if files else [()] * len(_NO_FILE)
    columns[_FIELDS] = [shared.setdefault(each, len(shared)) for each in columns[_FIELDS]]
    return columns


def _files(columns: Sequence[Sequence[Any]], shared: Sequence[Fields]) -> Iterator[File]:
    fields = map(shared.__getitem__, columns[_FIELDS])
    return map(File._make, zip(*columns[:_FIELDS], fields, *columns[_FIELDS + 1 :], strict=True))


def _rows(columns: Mapping[str, Any]) -> list[Made]:
    rows = list(map(Made, columns["path"], columns["name"], _files(columns["files"], columns["fields"])))
    for number in columns["no_file"]:
        rows[number] = rows[number]._replace(file=None)
    for number, moved in columns["moved"].items():
        rows[number] = rows[number]._replace(moved=moved)
    for number in columns["gone"]:
        rows[number] = rows[number]._replace(is_gone=True)
    return rows


def _placed(rows: Sequence[Made], columns: Mapping[str, Any]) -> dict[str, File]:
    """The files of the manifest by name."""
    left_out = frozenset(columns["not_placed"])
    placed = {each.name: each.file for number, each in enumerate(rows) if each.file and number not in left_out}
    return placed | dict(zip(columns["others"], _files(columns["other_files"], columns["fields"]), strict=True))


def mark(job: Job, snapshot: Snapshot) -> str:
    """What all documents depend on as a digest: program, libraries, fonts, settings, newsroom, theme, ended terms."""
    ends = retirement_moments(snapshot.vocabulary)
    parts = (
        _program(),
        [version(library) for library in _LIBRARIES],
        snapshot.base_url,
        equipment(),
        job.settings.entries,
        job.combined,
        job.suffixed,
        job.stand_ins,
        job.codings,
        job.stores_fields,
        snapshot.in_common,
        sum(end <= job.now for end in ends),
    )
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()


@lru_cache(maxsize=1)
def _program() -> str:
    """A digest of all files of this program."""
    found = hashlib.blake2b(digest_size=16)
    for name, content in sorted(_contents(files("feeds"), "")):
        found.update(f"{name} {len(content)}\n".encode() + content)
    return found.hexdigest()


def _contents(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found = []
    for each in folder.iterdir():
        if each.is_dir():
            found += _contents(each, f"{prefix}{each.name}/") if each.name != "__pycache__" else []
        else:
            found.append((prefix + each.name, each.read_bytes()))
    return found
