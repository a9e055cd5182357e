"""The script that shows headlines on other sites, in every version ever published: partners' pages name its bytes.

A folder of ``embed/`` is a version, and once it is published no byte of it changes: a new version is a new folder.
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
        """Its public path, for good."""
        return f"/embed/{self.version}/{NAME}"

    @property
    def integrity(self) -> str:
        """Its hash as the ``integrity`` attribute and a content security policy spell it (W3C SRI section 3.1)."""
        return f"sha384-{b64encode(hashlib.sha384(self.body).digest()).decode()}"


@lru_cache(maxsize=1)
def scripts() -> tuple[Script, ...]:
    """Every published version, oldest first."""
    folders = (files(__package__) / "embed").iterdir()
    found = (Script(each.name, (each / NAME).read_bytes()) for each in folders if each.name[0].isdigit())
    return tuple(sorted(found, key=lambda script: [int(number) for number in script.version.split(".")]))


@lru_cache(maxsize=1)
def by_path() -> dict[str, Script]:
    """The same by public path."""
    return {script.path: script for script in scripts()}
