"""The newsroom at one moment: what every document of it has in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from feeds.addresses import Addresses, FeedAddress
from feeds.assets import assets
from feeds.catalogue import Page, Snapshot
from feeds.i18n import Words
from feeds.model.facets import Facet
from feeds.model.fields import in_language
from feeds.model.selection import Selection
from feeds.model.vocabulary import Vocabulary
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
        return Addresses.of(self.vocabulary, self.snapshot.base_url)

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
            for facet, slugs in selection.in_order(self.vocabulary.facet_names)
        ]
        if selection.corrections:
            parts.append(words.say("Corrections and withdrawals"))
        if selection.words:
            parts.append(words.say("“{words}”", words=" ".join(selection.words)))
        return words.say(", ").join(parts)

    def facet_label(self, facet: Facet, language: str) -> str:
        """What a facet's terms are called together: as the newsroom says, else as the product does in that language."""
        labels = facet.labels or {}
        if language in labels or (labels and "en" not in labels):
            return in_language(labels, language)
        return Words.of(language).translated(facet.english_label)

    def label(self, facet: str, slug: str, language: str) -> str:
        """What a term is called."""
        term = self.vocabulary.term(facet, slug)
        return term.label(language) if term else slug

    def title(self, selection: Selection) -> str:
        """A feed's title: the newsroom's name, and what it is about."""
        subject = self.subject(selection)
        name = self.newsroom_title(selection.language)
        return f"{name} – {subject}" if subject else name
