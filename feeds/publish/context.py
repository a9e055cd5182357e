"""The newsroom at one moment: what every document of it has in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from feeds.addresses import Addresses, FeedAddress
from feeds.assets import assets
from feeds.catalogue import Page, Snapshot
from feeds.document import Link
from feeds.formats import HTML
from feeds.i18n import Words
from feeds.model.fields import in_language
from feeds.model.release import Facet
from feeds.model.selection import Selection
from feeds.model.vocabulary import Vocabulary
from feeds.publish.push_topics import is_topic
from feeds.render import markdown
from feeds.render.types import Head, Reading
from feeds.settings import Settings


@dataclass(frozen=True, slots=True)
class Newsdesk:
    """A snapshot of the catalogue, and the moment for which it is asked."""

    snapshot: Snapshot
    now: datetime
    settings: Settings
    preview: str = ""
    """What marks every title of a newsroom that is for editors only."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The newsroom and its terms."""
        return self.snapshot.vocabulary

    @property
    def addresses(self) -> Addresses:
        """Every address, both ways."""
        return _addresses(self.snapshot.base_url, self.vocabulary.newsroom.languages)

    @property
    def established(self) -> datetime:
        """When the newsroom's authority began: the date of a feed that has nothing in it yet."""
        year, month, day = (*self.vocabulary.newsroom.authority.partition(",")[2].split("-"), "1", "1")[:3]
        return datetime(int(year), int(month), int(day), tzinfo=UTC)

    def page(self, address: FeedAddress) -> Page | None:
        """The entries of a feed's document, live or archived."""
        limit = self.settings.kilobytes * 1024 // 2
        return self.snapshot.pages.of(address.selection, self.now, address.archive, self.settings.entries, limit)

    def asset(self, name: str) -> str:
        """The whole address of an asset."""
        return self.addresses.base + assets()[name].path

    def newsroom_title(self, language: str) -> str:
        """The newsroom's name."""
        title = in_language(self.vocabulary.newsroom.title, language)
        return f"{self.preview} – {title}" if self.preview else title

    def subject(self, selection: Selection) -> str:
        """What a selection is about, in its language: ``China or Mongolia, Social protection``; empty for all."""
        words = Words.of(selection.language)
        parts = [
            words.any_of([self.label(facet, slug, selection.language) for slug in slugs])
            for facet, slugs in selection.terms
        ]
        if selection.corrections:
            parts.append(words.say("Corrections and withdrawals"))
        if selection.words:
            parts.append(words.say("“{words}”", words=" ".join(selection.words)))
        return words.say(", ").join(parts)

    def label(self, facet: Facet, slug: str, language: str) -> str:
        """What a term is called."""
        term = self.vocabulary.term(facet, slug)
        return term.label(language) if term else slug

    def title(self, selection: Selection) -> str:
        """A feed's title: the newsroom's name, and what it is about."""
        subject = self.subject(selection)
        name = self.newsroom_title(selection.language)
        return f"{name} – {subject}" if subject else name

    def head(self, address: FeedAddress, page: Page) -> Head:
        """All of a feed but its entries."""
        newsroom = self.vocabulary.newsroom
        language = address.language
        selection = address.selection
        live = FeedAddress(selection, address.format)
        path, mark, sought = self.addresses.make(live).partition("?")
        name = path.removesuffix(f".{address.format.suffix}").lstrip("/")
        return Head(
            id=f"tag:{newsroom.authority}:{name}{mark}{sought}",
            language=language,
            title=markdown.plain(self.title(selection)),
            subtitle=markdown.plain(in_language(newsroom.subtitle, language)),
            updated=(page.updated or self.established).astimezone(newsroom.time_zone),
            author=newsroom.author_in(language),
            rights=in_language(newsroom.rights, language),
            icon=self.asset("icon.png"),
            logo=self.asset("logo.png"),
            page=self.addresses.absolute(address.as_format(HTML)),
            self_link=Link(self.addresses.absolute(address), "self", address.format.media_type),
            links=(*self._hubs(address), *self.history(address, page), *self.languages(address)),
            archive=bool(address.archive),
            reading=self._reading(language),
        )

    def _reading(self, language: str) -> Reading:
        words = Words.of(language)
        note = words.say("This is a feed: copy its address into a feed reader, and new releases come to you.")
        return Reading(self.asset("feed.css"), note, words.say("Read it as a page"))

    def _hubs(self, address: FeedAddress) -> tuple[Link, ...]:
        hub = self.vocabulary.newsroom.hub
        return (Link(hub, "hub"),) if hub and is_topic(address) else ()

    def languages(self, address: FeedAddress) -> tuple[Link, ...]:
        """The same feed in the newsroom's other languages; an archive document has no twin, nor have words."""
        if address.archive or address.selection.words:
            return ()
        return tuple(
            Link(
                self.addresses.absolute(address.in_language(language)), "alternate", address.format.media_type, language
            )
            for language in self.addresses.languages
            if language != address.language
        )

    def history(self, address: FeedAddress, page: Page) -> tuple[Link, ...]:
        """RFC 5005 section 4: where the rest is.

        The newest archive document names its successor before there is one (which until then leads to the live
        feed), so that its bytes stay the same when the successor comes.
        """
        numbers = {"prev-archive": (address.archive or page.last + 1) - 1}
        if address.archive:
            numbers = {"current": 0, **numbers, "next-archive": address.archive + 1}
        return tuple(
            Link(self.addresses.absolute(FeedAddress(address.selection, address.format, number)), rel, kind)
            for rel, number in numbers.items()
            if number or rel == "current"
            for kind in [address.format.media_type]
        )


@lru_cache(maxsize=8)
def _addresses(base_url: str, languages: tuple[str, ...]) -> Addresses:
    return Addresses(base_url, languages)
