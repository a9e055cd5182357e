"""JSON Feed 1.1: what the schema cannot say, under the names of the validator's findings for XML feeds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .documents import Finding, Parts, Piece, Wire

_ADDRESSES = ("url", "external_url", "image", "banner_image", "home_page_url", "next_url", "icon", "favicon", "avatar")
_PLAIN = ("title", "description", "summary", "user_comment", "name")


def items(wire: Wire) -> list[dict[str, Any]]:
    """In the document's order."""
    found = (wire.data or {}).get("items", [])
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def parts(wire: Wire) -> Parts:
    """What a JSON Feed has in common with other formats."""
    found = Parts()
    _walk(wire.data or {}, "", found)
    for number, item in enumerate(items(wire)):
        identifier = item.get("id")
        found.ids.append(Piece(f"items[{number}]", identifier if isinstance(identifier, str) else ""))
    found.canonical += found.ids
    if "feed_url" in (wire.data or {}):
        found.canonical.append(Piece("feed_url", str((wire.data or {})["feed_url"])))
    return found


def _walk(value: dict[str, Any], at: str, found: Parts) -> None:
    for key, member in value.items():
        here = f"{at}.{key}".lstrip(".")
        if key.startswith("_"):
            continue  # an extension; it means what its owner says
        if isinstance(member, dict):
            _walk(member, here, found)
        elif isinstance(member, list):
            for number, element in enumerate(member):
                if isinstance(element, dict):
                    _walk(element, f"{here}[{number}]", found)
                elif key == "tags":
                    found.plain.append(Piece(f"{here}[{number}]", str(element)))
        elif isinstance(member, str):
            _sort(key, Piece(here, member), found)


def _sort(key: str, piece: Piece, found: Parts) -> None:
    if key in _ADDRESSES:
        found.addresses.append(piece)
    elif key in _PLAIN:
        found.plain.append(piece)
    elif key == "content_html":
        found.html.append(piece)
    elif key == "content_text":
        found.undeclared.append(piece)
    elif key in ("date_published", "date_modified"):
        found.dates.append(piece)
    elif key == "language":
        found.languages.append(piece)


def feed_url(wire: Wire) -> Iterator[Finding]:
    """`feed_url` is the document's own address, `next_url` another."""
    data = wire.data or {}
    given = data.get("feed_url")
    if given is None:
        yield Finding("MissingSelf", "feed_url", "none")
    elif not str(given).startswith(("http://", "https://")):
        yield Finding("RelativeSelf", "feed_url", str(given))
    elif given != wire.url:
        yield Finding("SelfDoesntMatchLocation", "feed_url", f"{given}, not {wire.url}")
    if data.get("next_url") == wire.url:
        yield Finding("SameDocumentReference", "next_url", wire.url)


def texts(wire: Wire) -> Iterator[Finding]:
    """Every item has content."""
    for number, item in enumerate(items(wire)):
        if not any(str(item.get(key, "")).strip() for key in ("content_html", "content_text")):
            yield Finding("MissingTextualContent", f"items[{number}]", "neither content_html nor content_text")


RULES = (feed_url, texts)
