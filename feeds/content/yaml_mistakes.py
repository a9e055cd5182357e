"""Recognizes common mistakes of people who do not know YAML, in the lines before the place where libyaml gives up.

Advice can be followed to the letter: then the file is without this mistake.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, pairwise, takewhile

from feeds.content.faults import Fault, quoted
from feeds.content.field_types import all_names, inner_names
from feeds.content.text_checks import code_point
from feeds.content.yaml_lines import Line, below_a_sign, in_quotes, lines_of

_SPACES = {"\u00a0": "a no-break space", "\u202f": "a narrow no-break space", "\u3000": "an ideographic space"}
_HIDDEN = "\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u206f\u3000\u3164\ufeff"
_NAME = "[A-Za-z_][A-Za-z0-9_-]*"
_UNSEEN = re.compile(
    f" *(?:-(?: +|(?=[{_HIDDEN}])))*(?:([{_HIDDEN}])|{_NAME}:([{_HIDDEN}])|{_NAME} *([{_HIDDEN}])[{_HIDDEN} ]*:"
    f"|{_NAME}: [|>][-+0-9]* *([{_HIDDEN}]))"
)
_WIDE_COLON = re.compile(f" *(?:- +)*({_NAME}) *([\uff1a\ufe55\u2236\ufe13])")
_NO_SPACE = re.compile(f" *(?:- +)*({_NAME})(:)(?=[^ \\t])")
_EQUALS = re.compile(f" *(?:- +)*({_NAME}) *(=)(?!=)")
_STARS = re.compile(rf" *(\*+)({_NAME})(?:\*+ *:|:\*+)")
_FIELD = re.compile(f" *({_NAME}) *:(?: |$)")
_HYPHEN = re.compile(r" *(?:- +)*(-)(?=[^\s-])")
_BULLET = re.compile(r" *([•‣·▪●◦–—]|\*(?= )) *(?=\S)")
_COMMENT = re.compile(r"(?<=[ \t])#.*")
_BRACKETS_AND_TEXT = re.compile(r"(?:\[[^\]]*\]|\{[^}]*\})\s*[^\s#,\]}]")
_COMMA_IN_VALUE = re.compile(f"(?:(?<=[{{,])|(?<=[{{,] )){_NAME}: +[^\"'{{}}\\[\\],]+, *$")
_FARTHEST = 200
"""Lines above the place where libyaml gave up that are looked at."""
_LONGEST = 100
"""Characters of a line that an advice repeats."""


def recognized(text: str, number: int, said: str = "") -> Fault | None:
    """The fault of the mistake that most likely made libyaml give up in a line with the error ``said``; else None."""
    lines = lines_of(text)
    last = lines[min(number, len(lines)) - 1]
    written = (line for line in reversed(lines[: last.number - 1]) if (line.value and not line.head) or line.name)
    above = tuple(islice(written, _FARTHEST))
    found = (slip(line) for line in (last, *above) if not line.head for slip in _SLIPS)
    in_context = (mistake(lines, above, last, said) for mistake in _MISTAKES)
    return next(filter(None, (*found, *in_context)), None)


def _fault(line: Line, offset: int, message: str, advice: str) -> Fault:
    return Fault(line.number, offset + 1, "", message, advice)


def _write(line: str) -> str:
    return f"write “{line.strip()}”" if _can_be_shown(line) else "write “name: value”"


def _can_be_shown(line: str) -> bool:
    """Whether an advice can repeat the line: it is short, and nothing in it is invisible."""
    return len(line.strip()) <= _LONGEST and line.isprintable()


# -- slips that one line shows ------------------------------------------------------------------------------------


def _unseen_character(line: Line) -> Fault | None:
    found = _UNSEEN.match(line.text)
    if found is None:
        return None
    group = found.lastindex or 0
    letter = found[group]
    what = f"{_SPACES.get(letter, 'an invisible character')} ({code_point(letter)})"
    advice = "put ordinary spaces in the place of all of them" if letter.isspace() or group == 2 else "delete it"
    return _fault(line, found.start(group), f"{what} where only ordinary spaces may stand", advice)


def _wide_colon(line: Line) -> Fault | None:
    found = _WIDE_COLON.match(line.text)
    if found is None or not _is_field(found[1]):
        return None
    advice = f"write an ordinary colon and a space: “{found[1]}: ”"
    return _fault(line, found.start(2), f"{found[2]} is no colon for YAML", advice)


def _no_space_after_colon(line: Line) -> Fault | None:
    found = _NO_SPACE.match(line.text)
    if found is None or not _is_field(found[1]):
        return None
    mended = f"{line.text[: found.end(2)]} {line.text[found.end(2) :]}"
    return _fault(line, found.end(2), "a space is missing after the colon", _write(mended))


def _equals_sign(line: Line) -> Fault | None:
    found = _EQUALS.match(line.text)
    if found is None or not _is_field(found[1]):
        return None
    mended = f"{line.text[: found.end(1)]}: {line.text[found.end(2) :].strip()}"
    return _fault(line, found.start(2), "an equals sign after the name of a field", _write(mended))


def _stars_around_name(line: Line) -> Fault | None:
    found = _STARS.match(line.text)
    if found is None or not _is_field(found[2]):
        return None
    mended = f"{found[2]}: {line.text[found.end() :].strip()}"
    return _fault(line, found.start(1), "asterisks around the name of a field", _write(mended))


def _is_field(name: str) -> bool:
    return name.lower() in all_names()


_SLIPS = (_unseen_character, _wide_colon, _no_space_after_colon, _equals_sign, _stars_around_name)


# -- mistakes that the lines above show ---------------------------------------------------------------------------

# Arguments: all lines; those above that are no text below a | or >, nearest first; where libyaml gave up, and why.


def _bad_hyphen(lines: Sequence[Line], above: Sequence[Line], last: Line, said: str) -> Fault | None:
    """An item of a list without a space after its hyphen, or with another sign."""
    owner = next((line for line in above if line.name), None)
    if owner is None or owner.value:
        return None
    for line in takewhile(lambda each: not each.name, (last, *above) if last.is_text else above):
        if found := _HYPHEN.match(line.text) or _BULLET.match(line.text):
            missing = "a space is missing after the hyphen"
            message = missing if found[1] == "-" else f"{found[1]} is no hyphen, and begins no item"
            return _fault(line, found.start(1), message, _write(f"- {line.text[found.end() :].strip()}"))
    return None


def _field_too_far(lines: Sequence[Line], above: Sequence[Line], last: Line, said: str) -> Fault | None:
    """A field that is indented further than the one above it, or as far as the hyphens above it."""
    if last.head or not _is_field(last.name):
        return None
    owner = next((line for line in above if line.name and line.margin < last.margin), None)
    nearest = next((line for line in above if line.name or line.indent < line.margin), None)
    if owner is None or nearest is None:
        return None
    below_value = owner is nearest and owner.value and not owner.opens_text
    beside_items = nearest.indent < nearest.margin and nearest.indent == last.margin
    if not (below_value or beside_items):
        return None
    advice = f"begin it in column {owner.margin + 1}, like “{owner.name}:” above"
    return _fault(last, last.margin, f"“{last.name}:” is indented too far", advice)


def _text_after_quotes(lines: Sequence[Line], above: Sequence[Line], last: Line, said: str) -> Fault | None:
    closed = last.quotation
    rest = last.value[len(closed) :].strip() if closed else ""
    if last.head or not closed or not rest or rest[0] in "#,]}:":
        return None
    quote, value = last.value[0], last.value
    # "The "Decent" work" or 'Workers' rights': the first and the last are meant as YAML's.
    around = value.endswith(quote) and (closed[-2:-1] == " " or value.count(quote) % 2 == 1)
    mended = last.text[: last.start] + in_quotes(value[1:-1] if around else value)
    return _fault(last, last.text.rindex(rest), "text after a closing quote", _write(mended))


def _text_after_brackets(lines: Sequence[Line], above: Sequence[Line], last: Line, said: str) -> Fault | None:
    if last.head or not last.name or not _BRACKETS_AND_TEXT.match(last.value):
        return None
    mended = last.text[: last.start] + in_quotes(last.value)
    return _fault(last, last.start, "text after a closing bracket", _write(mended))


def _quotes_never_closed(lines: Sequence[Line], above: Sequence[Line], last: Line, said: str) -> Fault | None:
    """Quotes whose text runs on over the fields below, up to the next quote."""
    for line in above:
        if line.value[:1] in ('"', "'") and line.quotation is None:
            below = lines[line.number : last.number]
            if any(_is_field(each.name) for each in below):
                advice = f"add the missing {line.value[0]} at the end of the text"
                return _fault(line, line.start, "the quotes that open here are never closed", advice)
    return None


def _comment_inside(lines: Sequence[Line], above: Sequence[Line], last: Line, said: str) -> Fault | None:
    """A # that ends a text, or hides the end of a list or group in brackets."""
    in_brackets = "',' or" in said
    for line in (last, *above) if in_brackets else above[:1] if last.is_text else ():
        found = _COMMENT.search(line.text)
        if found and not line.value.startswith(("#", "'", '"')) and (in_brackets or line.margin < last.indent):
            message = f"{quoted(found[0])} is a comment for YAML, and ends the text"
            return _fault(line, found.start(), message, "put quotes around the whole text with the # in it")
        if line.value[:1] in ("[", "{"):
            return None
    return None


