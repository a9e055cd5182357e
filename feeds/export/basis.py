"""What an export has made of which answers: so the next one makes again only what may have changed.

It lies beside the catalogue and not in the exported folder: it names rows of this machine's catalogue. A machine
without it makes every document, and then too writes only the files that differ from those the manifest names.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Self

from feeds.catalogue import Snapshot
from feeds.errors import Success, attempt
from feeds.export.census import Census
from feeds.export.documents import Job, Made
from feeds.export.manifest import Fields, File
from feeds.model.retirement import retirement_moments

_LIBRARIES = ("jinja2", "markupsafe", "babel", "segno", "feedgen", "lxml")
"""What writes the bytes of documents, besides this program."""


@dataclass(frozen=True, slots=True)
class Basis:
    """The census of an export, its answers, and what it has made of them."""

    mark: str = ""
    """Another one whenever all documents may have other bytes: see `mark`."""
    census: Census = field(default_factory=lambda: Census({}, {}, {}, {}))
    answers: Mapping[str, str] = field(default_factory=dict)
    made: Mapping[str, Made] = field(default_factory=dict)
    """By path."""

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
        asked: dict[str, int] = {}
        shared: dict[Fields, int] = {}
        made = {}
        for path, each in self.made.items():
            file = each.file
            made[path] = [
                each.name,
                [asked.setdefault(key, len(asked)) for key in sorted(each.asked)],
                each.moved,
                each.is_gone,
                file
                and [
                    *(file.digest, file.length, file.modified, file.status, file.twins),
                    shared.setdefault(file.fields, len(shared)),
                ],
            ]
        return {
            "mark": self.mark,
            "census": self.census.to_data(),
            "answers": self.answers,
            "fields": list(shared),
            "questions": list(asked),
            "made": made,
        }

    @classmethod
    def _from_data(cls, data: dict[str, Any], mark: str) -> Self:
        if data["mark"] != mark:
            return cls()
        questions = data["questions"]
        shared: list[Fields] = [tuple((name, value) for name, value in each) for each in data["fields"]]
        made = {}
        for path, (name, asked, moved, is_gone, file) in data["made"].items():
            made[path] = Made(
                path,
                name,
                file and File(file[0], file[1], file[2], shared[file[5]], file[3], tuple(file[4])),
                moved and (moved[0], moved[1]),
                is_gone,
                frozenset(questions[number] for number in asked),
            )
        return cls(mark, Census.from_data(data["census"]), data["answers"], made)


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
