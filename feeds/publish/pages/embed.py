"""Headlines for other sites: the page to frame, the fragment to include, and the page where one fetches either."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from feeds.addresses import HEADLINES, MOST_HEADLINES, Embedding, FeedAddress, Headlines, OEmbed
from feeds.assets import assets
from feeds.assets.embed_scripts import scripts
from feeds.document import Answer, Document
from feeds.formats import HTML, JSON_FEED
from feeds.i18n import Words
from feeds.model.facets import Facet
from feeds.model.selection import Selection
from feeds.publish import embed_snippets, oembed, picker_query
from feeds.publish.context import Newsdesk
from feeds.publish.pages import layout
from feeds.render import html
from feeds.render.types import Entry


@dataclass(frozen=True, slots=True)
class _Line:
    title: str
    href: str
    date: str
    machine_date: str


@dataclass(frozen=True, slots=True)
class _Option:
    value: str
    label: str
    chosen: bool


def answer(desk: Newsdesk, address: Headlines | Embedding | OEmbed, query: str) -> Answer:
    """What other sites ask for."""
    match address:
        case Headlines():
            return headlines(desk, address)
        case Embedding():
            return page(desk, address, query)
        case OEmbed():
            return oembed.answer(desk, address, query)


def headlines(desk: Newsdesk, address: Headlines) -> Document:
    """The list without script: a whole page for a frame of fixed height, or the bare list for somebody's own page."""
    selection = address.selection
    words = Words.of(address.language)
    page = desk.page(FeedAddress(selection))
    body = html.page(
        f"embed_{address.shape}",
        {
            "lines": _newest(desk, selection, address.count),
            "language": address.language,
            "direction": words.direction,
            "title": desk.title(selection),
            "page": desk.addresses.absolute(FeedAddress(selection, HTML)),
            "style": desk.addresses.prefix + assets()["embed.css"].path,
            "words": words,
        },
    )
    return Document(
        body,
        HTML.content_type,
        (page and page.updated) or desk.established,
        language=address.language,
        shared=True,
        framed=address.shape == "frame",
    )


def page(desk: Newsdesk, address: Embedding, query: str) -> Document:
    """What to paste for the headlines somebody chose, and how it looks."""
    words = Words.of(address.language)
    chosen = picker_query.chosen(desk.vocabulary, address.language, query)
    selection = replace(chosen.selection, words=())  # a frame cannot hold words
    count = _count(query)
    asked: dict[str, object] = {
        "facets": [
            (facet.name, *_options(desk, selection, address.language, facet)) for facet in desk.vocabulary.facets
        ],
        "tongues": [_Option(each, Words.of(each).own_name, each == selection.language)
                    for each in desk.addresses.languages],
        "understood": chosen.understood,
        "action": layout.path(desk, address),
    }  # fmt: skip
    return layout.page(
        desk,
        layout.Sheet(
            template="embed",
            address=address,
            title=words.say("Put our headlines on your site"),
            description=words.say("Copy a few lines, and your page shows the newest headlines by itself."),
            selection=Selection(address.language),
            values=asked | _lines(desk, selection, count),
            versions={each: desk.addresses.absolute(Embedding(each)) for each in desk.addresses.languages},
            canonical=desk.addresses.absolute(address),
            choices=_choices(desk, selection, address.language, count),
        ),
    )


def _lines(desk: Newsdesk, selection: Selection, count: int) -> dict[str, object]:
    """Everything to paste, and what its preview needs."""
    feed = FeedAddress(selection, JSON_FEED)
    newest = scripts()[-1]
    return {
        "count": count,
        "most": MOST_HEADLINES,
        "script_snippet": embed_snippets.script(desk),
        "element_snippet": embed_snippets.element(desk, selection, count),
        "reserve": embed_snippets.reserve(count),
        "frame_snippet": embed_snippets.frame(desk, selection, count),
        "include_snippet": embed_snippets.include(desk, selection, count),
        "policy": embed_snippets.policy(desk),
        "integrity": newest.integrity,
        "oembed_address": oembed.discovery(desk, desk.addresses.absolute(feed.as_format(HTML)))[0][1],
        "json_address": desk.addresses.absolute(feed),
        "label": embed_snippets.label(desk, selection),
        "preview_language": selection.language,
        "preview_json": layout.path(desk, feed),
        "preview_page": layout.path(desk, feed.as_format(HTML)),
        "preview_frame": layout.path(desk, Headlines(selection, count)),
        "preview_height": embed_snippets.frame_height(count),
        "preview_script": desk.addresses.prefix + newest.path,
        "embed_style": desk.addresses.prefix + assets()["embed.css"].path,
    }


def _choices(desk: Newsdesk, selection: Selection, language: str, count: int) -> dict[str, str]:
    """The query strings that ask the page's versions for the same."""
    queries = picker_query.queries(selection, language, desk.addresses.languages)
    if count == HEADLINES:
        return queries
    return {each: f"{query}{'&' if query else '?'}count={count}" for each, query in queries.items()}


def _newest(desk: Newsdesk, selection: Selection, count: int) -> list[_Line]:
    """By publication, as the script sorts them; what was withdrawn leaves other sites."""
    page = desk.page(FeedAddress(selection))
    standing = [each for each in desk.snapshot.releases.of(page.editions) if not each.withdrawn] if page else []
    standing.sort(key=lambda each: (each.release.published, each.release.id), reverse=True)
    return [_line(each.entry) for each in standing[:count]]


def _line(entry: Entry) -> _Line:
    return _Line(entry.title, entry.link, entry.date, entry.published.isoformat())


def _count(query: str) -> int:
    """How many headlines the form asks for, within bounds."""
    found = re.search(r"(?:^|&)count=([0-9]{1,3})(?:&|$)", query)
    return min(max(int(found[1]), 1), MOST_HEADLINES) if found else HEADLINES


def _options(desk: Newsdesk, selection: Selection, language: str, facet: Facet) -> tuple[str, list[_Option]]:
    """What a facet is called, and its terms by name."""
    chosen = selection.slugs(facet.name)
    terms = sorted((term.label(language), term.slug) for term in desk.vocabulary.current_terms(facet.name, desk.now))
    return desk.facet_label(facet, language), [_Option(slug, label, slug in chosen) for label, slug in terms]
