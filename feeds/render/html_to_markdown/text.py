"""Writes running text as Markdown: escapes what means something, and marks emphasis where it works for sure."""

from __future__ import annotations

import re

from feeds.model.invisible_characters import UNWRITABLE

BREAK, PARAGRAPH = "\ufdd4", "\ufdd5"
"""A line break, and the end of a paragraph, in text that is not finished yet."""
STRONG, EM = ("\ufdd0", "\ufdd1"), ("\ufdd2", "\ufdd3")
"""The beginning and end of emphasis. All these are noncharacters, which no text has (Unicode, section 23.7)."""

_CODE = ("\ufdd6", "\ufdd7")
_OTHER_LINE_ENDS = "\u2028\u2029\x85\x0b\x0c"
_MARKS = re.compile("[\ufdd0-\ufdef]")
_LONG_SPACES = re.compile(r"[ \t\r\n\f\v]{2,}|[\t\r\n\f\v]")
_UNUSUAL_SPACES = ("  ", "\n", "\t", "\r", "\f", "\v")
"""Without one of these a text has no white space but single spaces."""
_SIGNS = re.compile(r"[\\`*\[\]<~|_&!]")
"""One class of signs and no alternatives: so whole texts without any of them are passed over in microseconds."""
_REFERENCE = re.compile(r"&(?:#|[A-Za-z][A-Za-z0-9]*;)")
_BEGINNINGS = (
    (re.compile(r"([-+])(?=\s|\Z)"), r"\\\1"),
    (re.compile(r"(\d{1,9})([.)])(?=\s|\Z)"), r"\1\\\2"),
    (re.compile(r"(#{1,6})(?=\s|\Z)"), r"\\\1"),
    (re.compile(r">"), r"\>"),
    (re.compile(r"(-)(?=[-\s:]*\Z)|(:)(?=-[-\s:]*\Z)|(=)(?==*\s*\Z)"), r"\\\g<0>"),
    # The reader of release files takes such a line for a field that is indented too far.
    (re.compile(r"([a-z_]+[ \t]*):(?!//)"), r"\1\\:"),
)
_OUTER_SPACE = (
    (re.compile("([\ufdd0\ufdd2])([ \ufdd4\ufdd5]+)"), r"\2\1"),
    (re.compile("([ \ufdd4\ufdd5]+)([\ufdd1\ufdd3])"), r"\2\1"),
)
_AROUND_BREAKS = re.compile(f" *([{BREAK}{PARAGRAPH}]) *")
_BREAKS = re.compile(f"[{BREAK}{PARAGRAPH}]+")
_ENDS_OF_PARAGRAPHS = re.compile(f"{BREAK}*{PARAGRAPH}[{BREAK}{PARAGRAPH}]*|{BREAK}{{2,}}")
_EMPTY = re.compile("\ufdd0\ufdd1|\ufdd2\ufdd3|\ufdd1\ufdd0|\ufdd3\ufdd2")
_TOKENS = re.compile("[\ufdd0-\ufdd3]")
_TAGS = {STRONG[0]: ("**", "<strong>"), STRONG[1]: ("**", "</strong>"), EM[0]: ("*", "<em>"), EM[1]: ("*", "</em>")}


