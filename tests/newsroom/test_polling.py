"""Clients that keep state and poll: a 304 and nothing new, then exactly the new release, and no news for a typo."""

from __future__ import annotations

import shutil
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import feedparser
import pytest

from feeds.settings import Settings
from feeds.web import create_app
from feeds.web.hot_path import LOOK
from tests.servers import answering
from tests.tools import DATA
from tests.wire import readers  # noqa: F401 - prepares the reader library's import

from reader import Reader, make_reader  # isort: skip

NEW = """\
title: A release that came while everybody was polling
published: 2021-07-01
summary: One more.
countries: [CN]
"""


class Served:
    """The newsroom on a port, with what it has answered."""

    def __init__(self, folder: Path, base: str) -> None:
        self.folder = folder
        self.base = base
        self.answers: list[str] = []
        self._ahead = timedelta(0)
        settings = Settings(data=folder, state=folder.parent / "catalogue", base_url=base, watch="off")
        self._app = create_app(settings, clock=lambda: datetime.now(UTC) + self._ahead)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def noting(status: str, headers: list[tuple[str, str]], *rest: object) -> object:
            self.answers.append(status[:3])
            return start_response(status, headers, *rest)  # type: ignore[arg-type]  # passed on as it came

        return self._app(environ, noting)  # type: ignore[arg-type]  # likewise

    def changed(self) -> None:
        """The folder has changed and been compiled; a worker looks at most four times a second, a new one at once."""
        newsroom = self._app.extensions["feeds"]
        assert newsroom.compile().changed
        self._ahead += LOOK  # no waiting in tests


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made: list[Served] = []

    def application(base: str) -> WSGIApplication:
        made.append(Served(tmp_path / "data", base))
        return made[0]

    shutil.copytree(DATA, tmp_path / "data")
    with answering(application):
        yield made[0]


@pytest.mark.parametrize("suffix", ["atom", "rss", "json"])
def test_a_feed_reader_sees_each_release_once(served: Served, suffix: str) -> None:
    url = f"{served.base}/feeds/country/cn.{suffix}"
    with make_reader(":memory:") as reader:
        reader.add_feed(url)
        _poll_and_see(reader, url, served)


def _poll_and_see(reader: Reader, url: str, served: Served) -> None:
    first = reader.update_feed(url)
    assert first is not None
    assert first.new == 15
    served.answers.clear()
    again = reader.update_feed(url)
    assert served.answers == ["304"]
    assert again is None or again.new == again.modified == 0

    (served.folder / "releases/2021/2021-07-01-one-more.yaml").write_text(NEW)
    served.changed()
    second = reader.update_feed(url)
    assert second is not None
    assert (second.new, second.modified) == (1, 0)

    _correct_a_typo(served)
    third = reader.update_feed(url)
    assert third is not None
    assert third.new == 0
    assert served.answers[-1] == "200"
    assert len(list(reader.get_entries(feed=url))) == 16
    assert "a conference in Huzhou, in China" in str(list(reader.get_entries(feed=url)))


def _correct_a_typo(served: Served) -> None:
    path = served.folder / "releases/2021/2021-06-24-score-pilot-experience-sharing-conference.yaml"
    before = path.read_text()
    path.write_text(before.replace("a conference in Huzhou, China", "a conference in Huzhou, in China"))
    assert path.read_text() != before
    served.changed()


@pytest.mark.parametrize("suffix", ["atom", "rss"])
def test_feedparser_gets_a_304_for_either_validator(served: Served, suffix: str) -> None:
    url = f"{served.base}/feeds/all.{suffix}"
    first = feedparser.parse(url)
    assert first.status == 200
    assert len(first.entries) == 20
    by_tag = feedparser.parse(url, etag=first.etag)
    assert (by_tag.status, by_tag.entries) == (304, [])
    by_date = feedparser.parse(url, modified=first.modified)
    assert (by_date.status, by_date.entries) == (304, [])

    (served.folder / "releases/2021/2021-07-01-one-more.yaml").write_text(NEW)
    served.changed()
    for validator in ({"etag": first.etag}, {"modified": first.modified}):
        again = feedparser.parse(url, **validator)
        assert again.status == 200
        assert {entry.id for entry in again.entries} - {entry.id for entry in first.entries} == {
            "tag:ilo.org,2021-07-01:one-more"
        }


def test_a_typo_moves_no_date_in_any_format(served: Served) -> None:
    url = f"{served.base}/feeds/all.atom"
    before = feedparser.parse(url)
    _correct_a_typo(served)
    after = feedparser.parse(url)
    assert after.etag != before.etag
    assert [(entry.id, entry.updated) for entry in after.entries] == [
        (entry.id, entry.updated) for entry in before.entries
    ]
    assert after.feed.updated == before.feed.updated


def test_a_client_that_knows_nothing_but_a_date_gets_its_304(served: Served) -> None:
    url = f"{served.base}/feeds/all.json"
    with urllib.request.urlopen(url) as answer:
        date = answer.headers["Last-Modified"]
    request = urllib.request.Request(url, headers={"If-Modified-Since": date})
    with pytest.raises(urllib.error.HTTPError) as unchanged:
        urllib.request.urlopen(request)
    with unchanged.value:
        assert unchanged.value.code == 304
