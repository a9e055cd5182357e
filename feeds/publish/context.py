"""The newsroom at one moment: what every document is made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from feeds.addresses import Addresses, FeedAddress
from feeds.assets import assets
from feeds.catalogue import Page, Snapshot
from feeds.model.vocabulary import Vocabulary
from feeds.settings import Settings


@dataclass(frozen=True, slots=True)
class Context:
    """A snapshot of the catalogue, the moment for which it is asked, and what follows from the two."""

    snapshot: Snapshot
    now: datetime
    settings: Settings
    vocabulary: Vocabulary
    addresses: Addresses
    preview: str = ""
    """Stands before the newsroom's title in a preview for editors; empty for readers."""

    @classmethod
    def of(cls, snapshot: Snapshot, now: datetime, settings: Settings, preview: str = "") -> Self:
        """The context of a snapshot. Raises CatalogueError if the newsroom in it cannot be read."""
        vocabulary = snapshot.vocabulary
        return cls(snapshot, now, settings, vocabulary, Addresses.of(vocabulary, snapshot.base_url), preview)

    @property
    def established(self) -> datetime:
        """The date in the newsroom's authority: it is the date of a feed without any release."""
        year, month, day = (*self.vocabulary.newsroom.authority.partition(",")[2].split("-"), "1", "1")[:3]
        return datetime(int(year), int(month), int(day), tzinfo=UTC)

    def page(self, address: FeedAddress) -> Page | None:
        """The entries of a feed's live or archive document; None for an archive document that is not there."""
        limit = self.settings.kilobytes * 1024 // 2
        return self.snapshot.pages.of(address.selection, self.now, address.archive, self.settings.entries, limit)

    def asset(self, name: str) -> str:
        """The whole address of an asset."""
        return self.addresses.base + assets()[name].path
