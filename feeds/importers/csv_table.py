"""Reads the rows of a table that was saved as CSV. The names in its first row say which column is what."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import chain
from pathlib import Path

from charset_normalizer import from_bytes

from feeds.errors import FeedsError
from feeds.importers.dates import read_date
from feeds.importers.item import Author, Item, ItemFile, ItemPicture, Label
from feeds.render.html_to_markdown import cleaned, plain_paragraphs

LONGEST_CELL = 1_000_000
"""Characters of a cell."""

_SAMPLE = 1 << 18
_NAMES: Mapping[str, str] = {
    "title": """title, headline, titre, titel, überschrift, schlagzeile, título, titular, заголовок, название, гарчиг,
        العنوان, 标题, 標題, タイトル, 見出し, 題名""",
    "summary": """summary, description, abstract, excerpt, teaser, lead, standfirst, résumé, chapô, zusammenfassung,
        kurzfassung, resumen, entradilla, resumo, аннотация, краткое содержание, товч, الملخص, 摘要, 要約, 概要""",
    "body": """body, text, content, article, html, markdown, texte, contenu, inhalt, artikel, texto, contenido,
        conteúdo, текст, бичвэр, النص, 正文, 内容, 內容, 本文""",
    "published": """published, date, publication date, publish date, published at, pubdate, date de publication, datum,
        veröffentlicht, veröffentlichungsdatum, fecha, fecha de publicación, data, data de publicação, дата,
        дата публикации, огноо, التاريخ, 日期, 发布日期, 發布日期, 日付, 公開日""",
    "updated": "updated, modified, last modified, updated at",
    "slug": "slug",
    "id": "id, guid, uuid",
    "url": "url, link, address, permalink",
    "language": "language, lang, locale, langue, sprache, idioma, язык, хэл, اللغة, 语言, 語言, 言語",
    "group": "translation of, group, translation key",
    "authors": """author, authors, by, byline, auteur, autor, autorin, autora, автор, зохиогч, الكاتب, 作者, 著者""",
    "image": """image, picture, photo, image url, bild, foto, imagen, imagem, изображение, фото, зураг, الصورة, 图片,
        圖片, 画像, 写真""",
    "alt": "alt, image alt, alt text",
    "caption": "caption, image caption",
    "credit": "credit, image credit, photo credit",
    "attachments": "attachments, attachment, files, file",
    "aliases": "aliases, former addresses, old url",
    "dateline": "dateline, place, location",
    "rights": "rights, copyright",
    "draft": "draft",
    "status": "status",
}
_CODE_PAGES: Mapping[str, str] = {
    **dict.fromkeys(("cs", "hr", "hu", "pl", "ro", "sk", "sl", "sq", "bs"), "cp1250"),
    **dict.fromkeys(("be", "bg", "kk", "ky", "mk", "mn", "ru", "sr", "tg", "uk"), "cp1251"),
    **dict.fromkeys(("ar", "fa", "ur", "ps"), "cp1256"),
    **dict.fromkeys(("et", "lt", "lv"), "cp1257"),
    "el": "cp1253",
    "tr": "cp1254",
    "az": "cp1254",
    "he": "cp1255",
    "vi": "cp1258",
    "th": "cp874",
    "ja": "cp932",
    "zh": "gb18030",
    "ko": "cp949",
}
"""By language, the code page in which Windows saves a table."""
_USUAL_PAGES = tuple(
    "cp1252 cp1250 cp1251 cp1254 cp1257 cp1253 cp1255 cp1256 cp932 gb18030 cp949 big5hkscs cp874 mac_roman".split()  # noqa: SIM905
)
_NOT_ASCII = re.compile(rb"[\x40-\xff]*[\x80-\xff][\x40-\xff]*")
_VERY, _UNUSUAL = 0.2, 0.18
_AS_LIKELY, _AS_LIKELY_IN_OWN_LANGUAGE = 0.02, 0.21
"""How much more of a text may look garbled in an encoding that is taken because it is usual, or the newsroom's own."""
_FIELDS = {" ".join(name.split()): column for column, names in _NAMES.items() for name in names.split(",")}
_YES = ("true", "yes", "1", "x")
_HTML = re.compile(r"</?(?:p|br|div|a|ul|ol|li|b|i|em|strong|h[1-6]|table|img)\b[^>]*>", re.IGNORECASE)


def csv_items(path: Path, languages: Iterable[str] = ()) -> Iterator[Item]:
    """The items of a table, one a row. Raises FeedsError for a file that is none.

    ``languages`` are those of the newsroom: where the file does not say its encoding, theirs is tried first.
    """
    encoding, notes = _encoding(path, languages)
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        dialect = _dialect(file)
        rows = csv.reader(_lines(file), dialect)
        try:
            head = next(rows, [])
            columns = _columns(head)
            if "title" not in columns:
                found = ", ".join(name for name in head if name.strip())[:200]
                raise FeedsError(f"{path}: no column for the title in its first row: {found} (call one “title”)")
            day_first = _day_first(path, encoding, columns)
            line = rows.line_num + 1
            for row in rows:
                if any(cell.strip() for cell in row):
                    surplus = len(row) - len(columns)
                    more = (*notes, *((f"it has {surplus} more cells than the first row",) if surplus > 0 else ()))
                    yield _item(_said(columns, row), f"{path.name}, line {line}", day_first, more, path.parent)
                    notes = ()
                line = rows.line_num + 1
        except csv.Error as error:
            raise FeedsError(f"{path}, line {rows.line_num}: no CSV that can be read: {error}") from error


