"""Goes through the tree of an HTML fragment, and writes what stands in it as Markdown.

What Markdown has no sign for stays HTML: definition lists, tables with captions or joined cells, figures, sub, sup, and
whatever says its language. The renderer carries all of that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from textwrap import indent
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from feeds.render.html_to_markdown.kept_html import (
    BLOCKS,
    DEEPEST,
    LEFT_OUT,
    PLACE,
    PLAYERS,
    KeptHtml,
    alignment,
    name_of,
    names,
    tag,
)
from feeds.render.html_to_markdown.notes_and_places import (
    NUMBER_OF_NOTE,
    Note,
    flat,
    footnotes_of,
    fragment,
    marked_places,
)
from feeds.render.html_to_markdown.text import BREAK, EM, PARAGRAPH, STRONG, cleaned, code, escaped, paragraphs

MOST_COLUMNS = 100
"""Columns of a table that the renderer takes."""
_TAGGED = {
    **{
        each: each
        for each in names("abbr bdi bdo cite del dfn ins kbd mark q ruby rp rt s samp small sub sup time u var")
    },
    "acronym": "abbr",
    "strike": "s",
    "tt": "code",
}
"""Elements that stay tags in running text."""
_ATTRIBUTES = ("title", "lang", "dir", "datetime", "cite")
_ONE_LIST = (["ul"], ["ol"])
_LANGUAGE_OF_CODE = re.compile(r"(?:^|\s)(?:language-|lang-|brush:\s*|highlight-source-)([A-Za-z0-9+#-]{1,20})")
_WHOLE = re.compile(r"https?://[A-Za-z0-9./?=%~:#-]+")
_DOUBTFUL = re.compile(r"[\s<>\"\\`*\[\]|]")


class Converted(NamedTuple):
    """The Markdown of a text, what could not be carried, and the addresses of its pictures."""

    markdown: str
    lost: tuple[str, ...]
    pictures: tuple[str, ...]


def html_to_markdown(source: str, base: str = "", *, newlines: bool = False, readable: bool = False) -> Converted:
    """The Markdown of an HTML fragment.

    Addresses are resolved against ``base``. With ``newlines``, line breaks in the source are breaks, and blank lines
    paragraphs, as in WordPress. With ``readable``, for people who read the Markdown itself, headings keep their levels,
    and a figure becomes its picture with the caption below. In the Markdown of a release, headings stand one level
    higher, since our renderer moves them down.

    >>> html_to_markdown("<p>1. <b>Wages</b> rose by 5*3&nbsp;%<sub>2</sub></p>").markdown
    '1\\\\. **Wages** rose by 5\\\\*3\\xa0%<sub>2</sub>'
    """
    root = parsed(source)
    if root is None:
        return Converted("", (), ())
    notes = footnotes_of(root)
    kept = KeptHtml(base, marked_places(root, notes))
    writer = _Writer(kept, newlines, notes, readable)
    blocks = [*writer.blocks(root, 0), *writer.footnotes()]
    return Converted("\n\n".join(blocks), tuple(dict.fromkeys(kept.lost)), tuple(kept.pictures))


def text_of(source: str) -> str:
    """The words of an HTML fragment, with an empty line between paragraphs.

    >>> text_of("<p>R&amp;D<br>one</p><p>two</p>")
    'R&D one\\n\\ntwo'
    """
    root = parsed(source)
    return "" if root is None else "\n\n".join(filter(None, _texts(root)))


def parsed(source: str) -> HtmlElement | None:
    """The tree of a fragment; None if there is nothing in it."""
    source = cleaned(source)
    if not source.strip():
        return None
    parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    # The parser wants one root, and moves text before the first element otherwise.
    try:
        return document_fromstring(f"<html><body><div>{source}</div></body></html>".encode(), parser=parser)
    except (etree.ParserError, ValueError):
        return None


def _texts(root: HtmlElement) -> Iterator[str]:
    words: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = name_of(element)
        if name in LEFT_OUT:
            if event == "end":
                words.append(element.tail or "")
            else:
                _emptied(element)
            continue
        if name in BLOCKS:
            yield " ".join("".join(words).split())
            words.clear()
        words.append((element.text if event == "start" else element.tail) or "")
        if name == "br" and event == "start":
            words.append(" ")
    yield " ".join("".join(words).split())


def _emptied(element: HtmlElement) -> None:
    tail = element.tail
    for child in list(element):
        element.remove(child)
    element.text, element.tail = None, tail


@dataclass
class _Writer:
    """Writes one text."""

    kept: KeptHtml
    newlines: bool
    notes: Mapping[str, Note]
    readable: bool
    _used: set[str] = field(default_factory=set)

    # -- blocks -------------------------------------------------------------------------------------------------------

    def blocks(self, element: HtmlElement, depth: int) -> Iterator[str]:
        """The blocks in an element, each without a line break at its end."""
        if depth > DEEPEST:
            yield from paragraphs(escaped(flat(element)))
            return
        run = [self._text(element.text)]
        last = ""
        for child in element:
            name = name_of(child)
            if name in BLOCKS and child not in self._bodies_of_notes:
                yield from self._paragraphs(run)
                blocks = list(self._block(child, name, depth, after=last))
                last = name if blocks else last
                yield from blocks
                run = [self._text(child.tail)]
            else:
                run += self._inline(child, depth)
                run.append(self._text(child.tail))
            if "".join(run).strip():
                last = ""
        yield from self._paragraphs(run)

    @property
    def _bodies_of_notes(self) -> list[HtmlElement]:
        return [note.element for note in self.notes.values()]

    def _holds_notes(self, element: HtmlElement | None) -> bool:
        """Whether an element is the list of the footnotes."""
        bodies = self._bodies_of_notes
        return element is not None and len(element) > 0 and all(item in bodies for item in element)

    def _paragraphs(self, run: list[str]) -> list[str]:
        return paragraphs("".join(run))

    def _block(self, element: HtmlElement, name: str, depth: int, after: str) -> Iterator[str]:
        if name == "pre":
            yield from self._fenced(element)
        elif name in ("ul", "ol", "menu", "dir"):
            yield from self._list(element, name, depth, after)
        elif name == "blockquote":
            quoted = "\n\n".join(self.blocks(element, depth + 1))
            yield from [indent(quoted, "> ", lambda _: True).replace("> \n", ">\n")] if quoted else []
        elif name == "table":
            yield from self._table(element, depth)
        elif name == "figure":
            yield from self._figure(element, depth)
        elif name == "dl":
            yield self.kept.html(element)
        elif name == "hr":
            if not self._holds_notes(element.getnext()):
                yield "***"
        elif name[0] == "h" and name[1:].isdigit():
            yield from self._heading(element, int(name[1]), depth)
        else:
            yield from self._container(element, depth)

    def _container(self, element: HtmlElement, depth: int) -> Iterator[str]:
        kept = {name: element.get(name, "") for name in ("lang", "dir") if element.get(name)}
        inner = list(self.blocks(element, depth + 1))
        if kept and inner:
            yield f"{tag('div', kept)}"
            yield from inner
            yield "</div>"
        else:
            yield from inner

    def _heading(self, element: HtmlElement, level: int, depth: int) -> Iterator[str]:
        words = " ".join(
            self._paragraphs(["".join(self._inside(element, depth)).replace(BREAK, " ").replace(PARAGRAPH, " ")])
        )
        words = re.sub(r"(?<!\S)(#+)\Z", r"\\\1", words.replace("\\\n", " "))
        if words:
            # The renderer moves each level down by one, since the title is the first.
            yield f"{'#' * (level if self.readable else max(1, level - 1))} {words}"

    def _fenced(self, element: HtmlElement) -> Iterator[str]:
        for each in element.iter("br"):
            each.text = "\n"
        text = str(element.text_content()).strip("\n").expandtabs(8)
        if not text.strip():
            return
        classes = " ".join(each.get("class", "") for each in (element, *element.iter("code")))
        language = _LANGUAGE_OF_CODE.search(classes)
        fence = "`" * max(3, 1 + max((len(found) for found in re.findall("`+", text)), default=0))
        yield f"{fence}{language[1] if language else ''}\n{text}\n{fence}"

    def _list(self, element: HtmlElement, name: str, depth: int, after: str) -> Iterator[str]:
        if any(each.get(attribute) for each in (element, *element) for attribute in ("type", "reversed", "value")):
            yield self.kept.html(element)
            return
        # Two lists in a row would be one, if they had the same signs.
        again = after in ("ul", "ol", "menu", "dir")
        start = element.get("start", "1") if name == "ol" else ""
        number = int(start) if start.isdecimal() and len(start) < 9 else 1
        items = []
        yield from self._paragraphs([self._text(element.text)])
        for item in element:
            if name_of(item) not in BLOCKS:
                blocks = self._paragraphs(["".join(self._inline(item, depth))])
            elif item in self._bodies_of_notes:
                continue
            else:
                inner = (
                    self.blocks(item, depth + 1)
                    if name_of(item) == "li"
                    else self._block(item, name_of(item), depth + 1, "")
                )
                blocks = list(inner)
            blocks += self._paragraphs([self._text(item.tail)])
            if not blocks:
                continue
            sign = f"{number}{')' if again else '.'}" if name == "ol" else "*" if again else "-"
            number += 1
            tight = len(blocks) == 2 and [name_of(each) for each in item if name_of(each) in BLOCKS] in _ONE_LIST
            content = ("\n" if tight else "\n\n").join(blocks)
            items.append(f"{sign} {indent(content, ' ' * (len(sign) + 1)).lstrip(' ')}")
        loose = any("\n\n" in item for item in items)
        if items:
            yield ("\n\n" if loose else "\n").join(items)

    def _figure(self, element: HtmlElement, depth: int) -> Iterator[str]:
        pictures = [each for each in element.iter("img") if self.kept.source_of(each)]
        captions = [each for each in element.iter("figcaption") if flat(each)]
        others = any(True for _ in element.iter("table", "iframe", "video", "audio", "pre", "blockquote", "ul", "ol"))
        outside = "".join(flat(each) for each in element if name_of(each) != "figcaption").strip()
        is_plain = len(pictures) == 1 and not others and not outside and not (element.text or "").strip()
        if is_plain and captions and not self.readable:
            yield self.kept.html(element)
        else:
            yield from self._container(element, depth)

    # -- tables -------------------------------------------------------------------------------------------------------

    def _table(self, element: HtmlElement, depth: int) -> Iterator[str]:
        rows = [[cell for cell in row if name_of(cell) in ("td", "th")] for row in element.iter("tr")]
        rows = [row for row in rows if row]
        if not rows:
            yield from self._container(element, depth)
            return
        if max(map(len, rows)) > MOST_COLUMNS:
            self.kept.lost.append(f"a table of more than {MOST_COLUMNS} columns: only its words are there")
            yield from paragraphs(escaped(flat(element)))
        elif len(rows) == 1 == len(rows[0]) and element.find("caption") is None:
            yield from self._container(rows[0][0], depth)  # a table for layout, as before CSS
        elif _is_plain_table(element, rows):
            yield self._piped(rows, depth)
        else:
            yield self.kept.html(element)

    def _piped(self, rows: list[list[HtmlElement]], depth: int) -> str:
        lines = [f"| {' | '.join(self._cell(cell, depth) for cell in row)} |" for row in rows]
        marks = {"left": ":--", "right": "--:", "center": ":-:"}
        lines.insert(1, f"| {' | '.join(marks.get(alignment(cell), '---') for cell in rows[0])} |")
        return "\n".join(lines)

    def _cell(self, cell: HtmlElement, depth: int) -> str:
        words = "".join(self._inside(cell, depth)).replace(PARAGRAPH, BREAK)
        return "<br>".join(paragraphs(words, in_cell=True)).replace("\n", " ")

    # -- running text -------------------------------------------------------------------------------------------------

    def _text(self, text: str | None) -> str:
        if not text:
            return ""
        if self.newlines:
            text = re.sub(r"[ \t\r]*\n[ \t\r]*\n\s*", PARAGRAPH, text)
            text = re.sub(r"[ \t\r]*\n[ \t]*", BREAK, text)
        return escaped(text)

    def _inside(self, element: HtmlElement, depth: int) -> Iterator[str]:
        """What stands in an element, as running text: blocks in it are separated by a break."""
        if depth > DEEPEST:
            yield escaped(flat(element))
            return
        yield self._text(element.text)
        for child in element:
            name = name_of(child)
            if name == "pre":
                yield BREAK
                yield BREAK.join(code(line) for line in str(child.text_content()).split("\n") if line.strip())
                yield BREAK
            elif name in BLOCKS:
                yield BREAK
                yield from self._inside(child, depth + 1)
                yield BREAK
            else:
                yield from self._inline(child, depth)
            yield self._text(child.tail)

    def _inline(self, element: HtmlElement, depth: int) -> Iterator[str]:
        name = name_of(element)
        if name in LEFT_OUT:
            self.kept.leave_out(element)
        elif name in PLAYERS:
            yield from self._player(element)
        elif name == "br":
            yield BREAK
        elif name == "img":
            yield from self._picture(element)
        elif name == "a":
            yield from self._link(element, depth + 1)
        elif name in ("b", "strong", "i", "em"):
            before, after = STRONG if name in ("b", "strong") else EM
            yield before
            yield from self._inside(element, depth + 1)
            yield after
        elif name == "code" and not len(element):
            yield code(flat(element)) if flat(element) else ""
        else:
            yield from self._tagged(element, name, depth + 1)

    def _tagged(self, element: HtmlElement, name: str, depth: int) -> Iterator[str]:
        kept = {each: element.get(each, "") for each in _ATTRIBUTES if element.get(each)}
        stays = _TAGGED.get(name) or ("code" if name == "code" else "span" if kept.keys() & {"lang", "dir"} else "")
        words = list(self._inside(element, depth))
        if stays == "sup" and "".join(words).startswith("[^"):
            stays = ""  # the number of a footnote is raised anyway
        if stays and "".join(words).strip():
            yield tag(stays, kept)
            yield from words
            yield f"</{stays}>"
        else:
            yield from words

    def _link(self, element: HtmlElement, depth: int) -> Iterator[str]:
        if place := element.get(PLACE):
            yield f"{tag('a', {'id': place})}</a>"
            return
        href = element.get("href", "").strip()
        wanted = fragment(element)
        if wanted in self.notes and NUMBER_OF_NOTE.fullmatch(flat(element)):
            self._used.add(wanted)
            yield f"[^{self.notes[wanted].name}]"
            return
        words = "".join(self._inside(element, depth)).replace(PARAGRAPH, " ").replace(BREAK, " ")
        address = self.kept.address(href)
        if not words.strip() or not address:
            if not address:
                self.kept.leave_link(element)
            yield words
            return
        if words.strip() == escaped(address) and _WHOLE.fullmatch(address):
            yield f"<{address}>"
            return
        before = " " if words[0] in " \n" else ""
        after = " " if words[-1] in " \n" else ""
        title = element.get("title", "").strip()
        label = f' "{escaped(title).replace(chr(34), "&quot;")}"' if title else ""
        yield f"{before}[{words.strip()}]({destination(address)}{label}){after}"

    def _picture(self, element: HtmlElement) -> Iterator[str]:
        source = self.kept.source_of(element)
        if not source:
            self.kept.leave_picture(element)
            return
        self.kept.pictures.append(source)
        yield f"![{escaped(' '.join(element.get('alt', '').split()))}]({destination(source)})"

    def _player(self, element: HtmlElement) -> Iterator[str]:
        address, words = self.kept.played(element)
        if address:
            yield f"{BREAK}[{escaped(words)}]({destination(address)}){BREAK}"

    # -- footnotes ----------------------------------------------------------------------------------------------------

    def footnotes(self) -> Iterator[str]:
        """The texts of the footnotes that the text names."""
        for wanted, note in self.notes.items():
            if wanted not in self._used:
                continue
            for link in list(note.element.iter("a")):
                if note.is_way_back(link):
                    _dropped(link)
            words = "\n\n".join(self.blocks(note.element, 1)) or "-"
            yield f"[^{note.name}]: {indent(words, '    ').lstrip(' ')}"


def _dropped(element: HtmlElement) -> None:
    """Takes an element out of its tree, and leaves the text behind it."""
    parent, previous = element.getparent(), element.getprevious()
    if parent is None:
        return
    if previous is not None:
        previous.tail = (previous.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


def _is_plain_table(element: HtmlElement, rows: list[list[HtmlElement]]) -> bool:
    """Whether Markdown has signs for all of a table."""
    inside: Iterable[HtmlElement] = (each for each in element.iter() if each is not element)
    blocks = BLOCKS - {"tr", "td", "th", "tbody", "thead", "tfoot", "p"}
    return (
        len({len(row) for row in rows}) == 1
        and all(name_of(cell) == "th" for cell in rows[0])
        and all(name_of(cell) == "td" for row in rows[1:] for cell in row)
        and not any(name_of(each) in blocks or each.get("colspan") or each.get("rowspan") for each in inside)
        and not element.get("lang")
        and len({tuple(map(alignment, row)) for row in rows}) == 1
        and not any(text.strip() for each in element.iter("table", "tr", "tbody", "thead") for text in _loose(each))
    )


def _loose(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    yield from (child.tail or "" for child in element)


def destination(address: str) -> str:
    """An address as the destination of a Markdown link."""
    written = _DOUBTFUL.sub(lambda found: "".join(f"%{octet:02X}" for octet in found[0].encode()), address)
    return f"<{written}>" if "(" in written or ")" in written else written
