"""The files that pages and feeds refer to, under addresses that change with their bytes and so never grow old."""

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


@dataclass(frozen=True, slots=True)
class Asset:
    """A file with its public path."""

    name: str
    path: str
    body: bytes
    media_type: str

    @property
    def integrity(self) -> str:
        """Its hash as a content security policy names it (CSP Level 3, section 2.3.1)."""
        return f"'sha256-{base64.b64encode(hashlib.sha256(self.body).digest()).decode()}'"


@lru_cache(maxsize=1)
def assets() -> dict[str, Asset]:
    """Every asset by its file name, read once."""
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
    """The same by public path."""
    return {asset.path: asset for asset in assets().values()}


@lru_cache(maxsize=1)
def favicon() -> tuple[bytes, str]:
    """The icon as browsers ask for it unasked, and its media type: an ICO file with one PNG image in it."""
    image = assets()["icon.png"].body
    # PNG, IHDR: the first chunk begins with width and height. In ICO a side of 0 stands for 256 pixels and more.
    sides = [side if side < 256 else 0 for side in struct.unpack(">II", image[16:24])]
    header = struct.pack("<HHH", 0, 1, 1)
    entry = struct.pack("<BBBBHHII", *sides, 0, 0, 1, 32, len(image), 22)
    return header + entry + image, "image/x-icon"