def _columns(head: list[str]) -> list[str]:
    """What each column is: a field, where no column before it is that; else its own name, for terms."""
    columns: list[str] = []
    for name in map(_plain, head):
        field = _FIELDS.get(name, name)
        columns.append(name if field in columns and name not in _NAMES else field)
    return columns


def _said(columns: list[str], row: list[str]) -> dict[str, str]:
    """The cells of a row by column. Two columns of one name are one, with the terms of both."""
    said: dict[str, str] = {}
    for column, cell in zip(columns, map(cleaned, row), strict=False):
        said[column] = f"{said[column]}|{cell}" if said.get(column) and cell else cell or said.get(column, "")
    return said


def _encoding(path: Path, languages: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """The encoding of a file, and what there is to say of it."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", ()
    # The last character of the sample may be cut.
    if _is_utf_8(sample) or _is_utf_8(sample.rstrip(bytes(range(0x80, 0x100)))):
        return "utf-8-sig", ()
    found = _guessed_encoding(sample, languages)
    return found, (f"the table does not say its encoding, and is read as {found}: look at letters with accents",)


def _guessed_encoding(sample: bytes, languages: Iterable[str]) -> str:
    """Of the encodings in which a sample looks least garbled, that of the newsroom's languages, else the most usual.

    >>> [_guessed_encoding("Açıldı şimdi".encode("cp1254"), languages) for languages in (("en",), ("tr", "en"))]
    ['cp1252', 'cp1254']
    """
    # Seen alone, the words that are not ASCII tell more.
    views = [_garbled(part) for part in (sample, b" ".join(_NOT_ASCII.findall(sample)))]
    garbled = {name: sum(view.get(name, _VERY) for view in views) for name in _USUAL_PAGES}
    garbled["mac_roman"] += _UNUSUAL  # it makes words of nearly everything
    least = min(garbled.values())
    of_newsroom = (_CODE_PAGES.get(language.partition("-")[0], "cp1252") for language in languages)
    own = (name for name in of_newsroom if garbled[name] <= least + _AS_LIKELY_IN_OWN_LANGUAGE)
    others = (name for name in _USUAL_PAGES if garbled[name] <= least + _AS_LIKELY)
    return next(chain(own, others))


def _garbled(sample: bytes) -> dict[str, float]:
    """How garbled a sample looks, by encoding; without those in which nobody could have written it."""
    matches = from_bytes(sample, cp_isolation=list(_USUAL_PAGES))
    return {name: match.chaos for match in matches for name in match.could_be_from_charset}


def _is_utf_8(sample: bytes) -> bool:
    try:
        sample.decode()
    except UnicodeDecodeError:
        return False
    return True


def _dialect(file: io.TextIOWrapper) -> type[csv.Dialect]:
    """The dialect of the table: what separates its columns, judged by the first row."""
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
    """Whether 3/4/2021 is in April in this table, judged by a date with a number above 12; None if there is none."""
    if "published" not in columns:
        return None
    number = columns.index("published")
    # A row that cannot be read is reported when the rows are read.
    with path.open(encoding=encoding, errors="replace", newline="") as file, suppress(csv.Error):
        dialect = _dialect(file)
        for row in csv.reader(_lines(file), dialect):
            found = re.match(r"(\d{1,2})[/-](\d{1,2})[/-]\d{4}", row[number].strip()) if len(row) > number else None
            if found and max(int(found[1]), int(found[2])) > 12:
                return int(found[1]) > 12
    return None


def _item(said: Mapping[str, str], where: str, day_first: bool | None, told: tuple[str, ...], folder: Path) -> Item:
    def text(name: str) -> str:
        return said.get(name, "").strip()

    notes = list(told)
    published = read_date(text("published"), day_first=day_first)
    if text("published") and published is None:
        notes.append(f"its date “{text('published')[:40]}” can be read in more than one way, or in none")
    body = said.get("body", "")
    in_html = bool(_HTML.search(body))
    is_draft = text("draft").lower() in _YES or text("status").lower() in ("draft", "pending", "private")
    if is_draft:
        notes.append("it was a draft")
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
        image=ItemPicture(text("image"), text("alt"), text("caption"), text("credit")) if text("image") else None,
        files=tuple(ItemFile(each) for each in _parts(text("attachments"))),
        dateline=text("dateline"),
        rights=text("rights"),
        credit="" if text("image") else text("credit"),
        draft=is_draft,
        notes=tuple(notes),
        folder=folder,
    )


def _parts(text: str) -> list[str]:
    return [each.strip() for each in re.split(r"[;|\n]", text) if each.strip()]
