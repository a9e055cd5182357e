"""Reads the rows of a table that was saved as CSV. The names in its first row say which column is what."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from charset_normalizer import from_bytes

from feeds.errors import FeedsError
from feeds.importers.dates import read_date
from feeds.importers.item import Author, File, Item, Label, Picture
from feeds.importers.markdown_text import cleaned, plain_paragraphs

LONGEST_CELL = 1_000_000
"""Characters of a cell."""

_SAMPLE = 1 << 18
_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "headline", "titre", "titel", "标题", "гарчиг"),
    "summary": ("summary", "description", "abstract", "excerpt", "teaser", "lead", "standfirst", "摘要"),
    "body": ("body", "text", "content", "article", "html", "markdown", "正文"),
    "published": ("published", "date", "publication date", "publish date", "published at", "pubdate", "日期"),
    "updated": ("updated", "modified", "last modified", "updated at"),
    "slug": ("slug",),
    "id": ("id", "guid", "uuid"),
    "url": ("url", "link", "address", "permalink"),
    "language": ("language", "lang", "locale"),
    "group": ("translation of", "group", "translation key"),
    "authors": ("author", "authors", "by", "byline"),
    "image": ("image", "picture", "photo", "image url"),
    "alt": ("alt", "image alt", "alt text"),
    "caption": ("caption", "image caption"),
    "credit": ("credit", "image credit", "photo credit"),
    "attachments": ("attachments", "attachment", "files", "file"),
    "aliases": ("aliases", "former addresses", "old url"),
    "dateline": ("dateline", "place", "location"),
    "rights": ("rights", "copyright"),
    "draft": ("draft",),
    "status": ("status",),
}
_FIELDS = {name: column for column, names in _NAMES.items() for name in names}
_HTML = re.compile(r"</?(?:p|br|div|a|ul|ol|li|b|i|em|strong|h[1-6]|table|img)\b[^>]*>", re.IGNORECASE)


def csv_items(path: Path) -> Iterator[Item]:
    """The items of a table, one a row. Raises FeedsError for a file that is none."""
    encoding = _encoding(path)
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        dialect = _dialect(file)
        rows = csv.reader(_lines(file), dialect)
        try:
            head = next(rows, [])
            columns = [_FIELDS.get(_plain(name), _plain(name)) for name in head]
            if "title" not in columns:
                found = ", ".join(name for name in head if name.strip())[:200]
                raise FeedsError(f"{path}: no column for the title in its first row: {found} (call one “title”)")
            day_first = _day_first(path, encoding, columns)
            for row in rows:
                if any(cell.strip() for cell in row):
                    where = f"{path.name}, line {rows.line_num}"
                    said = dict(zip(columns, map(cleaned, row), strict=False))
                    yield _item(said, where, day_first, len(row) - len(columns), path.parent)
        except csv.Error as error:
            raise FeedsError(f"{path}, line {rows.line_num}: no CSV that can be read: {error}") from error


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # The last character of the sample may be cut.
    if _is_utf_8(sample) or _is_utf_8(sample.rstrip(bytes(range(0x80, 0x100)))):
        return "utf-8-sig"
    best = from_bytes(sample).best()
    return best.encoding if best else "cp1252"


def _is_utf_8(sample: bytes) -> bool:
    try:
        sample.decode()
    except UnicodeDecodeError:
        return False
    return True


def _dialect(file: io.TextIOWrapper) -> type[csv.Dialect]:
    """What separates its columns, judged by the first row."""
    head = file.readline(LONGEST_CELL)
    file.seek(0)

    class Found(csv.excel):
        delimiter = max(",;\t|", key=head.count)

    return Found


def _lines(file: io.TextIOWrapper) -> Iterator[str]:
    """The lines of a file. Raises csv.Error for one that is too long to be kept in memory."""
    while line := file.readline(2 * LONGEST_CELL):
        if len(line) == 2 * LONGEST_CELL:
            raise csv.Error(f"a line of more than {2 * LONGEST_CELL:,} characters")
        yield line


def _plain(name: str) -> str:
    return " ".join(re.split(r"[\s_-]+", name.strip().strip("\ufeff").lower()))


def _day_first(path: Path, encoding: str, columns: list[str]) -> bool | None:
    """How 3/4/2021 is meant in this table: as the dates say that can be meant in one way only. None if none does."""
    if "published" not in columns:
        return None
    number = columns.index("published")
    # Where the table cannot be read further, its rows tell.
    with path.open(encoding=encoding, errors="replace", newline="") as file, suppress(csv.Error):
        dialect = _dialect(file)
        for row in csv.reader(_lines(file), dialect):
            found = re.match(r"(\d{1,2})[/-](\d{1,2})[/-]\d{4}", row[number].strip()) if len(row) > number else None
            if found and max(int(found[1]), int(found[2])) > 12:
                return int(found[1]) > 12
    return None


def _item(said: Mapping[str, str], where: str, day_first: bool | None, surplus: int, folder: Path) -> Item:
    def text(name: str) -> str:
        return said.get(name, "").strip()

    notes = []
    published = read_date(text("published"), day_first=day_first)
    if text("published") and published is None:
        notes.append(f"its date “{text('published')[:40]}” can be read in more than one way, or in none")
    if surplus > 0:
        notes.append(f"it has {surplus} more cells than the first row")
    body = said.get("body", "")
    in_html = bool(_HTML.search(body))
    status = text("status").lower()
    return Item(
        where=where,
        title=text("title"),
        summary=text("summary"),
        html=body if in_html else "",
        markdown="" if in_html else plain_paragraphs(body),
        published=published,
        updated=read_date(text("updated"), day_first=day_first),
        id=text("id"),
        address=text("url"),
        former=tuple(_parts(text("aliases"))),
        slug=text("slug"),
        language=text("language"),
        group=text("group"),
        labels=tuple(Label(name, each) for name in said if name not in _NAMES for each in _parts(said[name])),
        authors=tuple(Author(each) for each in _parts(text("authors"))),
        image=Picture(text("image"), text("alt"), text("caption"), text("credit")) if text("image") else None,
        files=tuple(File(each) for each in _parts(text("attachments"))),
        dateline=text("dateline"),
        rights=text("rights"),
        credit="" if text("image") else text("credit"),
        draft=text("draft").lower() in ("true", "yes", "1", "x") or status in ("draft", "pending", "private"),
        notes=tuple(notes),
        folder=folder,
    )


def _parts(text: str) -> list[str]:
    return [each.strip() for each in re.split(r"[;|\n]", text) if each.strip()]
