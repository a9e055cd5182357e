"""Finds the answer for a path: its document, a redirect to its canonical address, or that there is nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from feeds.addresses import (
    Address,
    Directory,
    Embedding,
    FeedAddress,
    Front,
    Headlines,
    InfoPage,
    OEmbed,
    Outline,
    ReleasePage,
    Robots,
    Sitemap,
)
from feeds.assets import A_YEAR, by_path, embed_scripts, favicon
from feeds.catalogue import Snapshot
from feeds.document import Answer, Document, Missing, Moved
from feeds.formats import HTML
from feeds.model.fields import LATEST
from feeds.publish import feed, opml, sitemaps
from feeds.publish.context import Context
from feeds.publish.pages import directory, embed, front, release, selection
from feeds.settings import Settings

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
"""What the program's own files say of when they changed: their addresses change with them."""

FAVICON = "/favicon.ico"
"""Where browsers look for an icon, whatever a page says: those that show a feed have no page to go by."""
A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Router:
    """Answers for every address of one newsroom."""

    settings: Settings
    preview: str = ""
    """What marks every title of a newsroom that is for editors only."""

    def answer(self, snapshot: Snapshot, path: str, query: str, now: datetime) -> Answer:
        """What stands at a path at a moment: the same bytes on every replica.

        ``query`` is the raw query string; most addresses have no use for one and answer as if it were not there.
        """
        asset = by_path().get(path)
        if asset:
            return Document(asset.body, asset.media_type, BEGINNING, shared=True, max_age=A_YEAR)
        script = embed_scripts.by_path().get(path)
        if script:
            return Document(script.body, embed_scripts.MEDIA_TYPE, BEGINNING, shared=True, max_age=A_YEAR)
        if path == FAVICON:
            return Document(*favicon(), BEGINNING, max_age=A_DAY)
        context = Context.of(snapshot, now, self.settings, self.preview)
        asked = context.addresses.parse(path, query)
        address = context.canonical(asked) if asked else None
        if address is None:
            return Missing(context.addresses.make(Front(context.addresses.language_of(path))))
        if not context.addresses.is_canonical(address, path, query):
            choice = f"?{query}" if query and isinstance(address, Directory) else ""
            return Moved(context.path(address) + choice)
        found = self.document(address, context, query)
        if isinstance(found, Document):
            if query and (isinstance(address, Directory) or "?" in context.addresses.make(address)):
                found = _dated_by_the_newsroom(found, context)
            return replace(found, until=min(found.until or LATEST, snapshot.next_moment(now) or LATEST))
        return found

    def missing(self, snapshot: Snapshot, path: str, hint: str | None, now: datetime, *, gone: bool = False) -> bytes:
        """The page for a path with nothing at it (any longer); ``hint`` is where to look instead, if that is known."""
        context = Context.of(snapshot, now, self.settings, self.preview)
        language = context.addresses.language_of(path)
        return front.missing_page(context, language, hint or context.addresses.make(Front(language)), gone=gone)

    def document(self, address: Address, context: Context, query: str = "") -> Answer:
        """The document of a canonical address."""
        match address:
            case Front():
                return front.front_page(context, address)
            case Directory():
                return directory.directory_page(context, address, query)
            case InfoPage():
                return front.info_page(context, address)
            case Outline():
                return opml.opml_document(context, address)
            case ReleasePage():
                return release.release_page(context, address)
            case FeedAddress(format=form) if form == HTML:
                return selection.selection_page(context, address)
            case FeedAddress():
                return feed.feed_document(context, address)
            case Headlines() | Embedding() | OEmbed():
                return embed.embed_answer(context, address, query)
            case Sitemap() | Robots():
                return sitemaps.sitemap_document(context, address)


def _dated_by_the_newsroom(found: Document, context: Context) -> Document:
    """What was made for one question: it has changed whenever the newsroom did.

    A release that leaves what was found leaves no newer date behind; so the newsroom's own date stands for all.
    """
    changed = max(found.last_modified, context.snapshot.last_moment(context.now) or context.established)
    return replace(found, last_modified=changed)
