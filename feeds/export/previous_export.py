"""What an export has made, and from which answers: the next one makes again only what may have changed.

It lies beside the catalogue and not in the exported folder, since it names rows of this machine's catalogue. A machine
without it makes every document, but still writes only the files that differ from those in the manifest.
"""

from __future__ import annotations

import hashlib
import marshal
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
from feeds.export.dependency_table import DependencyTable
from feeds.export.documents import Job
from feeds.export.files import ExportedFile
from feeds.export.kept_documents import KeptDocuments
from feeds.export.manifest import Placed
from feeds.export.release_comparison import Census
from feeds.media.drawing import equipment
from feeds.model.retirement import retirement_moments

_LIBRARIES = ("jinja2", "markupsafe", "babel", "segno", "feedgen", "lxml")
"""What writes the bytes of documents, besides this program."""
_DIGEST = 16
"""Bytes."""


@dataclass(frozen=True, slots=True)
class PreviousExport:
    """The census of an export, its answers, and what it has made of them."""

    mark: str = ""
    """Changes whenever all documents may have other bytes: see `mark`."""
    census: Census = field(default_factory=lambda: Census({}, {}, {}, {}))
    answers: Mapping[str, str] = field(default_factory=dict)
    documents: KeptDocuments = field(default_factory=KeptDocuments)
    asked: DependencyTable = field(default_factory=DependencyTable)
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
        made, placed = self.documents.files, self.placed.files
        others = {name: placed.get(name) for name in made.differing(placed) if made.get(name) != placed.get(name)}
        return {
            "mark": self.mark,
            "census": self.census.to_data(),
            "answers": self.answers,
            "documents": self.documents.to_data(),
            "asked": self.asked.to_data(),
            "placed": self.placed.digest,
            "others": {name: file and tuple(file) for name, file in others.items()},
        }

    @classmethod
    def _from_bytes(cls, content: bytes, mark: str) -> Self:
        if hashlib.blake2b(content[_DIGEST:], digest_size=_DIGEST).digest() != content[:_DIGEST]:
            return cls()
        # Not JSON: Python reads its own values in half the time, of which an export of one change is short.
        data = marshal.loads(content[_DIGEST:])  # noqa: S302 - our own file, whole by its digest
        if data["mark"] != mark:
            return cls()
        documents, asked = KeptDocuments.from_data(data["documents"]), DependencyTable.from_data(data["asked"])
        others = {name: file and ExportedFile(*file) for name, file in data["others"].items()}
        placed = Placed(data["placed"], documents.files.changed(others))
        return cls(mark, Census.from_data(data["census"]), data["answers"], documents, asked, placed)


def mark(job: Job, snapshot: Snapshot) -> str:
    """A digest of what all documents depend on: program, libraries, fonts, settings, newsroom, theme, ended terms."""
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
