"""A newsroom that moves here from here: its feeds, imported into an empty newsroom, give the same releases."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds import content
from feeds.importers.category_terms import TermsMatching
from feeds.importers.import_run import ImportOptions, start
from feeds.importers.sources import open_source
from feeds.model.release import Release
from tests.importers.exports import a_post, wordpress
from tests.importers.newsrooms import Imported, run
from tests.makers import Bench, yaml
from tests.tools import ROOT, python

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BODY = """\
Wages rose by 5\\*3 per cent[^1] and more in **2021**, see [the list](https://n.example/a_(b)?c=d&e=f).

## What *else*

- one
- two
  1. deep

> It is so.

| Year | Cars |
| --- | --: |
| 2021 | 7 |

```python
x = "<b>"
```

[^1]: By hand.
"""


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """The bundled newsroom with two releases more, which have a text, a picture and a correction."""
    folder = tmp_path_factory.mktemp("moving") / "data"
    for path in (ROOT / "data").rglob("*.yaml"):
        target = folder / path.relative_to(ROOT / "data")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    image = {"src": "https://n.example/a.jpg", "alt": "A bridge", "caption": "At noon", "width": 4, "height": 3}
    file = {"url": "https://n.example/a.pdf", "title": "Report", "type": "application/pdf", "length": 7}
    for number in range(1, 100):
        moment = f"2022-01-{number % 28 + 1:02}T09:{number % 60:02}:00+08:00"
        text = yaml(
            title=f"R&D: a <b> no. {number}", published=moment, body=BODY,
            image=image, attachments=[file], countries=["CN"], topics=["employment"], credit="© Ada",
        )  # fmt: skip
        (folder / f"releases/2022-01-01-more-{number}.yaml").write_text(text, encoding="utf-8")
    bench = Bench(folder)
    bench.compile()
    assert not [problem for problem in bench.problems() if "warning" not in problem]
    return bench


def feeds_of(bench: Bench, suffix: str, folder: Path) -> Iterator[Path]:
    """The live feed and its archive in each language, newest first, as files."""
    for lead in ("", "/zh-Hans", "/mn"):
        found = [f"{lead}/feeds/all.{suffix}"]
        with bench.catalogue.reading():
            archives = [f"{lead}/feeds/all/archive/{number}.{suffix}" for number in range(9, 0, -1)]
        for path in (*found, *archives):
            try:
                document = bench.document(path, NOW)
            except AssertionError:
                continue
            file = folder / path.strip("/").replace("/", "-")
            file.write_bytes(document.body)
            yield file


def releases_of(folder: Path) -> dict[str, Release]:
    with_catalogue = Bench(folder, location=folder.parent)
    with_catalogue.compile()
    assert not [problem for problem in with_catalogue.problems() if "warning" not in problem]
    with with_catalogue.catalogue.reading() as snapshot:
        return {release.id: release for story in snapshot.reports.stories().values() for release in story}


@pytest.mark.parametrize("suffix", ["atom", "rss", "json"])
def test_the_feeds_of_a_newsroom_give_its_releases_back(moving: Bench, tmp_path: Path, suffix: str) -> None:
    languages = [part for tag in ("en", "zh-Hans", "mn") for part in ("--language", tag)]
    facets = ["--facet=country:countries", "--facet=project:projects", "--facet=topic:topics", "--facet=genre:genre"]
    run("init", str(tmp_path / "new"), "--title", "New", *languages, *facets, "--timezone", "Asia/Shanghai",
        "--base-url", "https://news.example.org", "--yes")  # fmt: skip
    new = tmp_path / "new/data"
    for path in (new / "releases").rglob("*.yaml"):
        path.unlink()
    for path in moving.folder.glob("*.yaml"):
        if path.name != "newsroom.yaml":
            (new / path.name).write_bytes(path.read_bytes())
    files = list(feeds_of(moving, suffix, tmp_path))
    assert len(files) > 3
    said = json.loads(run("import", *map(str, files), "--into", str(new), "--json"))
    assert said["counts"]["written"] == len(releases_of(moving.folder))
    assert not [item for item in said["items"] if item["result"] in ("left out", "draft")]
    assert said["unmatched_terms"] == []
    before, after = releases_of(moving.folder), releases_of(new)
    assert before.keys() == after.keys()
    for key, release in before.items():
        other = after[key]
        assert (other.title, other.summary, other.language) == (release.title, release.summary, release.language)
        assert (other.published, other.path, other.terms) == (release.published, release.path, release.terms)
        assert (other.image and other.image.src) == (release.image and release.image.src)
        assert [each.url for each in other.attachments] == [each.url for each in release.attachments]
    texts = [
        {entry["id"]: entry for entry in shown(bench)} for bench in (moving, Bench(new, location=tmp_path / "new"))
    ]
    for key, entry in texts[0].items():
        assert texts[1][key]["content_html"] == entry["content_html"]


def shown(bench: Bench) -> list[dict[str, str]]:
    bench.compile()
    items: list[dict[str, str]] = json.loads(bench.body("/feeds/all.json", NOW))["items"]
    return items


def test_a_large_export_needs_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    def peak(number: int) -> int:
        newsroom = Imported(tmp_path / str(number))
        vocabulary, _ = content.read_newsroom(newsroom.data)
        assert vocabulary
        posts = (a_post(each, f"<p>{'A long text. ' * 150}{each}</p><p>x</p>") for each in range(number))
        source = open_source(str(wordpress(tmp_path / f"{number}.xml", *posts)))
        importing = start(newsroom.data, TermsMatching(vocabulary, {}), ImportOptions(NOW, dry=True))
        tracemalloc.start()
        try:
            for item in source.items():
                importing.take(item)
            assert importing.counts["written"] == number
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    small, large = peak(100), peak(1_000)
    # What is remembered of each item (its id, title and file) is small beside its text.
    assert large < 2 * small


def test_the_command_line_starts_without_the_libraries_of_the_import() -> None:
    done = python(
        "-c", "import sys, feeds.cli.main; print({'feedparser', 'mammoth', 'lxml.html'} & sys.modules.keys())"
    )
    assert done.stdout == "set()\n", done.stderr
