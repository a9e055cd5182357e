"""Pictures: their size as they are shown, and smaller ones for pages. Besides `drawing`, only this knows Pillow."""

from __future__ import annotations

import hashlib
import io
import warnings
from typing import BinaryIO, NamedTuple

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError, features

from feeds.media.media_store import MediaStore
from feeds.media.unfit import Unfit
from feeds.model.media import MediaFile, SmallerPicture
from feeds.model.media_types import PICTURES

Image.MAX_IMAGE_PIXELS = None  # sizes are judged here

WIDTHS = (480, 960, 1600)
"""The widths of smaller pictures, in pixels: in lists, on phones and in the text, on sharp screens."""

MOST_PIXELS = 100_000_000
"""Pixels that a picture may have: making it smaller takes four bytes of memory for each."""
_LONGEST_SIDE = 20_000
_QUALITY = 80
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
_TURNED = frozenset(range(5, 9))
"""Orientations (Exif 2.3, tag 274) of pictures that lie on their side."""
_ENCODER = f"webp {features.version('webp')} {_QUALITY}"
"""Part of the address: another encoder makes other bytes."""


class MeasuredPicture(NamedTuple):
    """A picture as it is shown."""

    width: int
    height: int
    moves: bool


def examine(file: BinaryIO, kind: str) -> MeasuredPicture | Unfit:
    """The size of a picture, and whether it moves; or why browsers cannot show it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of metadata that is not as it should be
            with Image.open(file, formats=_FORMATS) as image:
                found = PICTURES[str(image.format).lower()]
                if found != kind:
                    return Unfit(f"is a picture of the type {found}, not {kind}", "give it the right name")
                width, height = image.size
                if width * height > MOST_PIXELS or max(width, height) > _LONGEST_SIDE:
                    return Unfit(f"has {width:,} × {height:,} pixels, too many", "make it smaller")
                if image.getexif().get(ExifTags.Base.Orientation) in _TURNED:
                    width, height = height, width
                moves = bool(getattr(image, "is_animated", False))
                image.draft("RGB", (max(1, width // 8), max(1, height // 8)))  # of a JPEG only an eighth is computed
                image.load()
                return MeasuredPicture(width, height, moves)
    except UnidentifiedImageError:
        return Unfit("is not a picture that browsers show", "save it as JPEG, PNG, WebP, AVIF or GIF")
    except (OSError, SyntaxError, ValueError):
        return Unfit("is a damaged picture", "save it again")


def smaller(digest: str, picture: MeasuredPicture) -> tuple[SmallerPicture, ...]:
    """What smaller pictures there are of one, the narrowest first; none of one that moves."""
    if picture.moves:
        return ()
    return tuple(
        SmallerPicture(
            digest=hashlib.sha256(f"{digest} {width} {_ENCODER}".encode()).hexdigest()[:32],
            width=width,
            height=max(1, round(picture.height * width / picture.width)),
        )
        for width in WIDTHS
        if width < picture.width
    )


def make_smaller(store: MediaStore, file: MediaFile) -> None:
    """Makes the smaller pictures of one in the store, except those that are there already."""
    missing = [each for each in file.smaller if not store.has(each.digest)]
    if not missing:
        return
    with warnings.catch_warnings(), Image.open(store.path(file.digest), formats=_FORMATS) as opened:
        warnings.simplefilter("ignore")
        widest = missing[-1]
        opened.draft("RGB", (2 * widest.width, 2 * widest.height))
        profile = opened.info.get("icc_profile")
        image = _in_colours(ImageOps.exif_transpose(opened))
        for each in reversed(missing):  # each is made from the one before: the work is that of the widest
            image = image.resize((each.width, each.height), Image.Resampling.LANCZOS)
            made = io.BytesIO()
            image.save(made, "WEBP", quality=_QUALITY, method=4, icc_profile=profile)
            with store.new() as place:
                place.write(made.getvalue())
                place.keep(each.digest)


ICON_WIDTHS = (32, 180, 192, 512)
"""Widths of the newsroom's icon in pixels: for browsers' tabs, home screens of phones, lists, and the head of feeds."""


def icon_sizes(icon: MediaFile) -> tuple[SmallerPicture, ...]:
    """The sizes of an icon that it is large enough for."""
    encoder = f"png {features.version('zlib')} {features.version('pil')}"
    return tuple(
        SmallerPicture(
            digest=hashlib.sha256(f"{icon.digest} icon {width} {encoder}".encode()).hexdigest()[:32],
            width=width,
            height=width,
            type="image/png",
        )
        for width in ICON_WIDTHS
        if width <= (icon.width or 0)
    )


def make_icons(store: MediaStore, icon: MediaFile) -> None:
    """Makes the sizes of an icon in the store, except those that are there already."""
    missing = [each for each in icon.smaller if not store.has(each.digest)]
    if not missing:
        return
    with warnings.catch_warnings(), Image.open(store.path(icon.digest), formats=("PNG",)) as opened:
        warnings.simplefilter("ignore")
        image = _in_colours(opened)
        for each in missing:
            made = io.BytesIO()
            image.resize((each.width, each.height), Image.Resampling.LANCZOS).save(made, "PNG", optimize=True)
            with store.new() as place:
                place.write(made.getvalue())
                place.keep(each.digest)


def _in_colours(image: Image.Image) -> Image.Image:
    """The picture as WebP and PNG can have it: in red, green and blue, perhaps transparent."""
    clear = image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info
    return image.convert("RGBA" if clear else "RGB")
