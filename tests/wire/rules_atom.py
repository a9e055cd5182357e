"""Atom 1.0 (RFC 4287): what the grammar cannot say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from .documents import ATOM, DCTERMS, MEDIA, XHTML, XML, Element, Finding, Parts, Piece, Wire, text_of, where

_DATES = tuple(f"{{{ATOM}}}{name}" for name in ("updated", "published"))
_TITLES = tuple(f"{{{ATOM}}}{name}" for name in ("title", "subtitle"))
_TEXTS = (*_TITLES, *(f"{{{ATOM}}}{name}" for name in ("summary", "rights", "content")))
_XMLNS = re.compile(r' xmlns(?::\w+)?="[^"]*"')
_ADDRESSES = ("href", "src", "scheme", "url", "uri")
_PEOPLE = {f"{{{ATOM}}}name", f"{{{ATOM}}}generator"}
_URIS = {*(f"{{{ATOM}}}{name}" for name in ("uri", "icon", "logo")), f"{{{DCTERMS}}}isReplacedBy"}


def entries(wire: Wire) -> list[Element]:
    """In the document's order."""
    return list(wire.tree.findall(f"{{{ATOM}}}entry"))


def parts(wire: Wire) -> Parts:
    """What an Atom feed has in common with other formats."""
    found = Parts()
    for element in wire.tree.iter():
        _sort(wire, element, found)
    for entry in entries(wire):
        found.ids.append(Piece(where(entry), text_of(entry.find(f"{{{ATOM}}}id"))))
    return found


def _sort(wire: Wire, element: Element, found: Parts) -> None:
    tag, at = str(element.tag), where(element)
    if tag.startswith(f"{{{XHTML}}}"):
        return  # content, judged as such
    for attribute in () if _is_self(element) else _ADDRESSES:
        if element.get(attribute) is not None:
            found.addresses.append(Piece(f"{at}@{attribute}", str(element.get(attribute))))
    for attribute in ("hreflang", f"{{{XML}}}lang"):
        if element.get(attribute) is not None:
            found.languages.append(Piece(f"{at}@lang", str(element.get(attribute))))
    if _is_self(element):
        found.canonical.append(Piece(at, str(element.get("href"))))
    elif tag == f"{{{ATOM}}}category":
        label = str(element.get("label", ""))
        found.plain.append(Piece(f"{at}@label", label, wire.safe(label)))
    elif tag in _TEXTS:
        _text(wire, element, found)
    else:
        pile = _pile(tag, found)
        if pile is not None:
            pile.append(_piece(wire, element))


def _pile(tag: str, found: Parts) -> list[Piece] | None:
    """Where the text of an element belongs; None if no rule asks for it."""
    if tag in _DATES:
        return found.dates
    if tag in _URIS:
        return found.addresses
    if tag == f"{{{DCTERMS}}}valid":
        return found.periods
    if tag == f"{{{ATOM}}}id":
        return found.canonical
    return found.plain if tag in _PEOPLE or tag.startswith(f"{{{MEDIA}}}") else None


def _is_self(element: Element) -> bool:
    # Judged by a rule of its own.
    return str(element.tag) == f"{{{ATOM}}}link" and str(element.get("rel")) == "self"


def _text(wire: Wire, element: Element, found: Parts) -> None:
    match str(element.get("type", "text")):
        case "html" | "text/html":
            found.html.append(Piece(where(element), text_of(element)))
        case "xhtml":
            div = element.find(f"{{{XHTML}}}div")
            if div is not None:
                # As an HTML parser would meet it: without the namespace.
                source = etree.tostring(div, encoding="unicode", with_tail=False, method="html")
                found.html.append(Piece(where(element), _XMLNS.sub("", source)))
        case "text":
            found.undeclared.append(_piece(wire, element))


def _piece(wire: Wire, element: Element) -> Piece:
    return Piece(where(element), text_of(element), wire.safe(text_of(element)))


def updates(wire: Wire) -> Iterator[Finding]:
    """No two entries share ``updated``: clients that sort by it would shuffle them."""
    for text, times in Counter(text_of(entry.find(f"{{{ATOM}}}updated")) for entry in entries(wire)).items():
        if times > 1:
            yield Finding("DuplicateUpdated", "entries", f"{text} {times} times")


def titles(wire: Wire) -> Iterator[Finding]:
    """Titles are plain text in every format; what declares another type is read as markup by somebody."""
    for element in wire.tree.iter(*_TITLES):
        declared = str(element.get("type", "text"))
        if declared == "xhtml":
            yield Finding("NotInline", where(element), "type=xhtml")
        elif declared != "text":
            yield Finding("ContainsHTML", where(element), f"type={declared}")


def texts(wire: Wire) -> Iterator[Finding]:
    """RFC 4287 section 4.1.2: every entry has text; content from elsewhere says its type."""
    for entry in entries(wire):
        inline = [text_of(entry.find(f"{{{ATOM}}}{name}")).strip() for name in ("summary", "content")]
        if not any(inline):
            yield Finding("MissingTextualContent", where(entry), "neither summary nor content")
        for content in entry.iterfind(f"{{{ATOM}}}content[@src]"):
            if content.get("type") is None:
                yield Finding("MissingTypeAttr", where(content), str(content.get("src")))
        for source in entry.iterfind(f"{{{ATOM}}}source"):
            missing = [name for name in ("id", "title", "updated") if source.find(f"{{{ATOM}}}{name}") is None]
            if missing:
                yield Finding("MissingSourceElement", where(source), ", ".join(missing))


def declared_types(wire: Wire) -> Iterator[Finding]:
    """Content agrees with its declared type."""
    for element in wire.tree.iter(*_TEXTS):
        declared = str(element.get("type", "text"))
        if declared.endswith("/html") and element.get("src") is None and "<html" not in text_of(element):
            yield Finding("HtmlFragment", where(element), declared)
        elif declared != "xhtml" and element.find(f"{{{XHTML}}}*") is not None:
            yield Finding("MisplacedXHTMLContent", where(element), f"elements inside type={declared}")
        elif declared == "xhtml" and element.find(f"{{{XHTML}}}div") is None:
            yield Finding("NotHtml", where(element), "xhtml without its div")


RULES = (updates, titles, texts, declared_types)
