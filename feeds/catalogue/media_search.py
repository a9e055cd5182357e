"""Finds and inspects the files beside releases while a story is read."""

from __future__ import annotations

import difflib
import os
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from feeds import content
from feeds.catalogue.compile_plan import ABSENT, Beside
from feeds.content import Signature, SourceFile, SourcePositions
from feeds.errors import Success, attempt
from feeds.media import MediaStore, Unfit, inspect
from feeds.model.media import MediaFile
from feeds.model.problems import Problem
from feeds.model.release import Release
from feeds.render.entries import Entries


@dataclass(frozen=True, slots=True)
class MediaLocation:
    """Where files for readers are put, and how large they may be."""

    store: MediaStore | None
    """None if nobody is served: then files are only looked at."""
    most: int = 50_000_000
    """The largest size of a file in bytes."""


class MediaSearch:
    """Finds the files beside the releases of one story, which share them."""

    def __init__(
        self, folder: Path, story: str, location: MediaLocation, known: Beside, last_good: Iterable[Release]
    ) -> None:
        self._folder = folder
        self._story = story
        self._location = location
        self._known = dict(known)
        self._formerly = {(file.path, file.name): file for release in last_good for file in release.media_files}
        self._signatures: dict[str, Signature] = {}
        self._files: dict[str, MediaFile | Unfit | None] = {}

    @property
    def looked_at(self) -> Beside:
        """Every place that was looked at, and what was there."""
        return tuple(sorted(self._signatures.items()))

    def completed(
        self, releases: Sequence[tuple[Release, SourceFile]], entries: Entries
    ) -> tuple[tuple[Release, ...], list[Problem]]:
        """The releases with their files, and what is wrong. A release whose fields name a missing file is left out.

        Raises OSError for errors of the machine, such as a full disk.
        """
        found: list[Release] = []
        problems: list[Problem] = []
        for release, source in releases:
            wrong = {path: why for path, name in release.media_names if (why := self._wrong_with(path, name))}
            problems += _problems(release, wrong, source)
            if not wrong:
                named = (*(name for _, name in release.media_names), *_names_in_body(release, entries))
                looked_up = {name: self._file(name) for name in named}
                problems += _unfit_in_body(release, looked_up, source)
                files = tuple(file for file in looked_up.values() if isinstance(file, MediaFile))
                found.append(release.model_copy(update={"media_files": files}) if files else release)
        return tuple(found), problems

    def _wrong_with(self, path: str, name: str) -> tuple[str, str] | None:
        file = self._file(name)
        if file is None:
            beside = content.media_paths(self._story, name)[1]
            near = self._nearest(name)
            advice = f"did you mean {near}?" if near else f"put it there as {beside}; an address begins with https://"
            return f"no such file “{name}”", advice
        if isinstance(file, Unfit):
            return f"“{name}” {file.message}", file.advice
        if path == "image.src" and file.width is None:
            return f"“{name}” is not a picture that browsers show", "save it as JPEG, PNG, WebP, AVIF or GIF"
        return None

    def _file(self, name: str) -> MediaFile | Unfit | None:
        if name not in self._files:
            self._files[name] = self._looked_up(name)
        return self._files[name]

    def _looked_up(self, name: str) -> MediaFile | Unfit | None:
        for path in self._paths(name):
            mark = self._signatures[path] = self._signature(path)
            if mark != ABSENT:
                return self._inspected(path, name, mark)
        return None

    def _paths(self, name: str) -> Iterator[str]:
        """Where a file may lie. Release files are read in Unicode's form NFC; a Mac may have named the file in NFD."""
        forms = dict.fromkeys((name, unicodedata.normalize("NFD", name)))
        for path in content.media_paths(self._story, name):
            yield from (f"{path.removesuffix(name)}{form}" for form in forms)

    def _nearest(self, name: str) -> str | None:
        """The file that was most likely meant: its name in other letters, percent-encoded, or nearly the same."""
        places = dict.fromkeys(path.rpartition("/")[0] for path in content.media_paths(self._story, name))
        there: list[str] = []
        for place in places:
            with suppress(OSError), os.scandir(self._folder / place) as files_there:
                there += sorted(file.name for file in files_there if file.is_file(follow_symlinks=False))
        files = {_plain(each): each for each in there if not each.endswith(".yaml") and not each.startswith(".")}
        folder, slash, last = name.rpartition("/")
        close = difflib.get_close_matches(_plain(last), files, 1, 0.8)
        return f"{folder}{slash}{files[close[0]]}" if close else None

    def _signature(self, path: str) -> Signature:
        try:
            return content.signature(os.lstat(self._folder / path))
        except (FileNotFoundError, NotADirectoryError):
            return ABSENT

    def _inspected(self, path: str, name: str, mark: Signature) -> MediaFile | Unfit:
        file = self._formerly.get((path, name))
        if file and self._known.get(path) == mark and self._is_stored(file):
            return file
        return inspect(self._folder, path, name, self._location.most, self._location.store)

    def _is_stored(self, file: MediaFile) -> bool:
        store = self._location.store
        return store is None or all(map(store.has, (file.digest, *(each.digest for each in file.smaller))))


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", unquote(name)).casefold()


def _problems(release: Release, wrong: Mapping[str, tuple[str, str]], source: SourceFile) -> Iterator[Problem]:
    """What is wrong by field, as problems of the file, if that states the field.

    What a translation takes from its original is to be mended in the original.
    """
    positions = SourcePositions(source)
    for path, why in wrong.items():
        if at := positions.of_field(path, release.slug):
            yield Problem(source.file, at.line, at.column, at.path, *why)


def _unfit_in_body(
    release: Release, files: Mapping[str, MediaFile | Unfit | None], source: SourceFile
) -> Iterator[Problem]:
    """What is wrong with files that only the body names: the release is published without them."""
    unfit = {name: file for name, file in files.items() if isinstance(file, Unfit)}
    at = SourcePositions(source).of_field("body", release.slug) if unfit else None
    for name, file in unfit.items():
        if at:
            yield Problem(
                source.file, at.line, at.column, at.path, f"“{name}” {file.message}", file.advice, fatal=False
            )


def _names_in_body(release: Release, entries: Entries) -> tuple[str, ...]:
    found = attempt(lambda: entries.names_in_body(release))
    return found.value if isinstance(found, Success) else ()  # rendering it fails too, and tells why
