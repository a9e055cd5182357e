"""A newsroom with a hub, whose folder a test changes and whose feeds it looks at as a hub does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

from feeds.addresses import Addresses, FeedAddress
from feeds.delivery.http_client import Reply
from feeds.delivery.websub.delivery import WebSubDelivery
from feeds.model.formats import SYNDICATED
from feeds.model.selection import Selection
from feeds.publish import Router
from feeds.publish.document import Document
from feeds.publish.websub_topics import is_topic
from tests.content.newsrooms import PROJECTS, TOPICS
from tests.makers import FACETS, LANGUAGES, NEWSROOM, Bench, a_newsroom, write, yaml

NOON = datetime(2021, 6, 24, 12, 0, 0, tzinfo=UTC)
TOMORROW = NOON + timedelta(days=1)
BASE = "http://news.example"
HUB = "https://hub.example.net/"


class Office(Bench):
    """A newsroom that names a hub, in the hands of an editor."""

    def __init__(
        self,
        path: Path,
        *,
        hub: str = HUB,
        base_url: str = BASE,
        entries: int = 30,
        languages: str = ", ".join(LANGUAGES),
    ) -> None:
        newsroom = f"{NEWSROOM}hub: {hub}\n".replace(f"[{', '.join(LANGUAGES)}]", f"[{languages}]")
        folder = a_newsroom(path, newsroom=newsroom, projects=PROJECTS, topics=TOPICS)
        super().__init__(folder, base_url=base_url, entries=entries)
        self.hub = hub
        self.base_url = base_url

    def release(self, name: str, /, title: str = "A release", published: datetime = NOON, **fields: Any) -> None:
        """Writes a release: ``countries=["MN"]``."""
        write(self.folder, _file(name), yaml(title=title, summary=f"{title}.", published=published, **fields))

    def remove(self, name: str) -> None:
        """Deletes one."""
        (self.folder / "releases" / _file(name)).unlink()

    def feed(self, address: str, now: datetime) -> bytes:
        """The bytes at the address of a feed."""
        return self.document(address.removeprefix(self.base_url), now).body

    def feeds(self, now: datetime, *languages: str) -> dict[str, bytes]:
        """By address, the bytes of every feed that a hub is told of, combinations without a release included.

        In every language if none is named.
        """
        with self.catalogue.reading() as snapshot:
            vocabulary = snapshot.vocabulary
            addresses = Addresses.of(vocabulary, snapshot.base_url)
            slugs = [[None, *(term.slug for term in vocabulary.terms.get(facet, ()))] for facet in FACETS]
            found = {}
            for language, chosen, corrections, mixed in product(
                languages or addresses.languages, product(*slugs), (False, True), (False, True)
            ):
                terms = {facet: [slug] for facet, slug in zip(FACETS, chosen, strict=True) if slug}
                for form in SYNDICATED:
                    address = FeedAddress(
                        Selection.of(language, terms, corrections=corrections, in_all_languages=mixed), form
                    )
                    if is_topic(address):
                        document = Router(self.settings).answer(snapshot, addresses.make(address), "", now)
                        assert isinstance(document, Document)
                        found[addresses.absolute(address)] = document.body
            return found


def _file(name: str) -> str:
    return f"2021-06-24-{name}.yaml"


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
    """A delivery and the moment it is: turns are taken by hand."""

    office: Office
    hub: Listener = field(default_factory=Listener)
    now: datetime = NOON

    def __post_init__(self) -> None:
        self.delivery = WebSubDelivery(self.office.location, self.office.settings, notify=self.hub)

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)

    def turns(self) -> list[str]:
        """Compiles and lets the delivery notice, settle and send; what the hub heard."""
        self.office.compile()
        self.delivery.turn(self.now)
        self.wait(seconds=1)
        while self.delivery.turn(self.now):
            pass
        return self.hub.told()


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """The addresses of the feeds whose bytes are others."""
    return sorted(address for address in after if before.get(address) != after[address])
