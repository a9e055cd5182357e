"""The newsroom's logo and icon in pages, feeds and structured data; the product's own where it has none.

The files of its theme are found here too.
"""

from __future__ import annotations

from typing import NamedTuple

from feeds.model.media import MediaFile
from feeds.model.theme import Theme
from feeds.model.vocabulary import Vocabulary
from feeds.publish.context import Context

_SVG = "image/svg+xml"
_RASTER = ("image/png", "image/jpeg")
"""Pictures that every feed reader shows."""

_BROWSER, _TOUCH, _SMALL, _LARGE = 32, 180, 192, 512


class PageIcon(NamedTuple):
    """A link of a page to an icon."""

    rel: str
    type: str
    href: str
    sizes: str = ""


class HeaderLogo(NamedTuple):
    """The logo at the head of pages. A wide one has the newsroom's name in it, and stands alone."""

    src: str
    width: int | None
    height: int | None
    alone: bool


def media_type_of(vocabulary: Vocabulary, theme: Theme, digest: str, name: str) -> str | None:
    """The media type of one of the newsroom's own pictures, or of a file of its theme; None if it is none of them."""
    for file in theme.files:
        if (digest, name) == (file.digest, file.file_name):
            return file.type
    for file in vocabulary.pictures.values():
        if (digest, name) == (file.digest, file.file_name):
            return file.type
        for each in file.smaller:
            if (digest, name) == (each.digest, file.smaller_name(each.width)):
                return each.type
    return None


def theme_files(context: Context) -> dict[str, str]:
    """The paths of the theme's fonts and pictures, by the names of their files."""
    return {file.name: context.own_path(_whole(context, file)) for file in context.theme.files}


def page_icons(context: Context) -> list[PageIcon]:
    """The icons that a page names."""
    icon = context.vocabulary.pictures.get("icon")
    if icon is None:
        return [PageIcon("icon", _SVG, context.asset_path("icon.svg"))]
    if icon.type == _SVG:
        return [PageIcon("icon", _SVG, context.own_path(_whole(context, icon)))]
    rels = (("icon", _BROWSER), ("icon", _SMALL), ("apple-touch-icon", _TOUCH))
    found = {}
    for rel, wanted in rels:
        width, url = _sized(context, icon, wanted)
        found[rel, width] = PageIcon(rel, icon.type, context.own_path(url), f"{width}x{width}")
    return list(found.values())


def favicon_path(context: Context) -> str | None:
    """The path of the newsroom's icon for requests of `/favicon.ico`; None if it has none."""
    icon = context.vocabulary.pictures.get("icon")
    return context.own_path(_sized(context, icon, _BROWSER)[1]) if icon else None


def header_logo(context: Context) -> HeaderLogo | None:
    """The logo at the head of pages; None if the newsroom has none."""
    logo = context.vocabulary.pictures.get("logo")
    if logo is None:
        return None
    alone = bool(logo.width and logo.height and logo.width >= 2 * logo.height)
    smallest = logo.smaller[0] if logo.smaller else None
    url = context.addresses.media(smallest.digest, logo.smaller_name(smallest.width)) if smallest else None
    return HeaderLogo(context.own_path(url or _whole(context, logo)), logo.width, logo.height, alone)


def mail_logo(context: Context) -> HeaderLogo | None:
    """The logo at the head of a message, by its whole address; None for SVG, which few mail programs show."""
    logo = context.vocabulary.pictures.get("logo")
    if logo is None or logo.type not in _RASTER or not (logo.width and logo.height):
        return None
    smallest = logo.smaller[0] if logo.smaller else None
    url = context.addresses.media(smallest.digest, logo.smaller_name(smallest.width)) if smallest else None
    return HeaderLogo(url or _whole(context, logo), logo.width, logo.height, alone=logo.width >= 2 * logo.height)


def feed_icon(context: Context) -> str:
    """The address of the small square picture of feeds."""
    icon = context.vocabulary.pictures.get("icon")
    return _sized(context, icon, _SMALL)[1] if icon else context.asset_url("icon.png")


def feed_logo(context: Context) -> str:
    """The address of the large picture of feeds: the icon, or a logo that feed readers can show."""
    icon, logo = (context.vocabulary.pictures.get(name) for name in ("icon", "logo"))
    if logo and logo.type in _RASTER and (icon is None or icon.type == _SVG):
        return _whole(context, logo)
    return _sized(context, icon, _LARGE)[1] if icon else context.asset_url("logo.png")


def publisher_logo(context: Context) -> str:
    """The address of the logo for search engines."""
    logo = context.vocabulary.pictures.get("logo")
    return _whole(context, logo) if logo else feed_logo(context)


def _whole(context: Context, file: MediaFile) -> str:
    return context.addresses.media(file.digest, file.file_name)


def _sized(context: Context, icon: MediaFile, wanted: int) -> tuple[int, str]:
    """The width and address of the smallest icon of at least a width, or else of the largest."""
    fitting = [each for each in icon.smaller if each.width >= wanted] or icon.smaller[-1:]
    if not fitting:
        return icon.width or 0, _whole(context, icon)
    return fitting[0].width, context.addresses.media(fitting[0].digest, icon.smaller_name(fitting[0].width))
