"""A newsroom with a hub, whose folder a test changes and whose feeds it looks at as a hub does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

from feeds.addresses import Addresses, FeedAddress
from feeds.catalogue import Catalogue, CatalogueFile, compile_folder
from feeds.document import Document
from feeds.formats import SYNDICATED
from feeds.model.selection import Selection
from feeds.publish import Desk
from feeds.publish.push_topics import is_topic
from feeds.settings import Settings
from feeds.websub.client import Reply
from feeds.websub.delivery import Courier
from tests.content.newsrooms import NEWSROOM, a_folder
from tests.makers import FACETS

NOON = datetime(2021, 6, 24, 12, 0, 0, tzinfo=UTC)
TOMORROW = NOON + timedelta(days=1)
BASE = "http://news.example"
HUB = "https://hub.example.net/"


@dataclass
class Office:
    """The folder, its catalogue, and the feeds as they stand."""

    path: Path
    hub: str = HUB
    base: str = BASE
    entries: int = 30
    place: CatalogueFile = field(init=False)

    def __post_init__(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        self.folder = a_folder(self.path, newsroom=f"{NEWSROOM}hub: {self.hub}\n" if self.hub else NEWSROOM)
        self.place = CatalogueFile(self.path / "catalogue.sqlite")

    @property
    def settings(self) -> Settings:
        return Settings(data=self.folder, catalogue=self.path, base_url=self.base, entries=self.entries)

    def release(self, name: str, /, title: str = "A release", published: datetime = NOON, **terms: str) -> None:
        """Writes a release as an editor's program does, in one step: ``countries="[MN]"``."""
        lines = [f"title: {title}", f"summary: {title}.", f"published: {published.isoformat(timespec='seconds')}"]
        lines += [f"{field}: {text}" for field, text in terms.items()]
        target = self.folder / "releases" / f"2021-06-24-{name}.yaml"
        draft = self.path / "draft"
        draft.write_text("\n".join([*lines, ""]), encoding="utf-8")
        draft.replace(target)

    def remove(self, name: str) -> None:
        (self.folder / "releases" / f"2021-06-24-{name}.yaml").unlink()

    def compile(self) -> None:
        compile_folder(self.folder, self.place, self.base, processes=1)

    def feed(self, address: str, now: datetime) -> bytes:
        """The bytes at the address of a feed."""
        with Catalogue(self.place.path).reading() as snapshot:
            document = Desk(self.settings).answer(snapshot, address.removeprefix(self.base), "", now)
        assert isinstance(document, Document)
        return document.body

    def feeds(self, now: datetime, *languages: str) -> dict[str, bytes]:
        """By address, the bytes of every feed that a hub is told of, combinations without a release included.

        In every language if none is named.
        """
        with Catalogue(self.place.path).reading() as snapshot:
            vocabulary = snapshot.vocabulary
            addresses = Addresses.of(vocabulary, snapshot.base_url)
            slugs = [[None, *(term.slug for term in vocabulary.terms.get(facet, ()))] for facet in FACETS]
            found = {}
            for language, chosen, corrections in product(
                languages or addresses.languages, product(*slugs), (False, True)
            ):
                terms = {facet: [slug] for facet, slug in zip(FACETS, chosen, strict=True) if slug}
                for form in SYNDICATED:
                    address = FeedAddress(Selection.of(language, terms, corrections=corrections), form)
                    if is_topic(address):
                        document = Desk(self.settings).answer(snapshot, addresses.make(address), "", now)
                        assert isinstance(document, Document)
                        found[addresses.absolute(address)] = document.body
            return found


@dataclass
class Listener:
    """A hub that is told directly, and answers as a test says."""

    status: int = 202
    refuses: frozenset[str] = frozenset()
    retry_after: int = 0
    heard: list[str] = field(default_factory=list)
    asked: int = 0

    def __call__(self, hub: str, feed: str) -> Reply:
        self.asked += 1
        status = 400 if feed in self.refuses else self.status
        if 200 <= status < 300:
            self.heard.append(feed)
        return Reply(status, "" if status else "no route to host", self.retry_after)

    def told(self) -> list[str]:
        """What was heard since last asked, sorted."""
        heard, self.heard = sorted(self.heard), []
        return heard


@dataclass
class Round:
    """A courier and the moment it is: turns are taken by hand."""

    office: Office
    hub: Listener = field(default_factory=Listener)
    now: datetime = NOON

    def __post_init__(self) -> None:
        self.courier = Courier(self.office.place.path, self.office.settings, tell=self.hub)

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)

    def turns(self) -> list[str]:
        """Compiles and lets the courier notice, settle and send; what the hub heard."""
        self.office.compile()
        self.courier.turn(self.now)
        self.wait(seconds=1)
        while self.courier.turn(self.now):
            pass
        return self.hub.told()


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """The addresses of the feeds whose bytes are others."""
    return sorted(address for address in after if before.get(address) != after[address])
