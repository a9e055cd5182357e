"""A press release in one language, with its pictures, files, corrections and withdrawal.

Every value is checked once, where it is made, and trusted from then on. `fields` says what a single value may be.
"""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from feeds.model.fields import (
    Language,
    Line,
    Markdown,
    MediaType,
    Moment,
    Reference,
    ReleasePath,
    Slug,
    TagUri,
    TermsByFacet,
    Text,
    Url,
    Value,
)
from feeds.model.newsroom import Person


class Image(Value):
    """The picture that goes with a release."""

    src: Url
    alt: Line
    credit: Line | None = None
    caption: Text | None = None
    width: Annotated[int, Field(gt=0, le=20_000)] | None = None
    height: Annotated[int, Field(gt=0, le=20_000)] | None = None
    type: Annotated[str, StringConstraints(pattern=r"^image/[a-z0-9.+-]+$")] | None = None


class Attachment(Value):
    """A file that goes with a release."""

    url: Url
    title: Line
    type: MediaType
    length: Annotated[int, Field(ge=0, le=2**53)] | None = None
    """Octets."""
    language: Language | None = None


class Correction(Value):
    """Something that was wrong and has been put right."""

    date: Moment
    note: Text
    major: bool = True
    """Whether readers must be told again: a major correction moves ``updated``."""


class Withdrawal(Value):
    """That a release no longer stands, and why."""

    date: Moment
    reason: Text
    replacement: Reference | None = None
    """What stands in its place: an address, or a release of this newsroom as 2021/its-slug."""


class Release(Value):
    """One press release in one language."""

    id: TagUri
    """Never changes. If absent: minted from the authority, the first publication date and the slug."""
    slug: Slug
    """The last part of its address. If absent: the file's name without its date."""
    language: Language
    """BCP 47. If absent: the newsroom's own, or the one the file's name ends with."""
    year: Annotated[int, Field(ge=1900, lt=2200)]
    """The year in its address. If absent: that of the file's name, else of ``published``."""
    title: Line
    summary: Text
    published: Moment
    """When it may be seen. In the future: an embargo."""
    updated: Moment | None = None
    """The last major change; a typo is not one."""
    body: Markdown | None = None
    dateline: Line | None = None
    """Where it was written: Huzhou, China."""
    terms: TermsByFacet = ()
    """What it is about. In a file each facet has a field of its own."""
    url: Url | None = None
    """Where the release lives, if elsewhere."""
    credit: Line | None = None
    """The credit of an image that is named but not held: © ILO 2023."""
    image: Image | None = None
    attachments: Annotated[tuple[Attachment, ...], Field(max_length=50)] = ()
    authors: Annotated[tuple[Person, ...], Field(max_length=50)] = ()
    contacts: Annotated[tuple[Person, ...], Field(max_length=50)] = ()
    related: Annotated[tuple[Reference, ...], Field(max_length=50)] = ()
    aliases: Annotated[tuple[ReleasePath, ...], Field(max_length=50)] = ()
    """Former addresses, as 2020/old-slug: they lead here."""
    rights: Text | None = None
    corrections: Annotated[tuple[Correction, ...], Field(max_length=100)] = ()
    withdrawn: Withdrawal | None = None
    draft: bool = False
    """Never shown, whatever the date."""

    @model_validator(mode="after")
    def _moments_in_order(self) -> Self:
        for field, moment in (("updated", self.updated), ("withdrawn", self.withdrawn and self.withdrawn.date)):
            if moment and moment < self.published:
                raise _early(field)
        for number, correction in enumerate(self.corrections):
            if correction.date < self.published:
                raise _early(f"corrections[{number}]")
        return self

    def slugs(self, facet: str) -> tuple[str, ...]:
        """The slugs of this release's terms in the facet of a name."""
        return next((slugs for name, slugs in self.terms if name == facet), ())

    @property
    def path(self) -> str:
        """Year and slug, as the address spells them."""
        return f"{self.year}/{self.slug}"


def _early(field: str) -> PydanticCustomError:
    context: dict[str, Any] = {"advice": "nothing happens to a release before it is published", "at": field}
    return PydanticCustomError("early", "before the publication date", context)
