"""Looks at a file beside a release: what it is, how large, and whether readers can use it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from feeds import content
from feeds.media.media_store import MediaStore
from feeds.media.unfit import Unfit
from feeds.model.media import MediaFile
from feeds.model.media_types import PICTURES, media_type
from feeds.model.problems import Problem

_HEAD = 4_096
_PIECE = 1024 * 1024
_SOUND_AND_FILM = ("audio/", "video/", "application/ogg")


def inspect(folder: Path, path: str, name: str, most: int, store: MediaStore | None = None) -> MediaFile | Unfit:
    """What readers get of a file in the content folder that a release names; with a store, it is put there.

    ``most`` is the largest size in bytes. Raises OSError for errors of the machine, such as a full disk.
    """
    descriptor = content.open_file(folder, path)
    if isinstance(descriptor, Problem):
        return Unfit(descriptor.message, descriptor.advice)
    with os.fdopen(descriptor, "rb") as file:
        length = os.fstat(descriptor).st_size
        if unfit := size_fault(length, most):
            return unfit
        kind = media_type(name)
        head = file.read(_HEAD)
        if kind in PICTURES.values():
            from feeds.media import pictures

            picture = pictures.examine(file, kind)
            if isinstance(picture, Unfit):
                return picture
            digest = kept(file, most, store)
            smaller = pictures.smaller(digest, picture)
            found = MediaFile(
                name=name, path=path, digest=digest, type=kind, length=length,
                width=picture.width, height=picture.height, smaller=smaller,
            )  # fmt: skip
            if store:
                pictures.make_smaller(store, found)
            return found
        if unfit := _another_kind(head, kind):
            return unfit
        return MediaFile(name=name, path=path, digest=kept(file, most, store), type=kind, length=length)


def size_fault(
    length: int, most: int, advice: str = "make it smaller, or put it on another site and write its address"
) -> Unfit | None:
    """Why a file of this length in bytes cannot be published; None if it can. ``advice`` is for a large one."""
    if length == 0:
        return Unfit("is empty", "save it again")
    if length > most:
        return Unfit(f"is larger than {most // 1_000_000} MB", advice)
    return None


def _another_kind(head: bytes, kind: str) -> Unfit | None:
    """Why the file is not what its name says, as far as browsers would open it."""
    is_film = kind.startswith(_SOUND_AND_FILM)
    if kind != "application/pdf" and not is_film:
        return None
    import puremagic  # reads a table of all kinds, which only these files need

    try:
        kinds = {each.mime_type for each in puremagic.magic_string(head)}
    except puremagic.PureError:
        kinds = set()
    if kind in kinds or (is_film and any(each.startswith(_SOUND_AND_FILM) for each in kinds)):
        return None
    what = "PDF" if kind == "application/pdf" else "sound or film"
    message = f"is not what it seems: its name says that it is {what}, its content does not"
    return Unfit(message, "save it again, or give it the right name")


def kept(file: BinaryIO, most: int, store: MediaStore | None) -> str:
    """The digest of a file's bytes. With a store, the bytes are put there."""
    file.seek(0)
    if store is None:
        return _digest(file, most, lambda piece: None)
    with store.new() as place:
        return place.keep(_digest(file, most, place.write))


def _digest(file: BinaryIO, most: int, write: Callable[[bytes], object]) -> str:
    """The digest of the rest of a file, which is written elsewhere on the way. No more than ``most`` is read."""
    digest = hashlib.sha256()
    left = most
    while piece := file.read(min(_PIECE, left)):
        digest.update(piece)
        write(piece)
        left -= len(piece)
    return digest.hexdigest()[:32]
