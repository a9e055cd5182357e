"""Which feeds changed since the hub was last thought of: those whose bytes are others, and no more."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime

from feeds.addresses import FeedAddress
from feeds.catalogue.push_outbox import Account, Ledger, Notice
from feeds.document import Document
from feeds.formats import SYNDICATED
from feeds.model.retirement import retirement_moments
from feeds.model.selection import Selection
from feeds.publish import Desk
from feeds.publish.context import Newsdesk
from feeds.publish.push_topics import standing_topics, topics_with
from feeds.settings import Settings


def notice(ledger: Ledger, settings: Settings, now: datetime) -> Notice:
    """Compares the feeds that may have changed with what they were.

    The cost is that of the feeds which hold a release that came, went or changed. A first look finds everything as
    it stands and nothing to tell: what was there before anybody could subscribe is no news.
    """
    last = ledger.account()
    account = _account(ledger, settings, now)
    anew = last is None or last.audience != account.audience
    changed = ledger.changes(last.until if last else now, now)
    desk = Newsdesk(ledger.snapshot, now, settings)
    ended = last is not None and any(last.until < end <= now for end in retirement_moments(desk.vocabulary))
    everything = last is None or anew or changed.everything or last.measure != account.measure or ended
    bearings = changed.bearings | (ledger.all_bearings(now) if everything else frozenset())
    affected = {selection for bearing in bearings for selection in topics_with(bearing.language, bearing.terms)}
    if everything:
        affected |= {*standing_topics(desk.vocabulary), *_selections(ledger.known(), desk)}
    digests: dict[str, bytes | None] = {}
    told = set()
    for path, digest, held in _digests(affected, desk):
        before = None if anew else ledger.digest(path)
        if digest != before:
            digests[path] = digest
            # A feed that was not there can be news only by what it holds; one that is no more cannot be fetched.
            if digest is not None and (before is not None or held) and not anew:
                told.add(path)
    return Notice(account, changed.upto, digests, frozenset(told), anew)


def _account(ledger: Ledger, settings: Settings, now: datetime) -> Account:
    hub = ledger.snapshot.vocabulary.newsroom.hub
    return Account(f"{hub} {ledger.snapshot.base_url}", f"{settings.entries} {settings.kilobytes}", now)


def _selections(paths: Iterable[str], desk: Newsdesk) -> Iterator[Selection]:
    for path in paths:
        address = desk.addresses.parse(path)
        if isinstance(address, FeedAddress):
            yield address.selection


def _digests(selections: Iterable[Selection], desk: Newsdesk) -> Iterator[tuple[str, bytes | None, bool]]:
    """Each feed's path, the digest of its bytes (None if there is no such feed), and whether it holds a release."""
    publishing = Desk(desk.settings)
    for selection in sorted(selections):
        known = selection.language in desk.addresses.languages and all(
            desk.vocabulary.slug(facet, slug) == slug for facet, slugs in selection.terms for slug in slugs
        )
        page = desk.page(FeedAddress(selection)) if known else None
        for form in SYNDICATED:
            address = FeedAddress(selection, form)
            document = publishing.document(address, desk) if known else None
            body = document.body if isinstance(document, Document) else None
            digest = None if body is None else hashlib.blake2b(body, digest_size=16).digest()
            yield desk.addresses.make(address), digest, bool(page and page.editions)
