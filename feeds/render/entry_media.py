"""The picture and the files of a release, with their addresses, sorted by what they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from feeds.addresses import Addresses
from feeds.model.formats import essence
from feeds.model.media import MediaFile
from feeds.model.release import Release
from feeds.render.feed_values import File, Picture

IMAGE, AUDIO, VIDEO, DOCUMENT = "image", "audio", "video", "document"

ORDER = (IMAGE, AUDIO, VIDEO, DOCUMENT)
"""The kinds by the names that Media RSS has for them (1.5, `medium`), in the order in which feeds name files."""

_APPLICATIONS = {
    "application/ogg": AUDIO,
    "application/x-ogg": AUDIO,
    "application/x-flac": AUDIO,
    "application/x-mpegurl": VIDEO,  # HTTP Live Streaming (RFC 8216)
    "application/vnd.apple.mpegurl": VIDEO,
    "application/vnd.apple.mpegurl.audio": AUDIO,
    "application/dash+xml": VIDEO,
    "application/mp4": VIDEO,
    "application/mxf": VIDEO,
    "application/x-matroska": VIDEO,
    "application/vnd.ms-asf": VIDEO,
    "application/vnd.rn-realmedia": VIDEO,
}
"""The kinds of types that do not say it themselves."""

_OGG = ("application/ogg", "application/x-ogg")
_FILM_IN_OGG = (".ogv", ".ogx")  # RFC 5334 section 10


def picture(release: Release, addresses: Addresses) -> Picture | None:
    """The picture of a release. What is read from a file beside it counts more than what is written."""
    image = release.image
    if image is None:
        return None
    found = Picture(image.src, image.alt, image.credit, image.caption, image.width, image.height, image.type)
    file = release.media_file(image.src)
    if file is None:
        return found
    return replace(found, src=address(file, addresses), width=file.width, height=file.height, type=file.type)


def files(release: Release, addresses: Addresses) -> tuple[File, ...]:
    """The files of a release, in the order in which it names them."""
    found = []
    for each in release.attachments:
        if each.url and each.type:
            found.append(File(each.url, each.title, each.type, each.length, each.language))
        elif file := release.media_file(each.file or ""):
            found.append(File(address(file, addresses), each.title, file.type, file.length, each.language))
    return tuple(found)


def address(file: MediaFile, addresses: Addresses) -> str:
    """The absolute address of a file that lies beside a release."""
    return addresses.media(file.digest, file.file_name)


def medium(media_type: str, url: str = "") -> str:
    """The kind of a file, by its media type; only Ogg has one type for sound and film, and tells them by the suffix.

    >>> [medium(each) for each in ("image/png", "Audio/Ogg; codecs=opus", "application/x-mpegURL", "text/plain")]
    ['image', 'audio', 'video', 'document']
    """
    kind = essence(media_type).lower()
    if is_told_by_suffix(kind) and urlsplit(url).path.lower().endswith(_FILM_IN_OGG):
        return VIDEO
    family = kind.partition("/")[0]
    return family if family in ORDER else _APPLICATIONS.get(kind, DOCUMENT)


def is_told_by_suffix(media_type: str) -> bool:
    """Whether a file of this type is sound or film by its suffix."""
    return essence(media_type).lower() in _OGG


def in_order(files: Iterable[File]) -> tuple[File, ...]:
    """The files by their kind, those of one kind as they were given; a length of 0 says nothing and is left out."""
    known = (file if file.length != 0 else replace(file, length=None) for file in files)
    return tuple(sorted(known, key=lambda file: ORDER.index(medium(file.type, file.url))))


def enclosed(files: Iterable[File]) -> File | None:
    """The file for a format that has room for one: the first sound or film, else the first file."""
    found = tuple(files)
    return next((file for file in found if medium(file.type, file.url) in (AUDIO, VIDEO)), found[0] if found else None)
