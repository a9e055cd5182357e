"""RSS 2.0 with its usual modules: what stands where, in which order, and no meaning given twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from .documents import (
    ATOM,
    CC,
    CONTENT,
    DC,
    DCTERMS,
    MEDIA,
    XHTML,
    XML,
    Element,
    Finding,
    Parts,
    Piece,
    Wire,
    names,
    text_of,
    where,
)

_PLAIN = names(f"title category copyright generator managingEditor webMaster author {{{DC}}}creator")
_DATES = {"pubDate", "lastBuildDate", f"{{{ATOM}}}updated", f"{{{ATOM}}}published", f"{{{DCTERMS}}}modified"}
_ADDRESSES = names(f"link docs comments url {{{DCTERMS}}}isReplacedBy {{{CC}}}license")
_EMAILS = ("managingEditor", "webMaster", "author")
# Core element, and the twins that say the same.
CHANNEL_TWINS = {
    "pubDate": (f"{{{DC}}}date",),
    "managingEditor": (f"{{{DC}}}creator",),
    "webMaster": (f"{{{DC}}}publisher",),
    "category": (f"{{{DC}}}subject",),
    "language": (f"{{{DC}}}language",),
    "copyright": (f"{{{DC}}}rights",),
    "title": (f"{{{ATOM}}}title", f"{{{DC}}}title"),
    "lastBuildDate": (f"{{{DCTERMS}}}modified",),
}
ITEM_TWINS = {
    "pubDate": (f"{{{DC}}}date", f"{{{ATOM}}}published"),
    "author": (f"{{{DC}}}creator", f"{{{ATOM}}}author"),
    "category": (f"{{{DC}}}subject",),
    "guid": (f"{{{ATOM}}}id",),
    "source": (f"{{{DC}}}source",),
    "title": (f"{{{DC}}}title",),
}
_DESCRIPTION_TWINS = (f"{{{XHTML}}}body", f"{{{ATOM}}}title", f"{{{ATOM}}}content", f"{{{DC}}}description")


def items(wire: Wire) -> list[Element]:
    """In the document's order."""
    return list(wire.channel.findall("item"))


def parts(wire: Wire) -> Parts:
    """What an RSS feed has in common with other formats."""
    found = Parts()
    for element in wire.tree.iter():
        _sort(wire, element, found)
    for item in items(wire):
        found.ids.append(Piece(where(item), text_of(item.find("guid"))))
    return found


def _sort(wire: Wire, element: Element, found: Parts) -> None:
    tag, at = str(element.tag), where(element)
    is_self = tag == f"{{{ATOM}}}link" and element.get("rel") == "self"
    for attribute in () if is_self else ("href", "url"):  # self is judged by a rule of its own
        if element.get(attribute) is not None:
            found.addresses.append(Piece(f"{at}@{attribute}", str(element.get(attribute))))
    for name in ("hreflang", f"{{{XML}}}lang", "lang"):
        if element.get(name) is not None:
            found.languages.append(Piece(f"{at}@{etree.QName(name).localname}", str(element.get(name))))
    if is_self:
        found.canonical.append(Piece(at, str(element.get("href"))))
    elif _is_plain(wire, element):
        text = text_of(element)
        found.plain.append(Piece(at, text, wire.safe(text)))
    else:
        pile = _pile(tag, found)
        if pile is not None:
            pile.append(Piece(at, text_of(element)))


def _is_plain(wire: Wire, element: Element) -> bool:
    tag = str(element.tag)
    if tag == "description":  # the channel's; an item's is HTML
        return element.getparent() is wire.tree.find("channel")
    return tag in _PLAIN or (tag.startswith(f"{{{MEDIA}}}") and not len(element))


def _pile(tag: str, found: Parts) -> list[Piece] | None:
    """Where the text of an element belongs; None if no rule asks for it."""
    if tag in _DATES:
        return found.dates
    if tag in _ADDRESSES:
        return found.addresses
    if tag == f"{{{DCTERMS}}}valid":
        return found.periods
    return {
        "description": found.html,
        f"{{{CONTENT}}}encoded": found.html,
        "language": found.languages,
        f"{{{DC}}}language": found.languages,
        "guid": found.canonical,
    }.get(tag)


def twins(wire: Wire) -> Iterator[Finding]:
    """A core element and its namespaced twin are not both given."""
    yield from _twins(wire.channel, CHANNEL_TWINS, "DuplicateSemantics")
    for item in items(wire):
        yield from _twins(item, ITEM_TWINS, "DuplicateItemSemantics")
        for twin in _DESCRIPTION_TWINS:
            if item.find(twin) is not None:
                yield Finding("DuplicateDescriptionSemantics", where(item), twin)


def _twins(parent: Element, table: dict[str, tuple[str, ...]], name: str) -> Iterator[Finding]:
    for core, others in table.items():
        for other in others:
            if parent.find(core) is not None and parent.find(other) is not None:
                yield Finding(name, where(parent), f"{core} and {other}")


def order(wire: Wire) -> Iterator[Finding]:
    """Channel metadata, then items; in an item description before content:encoded."""
    seen_item = False
    for child in wire.channel:
        if child.tag == "item":
            seen_item = True
        elif seen_item:
            yield Finding("MisplacedItem", where(child), "after an item")
    for item in items(wire):
        tags = [str(child.tag) for child in item]
        encoded = f"{{{CONTENT}}}encoded"
        if encoded in tags and "description" not in tags[: tags.index(encoded)]:
            yield Finding("NeedDescriptionBeforeContent", where(item), "content:encoded first")


def image(wire: Wire) -> Iterator[Finding]:
    """The channel's image bears the channel's own title and link."""
    for picture in wire.channel.findall("image"):
        for child, name in (("title", "ImageTitleDoesntMatch"), ("link", "ImageLinkDoesntMatch")):
            if text_of(picture.find(child)) != text_of(wire.channel.find(child)):
                yield Finding(name, where(picture), text_of(picture.find(child)))


def emails(wire: Wire) -> Iterator[Finding]:
    """`address (Name)`."""
    for element in wire.channel.iter(*_EMAILS):
        text = text_of(element)
        if re.fullmatch(r"[^\s@()]+@[^\s@()]+\.[^\s@()]+ \([^()]+(?:\([^()]*\)[^()]*)*\)", text):
            continue
        if re.fullmatch(r"[^\s@]+@[^\s@]+", text):
            yield Finding("MissingRealName", where(element), text)
        else:
            yield Finding("EmailFormat", where(element), text)


def texts(wire: Wire) -> Iterator[Finding]:
    """Every item has text, and no XHTML elements outside of it but the channel's note to people (an XHTML div)."""
    for item in items(wire):
        if not any(text_of(item.find(tag)).strip() for tag in ("description", f"{{{CONTENT}}}encoded")):
            yield Finding("MissingTextualContent", where(item), "no description")
    for element in wire.channel.iter(f"{{{XHTML}}}*"):
        parent = element.getparent()
        if parent is None or str(parent.tag).startswith(f"{{{XHTML}}}") or element.tag == f"{{{XHTML}}}body":
            continue
        if parent is not wire.channel or element.tag != f"{{{XHTML}}}div":
            yield Finding("MisplacedXHTMLContent", where(element), str(parent.tag))


def enclosures(wire: Wire) -> Iterator[Finding]:
    """One enclosure an item; further files by Media RSS."""
    for item in items(wire):
        given = item.findall("enclosure")
        if len(given) > 1:
            yield Finding("DuplicateEnclosure", where(item), f"{len(given)} enclosures")


RULES = (twins, order, image, emails, texts, enclosures)
