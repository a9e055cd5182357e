"""Finds what the Markdown engine leaves out without a word, or shows as text although it is meant as something else.

That can happen to cells of tables, footnotes and links.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote

from feeds.render.body import MOST_REMARKS, Remark, shown
from feeds.render.offsets import Offsets

_FOOTNOTE = re.compile(r"^ {0,3}(\[\^[^\[\]\s]+\]):", re.MULTILINE)
_CONTAINERS = r"(?:[ >]|[-+*] |[0-9]{1,9}[.)] )*"
_DEFINITION = re.compile(
    rf"^{_CONTAINERS}(\[([^\[\]]{{1,300}})\]):[ \t]*(?:\n[ \t]*)?([^\s<][^\s]*|<[^<>\n]*>)", re.MULTILINE
)
_SHOWN_DEFINITION = re.compile(r"(\[[^\[\]]{1,300}\]):")
_TAG = re.compile("<[^<>]*>")
_LABEL = re.compile(r"\[([^\[\]]{1,300})\]")
_ADDRESS = re.compile(r"[/#.:?]")
_FENCE = re.compile(rf"^{_CONTAINERS}(?:`{{3,}}[ \t]*(?=[^`\n]*$)|~{{3,}}[ \t]*(?!~))(\S.*)$", re.MULTILINE)
_LANGUAGE = re.compile(r"[A-Za-z][A-Za-z0-9+#._-]{0,30}")
_OPTION = re.compile("[={]")
_ROW = re.compile(r'<tr data-sourcepos="([0-9:-]+)">\n(.*?)</tr>', re.DOTALL)
_CELL = re.compile("<t[dh][ >]")
_LEFT_OVER = re.compile(
    r"(\[\^[^\[\]\s]{1,100}\])|\[[^\[\]]{0,300}\](?:\([^()\s]|（(?=https?:|www\.)|(\[[^\[\]]{1,100}\]))"
)
# The same wherever it begins in Markdown, unless a backslash stands before it.
_MEANT = re.compile(r"(?<!\\)(?=(\[\^[^\[\]\s]{1,100}\]|\[[^\[\]]{0,300}\](?:\([^()\s]|（|\[[^\[\]]{1,100}\])))")
# The line below the head of a table.
_LINE_OF_TABLE = re.compile(r"^(?=[^\n|｜]*[|｜])[ \t|｜:：—－-]*[—－-]{2}[ \t|｜:：—－-]*$", re.MULTILINE)
_USED = re.compile('<a href="#fn-([^"]*)" id="[^"]*" data-footnote-ref')
_LIST_TAG = re.compile(r'<(/?)(ol|li)(?: data-sourcepos="([0-9:-]+)")?(?: start="([0-9]{1,9})")?[ >]')
_NUMBER = re.compile(r"([0-9]{1,9})[.)]")
_ANY_FENCE = re.compile(rf"^{_CONTAINERS}(?:`{{3,}}|~{{3,}})", re.MULTILINE)
_WIDE_BRACKET = "write ordinary brackets around its address: ( and )"
_NO_LINK = "close its brackets, write %20 for a space in its address, leave a blank line before and after HTML"
_ANY = re.compile(r"[^\n]")
_BAR = re.compile(r"(?<!\\)\|")


class LeftOver(NamedTuple):
    """What is shown as text: as it is written, what is wrong, and what to do."""

    written: str
    message: str
    advice: str


def may_be_left_over(text: str) -> bool:
    """Whether there may be something `left_over` in a text: a quick look."""
    return "[" in text or ("|" in text and ("--" in text or "—" in text or "：" in text)) or "｜" in text


class Meant:
    """What the Markdown means as footnotes and links. After a backslash they are meant as text.

    The Markdown is looked through once, when it is first asked for, however many pieces of text are looked at.
    """

    def __init__(self, source: str) -> None:
        self._source = source

    @cached_property
    def written(self) -> frozenset[str]:
        """The footnotes and links, as they are written."""
        return frozenset(each[1] for each in _MEANT.finditer(self._source))

    @cached_property
    def footnotes(self) -> frozenset[str]:
        """The footnotes that have a text."""
        return frozenset(each[1] for each in _FOOTNOTE.finditer(self._source))


def left_over(text: str, meant: Meant) -> Iterator[LeftOver]:
    """Finds tables, footnotes and links that the engine has left as text. ``text`` is a piece of what readers see."""
    for line in _LINE_OF_TABLE.findall(text):
        message = f"{shown(line.strip())} makes no table, so its rows are shown as text"
        wide = not line.isascii()
        cells = "give it as many cells as the head above it; leave a blank line between HTML and a table"
        advice = "write it with the ordinary signs | : and -" if wide else cells
        yield LeftOver(line.strip(), message, advice)
    for found in _LEFT_OVER.finditer(text):
        written, note, label = found[0], found[1], found[2]
        if written not in meant.written:
            continue
        if label:
            if any(map(str.isalpha, written.removesuffix(label))):  # [1][2] are two numbers of a list of sources
                message = f"no address belongs to {shown(label)}, so it is shown as text"
                yield LeftOver(written, message, f"write its address on a line of its own: {label}: https://…")
        elif not note:
            message = f"{shown(f'{written}…')} is no link, so it is shown as text"
            yield LeftOver(written, message, _WIDE_BRACKET if written.endswith("（") else _NO_LINK)
        elif note in meant.footnotes:
            message = f"{shown(note)} stands in HTML, so it is shown as text"
            yield LeftOver(written, message, "leave a blank line between the HTML and the text in it")
        else:
            message = f"no footnote belongs to {shown(note)}, so it is shown as text"
            yield LeftOver(written, message, f"write one, in a paragraph that begins with {note}: …")


def has_tables_or_numbers(raw: str) -> bool:
    """Whether the engine made a table or a numbered list: `changed` looks at these, and needs positions."""
    return "<table>\n<thead>\n<tr>" in raw or "<ol" in raw


def changed(text: str, parsed: str, placed: str) -> Iterator[Remark]:
    """Cells that are left out of tables, and items of lists that get another number than was written.

    ``placed`` is HTML that says where its elements stand in the text. The engine got it as ``parsed``, of the same
    length.
    """
    places = Offsets(text, parsed, known=True)
    yield from islice(_lost_cells(text, places, placed), MOST_REMARKS)
    yield from islice(_other_numbers(text, places, placed), MOST_REMARKS)


def _lost_cells(text: str, places: Offsets, placed: str) -> Iterator[Remark]:
    """Cells beyond the last column, which the head of a table sets (GitHub Flavored Markdown, section 4.10)."""
    for found in _ROW.finditer(placed):
        offset, _ = places.of_element(found[1], "")
        end = text.find("\n", offset)
        row = text[offset : end if end >= 0 else None]
        columns = len(_CELL.findall(found[2]))
        bars = [bar.end() for bar in _BAR.finditer(row)][row.lstrip().startswith("|") :]
        lost = row[bars[columns - 1] :].strip().removesuffix("|").strip() if len(bars) >= columns else ""
        if lost:
            head = f"{columns} cells" if columns > 1 else "one cell"
            message = f"the head of this table has {head}, so {shown(lost)} is left out"
            advice = r"add a cell to the head and the line below it; write \| for a | in a text"
            yield Remark(offset + row.rindex(lost), message, advice)


def _other_numbers(text: str, places: Offsets, placed: str) -> Iterator[Remark]:
    """Items of lists that were written with another number than they get (CommonMark 0.31, section 5.3).

    Each gets the number after that of the item before. Where all have the same number, they are meant to be counted.
    """
    lists: list[list[tuple[int, int, str]]] = []
    starts: list[int] = []
    for found in _LIST_TAG.finditer(placed):
        closing, name, position, start = found.groups()
        if name == "li" and position and lists and not closing:
            offset, _ = places.of_element(position, "")
            if written := _NUMBER.match(text, offset):
                lists[-1].append((offset, int(written[1]), written[0]))
        elif name == "ol" and not closing:
            lists.append([])
            starts.append(int(start or 1))
        elif name == "ol" and lists:
            items, first = lists.pop(), starts.pop()
            if len({number for _, number, _ in items}) > 1:
                wrong = ((shown_as, *item) for shown_as, item in enumerate(items, first) if item[1] != shown_as)
                for shown_as, offset, number, sign in islice(wrong, 1):
                    message = f"{shown(sign)} is shown as {shown_as}, since the items of a list are counted"
                    yield Remark(offset, message, rf"write {number}\{sign[-1]} to keep the number, or correct it")


def left_out(text: str, raw: str) -> Iterator[Remark]:
    """Finds what the engine leaves out of the HTML that it makes, besides what `changed` finds."""
    yield from _unused_footnotes(text, raw)
    yield from _unused_definitions(text, raw)
    yield from _beside_fences(text, raw)


def _unused_footnotes(text: str, raw: str) -> Iterator[Remark]:
    """Footnotes to which nothing refers, or only another one that is left out."""
    if "[^" not in text:
        return
    used = {unquote(html.unescape(name)).casefold() for name in _USED.findall(raw)}
    for found in islice(_FOOTNOTE.finditer(_without_code(text)), MOST_REMARKS):
        if found[1][2:-1].casefold() not in used and html.escape(found[0].strip(), quote=False) not in raw:
            message = f"no place in the text refers to the footnote {found[1]}"
            yield Remark(found.start(1), message, f"write {found[1]} where it belongs")


def _unused_definitions(text: str, raw: str) -> Iterator[Remark]:
    """Lines like ``[1]: https://…``, which no reader sees, where no link needs them or they name no address.

    Those are link reference definitions (CommonMark 0.31, section 4.7). In code and in paragraphs they are none, and
    shown.
    """
    if "]:" not in text:
        return
    plain = _without_code(text)
    outside = list(_DEFINITION.finditer(plain))
    if not outside:
        return
    visible = html.unescape(_TAG.sub("", raw))
    in_code = Counter(each[1] for each in _DEFINITION.finditer(text))
    in_code.subtract(each[1] for each in outside)
    shown_as_text = Counter(_SHOWN_DEFINITION.findall(visible))
    hidden = Counter(each[1] for each in outside)
    hidden.subtract({label: shown_as_text[label] - in_code[label] for label in hidden})
    found = [each for each in outside if hidden[each[1]] > 0]
    uses = Counter(map(_canonical, _LABEL.findall(plain)))
    defined = Counter(_canonical(each[2]) for each in found)
    told: set[str] = set()
    for each in islice(found, MOST_REMARKS):
        label = _canonical(each[2])
        if label.startswith("^"):
            if any(letter.isspace() for letter in label):
                advice = f"write [{'-'.join(each[2].split())}] in both places"
                yield Remark(each.start(1), f"{shown(each[1])} is no footnote, since its name has a space", advice)
        elif label in told:
            yield Remark(each.start(1), f"{shown(each[1])} is given twice, and the first counts", "delete one of them")
        elif uses[label] == defined[label] or not _ADDRESS.search(each[3]):
            message = f"{shown(each[0].lstrip(' >-+*'))} is read as the address of a link, and not shown"
            yield Remark(each.start(1), message, rf"write \{each[1]} if it is text; else [words](address) in the text")
        told.add(label)


def _beside_fences(text: str, raw: str) -> Iterator[Remark]:
    """Words on the line that opens a block of code, unless they name the language of the code and its options."""
    if "```" not in text and "~~~" not in text:
        return
    for found in islice(_FENCE.finditer(text), MOST_REMARKS):
        first = found[1].split()[0]
        names_it = _LANGUAGE.fullmatch(found[1].strip()) or _OPTION.search(found[1])
        if not names_it and f'class="language-{html.unescape(first)}"' in html.unescape(raw):
            message = f"{shown(found[1])} stands on the line that begins a block of code, and is not shown"
            yield Remark(found.start(1), message, "write it on the next line")


def _without_code(text: str) -> str:
    """The text with spaces in the place of what stands between fences."""
    fences = [found.start() for found in _ANY_FENCE.finditer(text)]
    pieces, end = [], 0
    for begin, close in zip(fences[::2], (*fences[1::2], len(text)), strict=False):
        pieces += [text[end:begin], _ANY.sub(" ", text[begin:close])]
        end = close
    return "".join((*pieces, text[end:]))


def _canonical(label: str) -> str:
    return " ".join(label.split()).casefold()
