"""A client that asks with a date alone gets every change, and a 304 when there is none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from feeds.settings import Settings
from feeds.web.app import create_app
from tests.application import Clock
from tests.makers import BASE, NOW, a_newsroom, write, yaml

HOUR = timedelta(hours=1)
DAM: dict[str, Any] = {"published": "2021-06-01", "title": "The dam", "countries": ["CN"]}
FORMS = ("atom", "rss", "json", "html")


class Reader:
    """A reader that keeps only the date of what it has; the newsroom's clock is in its hand."""

    def __init__(self, path: Path, *, hot: bool) -> None:
        files = {"2021/2021-06-01-dam.yaml": yaml(**DAM), "2021/2021-06-02-road.yaml": yaml(published="2021-06-02")}
        self.folder = a_newsroom(path, files)
        self.clock = Clock(NOW)
        settings = Settings(data=self.folder, state=path / "state", base_url=BASE, watch="off")
        self._app = create_app(settings, clock=self.clock, hot=hot)
        self._dates: dict[str, str] = {}
        self._bodies: dict[str, bytes] = {}

    def compile(self, after: timedelta = HOUR) -> None:
        self.clock.now += after
        self._app.extensions["feeds"].compile()

    def polls(self, path: str) -> int:
        """The status of a request with the date of the last answer; a 304 must be true."""
        headers = {"If-Modified-Since": self._dates[path]} if path in self._dates else {}
        answer = self._app.test_client().get(path, headers=headers)
        whole = self._app.test_client().get(path)
        if answer.status_code == 304:
            assert whole.data == self._bodies[path]
        self._dates[path], self._bodies[path] = whole.headers["Last-Modified"], whole.data
        assert parsedate_to_datetime(whole.headers["Last-Modified"]) <= self.clock.now
        return answer.status_code


@pytest.fixture(params=[True, False], ids=["hot", "plain"])
def reader(request: pytest.FixtureRequest, tmp_path: Path) -> Reader:
    return Reader(tmp_path, hot=request.param)


def typo(folder: Path) -> None:
    write(folder, "2021/2021-06-01-dam.yaml", yaml(**DAM | {"title": "The Dam"}))


def minor_correction(folder: Path) -> None:
    correction = {"date": "2021-06-03", "note": "A comma.", "major": False}
    write(folder, "2021/2021-06-01-dam.yaml", yaml(**DAM, corrections=[correction]))


def translated(folder: Path) -> None:
    write(folder, "2021/2021-06-01-dam.mn.yaml", "title: Далан\nsummary: Тухай.\npublished: 2021-06-03\n")


def deleted(folder: Path) -> None:
    (folder / "releases/2021/2021-06-01-dam.yaml").unlink()


def drafted(folder: Path) -> None:
    write(folder, "2021/2021-06-01-dam.yaml", yaml(**DAM, draft=True))


def another_term(folder: Path) -> None:
    write(folder, "2021/2021-06-01-dam.yaml", yaml(**DAM | {"countries": ["MN"]}))


def another_label(folder: Path) -> None:
    path = folder / "countries.yaml"
    path.write_text(path.read_text().replace("China}", "People's Republic of China}"), encoding="utf-8")


def another_title(folder: Path) -> None:
    path = folder / "newsroom.yaml"
    path.write_text(path.read_text().replace("Test office,", "Testing office,"), encoding="utf-8")


SILENT = (typo, minor_correction, translated, deleted, drafted, another_term, another_label, another_title)


@cache
def statuses(change: Callable[[Path], None], hot: bool) -> dict[str, list[int]]:
    """By form, how a feed is answered before and after a change. All are polled in one newsroom, which takes long."""
    found: dict[str, list[int]] = {form: [] for form in FORMS}
    with TemporaryDirectory() as folder:
        reader = Reader(Path(folder), hot=hot)

        def poll() -> None:
            for form in FORMS:
                found[form].append(reader.polls(f"/feeds/country/cn.{form}"))

        poll()
        poll()
        reader.compile()
        poll()
        change(reader.folder)
        reader.compile()
        poll()
        poll()
        reader.compile()
        poll()
    return found


