"""Documents against the grammars of their formats: Atom and OPML by RELAX NG, JSON Feed by JSON Schema."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jsonschema import Draft202012Validator
from lxml import etree

HERE = Path(__file__).parent
GRAMMARS = {"atom": "atom.rng", "opml": "opml.rng"}

Kind = Literal["atom", "opml", "json"]


def errors(body: bytes, kind: Kind) -> list[str]:
    """What the grammar objects to, each with its line or its path inside the data; empty for a valid document."""
    return _json_errors(body) if kind == "json" else _xml_errors(body, kind)


def check(body: bytes, kind: Kind) -> None:
    """Raise AssertionError, naming lines, unless the document is valid."""
    wrong = errors(body, kind)
    assert not wrong, "\n".join(wrong)


def _xml_errors(body: bytes, kind: str) -> list[str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        return [f"line {error.lineno}: {error.msg}"]
    grammar = _grammar(kind)
    if grammar.validate(root):
        return []
    return [f"line {entry.line}: {entry.message}" for entry in grammar.error_log] or ["invalid"]


@cache
def _grammar(kind: str) -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(str(HERE / GRAMMARS[kind])))


def _json_errors(body: bytes) -> list[str]:
    try:
        data = json.loads(body, object_pairs_hook=_unique)
    except ValueError as error:
        return [str(error)]
    found = sorted(_validator().iter_errors(data), key=lambda error: list(map(str, error.absolute_path)))
    return [f"{error.json_path}: {error.message[:200]}" for error in found]


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """RFC 8259 section 4: names within an object should be unique."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError(f"a name stands twice among {[name for name, _ in pairs]}")
    return members


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads((HERE / "jsonfeed.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)
