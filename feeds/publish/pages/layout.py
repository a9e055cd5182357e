"""Puts a page into the frame that all pages share: head, header, languages, feeds and footer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from feeds.addresses import (
    Address,
    Directory,
    Embedding,
    FeedAddress,
    Front,
    InfoPage,
    ReleasePage,
    Search,
    Verification,
    YearPage,
)
from feeds.i18n import in_language
from feeds.model.formats import HTML, MARKDOWN, SYNDICATED, Format
from feeds.model.license import license_name
from feeds.model.newsroom import Person
from feeds.model.retirement import closing
from feeds.model.selection import Selection
from feeds.publish import oembed, own_pictures, picker_query, titles
from feeds.publish.assets import assets
from feeds.publish.context import Context
from feeds.publish.document import Document
from feeds.render import html, theme_pages
from feeds.render.feed_values import Link

MOST_IN_A_LINE, MOST_LETTERS_IN_A_LINE = 3, 36
"""The most languages whose names are side by side at the head of a page, and the most letters of these names."""


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link on a page. ``here`` marks the present page; ``count`` is a number of releases beside the link."""

    label: str
    href: str
    here: bool = False
    count: int = 0
    language: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """An option in a form. ``count`` is a number of releases beside it."""

    value: str
    label: str
    chosen: bool
    count: int = 0
    language: str = ""
    """Of the label, where it is not the page's."""


@dataclass(frozen=True, slots=True)
class PageContent:
    """A page without its frame."""

    template: str
    address: Address
    title: str
    description: str
    """A sentence for search engines and link previews."""
    selection: Selection
    """The selection whose feeds the page offers."""
    values: Mapping[str, object]
    """The template's own values."""
    versions: Mapping[str, str]
    """The absolute addresses of the page by language, this one included. Empty for a page without an address."""
    canonical: str = ""
    """The canonical address (RFC 6596), on another site if the text is from there. Empty for a page without one."""
    queries: Mapping[str, str] = field(default_factory=dict)
    """Query strings by language, with which the other languages' pages keep the choice made here."""
    indexed: bool = True
    """Whether search engines should list it."""
    status: int = 200
    markdown: str = ""
    """The absolute address of the same text as Markdown; empty if there is none."""


def page_document(context: Context, content: PageContent) -> Document:
    """The document of a page.

    A page also shows other releases, counts and translations. So its date is the last moment at which anything in the
    newsroom was published, corrected or withdrawn.
    """
    return Document(
        _rendered(context, content),
        HTML.content_type,
        context.snapshot.last_moment(context.now) or context.established,
        links=(*((Link(content.canonical, "canonical"),) if content.canonical else ()), *_alternate_links(content)),
        language=content.address.language,
        status=content.status,
        fonts=context.theme.has_fonts,
    )


def _rendered(context: Context, content: PageContent) -> bytes:
    """The page with the newsroom's own templates, or with the product's where they cannot be rendered."""
    values = {**_base_values(context, content), **content.values}
    if not context.theme.templates:
        return html.render_page(content.template, values, context.kept.once if context.kept else None)
    page, faults = theme_pages.render_page(content.template, values, context.theme.templates)
    for fault in faults:
        context.tell(fault)
    return page


def _alternate_links(content: PageContent) -> tuple[Link, ...]:
    """Links to the page in other languages and to its Markdown, for the header field Link."""
    languages = (
        Link(href, "alternate", hreflang=language)
        for language, href in content.versions.items()
        if language != content.address.language
    )
    return (*languages, *((Link(content.markdown, "alternate", MARKDOWN.media_type),) if content.markdown else ()))


def term_link(context: Context, language: str, facet: str, slug: str, count: int = 0) -> PageLink:
    """A link to the page of a term; if that is gone, to its successor or to all releases."""
    link = context.once(("term", language, facet, slug), lambda: _term_link(context, language, facet, slug))
    return replace(link, count=count) if count else link


def _term_link(context: Context, language: str, facet: str, slug: str) -> PageLink:
    selection, term = Selection(language, ((facet, (slug,)),)), context.vocabulary.term(facet, slug)
    end = closing(selection, context.vocabulary, context.now) if term and term.retired else None
    if end and end.gone <= context.now:
        selection = end.successor or Selection(language)
    return PageLink(titles.term_label(context, facet, slug, language), context.path(FeedAddress(selection, HTML)))


def reachable_persons(persons: tuple[Person, ...]) -> list[Person]:
    """The persons with an e-mail address, telephone number or web page."""
    return [each for each in persons if each.email or each.phone or each.url]


