"""The pages people read: the front page, a selection, a release, the list of every feed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from feeds.addresses import Address, Directory, FeedAddress, Front, Outline, ReleasePage
from feeds.assets import assets
from feeds.catalogue import Kept, Page
from feeds.document import Answer, Document, Link, Missing, Moved
from feeds.formats import HTML, SYNDICATED
from feeds.model import Facet, in_language
from feeds.publish import streams
from feeds.publish.newsdesk import Newsdesk
from feeds.publish.outlines import facet_name
from feeds.render import html
from feeds.selection import Selection
from feeds.words import Words

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
"""What the program's own files say of when they changed: their addresses change with them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A link to follow: its words, its address, whether it is where one stands, and a number beside it."""

    label: str
    href: str
    here: bool = False
    count: int = 0
    language: str = ""


@dataclass(frozen=True, slots=True)
class Headline:
    """A release as lists show it."""

    title: str
    href: str
    summary: str
    date: str
    machine_date: str
    year: int
    terms: tuple[Choice, ...]


def front(desk: Newsdesk, address: Front) -> Document:
    """The newsroom's first page: the newest releases by year, what the office is, how to follow it."""
    newsroom = desk.vocabulary.newsroom
    language = address.language
    feed = FeedAddress(Selection(language), HTML)
    page = desk.page(feed)
    headlines = _headlines(desk, page) if page else []
    values = {
        "years": _years(headlines),
        "about": in_language(newsroom.about, language).split("\n\n"),
        "constituents": [in_language(each, language) for each in newsroom.constituents],
        "policy_areas": [in_language(each, language) for each in newsroom.policy_areas],
        "facets": _facets(desk, language),
        "older": _older(desk, feed, page),
        "subtitle": in_language(newsroom.subtitle, language),
    }
    title = desk.newsroom_title(language)
    return _page(desk, address, "front", title, feed, page.updated if page else None, values)


def selection(desk: Newsdesk, address: FeedAddress) -> Answer:
    """The page that says what a feed says: its html twin."""
    page = desk.page(address)
    if page is None:
        return streams.beyond(desk, address)
    values = {
        "years": _years(_headlines(desk, page)),
        "subject": desk.subject(address.selection) or Words.of(address.language).say("All releases"),
        "summary": _summary(desk, address.selection),
        "older": _older(desk, address, page),
        "newer": _newer(desk, address, page),
    }
    return _page(desk, address, "selection", desk.title(address.selection), address, page.updated, values)


def release(desk: Newsdesk, address: ReleasePage) -> Answer:
    """A release's home; 410 with the notice once it is withdrawn."""
    found = desk.snapshot.release(address.language, address.path, desk.now)
    if found is None:
        moved = desk.snapshot.renamed(address.language, address.path, desk.now)
        if moved:
            return Moved(desk.addresses.prefix + desk.addresses.make(ReleasePage(address.language, moved)))
        return Missing(desk.addresses.make(Front(address.language)))
    item = json.loads(found.item)
    own = found.release
    values = {
        "release": own,
        "content": html.safe(item["content_html"]),
        "date": item["_newsroom"]["date"],
        "facets": [
            (facet_name(own.language, facet), [_term(desk, own.language, facet, slug) for slug in own.terms(facet)])
            for facet in Facet
            if own.terms(facet)
        ],
        "languages": [
            Choice(Words.of(link["hreflang"]).own_name, link["href"], language=link["hreflang"])
            for link in item["_newsroom"].get("links", ())
            if link["rel"] == "alternate"
        ],
        "withdrawn": found.withdrawn,
        "size": _size,
    }
    feed = FeedAddress(Selection.of(own.language, _narrowest(found)), HTML)
    updated = datetime.fromisoformat(item["date_modified"])
    document = _page(desk, address, "release", item["title"], feed, updated, values)
    return document if not found.withdrawn else _gone(document)


def directory(desk: Newsdesk, address: Directory) -> Document:
    """Every feed of a language, with how many releases each holds."""
    language = address.language
    words = Words.of(language)
    page = desk.page(FeedAddress(Selection(language), HTML))
    everything = [
        (words.say("All releases"), Selection(language)),
        (words.say("Corrections and withdrawals"), Selection(language, corrections=True)),
    ]
    counts = desk.snapshot.counts(language, desk.now)
    groups: list[tuple[str, str, list[dict[str, Any]]]] = [
        (words.say("Everything"), "", [_row(desk, label, each) for label, each in everything]),
    ]
    for facet in Facet:
        rows = [
            _row(desk, term.label(language), Selection.of(language, {facet: [term.slug]}))
            for term in desk.vocabulary.terms.get(facet, ())
        ]
        outline = desk.addresses.prefix + desk.addresses.make(Outline(language, facet))
        groups.append((facet_name(language, facet), outline, rows))
    values = {"groups": groups, "opml": _path(desk, Outline(language)), "counts": counts}
    title = f"{desk.newsroom_title(language)} – {words.say('Feeds')}"
    feed = FeedAddress(Selection(language), HTML)
    return _page(desk, address, "directory", title, feed, page.updated if page else None, values)


def _row(desk: Newsdesk, label: str, selection: Selection) -> dict[str, Any]:
    counted = desk.snapshot.count(selection, desk.now)
    live = FeedAddress(selection)
    return {
        "label": label,
        "count": counted.releases if counted else 0,
        "newest": Words.of(selection.language).date(counted.newest, desk.vocabulary.newsroom.time_zone)
        if counted
        else "",
        "page": _path(desk, live.as_format(HTML)),
        "feeds": [Choice(form.name, _path(desk, live.as_format(form))) for form in SYNDICATED],
    }