def _comment_line_inside(lines: Sequence[Line], above: Sequence[Line], last: Line, said: str) -> Fault | None:
    """A line that begins with # in a text: most likely a heading of Markdown. More text comes below it."""
    owner = next((line for line in above if line.name), None)
    if owner is None or last.name or last.indent <= owner.margin or "expected key" not in said:
        return None
    if last.head:
        owner = lines[last.head - 1]
    elif not (owner.value or owner.name == "body"):
        return None
    first = next((line for line in lines[owner.number :] if line.value), last)
    for line in reversed(lines[owner.number : last.number - 1]):
        if line.value.startswith("#") and owner.margin < line.indent and (not last.head or line.indent < first.indent):
            message = f"{quoted(line.value)} is a comment for YAML, and ends the text"
            return _fault(line, line.indent, message, _for_heading(owner, first, last))
    return None


def _for_heading(owner: Line, first: Line, last: Line) -> str:
    if last.head:
        return f"indent it by {first.indent} spaces, like the first line of the text"
    if owner.name == "body":
        return below_a_sign(owner.name)
    return "put quotes around the whole text with the # in it"


def _quotes_in_long_text(lines: Sequence[Line], above: Sequence[Line], last: Line, said: str) -> Fault | None:
    """A quote in a text of several lines in quotes."""
    owner = next((line for line in above if line.name), None)
    if owner is None or owner.value[:1] not in ("'", '"') or owner.quotation or not last.is_text:
        return None
    found = last.text.find(owner.value[0])
    if found <= 0:
        return None
    return _fault(last, found, "a quote that ends the text too early", below_a_sign(owner.name))


