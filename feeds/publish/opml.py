"""OPML: every feed of a language, those of one facet, or the one that somebody chose."""

from __future__ import annotations

from feeds.addresses import FeedAddress, Outline
from feeds.document import Document
from feeds.formats import HTML, OPML
from feeds.i18n import Words
from feeds.model.selection import Selection
from feeds.publish import all_addresses
from feeds.publish.context import Newsdesk
from feeds.render.opml import Group, Subscription, opml


def outline(desk: Newsdesk, address: Outline) -> Document:
    """The list as a document."""
    language = address.language
    words = Words.of(language)
    title = f"{desk.newsroom_title(language)} – {words.say('Feeds')}"
    facet = desk.vocabulary.facet(address.facet) if address.facet else None
    if facet:
        title = f"{title}: {desk.facet_label(facet, language)}"
        parts: tuple[Group | Subscription, ...] = _facet(desk, language, facet.name)
    elif address.selection:
        parts = (_subscription(desk, address.selection),)
    else:
        groups = (
            Group(desk.facet_label(facet, language), _facet(desk, language, facet.name))
            for facet in desk.vocabulary.facets
        )
        parts = (
            *(_subscription(desk, each) for each in all_addresses.of_everything(language)),
            *(group for group in groups if group.subscriptions),
        )
    page = desk.page(FeedAddress(Selection(language)))
    updated = ((page and page.updated) or desk.established).astimezone(desk.vocabulary.newsroom.time_zone)
    body = opml(title, desk.newsroom_title(language), updated, parts)
    return Document(body, OPML.content_type, updated, language=language, shared=True)


def _facet(desk: Newsdesk, language: str, facet: str) -> tuple[Subscription, ...]:
    selections = all_addresses.of_facet(desk.vocabulary, facet, language, desk.now)
    return tuple(_subscription(desk, selection) for selection in selections)


def _subscription(desk: Newsdesk, selection: Selection) -> Subscription:
    address = FeedAddress(selection)
    page = desk.addresses.absolute(address.as_format(HTML))
    return Subscription(desk.title(selection), desk.addresses.absolute(address), page, selection.language)
