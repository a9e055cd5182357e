"""One question, one spelling; and a feed holds what its selection matches."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.addresses import Addresses, FeedAddress
from feeds.model.formats import JSON_FEED
from feeds.model.release import Release
from feeds.model.selection import Selection
from tests.makers import BASE, FACETS, LANGUAGES, NOW, TERMS, YESTERDAY, Bench, a_newsroom, a_release, yaml
from tests.tools import examples

ADDRESSES = Addresses(BASE, LANGUAGES, FACETS)
FIELDS = {"country": "countries", "project": "projects", "topic": "topics"}

chosen = st.fixed_dictionaries(
    {}, optional={facet: st.lists(st.sampled_from(known), min_size=1) for facet, known in TERMS.items()}
)


@given(terms=chosen, data=st.data())
def test_neither_order_nor_repetition_of_terms_matters(terms: dict[str, list[str]], data: st.DataObject) -> None:
    shuffled = {
        facet: data.draw(st.permutations(terms[facet] * 2)) for facet in data.draw(st.permutations(list(terms)))
    }
    assert Selection.of("en", shuffled) == Selection.of("en", terms)
    assert hash(Selection.of("en", shuffled)) == hash(Selection.of("en", terms))


@given(terms=chosen)
def test_the_terms_of_a_facet_are_told_back(terms: dict[str, list[str]]) -> None:
    selection = Selection.of("en", terms)
    assert all(selection.slugs(facet) == tuple(sorted(set(terms.get(facet, ())))) for facet in FACETS)


def is_in(release: Release, selection: Selection) -> bool:
    """Any term within a facet will do, but every facet must."""
    return all(not set(slugs).isdisjoint(release.slugs(facet)) for facet, slugs in selection.terms)


def releases() -> list[Release]:
    """One release for every way to be tagged with at most one term a facet, and some with more."""
    some: list[dict[str, object]] = [{}]
    for facet, field in FIELDS.items():
        some = [each | extra for each in some for extra in ({}, {field: (TERMS[facet][0],)}, {field: TERMS[facet]})]
    return [
        a_release(f"number-{n}", published=YESTERDAY + timedelta(seconds=n), **fields, genre=("news", None)[n % 2])
        for n, fields in enumerate(some)
    ]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    files = {}
    for release in releases():
        tags: dict[str, object] = {field: list(release.slugs(facet)) for facet, field in FIELDS.items()}
        if release.slugs("genre"):
            (tags["genre"],) = release.slugs("genre")
        files[f"2021/2021-06-23-{release.slug}.yaml"] = yaml(published=release.published, **tags)
    bench = Bench(a_newsroom(Path(tmp_path_factory.mktemp("newsroom")), files))
    bench.compile()
    assert not bench.problems()
    return bench


@given(terms=chosen)
@examples(80)
def test_a_feed_holds_exactly_the_releases_of_its_selection(bench: Bench, terms: dict[str, list[str]]) -> None:
    selection = Selection.of("en", terms)
    expected = [release.id for release in reversed(releases()) if is_in(release, selection)]
    items = json.loads(bench.body(ADDRESSES.make(FeedAddress(selection, JSON_FEED))))["items"]
    assert [item["id"] for item in items] == expected
    with bench.catalogue.reading() as snapshot:
        counted = snapshot.counts.of(selection, NOW)
        assert (counted.releases if counted else 0) == len(expected)
