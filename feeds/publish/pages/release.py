"""The page of a release, or the notice of its withdrawal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from feeds.addresses import ReleaseMarkdown, ReleasePage
from feeds.catalogue import VisibleRelease
from feeds.model.license import license_name, license_of
from feeds.model.newsroom import Person
from feeds.model.release import Release
from feeds.model.selection import Selection
from feeds.publish import titles
from feeds.publish.context import Context
from feeds.publish.document import Answer
from feeds.publish.pages import related
from feeds.publish.pages.headlines import headline, summary_of, title_of
from feeds.publish.pages.layout import PageContent, PageLink, page_document, reachable_persons, term_link
from feeds.publish.pages.pictures import responsive
from feeds.publish.pages.structured_data import news_article
from feeds.publish.release_image import og_image
from feeds.render import entry_media, html
from feeds.render.feed_values import File


def release_page(context: Context, address: ReleasePage) -> Answer:
    """The page of a release. After its withdrawal, the notice with status 410."""
    found = context.release(address)
    if not isinstance(found, VisibleRelease):
        return found
    release = found.release
    here = context.addresses.absolute(address)
    linked = {link.hreflang: link.href for link in found.entry.links if link.hreflang}
    translations = {language: linked[language] for language in context.addresses.languages if language in linked}
    canonical = here if found.withdrawn else release.url or here
    content = PageContent(
        "release",
        address,
        title_of(context, found),
        summary_of(found),
        Selection.of(release.language, term_to_follow(context, found)),
        _values(context, found, canonical, translations),
        {release.language: here, **translations},
        canonical,
        indexed=not found.withdrawn,
        status=410 if found.withdrawn else 200,
        markdown="" if found.withdrawn else context.addresses.absolute(ReleaseMarkdown(address.language, address.path)),
    )
    return page_document(context, content)


def _values(
    context: Context, visible: VisibleRelease, canonical: str, translations: dict[str, str]
) -> dict[str, object]:
    release, entry = visible.release, visible.entry
    earlier, later = context.snapshot.releases.neighbours(release, context.now)
    article = None if visible.withdrawn else news_article(context, release, entry, canonical, translations)
    here = context.addresses.absolute(ReleasePage(release.language, release.path))
    content = responsive(context, release, _within(entry.content, here))
    text = _scrolling_tables(highest_second(content), context.words(release.language).say("Table"))
    return {
        "release": _shown(visible),
        "headline": title_of(context, visible),
        "notes": [html.safe(note.html) for note in entry.corrections],
        "content": html.safe(text),
        "date": entry.date,
        "withdrawn": visible.withdrawn,
        "authors": [] if visible.withdrawn else [person.name for person in release.authors],
        "files": [] if visible.withdrawn else files_of(context, release),
        "image": entry.image,
        "og_image": og_image(context, visible),
        "own_rights": None if visible.withdrawn else release.rights,
        "license": None if visible.withdrawn else _license(context, release),
        "contacts": [] if visible.withdrawn else contacts_of(context, visible),
        "facets": _facets(context, release),
        "translations": [
            PageLink(context.words(language).own_name, href, language=language)
            for language, href in translations.items()
        ],
        "is_untranslated": not (translations or visible.withdrawn) and len(context.addresses.languages) > 1,
        **related.values(context, visible),
        "earlier": headline(context, earlier, release.language) if earlier else None,
        "later": headline(context, later, release.language) if later else None,
        "modified": entry.updated.isoformat(),
        "section": _section(context, visible),
        "tags": [category.label for category in entry.categories],
        "article": article and html.data(article),
        "digest": entry.digest,
        "share": None if visible.withdrawn else _share(context, release, canonical),
    }


def _facets(context: Context, release: Release) -> list[tuple[str, list[PageLink]]]:
    """The name of each facet of which the release has terms, and links to these."""
    return [
        (titles.facet_label(context, facet, release.language), links)
        for facet in context.vocabulary.facets
        if (links := [term_link(context, release.language, facet.name, slug) for slug in release.slugs(facet.name)])
    ]


def highest_second(text: str) -> str:
    """Moves all headings up, so that the highest of them is h2.

    >>> highest_second("<h3>More</h3><h4>Still more</h4>")
    '<h2>More</h2><h3>Still more</h3>'
    """
    if "<h" not in text:
        return text
    first = min((int(level) for level in re.findall(r"<h([2-6])\b", text)), default=2)
    return re.sub(r"<(/?)h([2-6])\b", lambda found: f"<{found[1]}h{int(found[2]) - first + 2}", text)


def _within(text: str, here: str) -> str:
    """Makes links to places on this page relative, so that they work wherever the page is shown."""
    return text.replace(f'href="{escape(here)}#', 'href="#')


def _scrolling_tables(text: str, name: str) -> str:
    """Puts each table into an element that scrolls by itself and can be reached with the keyboard.

    Feeds align cells by the attribute ``align``, which HTML has dropped; pages do it by a class.
    """
    if "<t" not in text:
        return text
    start = f'<div class="scroll" role="group" aria-label="{escape(name)}" tabindex="0"><table'
    text = re.sub(r'(<t[dh]\b[^>]*?) align="(left|center|right)"', r'\1 class="\2"', text)
    return re.sub(r"<table\b", lambda _: start, text).replace("</table>", "</table></div>")


def _section(context: Context, visible: VisibleRelease) -> str:
    """The article section for social networks: the first term of a facet with that property."""
    facets = [facet.name for facet in context.vocabulary.facets if facet.property == "articleSection"]
    release = visible.release
    slugs = ((facet, slug) for facet in facets for slug in release.slugs(facet))
    return next((titles.term_label(context, facet, slug, release.language) for facet, slug in slugs), "")


def term_to_follow(context: Context, visible: VisibleRelease) -> dict[str, tuple[str, ...]]:
    """The term whose feed the page offers: the first that is not retired. Empty if there is none.

    Facets with the newsroom's own terms come before those with codes, such as countries, which are wider. Facets with
    only one term per release, such as the kind of text, are left out.
    """
    many = (facet for facet in context.vocabulary.facets if not facet.one)
    for facet in sorted(many, key=lambda each: each.codes is not None):
        for slug in visible.release.slugs(facet.name):
            term = context.vocabulary.term(facet.name, slug)
            if term is None or not term.ended(context.now):
                return {facet.name: (slug,)}
    return {}


@dataclass(frozen=True, slots=True)
class _ShownRelease:
    """What a page shows of the release itself: nothing that is scheduled, and no text of what is withdrawn."""

    published: str
    """RFC 3339."""
    dateline: str = ""
    summary: str = ""
    has_text: bool = False
    """Whether there is more than the summary."""
    url: str = ""
    """Where it first appeared, if that is another site."""
    credit: str = ""
    """Of the picture."""


def _shown(visible: VisibleRelease) -> _ShownRelease:
    release = visible.release
    published = release.published.isoformat()
    if visible.withdrawn:
        return _ShownRelease(published)
    return _ShownRelease(
        published,
        release.dateline or "",
        release.summary,
        bool(release.body),
        release.url or "",
        release.credit or "",
    )


@dataclass(frozen=True, slots=True)
class _Share:
    """Ways for readers to share a release. No other site takes part in it or learns of it."""

    address: str
    mail: str
    """The address of a new e-mail message with the title and the address (RFC 6068)."""
    script: str
    """The address of the script that copies."""


def _share(context: Context, release: Release, address: str) -> _Share:
    title, end = quote(release.title, safe=""), "%0D%0A"
    mail = f"mailto:?subject={title}&body={title}{end}{end}{quote(address, safe='')}{end}"
    return _Share(address, mail, context.asset_path("share.js"))


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file in the list of a release's files."""

    title: str
    href: str
    kind: str
    """``PDF``."""
    type: str
    language: str
    about: str
    """Type, size, and language if it is another one: ``PDF, 1.3 MB, Deutsch``."""


