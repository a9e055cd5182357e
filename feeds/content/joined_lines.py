"""Finds lines of a body that YAML joins or leaves out, since the body is not written below a ``|``.

In every other way of writing a text, YAML makes one line of several, and takes a line that begins with # for a comment.
Markdown needs both: its lists, tables and headings begin on lines of their own.
"""

from __future__ import annotations

import re

from feeds.content.faults import Fault, quoted
from feeds.content.text_checks import position_at
from feeds.content.yaml_text import Node, YamlText

# With the indent of the first line below a bar.
_BODY = re.compile(rb"body[\"']?[ \t]*:(?:[ \t]*\|[^\n]*\n(?:[ \t]*\n)*( +))?")
_COMMENT_LINE = re.compile(r"(?:(?:[ \t]+#[^\n]*|[ \t]*)\n|(?<=\n))(?:[ \t]*\n)*([ \t]+)(#[^\n]*)")
_COMMENT_BEFORE = re.compile(r"\n([ \t]+)(#[^\n]*)")
_FIELD_IN_COMMENT = re.compile(r"#\s*(?:- |[a-z_]+:(?:\s|$))")
# What may stand right below a paragraph: items, headings, quotes, code, HTML, and a line that is drawn.
_STRUCTURE = re.compile(r"[-+*] |[01][.)] |#{1,6} |>|```|~~~|<[A-Za-z/!]|(?:=+|-{3,}|\*{3,}|_{3,})$")
# Rows of tables and definitions of links begin a line, but not right below a paragraph.
_ROW = re.compile(r"\||\[[^\]]+\]: ")

# Headings, rows and fences: what stands on the next line is no part of them.
_ONE_LINE = re.compile(r"#{1,6} |\||```|~~~")
_NUMBER = re.compile(r"[0-9]{1,9}[.)] ")
_HARD_BREAK = re.compile(r"(?:\\|  )$")
_AS_WRITTEN = {'"': re.compile(r'[^"\\]*'), "'": re.compile("[^']*")}
"""The beginning of a line, by the style of a scalar, that is the same in the file and in the text."""


def has_loose_body(text: YamlText) -> bool:
    """Whether a body may have lines that are joined or left out: a quick look."""
    for found in _BODY.finditer(text.raw):
        indent = len(found[1] or b"")
        if indent < 2 or re.search(rb"\n {1,%d}#" % (indent - 1), text.raw):
            return True
    return False


def comment_in_body(node: Node, source: str) -> Fault | None:
    """The fault of the first line of a body that is a comment for YAML; None if there is none."""
    event = node.event
    owner = node.key.start_mark.column if node.key is not event else event.start_mark.column - 2
    before = _COMMENT_BEFORE.finditer(source, node.key.end_mark.index, event.start_mark.index)
    below = _COMMENT_LINE.match(source, event.end_mark.index)
    for found in (*before, *filter(None, (below,))):
        if len(found[1]) > owner and not _FIELD_IN_COMMENT.match(found[2]):
            message = f"{quoted(found[2])} is a comment for YAML, no part of the text"
            advice = "indent it like the first line of the text" if event.style == "|" else _below_a_bar(node)
            return Fault(*position_at(source, found.start(2)), node.path, message, advice, fatal=False)
    return None


def joined_line(node: Node, source: str) -> Fault | None:
    """The fault of the first line of a body that is joined to the one above it and should not be; None if none is.

    Lines of one paragraph may be joined. Items, headings, rows and paragraphs may not.
    """
    event = node.event
    if event.style == "|" or event.start_mark.line == event.end_mark.line:
        return None
    value, as_written = re.sub(r"\n[ \t]+", "\n", event.value), _AS_WRITTEN.get(event.style)
    above, is_first, offset = "", True, event.start_mark.index
    lines = source[offset : event.end_mark.index].split("\n")
    for number, line in enumerate(lines):
        text = line.strip()
        same = as_written.match(text) if as_written else None
        written = same[0].strip() if same else text
        begins = _break_before(text, above, blank=not lines[number - 1].strip()) if above and written else ""
        if begins and begins + written not in value:
            message = f"YAML joins {quoted(text)} to the line above it"
            place = position_at(source, offset + line.index(text))
            return Fault(*place, node.path, message, _below_a_bar(node), fatal=False)
        if text and (number or event.style != ">"):
            above = line.lstrip().removeprefix(event.style) if is_first and as_written else line.lstrip()
            is_first = False
        offset += len(line) + 1
    return None


def _break_before(text: str, above: str, *, blank: bool) -> str:
    """The line breaks that a line needs before it; ``above`` is the nearest other one, perhaps with a blank between."""
    if blank and not _STRUCTURE.match(text):
        return "\n\n"
    of_one_list = _NUMBER.match(text) and _NUMBER.match(above)
    if of_one_list or _STRUCTURE.match(text) or _ROW.match(text) or _ONE_LINE.match(above) or _HARD_BREAK.search(above):
        return "\n"
    return ""


def _below_a_bar(node: Node) -> str:
    name = node.path.rpartition(".")[2]
    return f"write “{name}: |-”, and the whole text on the lines below it, indented by two spaces"
