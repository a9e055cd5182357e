"""Holds the static files, at addresses that change with their bytes."""

from __future__ import annotations

import base64
import hashlib
import struct
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "png": "image/png",
    "svg": "image/svg+xml; charset=utf-8",
}
A_YEAR = 31_536_000
"""Seconds that caches may keep a file: a changed file has another address."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file with its public path."""

    name: str
    path: str
    body: bytes
    media_type: str

    @property
    def integrity(self) -> str:
        """The hash of the file for a content security policy (CSP Level 3, section 2.3.1)."""
        return f"'sha256-{base64.b64encode(hashlib.sha256(self.body).digest()).decode()}'"


@lru_cache(maxsize=1)
def assets() -> dict[str, Asset]:
    """All assets by file name, read once."""
    found = {}
    for file in files(__name__).iterdir():
        stem, _, suffix = file.name.rpartition(".")
        if suffix in MEDIA_TYPES:
            body = file.read_bytes()
            mark = hashlib.sha256(body).hexdigest()[:12]
            found[file.name] = Asset(file.name, f"/static/{stem}-{mark}.{suffix}", body, MEDIA_TYPES[suffix])
    return found


@lru_cache(maxsize=1)
def by_path() -> dict[str, Asset]:
    """All assets by public path."""
    return {asset.path: asset for asset in assets().values()}


@lru_cache(maxsize=1)
def favicon() -> tuple[bytes, str]:
    """The bytes and media type of `/favicon.ico`: an ICO file that contains the PNG icon."""
    image = assets()["icon.png"].body
    # In PNG, width and height stand at the start of the first chunk (IHDR). In ICO, 0 means 256 pixels or more.
    sides = [side if side < 256 else 0 for side in struct.unpack(">II", image[16:24])]
    header = struct.pack("<HHH", 0, 1, 1)
    entry = struct.pack("<BBBBHHII", *sides, 0, 0, 1, 32, len(image), 22)
    return header + entry + image, "image/x-icon"
