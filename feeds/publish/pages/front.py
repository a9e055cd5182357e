"""The newsroom's first page, the pages about the newsroom and feeds, and the page for a wrong address."""

from __future__ import annotations

from dataclasses import dataclass

from feeds.addresses import FeedAddress, Front, InfoPage, Outline
from feeds.document import Document
from feeds.formats import HTML
from feeds.i18n import in_language
from feeds.model.selection import Selection
from feeds.publish import titles
from feeds.publish.context import Context
from feeds.publish.pages import headlines
from feeds.publish.pages.chart import chart
from feeds.publish.pages.layout import (
    PageContent,
    PageLink,
    language_versions,
    page_document,
    reachable_persons,
    term_link,
)


@dataclass(frozen=True, slots=True)
class _ShownSection:
    """A section of the newsroom in one language: paragraphs, or the lines of a list."""

    title: str
    paragraphs: tuple[str, ...]
    lines: tuple[str, ...]


def front_page(context: Context, address: Front) -> Document:
    """The first page: the newest releases by year, and who publishes them."""
    language = address.language
    feed = FeedAddress(Selection(language), HTML)
    shown = context.page(feed)
    values = {
        "years": headlines.by_year(context, feed, shown),
        "facets": _facets(context, language),
        "older": headlines.older(context, feed, shown),
        "chart": chart(context, Selection(language), subjects=True),
        "about_page": context.path(InfoPage(language, "about")),
        **_about(context, language),
    }
    subtitle = in_language(context.vocabulary.newsroom.subtitle, language)
    return page_document(
        context, _content(context, "front", address, titles.newsroom_title(context, language), subtitle, values)
    )


def info_page(context: Context, address: InfoPage) -> Document:
    """The page about the newsroom, or the page about feeds."""
    language = address.language
    words = context.words(language)
    if address.name == "about":
        description = in_language(context.vocabulary.newsroom.subtitle, language)
        values: dict[str, object] = {"facets": _facets(context, language), **_about(context, language)}
        return page_document(context, _content(context, "about", address, words.say("About us"), description, values))
    description = words.say("A feed brings you every new release by itself, in the program of your choice.")
    values = {"opml": context.path(Outline(language))}
    return page_document(context, _content(context, "help", address, words.say("What is a feed?"), description, values))


def missing_page(context: Context, language: str, hint: str, *, gone: bool = False) -> Document:
    """The page for a wrong address. ``hint`` is the path of a page to read instead."""
    words = context.words(language)
    home = Front(language)
    title = words.say("This feed has ended") if gone else words.say("There is nothing at this address")
    values = {"hint": None if hint == context.addresses.make(home) else context.addresses.prefix + hint}
    content = PageContent("missing", home, title, title, Selection(language), values, {}, indexed=False)
    return page_document(context, content)


def _content(
    context: Context, template: str, address: Front | InfoPage, title: str, description: str, values: dict[str, object]
) -> PageContent:
    canonical = context.addresses.absolute(address)
    selection = Selection(address.language)
    return PageContent(
        template, address, title, description, selection, values, language_versions(context, address), canonical
    )


def _about(context: Context, language: str) -> dict[str, object]:
    """The values for the texts about the newsroom."""
    newsroom = context.vocabulary.newsroom
    return {
        "subtitle": in_language(newsroom.subtitle, language),
        "about": in_language(newsroom.about, language).split("\n\n"),
        "sections": [
            _ShownSection(
                in_language(each.title, language),
                tuple(in_language(each.text, language).split("\n\n")) if each.text else (),
                tuple(in_language(line, language) for line in each.items or ()),
            )
            for each in newsroom.sections
        ],
        "contacts": reachable_persons(newsroom.contacts),
    }


def _facets(context: Context, language: str) -> list[tuple[str, list[PageLink]]]:
    """The facets' labels with links to the terms that have releases."""
    counts = context.snapshot.counts.by_term(Selection(language), context.now)
    found = []
    for facet in context.vocabulary.facets:
        choices = [
            term_link(context, language, facet.name, each.slug, counts[facet.name, each.slug].releases)
            for each in context.vocabulary.current_terms(facet.name, context.now)
            if (facet.name, each.slug) in counts
        ]
        if choices:
            found.append((titles.facet_label(context, facet, language), choices))
    return found
