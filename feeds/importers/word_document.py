"""Reads Word documents (.docx), each of which is one item."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError, fromstring

import mammoth

from feeds.errors import FeedsError
from feeds.importers.dates import read_date
from feeds.importers.item import Author, Item, Label
from feeds.importers.xml_stream import local, prolog

LARGEST = 100_000_000
"""Bytes that a document may have when it is unpacked."""
MOST_PARTS = 5_000

_CORE = "docProps/core.xml"
_TEXT = "word/document.xml"
_STYLES = """
p[style-name='Title'] => h1.feeds-title:fresh
p[style-name='Subtitle'] => p.feeds-subtitle:fresh
p[style-name='Caption'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
u => u
strike => s
"""
_TITLE = re.compile(r'<h1 class="feeds-title">(.*?)</h1>', re.DOTALL)
_SUBTITLE = re.compile(r'<p class="feeds-subtitle">(.*?)</p>', re.DOTALL)
_FIRST_HEADING = re.compile(r"\s*<h([1-3])[^>]*>(.*?)</h\1>", re.DOTALL)
_SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "image/svg+xml": "svg"}


def word_items(path: Path) -> Iterator[Item]:
    """The one item of a document. Raises FeedsError for a file that is none, or unpacks to too much."""
    core = _core(path)
    pictures: dict[str, bytes] = {}
    notes: list[str] = []

    def keep(image: Any) -> dict[str, str]:
        suffix = _SUFFIXES.get(image.content_type)
        if suffix is None:
            notes.append(f"a picture of the type {image.content_type}, which browsers do not show, is left out")
            return {"src": ""}
        name = f"picture-{len(pictures) + 1}.{suffix}"
        with image.open() as file:
            pictures[name] = file.read()
        return {"src": name}

    try:
        with path.open("rb") as file:
            made = mammoth.convert_to_html(file, style_map=_STYLES, convert_image=mammoth.images.img_element(keep))
    except (zipfile.BadZipFile, KeyError, ParseError, ValueError, OSError) as error:
        raise FeedsError(f"{path}: no Word document that can be read: {error}") from error
    notes += [_told(message.message) for message in made.messages if "style" not in message.message.lower()]
    yield _item(path, made.value, core, tuple(dict.fromkeys(notes)), pictures)


def _told(message: str) -> str:
    """A message of mammoth about what it has left out, in the words of the report.

    >>> _told("An unrecognised element was ignored: {http://schemas.openxmlformats.org/x/math}oMath")
    'a formula is left out'
    """
    name = message.rpartition("}")[2] if "unrecognised element" in message else ""
    if name in ("oMath", "oMathPara"):
        return "a formula is left out"
    return f"an element of Word, {name}, is left out" if name else message


def _item(
    path: Path, html: str, core: Mapping[str, str], notes: tuple[str, ...], pictures: Mapping[str, bytes]
) -> Item:
    title = subtitle = ""
    if found := _TITLE.search(html) or _FIRST_HEADING.match(html):
        title = found[found.lastindex or 1]
        html = html[: found.start()] + html[found.end() :]
    if found := _SUBTITLE.search(html):
        subtitle = found[1]
        html = html[: found.start()] + html[found.end() :]
    named = re.match(r"(\d{4}-\d\d-\d\d)[-_ ]*(.*)", path.stem)
    dated = read_date(named[1]) if named else None
    if dated is None and _created(core):
        notes = (*notes, f"its date is the day on which the document was made, {_created(core):%Y-%m-%d}: look at it")
    return Item(
        where=path.name,
        title=title or core.get("title", ""),
        summary=core.get("description", "") or subtitle,
        html=html,
        published=dated or _created(core),
        slug=named[2] if named else path.stem,
        language=core.get("language", ""),
        labels=tuple(
            Label("keywords", each.strip()) for each in re.split("[,;]", core.get("keywords", "")) if each.strip()
        ),
        authors=(Author(core["creator"]),) if core.get("creator") else (),
        draft=dated is None,
        notes=notes,
        embedded=pictures,
    )


def _created(core: Mapping[str, str]) -> datetime | None:
    return read_date(core.get("created", ""))


def _core(path: Path) -> dict[str, str]:
    """The properties of a document. Raises FeedsError if it unpacks to too much or declares entities."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST:
                raise FeedsError(f"{path}: it unpacks to more than {LARGEST:,} bytes (take the large pictures out)")
            if _TEXT not in archive.namelist():
                raise FeedsError(f"{path}: a ZIP file, but no Word document (save it as .docx)")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as file:
                        if b"<!ENTITY" in prolog(file.read(1 << 16)).upper():
                            raise FeedsError(f"{path}: {part.filename} declares entities, which can hide anything")
            if _CORE not in archive.namelist():
                return {}
            root = fromstring(archive.read(_CORE))  # noqa: S314 - it declares no entities
    except (zipfile.BadZipFile, ParseError, OSError, NotImplementedError, RuntimeError) as error:
        raise FeedsError(f"{path}: no Word document that can be read: {error} (save it as .docx again)") from error
    return {local(child): (child.text or "").strip() for child in root}