def _colon_in_long_text(lines: Sequence[Line], above: Sequence[Line], last: Line, said: str) -> Fault | None:
    """A colon in the second or a later line of a text."""
    field = next((line for line in above if line.name), None)
    if "mapping values" not in said or field is None or not field.value or last.margin <= field.margin:
        return None
    colon = re.search(r":(?= |$)", last.text)
    where = colon.start() if colon else last.margin
    return _fault(last, where, "a colon in a text of several lines", below_a_sign(field.name))


def _text_at_the_margin(lines: Sequence[Line], above: Sequence[Line], last: Line, said: str) -> Fault | None:
    """A line of text that is not indented, below a field that has its text on the next lines."""
    if "':'" not in said and "expected key" not in said:
        return None
    candidates = (last, *above) if last.is_text else above
    field = next((line for line in above if line.name), None)
    most = field.margin if field else 0
    below = takewhile(lambda line: not line.name and line.indent == line.margin, candidates)
    texts = [line for line in below if line.indent <= most]
    if field and field.opens_text and last.text.startswith("- ", last.indent) and last.indent <= field.margin:
        texts = [last]
    if not texts or field is None or last.head:
        return _less_indented(lines, last, said)
    first = texts[-1]
    if field.opens_text or not field.value:
        advice = f"indent it by two spaces, like all of the text of “{field.name}”"
        return _fault(first, first.indent, "a line of text that is not indented", advice)
    word, _, rest = first.value.partition(" ")
    is_field = word in all_names() and bool(rest)
    if is_field and (rest.startswith(":") or " " not in rest):
        message = "a colon is missing after the name of a field"
        return _fault(first, first.indent + len(word), message, _write(f"{word}: {rest.lstrip(': ')}"))
    write = _write(f"{word}: {rest}") if is_field else "write “name: value”"
    advice = f"{write}, or indent it if it belongs to the text of “{field.name}”"
    return _fault(first, first.indent, "a line that is neither “name: value” nor part of the text above", advice)


def _less_indented(lines: Sequence[Line], last: Line, said: str) -> Fault | None:
    first = next((line for line in lines[last.head :] if line.value), None) if last.head else None
    if first is None or last.indent >= first.indent:
        return None
    begun = _FIELD.match(last.text)
    if begun and _is_field(begun[1]):
        owner = lines[last.head - 1]
        advice = f"begin it in column {owner.margin + 1}, like “{owner.name}:” above"
        return _fault(last, last.indent, f"“{begun[1]}:” is indented too far", advice)
    advice = f"indent it by {first.indent} spaces, like the first line of the text"
    return _fault(last, last.indent, "a line that is indented less than the first line of its text", advice)


