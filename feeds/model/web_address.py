"""Web addresses: parsed once, strictly, and written in the one form that feeds, browsers and validators agree on."""

from __future__ import annotations

import re

from ada_url import URL

_WHOLE = re.compile(r"https?://[^/\\\s]", re.IGNORECASE)
_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"\[[0-9a-f:.]+\]|(?:{_LABEL}\.)*{_LABEL}\.?")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_NUMBERS = re.compile(r"[0-9.]+")
# RFC 3986 section 3.3: what may stand in a path, a query and a fragment; anything else is percent-encoded.
_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9\-._~:/?@!$&'()*+,;=%]|%(?![0-9A-Fa-f]{2})")


def web_address(text: str) -> str:
    """The address in ASCII (RFC 3986): international hosts as IDNA writes them, everything else percent-encoded.

    Raises ValueError that says what is wrong with it: no whole address, a user name or password in it, no such host or
    port. Parsed as browsers do (WHATWG URL), so that no reader of ours understands it otherwise.

    >>> web_address("https://bücher.example/Ярилцлага.mp3")
    'https://xn--bcher-kva.example/%D0%AF%D1%80%D0%B8%D0%BB%D1%86%D0%BB%D0%B0%D0%B3%D0%B0.mp3'
    """
    if not _WHOLE.match(text) or not text.isprintable():
        raise ValueError("not an absolute web address")
    try:
        url = URL(text)
    except ValueError as error:
        raise ValueError("not a web address that a browser could open") from error
    if url.username or url.password:
        raise ValueError("an address with a user name or a password in it")
    numeric = _NUMBERS.fullmatch(url.hostname) and url.hostname not in text
    if numeric or url.port == "0" or not _HOST.fullmatch(url.hostname):
        raise ValueError("an address whose host or port cannot exist")
    before, mark, fragment = url.href[len(url.origin) :].partition("#")
    return url.origin + _encoded(before) + mark + _encoded(fragment)


def resolved(reference: str, base: str) -> str:
    """A reference as a browser resolves it against a web address (RFC 3986 section 5), in ASCII.

    Raises ValueError as `web_address` does for what leads to the web; other schemes are only percent-encoded.

    >>> resolved("/dam?a=b c", "https://n.example/releases/2021/a"), resolved("mailto:ö@n.example", "https://n.example/")
    ('https://n.example/dam?a=b%20c', 'mailto:%C3%B6@n.example')
    """
    scheme, colon, rest = reference.partition(":")
    if colon and _SCHEME.fullmatch(scheme):
        return web_address(reference) if scheme.lower() in ("http", "https") else f"{scheme.lower()}:{_encoded(rest)}"
    return web_address(URL(reference, base).href)


def _encoded(part: str) -> str:
    return _NOT_ALLOWED.sub(lambda found: "".join(f"%{octet:02X}" for octet in found[0].encode()), part)
