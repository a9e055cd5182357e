"""Plain texts, identifiers and addresses: rules that serve every format."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html.entities import name2codepoint
from urllib.parse import urlsplit

from babel import Locale

from .documents import Finding, Kind, Parts, Piece, Wire, names
from .rules_html import RISKY_ELEMENTS, SAFE_ELEMENTS

# Of the IANA registry, those that have a place in a newsroom's feed.
SCHEMES = names("http https mailto tag tel urn geo sip sips doi info ftp ftps")
_END_TAG = re.compile(r"</(\w+)>")
_ENTITY = re.compile(r"&(#?\w+)")
_DOUBTFUL = re.compile(r"&#[x0-9]|<[/a-zA-Z]")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?://)?(?:[A-Za-z0-9;/?:@&=+$.\-_!~*'(),#\[\]]|%[0-9A-Fa-f]{2})+")
_TAG_URI = re.compile(
    r"tag:(?:[a-z0-9._-]+@)?[a-z0-9][a-z0-9.-]*,\d{4}(?:-\d\d(?:-\d\d)?)?:[A-Za-z0-9;/?:@&=+$.\-_!~*'(),%]+"
)
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-([A-Z][a-z]{3}))?(?:-([A-Z]{2}|\d{3}))?(?:-[a-z0-9]{5,8})*")
_ENGLISH = Locale("en")
LANGUAGES, SCRIPTS, TERRITORIES = (
    frozenset(names) for names in (_ENGLISH.languages, _ENGLISH.scripts, _ENGLISH.territories)
)


def plain(wire: Wire, parts: Parts) -> Iterator[Finding]:
    """Texts without markup, the validator's `nonhtml`: no end tag of HTML, no reference left after decoding."""
    for name, pieces in (("ContainsHTML", parts.plain), ("ContainsUndeclaredHTML", parts.undeclared)):
        for piece in pieces:
            reproach = _reproach(piece)
            if reproach:
                yield Finding(name, piece.where, reproach)
            elif wire.kind is Kind.RSS and not piece.safe and _DOUBTFUL.search(piece.text):
                # RSS never said whether titles are HTML: some clients decode twice. &#x26; and &#x3C; survive it.
                yield Finding("CharacterData", piece.where, piece.text)


def _reproach(piece: Piece) -> str | None:
    for tag in _END_TAG.findall(piece.text):
        if tag.lower() in SAFE_ELEMENTS | RISKY_ELEMENTS:
            return f"</{tag}>"
    if piece.safe:
        return None
    for name in _ENTITY.findall(piece.text):
        if name in name2codepoint or name == "apos" or name.startswith("#"):
            return f"&{name};"
    return None


def identifiers(wire: Wire, parts: Parts) -> Iterator[Finding]:
    """Each id is a real URI and stands once."""
    for piece in parts.ids:
        if not piece.text:
            yield Finding("MissingGuid", piece.where, "no id")
        elif re.fullmatch(r"\d{1,8}", piece.text):
            yield Finding("NotSufficientlyUnique", piece.where, piece.text)
        elif piece.text.startswith("tag:") and not _TAG_URI.fullmatch(piece.text):
            yield Finding("InvalidTAG", piece.where, piece.text)
        elif not _URI.fullmatch(piece.text):
            yield Finding("InvalidFullLink", piece.where, piece.text)
    for text, times in Counter(piece.text for piece in parts.ids).items():
        if times > 1 and text:
            yield Finding("DuplicateEntries", "entries", f"{text} {times} times")


def addresses(wire: Wire, parts: Parts) -> Iterator[Finding]:
    """Absolute, of a registered scheme, written with the characters of RFC 3986."""
    for piece in parts.addresses:
        scheme = piece.text.partition(":")[0].lower()
        if piece.text == "" or piece.text.startswith("#"):
            yield Finding("SameDocumentReference", piece.where, piece.text or "empty")
        elif not _URI.fullmatch(piece.text):
            yield Finding("InvalidFullLink", piece.where, piece.text)
        elif scheme not in SCHEMES:
            yield Finding("SchemeNotIANARegistered", piece.where, piece.text)
        elif scheme in ("http", "https") and not urlsplit(piece.text).hostname:
            yield Finding("InvalidFullLink", piece.where, piece.text)


def canonical(wire: Wire, parts: Parts) -> Iterator[Finding]:
    """RFC 4287 section 4.2.6.1: ids are compared character by character, so they are written in one way only."""
    for piece in parts.canonical:
        better = canonical_form(piece.text)
        if better != piece.text:
            yield Finding("NonCanonicalURI", piece.where, f"{piece.text}, not {better}")


def canonical_form(uri: str) -> str:
    """RFC 3986 section 6.2.2 and 6.2.3.

    >>> canonical_form("HTTPS://Example.org:443/%7ea/../b")
    'https://example.org/b'
    """
    scheme, colon, rest = uri.partition(":")
    if not colon or not rest.startswith("//"):
        return f"{scheme.lower()}{colon}{rest}"
    parts = urlsplit(uri)
    host = parts.netloc.lower().removesuffix({"http": ":80", "https": ":443"}.get(parts.scheme, " ")).removesuffix(":")
    path = _percent(_dots(parts.path)) or "/"
    return parts._replace(netloc=host, path=path, query=_percent(parts.query)).geturl()


def _percent(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        character = chr(int(match.group(1), 16))
        unreserved = character.isascii() and (character.isalnum() or character in "-._~")
        return character if unreserved else match.group().upper()

    return re.sub(r"%([0-9A-Fa-f]{2})", one, text)


def _dots(path: str) -> str:
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == ".." and len(kept) > 1:
            kept.pop()
        elif segment not in (".", ".."):
            kept.append(segment)
    return "/".join(kept) + ("/" if path.endswith(("/.", "/..")) else "")


def languages(wire: Wire, parts: Parts) -> Iterator[Finding]:
    """BCP 47: registered subtags in their canonical case."""
    for piece in parts.languages:
        if not _registered(piece.text):
            yield Finding("InvalidLanguage", piece.where, piece.text)


def stated_language(wire: Wire, parts: Parts) -> Iterator[Finding]:
    """A document says in which language it is: a screen reader has no other way to know."""
    match wire.kind:
        case Kind.ATOM:
            stated = wire.tree.get("{http://www.w3.org/XML/1998/namespace}lang")
        case Kind.RSS:
            stated = wire.channel.findtext("language")
        case Kind.JSON:
            stated = (wire.data or {}).get("language")
        case _:
            return
    if not stated:
        yield Finding("MissingDCLanguage", wire.kind, "no language")


def _registered(tag: str) -> bool:
    match = _LANGUAGE.fullmatch(tag)
    if not match:
        return False
    language, script, region = match.groups()
    return language in LANGUAGES and (script is None or script in SCRIPTS) and (region is None or region in TERRITORIES)


RULES = (plain, identifiers, addresses, canonical, languages, stated_language)
