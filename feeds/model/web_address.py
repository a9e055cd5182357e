"""Web addresses: parsed once, strictly, and written in the one form that feeds, browsers and validators agree on."""

from __future__ import annotations

import re

from ada_url import join_url, normalize_url

_WHOLE = re.compile(r"https?://[^/\\\s]", re.IGNORECASE)
_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"\[[0-9a-f:.]+\]|(?:{_LABEL}\.)*{_LABEL}\.?")
# Every normalized web address has this form (WHATWG URL, section 4.5). A regular expression splits it faster than the
# parser gives its parts.
_NORMALIZED = re.compile(r"(https?://)([^/]*@)?(\[[^/]*\]|[^/:]*)(:[0-9]+)?(/.*)")
# Most addresses have this form already, which the parser would not change.
_PLAIN_LABEL = "[a-z0-9]{1,30}(?:-[a-z0-9]{1,30})?"
_PLAIN_SEGMENT = "[A-Za-z0-9_~-][A-Za-z0-9._~-]*"
_PLAIN = re.compile(rf"https?://(?:{_PLAIN_LABEL}\.){{1,3}}[a-z]{{2,20}}/(?:{_PLAIN_SEGMENT}/)*(?:{_PLAIN_SEGMENT})?")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_NUMBERS = re.compile(r"[0-9.]+")
# RFC 3986 section 3.3: what may stand in a path, a query and a fragment; anything else is percent-encoded.
_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9\-._~:/?@!$&'()*+,;=%]|%(?![0-9A-Fa-f]{2})")


def web_address(text: str) -> str:
    """The address in ASCII (RFC 3986): international hosts as IDNA writes them, everything else percent-encoded.

    Raises ValueError that says what is wrong with it: no whole address, a user name or password in it, no such host or
    port. It is parsed as browsers do (WHATWG URL), so that every browser opens the same address.

    >>> web_address("https://bücher.example/Ярилцлага.mp3")
    'https://xn--bcher-kva.example/%D0%AF%D1%80%D0%B8%D0%BB%D1%86%D0%BB%D0%B0%D0%B3%D0%B0.mp3'
    """
    if _PLAIN.fullmatch(text):
        return text
    if not _WHOLE.match(text) or not text.isprintable():
        raise ValueError("not an absolute web address")
    try:
        parts: list[tuple[str, ...]] = _NORMALIZED.findall(normalize_url(text))
    except ValueError as error:
        raise ValueError("not a web address that a browser could open") from error
    scheme, user, host, port, rest = parts[0]
    if user:
        raise ValueError("an address with a user name or a password in it")
    numeric = _NUMBERS.fullmatch(host) and host not in text
    if numeric or port == ":0" or not _HOST.fullmatch(host):
        raise ValueError("an address whose host or port cannot exist")
    before, mark, fragment = rest.partition("#")
    return scheme + host + port + _encoded(before) + mark + _encoded(fragment)


def resolved(reference: str, base: str) -> str:
    """A reference as a browser resolves it against a web address (RFC 3986 section 5), in ASCII.

    Raises ValueError as `web_address` does for what leads to the web; other schemes are only percent-encoded.

    >>> resolved("/dam?a=b c", "https://n.example/releases/2021/a"), resolved("mailto:ö@n.example", "https://n.example/")
    ('https://n.example/dam?a=b%20c', 'mailto:%C3%B6@n.example')
    """
    scheme, colon, rest = reference.partition(":")
    if colon and _SCHEME.fullmatch(scheme):
        return web_address(reference) if scheme.lower() in ("http", "https") else f"{scheme.lower()}:{_encoded(rest)}"
    return web_address(join_url(base, reference))


def _encoded(part: str) -> str:
    return _NOT_ALLOWED.sub(lambda found: "".join(f"%{octet:02X}" for octet in found[0].encode()), part)
