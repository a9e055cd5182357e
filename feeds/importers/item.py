"""An item of another program's export, as it was read: before it is matched with the newsroom, and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Label:
    """A category, tag or keyword of an item."""

    field: str
    """Where it stands in the source: category, tags, or the scheme of an Atom category."""
    name: str
    """Its name for people."""
    slug: str = ""
    """Its name in addresses; empty if the source says none."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote an item."""

    name: str
    email: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ItemPicture:
    """The picture that is shown with an item."""

    src: str
    """A web address, or the path of a file in the source."""
    alt: str = ""
    caption: str = ""
    credit: str = ""
    width: str = ""
    height: str = ""


@dataclass(frozen=True, slots=True)
class ItemFile:
    """A file to download with an item."""

    url: str
    """A web address, or the path of a file in the source."""
    title: str = ""
    type: str = ""
    length: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """What a source says of one release in one language. Texts that it does not say are empty."""

    where: str
    """Its place in the source, for the report: export.xml, item 12."""
    title: str = ""
    summary: str = ""
    """HTML or plain text."""
    html: str = ""
    markdown: str = ""
    """The text, if it is Markdown already."""
    newlines: bool = False
    """Whether line breaks in ``html`` are meant, as in WordPress."""
    published: datetime | None = None
    """Without an offset if the source says none: then it is a time in the newsroom's zone."""
    updated: datetime | None = None
    id: str = ""
    address: str = ""
    """The whole address of its page, or the path of it."""
    former: tuple[str, ...] = ()
    """Other addresses that it had."""
    slug: str = ""
    language: str = ""
    group: str = ""
    """The same for all languages of one release; empty if the source does not say."""
    labels: tuple[Label, ...] = ()
    authors: tuple[Author, ...] = ()
    image: ItemPicture | None = None
    files: tuple[ItemFile, ...] = ()
    dateline: str = ""
    rights: str = ""
    credit: str = ""
    draft: bool = False
    left_out: str = ""
    """Why it is left out, in the words of the report; empty if it is not."""
    notes: tuple[str, ...] = ()
    """What could not be carried, and why."""
    folder: Path | None = None
    """The folder in which it lies, with its files beside it."""
    root: Path | None = None
    """The folder of the whole site."""
    embedded: Mapping[str, bytes] = field(default_factory=dict)
    """Files that are part of the source, by the name under which the text has them."""
