"""What an export can be written into: a folder, or a bucket of an object store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

from feeds.errors import FeedsError
from feeds.export.files import ExportedFile, Fields, Files
from feeds.export.manifest import Manifest, Placed

OWN = ".feeds"
"""The folder in it with the manifest and what is being written. Hosts need not publish it."""

TWINS = {"gzip": ".gz", "br": ".br", "zstd": ".zst"}
"""The suffix of a file's compressed twin by coding, as nginx and Caddy look for it."""

_STORED = frozenset({"Content-Type", "Content-Language", "Content-Disposition", "Content-Encoding", "Cache-Control"})
"""The header fields that S3, Google Cloud Storage and Azure Blob Storage all keep with an object."""


class TargetChangedError(FeedsError):
    """Another export has written into the target since the manifest was read. Nothing is written yet."""


class Target(Protocol):
    """Where files take their places. All methods but `locked` are called inside of it, and raise FeedsError."""

    @property
    def stores_fields(self) -> bool:
        """Whether each file is stored with its header fields, and with one content coding at most."""

    @property
    def staging(self) -> Path:
        """The folder where files are written before they take their places."""

    def locked(self, tell: Callable[[str], object]) -> AbstractContextManager[None]:
        """Keeps other exports out until the end of the block: a folder at once, a bucket from `begin` on.

        ``tell`` is called with a line on what is waited for.
        """

    @property
    def digest(self) -> str:
        """The digest of the manifest that was last read or written here; empty if that is not known."""

    def manifest(self, known: Placed) -> Manifest:
        """What the last export has written; an empty one if there was none.

        ``known`` is a manifest that may be the same: then its files need not be read.
        """

    def damaged(self, files: Files) -> list[str]:
        """The names of those files of the manifest that are not there as it knows them."""

    def require_free(self, names: Collection[str], codings: Collection[str]) -> None:
        """Raises FeedsError if a file that is not ours stands where one of ours, or its twin, is to be."""

    def begin(self, manifest: Manifest, names: Sequence[str]) -> None:
        """Says in the manifest that these files may be old or new from now on. A folder flushes the staged bytes first.

        Raises TargetChangedError if the manifest is not the one that was read.
        """

    def place(
        self, names: Sequence[str], files: Mapping[str, ExportedFile], former: Mapping[str, ExportedFile]
    ) -> None:
        """Puts staged files in their places, each in one step, in any order."""

    def remove(self, names: Sequence[str], former: Mapping[str, ExportedFile]) -> None:
        """Deletes files of ours."""

    def finish(self, manifest: Manifest) -> None:
        """Replaces the manifest in one step."""


def staged(staging: Path, name: str) -> str:
    """Where the bytes of a file are written before it takes its place: a text, since there are tens of thousands."""
    return f"{staging}/{blake2b(name.encode(), digest_size=12).hexdigest()}"


def stored_fields(fields: Fields) -> dict[str, str]:
    """Those header fields that object stores keep with an object and send with it."""
    return {field: value for field, value in fields if field in _STORED}
