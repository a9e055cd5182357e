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
from feeds.publish import embed_snippets, oembed, picker_query, titles
from feeds.publish.context import Context
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


def embed_answer(context: Context, address: Headlines | Embedding | OEmbed, query: str) -> Answer:
    """What other sites ask for."""
    match address:
        case Headlines():
            return headlines_document(context, address)
        case Embedding():
            return embed_page(context, address, query)
        case OEmbed():
            return oembed.oembed_answer(context, address, query)


def headlines_document(context: Context, address: Headlines) -> Document:
    """The list without script: a whole page for a frame of fixed height, or the bare list for somebody's own page."""
    selection = address.selection
    words = Words.of(address.language)
    page = context.page(FeedAddress(selection))
    body = html.render_page(
        f"embed_{address.shape}",
        {
            "lines": _newest(context, selection, address.count),
            "language": address.language,
            "direction": words.direction,
            "title": titles.feed_title(context, selection),
            "page": context.addresses.absolute(FeedAddress(selection, HTML)),
            "style": context.addresses.prefix + assets()["embed.css"].path,
            "words": words,
        },
    )
    return Document(
        body,
        HTML.content_type,
        (page and page.updated) or context.established,
        language=address.language,
        shared=True,
        framed=address.shape == "frame",
    )


def embed_page(context: Context, address: Embedding, query: str) -> Document:
    """What to paste for the headlines somebody chose, and how it looks."""
    words = Words.of(address.language)
    chosen = picker_query.chosen(context.vocabulary, address.language, query)
    selection = replace(chosen.selection, words=())  # a frame cannot hold words
    count = _count(query)
    asked: dict[str, object] = {
        "facets": [
            (facet.name, *_options(context, selection, address.language, facet)) for facet in context.vocabulary.facets
        ],
        "tongues": [_Option(each, Words.of(each).own_name, each == selection.language)
                    for each in context.addresses.languages],
        "understood": chosen.understood,
        "action": layout.path(context, address),
    }  # fmt: skip
    return layout.page_document(
        context,
        layout.Sheet(
            template="embed",
            address=address,
            title=words.say("Put our headlines on your site"),
            description=words.say("Copy a few lines, and your page shows the newest headlines by itself."),
            selection=Selection(address.language),
            values=asked | _lines(context, selection, count),
            versions={each: context.addresses.absolute(Embedding(each)) for each in context.addresses.languages},
            canonical=context.addresses.absolute(address),
            choices=_choices(context, selection, address.language, count),
        ),
    )


def _lines(context: Context, selection: Selection, count: int) -> dict[str, object]:
    """Everything to paste, and what its preview needs."""
    feed = FeedAddress(selection, JSON_FEED)
    newest = scripts()[-1]
    return {
        "count": count,
        "most": MOST_HEADLINES,
        "script_snippet": embed_snippets.script(context),
        "element_snippet": embed_snippets.element(context, selection, count),
        "reserve": embed_snippets.reserve(count),
        "frame_snippet": embed_snippets.frame(context, selection, count),
        "include_snippet": embed_snippets.include(context, selection, count),
        "policy": embed_snippets.policy(context),
        "integrity": newest.integrity,
        "oembed_address": oembed.discovery(context, context.addresses.absolute(feed.as_format(HTML)))[0][1],
        "json_address": context.addresses.absolute(feed),
        "label": embed_snippets.label(context, selection),
        "preview_language": selection.language,
        "preview_json": layout.path(context, feed),
        "preview_page": layout.path(context, feed.as_format(HTML)),
        "preview_frame": layout.path(context, Headlines(selection, count)),
        "preview_height": embed_snippets.frame_height(count),
        "preview_script": context.addresses.prefix + newest.path,
        "embed_style": context.addresses.prefix + assets()["embed.css"].path,
    }


def _choices(context: Context, selection: Selection, language: str, count: int) -> dict[str, str]:
    """The query strings that ask the page's versions for the same."""
    queries = picker_query.queries(selection, language, context.addresses.languages)
    if count == HEADLINES:
        return queries
    return {each: f"{query}{'&' if query else '?'}count={count}" for each, query in queries.items()}


def _newest(context: Context, selection: Selection, count: int) -> list[_Line]:
    """By publication, as the script sorts them; what was withdrawn leaves other sites."""
    page = context.page(FeedAddress(selection))
    standing = [each for each in context.snapshot.releases.of(page.editions) if not each.withdrawn] if page else []
    standing.sort(key=lambda each: (each.release.published, each.release.id), reverse=True)
    return [_line(each.entry) for each in standing[:count]]


def _line(entry: Entry) -> _Line:
    return _Line(entry.title, entry.link, entry.date, entry.published.isoformat())


def _count(query: str) -> int:
    """How many headlines the form asks for, within bounds."""
    found = re.search(r"(?:^|&)count=([0-9]{1,3})(?:&|$)", query)
    return min(max(int(found[1]), 1), MOST_HEADLINES) if found else HEADLINES


def _options(context: Context, selection: Selection, language: str, facet: Facet) -> tuple[str, list[_Option]]:
    """What a facet is called, and its terms by name."""
    chosen = selection.slugs(facet.name)
    terms = sorted(
        (term.label(language), term.slug) for term in context.vocabulary.current_terms(facet.name, context.now)
    )
    return titles.facet_label(facet, language), [_Option(slug, label, slug in chosen) for label, slug in terms]
