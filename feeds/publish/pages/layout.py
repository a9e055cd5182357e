"""What every page has around its own text: head, header, languages, how to follow it, footer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from feeds.addresses import Address, Directory, Embedding, FeedAddress, Front, InfoPage
from feeds.assets import assets
from feeds.document import Document, Link
from feeds.formats import HTML, SYNDICATED, Format
from feeds.i18n import Words
from feeds.model.fields import in_language
from feeds.model.newsroom import Person
from feeds.model.retirement import closing
from feeds.model.selection import Selection
from feeds.publish import oembed
from feeds.publish.context import Newsdesk
from feeds.render import html


@dataclass(frozen=True, slots=True)
class Choice:
    """A link to follow: its words, its address, whether it is where one stands, and a number beside it."""

    label: str
    href: str
    here: bool = False
    count: int = 0
    language: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page before it has its frame."""

    template: str
    address: Address
    title: str
    description: str
    """A sentence for search results and previews."""
    selection: Selection
    """What is followed from here: the feed that belongs to the page."""
    values: Mapping[str, object]
    versions: Mapping[str, str]
    """By language: the same page, whole addresses, this one included. Empty if it has no address of its own."""
    canonical: str = ""
    """Where the same text lives; empty for a page without an address of its own."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """By language: the query that carries over what was chosen on this page to its version there."""
    indexed: bool = True
    """Whether search engines should list it."""
    status: int = 200


def page(desk: Newsdesk, sheet: Sheet) -> Document:
    """The page in its frame, as a document.

    Whatever a page shows beside its own text (neighbours, counts, translations) changes only when something is
    published, corrected or withdrawn; so that moment is the page's own, however little of it concerns the page.
    """
    return Document(
        html.page(sheet.template, {**_frame(desk, sheet), **sheet.values}),
        HTML.content_type,
        desk.snapshot.last_moment(desk.now) or desk.established,
        links=(*((Link(sheet.canonical, "canonical"),) if sheet.canonical else ()), *_twins(sheet)),
        language=sheet.address.language,
        status=sheet.status,
    )


def _twins(sheet: Sheet) -> tuple[Link, ...]:
    """The same page in other languages, for those who read only the head of the answer."""
    return tuple(
        Link(href, "alternate", hreflang=language)
        for language, href in sheet.versions.items()
        if language != sheet.address.language
    )


def path(desk: Newsdesk, address: Address) -> str:
    """An address as links within the newsroom spell it."""
    return desk.addresses.prefix + desk.addresses.make(address)


def term(desk: Newsdesk, language: str, facet: str, slug: str, count: int = 0) -> Choice:
    """A term with the page of its releases; where that is gone, with what came after it."""
    selection = Selection.of(language, {facet: [slug]})
    end = closing(selection, desk.vocabulary, desk.now)
    if end and end.gone <= desk.now:
        selection = end.successor or Selection(language)
    return Choice(desk.label(facet, slug, language), path(desk, FeedAddress(selection, HTML)), count=count)


def reachable(persons: tuple[Person, ...]) -> list[Person]:
    """Those whom a reader can do something with: a name alone answers no question."""
    return [each for each in persons if each.email or each.phone or each.url]


def versions(desk: Newsdesk, address: Address) -> dict[str, str]:
    """The same page by language; an archive page has no twin."""
    found = {}
    for language in desk.addresses.languages:
        match address:
            case Front():
                twin: Address = Front(language)
            case Directory():
                twin = Directory(language)
            case InfoPage():
                twin = InfoPage(language, address.name)
            case FeedAddress(archive=0):
                twin = address.in_language(language)
            case _:
                twin = address
        if twin.language == language:
            found[language] = desk.addresses.absolute(twin)
    return found


def _frame(desk: Newsdesk, sheet: Sheet) -> dict[str, object]:
    """The names that `base.html` knows."""
    language = sheet.address.language
    words = Words.of(language)
    newsroom = desk.vocabulary.newsroom
    name = desk.newsroom_title(language)
    return {
        "words": words,
        "language": language,
        "direction": words.direction,
        "locale": words.open_graph_locale,
        "title": sheet.title if sheet.title == name else f"{sheet.title} – {name}",
        "description": sheet.description,
        "canonical": sheet.canonical,
        "indexed": sheet.indexed,
        "newsroom": name,
        "editors_only": desk.preview,
        "home": path(desk, Front(language)),
        "menu": [
            _choice(desk, sheet, words.say("Feeds"), Directory(language)),
            _choice(desk, sheet, words.say("About"), InfoPage(language, "about")),
            _choice(desk, sheet, words.say("Help"), InfoPage(language, "help")),
        ],
        "languages": _languages(desk, sheet),
        "alternates": _alternates(desk, sheet),
        "autodiscovery": _autodiscovery(desk, sheet),
        "oembed": oembed.discovery(desk, sheet.canonical) if oembed.embeddable(sheet.address) else [],
        "follow": [Choice(form.name, path(desk, FeedAddress(sheet.selection, form))) for form in SYNDICATED],
        "follow_subject": desk.subject(sheet.selection) or words.say("All releases"),
        "directory": path(desk, Directory(language)),
        "embedding": path(desk, Embedding(language)),
        "help": path(desk, InfoPage(language, "help")),
        "site": newsroom.url,
        "rights": in_language(newsroom.rights, language),
        "style": html.safe(assets()["style.css"].body.decode()),
        "icon": desk.addresses.prefix + assets()["icon.svg"].path,
        "logo": desk.asset("logo.png"),
    }


def _choice(desk: Newsdesk, sheet: Sheet, label: str, address: Address) -> Choice:
    return Choice(label, path(desk, address), here=address == sheet.address)


def _languages(desk: Newsdesk, sheet: Sheet) -> list[Choice]:
    """Every language of the newsroom: the same page where there is one, else the first page."""
    return [
        Choice(
            Words.of(language).own_name,
            sheet.versions.get(language, path(desk, Front(language))) + sheet.choices.get(language, ""),
            here=language == sheet.address.language,
            language=language,
        )
        for language in desk.addresses.languages
    ]


def _alternates(desk: Newsdesk, sheet: Sheet) -> list[tuple[str, str]]:
    """For hreflang: each version, and the one for readers of none of these languages, as each version says it."""
    if len(sheet.versions) < 2 or sheet.selection.words:
        return []
    found = [
        (language, sheet.versions[language]) for language in desk.addresses.languages if language in sheet.versions
    ]
    return [*found, ("x-default", found[0][1])]


def _autodiscovery(desk: Newsdesk, sheet: Sheet) -> list[tuple[Format, str, str, str]]:
    """The page's own feed in every format, and then, for who reads another language, its twins there."""
    own = FeedAddress(sheet.selection)
    twins = [own.in_language(other) for other in desk.addresses.languages if other != own.language]
    return [
        (
            each.format,
            f"{desk.title(each.selection)} ({each.format.name})",
            desk.addresses.absolute(each),
            each.language,
        )
        for each in (*(own.as_format(form) for form in SYNDICATED), *twins)
    ]
