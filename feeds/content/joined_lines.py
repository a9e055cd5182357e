"""Finds lines of a body that YAML joins or leaves out.

Only indented lines below a ``|`` stay as they are. In every other way of writing a text, YAML makes one line of several
and takes a line that begins with # for a comment. Markdown needs both: its lists, tables and headings begin on lines of
their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from feeds.content.faults import Fault, quoted
from feeds.content.text_checks import position_at
from feeds.content.yaml_lines import below_a_sign
from feeds.content.yaml_text import Node, YamlText

# With the indent of the first line below a bar.
_BODY = re.compile(rb"body[\"']?[ \t]*:(?:[ \t]*\|[-+0-9]*[ \t]*(?:#[^#\n][^\n]*)?\n(?:[ \t]*\n)*( +))?")
_HEADING_AT_THE_MARGIN = re.compile(rb"\n##+[ \t]")

# A comment: in lines of its own between a name and its text or below the text, beside the name, beside a | or >.
_LINE = r"[ \t]+#[^\n]*|##+[ \t][^\n]*"
_COMMENT_BEFORE = re.compile(rf"(?:\n|(?<=:))({_LINE})")
_COMMENT_BELOW = re.compile(rf"(?:(?:[ \t]+#[^\n]*|[ \t]*)\n|(?<=\n))(?:[ \t]*\n)*({_LINE})")
_COMMENT_BESIDE_BAR = re.compile(r"[|>][-+0-9]*([ \t]+##+[ \t][^\n]*)")
FIELD_IN_COMMENT = re.compile(r"#\s*(?:- |[a-z_]+:(?:\s|$))")
"""A field that somebody has commented out."""

# What may stand right below a paragraph: items, headings, quotes, code, notes, blocks of HTML, thematic breaks.
_STRUCTURE = re.compile(
    r"[-+*][ \t]|[01][.)][ \t]|#{1,6}[ \t]|>|```|~~~|\[\^[^\]\s]+\]:|(?:=+|-+|\*{3,}|_{3,})$|<!--|"
    r"</?(?:address|article|aside|blockquote|center|details|d[dlt]|div|fieldset|figure|footer|form|h[1-6]|header|hr|iframe"
    r"|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul|video)\b",
    re.IGNORECASE,
)
# Rows of tables and definitions of links begin a line, but not right below a paragraph.
_ROW = re.compile(r"\||\[[^\]]+\]: |(?=[^|\n]*\|)[ \t|:-]*--[ \t|:-]*$")
# Headings, rows and fences: what stands on the next line is no part of them.
_ONE_LINE = re.compile(r"#{1,6}[ \t]|\||```|~~~|(?=[^|\n]*\|)[ \t|:-]*--[ \t|:-]*$")
_NUMBER = re.compile(r"[0-9]{1,9}[.)][ \t]")
_AS_WRITTEN = {'"': re.compile(r'[^"\\]*'), "'": re.compile("[^']*")}
"""By the style of a scalar: the beginning of a line that is the same in the file and in the text."""


def has_loose_body(text: YamlText) -> bool:
    """Whether a body may have lines that are joined or left out: a quick look."""
    for found in _BODY.finditer(text.raw):
        indent = len(found[1] or b"")
        if indent < 2 or re.search(rb"\n {1,%d}#" % (indent - 1), text.raw) or _HEADING_AT_THE_MARGIN.search(text.raw):
            return True
    return False


def comment_in_body(node: Node, source: str) -> Fault | None:
    """The fault of the first line of a body that is a comment for YAML; None if there is none."""
    event = node.event
    owner = node.key.start_mark.column if node.key is not event else event.start_mark.column - 2
    for offset, line in _comments(node, source):
        comment = line.lstrip()
        of_the_text = line[0] == "#" or len(line) - len(comment) > owner
        if of_the_text and not FIELD_IN_COMMENT.match(comment):
            message = f"{quoted(comment)} is a comment for YAML, no part of the text"
            is_below = event.style == "|" and offset >= event.end_mark.index
            advice = "indent it like the first line of the text" if is_below else below_a_sign(_name(node))
            place = position_at(source, offset + len(line) - len(comment))
            return Fault(*place, node.path, message, advice, fatal=False)
    return None


def _comments(node: Node, source: str) -> Iterator[tuple[int, str]]:
    """Comments in and around a text with their offsets and the spaces before them."""
    start, end = node.event.start_mark.index, node.event.end_mark.index
    before = _COMMENT_BEFORE.finditer(source, node.key.end_mark.index, start) if node.key is not node.event else ()
    beside = _COMMENT_BESIDE_BAR.match(source, start, end) if node.event.style in ("|", ">") else None
    below = _COMMENT_BELOW.match(source, end)
    for found in (*before, beside, below):
        if found:
            yield found.start(1), found[1]


def joined_line(node: Node, source: str) -> Fault | None:
    """The fault of the first line of a body that is joined to the one above it and should not be; None if none is.

    Lines of one paragraph may be joined. Items, headings, rows and paragraphs may not.
    """
    event = node.event
    if event.style == "|" or event.start_mark.line == event.end_mark.line:
        return None
    value, as_written = re.sub(r"\n[ \t]+", "\n", event.value), _AS_WRITTEN.get(event.style)
    above: list[str] = []  # the lines of the same paragraph, or of the one before if a blank line has come
    offset = event.start_mark.index
    for number, line in enumerate(source[offset : event.end_mark.index].split("\n")):
        text = line.strip()
        same = as_written.match(text) if as_written else None
        written = same[0].strip() if same else text
        begins = _break_before(text, above, event.style) if above and written else ""
        if begins and begins + written not in value:
            message = f"YAML joins {quoted(text)} to the line above it"
            place = position_at(source, offset + line.index(text))
            return Fault(*place, node.path, message, below_a_sign(_name(node)), fatal=False)
        if text and (number or event.style != ">"):
            if above and not above[-1]:
                above = []
            above.append(line.lstrip().removeprefix(event.style or "") if not above and as_written else line.lstrip())
        elif above:
            above.append("")
        offset += len(line) + 1
    return None


def _break_before(text: str, above: list[str], style: str | None) -> str:
    """The line breaks that a line needs before it, so that it is not joined to those above it."""
    if not above[-1] and not _STRUCTURE.match(text):
        return "\n\n"
    last = next(filter(None, reversed(above)))
    own = _STRUCTURE.match(text) or _ROW.match(text) or (_NUMBER.match(text) and any(map(_NUMBER.match, above)))
    # A backslash at the end of a line is YAML's in double quotes, else Markdown's, as are two spaces.
    broken = last.endswith("  ") or (last.endswith("\\") and style != '"')
    return "\n" if own or broken or _ONE_LINE.match(last) else ""


def _name(node: Node) -> str:
    """The field's name without those of what it is in."""
    return node.path.rpartition(".")[2]
