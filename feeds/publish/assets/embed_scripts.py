"""Reads every published version of the script that shows headlines on other sites.

Each folder in ``embed/`` is a version. A published version never changes, because other sites check its hash: a new
version is a new folder.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

NAME = "headlines.js"
MEDIA_TYPE = "text/javascript; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Script:
    """One version of the script."""

    version: str
    body: bytes

    @property
    def path(self) -> str:
        """The public path; it never changes."""
        return f"/embed/{self.version}/{NAME}"

    @property
    def integrity(self) -> str:
        """The hash for the ``integrity`` attribute and a content security policy (W3C SRI, section 3.1)."""
        return f"sha384-{b64encode(hashlib.sha384(self.body).digest()).decode()}"


@lru_cache(maxsize=1)
def scripts() -> tuple[Script, ...]:
    """All published versions, oldest first."""
    folders = (files(__package__) / "embed").iterdir()
    found = (Script(each.name, (each / NAME).read_bytes()) for each in folders if each.name[0].isdigit())
    return tuple(sorted(found, key=lambda script: [int(number) for number in script.version.split(".")]))


@lru_cache(maxsize=1)
def by_path() -> dict[str, Script]:
    """All published versions by public path."""
    return {script.path: script for script in scripts()}
