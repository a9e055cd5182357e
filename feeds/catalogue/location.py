"""Where the catalogue lives, and where it goes when it cannot live there."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from feeds.catalogue.tables import SCHEMA


@dataclass(frozen=True, slots=True)
class Place:
    """The catalogue's file, its lock beside it, and a word for the operator if it is not where it was wanted."""

    path: Path
    warning: str | None = None

    @property
    def lock(self) -> Path:
        """The file whose lock says who compiles."""
        return self.path.with_suffix(".lock")


def place_for(data: Path, wanted: Path) -> Place:
    """The wanted folder if it can be written, else the user's cache folder, else a private temporary one.

    The file's name bears the schema, so that an old and a new version of the program can run side by side, and a
    mark of the data folder, so that two newsrooms never share a catalogue.
    """
    mark = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:12]
    name = f"catalogue-{SCHEMA}-{mark}.sqlite"
    refused = _refusal(wanted)
    if refused is None:
        return Place(wanted / name)
    for folder in (_cache_folder(), Path(tempfile.gettempdir()) / f"newsroom-feeds-{os.getuid()}"):
        if _refusal(folder) is None:
            return Place(folder / name, f"{wanted}: {refused}; the catalogue is kept in {folder} instead")
    folder = Path(tempfile.mkdtemp(prefix="newsroom-feeds-"))
    return Place(folder / name, f"{wanted}: {refused}; the catalogue is kept in {folder}, by this process alone")


def _cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "newsroom-feeds"


def _refusal(folder: Path) -> str | None:
    """Why nothing can be kept in the folder, or None. A folder of somebody else's is not ours to trust."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_uid not in (os.getuid(), 0):
            return "belongs to another user"
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return error.strerror or "cannot be written"
