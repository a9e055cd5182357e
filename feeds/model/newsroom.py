"""The newsroom and its terms: who publishes, in which languages, and what releases may be about."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from feeds.model.facets import DEFAULT_FACETS, MOST_FACETS, Facet
from feeds.model.fields import (
    Email,
    Labels,
    Language,
    Line,
    Moment,
    Slug,
    TermsByFacet,
    Texts,
    Url,
    Value,
    Zone,
    in_language,
)


class Retirement(Value):
    """That a term has come to its end: nothing new will bear it."""

    date: Moment
    successor: Slug | None = None
    """The term of the same kind to follow instead."""


class Term(Value):
    """One value of a facet: a country, a project, a department."""

    slug: Slug
    labels: Labels
    """The name shown to people, by language."""
    aliases: tuple[Slug, ...] = ()
    """Former slugs: their addresses lead here."""
    summary: Texts | None = None
    """What it is, in a sentence or two, by language."""
    terms: TermsByFacet = ()
    """Terms of other facets that belong to it: the countries a project works in."""
    partners: tuple[Line, ...] = ()
    """Who carries it together with the newsroom's office."""
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


class Section(Value):
    """A list that the newsroom says of itself, under a heading."""

    title: Labels
    items: Annotated[tuple[Texts, ...], Field(min_length=1)]


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
    facets: Annotated[
        tuple[Facet, ...], Field(min_length=1, max_length=MOST_FACETS, default_factory=lambda: DEFAULT_FACETS)
    ]
    """The ways to ask for releases; their order is the order in addresses."""
    sections: tuple[Section, ...] = ()
    """Lists that stand beside ``about``: whom the office works with, what it works on."""
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
