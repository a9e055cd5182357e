"""Sorts the files of a release by what they are: pictures, sound, film, documents."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from feeds.formats import essence
from feeds.model.release import Attachment

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

_FILM_IN_OGG = (".ogv", ".ogx")  # RFC 5334 section 10


def medium(media_type: str, url: str = "") -> str:
    """The kind of a file, by its media type; only Ogg has one type for sound and film, and tells them by the suffix.

    >>> [medium(each) for each in ("image/png", "Audio/Ogg; codecs=opus", "application/x-mpegURL", "text/plain")]
    ['image', 'audio', 'video', 'document']
    """
    kind = essence(media_type).lower()
    if kind in ("application/ogg", "application/x-ogg") and urlsplit(url).path.lower().endswith(_FILM_IN_OGG):
        return VIDEO
    family = kind.partition("/")[0]
    return family if family in ORDER else _APPLICATIONS.get(kind, DOCUMENT)


def in_order(files: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """The files by their kind, those of one kind as they were given; a length of 0 says nothing and is left out."""
    known = (file if file.length != 0 else file.model_copy(update={"length": None}) for file in files)
    return tuple(sorted(known, key=lambda file: ORDER.index(medium(file.type, file.url))))


def enclosed(files: Iterable[Attachment]) -> Attachment | None:
    """The file for a format that has room for one: the first sound or film, else the first file."""
    found = tuple(files)
    return next((file for file in found if medium(file.type, file.url) in (AUDIO, VIDEO)), found[0] if found else None)
