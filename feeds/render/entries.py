"""An edition of a release as the entry that goes into feeds: texts put together, every address made whole."""

from __future__ import annotations

import html
from datetime import datetime

from feeds.addresses import Addresses, ReleasePage
from feeds.document import Link
from feeds.formats import HTML
from feeds.i18n import Words, in_language
from feeds.model.editions import Edition
from feeds.model.newsroom import Person
from feeds.model.release import Correction, Image, Release
from feeds.model.vocabulary import Vocabulary
from feeds.render import markdown
from feeds.render.types import Category, CorrectionNote, Entry


class Entries:
    """Makes entries for one newsroom. Raises MarkupError for a text that cannot be made safe in bounded time."""

    def __init__(self, vocabulary: Vocabulary, addresses: Addresses) -> None:
        self._vocabulary = vocabulary
        self._newsroom = vocabulary.newsroom
        self._addresses = addresses

    def entry(self, edition: Edition) -> Entry:
        """What the feeds say of the release while this edition stands."""
        release = edition.release
        words = Words.of(release.language)
        gone = edition.withdrawal
        page = self.page_of(release)
        title = words.say("Withdrawn: {title}", title=release.title) if gone else release.title
        return Entry(
            id=release.id,
            link=page if gone else release.url or page,
            language=release.language,
            title=markdown.plain(title),
            published=release.published,
            updated=edition.updated,
            summary=markdown.plain(gone.reason if gone else release.summary),
            content=self._withdrawal(edition) if gone else self._content(edition),
            date=self.day(release.language, release.published),
            authors=tuple(map(_named, release.authors or (self._newsroom.author_in(release.language),))),
            categories=self.categories(release),
            links=() if gone else self._links(edition),
            attachments=() if gone else release.attachments,
            image=None if gone else release.image,
            credit=None if gone else release.credit,
            rights=release.rights or in_language(self._newsroom.rights, release.language),
            corrections=() if gone else tuple(self._note(release.language, each) for each in edition.corrections),
            withdrawn=gone.date if gone else None,
        )

    def page_of(self, release: Release) -> str:
        """The address of the release's own page."""
        return self._addresses.absolute(ReleasePage(release.language, release.path))

    def day(self, language: str, moment: datetime) -> str:
        """A date as people of that language write it, in the newsroom's zone."""
        return Words.of(language).date(moment, self._newsroom.time_zone)

    def categories(self, release: Release) -> tuple[Category, ...]:
        """Every term of the release, facets in their order. A scheme is a tag URI: it outlives any address."""
        found = []
        for facet in self._vocabulary.facet_names:
            for slug in release.slugs(facet):
                term = self._vocabulary.term(facet, slug)
                label = term.label(release.language) if term else slug
                found.append(Category(f"tag:{self._newsroom.authority}:{facet}", slug, label))
        return tuple(found)

    def _links(self, edition: Edition) -> tuple[Link, ...]:
        translations = (
            Link(self._addresses.absolute(ReleasePage(language, path)), "alternate", HTML.media_type, language)
            for language, path in edition.translations
        )
        # A release of this newsroom may be still to come: only what lies elsewhere is named in feeds.
        related = (Link(to, "related") for to in edition.release.related if "://" in to)
        return (*translations, *related)

    def _content(self, edition: Edition) -> str:
        release = edition.release
        page = self.page_of(release)
        text = markdown.html_of(release.body, page) if release.body else ""
        if not text.strip():  # no body, or one of which the sanitizer left nothing
            text = markdown.paragraph(release.summary)
        return _figure(release.image) + text

    def _note(self, language: str, correction: Correction) -> CorrectionNote:
        lead = Words.of(language).say("Correction, {date}:", date=self.day(language, correction.date))
        text = f"<p><strong>{html.escape(lead)}</strong> {html.escape(correction.note, quote=False)}</p>\n"
        return CorrectionNote(correction.date, correction.note, text)

    def _withdrawal(self, edition: Edition) -> str:
        gone = edition.withdrawal
        if gone is None:
            return ""
        language = edition.release.language
        words = Words.of(language)
        lead = words.say("Withdrawn on {date}:", date=self.day(language, gone.date))
        text = f"<p><strong>{html.escape(lead)}</strong> {html.escape(gone.reason, quote=False)}</p>\n"
        if gone.replacement:
            href = self.whole(gone.replacement, language)
            text += f'<p><a href="{html.escape(href)}">{html.escape(words.say("What replaces it"))}</a></p>\n'
        return text

    def whole(self, reference: str, language: str) -> str:
        """The address of what a release refers to: given whole, or as one of this newsroom's (2021/its-slug)."""
        return reference if "://" in reference else self._addresses.absolute(ReleasePage(language, reference))


def _named(author: Person) -> Person:
    """What feeds say of an author: neither phone nor role."""
    return Person(name=author.name, email=author.email, url=author.url)


def _figure(image: Image | None) -> str:
    if image is None:
        return ""
    sizes = "".join(f' {name}="{n}"' for name, n in (("width", image.width), ("height", image.height)) if n)
    caption = html.escape(" ".join(part for part in (image.caption, image.credit) if part), quote=False)
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure><img src="{html.escape(image.src)}" alt="{html.escape(image.alt)}"{sizes}>{below}</figure>\n'
