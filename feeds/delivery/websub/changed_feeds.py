"""Finds the feeds whose bytes have changed since the last look."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from feeds.addresses import FeedAddress
from feeds.catalogue import Snapshot
from feeds.memory.websub_outbox import DigestBasis, FeedChanges, WebSubOutbox
from feeds.model.formats import SYNDICATED
from feeds.model.retirement import retirement_moments
from feeds.model.selection import Selection
from feeds.publish import Router
from feeds.publish.context import Context
from feeds.publish.document import Document
from feeds.publish.websub_topics import permanent_topics, topics_in_all_languages, topics_of_release
from feeds.settings import Settings


def changed_feeds(snapshot: Snapshot, outbox: WebSubOutbox, settings: Settings, now: datetime) -> FeedChanges:
    """Compares the digests of feeds at ``now`` with those of the last look.

    Only feeds of releases that came, went or changed are rendered. The first look with a hub pushes nothing, because
    nobody could subscribe before.
    """
    last = outbox.basis()
    changed = snapshot.changes(last.noted if last else None, last.until if last else now, now)
    basis = _basis(snapshot, settings, changed.upto, now)
    start_over = last is None or last.subscribed_at != basis.subscribed_at
    context = Context.of(snapshot, now, settings)
    ended = last is not None and any(last.until < end <= now for end in retirement_moments(context.vocabulary))
    everything = last is None or start_over or changed.everything or last.limits != basis.limits or ended
    tags = changed.tags | (snapshot.visible_tags(now) if everything else frozenset())
    affected = {selection for each in tags for selection in topics_of_release(each.language, each.terms)}
    affected |= set(topics_in_all_languages(context.vocabulary)) if tags else set()
    if last and not everything:
        affected |= {twin for each in affected for twin in _relinked(each, context, last.until)}
    else:
        affected |= {*permanent_topics(context.vocabulary), *_selections(outbox.paths(), context)}
    digests: dict[str, bytes | None] = {}
    to_push = set()
    for path, digest, holds_any in _digests(affected, context):
        before = None if start_over else outbox.digest(path)
        if digest != before:
            digests[path] = digest
            # A new feed is pushed only if it holds a release. A feed that is gone is not: the hub could not fetch it.
            if digest is not None and (before is not None or holds_any) and not start_over:
                to_push.add(path)
    return FeedChanges(basis, digests, frozenset(to_push), start_over)


def _basis(snapshot: Snapshot, settings: Settings, noted: str, now: datetime) -> DigestBasis:
    hub = snapshot.vocabulary.newsroom.hub
    return DigestBasis(f"{hub} {snapshot.base_url}", str(settings.entries), now, noted)


_RECENT = timedelta(hours=1)
"""How long before the last look a feed may have got its first release without that look seeing it."""


def _relinked(selection: Selection, context: Context, last_look: datetime) -> Iterator[Selection]:
    """The selection in the other languages, if its feed has just got its first release, or lost its last one.

    The feeds there link to it from now on, or no longer.
    """
    since = context.snapshot.pages.turned(selection, context.now)
    if since and since > last_look - _RECENT:
        languages = context.addresses.languages
        yield from (replace(selection, language=each) for each in languages if each != selection.language)


def _selections(paths: Iterable[str], context: Context) -> Iterator[Selection]:
    for path in paths:
        address = context.addresses.parse(path)
        if isinstance(address, FeedAddress):
            yield address.selection


def _digests(selections: Iterable[Selection], context: Context) -> Iterator[tuple[str, bytes | None, bool]]:
    """By feed: path, digest of its bytes (None if there is no such feed), and whether it holds a release."""
    router = Router(context.settings)
    for selection in sorted(selections):
        exists = selection.language in context.addresses.languages and all(
            context.vocabulary.slug(facet, slug) == slug for facet, slugs in selection.terms for slug in slugs
        )
        page = context.page(FeedAddress(selection)) if exists else None
        for form in SYNDICATED:
            address = FeedAddress(selection, form)
            document = router.document(address, context) if exists else None
            body = document.body if isinstance(document, Document) else None
            digest = None if body is None else hashlib.blake2b(body, digest_size=16).digest()
            yield context.addresses.make(address), digest, bool(page and page.editions)
