"""What an export has made of which answers: so the next one makes again only what may have changed.

It lies beside the catalogue and not in the exported folder: it names rows of this machine's catalogue. A machine
without it makes every document, and then too writes only the files that differ from those the manifest names.
"""

from __future__ import annotations

import hashlib
import json
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
from feeds.export.manifest import Fields, File
from feeds.model.retirement import retirement_moments

_LIBRARIES = ("jinja2", "markupsafe", "babel", "segno", "feedgen", "lxml")
"""What writes the bytes of documents, besides this program."""
_NO_FILE = File("", 0, 0, ())


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

    def write(self, path: Path) -> None:
        """Replaces the file in one step."""
        new = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            new.write_bytes(json.dumps(self._data(), ensure_ascii=False, separators=(",", ":")).encode())
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)

    @classmethod
    def read(cls, path: Path, mark: str) -> Self:
        """What was kept under this mark; an empty basis if nothing was, or if it is damaged."""
        found = attempt(lambda: cls._from_data(json.loads(path.read_bytes()), mark))
        return found.value if isinstance(found, Success) else cls()

    def _data(self) -> dict[str, Any]:
        return {
            "mark": self.mark,
            "census": self.census.to_data(),
            "answers": self.answers,
            "made": _columns(list(self.made.values())),
            "asked": self.asked.to_data(self.made),
        }

    @classmethod
    def _from_data(cls, data: dict[str, Any], mark: str) -> Self:
        if data["mark"] != mark:
            return cls()
        made = {each.path: each for each in _rows(data["made"])}
        return cls(mark, Census.from_data(data["census"]), data["answers"], made, Asked.from_data(data["asked"], made))


def _columns(made: Sequence[Made]) -> dict[str, Any]:
    """What was made as columns: a list for each kind of value is read much faster than a list for each file.

    What most files do not have stands by their numbers.
    """
    shared: dict[Fields, int] = {}
    files = [each.file or _NO_FILE for each in made]
    return {
        "path": [each.path for each in made],
        "name": [each.name for each in made],
        "digest": [each.digest for each in files],
        "length": [each.length for each in files],
        "modified": [each.modified for each in files],
        "status": [each.status for each in files],
        "field": [shared.setdefault(each.fields, len(shared)) for each in files],
        "fields": list(shared),
        "twins": {number: each.twins for number, each in enumerate(files) if each.twins},
        "moved": {number: each.moved for number, each in enumerate(made) if each.moved},
        "gone": [number for number, each in enumerate(made) if each.is_gone],
        "no_file": [number for number, each in enumerate(made) if each.file is None],
    }


def _rows(columns: dict[str, Any]) -> Iterator[Made]:
    shared: list[Fields] = [tuple((name, value) for name, value in each) for each in columns["fields"]]
    twins, moved = columns["twins"], columns["moved"]
    gone, no_file = frozenset(columns["gone"]), frozenset(columns["no_file"])
    names = ("path", "name", "digest", "length", "modified", "status", "field")
    for number, row in enumerate(zip(*(columns[name] for name in names), strict=True)):
        path, name, digest, length, modified, status, fields = row
        at = str(number)
        file = File(digest, length, modified, shared[fields], status, tuple(twins.get(at, ())))
        target = moved.get(at)
        yield Made(
            path,
            name,
            None if number in no_file else file,
            (target[0], target[1]) if target else None,
            number in gone,
        )


def mark(job: Job, snapshot: Snapshot) -> str:
    """What all documents depend on, in a few letters: program, libraries, settings, newsroom, theme, retired terms."""
    ends = retirement_moments(snapshot.vocabulary)
    parts = (
        _program(),
        [version(library) for library in _LIBRARIES],
        snapshot.base_url,
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
