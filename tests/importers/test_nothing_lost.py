"""What an import does not carry is told, and no item vanishes in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.importers.exports import a_file
from tests.importers.newsrooms import Imported, run

PLACE = "releases/2021/2021-06-24-{}.yaml"
RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>x</title>{}</channel></rss>"""


@pytest.fixture
def imported(tmp_path: Path) -> Imported:
    return Imported(tmp_path / "newsroom")


# -- Items that are alike ---------------------------------------------------------------------------------------------


def test_items_with_the_same_title_and_day_become_releases_of_their_own(imported: Imported, tmp_path: Path) -> None:
    table = a_file(tmp_path / "t.csv", "title,date,text\nFigures,2021-06-24,North\nFigures,2021-06-24,South\n")
    assert [item["file"] for item in imported.take(table)] == [PLACE.format("figures"), PLACE.format("figures-2")]
    assert imported.release(PLACE.format("figures-2")).summary == "South"
    assert [item["result"] for item in imported.take(table)] == ["known", "known"]
    assert len(imported.files()) == 2


def test_an_item_that_comes_twice_is_known(imported: Imported, tmp_path: Path) -> None:
    table = a_file(tmp_path / "t.csv", "title,date,text\nFigures,2021-06-24,North\nFigures,2021-06-24,North\n")
    assert [item["result"] for item in imported.take(table)] == ["written", "known"]


def test_two_texts_with_one_id_are_told(imported: Imported, tmp_path: Path) -> None:
    item = "<item><title>{0}</title><guid>g</guid><pubDate>Thu, 24 Jun 2021 10:00:00 GMT</pubDate>"
    item += "<description>{0}.</description></item>"
    feed = a_file(tmp_path / "f.xml", RSS.format(item.format("First") + item.format("Second")))
    assert [(each["result"], each["notes"]) for each in imported.take(feed)] == [
        ("written", []),
        ("left out", ["an item before it has the same id"]),
    ]


@pytest.mark.parametrize("title", ["Figures", ""])
def test_an_item_without_date_and_id_is_known_on_a_later_day(imported: Imported, tmp_path: Path, title: str) -> None:
    page = a_file(tmp_path / "site/figures.md", f'---\ntitle: "{title}"\n---\nNorth.\n')
    (first,) = imported.take(page)
    file = imported.data / first["file"]
    file.rename(file.with_name("2021-06-24-figures.yaml"))
    assert [item["result"] for item in imported.take(page)] == ["known"]
    assert len(imported.files()) == 1


# -- Files that are not there -----------------------------------------------------------------------------------------


def test_a_picture_or_file_that_is_not_there_does_not_hold_the_release_back(imported: Imported, tmp_path: Path) -> None:
    table = "title,date,text,image,attachments\nFigures,2021-06-24,North,a.jpg,b.pdf\n"
    (item,) = imported.take(a_file(tmp_path / "t.csv", table))
    assert (item["result"], item["notes"][-2:]) == (
        "written",
        [
            "its picture “a.jpg” is not in the source, and is left out",
            "its file “b.pdf” is not in the source, and is left out",
        ],
    )
    release = imported.release(item["file"])
    assert (release.image, release.attachments) == (None, ())
    assert json.loads(run("check", "--json", "--data", str(imported.data)))["problems"] == []