def language_options(context: Context, chosen: Selection, language: str) -> list[Option]:
    """The newsroom's languages, and all of them, as options of a form on a page in ``language``. None for one."""
    if len(context.addresses.languages) == 1:
        return []
    one = None if chosen.in_all_languages else chosen.language
    options = [
        Option(each, context.words(each).own_name, each == one, language=each) for each in context.addresses.languages
    ]
    label = context.words(language).say("All languages")
    return [*options, Option(picker_query.ALL_LANGUAGES, label, chosen.in_all_languages)]


def language_versions(context: Context, address: Address) -> dict[str, str]:
    """The absolute addresses of a page by language.

    An archive page is in one language only, and that of a selection in those in which it has releases.
    """
    found = {}
    for language in context.addresses.languages:
        match address:
            case Front() | Directory() | InfoPage() | Search() | Verification():
                version: Address = replace(address, language=language)
            case YearPage() if language != address.language:
                version = YearPage(language, address.year)
                if address.year not in context.snapshot.counts.by_year(Selection(language), context.now):
                    continue
            case FeedAddress(archive=0) if language != address.language:
                version = address.in_language(language)
                if not (context.has_releases(address.selection) and context.has_releases(version.selection)):
                    continue
            case _:
                version = address
        if version.language == language:
            found[language] = context.addresses.absolute(version)
    return found


def _base_values(context: Context, content: PageContent) -> dict[str, object]:
    """The values for `base.html`."""
    language = content.address.language
    words = context.words(language)
    name = titles.newsroom_title(context, language)
    return {
        **context.once(("frame", language), lambda: _frame(context, language)),
        "title": content.title if content.title == name else f"{content.title} – {name}",
        "description": content.description,
        "canonical": content.canonical,
        "indexed": content.indexed,
        "menu": [
            _menu_link(context, content, words.say("Feeds"), Directory(language)),
            _menu_link(context, content, words.say("About"), InfoPage(language, "about")),
            _menu_link(context, content, words.say("Help"), InfoPage(language, "help")),
        ],
        "languages": _languages(context, content),
        "alternates": _alternates(context, content),
        "oembed": _oembed(context, content),
        "markdown": content.markdown,
        **_follow(context, content),
    }


def _frame(context: Context, language: str) -> dict[str, object]:
    """The values that all pages in a language have in common."""
    words = context.words(language)
    newsroom = context.vocabulary.newsroom
    return {
        "words": words,
        "language": language,
        "direction": words.direction,
        "locale": words.open_graph_locale,
        "newsroom": titles.newsroom_title(context, language),
        "folds_languages": _folds_languages(context),
        "editors_only": context.preview,
        "served": context.is_served,
        "front_heading": in_language(newsroom.headline, language)
        if newsroom.headline
        else words.say("News and press releases"),
        "home": context.path(Front(language)),
        "directory": context.path(Directory(language)),
        "search": context.path(Search(language)) if context.is_served else None,
        "verification": context.path(Verification(language)) if context.is_served else None,
        "embedding": context.path(Embedding(language)),
        "help": context.path(InfoPage(language, "help")),
        "developers": context.path(InfoPage(language, "developers")),
        "subscribe": _subscribe(newsroom.subscription_in(language)),
        "site": newsroom.url,
        "site_links": [(in_language(each.title, language), each.url) for each in newsroom.links],
        "rights": in_language(newsroom.rights, language),
        "newsroom_license": newsroom.license and PageLink(license_name(newsroom.license), newsroom.license),
        "style": html.safe(assets()["style.css"].body.decode()),
        "style_sheets": context.page_style_paths,
        "theme_files": own_pictures.theme_files(context),
        "icons": own_pictures.page_icons(context),
        "logo": own_pictures.feed_logo(context),
        "header_logo": own_pictures.header_logo(context),
    }


def _folds_languages(context: Context) -> bool:
    """Whether the languages are a list to open: a phone has no room for all their names in a line."""
    names = [context.words(each).own_name for each in context.addresses.languages]
    return len(names) > MOST_IN_A_LINE or sum(map(len, names)) > MOST_LETTERS_IN_A_LINE


