"""The newsroom (who publishes, in which languages), and its terms (what releases may be about)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from feeds.i18n import in_language, tags_read
from feeds.model.facets import DEFAULT_FACETS, MOST_FACETS, Facet
from feeds.model.fields import (
    Colour,
    Email,
    FormerFeeds,
    Labels,
    Language,
    Line,
    Moment,
    OwnPicture,
    Slug,
    Subscription,
    TermsByFacet,
    Texts,
    Url,
    Value,
    Zone,
)


class Retirement(Value):
    """The end of a term: no new release will name it."""

    date: Moment
    """When it ends: 2024-12-31."""
    successor: Slug | None = None
    """The slug of the term of the same facet that its readers should follow instead."""


class Term(Value):
    """One value of a facet: a country, a project, a department."""

    slug: Slug
    """Its name in addresses: public-transport."""
    labels: Labels
    """Its name for readers, by language: {en: Public transport, fr: Transports publics}."""
    aliases: tuple[Slug, ...] = ()
    """Former slugs. Their addresses redirect here."""
    summary: Texts | None = None
    """What it is about, in one or two sentences, by language."""
    terms: TermsByFacet = ()
    """Terms of other facets that belong to it, such as the countries of a project."""
    partners: tuple[Line, ...] = ()
    """Organizations that work on it with the newsroom."""
    url: Url | None = None
    """The address of a page about it."""
    retired: Retirement | None = None
    """Write this when the term ends. Its feeds then say so, and later answer 410."""

    def ended(self, now: datetime) -> bool:
        """Whether it is retired at ``now``."""
        return self.retired is not None and self.retired.date <= now

    def label(self, language: str) -> str:
        """Its name in ``language``, else in English, else in any language."""
        return in_language(self.labels, language)


class Person(Value):
    """An author or a contact."""

    name: Line
    """The name of a person or a team."""
    email: Email | None = None
    """An e-mail address: press@example.org."""
    url: Url | None = None
    """The address of a page about them."""
    phone: Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ()./-]{3,40}$")] | None = None
    """With the country code: +33 4 72 10 30 30."""
    role: Line | None = None
    """What they do: Press officer."""


class Reader(Value):
    """A feed reader with an address that subscribes to a feed."""

    name: Line
    """Its name: Inoreader."""
    address: Annotated[str, StringConstraints(pattern=r"^https://[^\s{}]+\{feed\}[^\s{}]*$", max_length=500)]
    """Its address for subscribing, with {feed} for the feed: https://www.inoreader.com/?add_feed={feed}."""


class Section(Value):
    """A text or a list with a heading on the front page and the page about the newsroom."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["text"]}, {"required": ["items"]}]})

    title: Labels
    """The heading, by language: {en: Our partners}."""
    text: Texts | None = None
    """The text, by language. An empty line begins a new paragraph. Write this or items."""
    items: Annotated[tuple[Texts, ...], Field(min_length=1)] | None = None
    """The lines of the list, each by language. Write this or text."""

    @model_validator(mode="after")
    def _is_text_or_list(self) -> Self:
        if self.text is not None and self.items is not None:
            context = {"advice": "delete one of the two, or make two sections of them", "at": "items"}
            raise PydanticCustomError("section", "a section has a text or items, not both", context)
        if self.text is None and self.items is None:
            context = {"advice": "add a line “text: {en: …}”, or “items:” with a list below it"}
            raise PydanticCustomError("section", "has neither a text nor items", context)
        return self


class SiteLink(Value):
    """A link at the foot of every page: a social network, or another site of the newsroom's own."""

    title: Labels
    """What stands there for the link, by language: {en: Mastodon}."""
    url: Url
    """The address: https://social.example.org/@city."""


