"""Resolves what links and pictures in a text refer to."""

from __future__ import annotations

import re
from collections.abc import Collection

from feeds.model.web_address import resolved

LINK_SCHEMES = frozenset(("http", "https", "mailto", "sms", "tel"))
"""What the address of a link may begin with."""
WEB_SCHEMES = frozenset(("http", "https"))
"""What the address of a picture or player may begin with."""

_WHOLE = "write the whole address, with https://"
_OTHER = "readers open only links that begin with http, https, mailto, sms or tel: use one of these"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_WWW = re.compile(r"www\.[^\s./]+\.", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s/:@?#]+@[^\s/:@?#]+\.[A-Za-z]{2,}")
_ADVICE = {
    **dict.fromkeys(("mailto", "sms", "tel"), _WHOLE),
    "data": "save it as a file, and write its whole address",
    "file": "it lies on your own computer: put it on the web, and write its whole address",
}


class Unusable(Exception):  # noqa: N818  # always caught by whoever resolves
    """An address that no reader could or should open. Its text says what to write instead."""


def is_address(reference: str) -> bool:
    """Whether a reference begins with a scheme or a host, or is an e-mail address."""
    return bool(_SCHEME.match(reference) or _WWW.match(reference) or _EMAIL.fullmatch(reference))


def resolve(written: str, page: str, schemes: Collection[str] = LINK_SCHEMES) -> str:
    """The absolute address, in ASCII, of what is written in a text on a page. Raises Unusable.

    As browsers do, it first removes tabs and line breaks and reads a backslash as a slash (WHATWG URL, section 4.4).
    Where a host is written without a scheme, https is meant.

    >>> resolve("www.example.org/news", "https://n.example/releases/2021/dam")
    'https://www.example.org/news'
    """
    address = re.sub(r"[\x00-\x20\x7f]+", "", written) if not written.isprintable() else written.strip()
    if not address:
        raise Unusable(_WHOLE)
    found = None if _WWW.match(address) else _SCHEME.match(address)  # www.example.org:8080 names a port
    scheme = found[1].lower() if found else ""
    if found and scheme not in schemes:
        raise Unusable(_ADVICE.get("file" if len(scheme) == 1 else scheme, _OTHER))
    if _EMAIL.fullmatch(address):
        raise Unusable(f"write mailto:{address}")
    if not found:
        address = address.replace("\\", "/")
        if address.startswith("//") or _WWW.match(address):
            address = f"https://{address.lstrip('/')}"
    elif scheme in WEB_SCHEMES:
        address = address.replace("\\", "/")
    try:
        return resolved(address, page)
    except ValueError as error:
        raise Unusable(f"it is {error}: {_WHOLE}") from error
