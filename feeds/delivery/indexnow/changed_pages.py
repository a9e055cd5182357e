"""Finds the pages of releases whose content has changed since the last look."""

from __future__ import annotations

from datetime import datetime

from feeds.addresses import Addresses, ReleasePage
from feeds.catalogue import Snapshot
from feeds.memory.indexnow_outbox import IndexBasis, IndexNowOutbox, PageChanges


def changed_pages(snapshot: Snapshot, outbox: IndexNowOutbox, now: datetime) -> PageChanges:
    """Compares what releases say at ``now`` with what they said at the last look.

    Only releases that came, went or changed are looked at. The first look with a key finds nothing: search engines
    learn of the existing pages from the sitemap. Releases that live on another site are left out, as in the sitemap.
    """
    last = outbox.basis()
    vocabulary = snapshot.vocabulary
    registered_as = f"{vocabulary.newsroom.indexnow} {snapshot.base_url}"
    start_over = last is None or last.registered_as != registered_as
    since, noted = (now, None) if last is None or start_over else (last.until, last.noted)
    changed = snapshot.changes(noted, since, now)
    addresses = Addresses.of(vocabulary, snapshot.base_url)

    def path_of(language: str, path: str) -> str:
        return addresses.make(ReleasePage(language, path))

    if changed.everything or start_over:
        found = {path_of(*page): digest for page, digest in snapshot.releases.digests(now).items()}
        before = {} if start_over else outbox.digests()
        pages = before.keys() | found.keys()
    else:
        asked = {(note.tags.language, note.path) for note in changed.releases}
        found = {path_of(*page): digest for page, digest in snapshot.releases.digests(now, asked).items()}
        pages = {path_of(*page) for page in asked}
        before = {page: digest for page in pages if (digest := outbox.digest(page))}
    digests = {page: found.get(page) for page in pages if found.get(page) != before.get(page)}
    basis = IndexBasis(registered_as, now, changed.upto)
    return PageChanges(basis, digests, frozenset() if start_over else frozenset(digests), start_over)
