"""Inspects the newsroom's own logo and icon, and makes the sizes of the icon that browsers and feed readers ask for."""

from __future__ import annotations

import os
import re
from pathlib import Path

from feeds import content
from feeds.media.inspection import inspect, kept
from feeds.media.media_store import MediaStore
from feeds.media.unfit import Unfit
from feeds.model.media import MediaFile
from feeds.model.media_types import PICTURES, media_type

SVG = "image/svg+xml"
LOGO_TYPES = (SVG, PICTURES["png"], PICTURES["jpg"], PICTURES["webp"])
ICON_TYPES = (SVG, PICTURES["png"])
SMALLEST_ICON = 32
"""The width of an icon in pixels, at least."""

_MOST = 5_000_000
"""The largest size of a logo or icon in bytes."""
_HEAD = 4_096
_SVG = re.compile(r"<svg\b[^>]*>", re.DOTALL)
_NUMBERS = r"[\s,]+".join([r"(-?\d{1,5}(?:\.\d*)?)"] * 4)
_VIEW_BOX = re.compile(rf"""\bviewBox\s*=\s*["']\s*{_NUMBERS}""")


def inspect_logo(folder: Path, name: str, store: MediaStore | None = None) -> MediaFile | Unfit:
    """What readers get of the logo in the content folder. Raises OSError for errors of the machine."""
    return _inspected(folder, name, LOGO_TYPES, "save it as SVG, PNG, JPEG or WebP", store)


def inspect_icon(folder: Path, name: str, store: MediaStore | None = None) -> MediaFile | Unfit:
    """What readers get of the icon, with its smaller sizes if it is a PNG. Raises OSError as `inspect_logo` does."""
    found = _inspected(folder, name, ICON_TYPES, "save it as PNG or SVG", None)
    if isinstance(found, Unfit):
        return found
    if found.width is not None and found.width != found.height:
        return Unfit(f"is {found.width} × {found.height}, not square", "cut it to a square, best of 512 × 512 pixels")
    if found.type == SVG:
        _store(folder, found, store)
        return found
    if (found.width or 0) < SMALLEST_ICON:
        advice = f"make it at least {SMALLEST_ICON} pixels wide, best 512"
        return Unfit(f"is only {found.width} pixels wide", advice)
    from feeds.media import pictures

    found = found.model_copy(update={"smaller": pictures.icon_sizes(found)})
    _store(folder, found, store)
    if store:
        pictures.make_icons(store, found)
    return found


def _inspected(
    folder: Path, name: str, types: tuple[str, ...], advice: str, store: MediaStore | None
) -> MediaFile | Unfit:
    if media_type(name) not in types:
        return Unfit("is no picture of a type that can stand here", advice)
    found = inspect(folder, name, name, _MOST, store)
    if isinstance(found, Unfit) or found.type != SVG:
        return found
    root = _SVG.search(_head(folder, name))
    if root is None:
        message = "is not what it seems: its name says that it is SVG, its content does not"
        return Unfit(message, "save it again, or give it the right name")
    box = _VIEW_BOX.search(root[0])
    sides = tuple(round(float(side)) for side in box.groups()[2:]) if box else (0, 0)
    return found.model_copy(update={"width": sides[0], "height": sides[1]}) if min(sides) > 0 else found


def _head(folder: Path, name: str) -> str:
    descriptor = content.open_file(folder, name)
    if not isinstance(descriptor, int):
        return ""
    with os.fdopen(descriptor, "rb") as file:
        return file.read(_HEAD).decode(errors="replace")


def _store(folder: Path, file: MediaFile, store: MediaStore | None) -> None:
    if store is None or store.has(file.digest):
        return
    descriptor = content.open_file(folder, file.path)
    if isinstance(descriptor, int):
        with os.fdopen(descriptor, "rb") as opened:
            kept(opened, _MOST, store)
