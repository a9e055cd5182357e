"""Inspects the fonts and pictures of a newsroom's theme. Readers get them as they are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from feeds import content
from feeds.media.inspection import kept, size_fault
from feeds.media.media_store import MediaStore
from feeds.media.unfit import Unfit
from feeds.model.media import MediaFile
from feeds.model.media_types import PICTURES, media_type
from feeds.model.problems import Problem
from feeds.model.theme import FONT

_WOFF2 = b"wOF2"
_HEAD = 4_096
_OTHERWISE = "save it again, or give it the right name"


def inspect_theme_file(folder: Path, name: str, most: int, store: MediaStore | None = None) -> MediaFile | Unfit:
    """What readers get of a font or picture of the theme in a content folder; with a store, it is put there.

    ``most`` is the largest size in bytes. Raises OSError for errors of the machine, such as a full disk.
    """
    path = f"{content.THEME}/{name}"
    descriptor = content.open_file(folder, path)
    if isinstance(descriptor, Problem):
        return Unfit(descriptor.message, descriptor.advice)
    with os.fdopen(descriptor, "rb") as file:
        length = os.fstat(descriptor).st_size
        kind = media_type(name)
        unfit = size_fault(length, most, "make it smaller") or _another_kind(file, kind)
        if unfit:
            return unfit
        digest = kept(file, most, None)
        if store and not store.has(digest):
            digest = kept(file, most, store)
        return MediaFile(name=name, path=path, digest=digest, type=kind, length=length)


def _another_kind(file: BinaryIO, kind: str) -> Unfit | None:
    """Why a file is not what its name says."""
    head = file.read(_HEAD)
    if kind == FONT:
        return None if head.startswith(_WOFF2) else Unfit("its name says that it is WOFF2, it is not", _OTHERWISE)
    if kind in PICTURES.values():
        from feeds.media import pictures

        found = pictures.examine(file, kind)
        return found if isinstance(found, Unfit) else None
    return None if b"<svg" in head else Unfit("its name says that it is SVG, its content does not", _OTHERWISE)