def _follow(context: Context, content: PageContent) -> dict[str, object]:
    """The values for the feeds that the page offers."""
    language = content.address.language
    offered = context.offered(content.selection)
    mixed = _mixed(context, offered)
    others = _others(context, offered, mixed)

    def made() -> dict[str, object]:
        return {
            "autodiscovery": _autodiscovery(context, offered, others),
            "follow_reader": _in_a_reader(context, offered, language),
            "follow": [PageLink(form.name, context.path(FeedAddress(offered, form))) for form in SYNDICATED],
            "follow_subject": titles.named(context, offered, language),
            "all_languages": _mixed_link(context, language, mixed) if mixed else None,
        }

    found = context.once(("follow", language, offered, mixed, others), made)
    return {**found, "follows_itself": offered == content.selection}


def _subscribe(address: str | None) -> str:
    """The address of a link to subscribe by e-mail; empty if the newsroom names none for the language."""
    return f"mailto:{address}" if address and "://" not in address else address or ""


def _in_a_reader(context: Context, offered: Selection, language: str) -> str:
    """The address for following a page's feed in a feed reader: the picker with this choice, which has all ways.

    It is the feed itself for corrections, which the picker cannot choose, and in an export, which answers no query.
    """
    if offered.corrections or not context.is_served:
        return context.path(FeedAddress(offered))
    return f"{context.path(Directory(language))}{picker_query.to_query(offered, language)}#choice"


def _oembed(context: Context, content: PageContent) -> list[tuple[str, str]]:
    """The links to oEmbed, which only a server answers."""
    shown = context.is_served and oembed.embeddable(context, content.address)
    return oembed.discovery(context, content.canonical) if shown else []


def _menu_link(context: Context, content: PageContent, label: str, address: Address) -> PageLink:
    return PageLink(label, context.path(address), here=address == content.address)


def _languages(context: Context, content: PageContent) -> list[PageLink]:
    """A link to the page in each language, or to the first page where there is none."""
    return [
        PageLink(
            _language_label(context, content, language),
            content.versions.get(language, context.path(Front(language))) + content.queries.get(language, ""),
            here=language == content.address.language,
            language=language,
        )
        for language in context.addresses.languages
    ]


def _language_label(context: Context, content: PageContent, language: str) -> str:
    """The language's own name; on a release that has no such translation it says that the link leads home."""
    words = context.words(language)
    if isinstance(content.address, ReleasePage) and language not in content.versions:
        return words.say("{language} (home page)", language=words.own_name)
    return words.own_name


def _alternates(context: Context, content: PageContent) -> list[tuple[str, str]]:
    """The languages and addresses for hreflang, with x-default for readers of other languages."""
    if len(content.versions) < 2 or content.selection.words:
        return []
    found = [
        (language, content.versions[language])
        for language in context.addresses.languages
        if language in content.versions
    ]
    return [*found, ("x-default", found[0][1])]


def _mixed(context: Context, offered: Selection) -> Selection | None:
    """The same selection in all languages, if it has more releases."""
    if len(context.addresses.languages) == 1 or offered.in_all_languages or offered.words:
        return None
    more = context.snapshot.counts.has_more_in_all_languages(offered, context.now)
    return replace(offered, in_all_languages=True) if more else None


def _mixed_link(context: Context, language: str, mixed: Selection) -> PageLink | None:
    """A link to a selection in all languages, on a page in ``language``.

    If it has terms, the link leads to the picker with this choice, since feeds in all languages are listed only without
    terms. In an export, which answers no query, it is None then.
    """
    if mixed.has_terms and not context.is_served:
        return None
    choice = context.path(Directory(language)) + picker_query.to_query(mixed, language)
    href = choice if mixed.has_terms else context.path(FeedAddress(mixed, HTML))
    return PageLink(context.words(language).say("All languages"), href)


def _others(context: Context, offered: Selection, mixed: Selection | None) -> tuple[FeedAddress, ...]:
    """The feed that is offered in other languages in which it has releases, and in all of them."""
    feed = FeedAddress(offered)
    twins = [feed.in_language(other) for other in context.addresses.languages if other != feed.language]
    found = (each for each in twins if context.has_releases(each.selection) and not offered.in_all_languages)
    return (*found, *([FeedAddress(mixed)] if mixed and not mixed.has_terms else []))


def _autodiscovery(
    context: Context, offered: Selection, others: tuple[FeedAddress, ...]
) -> list[tuple[Format, str, str, str]]:
    """The feed that is offered in every format, then the others, as Atom.

    The last value of each is its language, empty for all.
    """
    feed = FeedAddress(offered)
    return [
        (
            each.format,
            f"{titles.feed_title(context, each.selection)} ({each.format.name})",
            context.addresses.absolute(each),
            "" if each.selection.in_all_languages else each.language,
        )
        for each in (*(feed.as_format(form) for form in SYNDICATED), *others)
    ]