def files_of(context: Context, release: Release) -> list[ListedFile]:
    """The files of a release, in the order in which it names them."""
    return [_file(context, each, release.language) for each in entry_media.files(release, context.addresses)]


def _file(context: Context, file: File, language: str) -> ListedFile:
    words = context.words(language)
    kind = _kind(file.type)
    parts = [kind]
    if file.length:
        parts.append(words.size(file.length))
    if file.language and file.language != language:
        parts.append(context.words(file.language).own_name)
    if words.direction == "rtl":  # else a number after a Latin abbreviation is drawn on its wrong side
        parts = [f"\u2068{part}\u2069" for part in parts]
    about = words.listed(parts)
    return ListedFile(file.title, file.url, kind, file.type, file.language or "", about)


def _license(context: Context, release: Release) -> PageLink | None:
    """A link to the licence of the release, with its name; None if it has none."""
    address = license_of(release, context.vocabulary.newsroom)
    return PageLink(license_name(address), address) if address else None


def contacts_of(context: Context, visible: VisibleRelease) -> list[Person]:
    """The contacts of the release, else those of the newsroom."""
    return list(visible.release.contacts) or reachable_persons(context.vocabulary.newsroom.contacts)


_KINDS = {
    "application/msword": "Word",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.ms-excel": "Excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/vnd.ms-powerpoint": "PowerPoint",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
    "audio/mpeg": "MP3",
    "image/svg+xml": "SVG",
    "text/plain": "TXT",
}


def _kind(media_type: str) -> str:
    """The short name of a media type.

    >>> _kind("application/pdf"), _kind("text/plain; charset=utf-8")
    ('PDF', 'TXT')
    """
    essence = media_type.partition(";")[0].strip().lower()
    return _KINDS.get(essence) or essence.rpartition("/")[2].removeprefix("x-").upper()
