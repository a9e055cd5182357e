"""What the answer's label promises against what its bytes are: media type, character encoding, legal characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message

from .documents import Finding, Kind, Wire

MEDIA_TYPES = {
    Kind.ATOM: ("application/atom+xml", "application/xml"),
    Kind.RSS: ("application/rss+xml", "application/xml"),
    Kind.JSON: ("application/feed+json", "application/json"),
    Kind.OPML: ("text/x-opml", "text/x-opml+xml", "application/xml"),
}
# Said of anything, so they say nothing (the validator's own list).
NON_SPECIFIC = ("application/octet-stream", "text/plain", "text/html", "text/xml")
_DECLARED = re.compile(rb"""\A<\?xml\s+version=["']1\.0["']\s+encoding=["']([A-Za-z0-9._-]+)["']""")
# C0 and C1 controls, the replacement character, noncharacters: all of them traces of a wrong encoding.
_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ufdd0-\ufdef\ufffe\uffff]")

# The same, as JSON may write them: \\u001f; tab and line ends are no controls in this sense.
_BAD_ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?!000[9ad])(?:00[01][0-9a-f]|007f|00[89][0-9a-f]|fffd)", re.IGNORECASE)


def _label(content_type: str) -> tuple[str, str | None]:
    message = Message()
    message["Content-Type"] = content_type
    charset = message.get_param("charset")
    return message.get_content_type(), charset.lower() if isinstance(charset, str) else None


def media_type(wire: Wire) -> Iterator[Finding]:
    """RFC 4287 section 7, RFC 7303, JSON Feed: the registered type."""
    given, _ = _label(wire.content_type)
    if given in NON_SPECIFIC:
        yield Finding("NonSpecificMediaType", "Content-Type", given)
    elif given not in MEDIA_TYPES.get(wire.kind, (given,)):
        yield Finding("UnexpectedContentType", "Content-Type", f"{given} for {wire.kind}")


def one_label(wire: Wire) -> Iterator[Finding]:
    """The header field and the argument are one thing said twice."""
    for name, value in wire.headers.items():
        if name.lower() == "content-type" and value != wire.content_type:
            yield Finding("EncodingMismatch", "Content-Type", f"{value}, not {wire.content_type}")


def encoding(wire: Wire) -> Iterator[Finding]:
    """UTF-8 everywhere, said in the header and, in XML, in the declaration."""
    _, charset = _label(wire.content_type)
    if charset != "utf-8":
        yield Finding("EncodingMismatch", "Content-Type", f"charset={charset}")
    if wire.kind is Kind.JSON:
        return
    declared = _DECLARED.match(wire.body)
    name = declared.group(1).decode().lower() if declared else None
    if name is None:
        yield Finding("EncodingMismatch", "XML declaration", "none that names an encoding")
    elif name != "utf-8":
        yield Finding("ObscureEncoding", "XML declaration", name)


def utf8(wire: Wire) -> Iterator[Finding]:
    """The bytes are UTF-8, without a byte order mark (RFC 8259 section 8.1 forbids one in JSON)."""
    if wire.body.startswith(b"\xef\xbb\xbf"):
        yield Finding("NotUTF8", "byte 0", "a byte order mark")
    try:
        wire.body.decode()
    except UnicodeDecodeError as error:
        yield Finding("NotUTF8", f"byte {error.start}", error.reason)


def characters(wire: Wire) -> Iterator[Finding]:
    """No control characters, no U+FFFD, neither raw nor by reference."""
    if wire.kind is Kind.JSON:
        for match in _BAD.finditer(wire.body.decode(errors="replace")):
            yield Finding("BadCharacters", f"character {match.start()}", f"U+{ord(match.group()):04X}")
        for escape in _BAD_ESCAPE.finditer(wire.body):
            yield Finding("BadCharacters", f"byte {escape.start()}", escape.group().decode())
    elif wire.root is not None:
        for piece in wire.root.itertext():
            for match in _BAD.finditer(str(piece)):
                yield Finding("BadCharacters", "text", f"U+{ord(match.group()):04X}")


def well_formed(wire: Wire) -> Iterator[Finding]:
    """The validator's SAXError; nothing else can be said of such a document."""
    if wire.kind is Kind.UNKNOWN:
        yield Finding("SAXError", "document", "neither Atom, RSS, OPML nor JSON Feed, or not well-formed")


RULES = (media_type, one_label, encoding, utf8, characters, well_formed)
