"""OPML: every feed of a language, those of one facet, or the one that somebody chose."""

from __future__ import annotations

from feeds.addresses import FeedAddress, Outline
from feeds.document import Document
from feeds.formats import HTML, OPML
from feeds.i18n import Words
from feeds.model.release import Facet
from feeds.model.selection import Selection
from feeds.publish.context import Newsdesk
from feeds.render.opml import Group, Subscription, opml


def outline(desk: Newsdesk, address: Outline) -> Document:
    """The list as a document."""
    language = address.language
    words = Words.of(language)
    title = f"{desk.newsroom_title(language)} – {words.say('Feeds')}"
    if address.facet:
        title = f"{title}: {facet_name(language, address.facet)}"
        parts: tuple[Group | Subscription, ...] = _facet(desk, language, address.facet)
    elif address.selection:
        parts = (_subscription(desk, address.selection),)
    else:
        everything = (Selection(language), Selection(language, corrections=True))
        groups = (Group(facet_name(language, facet), _facet(desk, language, facet)) for facet in Facet)
        parts = (
            *(_subscription(desk, each) for each in everything),
            *(group for group in groups if group.subscriptions),
        )
    page = desk.page(FeedAddress(Selection(language)))
    updated = ((page and page.updated) or desk.established).astimezone(desk.vocabulary.newsroom.time_zone)
    body = opml(title, desk.newsroom_title(language), updated, parts)
    return Document(body, OPML.content_type, updated, language=language, shared=True)


def facet_name(language: str, facet: Facet) -> str:
    """What a facet is called as a heading."""
    words = Words.of(language)
    match facet:
        case Facet.COUNTRY:
            return words.say("Countries")
        case Facet.PROJECT:
            return words.say("Projects")
        case Facet.TOPIC:
            return words.say("Topics")
        case Facet.GENRE:
            return words.say("Genres")


def _facet(desk: Newsdesk, language: str, facet: Facet) -> tuple[Subscription, ...]:
    terms = desk.vocabulary.standing(facet, desk.now)
    return tuple(_subscription(desk, Selection.of(language, {facet: [term.slug]})) for term in terms)


def _subscription(desk: Newsdesk, selection: Selection) -> Subscription:
    address = FeedAddress(selection)
    page = desk.addresses.absolute(address.as_format(HTML))
    return Subscription(desk.title(selection), desk.addresses.absolute(address), page, selection.language)