@pytest.mark.parametrize("change", SILENT, ids=lambda change: change.__name__)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("hot", [True, False], ids=["hot", "plain"])
def test_a_silent_change_reaches_a_client_with_a_date_alone(
    hot: bool, change: Callable[[Path], None], form: str
) -> None:
    assert statuses(change, hot)[form] == [200, 304, 304, 200, 304, 304]


@pytest.mark.parametrize("form", FORMS)
def test_a_new_release_changes_the_date_though_it_is_dated_before_the_last_change(reader: Reader, form: str) -> None:
    path = f"/feeds/country/cn.{form}"
    dated = reader.clock.now + HOUR / 2
    deleted(reader.folder)
    reader.compile()
    assert reader.polls(path) == 200
    write(reader.folder, "2021/2021-06-30-new.yaml", yaml(published=dated, countries=["CN"]))
    reader.compile()
    assert reader.polls(path) == 200
    assert reader.polls(path) == 304


@pytest.mark.parametrize("form", FORMS)
def test_a_release_that_another_one_hides_changes_the_date(reader: Reader, form: str) -> None:
    hidden = yaml(slug="bridge", published="2021-06-03", countries=["MN"])
    write(reader.folder, "2021/2021-06-03-bridge.yaml", hidden)
    write(reader.folder, "2021/2021-06-01-hut.yaml", yaml(published="2021-06-01T09:00:00Z", countries=["MN"]))
    reader.compile()
    path = f"/feeds/country/mn.{form}"
    assert [reader.polls(path), reader.polls(path)] == [200, 304]
    write(reader.folder, "2021/2021-05-01-other.yaml", yaml(slug="bridge", published="2021-05-01", countries=["CN"]))
    reader.compile()
    assert [reader.polls(path), reader.polls(path)] == [200, 304]


@pytest.mark.parametrize("form", FORMS)
def test_a_twin_that_lost_its_last_release_and_has_it_again_changes_the_date(reader: Reader, form: str) -> None:
    translation = "title: Далан\nsummary: Далан.\n"
    for country in ("CN", "MN", "CN", "MN"):
        write(reader.folder, "2021/2021-06-01-dam.mn.yaml", f"{translation}countries: [{country}]\n")
        reader.compile()
        for path in (f"/feeds/country/cn.{form}", f"/feeds/all.{form}"):
            reader.polls(path)
            assert reader.polls(path) == 304


def test_a_change_of_another_feed_is_none_of_this_one(reader: Reader) -> None:
    write(reader.folder, "2021/2021-06-02-road.yaml", yaml(published="2021-06-02", countries=["MN"]))
    reader.compile()
    for form in FORMS[:3]:
        reader.polls(f"/feeds/country/cn.{form}")
    write(reader.folder, "2021/2021-06-02-road.yaml", yaml(published="2021-06-02", countries=["MN"], body="New."))
    reader.compile()
    assert [reader.polls(f"/feeds/country/cn.{form}") for form in FORMS[:3]] == [304] * 3


def test_a_typo_is_still_told_after_the_catalogue_was_built_again(reader: Reader) -> None:
    assert reader.polls("/feeds/all.atom") == 200
    typo(reader.folder)
    reader.compile()
    for file in (reader.folder.parent / "state").glob("catalogue-*"):
        file.unlink()
    reader.compile()
    assert reader.polls("/feeds/all.atom") == 200
    assert reader.polls("/feeds/all.atom") == 304


def test_what_is_scheduled_changes_no_date(reader: Reader) -> None:
    paths = [f"/feeds/{feed}.{form}" for feed in ("all", "country/cn") for form in FORMS]
    for path in paths:
        reader.polls(path)
    tomorrow = datetime(2021, 6, 30, tzinfo=UTC)
    write(reader.folder, "2021/2021-06-30-new.yaml", yaml(published=tomorrow, countries=["CN"]))
    correction = {"date": tomorrow, "note": "It was the other one."}
    write(reader.folder, "2021/2021-06-01-dam.yaml", yaml(**DAM, corrections=[correction]))
    reader.compile()
    assert [reader.polls(path) for path in paths] == [304] * len(paths)
