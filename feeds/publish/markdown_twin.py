"""Makes the Markdown of a release, for messages and documents.

It has what readers are shown and nothing else: the text is made from the page's HTML, which has only absolute addresses
and nothing that may not be published.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from feeds.addresses import ReleaseMarkdown, ReleasePage
from feeds.catalogue import VisibleRelease
from feeds.i18n import Words, in_language
from feeds.model.formats import HTML, MARKDOWN
from feeds.model.newsroom import Person
from feeds.publish import titles
from feeds.publish.context import Context
from feeds.publish.document import Answer, Document
from feeds.publish.pages.headlines import title_of
from feeds.publish.pages.release import contacts_of, files_of, highest_second
from feeds.render.feed_values import Link, Picture
from feeds.render.html_to_markdown import destination, escaped, html_to_markdown, plain_paragraphs

_CLOSING_SIGNS, _ESCAPED = re.compile(r"(?<!\S)#+$"), r"\\\g<0>"
_FIGURE = re.compile("<figure>.*?</figure>\n", re.DOTALL)


def markdown_document(context: Context, address: ReleaseMarkdown) -> Answer:
    """The Markdown of a release (CommonMark, with tables and footnotes). After its withdrawal, the notice: 410."""
    found = context.release(address)
    if not isinstance(found, VisibleRelease):
        return found
    page = context.addresses.absolute(ReleasePage(address.language, address.path))
    return Document(
        f"{markdown_of(context, found)}\n".encode(),
        MARKDOWN.content_type,
        found.entry.updated,
        links=(
            Link(page if found.withdrawn else found.release.url or page, "canonical"),
            Link(page, "alternate", HTML.media_type),
        ),
        language=address.language,
        status=410 if found.withdrawn else 200,
    )


def markdown_of(context: Context, visible: VisibleRelease) -> str:
    """The whole text of a release or of the notice of its withdrawal, without a line break at the end."""
    return "\n\n".join(_blocks(context, visible))


def _blocks(context: Context, visible: VisibleRelease) -> Iterator[str]:
    release, entry = visible.release, visible.entry
    words = context.words(release.language)
    page = context.addresses.absolute(ReleasePage(release.language, release.path))
    yield _heading(1, title_of(context, visible))
    dateline = None if visible.withdrawn else release.dateline
    yield " · ".join(plain_paragraphs(part) for part in (dateline, entry.date) if part)
    if not visible.withdrawn and release.body:
        yield plain_paragraphs(release.summary)
    yield from (_text(note.html, page) for note in entry.corrections)
    yield from _picture(entry.image)
    yield _text(_FIGURE.sub("", entry.content, count=1) if entry.image else entry.content, page)
    if not visible.withdrawn:
        yield from _first_address_and_credit(words, release.url, release.credit)
        yield from _files(context, visible)
        yield from _contacts(context, visible)
    yield "***"
    yield "\\\n".join(_source(context, visible, page))


def _heading(level: int, text: str) -> str:
    """A heading. Number signs at its end are escaped, since they would close it."""
    return f"{'#' * level} {_CLOSING_SIGNS.sub(_ESCAPED, escaped(text))}"


def _text(markup: str, page: str) -> str:
    """HTML of the page as Markdown, with footnotes of its own and all other links leading to the web."""
    if "--fn" in markup:  # few texts have notes, and each page has a pattern of its own
        markup = re.sub(rf'href="{re.escape(escape(page))}#(?=[^"]*--fn(?:ref)?-)', 'href="#', markup)
    return html_to_markdown(highest_second(markup), readable=True).markdown


def _picture(image: Picture | None) -> Iterator[str]:
    if image:
        yield f"![{escaped(image.alt)}]({destination(image.src)})"
        caption = " ".join(part for part in (image.caption, image.credit) if part)
        if caption:
            yield plain_paragraphs(caption)


def _first_address_and_credit(words: Words, url: str | None, credit: str | None) -> Iterator[str]:
    if url:
        yield f"[{escaped(words.say('The release where it first appeared'))}]({destination(url)})"
    if credit:
        yield plain_paragraphs(words.say("Image: {credit}", credit=credit))


def _files(context: Context, visible: VisibleRelease) -> Iterator[str]:
    files = files_of(context, visible.release)
    if files:
        yield _heading(2, context.words(visible.release.language).say("Files"))
        yield "\n".join(
            f"- [{escaped(each.title)}]({destination(each.href)}) ({escaped(each.about)})" for each in files
        )


def _contacts(context: Context, visible: VisibleRelease) -> Iterator[str]:
    contacts = contacts_of(context, visible)
    if contacts:
        words = context.words(visible.release.language)
        yield _heading(2, words.say("Contact"))
        yield "\n".join(f"- {words.listed(list(_person(each)))}" for each in contacts)


def _person(person: Person) -> Iterator[str]:
    yield from (escaped(part) for part in (person.name, person.role) if part)
    if person.email:
        yield f"<{person.email}>"
    if person.phone:
        yield escaped(person.phone)
    if person.url:
        yield f"<{person.url}>"


def _source(context: Context, visible: VisibleRelease, page: str) -> Iterator[str]:
    """Who says so, and where: the lines below the text."""
    language = visible.release.language
    yield escaped(titles.newsroom_title(context, language))
    yield f"<{page}>"
    rights = visible.entry.rights or in_language(context.vocabulary.newsroom.rights, language)
    yield " ".join(escaped(rights).split())
