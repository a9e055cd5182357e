"""Makes the entry for feeds and pages from an edition of a release."""

from __future__ import annotations

import html
from datetime import datetime
from functools import cache
from urllib.parse import quote

from feeds.addresses import Addresses, ReleasePage
from feeds.i18n import Words, in_language
from feeds.model.editions import Edition
from feeds.model.fields import is_iri
from feeds.model.formats import HTML
from feeds.model.license import UNSPECIFIED, license_of
from feeds.model.media import MediaFile
from feeds.model.newsroom import Person
from feeds.model.release import Correction, Release, Withdrawal
from feeds.model.vocabulary import Vocabulary
from feeds.render import entry_media, markdown
from feeds.render.body import Body, FileLink, Remark
from feeds.render.excerpt import MOST, excerpt, weight
from feeds.render.feed_values import Category, CorrectionNote, Entry, Link, Picture
from feeds.render.own_links import ReleaseLink, judge
from feeds.render.text_digest import text_digest


class Entries:
    """Makes the entries of one newsroom."""

    def __init__(self, vocabulary: Vocabulary, addresses: Addresses) -> None:
        self._vocabulary = vocabulary
        self._newsroom = vocabulary.newsroom
        self._addresses = addresses
        self._category = cache(self._category_of)
        self._author = cache(lambda language: _public(self._newsroom.author_in(language)))

    def entry(self, edition: Edition) -> Entry:
        """The entry of an edition. Raises MarkupError for a text that cannot be sanitized in bounded time."""
        release = edition.release
        words = self._vocabulary.words(release.language)
        withdrawal = edition.withdrawal
        page = self._page(release)
        content = self._withdrawal(release.language, withdrawal) if withdrawal else self._content(edition)
        title = words.say("Withdrawn: {title}", title=release.title) if withdrawal else release.title
        summary = withdrawal.reason if withdrawal else release.summary
        notes = () if withdrawal else tuple(self._note(release.language, each) for each in edition.corrections)
        return Entry(
            id=release.id if is_iri(release.id) else self._iri(release.id),
            link=page if withdrawal else release.url or page,
            language=release.language,
            title=markdown.plain(title),
            published=release.published,
            updated=edition.updated,
            summary=markdown.plain(summary),
            content=content,
            date=self._day(release.language, release.published),
            authors=tuple(map(_public, release.authors)) or (self._author(release.language),),
            categories=self._categories(release),
            links=() if withdrawal else self._links(edition),
            attachments=() if withdrawal else entry_media.in_order(entry_media.files(release, self._addresses)),
            image=None if withdrawal else entry_media.picture(release, self._addresses),
            credit=None if withdrawal else release.credit,
            rights=release.rights or in_language(self._newsroom.rights, release.language),
            license=license_of(release, self._newsroom) or (UNSPECIFIED if self._newsroom.license else None),
            corrections=notes,
            withdrawn=withdrawal.date if withdrawal else None,
            replacement=self._replacement(release.language, withdrawal),
            excerpt=self._excerpt(release, content, release.url or page),
            page=page if not withdrawal and release.url not in (None, page) else None,
            digest=text_digest(title, summary, "".join((*(note.html for note in notes), content))),
            guid=None if is_iri(release.id) else release.id,
        )

    def _iri(self, text: str) -> str:
        """A tag URI of this newsroom for an id that another program gave: 4711 at https://www.example.org."""
        return f"tag:{self._newsroom.authority}:{quote(text, safe='')}"

    def _excerpt(self, release: Release, content: str, link: str) -> str | None:
        """What feeds hold of a heavy content, with a link to the whole of it; None if they hold all of it."""
        found = excerpt(content, max(0, MOST - weight(release.summary)))
        if found is None:
            return None
        found = found or markdown.paragraph(release.summary)
        words = html.escape(self._vocabulary.words(release.language).say("Read the whole release"), quote=False)
        return f'{found}<p><a href="{html.escape(link)}">{words}</a></p>\n'

    def remarks(self, release: Release) -> tuple[tuple[Remark, ...], tuple[ReleaseLink, ...]]:
        """What readers will not see of the body as it is written, and the releases of this newsroom that it links to.

        Raises MarkupError as `entry` does.
        """
        body = self._body(release)
        found = [judge(link, self._addresses, self._vocabulary) for link in body.own_links]
        nowhere = (each for each in found if isinstance(each, Remark))
        return (*body.remarks, *nowhere), tuple(each for each in found if isinstance(each, ReleaseLink))

    def names_in_body(self, release: Release) -> tuple[str, ...]:
        """The names of files beside the release that its body shows or leads to. Raises MarkupError."""
        return self._body(release).files

    def _body(self, release: Release) -> Body:
        if not release.body:
            return Body("", (), ())
        return markdown.body_of(release.body, self._page(release), self._addresses.base, self._files(release))

    def _files(self, release: Release) -> tuple[tuple[str, FileLink], ...]:
        return tuple(
            (file.name, FileLink(entry_media.address(file, self._addresses), _size(file)))
            for file in release.media_files
        )

    def _page(self, release: Release) -> str:
        return self._addresses.absolute(ReleasePage(release.language, release.path))

    def _day(self, language: str, moment: datetime) -> str:
        """The day of a moment in the newsroom's time zone, written out."""
        return self._vocabulary.words(language).date(moment, self._newsroom.time_zone)

    def _categories(self, release: Release) -> tuple[Category, ...]:
        """The terms of the release. Schemes are tag URIs, which stay the same if the newsroom's address changes."""
        return tuple(
            self._category(facet, slug, release.language)
            for facet in self._vocabulary.facet_names
            for slug in release.slugs(facet)
        )

    def _category_of(self, facet: str, slug: str, language: str) -> Category:
        term = self._vocabulary.term(facet, slug)
        return Category(f"tag:{self._newsroom.authority}:{facet}", slug, term.label(language) if term else slug)

    def _links(self, edition: Edition) -> tuple[Link, ...]:
        translations = (
            Link(self._addresses.absolute(ReleasePage(language, path)), "alternate", HTML.media_type, language)
            for language, path in edition.translations
        )
        # Only pages of other sites: a release of this newsroom may be scheduled, and must not be shown yet.
        related = (Link(to, "related") for to in edition.release.related if "://" in to)
        return (*translations, *related)

    def _content(self, edition: Edition) -> str:
        release = edition.release
        text = self._body(release).html
        if not text.strip():  # no body, or the sanitizer removed all of it
            text = markdown.paragraph(release.summary)
        return _figure(entry_media.picture(release, self._addresses)) + text

    def _note(self, language: str, correction: Correction) -> CorrectionNote:
        words = self._vocabulary.words(language)
        lead = words.say("Correction, {date}:", date=self._day(language, correction.date))
        return CorrectionNote(correction.date, correction.note, _notice(words, lead, correction.note))

    def _withdrawal(self, language: str, withdrawal: Withdrawal) -> str:
        words = self._vocabulary.words(language)
        lead = words.say("Withdrawn on {date}:", date=self._day(language, withdrawal.date))
        text = _notice(words, lead, withdrawal.reason)
        href = self._replacement(language, withdrawal)
        if href:
            text += f'<p><a href="{html.escape(href)}">{html.escape(words.say("What replaces it"))}</a></p>\n'
        return text

    def _replacement(self, language: str, withdrawal: Withdrawal | None) -> str | None:
        """The absolute address of what replaces a withdrawn release; its file gives an address, or year and slug."""
        reference = withdrawal.replacement if withdrawal else None
        if reference is None or "://" in reference:
            return reference
        return self._addresses.absolute(ReleasePage(language, reference))


def _public(author: Person) -> Person:
    """The author without phone and role, which feeds do not show."""
    return Person(name=author.name, email=author.email, url=author.url)


def _notice(words: Words, lead: str, text: str) -> str:
    """A paragraph that begins with a bold lead."""
    parts = words.sentences(f"<strong>{html.escape(lead)}</strong>", html.escape(text, quote=False))
    return f"<p>{parts}</p>\n"


def _size(file: MediaFile) -> tuple[int, int] | None:
    return (file.width, file.height) if file.width and file.height else None


def _figure(image: Picture | None) -> str:
    if image is None:
        return ""
    sizes = "".join(f' {name}="{n}"' for name, n in (("width", image.width), ("height", image.height)) if n)
    caption = html.escape(" ".join(part for part in (image.caption, image.credit) if part), quote=False)
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure><img src="{html.escape(image.src)}" alt="{html.escape(image.alt)}"{sizes}>{below}</figure>\n'
