"""Rendering: any entry at all, in every format, is clean, spliced byte for byte, and read back as it was meant."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feeds.model.formats import ATOM, JSON_FEED, RSS, SYNDICATED, Format
from feeds.model.license import UNSPECIFIED
from feeds.model.newsroom import Person
from feeds.render import RENDERERS, markdown
from feeds.render.feed_values import Category, CorrectionNote, Entry, File, Head, Link, Picture
from tests.render.unspliced import unspliced
from tests.tools import examples
from tests.wire import readers, rules, schemas

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BEIJING = timezone(timedelta(hours=8))
BASE = "https://n.example.org"

_LETTERS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp", "Zs", "Co"))
_WORD = st.one_of(
    st.text(_LETTERS, min_size=1, max_size=12),
    st.sampled_from(
        ["AT&T", "<b>", "</script>", "&amp;", "&#x26;", "a<b", "]]>", "中国", "Монгол", "العربية", '"', "'", "%"]
    ),
)
LINES = st.lists(_WORD, min_size=1, max_size=6).map(" ".join)
MOMENTS = st.integers(0, 900_000_000).map(
    lambda second: datetime(1995, 1, 1, tzinfo=BEIJING) + timedelta(seconds=second)
)


HOSTILE = [
    *("<script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "<a href='//evil'>", "<svg/onload=x>"),
    *("<p style='x'>", "![i](data:text/html,x)", "<iframe src=x>", '<a href="java&#x0A;script:x">', "<div><p>", "> "),
    *("\n\n", "<!--", "-->", "<base href=x>", "[y]: //evil", "<a href='\\\\evil'>", "<table><td background=x>"),
]


def a_head(form: Format, **changes: object) -> Head:
    kind = form.media_type
    head = Head(
        id="tag:example.org,2020:feeds/all",
        language="en",
        title="News & views",
        subtitle="What is new",
        updated=datetime(2025, 6, 24, tzinfo=BEIJING),
        author=Person(name="The Office"),
        rights="© The Office",
        license=None,
        icon=f"{BASE}/static/icon.png",
        logo=f"{BASE}/static/logo.png",
        page=f"{BASE}/feeds/all.html",
        self_link=Link(f"{BASE}/feeds/all.{form.suffix}", "self", kind),
        links=(
            Link("https://hub.example.org/", "hub"),
            Link(f"{BASE}/feeds/all/archive/3.{form.suffix}", "prev-archive", kind),
            Link(f"{BASE}/mn/feeds/all.{form.suffix}", "alternate", kind, "mn"),
        ),
    )
    return replace(head, **changes)  # type: ignore[arg-type]  # a test's shorthand


def an_entry(number: int = 1, **changes: object) -> Entry:
    published = datetime(2021, 6, 24, 9, 30, tzinfo=BEIJING) + timedelta(days=number)
    entry = Entry(
        id=f"tag:example.org,2021:release-{number}",
        link=f"{BASE}/releases/2021/release-{number}",
        language="en",
        title=f"Release {number}",
        published=published,
        updated=published,
        summary="In short.",
        content="<p>At length.</p>\n",
        date="24 June 2021",
        authors=(Person(name="The Office"),),
    )
    return replace(entry, **changes)  # type: ignore[arg-type]  # a test's shorthand


def a_full_entry() -> Entry:
    """Everything a release can say, at once."""
    return an_entry(
        updated=datetime(2022, 1, 1, tzinfo=BEIJING),
        categories=(
            Category("tag:example.org,2020:country", "cn", "China"),
            Category("tag:example.org,2020:topic", "r-and-d", "R&D"),
        ),
        links=(
            Link(f"{BASE}/mn/releases/2021/release-1", "alternate", "text/html", "mn"),
            Link("https://elsewhere.example.org/", "related"),
        ),
        authors=(Person(name="A & B"), Person(name="C", email="c@example.org"), Person(name="D", url=BASE)),
        attachments=(
            File(url=f"{BASE}/a.pdf", title="A", type="application/pdf", length=1234, language="en"),
            File(url=f"{BASE}/b.pdf", title="B & more", type="application/pdf"),
        ),
        image=Picture(
            src=f"{BASE}/i.jpg",
            alt="A dam",
            caption="The dam",
            credit="© ILO",
            width=800,
            height=600,
            type="image/jpeg",
        ),
        rights="© Somebody else",
        license="https://creativecommons.org/licenses/by/4.0/",
        corrections=(CorrectionNote(datetime(2022, 1, 1, tzinfo=BEIJING), "It was 5, not 6.", "<p>It was 5.</p>\n"),),
    )


def feed(form: Format, entries: list[Entry], head: Head | None = None) -> bytes:
    renderer = RENDERERS[form]
    return renderer.feed(head or a_head(form), [renderer.entry(entry) for entry in entries])


def complaints(form: Format, entries: list[Entry], head: Head | None = None) -> list[str]:
    head = head or a_head(form)
    body = feed(form, entries, head)
    url = head.self_link.href
    found = [str(each) for each in rules.findings(body, form.content_type, url, NOW)]
    if form == ATOM:
        found += schemas.errors(body, "atom")
    if form == JSON_FEED:
        found += schemas.errors(body, "json")
    expected = tuple(
        readers.Seen(e.id, e.title, link_in(form, e), e.published.astimezone(UTC), e.updated.astimezone(UTC))
        for e in entries
    )
    return found + readers.disagreements(body, form.content_type, url, expected)


def a_withdrawn_entry() -> Entry:
    """A release that was withdrawn and replaced."""
    withdrawn = datetime(2022, 1, 1, 9, 30, tzinfo=BEIJING)
    return an_entry(withdrawn=withdrawn, updated=withdrawn, replacement=f"{BASE}/releases/2022/b?x=1&y=2")


def link_in(form: Format, entry: Entry) -> str:
    """The link of an entry, as clients see it: JSON Feed has a member of its own for pages elsewhere."""
    return entry.page or entry.link if form == JSON_FEED else entry.link


every_format = pytest.mark.parametrize("form", SYNDICATED, ids=lambda form: form.suffix)


@every_format
def test_a_release_with_everything_is_clean_and_read_alike(form: Format) -> None:
    assert complaints(form, [a_full_entry(), an_entry(2)]) == []


@every_format
def test_an_archive_document_is_clean_and_says_that_it_is_one(form: Format) -> None:
    at = f"{BASE}/feeds/all"
    links = tuple(
        Link(f"{at}{rest}.{form.suffix}", rel, form.media_type)
        for rel, rest in (("current", ""), ("prev-archive", "/archive/1"), ("next-archive", "/archive/3"))
    )
    own = Link(f"{at}/archive/2.{form.suffix}", "self", form.media_type)
    head = a_head(form, archive=True, links=links, self_link=own)
    assert complaints(form, [an_entry()], head) == []
    assert b"archive" in feed(form, [an_entry()], head)


@every_format
def test_a_feed_without_any_release_is_clean(form: Format) -> None:
    head = a_head(form)
    assert [str(f) for f in rules.findings(feed(form, []), form.content_type, head.self_link.href, NOW)] == []


@every_format
def test_what_rss_or_atom_has_no_element_for_is_said_all_the_same(form: Format) -> None:
    text = feed(form, [a_full_entry()]).decode()
    for said in (
        "© ILO",
        "The dam",
        "A dam",
        "© Somebody else",
        "b.pdf",
        "B &",
        "1234",
        "/mn/releases/",
        "elsewhere",
        "C",
    ):
        assert said in text.replace("&amp;", "&").replace("&#x26;", "&"), said


@every_format
def test_a_recall_is_clean_and_read_alike(form: Format) -> None:
    assert complaints(form, [a_withdrawn_entry(), an_entry(2)]) == []
    assert feed(form, [a_withdrawn_entry()]) == unspliced(form, a_head(form), [a_withdrawn_entry()])


@pytest.mark.parametrize("form", [ATOM, RSS], ids=lambda form: form.suffix)
def test_a_client_sees_since_when_a_release_no_longer_stands_and_what_replaces_it(form: Format) -> None:
    recalled, other = feedparser.parse(feed(form, [a_withdrawn_entry(), a_full_entry()])).entries
    assert recalled.id == an_entry().id
    assert recalled.validity_end_parsed[:6] == (2022, 1, 1, 1, 30, 0)  # in UTC
    assert recalled.dcterms_isreplacedby == f"{BASE}/releases/2022/b?x=1&y=2"
    assert "validity" not in other
    assert "dcterms_isreplacedby" not in other


def test_rss_says_when_a_release_was_modified_only_of_one_that_was() -> None:
    changed, other = etree.fromstring(feed(RSS, [a_full_entry(), an_entry(2)]))[0].findall("item")
    for name in ("{http://www.w3.org/2005/Atom}updated", "{http://purl.org/dc/terms/}modified"):
        assert changed.findtext(name) == "2022-01-01T00:00:00+08:00"
        assert other.find(name) is None


@every_format
def test_a_release_that_lives_elsewhere_is_clean_and_read_alike(form: Format) -> None:
    elsewhere = an_entry(link="https://elsewhere.example/dam", page=f"{BASE}/releases/2021/release-1")
    assert complaints(form, [elsewhere, an_entry(2)]) == []


def test_json_feed_says_where_a_release_lives_and_where_our_page_of_it_is() -> None:
    elsewhere = an_entry(link="https://elsewhere.example/dam", page=f"{BASE}/releases/2021/release-1")
    found, own = json.loads(feed(JSON_FEED, [elsewhere, an_entry(2)]))["items"]
    assert (found["url"], found["external_url"]) == (elsewhere.page, elsewhere.link)
    assert own["url"] == an_entry(2).link
    assert "external_url" not in own


@every_format
def test_a_release_with_nothing_but_a_related_page_elsewhere_leads_to_its_own_page(form: Format) -> None:
    assert complaints(form, [an_entry(links=(Link("https://elsewhere.example.org/", "related"),))]) == []


@every_format
def test_the_licence_of_a_feed_is_clean_and_read_alike(form: Format) -> None:
    head = a_head(form, license=UNSPECIFIED)
    assert complaints(form, [a_full_entry(), an_entry(2, license=UNSPECIFIED), an_entry(3)], head) == []
    archive = replace(head, archive=True, links=(Link(f"{BASE}/feeds/all.{form.suffix}", "current", form.media_type),))
    assert complaints(form, [a_full_entry()], archive) == []


@pytest.mark.parametrize("form", [ATOM, RSS], ids=lambda form: form.suffix)
def test_a_client_sees_the_licence_of_the_feed_and_of_each_entry(form: Format) -> None:
    body = feed(form, [a_full_entry(), an_entry(2)], a_head(form, license="https://www.example.org/terms?a=1&b=2"))
    found = feedparser.parse(body)
    licenses = [[link.href for link in each.links if link.rel == "license"] for each in (found.feed, *found.entries)]
    assert licenses == [["https://www.example.org/terms?a=1&b=2"], ["https://creativecommons.org/licenses/by/4.0/"], []]


def test_rss_names_every_author_though_none_has_an_address_to_write_to() -> None:
    text = feed(RSS, [a_full_entry()]).decode()
    assert text.count("<dc:creator>") == 3
    assert "<author>" not in text


def test_rss_holds_one_enclosure_and_the_further_files_as_media() -> None:
    text = feed(RSS, [a_full_entry()]).decode()
    assert text.count("<enclosure ") == 1
    assert 'media:content url="https://n.example.org/b.pdf"' in text


@pytest.mark.parametrize("links", [(), ("mn",), ("zh-Hans", "mn")])
def test_the_first_alternate_of_an_rss_channel_and_of_its_items_is_their_own_page(links: tuple[str, ...]) -> None:
    twins = tuple(Link(f"{BASE}/{tag}/feeds/all.rss", "alternate", RSS.media_type, tag) for tag in links)
    pages = tuple(Link(f"{BASE}/{tag}/releases/2021/release-1", "alternate", "text/html", tag) for tag in links)
    head = a_head(RSS, links=twins)
    entry = an_entry(links=(*pages, Link("https://elsewhere.example.org/", "related")))
    channel = etree.fromstring(feed(RSS, [entry], head))[0]
    for element, home in ((channel, head.page), (channel.find("item"), entry.link)):
        found = element.findall("{*}link[@rel='alternate']")
        assert (found[0].get("href"), found[0].get("type")) == (home, "text/html")
        assert element.findtext("link") == home
    assert len(channel.findall("{*}link[@rel='alternate']")) == 1 + len(links)


def test_json_feed_leads_to_the_next_older_items() -> None:
    assert json.loads(feed(JSON_FEED, [an_entry()]))["next_url"] == f"{BASE}/feeds/all/archive/3.json"


@every_format
@examples(60)
@given(
    texts=st.lists(st.tuples(LINES, LINES, MOMENTS, st.integers(0, 10_000)), min_size=1, max_size=4),
    title=LINES,
)
def test_any_feed_spliced_equals_the_same_feed_in_one_go(
    form: Format, texts: list[tuple[str, str, datetime, int]], title: str
) -> None:
    entries = [
        an_entry(
            number,
            title=line,
            summary=summary,
            content=f"{markdown.paragraph(summary)}",
            published=moment,
            updated=moment + timedelta(seconds=later),
        )
        for number, (line, summary, moment, later) in enumerate(texts)
    ]
    head = a_head(form, title=title)
    assert feed(form, entries, head) == unspliced(form, head, entries)


@st.composite
def any_entry(draw: st.DrawFn) -> Entry:
    summary, moment = draw(LINES), draw(MOMENTS)
    content = markdown.html_of(summary, BASE)
    return an_entry(
        title=markdown.plain(f"On {draw(LINES)}"),  # one parser takes a title of digits alone for a number
        summary=markdown.plain(summary),
        content=content if content.strip() else markdown.paragraph(summary),
        published=moment,
        updated=moment,
    )


@every_format
@examples(3)
@given(st.lists(any_entry(), min_size=8, max_size=12, unique_by=lambda entry: entry.updated))
def test_any_title_and_summary_comes_through_every_parser(form: Format, entries: list[Entry]) -> None:
    """Many in one feed, since each parser is a program that has to be started."""
    entries = [
        replace(each, id=f"tag:example.org,2021:release-{n}", link=f"{BASE}/{n}") for n, each in enumerate(entries)
    ]
    assert complaints(form, entries) == []


@examples(150)
@given(st.text(max_size=300) | st.lists(_WORD | st.sampled_from(HOSTILE)).map(" ".join))
def test_no_markdown_at_all_brings_anything_dangerous_or_relative_into_a_feed(text: str) -> None:
    clean = "".join(character for character in text if character.isprintable() or character == "\n")
    content = markdown.html_of(clean, f"{BASE}/releases/2021/x")
    entry = an_entry(content=content if content.strip() else "<p>–</p>")
    head = a_head(JSON_FEED)
    found = rules.findings(feed(JSON_FEED, [entry], head), JSON_FEED.content_type, head.self_link.href, NOW)
    assert [str(each) for each in found] == []
