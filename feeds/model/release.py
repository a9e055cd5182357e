"""The newsroom's nouns as frozen values: what a release, a term and a newsroom are made of.

Nothing here knows YAML, SQL or HTTP. Every value is checked once, where it is made, and trusted from then on. What a
single value may be is said in `scalars`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from feeds.model.fields import (
    Email,
    Labels,
    Language,
    Line,
    Markdown,
    MediaType,
    Moment,
    Reference,
    ReleasePath,
    Slug,
    TagUri,
    Text,
    Texts,
    Url,
    Zone,
    in_language,
)


class Facet(StrEnum):
    """A way to ask for releases; the order of the members is the order of facets in every address."""

    COUNTRY = "country"
    PROJECT = "project"
    TOPIC = "topic"
    GENRE = "genre"


class Value(BaseModel):
    """A frozen value that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, use_attribute_docstrings=True)


# -- terms and the newsroom ---------------------------------------------------------------------------------------


class Retirement(Value):
    """That a term has come to its end: nothing new will bear it."""

    date: Moment
    successor: Slug | None = None
    """The term of the same kind to follow instead."""


class Term(Value):
    """One value of a facet: a country, a project, a topic or a genre."""

    slug: Slug
    labels: Labels
    """The name shown to people, by language."""
    aliases: tuple[Slug, ...] = ()
    """Former slugs: their addresses lead here."""
    summary: Texts | None = None
    """What it is, in a sentence or two, by language."""
    countries: tuple[Slug, ...] = ()
    """Where a project works."""
    partners: tuple[Line, ...] = ()
    """Who carries a project together with the office."""
    url: Url | None = None
    """A page about it elsewhere."""
    retired: Retirement | None = None
    """Its feed says so from that date on, and after some time is gone."""

    def ended(self, now: datetime) -> bool:
        """Whether it is retired by then."""
        return self.retired is not None and self.retired.date <= now

    def label(self, language: str) -> str:
        """The name in ``language``, or the nearest there is."""
        return in_language(self.labels, language)


class Person(Value):
    """Somebody by name: an author or a contact."""

    name: Line
    email: Email | None = None
    url: Url | None = None
    phone: Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ()./-]{3,40}$")] | None = None
    role: Line | None = None


class Reader(Value):
    """A feed reader that a link can tell of a feed."""

    name: Line
    address: Annotated[str, StringConstraints(pattern=r"^https://[^\s{}]+\{feed\}[^\s{}]*$", max_length=500)]
    """What makes it subscribe, with ``{feed}`` where the feed's own address goes, percent-encoded."""


class Newsroom(Value):
    """The publication: who speaks, in which languages, and under whose authority ids are minted."""

    title: Labels
    subtitle: Texts
    """One sentence on what the newsroom publishes; it becomes the feeds' subtitle."""
    about: Texts
    """What the office is for."""
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    """The first one is the newsroom's own: its addresses bear no prefix."""
    time_zone: Zone
    """IANA name; a date without a time means midnight there."""
    authority: Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?$")]
    """RFC 4151 tagging entity, a domain and a date on which it was the office's: ilo.org,2020."""
    author: Person
    """The author of a release that names none."""
    rights: Texts
    contacts: tuple[Person, ...] = ()
    url: Url | None = None
    """The office's own site."""
    hub: Url | None = None
    """The WebSub hub that pushes the feeds."""
    constituents: tuple[Texts, ...] = ()
    policy_areas: tuple[Texts, ...] = ()
    priorities: Mapping[Slug, tuple[Texts, ...]] = Field(default_factory=dict)
    """What the United Nations in each country works towards."""
    genres: tuple[Term, ...] = ()
    readers: tuple[Reader, ...] | None = None
    """The feed readers that the picker offers, instead of the well-known ones."""
    gone_after: Annotated[int, Field(ge=1, le=36_500)] = 365
    """Days for which the feed of a retired term still says that it has ended."""

    @property
    def language(self) -> str:
        """The newsroom's own language."""
        return self.languages[0]

    def author_in(self, language: str) -> Person:
        """Who signs what names nobody; where that is the newsroom itself, by its name in that language."""
        if self.author.name != self.title.get(self.language):
            return self.author
        return self.author.model_copy(update={"name": in_language(self.title, language)})

    @property
    def domain(self) -> str:
        """The domain half of the authority."""
        return self.authority.partition(",")[0]


# -- releases -----------------------------------------------------------------------------------------------------


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
    countries: tuple[Slug, ...] = ()
    projects: tuple[Slug, ...] = ()
    topics: tuple[Slug, ...] = ()
    genre: Slug | None = None
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

    def terms(self, facet: Facet) -> tuple[str, ...]:
        """The slugs of this release's terms in one facet."""
        match facet:
            case Facet.COUNTRY:
                return self.countries
            case Facet.PROJECT:
                return self.projects
            case Facet.TOPIC:
                return self.topics
            case Facet.GENRE:
                return (self.genre,) if self.genre else ()

    @property
    def path(self) -> str:
        """Year and slug, as the address spells them."""
        return f"{self.year}/{self.slug}"


def _early(field: str) -> PydanticCustomError:
    context: dict[str, Any] = {"advice": "nothing happens to a release before it is published", "at": field}
    return PydanticCustomError("early", "before the publication date", context)
