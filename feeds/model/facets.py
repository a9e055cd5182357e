"""Facets: the ways in which a newsroom lets its readers ask for releases, such as country, topic or department.

A newsroom declares its own in `newsroom.yaml`. The code knows no facet by name.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from feeds.model.fields import Labels, Value

MOST_FACETS = 8
"""Facets of one newsroom."""

RESERVED = frozenset({"all", "archive", "corrections", "count", "feeds", "language", "not", "q"})
"""Words that have a meaning of their own where a facet's name stands: in the path of a feed, in a page's query."""


class Facet(Value):
    """A way to ask for releases. Its values are the terms in the file named like its field: `countries.yaml`."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
    """Stands in the addresses of feeds: country, as in /feeds/country/cn.atom."""
    field: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=40)]
    """The field of a release that names its terms, and the name of the file with the terms: countries."""
    one: bool = False
    """Whether a release bears at most one of its terms. The field is then a text, not a list."""
    codes: Literal["iso-3166-1"] | None = None
    """The standard whose codes its terms are. Terms of ISO 3166-1 need no labels: CLDR names every country."""
    labels: Labels | None = None
    """What its terms are called together, by language: Countries. If absent: its field in words."""
    property: Literal["about", "articleSection", "contentLocation", "genre", "keywords", "mentions"] = "about"
    """The property of schema.org's NewsArticle that its terms go into."""
    type: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z]*$", max_length=40)] | None = None
    """The schema.org type of its terms. If absent: Country for codes of countries, else Thing."""

    @model_validator(mode="after")
    def _name_is_free(self) -> Self:
        if self.name in RESERVED:
            context = {"advice": "choose another name", "at": "name"}
            raise PydanticCustomError("reserved", "has a meaning of its own in addresses", context)
        return self

    @builtins.property  # the name stands for a field above
    def file(self) -> str:
        """The file of its terms in the content folder: countries.yaml."""
        return f"{self.field}.yaml"

    @builtins.property
    def english_label(self) -> str:
        """What its terms are called together in English: its label, else its field as words, such as Press officers."""
        return (self.labels or {}).get("en") or self.field.replace("_", " ").capitalize()

    @builtins.property
    def schema_type(self) -> str:
        """The schema.org type of its terms."""
        return self.type or ("Country" if self.codes else "Thing")

    def slug(self, name: str) -> str:
        """The slug of a term as people write its name: codes are written in capitals."""
        return name.lower() if self.codes else name

    def written(self, slug: str) -> str:
        """A term as people write it: codes in capitals, everything else as its slug."""
        return slug.upper() if self.codes else slug


DEFAULT_FACETS = (
    Facet(name="country", field="countries", codes="iso-3166-1"),
    Facet(name="project", field="projects", type="Project"),
    Facet(name="topic", field="topics"),
    Facet(name="genre", field="genre", one=True, labels={"en": "Genres"}, property="articleSection"),
)
"""The facets of a newsroom that declares none."""


def name_clashes(facets: tuple[Facet, ...], taken: frozenset[str]) -> Iterator[tuple[int, str, str]]:
    """Facets that claim what another has: their number in the list, the attribute (name or field), and its value.

    ``taken`` are fields that a release, a term or the content folder has for something else.
    """
    names: set[str] = set()
    fields = set(taken)
    for number, facet in enumerate(facets):
        if facet.name in names:
            yield number, "name", facet.name
        if facet.field in fields:
            yield number, "field", facet.field
        names.add(facet.name)
        fields.add(facet.field)
