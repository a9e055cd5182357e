"""The headlines for other sites, as a framed page or a fragment, and the page with the code to paste."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from feeds.addresses import HEADLINES, MOST_HEADLINES, THEMES, Embedding, FeedAddress, Headlines, theme_in
from feeds.i18n import Words
from feeds.model.facets import Facet
from feeds.model.formats import HTML, JSON_FEED
from feeds.model.selection import Selection
from feeds.publish import embed_snippets, oembed, picker_query, titles
from feeds.publish.assets import assets
from feeds.publish.assets.embed_scripts import scripts
from feeds.publish.context import Context
from feeds.publish.document import Document
from feeds.publish.pages import layout
from feeds.render import html
from feeds.render.feed_values import Entry


@dataclass(frozen=True, slots=True)
class _ListedHeadline:
    title: str
    href: str
    date: str
    machine_date: str
    language: str
    direction: str


def headlines_document(context: Context, address: Headlines) -> Document:
    """The headlines as HTML: a page for a frame of fixed height, or a list to include."""
    selection = address.selection
    words = context.words(address.language)
    page = context.page(FeedAddress(selection))
    body = html.render_page(
        f"embed_{address.shape}",
        {
            "headlines": _newest(context, selection, address.count),
            "language": address.language,
            "direction": words.direction,
            "title": titles.feed_title(context, selection),
            "page": context.addresses.absolute(FeedAddress(selection, HTML)),
            "theme": address.theme,
            "schemes": embed_snippets.COLOR_SCHEMES[address.theme],
            "style": context.asset_path("embed.css"),
            "own_style": context.colour_path,
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
    """The page with the code to paste for the choice in ``query``, and previews."""
    words = context.words(address.language)
    choice = picker_query.from_query(context.vocabulary, address.language, query)
    selection = replace(choice.selection, words=())  # headlines cannot be of a search
    asked, theme = _count(query), theme_in(query) or THEMES[0]
    count = asked or _offered(context, selection)
    form_values: dict[str, object] = {
        "facets": [
            (facet.name, *_options(context, selection, address.language, facet)) for facet in context.vocabulary.facets
        ],
        "language_options": layout.language_options(context, selection, address.language),
        "left_out": picker_query.left_out(selection),
        "complete": choice.complete,
        "themes": _theme_options(context.words(address.language), theme),
        "action": context.path(address),
    }
    return layout.page_document(
        context,
        layout.PageContent(
            template="embed",
            address=address,
            title=words.say("Put our headlines on your site"),
            description=words.say("Copy a few lines, and your page shows the newest headlines by itself."),
            selection=Selection(address.language),
            values=form_values | _snippets(context, selection, count, theme),
            versions={each: context.addresses.absolute(Embedding(each)) for each in context.addresses.languages},
            canonical=context.addresses.absolute(address),
            queries=_queries(context, selection, address.language, asked, theme),
        ),
    )


def _snippets(context: Context, selection: Selection, count: int, theme: str) -> dict[str, object]:
    """The values for the code to paste and its previews."""
    feed = FeedAddress(selection, JSON_FEED)
    # A file cannot answer a query, so its frame has no theme, and a white ground of its own.
    headlines = Headlines(selection, count, theme=theme if context.is_served else "")
    newest = scripts()[-1]
    return {
        "shown": context.has_releases(selection),
        "count": count,
        "most": MOST_HEADLINES,
        "script_snippet": embed_snippets.script(context),
        "element_snippet": embed_snippets.element(context, selection, count),
        "height_rule": embed_snippets.height_rule(count),
        "frame_snippet": embed_snippets.frame(context, headlines),
        "frame_rule": embed_snippets.frame_rule(context, headlines.theme),
        "include_snippet": embed_snippets.include(context, selection, count),
        "policy": embed_snippets.policy(context),
        "integrity": newest.integrity,
        "oembed_address": oembed.discovery(context, context.addresses.absolute(feed.as_format(HTML)))[0][1],
        "json_address": context.addresses.absolute(feed),
        "label": embed_snippets.label(context, selection),
        "preview_language": selection.language,
        "preview_json": context.path(feed),
        "preview_page": context.path(feed.as_format(HTML)),
        "preview_frame": context.path(headlines),
        "preview_theme": headlines.theme,
        "preview_height": embed_snippets.frame_height(count),
        "preview_script": context.addresses.prefix + newest.path,
        "copy_script": context.asset_path("copy.js"),
        "embed_style": html.safe(assets()["embed.css"].body.decode()),
    }


def _queries(context: Context, selection: Selection, language: str, count: int, theme: str) -> dict[str, str]:
    """The query strings for the same choice on the page in each language."""
    found = picker_query.queries_by_language(selection, language, context.addresses.languages, count)
    chosen = "" if theme == THEMES[0] else f"theme={theme}"
    return {each: f"{query}{'&' if query else '?'}{chosen}" if chosen else query for each, query in found.items()}


def _theme_options(words: Words, chosen: str) -> list[layout.Option]:
    """What the page around a frame can be, as options."""
    labels = (words.say("Light"), words.say("Dark"), words.say("As each reader prefers"))
    return [layout.Option(value, label, value == chosen) for value, label in zip(THEMES, labels, strict=True)]


def _newest(context: Context, selection: Selection, count: int) -> list[_ListedHeadline]:
    """The newest releases by date of publication, as in the script, without withdrawn ones."""
    page = context.page(FeedAddress(selection))
    visible = [each for each in context.snapshot.releases.of(page.editions) if not each.withdrawn] if page else []
    visible.sort(key=lambda each: (each.release.published, each.release.id), reverse=True)
    return [_listed_headline(each.entry) for each in visible[:count]]


def _listed_headline(entry: Entry) -> _ListedHeadline:
    direction = Words.of(entry.language).direction
    return _ListedHeadline(entry.title, entry.link, entry.date, entry.published.isoformat(), entry.language, direction)


def _offered(context: Context, selection: Selection) -> int:
    """As many headlines as there are, 1 to `HEADLINES`, so that no space stays empty; in an export, `HEADLINES`."""
    return max(1, len(_newest(context, selection, HEADLINES))) if context.is_served else HEADLINES


def _count(query: str) -> int:
    """The number of headlines in the query, within bounds; 0 if there is none."""
    found = re.search(r"(?:^|&)count=([0-9]{1,3})(?:&|$)", query)
    return min(max(int(found[1]), 1), MOST_HEADLINES) if found else 0


def _options(context: Context, selection: Selection, language: str, facet: Facet) -> tuple[str, list[layout.Option]]:
    """The label of a facet, and its current terms as options."""
    chosen = selection.slugs(facet.name)
    terms = sorted(
        (term.label(language), term.slug) for term in context.vocabulary.current_terms(facet.name, context.now)
    )
    return titles.facet_label(context, facet, language), [
        layout.Option(slug, label, slug in chosen) for label, slug in terms
    ]