def cleaned(text: str) -> str:
    """The text without what no feed can carry: control characters, noncharacters, separators of lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for each in _OTHER_LINE_ENDS:
        text = text.replace(each, "\n")
    return _MARKS.sub("", UNWRITABLE.sub("", text)).replace("\U0010ffff", "").replace("\ufeff", "")


def escaped(text: str) -> str:
    """Plain text, escaped so that Markdown shows every sign of it. All white space becomes one space.

    >>> escaped("a_b 2*3  <b> R&D &copy; [1]")
    'a_b 2\\\\*3 \\\\<b> R&D &amp;copy; \\\\[1\\\\]'
    """
    text = _single_spaced(text)
    return _SIGNS.sub(lambda found: _escape(found, text), text)


def _single_spaced(text: str) -> str:
    """The text in which white space is one space."""
    if any(each in text for each in _UNUSUAL_SPACES):
        return _LONG_SPACES.sub(" ", text)
    return text


def _escape(found: re.Match[str], text: str) -> str:
    sign = found[0]
    if sign == "&":
        return "&amp;" if _REFERENCE.match(text, found.start()) else sign
    if sign == "!":
        return r"\!" if text[found.end() : found.end() + 1] in ("", "[") else sign
    if sign == "_":
        around = text[max(0, found.start() - 1) : found.start()] + text[found.end() : found.end() + 1]
        return "_" if len(around) == 2 and around.isascii() and around.isalnum() else r"\_"
    return f"\\{sign}"


def code(text: str) -> str:
    """Text as code in a line."""
    text = _single_spaced(text)
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text[:1] in ("`", " ") or text[-1:] in ("`", " ") else ""
    return f"{_CODE[0]}{fence}{pad}{text}{pad}{fence}{_CODE[1]}"


def paragraphs(text: str, *, in_cell: bool = False) -> list[str]:
    """The paragraphs of a text with BREAK, PARAGRAPH and emphasis in it. Each break within one is a line of its own.

    ``in_cell`` is for the cell of a table: each line is a paragraph there, and no list or heading can begin.
    """
    text = _single_spaced(text)
    is_one_line = BREAK not in text and PARAGRAPH not in text
    if not is_one_line:
        text = _AROUND_BREAKS.sub(r"\1", text)
    if _TOKENS.search(text):
        for _ in range(4):
            for pattern, replacement in _OUTER_SPACE:
                text = pattern.sub(replacement, text)
            text = _EMPTY.sub("", text)
        text = _emphasized(text)
    # Two pieces of code side by side would be one.
    written = text.replace(_CODE[1] + _CODE[0], "<!-- -->").replace(_CODE[0], "").replace(_CODE[1], "")
    if in_cell:
        lines = _BREAKS.split(written)
        return [line.strip(" ") for line in lines if line.strip(" ")]
    found = []
    for part in [written] if is_one_line else _ENDS_OF_PARAGRAPHS.split(written):
        lines = [line.strip(" ") for line in part.split(BREAK)]
        lines = [_begun(line) for line in lines if line]
        if lines:
            found.append("\\\n".join(lines))
    return found


def plain_paragraphs(text: str) -> str:
    """Plain text as Markdown: a blank line begins a paragraph, and each line stays one.

    >>> plain_paragraphs("# 1\\nline *2*\\n\\n\\nlast")
    '\\\\# 1\\\\\\nline \\\\*2\\\\*\\n\\nlast'
    """
    text = re.sub(r"\n[ \t]*\n\s*", PARAGRAPH, cleaned(text).strip())
    return "\n\n".join(paragraphs(escaped(text.replace("\n", BREAK))))


def _begun(line: str) -> str:
    """A line whose first signs begin no list, heading, quotation or rule."""
    for pattern, replacement in _BEGINNINGS:
        changed = pattern.sub(replacement, line, count=1) if pattern.match(line) else line
        if changed != line:
            return changed
    return line


def _emphasized(text: str) -> str:
    """The text with its emphasis: in asterisks where CommonMark is sure to read them so, else as tags.

    It cannot reach over paragraphs, so within it the end of a paragraph becomes two line breaks.
    """
    pieces: list[str] = []
    opened: list[tuple[int, str]] = []
    place = 0
    for found in re.finditer(f"[\ufdd0-\ufdd3]|[{BREAK}{PARAGRAPH}]+", text):
        pieces.append(text[place : found.start()])
        place = found.end()
        token = found[0]
        if token[0] in (BREAK, PARAGRAPH):
            if token == BREAK or not opened:
                pieces.append(token)
            else:
                pieces.append("<br><br>")
        elif token in (STRONG[0], EM[0]):
            opened.append((len(pieces), token))
            pieces.append("")
        elif opened:
            number, begin = opened.pop()
            inner = "".join(pieces[number + 1 :])
            simple = _is_simple("".join(pieces[:number])[-1:], inner, text[place : place + 1])
            pieces[number] = _TAGS[begin][0 if simple else 1]
            pieces.append(_TAGS[_end_of(begin)][0 if simple else 1])
    pieces.append(text[place:])
    return "".join(pieces)


def _end_of(begin: str) -> str:
    return STRONG[1] if begin == STRONG[0] else EM[1]


def _is_simple(before: str, inner: str, after: str) -> bool:
    return (
        bool(inner)
        and inner[0].isalnum()
        and (inner[-1].isalnum() or (inner[-1] in ".,:;?" and after in ("", " ")))
        and not re.search(f"[{BREAK}{PARAGRAPH}]", inner)
        and not (before and (before in rf"*_\>`{_CODE[1]}" or _TOKENS.match(before)))
        and not (after and (after in rf"*_<`{_CODE[0]}" or _TOKENS.match(after)))
    )
