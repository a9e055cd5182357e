"""The media types of files by the ends of their names, and the types of pictures that browsers show.

The table is our own: that of the standard library differs between its versions and machines, and every copy of a
newsroom must give the same answer.
"""

from __future__ import annotations

UNKNOWN = "application/octet-stream"

PICTURES = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}
"""Pictures that all browsers show."""

_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
_OTHERS = {
    "7z": "application/x-7z-compressed",
    "aac": "audio/aac",
    "bmp": "image/bmp",
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": f"{_OPEN_XML}.wordprocessingml.document",
    "eps": "application/postscript",
    "epub": "application/epub+zip",
    "flac": "audio/flac",
    "geojson": "application/geo+json",
    "gz": "application/gzip",
    "heic": "image/heic",
    "htm": "text/html",
    "html": "text/html",
    "ics": "text/calendar",
    "json": "application/json",
    "m4a": "audio/mp4",
    "m4v": "video/mp4",
    "md": "text/markdown",
    "mkv": "video/matroska",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "odp": f"{_OPEN_DOCUMENT}.presentation",
    "ods": f"{_OPEN_DOCUMENT}.spreadsheet",
    "odt": f"{_OPEN_DOCUMENT}.text",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "ogv": "video/ogg",
    "opus": "audio/ogg",
    "pdf": "application/pdf",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": f"{_OPEN_XML}.presentationml.presentation",
    "rtf": "application/rtf",
    "srt": "application/x-subrip",
    "svg": "image/svg+xml",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "tsv": "text/tab-separated-values",
    "txt": "text/plain",
    "vcf": "text/vcard",
    "vtt": "text/vtt",
    "wav": "audio/wav",
    "weba": "audio/webm",
    "webm": "video/webm",
    "woff2": "font/woff2",
    "xls": "application/vnd.ms-excel",
    "xlsx": f"{_OPEN_XML}.spreadsheetml.sheet",
    "xml": "application/xml",
    "zip": "application/zip",
}
_BY_SUFFIX = PICTURES | _OTHERS


def media_type(name: str) -> str:
    """The media type of a file by the end of its name.

    >>> media_type("Report.PDF"), media_type("plan.indd")
    ('application/pdf', 'application/octet-stream')
    """
    return _BY_SUFFIX.get(name.rpartition(".")[2].lower(), UNKNOWN)
