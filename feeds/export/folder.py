"""The folder that an export writes into: each file replaced in one step, and no file touched that is not its own."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

from feeds.errors import FeedsError
from feeds.export.files import ExportedFile, Files
from feeds.export.manifest import Manifest, Placed, WrittenManifest
from feeds.export.target import OWN, TWINS, staged

_FEW = 100
"""Up to so many files are flushed to the disk one by one; more are flushed together."""


class Folder:
    """A folder with exported files: a `Target`."""

    stores_fields = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self._own = path / OWN
        self._manifest = self._own / "manifest.json"
        self.staging = self._own / "new"
        """Where files are written before they take their places."""
        self._read: WrittenManifest | None = None
        self._text = b""
        """The manifest as it was last read or written."""

    def __str__(self) -> str:
        return str(self.path)

    @contextmanager
    def locked(self, tell: Callable[[str], object]) -> Iterator[None]:
        """Keeps other exports out of the folder; waits for one that is running. Raises FeedsError.

        A folder with other files and without a manifest is refused.
        """
        try:
            self._require_own()
            self._own.mkdir(parents=True, exist_ok=True)
            with (self._own / "lock").open("w") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    tell(f"{self.path}: another export is running, waiting for it")
                    fcntl.flock(lock, fcntl.LOCK_EX)
                shutil.rmtree(self.staging, ignore_errors=True)
                self.staging.mkdir()
                try:
                    yield
                finally:
                    shutil.rmtree(self.staging, ignore_errors=True)
        except OSError as error:
            raise FeedsError(
                f"{self.path}: cannot be written: {error.strerror or error} (what is there is whole; run it again)"
            ) from error

    def _require_own(self) -> None:
        if self._manifest.exists() or not self.path.exists():
            return
        strange = sorted(each.name for each in self.path.iterdir() if not each.name.startswith("."))
        if strange:
            raise FeedsError(
                f"{self.path}: has files that are not from an export, such as {strange[0]} (name a new or empty folder)"
            )

    def manifest(self, known: Placed) -> Manifest:
        """What the last export has written; an empty one if there was none. Raises FeedsError."""
        self._read, self._text = None, b""
        try:
            text = self._text = self._manifest.read_bytes()
        except FileNotFoundError:
            return Manifest()
        is_known = known.digest and known.digest == self.digest
        found = Manifest.from_json(text, str(self._manifest), known.files if is_known else None)
        found = replace(found, files=found.files.as_changes_of(known.files))
        self._read = WrittenManifest(found, text)
        return found

    @property
    def digest(self) -> str:
        """The digest of the manifest that was last read or written here; empty if there was none."""
        return blake2b(self._text, digest_size=16).hexdigest() if self._text else ""

    def finish(self, manifest: Manifest) -> None:
        """Replaces the manifest in one step, and flushes it to the disk."""
        text = manifest.to_json(self._read)
        new = self._own / "manifest.json.new"
        with new.open("wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._manifest)
        _flush(self._own)
        self._text = text

    def damaged(self, files: Files) -> list[str]:
        """The names of those files that are not there with their length."""
        found = []
        folder, state = f"{self.path}/", os.lstat
        for name, length in files.lengths():
            try:
                is_whole = state(folder + name).st_size == length
            except (FileNotFoundError, NotADirectoryError):
                is_whole = False
            if not is_whole:
                found.append(name)
        return found

    def require_free(self, names: Collection[str], codings: Collection[str]) -> None:
        """Raises FeedsError if a file that is not ours stands where one of ours, or its twin, is to be."""
        suffixes = ("", *(TWINS[each] for each in codings))
        for name in (f"{name}{suffix}" for name in names for suffix in suffixes):
            if os.path.lexists(f"{self.path}/{name}"):
                raise FeedsError(
                    f"{self.path / name}: is there already and not from an export (move it, or name another folder)"
                )

    def begin(self, manifest: Manifest, names: Sequence[str]) -> None:
        """Flushes the staged bytes to the disk, then writes the manifest."""
        if len(names) > _FEW:
            os.sync()
        else:
            for name in names:
                _flush(Path(staged(self.staging, name)))
        self.finish(manifest)

    def place(
        self, names: Sequence[str], files: Mapping[str, ExportedFile], former: Mapping[str, ExportedFile]
    ) -> None:
        """Puts staged files and their twins in their places, each in one step.

        Deletes the twins that a file no longer has.
        """
        for folder in {name.rpartition("/")[0] for name in names}:
            (self.path / folder).mkdir(parents=True, exist_ok=True)
        for name in names:
            self._place(name, files[name], former.get(name))

    def _place(self, name: str, file: ExportedFile, former: ExportedFile | None) -> None:
        target = f"{self.path}/{name}"
        for suffix in ("", *(TWINS[coding] for coding in file.twins)):
            new = f"{staged(self.staging, name)}{suffix}"
            os.utime(new, (file.modified, file.modified))
            os.replace(new, f"{target}{suffix}")  # noqa: PTH105 - for thousands of files, paths would cost more than this
        for coding in set(former.twins if former else ()) - set(file.twins):
            Path(f"{target}{TWINS[coding]}").unlink(missing_ok=True)

    def remove(self, names: Sequence[str], former: Mapping[str, ExportedFile]) -> None:
        """Deletes files of ours with their twins, and the folders that are empty then."""
        for name in names:
            self._remove(name, former[name])

    def _remove(self, name: str, file: ExportedFile) -> None:
        target = self.path / name
        for suffix in ("", *(TWINS[coding] for coding in file.twins)):
            with suppress(FileNotFoundError, NotADirectoryError):
                Path(f"{target}{suffix}").unlink()
        parent = target.parent
        while parent != self.path:
            try:
                parent.rmdir()
            except OSError:  # it has other files, or is not there
                return
            parent = parent.parent


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
