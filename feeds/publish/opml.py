"""Makes OPML lists: of all feeds in a language, of the feeds of a facet, or of a single feed."""

from __future__ import annotations

from feeds.addresses import FeedAddress, Outline
from feeds.model.formats import HTML, OPML
from feeds.model.moments import in_zone
from feeds.model.selection import Selection
from feeds.publish import all_addresses, titles
from feeds.publish.context import Context
from feeds.publish.document import Document
from feeds.render.opml import Group, Subscription, opml


def opml_document(context: Context, address: Outline) -> Document:
    """The document of an OPML list. It names the feeds that hold a release, and at least one."""
    language = address.language
    words = context.words(language)
    title = f"{titles.newsroom_title(context, language)} – {words.say('Feeds')}"
    facet = context.vocabulary.facet(address.facet) if address.facet else None
    parts: tuple[Group | Subscription, ...]
    if facet:
        title = words.say("{subject}: {detail}", subject=title, detail=titles.facet_label(context, facet, language))
        parts = _of_facets(context, language)[facet.name]
        parts = parts or (_subscription(context, context.offered(Selection(language))),)
    elif address.selection:
        parts = (_subscription(context, address.selection),)
    else:
        parts = _all(context, language)
    page = context.page(FeedAddress(Selection(language)))
    updated = in_zone((page and page.updated) or context.established, context.vocabulary.newsroom.time_zone)
    body = opml(title, titles.newsroom_title(context, language), updated, parts)
    changed = max(updated, context.snapshot.last_change(context.now) or updated)
    return Document(body, OPML.content_type, changed, language=language, shared=True)


def _all(context: Context, language: str) -> tuple[Group | Subscription, ...]:
    """The feeds of all releases, then those of each facet."""
    of_facets = _of_facets(context, language)
    groups = (
        Group(titles.facet_label(context, facet, language), of_facets[facet.name])
        for facet in context.vocabulary.facets
    )
    everything, *others = (
        *all_addresses.without_terms(language),
        *all_addresses.in_all_languages(context.vocabulary, language),
    )
    first = context.offered(everything)
    return (
        _subscription(context, first),
        *(_subscription(context, each) for each in others if each != first and context.has_releases(each)),
        *(group for group in groups if group.subscriptions),
    )


def _of_facets(context: Context, language: str) -> dict[str, tuple[Subscription, ...]]:
    """By facet, the feeds that hold a release."""
    return {
        name: tuple(_subscription(context, selection) for selection in found)
        for name, found in all_addresses.with_releases(context, language).items()
    }


def _subscription(context: Context, selection: Selection) -> Subscription:
    address = FeedAddress(selection)
    page = context.addresses.absolute(address.as_format(HTML))
    return Subscription(
        titles.feed_title(context, selection), context.addresses.absolute(address), page, selection.language
    )
