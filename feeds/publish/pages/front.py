"""The newsroom's first page, the pages about the newsroom and feeds, and the page for a wrong address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from feeds.addresses import MOST_COUNTED, FeedAddress, Front, InfoPage, Outline, Sitemap
from feeds.i18n import in_language
from feeds.model.formats import HTML, SYNDICATED
from feeds.model.selection import Selection
from feeds.publish import titles
from feeds.publish.context import Context
from feeds.publish.document import Document
from feeds.publish.pages import headlines
from feeds.publish.pages.chart import chart
from feeds.publish.pages.headlines import Headline
from feeds.publish.pages.layout import (
    PageContent,
    PageLink,
    language_versions,
    page_document,
    reachable_persons,
    term_link,
)
from feeds.publish.pages.year import year_links

MOST = 10
"""Releases on the front page; the pages of years have the others."""
MOST_TERMS = 6
"""Terms of a facet on the front page; the page of all feeds has the others."""
WHOLE = 3
"""Releases besides the first that are shown with their summary."""


@dataclass(frozen=True, slots=True)
class _ShownSection:
    """A section of the newsroom in one language: paragraphs, or the lines of a list."""

    title: str
    paragraphs: tuple[str, ...]
    lines: tuple[str, ...]


def front_page(context: Context, address: Front) -> Document:
    """The first page: the pinned or newest story, the newest releases, and who publishes them."""
    language = address.language
    feed = FeedAddress(Selection(language), HTML)
    shown = context.page(feed)
    newest = headlines.newest_first(context, feed, shown)[:MOST]
    lead = _pinned(context, language) or _lead(newest)
    rest = [each for each in newest if lead is None or each.href != lead.href][: MOST - 1]
    values = {
        "lead": lead,
        "stories": rest[:WHOLE],
        "brief": rest[WHOLE:],
        "years": year_links(context, language, context.snapshot.counts.by_year(Selection(language), context.now)),
        "facets": _facets(context, language, MOST_TERMS),
        "chart": chart(context, Selection(language), subjects=True),
        "about_page": context.path(InfoPage(language, "about")),
        **_about(context, language),
    }
    subtitle = in_language(context.vocabulary.newsroom.subtitle, language)
    return page_document(
        context, _content(context, "front", address, titles.newsroom_title(context, language), subtitle, values)
    )


def _pinned(context: Context, language: str) -> Headline | None:
    """The story that an editor has put first."""
    edition = context.snapshot.releases.pinned(Selection(language), context.now)
    if edition is None:
        return None
    return headlines.headline(context, context.snapshot.releases.of([edition])[0], language)


def _lead(stories: Sequence[Headline]) -> Headline | None:
    """The newest story in the page's language with a picture; else the newest, if possible in it; withdrawn last."""
    standing = [each for each in stories if not each.withdrawn]
    own = [each for each in standing if not each.language]
    pictured = [each for each in own if each.large]
    return next(iter((*pictured, *own, *standing, *stories)), None)


def info_page(context: Context, address: InfoPage) -> Document:
    """The page about the newsroom, the page about feeds, or the page for those who write programs that take them in."""
    language = address.language
    words = context.words(language)
    if address.name == "about":
        description = in_language(context.vocabulary.newsroom.subtitle, language)
        values: dict[str, object] = {"facets": _facets(context, language), **_about(context, language)}
        return page_document(context, _content(context, "about", address, words.say("About us"), description, values))
    if address.name == "developers":
        description = words.say(
            "What aggregators, search engines and other programs that take in our releases should know."
        )
        values = _for_developers(context, language)
        return page_document(
            context, _content(context, "developers", address, words.say("For developers"), description, values)
        )
    description = words.say("A feed brings you every new release by itself, in the program of your choice.")
    values = {"opml": context.path(Outline(language))}
    return page_document(context, _content(context, "help", address, words.say("What is a feed?"), description, values))


def _for_developers(context: Context, language: str) -> dict[str, object]:
    """The values for the page about what programs should know. All addresses are absolute, to be copied."""
    newsroom = context.vocabulary.newsroom
    everything = FeedAddress(context.offered(Selection(language)))
    return {
        "formats": [PageLink(form.name, context.addresses.absolute(everything.as_format(form))) for form in SYNDICATED],
        "opml": context.addresses.absolute(Outline(language)),
        "most_counted": MOST_COUNTED,
        "sitemap": context.addresses.absolute(Sitemap(context.addresses.languages[0])),
        "hub": newsroom.hub,
        "contacts": reachable_persons(newsroom.contacts),
    }


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


def _facets(context: Context, language: str, most: int | None = None) -> list[tuple[str, list[PageLink]]]:
    """The facets' labels with links to the terms that have releases; with ``most``, to those that have the most."""
    counts = context.snapshot.counts.by_term(Selection(language), context.now)
    found = []
    for facet in context.vocabulary.facets:
        numbers = {
            each.slug: counts[facet.name, each.slug].releases
            for each in context.vocabulary.current_terms(facet.name, context.now)
            if (facet.name, each.slug) in counts
        }
        largest = sorted(numbers, key=lambda slug: -numbers[slug])[:most]
        choices = [
            term_link(context, language, facet.name, slug, number)
            for slug, number in numbers.items()
            if slug in largest
        ]
        if choices:
            found.append((titles.facet_label(context, facet, language), choices))
    return found
