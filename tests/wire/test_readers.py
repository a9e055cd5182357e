"""Other people's parsers agree on the samples, and a disagreement does not stay hidden."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import Program

from . import other_readers, readers
from .pipes import Pipe
from .readers import Seen, disagreements, read_all
from .samples import SAMPLES, SITE

ABSENT = Pipe(["no-such-program"])
FEEDS = ("atom", "rss", "json")
EXPECTED = (
    Seen(
        "tag:example.org,2020:2021/score-pilot",
        "SCORE pilot: R&D, “quality” 👍 and a < b",
        f"{SITE}/releases/2021/score-pilot",
        datetime(2021, 6, 24, 1, 0, tzinfo=UTC),
        datetime(2021, 6, 24, 1, 30, tzinfo=UTC),
    ),
    Seen(
        "tag:example.org,2020:2020/tsagaan",
        "Монгол Улс дахь ажил ба 工作",
        f"{SITE}/mn/releases/2020/tsagaan",
        datetime(2020, 10, 12, 4, 0, tzinfo=UTC),
        datetime(2020, 10, 12, 4, 0, tzinfo=UTC),
    ),
)
TITLES = (
    "AT&T",
    "R&D: a < b > c",
    "&amp; and &copy; and &#169;, literally",
    "“Curly” ‘quotes’ – and … dots",
    "👩🏽‍🔧 emoji 🇲🇳",
    "中文，标题：工作与就业",
    "Монгол Улс: Өнөөдрийн мэдээ",
    "مرحبا بالعالم (RTL) שלום",
    "\u200fعربي\u200f",
    "1 < 2 & 3 > 2",
    "AT&T <b>",
)


def with_title(kind: str, title: str) -> str:
    """A sample whose second entry has another title, spelled as the format wants it."""
    spelled = json.dumps(title)[1:-1] if kind == "json" else re.sub("[&<>]", lambda m: f"&#x{ord(m[0]):X};", title)
    return SAMPLES[kind][0].replace(str(EXPECTED[1].title), spelled, 1)


@pytest.mark.parametrize("kind", FEEDS)
def test_all_parsers_read_a_sample_alike(kind: str) -> None:
    body, content_type, url = SAMPLES[kind]

    assert disagreements(body.encode(), content_type, url, EXPECTED) == []
    assert disagreements(body.encode(), content_type, url) == []


@pytest.mark.parametrize(("kind", "least"), [("atom", 4), ("rss", 4), ("json", 3)])
def test_every_format_has_several_independent_parsers(kind: str, least: int) -> None:
    body, content_type, url = SAMPLES[kind]
    with_node = {"atom": 4, "rss": 4, "json": 2}[kind] if readers.NODE_MODULES.is_dir() else 0
    others = len(other_readers.read(body.encode(), kind, url))

    read = read_all(body.encode(), content_type, url)

    assert len(read) == least + with_node + others
    assert ("feedparser" in read) == (kind != "json")


@pytest.mark.parametrize("kind", FEEDS)
@pytest.mark.parametrize("title", TITLES)
def test_titles_of_all_scripts_arrive_as_they_left(kind: str, title: str) -> None:
    _, content_type, url = SAMPLES[kind]

    expected = (EXPECTED[0], replace(EXPECTED[1], title=title))

    assert disagreements(with_title(kind, title).encode(), content_type, url, expected) == []


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_a_word_joiner_keeps_tags_in_a_title_from_being_taken_for_markup(kind: str) -> None:
    _, content_type, url = SAMPLES[kind]
    title = "AT&T <b>bold</b> & x < y &amp;"
    joined = re.sub(r"<(?=[A-Za-z/!?])|&(?=#?\w+;)", "\\g<0>\u2060", title)

    expected = (EXPECTED[0], replace(EXPECTED[1], title=title))

    assert disagreements(with_title(kind, joined).encode(), content_type, url, expected) == []


def test_feedparser_takes_a_title_with_paired_tags_for_markup_without_it() -> None:
    _, content_type, url = SAMPLES["rss"]
    title = "AT&T <b>bold</b> & x < y"

    found = disagreements(
        with_title("rss", title).encode(), content_type, url, (EXPECTED[0], replace(EXPECTED[1], title=title))
    )

    assert any(line.startswith("feedparser: entry 1: title") for line in found)


@pytest.mark.parametrize("kind", FEEDS)
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "tag:example.org,2020:other"),
        ("title", "Another"),
        ("link", "https://example.org/"),
        ("published", datetime(2020, 10, 12, 4, 0, tzinfo=UTC) + timedelta(seconds=1)),
        ("updated", datetime(2020, 10, 12, 4, 0, tzinfo=UTC) + timedelta(seconds=1)),
    ],
)
def test_a_difference_in_any_field_is_told(kind: str, field: str, value: object) -> None:
    body, content_type, url = SAMPLES[kind]
    expected = (EXPECTED[0], replace(EXPECTED[1], **{field: value}))  # type: ignore[arg-type]  # the field decides

    found = disagreements(body.encode(), content_type, url, expected)

    assert found
    assert all(f": entry 1: {field} " in line for line in found)


@pytest.mark.parametrize("kind", FEEDS)
def test_order_and_number_are_told(kind: str) -> None:
    body, content_type, url = SAMPLES[kind]

    assert disagreements(body.encode(), content_type, url, EXPECTED[::-1])
    assert "1 entries" not in disagreements(body.encode(), content_type, url, EXPECTED[:1])[0]


def test_a_second_alternate_divides_the_parsers() -> None:
    body, content_type, url = SAMPLES["atom"]
    twice = body.replace('rel="related" type="text/html"', 'rel="alternate" type="text/html"')

    assert any(": link " in line for line in disagreements(twice.encode(), content_type, url))


@pytest.mark.parametrize("kind", ["rss", "json"])
def test_an_update_that_says_nothing_new_may_be_left_out(kind: str) -> None:
    body, content_type, url = SAMPLES[kind]
    shorter = re.sub(r'<atom:updated>2020[^<]*</atom:updated>|"date_modified": "2020[^"]*",', "", body)
    assert shorter != body

    assert disagreements(shorter.encode(), content_type, url, EXPECTED) == []


@pytest.mark.parametrize("kind", FEEDS)
def test_a_feed_without_entries_is_read(kind: str) -> None:
    body, content_type, url = SAMPLES[kind]
    if kind == "json":
        body = json.dumps(json.loads(body) | {"items": []})
    else:
        body = re.sub(r"<(entry|item)[ >].*</\1>", "", body, flags=re.DOTALL)

    assert disagreements(body.encode(), content_type, url, ()) == []


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_a_broken_document_is_refused(kind: str) -> None:
    body, content_type, url = SAMPLES[kind]

    found = disagreements(body.replace("</title>", "</titel>", 1).encode(), content_type, url)

    assert len(found) == 1
    assert found[0].startswith("feedparser: ")


def test_a_ci_without_the_javascript_parsers_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    body, content_type, url = SAMPLES["atom"]
    monkeypatch.setattr(readers, "NODE_MODULES", tmp_path / "missing")
    monkeypatch.setenv("CI", "true")

    with pytest.raises(AssertionError, match="install-node-parsers"):
        read_all(body.encode(), content_type, url)


def test_a_bare_machine_does_without_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    body, content_type, url = SAMPLES["atom"]
    monkeypatch.setattr(readers, "NODE_MODULES", tmp_path / "missing")
    monkeypatch.setattr(other_readers, "PIPES", {"absent": (ABSENT, ("atom",))})
    monkeypatch.delenv("CI", raising=False)

    read = read_all(f"{body}<!-- read once -->".encode(), content_type, url)

    assert set(read) - {"sfeed"} == {"feedparser", "reader", "fastfeedparser", "atoma"}


def test_a_ci_without_a_parser_of_another_language_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    body, _, url = SAMPLES["atom"]
    monkeypatch.setattr(other_readers, "PIPES", {"missing one": (ABSENT, ("atom",))})
    monkeypatch.setenv("CI", "true")

    with pytest.raises(AssertionError, match=r"\.ci/run installs it"):
        other_readers.read(f"{body}<!-- never read -->".encode(), "atom", url)


def test_a_home_page_only_in_rss_s_own_words_is_passed_over_for_the_feed_in_another_language(program: Program) -> None:
    program("php")
    body, content_type, url = SAMPLES["rss"]
    without = re.sub(r'<atom:link rel="alternate" type="text/html"[^>]*>\n', "", body)
    assert without != body

    (found,) = disagreements(without.encode(), content_type, url)
    assert found.startswith("simplepie: title and home page (")
    assert "/mn/feeds/country/cn.rss" in found


@pytest.mark.parametrize("kind", FEEDS)
def test_parsers_of_other_languages_tell_the_title_the_home_page_and_the_enclosures(kind: str) -> None:
    body, _, url = SAMPLES[kind]
    head = ("News from China", f"{SITE}/feeds/country/cn.html")
    enclosures = (f"{SITE}/files/report.pdf", None)

    assert other_readers.stated(body.encode(), kind) == (head, enclosures)
    for feed in other_readers.read(body.encode(), kind, url).values():
        assert isinstance(feed, other_readers.SeenFeed)
        assert feed.head in (head, None)
        assert feed.enclosures == enclosures
