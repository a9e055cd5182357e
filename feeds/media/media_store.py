"""The files that readers get, each under the digest of its bytes. Derived: what is deleted is copied again."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

_DIGEST = re.compile(r"[0-9a-f]{32}")


class MediaStore:
    """A folder of files by digest. Several processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str) -> Path:
        """Where the file with a digest is, if it is there."""
        return self.folder / digest[:2] / digest

    def has(self, digest: str) -> bool:
        """Whether the file with a digest is there."""
        return self.path(digest).is_file()

    @contextmanager
    def new(self) -> Iterator[NewFile]:
        """Yields a file to be written. It is deleted at the end of the block unless `NewFile.keep` was called."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds what is not public yet
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix="new-", delete=False) as file:
            try:
                yield NewFile(self, file)
            finally:
                with suppress(FileNotFoundError):
                    Path(file.name).unlink()

    def digests(self) -> Iterator[str]:
        """The digests of all files that are there."""
        with suppress(FileNotFoundError):
            for part in self.folder.iterdir():
                if len(part.name) == 2 and part.is_dir():
                    yield from (each.name for each in part.iterdir() if _DIGEST.fullmatch(each.name))

    def keep_only(self, digests: Collection[str]) -> None:
        """Deletes all other files. Whoever has one open reads on."""
        for digest in list(self.digests()):
            if digest not in digests:
                self.path(digest).unlink(missing_ok=True)


class NewFile:
    """A file that is being written."""

    def __init__(self, store: MediaStore, file: IO[bytes]) -> None:
        self._store = store
        self._file = file

    def write(self, piece: bytes) -> None:
        """Writes further bytes."""
        self._file.write(piece)

    def keep(self, digest: str) -> str:
        """Moves the file to the place of a digest in one step, and returns the digest."""
        self._file.flush()
        os.fsync(self._file.fileno())
        path = self._store.path(digest)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        Path(self._file.name).replace(path)
        return digest
