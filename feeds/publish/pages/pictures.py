"""Pictures on pages: each as wide as it is shown, chosen by the browser from smaller ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape

from feeds.model.media import MediaFile
from feeds.model.release import Release
from feeds.publish.context import Context
from feeds.render import entry_media

_IN_TEXT = "(max-width: 46rem) 100vw, 44rem"
"""How wide a picture is in a text: style.css says so too."""
_IN_LIST = 480
"""Pixels: a picture in a list is a third as wide, and screens are up to three times as sharp."""
IN_LEAD = 960
"""Pixels: above the first story it is as wide as the text."""
_IMG = re.compile('<img src="([^"]*)"([^>]*)>')


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small picture of a release in a list."""

    src: str
    width: int
    height: int


def thumbnail(context: Context, release: Release, pixels: int = _IN_LIST) -> Thumbnail | None:
    """The picture of a release for a list, at least so wide, if it lies beside the release; None for any other."""
    file = release.image and release.media_file(release.image.src)
    if not file or not file.width or not file.height:
        return None
    for each in file.smaller:
        if each.width >= pixels:
            return Thumbnail(_path(context, each.digest, file.smaller_name(each.width)), each.width, each.height)
    return Thumbnail(_path(context, file.digest, file.file_name), file.width, file.height)


def responsive(context: Context, release: Release, text: str) -> str:
    """A text of a release in which the browser chooses the width of each picture that lies beside the release."""
    files = {entry_media.address(file, context.addresses): file for file in release.media_files}
    if not files:
        return text
    first = True

    def chosen(found: re.Match[str]) -> str:
        nonlocal first
        file = files.get(unescape(found[1]))
        if file is None:
            return found[0]
        # The first is most likely seen at once; the others are fetched when they are about to be.
        loading = "" if first else ' loading="lazy"'
        first = False
        src = escape(_path(context, file.digest, file.file_name))
        img = f'<img src="{src}"{found[2]}{loading} decoding="async">'
        return f"<picture>{_source(context, file)}{img}</picture>" if file.smaller else img

    return _IMG.sub(chosen, text)


def _source(context: Context, file: MediaFile) -> str:
    widths = (f"{_path(context, each.digest, file.smaller_name(each.width))} {each.width}w" for each in file.smaller)
    return f'<source type="image/webp" srcset="{escape(", ".join(widths))}" sizes="{_IN_TEXT}">'


def _path(context: Context, digest: str, name: str) -> str:
    return context.own_path(context.addresses.media(digest, name))
