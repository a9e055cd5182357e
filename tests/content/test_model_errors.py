"""Every word the model can say about a field has one in the house's own language."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, StringConstraints

from feeds.content.model_errors import BY_FIELD
from feeds.model.facets import Facet
from feeds.model.newsroom import Newsroom, Person, Section, SiteLink, Term
from feeds.model.release import Attachment, Correction, Image, Release, Withdrawal


def patterns(annotation: Any) -> Iterator[str]:
    for part in typing.get_args(annotation):
        if isinstance(part, StringConstraints) and part.pattern:
            yield str(part.pattern)
        yield from patterns(part)


@pytest.mark.parametrize(
    "model", [Release, Newsroom, Facet, Section, SiteLink, Term, Person, Image, Attachment, Correction, Withdrawal]
)
def test_every_field_with_a_pattern_has_words_of_its_own(model: type[BaseModel]) -> None:
    hints = typing.get_type_hints(model, include_extras=True)
    found = {field for field in model.model_fields if list(patterns(hints[field]))}
    by_language = {"title", "subtitle", "about", "rights", "labels", "summary", "items", "text", "headline"}
    before = {"terms", "feeds"}  # the terms of a file and old addresses are checked before the model sees them
    assert found - by_language - before <= set(BY_FIELD)