def _page(
    desk: Newsdesk,
    address: Address,
    template: str,
    title: str,
    feed: FeedAddress,
    updated: datetime | None,
    values: dict[str, Any],
) -> Document:
    language = address.language
    words = Words.of(language)
    live = FeedAddress(feed.selection)
    feeds = [(form, desk.addresses.absolute(live.as_format(form))) for form in SYNDICATED]
    own = {
        "words": words,
        "language": language,
        "direction": words.direction,
        "title": title,
        "newsroom": desk.newsroom_title(language),
        "home": _path(desk, Front(language)),
        "directory": _path(desk, Directory(language)),
        "canonical": desk.addresses.absolute(address),
        "autodiscovery": [
            (form.media_type, f"{desk.title(live.selection)} ({form.name})", href) for form, href in feeds
        ],
        "follow": [Choice(form.name, href) for form, href in feeds],
        "follow_subject": desk.subject(live.selection) or words.say("All releases"),
        "languages": _languages(desk, address),
        "style": desk.addresses.prefix + assets()["style.css"].path,
        "icon": desk.addresses.prefix + assets()["icon.svg"].path,
        "rights": in_language(desk.vocabulary.newsroom.rights, language),
    }
    body = html.page(template, own | values)
    return Document(
        body,
        HTML.content_type,
        updated or desk.established,
        links=(Link(desk.addresses.absolute(address), "canonical"),),
        language=language,
        max_age=desk.settings.max_age,
    )


def _gone(document: Document) -> Document:
    return Document(
        document.body,
        document.media_type,
        document.last_modified,
        links=document.links,
        language=document.language,
        max_age=document.max_age,
        status=410,
    )


def _languages(desk: Newsdesk, address: Address) -> list[Choice]:
    """The same page in the newsroom's other languages."""
    found = []
    for language in desk.addresses.languages:
        match address:
            case Front():
                twin: Address = Front(language)
            case Directory():
                twin = Directory(language)
            case FeedAddress(archive=0):
                twin = address.in_language(language)
            case _:
                continue
        if language != address.language:
            found.append(Choice(Words.of(language).own_name, desk.addresses.absolute(twin), language=language))
    return found


def _path(desk: Newsdesk, address: Address) -> str:
    return desk.addresses.prefix + desk.addresses.make(address)


def _term(desk: Newsdesk, language: str, facet: Facet, slug: str, count: int = 0) -> Choice:
    address = FeedAddress(Selection.of(language, {facet: [slug]}), HTML)
    return Choice(desk.label(facet, slug, language), _path(desk, address), count=count)


def _facets(desk: Newsdesk, language: str) -> list[tuple[str, list[Choice]]]:
    """The terms that have releases, by facet, for a reader to follow."""
    counts = desk.snapshot.counts(language, desk.now)
    found = []
    for facet in Facet:
        choices = [
            _term(desk, language, facet, term.slug, counts[facet, term.slug].releases)
            for term in desk.vocabulary.terms.get(facet, ())
            if (facet, term.slug) in counts
        ]
        if choices:
            found.append((facet_name(language, facet), choices))
    return found


def _headlines(desk: Newsdesk, page: Page) -> list[Headline]:
    newest_first = sorted(
        desk.snapshot.kept(page.editions), key=lambda each: (each.release.published, each.release.id), reverse=True
    )
    return [_headline(desk, each) for each in newest_first]


def _headline(desk: Newsdesk, kept: Kept) -> Headline:
    own = kept.release
    item = json.loads(kept.item)
    shown = own.published.astimezone(desk.vocabulary.newsroom.time_zone)
    terms = [
        _term(desk, own.language, facet, slug) for facet in (Facet.COUNTRY, Facet.PROJECT) for slug in own.terms(facet)
    ]
    return Headline(
        item["title"],
        _path(desk, ReleasePage(own.language, own.path)),
        item["summary"],
        item["_newsroom"]["date"],
        shown.date().isoformat(),
        shown.year,
        tuple(terms),
    )


def _years(headlines: Iterable[Headline]) -> list[tuple[int, list[Headline]]]:
    return [(year, list(group)) for year, group in groupby(headlines, lambda headline: headline.year)]


def _older(desk: Newsdesk, address: FeedAddress, page: Page | None) -> str | None:
    if page is None:
        return None
    number = (page.number or page.last + 1) - 1
    return _path(desk, FeedAddress(address.selection, HTML, number)) if number else None


def _newer(desk: Newsdesk, address: FeedAddress, page: Page) -> str | None:
    if not page.number:
        return None
    following = page.number + 1 if page.number < page.last else 0
    return _path(desk, FeedAddress(address.selection, HTML, following))


def _summary(desk: Newsdesk, selection: Selection) -> str:
    """What a single term is, where the newsroom says so."""
    if len(selection.terms) == 1 and len(selection.terms[0][1]) == 1:
        facet, (slug,) = selection.terms[0]
        term = desk.vocabulary.term(facet, slug)
        if term and term.summary:
            return in_language(term.summary, selection.language)
    return ""


def _narrowest(kept: Kept) -> dict[Facet, tuple[str, ...]]:
    """What a reader of this release most likely wants to follow: its project, else its first topic, else country."""
    for facet in (Facet.PROJECT, Facet.TOPIC, Facet.COUNTRY):
        if kept.release.terms(facet):
            return {facet: kept.release.terms(facet)[:1]}
    return {}


def _size(octets: int) -> str:
    """A file's size as people say it.

    >>> _size(1_300_000)
    '1.3 MB'
    """
    for unit, divisor in (("MB", 1_000_000), ("kB", 1_000)):
        if octets >= divisor:
            return f"{octets / divisor:.1f} {unit}".replace(".0 ", " ")
    return f"{octets} B"
