"""A newsroom may name the region of a language: all documents say so, and texts without a region serve it as before."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from lxml import etree, html

from feeds.addresses import Addresses, FeedAddress, Outline
from feeds.i18n import in_language
from feeds.model.formats import SYNDICATED
from tests.makers import BASE, NEWSROOM, NOW, Bench, a_compiled, yaml
from tests.publish.test_retired_terms import seen
from tests.wire import readers, rules

TITLES = "title: {en: Test office, fr: Bureau d’essai, pt: Escritório de teste}"
TOPICS = "wages: {labels: {en: Wages, fr: Salaires}}\n"
FILES = {
    "2021/2021-06-01-dam.yaml": yaml(published="2021-06-01", topics=["wages"], language="en"),
    "2021/2021-06-01-dam.fr.yaml": "title: Le barrage\nsummary: Un barrage.\n",
    "2021/2021-06-02-road.yaml": yaml(published="2021-06-02", countries=["CN"]),
    "2021/2021-06-03-wall.yaml": yaml(title="Le mur", published="2021-06-03", topics=["wages"], language="fr"),
}


def a_bench(path: Path, languages: str) -> Bench:
    newsroom = NEWSROOM.replace("[en, zh-Hans, mn]", languages)
    newsroom = re.sub(r"title:.*", TITLES, newsroom, count=1)
    return a_compiled(path, FILES, newsroom=newsroom, topics=TOPICS)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return a_bench(tmp_path_factory.mktemp("regions"), "[en-GB, fr-CH, pt-BR]")


def test_nothing_else_has_to_be_written(bench: Bench) -> None:
    assert bench.problems() == []


def test_a_channel_and_every_entry_say_the_region(bench: Bench) -> None:
    for lead, tag in (("", "en-GB"), ("/fr-CH", "fr-CH"), ("/pt-BR", "pt-BR")):
        assert f"<language>{tag}</language>" in bench.body(f"{lead}/feeds/all.rss")
        assert f'xml:lang="{tag}"' in bench.body(f"{lead}/feeds/all.atom")
        found = json.loads(bench.body(f"{lead}/feeds/all.json"))
        assert {found["language"], *(item["language"] for item in found["items"])} == {tag}
    mixed = etree.fromstring(bench.document("/feeds/all-languages.rss").body)
    assert {each.text for each in mixed.iter("{*}language")} == {"en-GB", "fr-CH"}


def test_pages_and_the_sitemap_name_it_to_browsers_and_search_engines(bench: Bench) -> None:
    page = html.fromstring(bench.body("/fr-CH/releases/2021/dam"))
    assert page.get("lang") == "fr-CH"
    assert page.xpath("//link[@rel='alternate'][not(@type)]/@hreflang")[:2] == ["en-GB", "fr-CH"]
    (article,) = (json.loads(each) for each in page.xpath('//script[@type="application/ld+json"]/text()'))
    assert article["inLanguage"] == "fr-CH"
    assert page.xpath("//meta[@property='og:locale']/@content") == ["fr_CH"]
    assert 'hreflang="en-GB"' in bench.body("/sitemap-2021.xml")


def test_texts_without_a_region_are_those_of_the_language(bench: Bench) -> None:
    titles = {"": "Test office", "/fr-CH": "Bureau d’essai", "/pt-BR": "Escritório de teste"}
    for lead, title in titles.items():
        assert f"<channel><title>{title}</title>" in bench.body(f"{lead}/feeds/all.rss")
    assert "Salaires" in bench.body("/fr-CH/feeds/topic/wages.rss")
    assert "Qu’est-ce qu’un flux" in bench.body("/fr-CH/")


def test_ids_are_what_they_were_without_regions(tmp_path: Path, bench: Bench) -> None:
    before = a_bench(tmp_path, "[en, fr]")
    for old, new in (("", ""), ("/fr", "/fr-CH")):
        was, now = (
            [item["id"] for item in json.loads(found.body(f"{lead}/feeds/all.json"))["items"]]
            for found, lead in ((before, old), (bench, new))
        )
        assert was == now != []


def test_every_feed_and_list_is_clean_and_read_alike(bench: Bench) -> None:
    with bench.catalogue.reading() as snapshot:
        addresses = Addresses.of(snapshot.vocabulary, BASE)
    for path in bench.everything():
        address = addresses.parse(path)
        if isinstance(address, Outline) or (isinstance(address, FeedAddress) and not path.endswith(".html")):
            document = bench.document(path)
            assert rules.findings(document.body, document.media_type, BASE + path, NOW) == [], path
    expected = tuple(map(seen, json.loads(bench.body("/fr-CH/feeds/all.json"))["items"]))
    for form in SYNDICATED:
        document, url = bench.document(f"/fr-CH/feeds/all.{form.suffix}"), f"{BASE}/fr-CH/feeds/all.{form.suffix}"
        assert readers.disagreements(document.body, document.media_type, url, expected) == []


def test_a_tag_without_a_region_means_none_where_there_are_two(tmp_path: Path) -> None:
    found = a_bench(tmp_path, "[en-GB, fr-CH, fr-FR, pt]").problems()
    assert [re.sub(":.*", "", each.rpartition("releases/2021/")[2]) for each in found] == [
        "2021-06-01-dam.fr.yaml",
        "2021-06-03-wall.yaml",
    ]
    assert "“fr” is not a language of this newsroom (use en-GB, fr-CH, fr-FR or pt" in found[0]


@pytest.mark.parametrize(
    ("language", "text"),
    [("en-GB", "colour"), ("en-US", "color"), ("fr-CH", "couleur"), ("zh-TW", "color"), ("zh-CN", "颜色")],
)
def test_the_nearest_text_is_shown_and_never_one_in_another_script(language: str, text: str) -> None:
    texts = {"fr": "couleur", "zh-Hans": "颜色", "zh": "颜色", "en": "color", "en-GB": "colour"}
    assert in_language(texts, language) == text


def test_english_of_a_region_is_english_to_readers_of_other_languages() -> None:
    assert in_language({"fr": "couleur", "en-GB": "colour"}, "mn") == "colour"
    assert in_language({"fr": "couleur"}, "mn") == "couleur"
