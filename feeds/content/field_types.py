"""What the models know of the fields in files: their names, and which of them hold free text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from feeds.model.facets import DEFAULT_FACETS
from feeds.model.fields import Prose
from feeds.model.newsroom import Newsroom, Term
from feeds.model.release import NOT_WRITTEN, Release

_STEP = re.compile(r"[^.\[\]]+|\[[0-9]+\]")


_FILES: tuple[type[BaseModel], ...] = (Release, Newsroom, Term)
"""The models of whole records."""


@cache
def all_names() -> frozenset[str]:
    """The names of all fields in any file, with those of the facets of a newsroom that declares none."""
    groups = (group for model in _FILES for group in groups_in(model))
    names = {name for model in (*_FILES, *groups) for name in model.model_fields}
    return frozenset({*names, *(facet.field for facet in DEFAULT_FACETS)})


@cache
def groups_in(model: type[BaseModel]) -> tuple[type[BaseModel], ...]:
    """The models of the groups of fields in a model: of a release its image, its corrections and so on."""
    return tuple(group for annotation in _annotations(model).values() for group in _models(annotation))


@cache
def inner_names(field: str) -> frozenset[str]:
    """The names of the fields in a group of fields: of ``image`` those are ``src``, ``alt`` and so on."""
    annotations = (_annotations(model).get(field) for model in _FILES)
    return frozenset(name for each in annotations for group in _models(each) for name in group.model_fields)


def is_free_text(model: type[BaseModel], path: str) -> bool:
    """Whether the model's value at a path is free text, like a title, and not a date or a term.

    >>> [is_free_text(Release, path) for path in ("title", "image.alt", "image.src", "corrections[0].note", "draft")]
    [True, True, False, True, False]
    """
    return _prose(model, _STEP.findall(path)) is not None


def is_markdown(model: type[BaseModel], path: str) -> bool:
    """Whether the model's value at a path is Markdown.

    >>> [is_markdown(Release, path) for path in ("body", "summary", "draft")]
    [True, False, False]
    """
    found = _prose(model, _STEP.findall(path))
    return found is not None and found.is_markdown


def _prose(annotation: Any, steps: Sequence[str]) -> Prose | None:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        here = (mark for mark in parts[1:] if isinstance(mark, Prose) and not steps)
        return next(here, None) or _prose(parts[0], steps)
    if origin in (Union, UnionType):
        return next(filter(None, (_prose(part, steps) for part in parts)), None)
    if not steps:
        return None
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _prose(_annotations(annotation).get(steps[0]), steps[1:])
    if isinstance(origin, type) and issubclass(origin, (Mapping, tuple)):
        return _prose(parts[-1] if issubclass(origin, Mapping) else parts[0], steps[1:])
    return None


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


@cache
def _annotations(model: type[BaseModel]) -> dict[str, Any]:
    hints = get_type_hints(model, include_extras=True)
    return {name: annotation for name, annotation in hints.items() if name not in NOT_WRITTEN}