class Newsroom(Value):
    """The newsroom: who publishes, and in which languages."""

    title: Labels
    """The newsroom's name, by language: {en: Harbour City, fr: Ville du Port}."""
    subtitle: Texts
    """What the newsroom publishes, in one sentence, by language. Feeds and pages show it."""
    headline: Labels | None = None
    """The heading of the front page, by language: {en: News from City Hall}. If absent, News and press releases."""
    about: Texts
    """Who publishes here and what they do, by language. An empty line begins a new paragraph."""
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    """Language tags: [en, fr, zh-Hans]. The first is the main one: its addresses have no language in them. With a
    region, as in en-GB, texts and files in en serve it too."""
    time_zone: Zone
    """An IANA time zone: Europe/Paris. A date without a time means midnight there."""
    authority: Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?$")]
    """A domain and a date on which it was yours: example.org,2020. Never change it: ids contain it (RFC 4151)."""
    author: Person
    """The author of releases that name none."""
    rights: Texts
    """Copyright and licence, by language: {en: © Harbour City}."""
    license: Url | None = None
    """The address of the licence for all releases: https://creativecommons.org/licenses/by/4.0/. It does not hold for
    a release with ``rights`` of its own."""
    contacts: tuple[Person, ...] = ()
    """Whom journalists can ask."""
    url: Url | None = None
    """The address of the newsroom's own site."""
    hub: Url | None = None
    """The address of the WebSub hub that pushes the feeds."""
    indexnow: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{8,128}$")] | None = None
    """A key of your own for IndexNow: 8 to 128 small letters, digits and hyphens. Search engines are then told of every
    new and changed release, and find the key in a file of its name."""
    facets: Annotated[
        tuple[Facet, ...], Field(min_length=1, max_length=MOST_FACETS, default_factory=lambda: DEFAULT_FACETS)
    ]
    """What feeds can be about, such as country or topic. Their order is the order in addresses."""
    sections: tuple[Section, ...] = ()
    """Texts and lists on the front page and the page about the newsroom, such as partners or opening hours."""
    logo: OwnPicture | None = None
    """The logo at the head of pages, a file beside this one: logo.svg. SVG, PNG, JPEG or WebP."""
    icon: OwnPicture | None = None
    """The icon in tabs of browsers and in feed readers, a file beside this one: icon.png. A square PNG, best of 512
    pixels, or SVG, which few feed readers show."""
    colour: Colour | None = None
    """The colour of links and marks on pages and on feeds in browsers, in quotes: "#0b5fff". White must stand out from
    it. Dark pages get a lighter shade."""
    links: tuple[SiteLink, ...] = ()
    """Links at the foot of every page: social networks, and other sites of the newsroom's own."""
    subscribe: Subscription | None = None
    """Where readers subscribe to new releases by e-mail: https://lists.example.org/news, or the address to which they
    write, news-join@lists.example.org. Or one by language, {en: …, fr: …}: pages in other languages then name none."""
    readers: tuple[Reader, ...] | None = None
    """The feed readers that pages offer, instead of the built-in list."""
    feeds: Annotated[FormerFeeds, Field(default_factory=dict)]
    """Old addresses of feeds, each with the feed it leads to: {/feed: all.rss, /trams/feed: topic/trams.rss}."""
    gone_after: Annotated[int, Field(ge=1, le=36_500)] = 365
    """Days for which the feed of a retired term says that it has ended; then it answers 410."""

    @property
    def language(self) -> str:
        """The newsroom's main language."""
        return self.languages[0]

    def author_in(self, language: str) -> Person:
        """The author of releases that name none. If it is the newsroom itself, with its name in ``language``."""
        if self.author.name != self.title.get(self.language):
            return self.author
        return self.author.model_copy(update={"name": in_language(self.title, language)})

    def subscription_in(self, language: str) -> str | None:
        """Where readers of a language subscribe by e-mail, with or without its region; None if no place is named."""
        if self.subscribe is None or isinstance(self.subscribe, str):
            return self.subscribe
        return next((self.subscribe[tag] for tag in tags_read(language) if tag in self.subscribe), None)

    def feed_formerly_at(self, path: str) -> str | None:
        """The name of the feed to which an old address leads; None if it is none. A slash at the end does not count."""
        return self.feeds.get(path.removesuffix("/"))

    @property
    def domain(self) -> str:
        """The domain in the authority."""
        return self.authority.partition(",")[0]
