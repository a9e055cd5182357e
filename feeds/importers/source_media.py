"""Finds the pictures and files that a source has beside its texts, and gives them names in the folder of a release."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from feeds.content.slugs import slug_of
from feeds.importers.item import Item

LARGEST = 100_000_000
"""Bytes of a file."""

_DESTINATION = re.compile(r"(\]\(\s*<?)([^()<>\s]+(?:\([^()<>\s]*\)[^()<>\s]*)*)|(\b(?:src|href)=\")([^\"]+)")
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#|\?")
_SITE = ("static", "assets", "content", "")
"""Folders of a site to which its addresses are relative."""
_FENCES = re.compile(r"(^(`{3,}|~{3,})[^\n]*\n.*?^\2[ \t]*$)", re.DOTALL | re.MULTILINE)


@dataclass
class MediaFiles:
    """The files of one item that are to be copied beside its release."""

    item: Item
    media: Path | None
    """The folder with the files that were at web addresses, if there is one."""
    beside: Path
    """The folder into which they are to be copied. It may have files already, which stay."""
    files: dict[str, Path | bytes] = field(default_factory=dict)
    """By the name that each gets."""
    missing: list[str] = field(default_factory=list)
    """The addresses in its text at which the source has no file."""

    def carried(self, text: str) -> str:
        """The Markdown with the names of its files in place of their addresses."""
        pieces = _FENCES.split(text)
        # Each fence gives two pieces: itself, and its sign.
        for number in range(0, len(pieces), 3):
            pieces[number] = _DESTINATION.sub(self._destination, pieces[number])
        return "".join(piece for number, piece in enumerate(pieces) if number % 3 != 2)

    def name(self, address: str) -> str | None:
        """The name of a file that is to be copied; None if it is not there, or stays where it is on the web."""
        found = self.item.embedded.get(address) or self._found(address)
        return None if found is None else self._named(address, found)

    def _destination(self, found: re.Match[str]) -> str:
        lead, address = (found[1], found[2]) if found[1] else (found[3], found[4])
        name = self.name(address)
        if name is None and not is_elsewhere(address):
            self.missing.append(address)
        return f"{lead}{name or address}"

    def _found(self, address: str) -> Path | None:
        for base, path in self._candidates(address):
            if path and not any(step == ".." or "\0" in step for step in path.split("/")):
                file = base / path
                # A source must not name files outside of its folder, by a link or otherwise: they may be anything.
                if file.is_file() and file.resolve().is_relative_to(base.resolve()) and file.stat().st_size <= LARGEST:
                    return file
        return None

    def _candidates(self, address: str) -> Iterator[tuple[Path, str]]:
        path = unquote(urlsplit(address).path)
        if not is_elsewhere(address):
            if self.item.folder and not path.startswith("/"):
                yield self.item.folder, path
            for folder in _SITE if self.item.root else ():
                yield Path(self.item.root or "", folder), path.lstrip("/")
        if self.media and urlsplit(address).scheme in ("", "http", "https"):
            steps = [step for step in path.split("/") if step]
            yield from ((self.media, "/".join(steps[number:])) for number in range(len(steps)))

    def _named(self, address: str, found: Path | bytes) -> str:
        last = unquote(urlsplit(address).path).rpartition("/")[2]
        stem, _, suffix = last.rpartition(".")
        stem, suffix = slug_of(stem) or "file", re.sub("[^a-z0-9]", "", suffix.lower())[:8] or "bin"
        number = 1
        while True:
            name = f"{stem}.{suffix}" if number == 1 else f"{stem}-{number}.{suffix}"
            if self.files.get(name, found) == found and _is_free(self.beside / name, found):
                self.files[name] = found
                return name
            number += 1


def is_elsewhere(address: str) -> bool:
    """Whether an address leads out of the source: to the web, or to a place in the text."""
    return bool(_ELSEWHERE.match(address))


def _is_free(path: Path, found: Path | bytes) -> bool:
    """Whether there is no file of this name, or the same one."""
    if not path.exists():
        return True
    size = len(found) if isinstance(found, bytes) else found.stat().st_size
    return path.is_file() and path.stat().st_size == size and path.read_bytes() == content_of(found)


def content_of(file: Path | bytes) -> bytes:
    """The bytes of a file."""
    return file if isinstance(file, bytes) else file.read_bytes()
