"""The newsroom at one moment, from which every document is made."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Self

from feeds.addresses import Address, Addresses, FeedAddress, Front, Headlines, KeyFile, Outline, ReleaseAddress
from feeds.catalogue import Page, Snapshot, VisibleRelease
from feeds.i18n import Words
from feeds.model.selection import Selection, Terms
from feeds.model.theme import Theme
from feeds.model.vocabulary import Vocabulary
from feeds.publish.assets import assets
from feeds.publish.document import Missing, Moved
from feeds.publish.own_style import own_style, theme_style
from feeds.publish.value_cache import Value, ValueCache
from feeds.render.theme_pages import TemplateFault
from feeds.settings import Settings

_log = logging.getLogger("feeds")


@lru_cache(maxsize=256)
def log_once(fault: TemplateFault) -> None:
    """Logs a fault in a template of the theme, once, and without its text: the log may be public."""
    where = f"theme/{fault.name}:{fault.line}" if fault.name else "theme"
    _log.warning("%s: readers get the built-in page (%s); `feeds check` says what is wrong", where, fault.kind)


@dataclass(frozen=True, slots=True)
class Context:
    """A snapshot of the catalogue, a moment, and what follows from the two."""

    snapshot: Snapshot
    now: datetime
    settings: Settings
    vocabulary: Vocabulary
    addresses: Addresses
    preview: str = ""
    """A mark before the newsroom's title, in a preview for editors; empty for readers."""
    tell: Callable[[TemplateFault], object] = log_once
    """Called with each fault of the theme's templates, whenever a page could not be rendered with them."""
    themed: bool = True
    """False for pages without the theme."""
    combined: int | None = None
    """For files of an export: the most facets that the address of a file combines. No file answers a query.

    None for a server, which answers any address.
    """
    kept: ValueCache | None = None
    """Values that documents of the same snapshot and moment share; None if they are not kept."""

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        now: datetime,
        settings: Settings,
        preview: str = "",
        tell: Callable[[TemplateFault], object] = log_once,
        combined: int | None = None,
        kept: ValueCache | None = None,
    ) -> Self:
        """The context of a snapshot. Raises CatalogueError if the newsroom in it cannot be read."""
        vocabulary = snapshot.vocabulary
        addresses = Addresses.of(vocabulary, snapshot.base_url)
        return cls(snapshot, now, settings, vocabulary, addresses, preview, tell, combined=combined, kept=kept)

    def once(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """A value that several documents share: made once if ``kept`` is given, else each time."""
        return self.kept.once(key, make) if self.kept else make()

    @property
    def is_served(self) -> bool:
        """Whether a server answers, which reads queries; False for pages that are files."""
        return self.combined is None

    def is_answered(self, selection: Selection) -> bool:
        """Whether there is an answer for a selection: a server has one for each, files are made of some of them."""
        return self.combined is None or (len(selection.terms) <= self.combined and not selection.without)

    @property
    def established(self) -> datetime:
        """The date in the newsroom's tag authority (RFC 4151). A feed without releases has this date."""
        year, month, day = (*self.vocabulary.newsroom.authority.partition(",")[2].split("-"), "1", "1")[:3]
        return datetime(int(year), int(month), int(day), tzinfo=UTC)

    def page(self, address: FeedAddress) -> Page | None:
        """The entries of a live or archive document of a feed. None if there is no such archive document."""
        # An export writes down what it asked, and cannot write down a count: no file has one.
        more = {"count": address.count} if address.count else {}
        return self.snapshot.pages.of(address.selection, self.now, address.archive, self.settings.entries, **more)

    def release(self, address: ReleaseAddress) -> VisibleRelease | Moved | Missing:
        """The release at an address that readers may see; else where it has moved, or that there is none."""
        releases, language = self.snapshot.releases, address.language
        if found := releases.at(language, address.path, self.now):
            return found
        if moved := releases.moved_to(language, address.path, self.now):
            return Moved(self.path(replace(address, path=moved)))
        return Missing(self.addresses.make(Front(language)))

    def archives(self, selection: Selection) -> int:
        """How many archive documents the feed of a selection has."""
        return self.snapshot.pages.archives(selection, self.now, self.settings.entries)

    def has_releases(self, selection: Selection) -> bool:
        """Whether readers find a release in a selection. Any other has a feed and a page, but nothing links to them."""
        return self.snapshot.pages.has_any(selection, self.now)

    def offered(self, selection: Selection) -> Selection:
        """The selection to offer for following: this one if it has releases, else all releases.

        Of these the ones in its language, else those in all languages. A search is what the reader made it, and is
        offered as it is.
        """
        everything = Selection(selection.language)
        mixed = [replace(everything, in_all_languages=True)] if len(self.addresses.languages) > 1 else []
        for each in (selection, everything, *mixed):
            if each.words or self.has_releases(each):
                return each
        return Selection(self.addresses.languages[0])

    def canonical(self, address: Address) -> Address | None:
        """The address with the slugs of terms, not their aliases, and nothing needless.

        None if a term is unknown, if all that is asked for is left out, or for a key that is not the newsroom's.
        """
        if isinstance(address, KeyFile):
            return address if address.key == self.vocabulary.newsroom.indexnow else None
        if not isinstance(address, FeedAddress | Headlines | Outline) or address.selection is None:
            return address
        asked = address.selection
        terms, without = self._known(asked.terms), self._known(asked.without)
        if terms is None or without is None:
            return None
        address = self.counted(address) if isinstance(address, FeedAddress) else address
        found = replace(asked, terms=terms, without=without)
        return None if found.is_contradictory else replace(address, selection=found.without_needless())

    def _known(self, asked: Terms) -> Terms | None:
        """Terms with their slugs instead of their aliases; None if one is unknown."""
        terms = {facet: [self.vocabulary.slug(facet, name) for name in names] for facet, names in asked}
        if any(None in slugs for slugs in terms.values()):
            return None
        return Selection.of("", {facet: filter(None, slugs) for facet, slugs in terms.items()}).terms

    def agreeable(self, asked: Address) -> FeedAddress | None:
        """If a feed leaves out all that it asks for: the same feed with nothing left out; None for any other."""
        if not isinstance(asked, FeedAddress) or not asked.selection.without:
            return None
        found = self.canonical(replace(asked, selection=replace(asked.selection, without=())))
        return found if isinstance(found, FeedAddress) and self.canonical(asked) is None else None

    def counted(self, address: FeedAddress) -> FeedAddress:
        """The address of a feed, without a count that equals a page's size: the plain feed shows no fewer releases.

        So caches, the hub and feed readers have one address for both.
        """
        return replace(address, count=0) if address.count == self.settings.entries else address

    def feed_formerly_at(self, path: str) -> Address | None:
        """The feed to which newsroom.yaml leads this old address of another program; None if it names none."""
        name = self.vocabulary.newsroom.feed_formerly_at(path)
        found = self.addresses.feed_named(name) if name else None
        return self.canonical(found) if found else None

    def words(self, language: str) -> Words:
        """What pages and feeds say in a language: in the newsroom's own words, else in the product's."""
        return self.vocabulary.words(language)

    def path(self, address: Address) -> str:
        """The path of an address on the server: the path of the base URL, then the newsroom's own."""
        return self.addresses.prefix + self.addresses.make(address)

    def own_path(self, url: str) -> str:
        """The path on the server of an absolute address of this newsroom, under whatever name the server is reached."""
        return self.addresses.prefix + url.removeprefix(self.addresses.base)

    def asset_path(self, name: str) -> str:
        """The path of an asset on the server."""
        return self.addresses.prefix + assets()[name].path

    @property
    def theme(self) -> Theme:
        """The newsroom's own theme; an empty one for pages without it."""
        return self.snapshot.theme if self.themed else Theme()

    @property
    def colour_path(self) -> str | None:
        """The path on the server of the style sheet with the newsroom's colour, if it has one."""
        own = own_style(self.vocabulary.newsroom)
        return self.addresses.prefix + own.path if own else None

    @property
    def page_style_paths(self) -> list[str]:
        """The paths on the server of the newsroom's own style sheets for pages, in the order in which they apply."""
        own = (own_style(self.vocabulary.newsroom), theme_style(self.theme))
        return [self.addresses.prefix + each.path for each in own if each]

    def asset_url(self, name: str) -> str:
        """The absolute address of an asset."""
        return self.addresses.base + assets()[name].path
