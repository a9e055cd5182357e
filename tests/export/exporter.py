"""Exports newsrooms for tests, and reads what lies in the folder."""

from __future__ import annotations

import json
import marshal
import re
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from feeds.export import ExportOptions, ExportResult, ExportSource, Folder, export
from feeds.export.files import ExportedFile
from feeds.export.previous_export import PreviousExport
from tests.makers import BASE, NOW, Bench

LINK = re.compile(
    r'(?:href|src|action|xmlUrl|htmlUrl)="([^"]*)"|<loc>([^<]*)</loc>|"(https?://[^"\\ ]*)"|srcset="([^"]*)"'
)
CHECKED = (".html", ".atom", ".rss", ".json", ".opml", ".xml")


def exported(bench: Bench, out: Path, now: datetime = NOW, *, entries: int = 3, **options: Any) -> ExportResult:
    """Exports what a bench has compiled, with short pages."""
    settings = replace(bench.settings, entries=entries)
    source = ExportSource(bench.location, settings)
    return export(source, Folder(out), ExportOptions(**options), now)


def manifest(out: Path) -> dict[str, Any]:
    """The manifest of an export."""
    found: dict[str, Any] = json.loads((out / ".feeds/manifest.json").read_text(encoding="utf-8"))
    return found


def kept(path: Path) -> dict[str, Any]:
    """What an export has kept for the next one, but for dates and numbers, which are those of its own history."""
    basis = PreviousExport.read(path, marshal.loads(path.read_bytes()[16:])["mark"])  # noqa: S302 - written by this test
    asked = basis.asked.to_data()
    questions = {number: question for question, number in asked["numbers"].items()}

    def undated(file: ExportedFile | None) -> ExportedFile | None:
        return file and file._replace(modified=0)

    return {
        "census": replace(basis.census, noted=""),
        "answers": basis.answers,
        "documents": {path: each._replace(file=undated(each.file)) for path, each in basis.documents.items()},
        "asked": {path: {questions[each] for each in asked["lines"][line]} for path, line in asked["of"].items()},
        "questions": set(questions.values()),
        "placed": {name: undated(file) for name, file in basis.placed.files.items()},
    }


def elsewhere(out: Path) -> set[str]:
    """The paths without a file of their own: those that lead on, and those that have ended."""
    found = manifest(out)
    return {*found["moved"], *found["gone"]}


def contents(out: Path) -> dict[str, bytes]:
    """By name, the bytes of every file that readers can get."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and ".feeds" not in path.parts
    }


def broken_links(out: Path, files: dict[str, bytes], others: set[str], names: set[str] | None = None) -> set[str]:
    """What the files (or those of these names) link to in the newsroom without there being anything."""
    return {
        f"{name}: {target}"
        for name in names or files
        if name.endswith(CHECKED) and name in files
        for target in _links(name, files[name])
        if not is_answered(target, files, others)
    }


@lru_cache(20_000)  # most files of an export are those of the one before
def _links(name: str, document: bytes) -> frozenset[str]:
    """The addresses in the newsroom that a file links to."""
    here = urljoin(f"{BASE}/", name)
    parts = (re.split(r"\s\S+,\s*", unescape("".join(groups))) for groups in LINK.findall(document.decode()))
    targets = {urljoin(here, each.partition(" ")[0]) for part in parts for each in part}
    return frozenset(target for target in targets if target.startswith(f"{BASE}/"))


def is_answered(address: str, files: dict[str, bytes], others: set[str]) -> bool:
    """Whether a host has an answer for an address."""
    path, names = _places(address)
    return path in others or any(name in files for name in names)


@lru_cache(20_000)
def _places(address: str) -> tuple[str, tuple[str, ...]]:
    """The path of an address, and the names of files that are the answer; neither to what asks a server."""
    parts = urlsplit(address)
    path = unquote(parts.path)
    # A host heeds no query: only that may have one which is the same whatever the query says.
    is_version = path.endswith(".png") and parts.query.startswith("v=")
    if parts.query and not is_version:
        return "", ()
    return path, (path[1:], f"{path[1:]}.html", f"{path[1:]}index.html")
