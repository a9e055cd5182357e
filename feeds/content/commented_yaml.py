"""Writes YAML for people: a field with a sentence above it that says what to write, taken from the model."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap

from pydantic import BaseModel

from feeds.content.field_descriptions import descriptions

_WIDTH = 100


def modeline(schema: str) -> str:
    """The line by which text editors find the schema of a file; ``schema`` is its path from there."""
    return f"# yaml-language-server: $schema={schema}"


def fields(
    model: type[BaseModel], values: Mapping[str, str], examples: Mapping[str, str], names: Iterable[str] = ()
) -> Iterator[str]:
    """The fields of a model, each below a comment: with its value, or with an example that is commented out.

    Values and examples are YAML, with the space or line break that comes after the colon. ``names`` says which fields,
    and their order; by default the model's.
    """
    for name in names or model.model_fields:
        if name in values:
            yield "\n".join((*comment(described(model, name)), f"{name}:{values[name]}"))
        elif name in examples:
            yield "\n".join((*comment(described(model, name)), commented_out(f"{name}:{examples[name]}")))


def described(model: type[BaseModel], name: str) -> str:
    """The description that the model has of a field, on one line."""
    return " ".join(descriptions(model).get(name, "").split())


def comment(text: str) -> list[str]:
    """A text as the lines of a comment. All are indented as the text is."""
    indent = text[: len(text) - len(text.lstrip())]
    return [f"# {indent}{line}" for line in wrap(text.strip(), _WIDTH - len(indent), break_on_hyphens=False)]


def commented_out(yaml: str) -> str:
    """Lines of YAML as a comment. Without the “# ” at their beginning they are YAML again."""
    return "\n".join(f"# {line}" for line in yaml.split("\n"))


def group(values: Mapping[str, str]) -> str:
    """A group of fields with a text each, as YAML, indented below the field that holds them."""
    return "".join(f"\n  {name}: {scalar(text)}" for name, text in values.items())


def scalar(text: str) -> str:
    """A text as a YAML scalar in double quotes: every JSON string is one."""
    return json.dumps(text, ensure_ascii=False)