def _line_above_all(lines: Sequence[Line], above: Sequence[Line], last: Line, said: str) -> Fault | None:
    """Text above the first field."""
    if "mapping values" not in said or not last.name or not above or any(line.name for line in above):
        return None
    first = above[-1]
    if first.value.startswith(("-", "{", "[", "%", "'", '"')):
        return None
    return _fault(first, first.indent, "a line that is no field", "write “# ” before it, or delete it")


_MISTAKES = (
    _line_above_all,
    _text_after_quotes,
    _text_after_brackets,
    _quotes_never_closed,
    _quotes_in_long_text,
    _bad_hyphen,
    _field_too_far,
    _comment_line_inside,
    _comment_inside,
    _colon_in_long_text,
    _text_at_the_margin,
)


def without_value(fault: Fault, lines: Sequence[Line]) -> Fault:
    """The fault of a name without a value, reworded where its line or the next one shows the reason."""
    line = lines[fault.line - 1]
    if found := _COMMENT.search(line.text):
        message = f"{fault.message}, since {quoted(found[0])} is a comment for YAML"
        return replace(fault, message=message, advice="put quotes around the text; or write one, or delete the line")
    if comma := _COMMA_IN_VALUE.search(line.text[: fault.column - 1]):
        whole = comma[0] + re.split(r"[,}\]]", line.text[fault.column - 1 :])[0]
        name, _, value = whole.partition(":")
        advice = f"put quotes around the whole text: {name}: {in_quotes(value.strip())}"
        message = "the comma before it ends the text"
        return replace(fault, message=message, advice=advice if _can_be_shown(advice) else advice.partition(":")[0])
    run_on = _NO_SPACE.match(line.text[fault.column - 1 :])
    if run_on and _is_field(run_on[1]):
        rest = re.split(r"[,}\]]", line.text[fault.column - 1 + run_on.end() :])[0]
        return replace(fault, message="a space is missing after the colon", advice=_write(f"{run_on[1]}: {rest}"))
    below = lines[line.number : line.number + 1]
    if below and _unseen_character(below[0]):
        return replace(fault, advice="begin the lines below it with ordinary spaces")
    if below and below[0].name in inner_names(line.name) and below[0].margin == line.margin:
        return replace(fault, advice="indent the lines that belong to it by two spaces")
    return fault


def as_text(text: str, number: int) -> str | None:
    """Advice on how to write the text that begins in a line so that YAML gives no sign in it a meaning.

    None if none begins there, or it is too long to be repeated.
    """
    lines = lines_of(text)
    line = lines[min(number, len(lines)) - 1]
    if not line.name or not line.value or line.value[0] in "[{":
        return None
    below = next((each for each in lines[line.number :] if each.text.strip()), None)
    if line.name == "body" or (below and below.is_text and below.indent > line.margin):
        return below_a_sign(line.name)
    mended = f"{line.name}: {in_quotes(line.value)}"
    return f"put quotes around the value: {mended}" if _can_be_shown(mended) else None


# -- files of another kind ----------------------------------------------------------------------------------------


def front_matter(text: str) -> Fault | None:
    """The fault of Markdown with fields above it, or of fields below three dots."""
    lines = lines_of(text)
    marks = [line.number for line in lines if line.text.rstrip() in _MARKS]
    sections = [lines[start:end] for start, end in pairwise([0, *marks, len(lines)])]
    first = next((number for number, section in enumerate(sections) if _has_fields(section)), None)
    if first is None or first == len(marks):
        return None
    below = sections[first + 1 :]
    for number, section in zip(marks, sections[1:], strict=True):
        if lines[number - 1].text.startswith(".") and _has_fields(section):
            advice = "delete it; between two releases write three hyphens"
            return Fault(number, 1, "", "fields below a line of three dots, which ends a file for YAML", advice)
    if any(_has_fields(section) for section in below) or not any(map(_has_text, below)):
        return None
    advice = "write “body: |-” in place of this line, and indent all of the text below it by two spaces"
    return Fault(marks[first], 1, "", "the text below this line belongs to no field", advice)


_MARKS = ("---", "...")
"""Lines that end a document of YAML."""


def _has_fields(section: Sequence[Line]) -> bool:
    return any(_is_field(line.name) and line.indent == 0 for line in section)


def _has_text(section: Sequence[Line]) -> bool:
    return any(line.text.strip("- ") and not line.value.startswith("#") for line in section)
