"""Reads folders of Markdown with fields above the text, as Hugo, Jekyll, Eleventy and Pelican have them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from feeds.errors import FeedsError
from feeds.importers import front_matter
from feeds.importers.dates import of_day, read_date
from feeds.importers.item import Author, Item, ItemFile, ItemPicture, Label
from feeds.importers.site_tags import without_tags
from feeds.render.html_to_markdown import cleaned, names

SUFFIXES = (".md", ".markdown", ".mdown", ".mkd")
_OTHER_POSTS = (".rst", ".adoc", ".asciidoc", ".org", ".textile", ".mdx", ".ipynb")
_POSTS_WITH_FIELDS = (".html", ".htm", ".njk", ".liquid", ".txt")
LARGEST = 2_000_000
"""Bytes of a file."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,4}){0,2}")
_DATED = re.compile(r"\d{4}-\d\d-\d\d-")
_IGNORED = frozenset(("node_modules", "_site", "public", "resources", "themes", "vendor", "layouts", "archetypes"))
_TERMS = (
    "tags",
    "categories",
    "category",
    "keywords",
    "topics",
    "countries",
    "projects",
    "series",
    "sections",
    "genre",
)
_READ = names(
    """title date published publishdate pubdate lastmod modified updated last_modified_at slug url permalink
    aliases redirect_from draft status lang language locale summary description excerpt author authors image
    images cover featured_image thumbnail id guid translationkey translation_key ref subtitle dateline resources
    files attachments rights copyright layout template type weight menu markup linktitle
    eleventyexcludefromcollections expirydate"""
)
_WITHOUT_MEANING = frozenset(("layout", "template", "type", "weight", "menu", "markup", "linktitle", "expirydate"))


def markdown_items(source: Path) -> Iterator[Item]:
    """The items of a folder or a file. Raises FeedsError.

    Posts in other formats, and pages of sections, are items that are left out, with the reason.
    """
    if source.is_file():
        yield _item(source, source.parent)
        return
    for path in _files(source):
        where = path.relative_to(source).as_posix()
        if not is_markdown(path):
            yield Item(where=where, left_out="it is no Markdown (save it as Markdown, with the same fields)")
        elif path.stem.partition(".")[0] == "_index":
            yield Item(where=where, left_out="it is the page of a section")
        else:
            yield _item(path, source)


def _files(folder: Path) -> Iterator[Path]:
    """The files of a site that are, or may be, posts."""
    # A translation comes after its original: about.md, about.fr.md.
    for path in sorted(folder.iterdir(), key=lambda each: (each.is_dir(), each.stem.count("."), each.name)):
        hidden = path.name.startswith(".") or path.name in _IGNORED or path.is_symlink()
        if path.is_dir() and not hidden:
            yield from _files(path)
        elif not hidden and path.stem != "README" and path.is_file() and _is_text(path):
            yield path


def _is_text(path: Path) -> bool:
    """Whether a file may be a post, by its suffix; where pages have that suffix too, by the fields above its text."""
    suffix = path.suffix.lower()
    if suffix in (*SUFFIXES, *_OTHER_POSTS):
        return path.stem.partition(".")[0] != "_index" or bool(_text_of(path).strip())
    return suffix in _POSTS_WITH_FIELDS and _text_of(path, 3).startswith(("---", "+++"))


def _text_of(path: Path, most: int = LARGEST) -> str:
    """The text of a file without the fields above it, or its first characters."""
    with path.open("rb") as file:
        raw = file.read(most).decode(errors="replace")
    return raw if most < LARGEST else front_matter.split(raw).text


