"""Content codings: those a reader accepts, and the compressed bytes, which are the same on every replica."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import brotli
import zstandard
from werkzeug.http import parse_accept_header

from feeds.document import essence

IDENTITY = "identity"

CODINGS = ("br", "zstd", "gzip")
"""The content codings offered, the one liked best first; it decides where the reader has no preference."""

LONGEST = 500
"""Characters of an Accept-Encoding field worth reading; browsers send about thirty."""

SMALLEST = 200
"""Octets below which a coding saves less than its own header field costs."""

_OLD_NAME = "x-gzip"  # the same as gzip (RFC 9110 section 8.4.1.3)
_UNASKED = 0.0001  # plain bytes come last unless asked for

_TEXTUAL = ("application/json", "application/xml", "application/javascript", "application/manifest+json")

_GZIP_LEVEL = 9
_BROTLI_QUALITY = 5  # 100 kB in 3 ms; quality 11 takes 184 ms for a tenth less
_ZSTD_LEVEL = 9

# RFC 1952 section 2.3: no time, no name, maximum compression, and no operating system: the same on every replica.
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"


class Coder(NamedTuple):
    """How a coding compresses."""

    encode: Callable[[bytes], bytes]
    version: str
    """What the compressed bytes depend on besides the content."""


def _gzip(body: bytes) -> bytes:
    deflate = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    coded = deflate.compress(body) + deflate.flush()
    return _GZIP_HEAD + coded + struct.pack("<II", zlib.crc32(body), len(body) & 0xFFFFFFFF)


def _brotli(body: bytes) -> bytes:
    coded: bytes = brotli.compress(body, quality=_BROTLI_QUALITY)
    return coded


def _zstd(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(body)


CODERS = {
    "br": Coder(_brotli, f"{brotli.__version__}/{_BROTLI_QUALITY}"),
    "zstd": Coder(_zstd, f"{'.'.join(map(str, zstandard.ZSTD_VERSION))}/{_ZSTD_LEVEL}"),
    "gzip": Coder(_gzip, f"{zlib.ZLIB_RUNTIME_VERSION}/{_GZIP_LEVEL}"),
}


def acceptable(header: str | None) -> tuple[str, ...]:
    """The codings that a reader takes, best first, as RFC 9110 section 12.5.3 weighs them.

    Without the header the reader may take anything, yet only plain bytes are sure to be understood. The empty
    tuple means that the reader refuses all of them, plain bytes included: the case for a 406.

    >>> acceptable("gzip, deflate, br;q=0.9")
    ('gzip', 'br', 'identity')
    >>> acceptable("gzip;q=0, *;q=0")
    ()
    """
    if header is None or len(header) > LONGEST:
        return (IDENTITY,)
    return _ordered(header)


@lru_cache(maxsize=512)  # every client of one kind sends the same text
def _ordered(header: str) -> tuple[str, ...]:
    asked = parse_accept_header(header.lower().replace(_OLD_NAME, "gzip"))
    weights = {coding: asked.quality(coding) for coding in CODINGS}
    # Plain bytes are taken unless refused by name or by *;q=0.
    weights[IDENTITY] = asked.quality(IDENTITY) if asked.find(IDENTITY) >= 0 else _UNASKED
    return tuple(sorted((coding for coding in weights if weights[coding] > 0), key=lambda coding: -weights[coding]))


def worthwhile(media_type: str, length: int) -> bool:
    """Whether ``length`` octets of this type are likely to become fewer."""
    kind = essence(media_type)
    textual = kind.startswith("text/") or kind.endswith(("+xml", "+json")) or kind in _TEXTUAL
    return textual and length > SMALLEST
