"""Finds the answer for a path: a document, a redirect to the canonical address, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from feeds.addresses import (
    Address,
    Directory,
    Embedding,
    FeedAddress,
    Front,
    Headlines,
    InfoPage,
    KeyFile,
    OEmbed,
    Outline,
    ReleaseCard,
    ReleaseImage,
    ReleaseMarkdown,
    ReleasePage,
    Robots,
    Search,
    Sitemap,
    Verification,
    YearPage,
    is_count,
    is_theme,
    parse_media,
)
from feeds.catalogue import Snapshot
from feeds.model.formats import HTML
from feeds.model.moments import LATEST
from feeds.publish import feed, markdown_twin, oembed, opml, own_pictures, release_image, sitemaps
from feeds.publish.assets import A_YEAR, by_path, embed_scripts, favicon
from feeds.publish.context import Context
from feeds.publish.document import Answer, Document, Missing, Moved, StoredFile, SurrogateKeys
from feeds.publish.own_style import is_former_theme, own_style_at, theme_style
from feeds.publish.pages import directory, embed, front, release, release_card, search, selection, verify, year
from feeds.publish.surrogate_keys import ALL, document_keys, file_keys
from feeds.publish.value_cache import ValueCache
from feeds.publish.verification import Refusal
from feeds.settings import Settings

ASSETS_DATE = datetime(2020, 1, 1, tzinfo=UTC)
"""The date of static files. It never changes, because a changed file has another address."""

FAVICON = "/favicon.ico"
"""The path where browsers look for an icon if a document names none, as with feeds."""
A_DAY = 86_400
"""Seconds."""


_Cached = TypeVar("_Cached", Document, StoredFile)


@dataclass(frozen=True, slots=True)
class Router:
    """Answers for all addresses of a newsroom."""

    settings: Settings
    preview: str = ""
    """A mark before every title, in a preview for editors; empty for readers."""
    combined: int | None = None
    """For pages that are files: see `Context`."""
    kept: ValueCache | None = None
    """For whoever makes many documents of one snapshot and moment: see `Context`."""

    def answer(self, snapshot: Snapshot, path: str, query: str, now: datetime) -> Answer:
        """The answer for a path at a moment, the same on every server.

        ``query`` is the raw query string; most addresses ignore it.
        """
        file = self._file(snapshot, path, now)
        if isinstance(file, Document) and self._has_caches:
            return self._for_caches(file, (ALL,), 0)
        if isinstance(file, StoredFile) and self._has_caches:
            return self._for_caches(file, file_keys(file.digest), A_DAY)
        if file:
            return file
        context = self._context(snapshot, now)
        asked = context.addresses.parse(path, query)
        address = context.canonical(asked) if asked else None
        if address is None:
            if asked and (near := context.agreeable(asked)):
                return Missing(context.addresses.make(near.as_format(HTML)))
            return _feed_formerly_at(path, context) or _release_formerly_at(path, context)
        if not context.addresses.is_canonical(address, path, query):
            kept_query = f"?{query}" if query and type(address) in _MADE_OF_QUERIES else ""
            return Moved(context.path(address) + kept_query)
        found = self.document(address, context, query)
        if isinstance(found, Document):
            found = replace(
                found,
                last_modified=found.last_modified if _has_own_date(address) else _newsroom_date(found, context),
                until=min(found.until or LATEST, snapshot.next_moment(now) or LATEST),
            )
            if self._has_caches:
                lifetime = A_DAY if not query or _is_one_of_few(address, query) else 0
                found = self._for_caches(found, document_keys(context, address), lifetime)
        return found

    @property
    def _has_caches(self) -> bool:
        """Whether there are caches that are told of changes. None of them holds a preview."""
        return bool(self.settings.cache_keys) and not self.preview

    def _for_caches(self, answer: _Cached, keys: tuple[str, ...], lifetime: int) -> _Cached:
        return replace(answer, surrogate=SurrogateKeys(self.settings.cache_keys, keys, lifetime))

    def _file(self, snapshot: Snapshot, path: str, now: datetime) -> Answer | None:
        """The answer for the path of a file: the product's, the newsroom's own, or one beside a release."""
        asset = by_path().get(path) or (own_style_at(path, snapshot) if path.endswith(".css") else None)
        if asset:
            return Document(asset.body, asset.media_type, ASSETS_DATE, shared=True, max_age=A_YEAR)
        if is_former_theme(path) and (sheet := theme_style(snapshot.theme)):
            # A cache may still have a page that names it.
            return Moved(self._context(snapshot, now).addresses.prefix + sheet.path, permanent=False)
        script = embed_scripts.by_path().get(path)
        if script:
            return Document(script.body, embed_scripts.MEDIA_TYPE, ASSETS_DATE, shared=True, max_age=A_YEAR)
        if path == FAVICON:
            icon = own_pictures.favicon_path(self._context(snapshot, now))
            return Moved(icon, permanent=False) if icon else Document(*favicon(), ASSETS_DATE, max_age=A_DAY)
        if file := parse_media(path):
            own = own_pictures.media_type_of(snapshot.vocabulary, snapshot.theme, *file)
            kind = own or snapshot.media.type_of(*file, now)
            return StoredFile(*file, kind) if kind else Missing("")
        return None

    def takes_passages(self, snapshot: Snapshot, path: str, now: datetime) -> bool:
        """Whether a path is that of the page to which passages are sent."""
        return isinstance(self._context(snapshot, now).addresses.parse(path), Verification)

    def verified(self, snapshot: Snapshot, path: str, passage: str | Refusal, now: datetime) -> Document:
        """The page with the answer for a passage, in the language of a path."""
        context = self._context(snapshot, now)
        return verify.answer_page(context, Verification(context.addresses.language_of(path)), passage)

    def missing(
        self, snapshot: Snapshot, path: str, hint: str | None, now: datetime, *, gone: bool = False
    ) -> Document:
        """The page for a 404 or 410. ``hint`` is the path of a page to read instead, if there is one."""
        context = self._context(snapshot, now)
        language = context.addresses.language_of(path)
        return front.missing_page(context, language, hint or context.addresses.make(Front(language)), gone=gone)

    def _context(self, snapshot: Snapshot, now: datetime) -> Context:
        return Context.of(snapshot, now, self.settings, self.preview, combined=self.combined, kept=self.kept)

    def document(self, address: Address, context: Context, query: str = "") -> Answer:
        """The document of a canonical address."""
        if isinstance(address, FeedAddress):
            make = selection.selection_page if address.format == HTML else feed.feed_document
            return make(context, address)
        if asked := _MADE_OF_QUERIES.get(type(address)):
            return asked(context, address, query)
        return _MADE[type(address)](context, address)


_MADE: Mapping[type[Address], Callable[[Context, Any], Answer]] = {
    Front: front.front_page,
    InfoPage: front.info_page,
    YearPage: year.year_page,
    Verification: verify.verification_page,
    ReleaseImage: release_image.release_image,
    ReleaseMarkdown: markdown_twin.markdown_document,
    ReleasePage: release.release_page,
    Headlines: embed.headlines_document,
    ReleaseCard: release_card.release_card,
    Outline: opml.opml_document,
    Sitemap: sitemaps.sitemap_document,
    Robots: sitemaps.sitemap_document,
    KeyFile: sitemaps.sitemap_document,
}
"""What makes the document of an address."""
_MADE_OF_QUERIES: Mapping[type[Address], Callable[[Context, Any, str], Answer]] = {
    Directory: directory.directory_page,
    Search: search.search_page,
    Embedding: embed.embed_page,
    OEmbed: oembed.oembed_answer,
}
"""The same, where the document depends on the query."""


def _feed_formerly_at(path: str, context: Context) -> Moved | None:
    """Where a feed is now that another program had at this path, as newsroom.yaml says."""
    found = context.feed_formerly_at(path)
    return Moved(context.path(found)) if found else None


def _release_formerly_at(path: str, context: Context) -> Moved | Missing:
    """Where a release is now that another program had at this path."""
    found = context.snapshot.releases.formerly_at(path, context.now)
    if found is None:
        return Missing(context.addresses.make(Front(context.addresses.language_of(path))))
    return Moved(context.path(ReleasePage(*found)))


def _is_one_of_few(address: Address, query: str) -> bool:
    """Whether caches may keep the answer to a query for long. Anybody can make up others; counts and themes are few."""
    match address:
        case FeedAddress(count=count):
            return count > 0 and is_count(query)
        case Headlines(theme=theme) | ReleaseCard(theme=theme):
            return theme != "" and is_theme(query)
    return False


def _has_own_date(address: Address) -> bool:
    """Whether a document's own date says when it last changed: so for feeds, whose places are remembered.

    Not for feeds with search words or left-out terms: nobody remembers when a release began or ceased to be in one.
    """
    if not isinstance(address, FeedAddress):
        return False
    return address.format != HTML and not (address.selection.words or address.selection.without)


def _newsroom_date(found: Document, context: Context) -> datetime:
    """The date of a page, list or search: the newsroom's date of change if that is later than its own.

    Any change of the newsroom may have changed it, and a release that leaves it takes its date along.
    """
    return max(found.last_modified, context.snapshot.last_change(context.now) or context.established)