def _item(path: Path, root: Path) -> Item:
    where = path.relative_to(root).as_posix()
    if path.stat().st_size > LARGEST:
        return Item(where=where, left_out=f"the file has more than {LARGEST:,} bytes")
    try:
        raw = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return Item(where=where, left_out="it is not UTF-8 text: save it with this encoding")
    parts = front_matter.split(raw)
    fields = parts.fields
    text, lost = without_tags(cleaned(parts.text), fields)
    stem, language = _stem_and_language(path, root)
    is_draft = _is_draft(fields) or "_drafts" in path.parts
    drafted = ["it was a draft"] if is_draft else []
    notes = [*([parts.fault] if parts.fault else []), *lost, *_not_carried(fields), *drafted]
    named = _DATED.match(stem)
    published = _first_date(fields, "date", "publishdate", "published", "pubdate") or _at_midnight(stem)
    slug = _text(fields, "slug") or (stem[named.end() :] if named else stem)
    address, usual = _addresses(fields, path, root, slug, published)
    return Item(
        where=where,
        title=_text(fields, "title"),
        summary=_text(fields, "summary", "description", "excerpt"),
        markdown=text.strip(),
        published=published,
        updated=_first_date(fields, "lastmod", "modified", "updated", "last_modified_at"),
        id=_text(fields, "id", "guid"),
        address=address,
        former=(*_list(fields, "aliases", "redirect_from"), *usual),
        slug=slug,
        language=_text(fields, "lang", "language", "locale") or language,
        group=_text(fields, "translationkey", "translation_key", "ref") or _group(path, root, stem),
        labels=tuple(_labels(fields, by_spaces="_posts" in path.parts)),
        authors=tuple(_authors(fields)),
        image=_image(fields),
        files=tuple(_attached(fields)),
        dateline=_text(fields, "dateline"),
        rights=_text(fields, "rights", "copyright"),
        draft=is_draft,
        notes=tuple(notes),
        folder=path.parent,
        root=root,
    )


def _addresses(
    fields: Mapping[str, Any], path: Path, root: Path, slug: str, published: datetime | None
) -> tuple[str, list[str]]:
    """The address that the file says, with its placeholders filled in; and those that it usually has without one."""
    address = _text(fields, "url", "permalink")
    usual = _usual_addresses(path, root, slug, published) if not address or "/:" in address else []
    if "/:" in address:
        address = _filled_in(address, slug, published, _list(fields, "categories", "category"))
    return address, usual


def _stem_and_language(path: Path, root: Path) -> tuple[str, str]:
    """The name of an item and its language: index.fr.md in a folder of its name, content/fr/slug.md, slug.fr.md."""
    stem, dot, language = path.stem.rpartition(".")
    if not dot or not _LANGUAGE.fullmatch(language):
        stem, language = path.stem, ""
    inner = path.relative_to(root).parts[:-1]
    if stem in ("index", "_index") and inner:
        stem = inner[-1]
    if not language:
        language = next((part for part in inner if _LANGUAGE.fullmatch(part) and len(part) in (2, 5, 7)), "")
    return stem, language


def _usual_addresses(path: Path, root: Path, slug: str, published: datetime | None) -> list[str]:
    """Where a generator puts a page that says nothing else: Hugo by its folder, Jekyll by its date."""
    parts = (root.name, *path.relative_to(root).parts[:-1])
    if "_posts" in parts and published:
        return [f"/{published:%Y/%m/%d}/{slug}.html"]
    if "content" not in parts:
        return []
    inner = parts[parts.index("content") + 1 :]
    if path.stem.partition(".")[0] == "index":
        inner = inner[:-1]
    stem, _, language = path.stem.rpartition(".")
    if _LANGUAGE.fullmatch(language) and path.with_name(f"{stem}{path.suffix}").exists():
        inner = (language, *inner)  # the languages that are not the main one are below their name
    return ["/".join(("", *inner, slug, ""))]


def _filled_in(pattern: str, slug: str, published: datetime | None, categories: list[str]) -> str:
    """The address that a permalink with :year and :title in it means; empty if something in it is not known."""
    known = {"title": slug, "slug": slug, "categories": "/".join(each.lower() for each in categories)}
    if published:
        known |= {"year": f"{published:%Y}", "month": f"{published:%m}", "day": f"{published:%d}"}
    filled = re.sub(r":([a-z_]+)", lambda found: known.get(found[1], found[0]), pattern)
    return "" if "/:" in filled else re.sub("//+", "/", filled)


