"""Reads what a model says of its fields: the text below each, for JSON Schemas and for comments in YAML files.

pydantic can read it when a class is made. That takes as long as the rest of the class, and few commands need it.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import ModelSchema


@cache
def descriptions(model: type[BaseModel]) -> Mapping[str, str]:
    """The text below each field of the class itself, by the field's name."""
    found: dict[str, str] = {}
    (made,) = ast.parse(inspect.getsource(model)).body
    for field, text in pairwise(made.body if isinstance(made, ast.ClassDef) else ()):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(written))):
                found[name] = inspect.cleandoc(written)
    return found


class DescribedJsonSchema(GenerateJsonSchema):
    """Makes JSON Schemas in which fields are described."""

    def model_schema(self, schema: ModelSchema) -> JsonSchemaValue:
        """The schema of a model."""
        found = super().model_schema(schema)
        properties: dict[str, dict[str, Any]] = found.get("properties", {})
        model: type[BaseModel] = schema["cls"]
        for name, text in descriptions(model).items():
            if name in properties:
                properties[name].setdefault("description", text)
        return found
