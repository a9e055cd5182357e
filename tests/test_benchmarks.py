"""Every benchmark still runs and prints its figures. How fast this machine is today, no test judges."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from lxml import etree, html

from benchmarks import hugo_sites
from benchmarks.newsrooms import newsroom
from tests import tools
from tests.conftest import Program
from tests.postgresql import Cluster

FIGURE = {
    "caches": r"(?m)^a scheduled release after \d+\.\d\d s",
    "export": r"(?m)^of hugo, the same content: export \d+\.\d\d, its memory",
    "hot": r"(?m)^304: .*1/\d+",
    "nginx": r"(?m)^304: .*share \d\.\d\d",
    "page_weights": r"(?m)^missing +[\d,]+ +[\d,]+ +[\d,]+ +[\d,]+$",
    "release_files": r"(?m)^of SafeLoader: +1/\d+\.\d",
    "replicas": r"(?m)^a cold feed: \d+\.\d times as long",
    "restart": r"(?m)^one of them changed: \d+\.\d times",
    "scale": r"(?m)^feed, median of 40 selections: \d+\.\d times as long",
    "search": r"(?m)^thirty common words apart: verified in \d+\.\d ms, \d+\.\d ms$",
    "start": r"(?m)^feeds --help: \d.* of importing Flask$",
    "feed_documents": r"(?m)^RSS: .*: \d+ times \(at least",
}
"""A figure near the end of what each prints."""

LITTLE = {"export": (20,), "restart": (20,), "scale": (70, 80), "search": (20, 30)}
"""What is handed to those that take a number of releases."""

HELPERS = {"__init__", "hugo_sites", "newsrooms", "other_sites", "same_bytes", "served"}


def test_none_is_left_out() -> None:
    assert {path.stem for path in (tools.ROOT / "benchmarks").glob("*.py")} == {*FIGURE, *HELPERS}
    told = (tools.ROOT / "docs/benchmarks.md").read_text(encoding="utf-8")
    assert set(re.findall(r"(?m)^\|.*?\| `(\w+)` \|", told)) == {*FIGURE}


@pytest.mark.slow
def test_hugo_has_the_content_that_it_is_compared_with(tmp_path: Path) -> None:
    hugo = hugo_sites.program("hugo")
    assert hugo
    content, out, site, built = (tmp_path / name for name in ("content", "out", "site", "hugo"))
    newsroom(content, 130)
    command = [sys.executable, "-m", "feeds", "export", str(out), "--data", str(content), "--combinations", "1"]
    settings = {"FEEDS_STATE": str(tmp_path / "state"), "FEEDS_BASE_URL": "https://news.example.org"}
    subprocess.run(command, check=True, env=os.environ | settings)
    subprocess.run(hugo_sites.build(hugo, hugo_sites.hugo_site(content, site, "whole"), built), check=True)
    pages, others = [*(out / "releases").rglob("*.html")], [*(built / "releases").glob("2*/*/index.html")]
    assert len(pages) == 130
    assert sorted(map(_said, pages)) == sorted(map(_said, others))
    assert 2 * 130 < sum(map(_related, pages)) <= sum(map(_related, others)) < 3 * 130
    assert sum(1 for _ in (built / "releases").rglob("card.html")) == 130
    for feed, page in (("all", "."), ("genre/news", "genre/news"), ("country/mn", "countries/mn")):
        released = _ids(out, f"feeds/{feed}.atom", f"feeds/{feed}/archive/*.atom")
        assert len(released) > 3
        assert released == _ids(built / page, "atom.xml", "page/*/atom.xml")


def _said(page: Path) -> tuple[object, ...]:
    """What a page of a release says: title, terms, files, properties for search engines; and words of its Markdown."""
    tree = html.parse(page).getroot()
    article = json.loads(tree.findtext(".//script[@type='application/ld+json']"))
    return (
        tree.findtext(".//h1"),
        sorted(each.text for each in tree.iterfind(".//aside//a")),
        [each.get("href") for each in tree.iterfind(".//ul[@class='cards']//a")],
        sorted(article),
        len(page.with_suffix(".md").read_text(encoding="utf-8").split()),
    )


def _related(page: Path) -> int:
    """How many related releases a page names."""
    return len(html.parse(page).getroot().findall(".//ul[@class='plain related']/li"))


def _ids(folder: Path, *patterns: str) -> set[str]:
    """The identifiers of all entries of the feed documents of a folder that match a pattern."""
    files = [file for pattern in patterns for file in folder.glob(pattern)]
    return {each.text for file in files for each in etree.parse(file).iterfind("{*}entry/{*}id")}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted({*FIGURE} - {"caches", "nginx", "replicas"}))
def test_it_runs(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    benchmark = import_module(f"benchmarks.{name}")
    for constant, little in (("ROUNDS", 1), ("TURNS", 1), ("REQUESTS", 10), ("GENERATED", 2)):
        if hasattr(benchmark, constant):
            monkeypatch.setattr(benchmark, constant, little)
    assert benchmark.main(*LITTLE.get(name, ())) in (0, 1)
    assert re.search(FIGURE[name], capsys.readouterr().out)


def test_the_one_beside_nginx_runs(
    program: Program, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(Path(program("nginx")).parent), prepend=":")
    assert program("wrk")
    benchmark = import_module("benchmarks.nginx")
    monkeypatch.setattr(sys, "argv", ["nginx", "--rounds", "1", "--seconds", "1"])
    assert benchmark.main() in (0, 1)
    assert re.search(FIGURE["nginx"], capsys.readouterr().out)


def test_the_one_with_varnish_runs(program: Program, capsys: pytest.CaptureFixture[str]) -> None:
    assert program("varnishd")
    benchmark = import_module("benchmarks.caches")
    assert benchmark.main(30, 1, 0) in (0, 1)
    assert re.search(FIGURE["caches"], capsys.readouterr().out)


def test_the_one_with_replicas_runs(
    program: Program, postgresql: Cluster, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program("nginx")
    assert postgresql.port
    benchmark = import_module("benchmarks.replicas")
    monkeypatch.setattr(benchmark, "ROUNDS", 1)
    monkeypatch.setattr(benchmark, "SETTLED", 0.5)
    assert benchmark.main(30, 2, 1) in (0, 1)
    assert re.search(FIGURE["replicas"], capsys.readouterr().out)
