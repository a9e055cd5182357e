"""The facets of a newsroom that declares none."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds.content import read_newsroom
from tests.makers import COUNTRIES, NOW, TOPICS, Bench, a_newsroom, yaml


@pytest.mark.parametrize(
    ("files", "facets"),
    [
        ({}, ("topic",)),
        ({"topics": TOPICS}, ("topic",)),
        ({"countries": COUNTRIES, "topics": TOPICS}, ("country", "topic")),
    ],
)
def test_it_has_the_usual_facets_whose_files_are_there(
    tmp_path: Path, files: dict[str, str], facets: tuple[str, ...]
) -> None:
    none = dict.fromkeys(("countries", "projects", "topics", "genre"), "")
    vocabulary, problems = read_newsroom(a_newsroom(tmp_path, None, **(none | files)))
    assert not problems
    assert vocabulary is not None
    assert vocabulary.facet_names == facets


def test_a_newsroom_without_countries_has_no_feeds_about_them(tmp_path: Path) -> None:
    bench = Bench(a_newsroom(tmp_path, {"2021/2021-06-01-dam.yaml": yaml(topics=["wages"])}, countries=""))
    bench.compile(now=NOW)
    assert not [path for path in bench.everything() if "country" in path]
    assert "/feeds/topic/wages.atom" in bench.everything()


def test_a_file_of_terms_that_is_gone_takes_no_facet_with_it(tmp_path: Path) -> None:
    bench = Bench(a_newsroom(tmp_path, {"2021/2021-06-01-dam.yaml": yaml(countries=["MN"])}))
    bench.compile(now=NOW)
    (bench.folder / "countries.yaml").unlink()
    bench.compile(now=NOW)
    assert "About it" in bench.body("/feeds/country/mn.atom")
    assert any("countries.yaml: there is no such file" in problem for problem in bench.problems())
