"""From a path to its answer: the document, the canonical address, or word that there is nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from feeds.addresses import Address, Directory, FeedAddress, Front, Outline, ReleasePage
from feeds.assets import A_YEAR, by_path
from feeds.catalogue import Snapshot
from feeds.document import Answer, Document, Missing, Moved
from feeds.formats import HTML
from feeds.publish import outlines, pages, streams
from feeds.publish.newsdesk import Newsdesk
from feeds.selection import Selection
from feeds.settings import Settings


@dataclass(frozen=True, slots=True)
class Desk:
    """Answers for every address of one newsroom."""

    settings: Settings

    def answer(self, snapshot: Snapshot, path: str, query: str, now: datetime) -> Answer:
        """What stands at a path at a moment: the same bytes on every replica.

        ``query`` is the raw query string; most addresses have no use for one and answer as if it were not there.
        """
        asset = by_path().get(path)
        if asset:
            return Document(asset.body, asset.media_type, pages.BEGINNING, shared=True, max_age=A_YEAR)
        desk = Newsdesk(snapshot, now, self.settings)
        asked = desk.addresses.parse(path)
        address = _resolved(asked, desk) if asked else None
        if address is None:
            return Missing(desk.addresses.make(Front(desk.addresses.languages[0])))
        canonical = desk.addresses.make(address)
        if canonical != path:
            return Moved(desk.addresses.prefix + canonical)
        found = self.document(address, desk)
        if isinstance(found, Document):
            return replace(found, until=snapshot.next_moment(now))
        return found

    def document(self, address: Address, desk: Newsdesk) -> Answer:
        """The document of a canonical address."""
        match address:
            case Front():
                return pages.front(desk, address)
            case Directory():
                return pages.directory(desk, address)
            case Outline():
                return outlines.outline(desk, address)
            case ReleasePage():
                return pages.release(desk, address)
            case FeedAddress(format=form) if form == HTML:
                return pages.selection(desk, address)
            case FeedAddress():
                return streams.feed(desk, address)


def _resolved(address: Address, desk: Newsdesk) -> Address | None:
    """The address with its terms by the slugs that count; None where a term is unknown."""
    if not isinstance(address, FeedAddress):
        return address
    terms = {}
    for facet, names in address.selection.terms:
        slugs = [desk.vocabulary.slug(facet, name) for name in names]
        if None in slugs:
            return None
        terms[facet] = [slug for slug in slugs if slug]
    asked = address.selection
    return replace(address, selection=Selection.of(asked.language, terms, corrections=asked.corrections))