def _group(path: Path, root: Path, stem: str) -> str:
    """What all languages of an item have in common: its path without the language."""
    parts = [part for part in path.relative_to(root).parts[:-1] if not (_LANGUAGE.fullmatch(part) and len(part) == 2)]
    return "/".join((*parts, stem))


def _text(fields: Mapping[str, Any], *names: str) -> str:
    found = (fields.get(name) for name in names)
    return next((each.strip() for each in found if isinstance(each, str) and each.strip()), "")


def _list(fields: Mapping[str, Any], *names: str) -> list[str]:
    for name in names:
        value = fields.get(name)
        if isinstance(value, list):
            return [each for each in value if isinstance(each, str) and each]
        if isinstance(value, str) and value:
            return [each.strip() for each in re.split(r"[,;|]", value) if each.strip()]
    return []


def _first_date(fields: Mapping[str, Any], *names: str) -> datetime | None:
    return next(filter(None, (read_date(_text(fields, name)) for name in names)), None)


def _at_midnight(stem: str) -> datetime | None:
    day = of_day(stem)
    return read_date(day.isoformat()) if day else None


def _is_draft(fields: Mapping[str, Any]) -> bool:
    return (
        _text(fields, "draft") == "true"
        or _text(fields, "published") == "false"
        or _text(fields, "status").lower() in ("draft", "hidden", "private")
    )


def _labels(fields: Mapping[str, Any], *, by_spaces: bool) -> Iterator[Label]:
    """The terms of an item. In one text, Jekyll separates them by spaces, all others by commas."""
    for name in _TERMS:
        value = fields.get(name)
        words = isinstance(value, str) and by_spaces and not re.search("[,;|]", value)
        for each in str(value).split() if words else _list(fields, name):
            yield Label(name, each)


def _authors(fields: Mapping[str, Any]) -> Iterator[Author]:
    for name in ("author", "authors"):
        value = fields.get(name)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str) and each:
                yield Author(each)
            elif isinstance(each, dict) and _text(each, "name"):
                yield Author(_text(each, "name"), _text(each, "email"), _text(each, "url"))


def _image(fields: Mapping[str, Any]) -> ItemPicture | None:
    for name in ("image", "cover", "featured_image", "thumbnail", "images"):
        value = fields.get(name)
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, str) and first:
            return ItemPicture(first)
        if isinstance(first, dict) and (source := _text(first, "src", "image", "url", "path")):
            return ItemPicture(source, _text(first, "alt"), _text(first, "caption"), _text(first, "credit"))
    return None


def _attached(fields: Mapping[str, Any]) -> Iterator[ItemFile]:
    for name in ("attachments", "files"):
        value = fields.get(name)
        for each in value if isinstance(value, list) else []:
            if isinstance(each, str) and each:
                yield ItemFile(each)
            elif isinstance(each, dict) and (source := _text(each, "url", "file", "src", "path")):
                yield ItemFile(source, _text(each, "title", "name"), _text(each, "type"))


def _not_carried(fields: Mapping[str, Any]) -> Iterator[str]:
    unknown = sorted(fields.keys() - _READ - set(_TERMS))
    if unknown:
        yield f"fields of its own are not carried: {', '.join(unknown)}"


def require_text(path: Path) -> None:
    """Raises FeedsError if a folder has no Markdown in it."""
    if path.is_dir() and not any(map(is_markdown, _files(path))):
        raise FeedsError(f"{path}: no Markdown in this folder (name the folder in which the posts are)")


def is_markdown(path: Path) -> bool:
    """Whether the name of a file says that it is Markdown."""
    return PurePosixPath(path.name).suffix.lower() in SUFFIXES
