"""What every page has around its own text: head, header, languages, how to follow it, footer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from feeds.addresses import Address, Directory, Embedding, FeedAddress, Front, InfoPage
from feeds.assets import assets
from feeds.document import Document, Link
from feeds.formats import HTML, SYNDICATED, Format
from feeds.i18n import Words, in_language
from feeds.model.newsroom import Person
from feeds.model.retirement import closing
from feeds.model.selection import Selection
from feeds.publish import oembed, titles
from feeds.publish.context import Context
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


def page_document(context: Context, sheet: Sheet) -> Document:
    """The page in its frame, as a document.

    Whatever a page shows beside its own text (neighbours, counts, translations) changes only when something is
    published, corrected or withdrawn; so that moment is the page's own, however little of it concerns the page.
    """
    return Document(
        html.render_page(sheet.template, {**_frame(context, sheet), **sheet.values}),
        HTML.content_type,
        context.snapshot.last_moment(context.now) or context.established,
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


def path(context: Context, address: Address) -> str:
    """An address as links within the newsroom spell it."""
    return context.addresses.prefix + context.addresses.make(address)


def term(context: Context, language: str, facet: str, slug: str, count: int = 0) -> Choice:
    """A term with the page of its releases; where that is gone, with what came after it."""
    selection = Selection.of(language, {facet: [slug]})
    end = closing(selection, context.vocabulary, context.now)
    if end and end.gone <= context.now:
        selection = end.successor or Selection(language)
    return Choice(
        titles.term_label(context, facet, slug, language), path(context, FeedAddress(selection, HTML)), count=count
    )


def reachable(persons: tuple[Person, ...]) -> list[Person]:
    """Those whom a reader can do something with: a name alone answers no question."""
    return [each for each in persons if each.email or each.phone or each.url]


def versions(context: Context, address: Address) -> dict[str, str]:
    """The same page by language; an archive page has no twin."""
    found = {}
    for language in context.addresses.languages:
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
            found[language] = context.addresses.absolute(twin)
    return found


def _frame(context: Context, sheet: Sheet) -> dict[str, object]:
    """The names that `base.html` knows."""
    language = sheet.address.language
    words = Words.of(language)
    newsroom = context.vocabulary.newsroom
    name = titles.newsroom_title(context, language)
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
        "editors_only": context.preview,
        "home": path(context, Front(language)),
        "menu": [
            _choice(context, sheet, words.say("Feeds"), Directory(language)),
            _choice(context, sheet, words.say("About"), InfoPage(language, "about")),
            _choice(context, sheet, words.say("Help"), InfoPage(language, "help")),
        ],
        "languages": _languages(context, sheet),
        "alternates": _alternates(context, sheet),
        "autodiscovery": _autodiscovery(context, sheet),
        "oembed": oembed.discovery(context, sheet.canonical) if oembed.embeddable(sheet.address) else [],
        "follow": [Choice(form.name, path(context, FeedAddress(sheet.selection, form))) for form in SYNDICATED],
        "follow_subject": titles.subject(context, sheet.selection) or words.say("All releases"),
        "directory": path(context, Directory(language)),
        "embedding": path(context, Embedding(language)),
        "help": path(context, InfoPage(language, "help")),
        "site": newsroom.url,
        "rights": in_language(newsroom.rights, language),
        "style": html.safe(assets()["style.css"].body.decode()),
        "icon": context.addresses.prefix + assets()["icon.svg"].path,
        "logo": context.asset("logo.png"),
    }


def _choice(context: Context, sheet: Sheet, label: str, address: Address) -> Choice:
    return Choice(label, path(context, address), here=address == sheet.address)


def _languages(context: Context, sheet: Sheet) -> list[Choice]:
    """Every language of the newsroom: the same page where there is one, else the first page."""
    return [
        Choice(
            Words.of(language).own_name,
            sheet.versions.get(language, path(context, Front(language))) + sheet.choices.get(language, ""),
            here=language == sheet.address.language,
            language=language,
        )
        for language in context.addresses.languages
    ]


def _alternates(context: Context, sheet: Sheet) -> list[tuple[str, str]]:
    """For hreflang: each version, and the one for readers of none of these languages, as each version says it."""
    if len(sheet.versions) < 2 or sheet.selection.words:
        return []
    found = [
        (language, sheet.versions[language]) for language in context.addresses.languages if language in sheet.versions
    ]
    return [*found, ("x-default", found[0][1])]


def _autodiscovery(context: Context, sheet: Sheet) -> list[tuple[Format, str, str, str]]:
    """The page's own feed in every format, and then, for who reads another language, its twins there."""
    own = FeedAddress(sheet.selection)
    twins = [own.in_language(other) for other in context.addresses.languages if other != own.language]
    return [
        (
            each.format,
            f"{titles.feed_title(context, each.selection)} ({each.format.name})",
            context.addresses.absolute(each),
            each.language,
        )
        for each in (*(own.as_format(form) for form in SYNDICATED), *twins)
    ]
