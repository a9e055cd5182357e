"""Facets: what feeds can be about, such as country, topic or department.

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
"""Facets that one newsroom may have."""

RESERVED = frozenset({"all", "all-languages", "archive", "corrections", "count", "feeds", "language", "not", "q"})
"""Names that no facet may have: they mean something else in a feed's path or a page's query."""


class Facet(Value):
    """Something that feeds can be about. Its terms are in the file named after its field: countries.yaml."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
    """Its name in addresses: country, as in /feeds/country/cn.atom."""
    field: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=40)]
    """The field of a release that names its terms, and the name of their file: countries."""
    one: bool = False
    """Write true if a release has at most one of its terms. The field is then a text, not a list."""
    codes: Literal["iso-3166-1"] | None = None
    """Write iso-3166-1 if its terms are country codes, such as CN. They then need no labels."""
    labels: Labels | None = None
    """The heading above its terms, by language: {en: Countries}. If absent, made from its field."""
    property: Literal["about", "articleSection", "contentLocation", "genre", "keywords", "mentions"] = "about"
    """The property of schema.org's NewsArticle that tells search engines its terms: keywords."""
    type: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z]*$", max_length=40)] | None = None
    """The schema.org type of its terms: Organization. If absent, Country for country codes, else Thing."""

    @model_validator(mode="after")
    def _name_is_free(self) -> Self:
        if self.name in RESERVED:
            context = {"advice": "choose another name", "at": "name"}
            raise PydanticCustomError("reserved", "has a meaning of its own in addresses", context)
        return self

    @builtins.property  # the name stands for a field above
    def file(self) -> str:
        """The name of the file with its terms: countries.yaml."""
        return f"{self.field}.yaml"

    @builtins.property
    def english_label(self) -> str:
        """The English heading above its terms: its label, else its field in words, such as Press officers."""
        return (self.labels or {}).get("en") or self.field.replace("_", " ").capitalize()

    @builtins.property
    def schema_type(self) -> str:
        """The schema.org type of its terms."""
        return self.type or ("Country" if self.codes else "Thing")

    def slug(self, name: str) -> str:
        """The slug for the name of a term as written in a file: cn for CN."""
        return name.lower() if self.codes else name

    def written(self, slug: str) -> str:
        """A slug as editors write it in files: codes in capitals, others unchanged."""
        return slug.upper() if self.codes else slug


DEFAULT_FACETS = (
    Facet(name="country", field="countries", codes="iso-3166-1"),
    Facet(name="project", field="projects", type="Project"),
    Facet(name="topic", field="topics"),
    Facet(name="genre", field="genre", one=True, labels={"en": "Genres"}, property="articleSection"),
)
"""The facets of a newsroom that declares none."""

OTHER_WORDS = ("Departments", "Regions", "Sectors")
"""Further English labels of facets for which the product has a word in its languages."""


def name_clashes(facets: tuple[Facet, ...], taken: frozenset[str]) -> Iterator[tuple[int, str, str]]:
    """Finds facets whose name or field is taken: their number in the list, the attribute, and its value.

    ``taken`` are the names that no facet's field may have.
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
