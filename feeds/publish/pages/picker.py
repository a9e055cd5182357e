"""The picker: a form to choose terms, and the feed of the choice with the ways to subscribe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from feeds.addresses import HEADLINES, MOST_COUNTED, Directory, Embedding, FeedAddress, Headlines, Outline
from feeds.model.formats import HTML, SYNDICATED
from feeds.model.newsroom import Reader
from feeds.model.selection import Selection
from feeds.publish import embed_snippets, picker_query, titles
from feeds.publish.assets import assets
from feeds.publish.context import Context
from feeds.publish.pages.chart import chart
from feeds.publish.pages.layout import Option, PageLink, language_options
from feeds.render import html, qr

WELL_KNOWN_READERS = tuple(
    Reader(name=name, address=address)
    for name, address in (
        ("Feedly", "https://feedly.com/i/subscription/feed%2F{feed}"),
        ("Inoreader", "https://www.inoreader.com/?add_feed={feed}"),
        ("NewsBlur", "https://www.newsblur.com/?url={feed}"),
        ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url={feed}"),
        ("Feedbin", "https://feedbin.com/?subscribe={feed}"),
    )
)
"""The feed readers for a newsroom that names none."""


MOST_TERMS = 12
"""Terms of a facet that are seen at once."""
_FEW_MORE = 3
"""If only this many terms more are left, they are shown too."""


@dataclass(frozen=True, slots=True)
class FormatAddress:
    """The name of a format, and the absolute address of the feed in it."""

    name: str
    address: str


def picker(context: Context, address: Directory, choice: picker_query.Choice) -> dict[str, object]:
    """The template's values for the picker."""
    language = address.language
    return {
        "action": context.path(address),
        "facets": _facets(context, language, choice.selection) if context.is_served else [],
        "without": _left_out(context, language, choice.selection) if context.is_served else [],
        "leaves_out": bool(choice.selection.without),
        "contradictory": choice.contradictory,
        "language_options": language_options(context, choice.selection, language),
        "search_text": " ".join(choice.selection.words),
        "script": context.asset_path("picker.js"),
        "picker_style": html.safe(assets()["picker.css"].body.decode()),
        "complete": choice.complete,
        "count": choice.count,
        "most_counted": MOST_COUNTED,
        **_feed(context, language, choice),
        **_embedding(context, language, choice.selection),
        "chart": chart(context, choice.selection),
    }


def _feed(context: Context, language: str, choice: picker_query.Choice) -> dict[str, object]:
    """The values for the feed of the choice, and for the ways to subscribe."""
    selection = choice.selection
    words = context.words(language)
    counted = context.snapshot.counts.of(selection, context.now)
    feed = context.counted(FeedAddress(selection, count=choice.count))
    atom = context.addresses.absolute(feed)
    newsroom = context.vocabulary.newsroom
    return {
        "subject": titles.subject_or_all(context, selection),
        "subject_language": selection.language,
        "releases": counted.releases if counted else 0,
        "linked": bool(counted or selection.words),
        "newest": words.date(counted.newest, newsroom.time_zone) if counted else "",
        "broader": _broader(context, language, selection) if context.is_served and not counted else [],
        "formats": [FormatAddress(form.name, context.addresses.absolute(feed.as_format(form))) for form in SYNDICATED],
        "page": context.path(feed.as_format(HTML)),
        "outline": context.path(Outline(selection.language, selection=selection)),
        "readers": [
            PageLink(each.name, reader_address(each, atom))
            for each in (WELL_KNOWN_READERS if newsroom.readers is None else newsroom.readers)
        ],
        "program": f"feed:{atom}",
        "code": qr.code(atom),
    }


def reader_address(reader: Reader, feed: str) -> str:
    """The address that opens a feed reader with a feed, which is given by its absolute address."""
    return reader.address.replace("{feed}", quote(feed, safe=""))


def _embedding(context: Context, language: str, selection: Selection) -> dict[str, object]:
    """The values for headlines on other sites. A search has no frame."""
    query = "" if selection.words else picker_query.to_query(selection, language)
    theme = "auto" if context.is_served else ""  # a file cannot answer a query
    return {
        "embed_page": context.path(Embedding(language)) + query,
        "embed_snippet": embed_snippets.element(context, selection, HEADLINES),
        "preview": None if selection.words else context.path(Headlines(selection, theme=theme)),
        "preview_title": embed_snippets.label(context, selection),
        "preview_height": embed_snippets.frame_height(HEADLINES),
    }


def _facets(context: Context, language: str, selection: Selection) -> list[tuple[str, str, list[Option], list[Option]]]:
    """Facet by facet: name, label, the terms with the most releases and the chosen ones, and all others; by label.

    The count beside a term is that of releases if it were the only chosen term of its facet.
    """
    within = Selection(selection.language, in_all_languages=selection.in_all_languages)
    releases = context.snapshot.counts.by_choice(within, context.now)
    counts = context.snapshot.counts.by_choice(selection, context.now)
    found = []
    for facet in context.vocabulary.facets:
        chosen = selection.slugs(facet.name)
        options = _options(context, language, facet.name, chosen, counts)
        slugs = {each.value for each in options}
        ordered = sorted(slugs, key=lambda slug: (slug not in chosen, -releases.get((facet.name, slug), 0), slug))
        seen = len(slugs) if len(slugs) <= MOST_TERMS + _FEW_MORE else max(MOST_TERMS, len(chosen))
        first = set(ordered[:seen])
        shown = [each for each in options if each.value in first]
        others = [each for each in options if each.value not in first]
        found.append((facet.name, titles.facet_label(context, facet, language), shown, others))
    return found


def _left_out(context: Context, language: str, selection: Selection) -> list[tuple[str, list[Option]]]:
    """Facet by facet: label, and the terms that can be left out, each with the number of releases that it removes."""
    counts = context.snapshot.counts.among(replace(selection, without=()), context.now)
    found = []
    for facet in context.vocabulary.facets:
        chosen = dict(selection.without).get(facet.name, ())
        options = _options(context, language, facet.name, chosen, counts)
        named = [replace(each, value=f"{facet.name}/{each.value}") for each in options]
        found.append((titles.facet_label(context, facet, language), named))
    return found


def _options(
    context: Context, language: str, facet: str, chosen: tuple[str, ...], counts: Mapping[tuple[str, str], int]
) -> list[Option]:
    """The current terms of a facet and the chosen ones, by label."""
    slugs = {term.slug for term in context.vocabulary.current_terms(facet, context.now)} | set(chosen)
    options = (
        Option(slug, titles.term_label(context, facet, slug, language), slug in chosen, counts.get((facet, slug), 0))
        for slug in slugs
    )
    return sorted(options, key=lambda option: (option.label, option.value))


def _broader(context: Context, language: str, selection: Selection) -> list[PageLink]:
    """Links to choices with releases: with one condition less, or in another language."""
    found = []
    others = [
        replace(selection, language=other, in_all_languages=False)
        for other in context.addresses.languages
        if other != selection.language or selection.in_all_languages
    ]
    for each in (*picker_query.broader_selections(selection), *others):
        counted = context.snapshot.counts.of(each, context.now)
        if counted:
            label = titles.named(context, each, selection.language)
            href = context.path(Directory(language)) + picker_query.to_query(each, language)
            found.append(PageLink(label, href, count=counted.releases, language=each.language))
    return found
