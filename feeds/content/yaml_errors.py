"""Turns libyaml's errors into faults, in words for people who do not know YAML."""

from __future__ import annotations

import re

from yaml import YAMLError
from yaml.error import MarkedYAMLError

from feeds.content import yaml_mistakes
from feeds.content.faults import Fault

_QUOTE = 'put quotes around the value: "…"'
_INDENT = "begin the fields of one group in the same column, and indent with spaces"

_NEXT_LINE = "begin its first “- ” on the next line"
_BELOW = "begin the text on the next line, indented by two spaces"
_BRACKETS = "look at the brackets on this line"
_BY_QUOTING = (_QUOTE, _NEXT_LINE, _BELOW, _BRACKETS)
"""Advice to which quotes are an alternative."""

_TAB = ("a tab where only spaces may stand", "use spaces instead")

# (part of libyaml's message, our message, advice), in the order in which they are tried.
_BY_PROBLEM = (
    ("mapping values are not allowed", "a second “: ” in one line, or a line indented too far", _QUOTE),
    ("tab character", *_TAB),
    ("cannot start any token", "a value cannot begin with this character", _QUOTE),
    ("found unexpected end of stream", "the quotes that open here are never closed", "add the missing \" or '"),
    ("found unexpected document indicator", "the quotes that open here are never closed", "add the missing \" or '"),
    ("unknown escape character", "a backslash inside double quotes", "use single quotes, or write the backslash twice"),
    ("invalid Unicode character escape", "an escape that stands for no character", "delete it, or use single quotes"),
    ("hexdecimal number", "an escape that stands for no character", "delete it, or use single quotes"),
    ("did not find URI escaped", "a value that begins with !", _QUOTE),
    ("invalid UTF-8", "a value that begins with !", _QUOTE),
    ("block sequence entries", "a list that begins on the line of its field", _NEXT_LINE),
    ("mapping keys are not allowed", "a question mark that begins a line or value", _QUOTE),
    ("',' or ']'", "the list that opens here is not closed", "add the missing ] or comma"),
    ("',' or '}'", "the group that opens here is not closed", "add the missing } or comma"),
    ("expected node content", "a bracket, comma or quote in the wrong place", _BRACKETS),
    ("could not find expected ':'", "a line that is neither “name: value” nor part of the text above", _INDENT),
    ("expected '-' indicator", "a line that is indented differently from the list around it", _INDENT),
    ("did not find expected key", "a line that is indented differently, or text after a closing quote", _INDENT),
    ("comment or line break", "text on the line of | or >", _BELOW),
    ("indentation indicator", "text on the line of | or >", _BELOW),
    ("incompatible YAML", "a line that begins with %", "delete it"),
    ("expected <document start>", "a line outside of the fields", _INDENT),
)

# With these words in our message, the position is where the faulty text begins.
_OPENERS = ("never closed", "that opens here")

_BY_CONTEXT = (
    ("scanning an alias", "a value that begins with *", _QUOTE),
    ("scanning an anchor", "a value that begins with &", _QUOTE),
    ("tag", "a value that begins with !", _QUOTE),
    ("directive", "a line that begins with %", "delete it, or put quotes around the value"),
)


_CONFLICT = re.compile(r"^(<{7}|={7}|>{7})", re.MULTILINE)


def explain(error: YAMLError, text: str) -> Fault:
    """The fault for an error of libyaml in ``text``."""
    if conflict := _CONFLICT.search(text):
        advice = "choose between the two versions and delete the lines with <<<<<<<, ======= and >>>>>>>"
        return Fault(text.count("\n", 0, conflict.start()) + 1, 1, "", "git left a merge conflict here", advice)
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return Fault(0, 0, "", "the file cannot be read as text", "write it anew and save it with the encoding UTF-8")
    mark = error.problem_mark
    said = error.problem or ""
    in_quotes = "document indicator" in said
    found = None if in_quotes else yaml_mistakes.front_matter(text)
    # The end of a text without a last line break lies in a line of its own for libyaml.
    line = min(mark.line, text.count("\n"))
    if found := found or yaml_mistakes.recognized(text, line + 1, said):
        return found
    message, advice, from_start = _wording(said, error.context or "")
    if error.context_mark and from_start:
        mark = error.context_mark
    elif "this character" in message:
        letter = text.splitlines()[mark.line][mark.column : mark.column + 1]
        message, advice = _TAB if letter == "\t" else (f"a value cannot begin with {letter}", _QUOTE)
    if advice in _BY_QUOTING and (better := yaml_mistakes.as_text(text, line + 1)):
        advice = better if advice is _QUOTE or "|-" in better else f"{advice}; or {better}"
    if mark.line > line:
        return Fault(line + 1, 1, "", message, advice)
    return Fault(mark.line + 1, mark.column + 1, "", message, advice)


def _wording(said: str, context: str) -> tuple[str, str, bool]:
    """Message, advice, and whether the position is where the faulty text begins."""
    for part, message, advice in _BY_CONTEXT:
        if part in context or (part == "tag" and "tag handle" in said):
            return message, advice, "value" in message
    for part, message, advice in _BY_PROBLEM:
        if part in said:
            return message, advice, any(words in message for words in _OPENERS)
    return f"this is not YAML: {said}", _INDENT, False
