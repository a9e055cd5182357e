"""OPML 2.0: lists of feeds that a reader can import."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .documents import Element, Finding, Parts, Piece, Wire, names, text_of, where

_HEAD = names(
    """title dateCreated dateModified ownerName ownerEmail ownerId docs expansionState vertScrollState windowTop
    windowLeft windowBottom windowRight"""
)
_OUTLINE = names(
    "text type title xmlUrl htmlUrl description language version category created url isComment isBreakpoint"
)
_OF_FEEDS = ("xmlUrl", "htmlUrl", "title", "description", "language", "version")


def outlines(wire: Wire) -> list[Element]:
    """All of them, at any depth."""
    return list(wire.tree.iter("outline"))


def parts(wire: Wire) -> Parts:
    """What a list of feeds has in common with feeds."""
    found = Parts()
    for element in wire.tree.iter("title", "ownerName"):
        found.plain.append(Piece(where(element), text_of(element)))
    for element in wire.tree.iter("dateCreated", "dateModified"):
        found.dates.append(Piece(where(element), text_of(element)))
    for element in wire.tree.iter("docs", "ownerId"):
        found.addresses.append(Piece(where(element), text_of(element)))
    for outline in outlines(wire):
        for name in ("xmlUrl", "htmlUrl", "url"):
            if outline.get(name) is not None:
                found.addresses.append(Piece(f"{where(outline)}@{name}", str(outline.get(name))))
        for name in ("text", "title", "description"):
            found.plain.append(Piece(f"{where(outline)}@{name}", str(outline.get(name, ""))))
        if outline.get("language") is not None:
            found.languages.append(Piece(where(outline), str(outline.get("language"))))
        if outline.get("created") is not None:
            found.dates.append(Piece(where(outline), str(outline.get("created"))))
    return found


def frame(wire: Wire) -> Iterator[Finding]:
    """Version, one head with a title, one body with outlines, and nothing unknown."""
    if wire.tree.get("version") != "2.0":
        yield Finding("InvalidOPMLVersion", "opml", str(wire.tree.get("version")))
    if [str(child.tag) for child in wire.tree] != ["head", "body"]:
        yield Finding("MissingElement", "opml", "one head, then one body")
        return
    head, body = wire.tree
    tags = [str(child.tag) for child in head]
    if "title" not in tags:
        yield Finding("MissingElement", "head", "title")
    for tag in tags:
        if tag not in _HEAD:
            yield Finding("UndefinedElement", "head", tag)
        elif tags.count(tag) > 1:
            yield Finding("DuplicateElement", "head", tag)
    for child in body.iterdescendants():
        if child.tag != "outline":
            yield Finding("UndefinedElement", where(child), str(child.tag))


def feeds(wire: Wire) -> Iterator[Finding]:
    """An outline that is a feed says so, and gives text, title, xmlUrl and htmlUrl."""
    for outline in outlines(wire):
        if not outline.get("text"):
            yield Finding("MissingAttribute", where(outline), "text")
        for name in outline.attrib:
            if str(name) not in _OUTLINE:
                yield Finding("UnexpectedAttribute", where(outline), str(name))
        match outline.get("type"):
            case None:
                if any(outline.get(name) for name in _OF_FEEDS):
                    yield Finding("MissingOutlineType", where(outline), str(outline.get("text")))
            case "rss":
                yield from _feed(outline)
            case "link" | "include":
                if not outline.get("url"):
                    yield Finding("MissingUrlAttr", where(outline), str(outline.get("text")))
            case other:
                yield Finding("InvalidOutlineType", where(outline), str(other))


def _feed(outline: Element) -> Iterator[Finding]:
    for name, missing in (("xmlUrl", "MissingXmlURL"), ("title", "MissingTitleAttr"), ("htmlUrl", "MissingHtmlURL")):
        if not outline.get(name):
            yield Finding(missing, where(outline), str(outline.get("text")))
    # OPML 2.0 names RSS1, RSS, scriptingNews; RSS2 is what importers expect for anything newer.
    if not re.fullmatch(r"RSS|RSS1|RSS2|ATOM1?|scriptingNews", str(outline.get("version", "RSS"))):
        yield Finding("InvalidOutlineVersion", where(outline), str(outline.get("version")))


def unique(wire: Wire) -> Iterator[Finding]:
    """Every feed stands once under its group."""
    for group in wire.tree.iter("body", "outline"):
        seen: set[str] = set()
        for outline in group.findall("outline"):
            address = str(outline.get("xmlUrl", ""))
            if address and address in seen:
                yield Finding("DuplicateEntries", where(outline), address)
            seen.add(address)


RULES = (frame, feeds, unique)
