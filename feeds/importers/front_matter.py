"""Takes a Markdown file apart: the fields above the text, in YAML, TOML, JSON or Pelican's lines, and the text.

YAML is read by the reader of release files: it guesses no types (the tag `no` stays a text, and a date keeps its
offset), and the time and memory that it takes are bounded.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, NamedTuple

from feeds.content.yaml_reader import read_yaml
from feeds.render.html_to_markdown import names

_YAML = re.compile(r"---[ \t]*\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TOML = re.compile(r"\+\+\+[ \t]*\n(.*?)\n\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
_PELICAN = re.compile(r"([A-Za-z][A-Za-z_-]*):[ \t]*(.*)")
_PELICAN_NAMES = names(
    """title date modified slug category tags keywords author authors summary lang status template translation
    save_as url"""
)


class FrontMatter(NamedTuple):
    """The fields of a Markdown file by their names in small letters, its text, and what was wrong with the fields."""

    fields: Mapping[str, Any]
    text: str
    fault: str = ""


def split(raw: str) -> FrontMatter:
    """Splits a file into fields and text.

    >>> split("---\\ntitle: No\\ntags: [a, no]\\n---\\nText").fields
    {'title': 'No', 'tags': ['a', 'no']}
    >>> split("Title: Wages: up\\nDate: 2021-06-24\\n\\nText").fields
    {'title': 'Wages: up', 'date': '2021-06-24'}
    """
    raw = raw.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").lstrip("\n")
    if found := _YAML.match(raw):
        return _of_yaml(found[1], raw[found.end() :])
    if found := _TOML.match(raw):
        return _of_toml(found[1], raw[found.end() :])
    if raw.startswith("{"):
        return _of_json(raw)
    return _of_pelican(raw)


def _of_yaml(written: str, text: str) -> FrontMatter:
    if not written.strip():
        return FrontMatter({}, text)
    documents, faults = read_yaml(written.encode())
    data = documents[0].data if documents else {}
    if not isinstance(data, dict):
        return FrontMatter({}, text, "the lines above its text are no fields")
    fault = f"the fields above its text cannot be read in full: {faults[0].message}" if faults else ""
    return FrontMatter({name.lower(): value for name, value in data.items() if value != ""}, text, fault)


def _of_toml(written: str, text: str) -> FrontMatter:
    try:
        data = tomllib.loads(written)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return FrontMatter({}, text, f"its TOML cannot be read: {error}")
    return FrontMatter(_as_text(data), text)


def _of_json(raw: str) -> FrontMatter:
    try:
        data, end = json.JSONDecoder().raw_decode(raw)
    except (ValueError, RecursionError) as error:
        return FrontMatter({}, raw, f"its JSON cannot be read: {error}")
    return FrontMatter(_as_text(data), raw[end:].lstrip("\n"))


def _of_pelican(raw: str) -> FrontMatter:
    fields: dict[str, Any] = {}
    lines = raw.split("\n")
    name = ""
    for number, line in enumerate(lines):
        found = _PELICAN.fullmatch(line)
        if found and (fields or found[1].lower() in _PELICAN_NAMES):
            name = found[1].lower()
            fields[name] = found[2].strip()
        elif name and line[:1] in (" ", "\t") and line.strip():
            fields[name] += f" {line.strip()}"
        else:
            return FrontMatter(fields, "\n".join(lines[number:])) if fields else FrontMatter({}, raw)
    return FrontMatter(fields, "")


def _as_text(value: Any) -> Any:
    """Data with text in place of numbers and dates, as the reader of release files gives it."""
    if isinstance(value, dict):
        return {str(name).lower(): _as_text(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_as_text(inner) for inner in value if inner is not None]
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else str(value)
