"""A year of late, retagged, deleted, hidden and restored releases: each is new once, and no closed page changes."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

import pytest
from werkzeug.test import Client as Browser

from tests.conftest import Seed
from tests.makers import a_newsroom, write, yaml
from tests.servers import answering
from tests.year.clients import AtomClient, Client, JsonFeedClient, RssClient
from tests.year.served import Served

BEGINNING = datetime(2021, 1, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
STEPS = 120
FEEDS = (
    *("all", "country/cn", "country/cn+mn/topic/wages", "project/score/topic/wages", "corrections"),
    *("all-languages", "country/cn/all-languages", "corrections/all-languages"),
)
COUNTRIES, PROJECTS, TOPICS = ((), ("CN",), ("MN",), ("CN", "MN")), ((), ("score",)), ((), ("wages",))
FORMS = ("json", "atom", "rss")


@dataclass
class Release:
    """A release as it stands in its file, and what readers may see of it."""

    number: int
    fields: dict[str, Any]
    updated: datetime
    shown: bool = True
    corrected: bool = False

    @property
    def name(self) -> str:
        return f"2020/2020-01-01-number-{self.number}.yaml"

    @property
    def id(self) -> str:
        suffix = "" if self.fields["language"] == "en" else f".{self.fields['language']}"
        return f"tag:example.org,2020-01-01:number-{self.number}{suffix}"

    def is_in(self, feed: str) -> bool:
        """Whether a feed holds it."""
        if not feed.endswith("all-languages") and self.fields["language"] != "en":
            return False
        if feed.startswith("corrections"):
            return self.shown and self.corrected
        wanted = re.findall(r"(country|project|topic)/([a-z+-]+)", feed)
        own = {"country": self.fields["countries"], "project": self.fields["projects"], "topic": self.fields["topics"]}
        return self.shown and all(
            {*slugs.split("+")} & {each.lower() for each in own[facet]} for facet, slugs in wanted
        )


@dataclass
class Subscriber:
    """A client that keeps state, how often it polls, and what it knows of each feed."""

    client: Client
    every: int
    known: dict[str, dict[str, datetime]] = field(default_factory=dict)


class Disorder:
    """Editors who do everything late, and those who read."""

    def __init__(self, path: Path, base: str, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311  # to repeat a failure, not to hide a secret
        self.folder = a_newsroom(path)
        self.served = Served(self.folder, base, BEGINNING, entries=8)
        self.releases: list[Release] = []
        self.touched: set[str] = set()
        self.done: Counter[str] = Counter()
        self.atom = AtomClient()
        self.subscribers = [Subscriber(JsonFeedClient(), 1), Subscriber(self.atom, 3), Subscriber(RssClient(), 5)]
        self.dated: dict[str, tuple[str, bytes]] = {}
        self.closed: dict[str, bytes] = {}
        self.ways: dict[Callable[[], bool], int] = {
            self.publish: 8, self.publish_late: 8, self.retag: 8, self.delete: 3, self.hide: 3, self.show_again: 5,
            self.correct: 4, self.correct_under_an_old_date: 3, self.withdraw: 2, self.restore: 2, self.mend: 4,
            self.lose_the_catalogue: 1,
        }  # fmt: skip

    def run(self) -> None:
        """A step every three days, and everybody who polls after it."""
        for step in range(STEPS):
            self.served.now += timedelta(minutes=self.chance.randrange(1_200, 7_200))
            while not (way := self.chance.choices([*self.ways], [*self.ways.values()])[0])():
                pass
            self.done[way.__name__] += 1
            self.served.compile()
            if step % 3 == 0:
                self.compare_closed_pages()
            for subscriber in self.subscribers:
                if step % subscriber.every == 0:
                    for feed in FEEDS:
                        self.poll(subscriber, feed)
            for feed in FEEDS:
                self.poll_with_a_date(f"/feeds/{feed}.{FORMS[step % 3]}")

    # -- editors --------------------------------------------------------------------------------------------------

    def publish(self) -> bool:
        """Now."""
        return self.add(self.served.now)

    def publish_late(self) -> bool:
        """Under a date of some hours, days or months ago."""
        return self.add(self.served.now - self.chance.choice((DAY / 24, 3 * DAY, 200 * DAY)) * self.chance.random())

    def add(self, date: datetime) -> bool:
        date = date.replace(microsecond=0)
        number = len(self.releases)
        terms = {"countries": COUNTRIES, "projects": PROJECTS, "topics": TOPICS}
        given: dict[str, Any] = {name: self.chance.choice(choices) for name, choices in terms.items()}
        given["language"] = "mn" if number % 4 == 0 else "en"
        self.releases.append(Release(number, {"title": f"Number {number}", "published": date, **given}, date))
        return self.write(self.releases[-1])

    def retag(self) -> bool:
        """One term more, or one less."""
        release = self.any_of(lambda each: each.shown)
        if release:
            name, choices = self.chance.choice((("countries", COUNTRIES), ("projects", PROJECTS), ("topics", TOPICS)))
            release.fields[name] = self.chance.choice(choices)
        return self.write(release)

    def delete(self) -> bool:
        """Without a word."""
        release = self.any_of(lambda each: each.shown)
        if release:
            release.shown = False
            (self.folder / "releases" / release.name).unlink()
            self.touched.add(release.id)
        return bool(release)

    def hide(self) -> bool:
        """As a draft."""
        release = self.any_of(lambda each: each.shown)
        if release:
            release.shown = False
            release.fields["draft"] = True
        return self.write(release)

    def show_again(self) -> bool:
        """What was deleted or hidden."""
        release = self.any_of(lambda each: not each.shown)
        if release:
            release.shown = True
            release.fields.pop("draft", None)
        return self.write(release)

    def correct(self) -> bool:
        """And tell."""
        return self.note(self.served.now)

    def correct_under_an_old_date(self) -> bool:
        """And tell, though later releases have been told of since."""
        return self.note(self.served.now - 9 * DAY * self.chance.random())

    def note(self, date: datetime) -> bool:
        date = date.replace(microsecond=0)
        release = self.any_of(lambda each: each.shown and "withdrawn" not in each.fields and each.updated < date)
        if release:
            note = {"date": date, "note": f"Not so, {len(self.done)}."}
            release.fields["corrections"] = [*release.fields.get("corrections", ()), note]
            release.updated, release.corrected = date, True
        return self.write(release)

    def withdraw(self) -> bool:
        """With a reason."""
        now = self.served.now.replace(microsecond=0)
        release = self.any_of(lambda each: each.shown and "withdrawn" not in each.fields and each.updated < now)
        if release:
            release.fields["withdrawn"] = {"date": now, "reason": "Wrong."}
            release.updated, release.corrected = now, True
        return self.write(release)

    def restore(self) -> bool:
        """A withdrawal is taken back, and told."""
        release = self.any_of(lambda each: each.shown and "withdrawn" in each.fields)
        if release:
            del release.fields["withdrawn"]
            release.fields["updated"] = release.updated = self.served.now.replace(microsecond=0)
            release.corrected = "corrections" in release.fields
        return self.write(release)

    def mend(self) -> bool:
        """A typo, of which nobody is told."""
        release = self.any_of(lambda each: each.shown)
        if release:
            release.fields["title"] += "!"
        return self.write(release)

    def lose_the_catalogue(self) -> bool:
        """While the server is down."""
        self.served.forget()
        return True

    def any_of(self, wanted: Callable[[Release], bool]) -> Release | None:
        found = [each for each in self.releases if wanted(each)]
        return self.chance.choice(found) if found else None

    def write(self, release: Release | None) -> bool:
        if release:
            write(self.folder, release.name, yaml(**release.fields))
            self.touched.add(release.id)
        return bool(release)

    # -- readers --------------------------------------------------------------------------------------------------

    def poll(self, subscriber: Subscriber, feed: str) -> None:
        """Everything that is in the feed and not known yet, or known by an older date, is noticed; nothing else is."""
        known = subscriber.known.setdefault(feed, {})
        owed = {each.id: each.updated for each in self.releases if each.is_in(feed)}
        expected = {id_: id_ not in known for id_, at in owed.items() if id_ not in known or known[id_] < at}
        events = subscriber.client.poll(f"{self.served.base}/feeds/{feed}.{subscriber.client.suffix}")
        noticed = {event.id: event.new for event in events}
        assert len(noticed) == len(events)
        assert noticed == expected, (self.done, feed, subscriber.client.suffix)
        known |= {id_: max(at, known.get(id_, at)) for id_, at in owed.items()}

    def poll_with_a_date(self, path: str) -> None:
        """By a client that keeps nothing but the date and the body of the last answer."""
        date, body = self.dated.get(path, ("", b""))
        with closing(Browser(self.served).get(path, headers={"If-Modified-Since": date} if date else {})) as answer:
            with closing(Browser(self.served).get(path)) as whole:
                now = whole.data
            assert answer.status_code in (200, 304)
            assert (answer.data if answer.status_code == 200 else body) == now, path
            assert parsedate_to_datetime(answer.headers["Last-Modified"]) <= self.served.now
            self.dated[path] = answer.headers["Last-Modified"], now

    def compare_closed_pages(self) -> None:
        """An archive document stays as it is, but for the releases that were just touched."""
        for feed in FEEDS:
            number = 1
            while (
                answer := Browser(self.served).get(path := f"/feeds/{feed}/archive/{number}.atom")
            ).status_code == 200:
                before = self.closed.get(path, answer.data)
                assert self.others(before) == self.others(answer.data), (path, self.done)
                self.closed[path] = answer.data
                number += 1
            assert f"/feeds/{feed}/archive/{number}.atom" not in self.closed, "an archive document is gone"
        self.touched = set()

    def others(self, document: bytes) -> list[bytes]:
        """The entries of a document but for those of the touched releases; its date is the newest of all."""
        document = re.sub(b"<updated>.*?</updated>", b"", document.removesuffix(b"</feed>"), count=1)
        parts = re.split(b"(?=<entry)", document)
        return [part for part in parts if not any(f"<id>{id_}</id>".encode() in part for id_ in self.touched)]


@pytest.fixture
def disorder(tmp_path: Path, seed: Seed) -> Iterator[Disorder]:
    made: list[Disorder] = []

    def application(base: str) -> WSGIApplication:
        made.append(Disorder(tmp_path, base, seed(2)))
        return made[0].served

    with answering(application):
        yield made[0]
        made[0].atom.close()


@pytest.mark.slow
def test_in_a_year_of_disorder_each_release_is_new_once_and_no_closed_page_changes(disorder: Disorder) -> None:
    disorder.run()
    assert len(disorder.done) == len(disorder.ways)
    assert len(disorder.closed) > 20
