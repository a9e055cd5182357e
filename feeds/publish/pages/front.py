"""The newsroom's first page, and the standing ones beside it: about the office, help, a wrong address."""

from __future__ import annotations

from feeds.addresses import FeedAddress, Front, InfoPage, Outline
from feeds.document import Document
from feeds.formats import HTML
from feeds.i18n import Words
from feeds.model.fields import in_language
from feeds.model.selection import Selection
from feeds.publish.context import Newsdesk
from feeds.publish.pages import headlines
from feeds.publish.pages.chart import chart
from feeds.publish.pages.layout import Choice, Sheet, page, path, reachable, term, versions


def front(desk: Newsdesk, address: Front) -> Document:
    """The newest releases by year, what the office is, how to follow it."""
    language = address.language
    feed = FeedAddress(Selection(language), HTML)
    shown = desk.page(feed)
    values = {
        "years": headlines.by_year(desk, shown),
        "facets": _facets(desk, language),
        "older": headlines.older(desk, feed, shown),
        "chart": chart(desk, Selection(language), subjects=True),
        "about_page": path(desk, InfoPage(language, "about")),
        **_office(desk, language),
    }
    subtitle = in_language(desk.vocabulary.newsroom.subtitle, language)
    return page(desk, _sheet(desk, "front", address, desk.newsroom_title(language), subtitle, values))


def plain(desk: Newsdesk, address: InfoPage) -> Document:
    """About the office, or what a feed is."""
    language = address.language
    words = Words.of(language)
    if address.name == "about":
        description = in_language(desk.vocabulary.newsroom.subtitle, language)
        values: dict[str, object] = {"facets": _facets(desk, language), **_office(desk, language)}
        return page(desk, _sheet(desk, "about", address, words.say("About the office"), description, values))
    description = words.say("A feed brings you every new release by itself, in the program of your choice.")
    values = {"opml": path(desk, Outline(language))}
    return page(desk, _sheet(desk, "help", address, words.say("What is a feed?"), description, values))


def missing(desk: Newsdesk, language: str, hint: str, *, gone: bool = False) -> bytes:
    """What a wrong address shows: that there is nothing, and where to look instead. ``hint`` is a path."""
    words = Words.of(language)
    home = Front(language)
    title = words.say("This feed has ended") if gone else words.say("There is nothing at this address")
    values = {"hint": None if hint == desk.addresses.make(home) else desk.addresses.prefix + hint}
    sheet = Sheet("missing", home, title, title, Selection(language), values, {}, indexed=False)
    return page(desk, sheet).body


def _sheet(
    desk: Newsdesk, template: str, address: Front | InfoPage, title: str, description: str, values: dict[str, object]
) -> Sheet:
    canonical = desk.addresses.absolute(address)
    selection = Selection(address.language)
    return Sheet(template, address, title, description, selection, values, versions(desk, address), canonical)


def _office(desk: Newsdesk, language: str) -> dict[str, object]:
    """What the newsroom says of the office, text by text."""
    newsroom = desk.vocabulary.newsroom
    return {
        "subtitle": in_language(newsroom.subtitle, language),
        "about": in_language(newsroom.about, language).split("\n\n"),
        "sections": [
            (in_language(section.title, language), [in_language(item, language) for item in section.items])
            for section in newsroom.sections
        ],
        "contacts": reachable(newsroom.contacts),
    }


def _facets(desk: Newsdesk, language: str) -> list[tuple[str, list[Choice]]]:
    """The terms that have releases, by facet, for a reader to follow."""
    counts = desk.snapshot.counts.by_term(language, desk.now)
    found = []
    for facet in desk.vocabulary.facets:
        choices = [
            term(desk, language, facet.name, each.slug, counts[facet.name, each.slug].releases)
            for each in desk.vocabulary.current_terms(facet.name, desk.now)
            if (facet.name, each.slug) in counts
        ]
        if choices:
            found.append((desk.facet_label(facet, language), choices))
    return found
