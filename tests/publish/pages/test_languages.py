"""A newsroom that begins in one of the product's languages speaks nothing else."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from lxml import html
from yaml import safe_load

from feeds import content
from feeds.addresses import Directory, Embedding, FeedAddress, Front, InfoPage, ReleasePage, Verification
from feeds.i18n import Words
from feeds.model.facets import Facet
from feeds.model.formats import HTML
from feeds.model.selection import Selection
from feeds.publish.context import Context
from tests.makers import Bench
from tests.publish.pages.test_messages import TEMPLATE, messages

LANGUAGES = ("ar", "de", "es", "fr", "ja", "mn", "pt", "ru", "zh-Hans")
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NAMES = re.compile(
    r"\b(Atom|RSS|JSON|Feed|OPML|Markdown|HTML|[kK]B|QR|ESI|SSI|CSS|CMS|CSP|oEmbed|Trusted|Types|Feedly|Inoreader|NewsBlur"
    r"|The|Old|Reader|Feedbin|RFC|WebSub|ID|iframe|Cookie|cookie|script|style|SHA|sha384-\S+|https?:\S+|/\S+)\b|/\S+",
    re.ASCII,
)
"""What has one name in every language."""


@pytest.fixture(params=LANGUAGES)
def newsroom(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Bench]:
    """A language, and a newsroom in it as `feeds init` makes it."""
    language = str(request.param)
    facets = [Facet(name=name, field=f"{name}s") for name in ("department", "project", "region", "sector")]
    countries = Facet(name="country", field="countries", codes="iso-3166-1")
    start = content.Start("2030", (language,), "Europe/Paris", "https://news.example.org", (countries, *facets))
    for name, text in content.content_files(start, TODAY).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("# departments:", "departments:"), encoding="utf-8")
    bench = Bench(tmp_path / content.DATA)
    bench.compile()
    assert bench.problems() == []
    return language, bench


def texts(page: str) -> list[str]:
    """The texts of a page that somebody sees or hears, but for code to paste."""
    root = html.fromstring(page)
    found = root.xpath(
        "//text()[not(ancestor::style or ancestor::script or ancestor::pre or ancestor::code)]"
        "| //@aria-label | //@title | //meta[@name='description']/@content"
    )
    return [" ".join(each.split()) for each in found if each.strip()]


def test_its_pages_are_wholly_in_its_language(newsroom: tuple[str, Bench]) -> None:
    language, bench = newsroom
    words = Words.of(language)
    english = {str(id_) for id_ in messages(TEMPLATE)}
    english -= {text for text in english if words.translated(text) == text}
    with bench.catalogue.reading() as snapshot:
        context = Context.of(snapshot, NOW, bench.settings)
        of_term = Selection.of(language, {"department": ["example"]})
        asked = (Front(language), Directory(language), Embedding(language), InfoPage(language, "about"),
                 InfoPage(language, "help"), InfoPage(language, "developers"), Verification(language),
                 ReleasePage(language, "2026/newsroom-opens"),
                 FeedAddress(Selection(language), HTML), FeedAddress(of_term, HTML))  # fmt: skip
        pages = {context.addresses.make(each): "" for each in asked}
    for path in pages:
        for text in texts(bench.body(path, NOW)):
            assert text not in english, path
            if language in ("ar", "ja", "mn", "ru", "zh-Hans"):
                assert not re.search("[A-Za-z]{2,}", NAMES.sub("", text)), path


def test_the_names_of_its_facets_and_terms_are_in_its_language(newsroom: tuple[str, Bench]) -> None:
    language, bench = newsroom
    written = safe_load((bench.folder / "newsroom.yaml").read_text("utf-8"))
    assert [list(each["labels"]) for each in written["facets"]] == [[language]] * 5
    terms = safe_load((bench.folder / "departments.yaml").read_text("utf-8"))
    assert terms["example"]["labels"] == {language: Words.of(language).say("Example")}
