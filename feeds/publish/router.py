"""From a path to its answer: the document, the canonical address, or word that there is nothing."""

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
from feeds.publish.canonical import resolved
from feeds.publish.context import Newsdesk
from feeds.publish.pages import directory, embed, front, release, selection
from feeds.settings import Settings

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
"""What the program's own files say of when they changed: their addresses change with them."""

FAVICON = "/favicon.ico"
"""Where browsers look for an icon, whatever a page says: those that show a feed have no page to go by."""
A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Desk:
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
        desk = Newsdesk(snapshot, now, self.settings, self.preview)
        asked = desk.addresses.parse(path, query)
        address = resolved(asked, desk) if asked else None
        if address is None:
            return Missing(desk.addresses.make(Front(desk.addresses.language_of(path))))
        if not desk.addresses.is_canonical(address, path, query):
            choice = f"?{query}" if query and isinstance(address, Directory) else ""
            return Moved(desk.addresses.prefix + desk.addresses.make(address) + choice)
        found = self.document(address, desk, query)
        if isinstance(found, Document):
            if query and (isinstance(address, Directory) or "?" in desk.addresses.make(address)):
                found = _dated_by_the_newsroom(found, desk)
            return replace(found, until=min(found.until or LATEST, snapshot.next_moment(now) or LATEST))
        return found

    def missing(self, snapshot: Snapshot, path: str, hint: str | None, now: datetime, *, gone: bool = False) -> bytes:
        """The page for a path with nothing at it (any longer); ``hint`` is where to look instead, if that is known."""
        desk = Newsdesk(snapshot, now, self.settings, self.preview)
        language = desk.addresses.language_of(path)
        return front.missing(desk, language, hint or desk.addresses.make(Front(language)), gone=gone)

    def document(self, address: Address, desk: Newsdesk, query: str = "") -> Answer:
        """The document of a canonical address."""
        match address:
            case Front():
                return front.front(desk, address)
            case Directory():
                return directory.directory(desk, address, query)
            case InfoPage():
                return front.plain(desk, address)
            case Outline():
                return opml.outline(desk, address)
            case ReleasePage():
                return release.release(desk, address)
            case FeedAddress(format=form) if form == HTML:
                return selection.selection(desk, address)
            case FeedAddress():
                return feed.feed(desk, address)
            case Headlines() | Embedding() | OEmbed():
                return embed.answer(desk, address, query)
            case Sitemap() | Robots():
                return sitemaps.answer(desk, address)


def _dated_by_the_newsroom(found: Document, desk: Newsdesk) -> Document:
    """What was made for one question: it has changed whenever the newsroom did.

    A release that leaves what was found leaves no newer date behind; so the newsroom's own date stands for all.
    """
    changed = max(found.last_modified, desk.snapshot.last_moment(desk.now) or desk.established)
    return replace(found, last_modified=changed)
