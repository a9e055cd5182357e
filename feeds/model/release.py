"""A press release in one language, with its image, files, corrections and withdrawal.

Values are checked once, when they are made. `fields` says what a single value may be. The texts below the fields of
these models are the descriptions that editors see in the JSON Schemas.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from feeds.model.fields import (
    FormerAddress,
    Identifier,
    Language,
    Line,
    Markdown,
    MediaName,
    MediaSource,
    MediaType,
    Moment,
    Reference,
    Slug,
    TermsByFacet,
    Text,
    Url,
    Value,
)
from feeds.model.media import MediaFile
from feeds.model.newsroom import Person


class Image(Value):
    """The image of a release."""

    src: MediaSource
    """A file beside the release, photo.jpg, or the address of the image: https://www.example.org/images/bridge.jpg."""
    alt: Line
    """What the image shows, for people who cannot see it: Two workers check a valve."""
    credit: Line | None = None
    """The photographer or owner: © Ada Lovelace."""
    caption: Text | None = None
    """The text below the image."""
    width: Annotated[int, Field(gt=0, le=20_000)] | None = None
    """In pixels: 1200."""
    height: Annotated[int, Field(gt=0, le=20_000)] | None = None
    """In pixels: 800."""
    type: Annotated[str, StringConstraints(pattern=r"^image/[a-z0-9.+-]+$")] | None = None
    """The media type: image/jpeg."""


class Attachment(Value):
    """A file to download with a release."""

    file: MediaName | None = None
    """The name of a file beside the release: report.pdf. Its type and size are read from it."""
    url: Url | None = None
    """The address of a file elsewhere: https://www.example.org/files/report.pdf."""
    title: Line
    """The text of the link: Full report."""
    type: MediaType | None = None
    """The media type of a file elsewhere: application/pdf."""
    length: Annotated[int, Field(ge=0, le=2**53)] | None = None
    """The size in bytes of a file elsewhere: 482133."""
    language: Language | None = None
    """The language of the file: en."""

    @model_validator(mode="after")
    def _is_one_file(self) -> Self:
        if self.file and (other := next((name for name in ("url", "type", "length") if getattr(self, name)), None)):
            advice = "keep one of the two lines" if other == "url" else "delete the line: it is read from the file"
            raise PydanticCustomError("file", "stands beside “file”", {"advice": advice, "at": other})
        if not self.file and not self.url:
            advice = "add a line “file: report.pdf”, or “url: https://…”"
            raise PydanticCustomError("file", "names no file", {"advice": advice})
        if self.url and not self.type:
            context = {"advice": "add it: type: application/pdf", "at": "type"}
            raise PydanticCustomError("file", "is missing", context)
        return self


class Correction(Value):
    """A correction of the text, shown with the release."""

    date: Moment
    """When it was corrected: 2021-06-25T09:30:00+08:00."""
    note: Text
    """What was wrong, and what is right."""
    major: bool = True
    """Whether subscribers get the release again. Write false for a typo."""


class Withdrawal(Value):
    """The withdrawal of a release: a notice takes its place."""

    date: Moment
    """When it is withdrawn: 2021-06-26T09:30:00+08:00."""
    reason: Text
    """Why, in a sentence that readers will see."""
    replacement: Reference | None = None
    """What to read instead: a release of this newsroom as 2021/its-slug, or a web address."""


class Release(Value):
    """One press release in one language."""

    id: Identifier
    """The permanent id. If absent, made from the authority, the first publication date and the slug. Of a release that
    was published by another program, the id or guid in its feeds: then no subscriber gets it a second time."""
    slug: Slug
    """The last part of its address: annual-report. If absent, the file's name without its date."""
    language: Language
    """The language tag (BCP 47): en, zh-Hans. If absent, the one in the file's name, else the newsroom's own."""
    year: Annotated[int, Field(ge=1900, lt=2200)]
    """The year in its address. If absent, that of the file's name, else of ``published``."""
    title: Line
    """The headline, in plain text on one line."""
    summary: Text
    """What is new, in one or two sentences of plain text."""
    published: Moment
    """When it appears: 2021-06-24, or 2021-06-24T09:30:00+08:00. A time in the future is an embargo."""
    announced: Moment | None = None
    """When readers are told of it, if that is later than ``published``: it comes in feeds then, with its own date."""
    updated: Moment | None = None
    """When it last changed so much that subscribers must get it again. A typo does not count."""
    pinned: Moment | None = None
    """Until when it is the first story of the front page: 2021-07-01. A day alone means the midnight with which it
    begins. Of several the newest is first."""
    body: Markdown | None = None
    """The full text in Markdown."""
    dateline: Line | None = None
    """Where it was written: Harbour City."""
    terms: TermsByFacet = ()
    """What it is about. In a file each facet has a field of its own."""
    url: Url | None = None
    """The address of the release if it is published on another site."""
    credit: Line | None = None
    """The credit of an image that the release has no address for: © Ada Lovelace."""
    image: Image | None = None
    """The image that is shown with it."""
    attachments: Annotated[tuple[Attachment, ...], Field(max_length=50)] = ()
    """Files to download."""
    authors: Annotated[tuple[Person, ...], Field(max_length=50)] = ()
    """Who wrote it. If absent, the newsroom's author."""
    contacts: Annotated[tuple[Person, ...], Field(max_length=50)] = ()
    """Whom journalists can ask. If absent, the newsroom's contacts."""
    related: Annotated[tuple[Reference, ...], Field(max_length=50)] = ()
    """What else to read: releases of this newsroom as 2021/its-slug, or web addresses."""
    aliases: Annotated[tuple[FormerAddress, ...], Field(max_length=50)] = ()
    """Former addresses, which lead to this one: 2020/old-slug, or a path of another program: /news/old-report.html."""
    rights: Text | None = None
    """Copyright and licence. If absent, the newsroom's."""
    license: Url | None = None
    """The address of its licence: https://creativecommons.org/licenses/by/4.0/. If absent, the newsroom's, unless it
    has ``rights`` of its own."""
    corrections: Annotated[tuple[Correction, ...], Field(max_length=100)] = ()
    """What was corrected, and when."""
    withdrawn: Withdrawal | None = None
    """Write this to withdraw a published release; do not delete its file."""
    draft: bool = False
    """Write true to keep it unpublished, whatever its date."""
    media_files: tuple[MediaFile, ...] = ()
    """The files beside it that it names, as they were found."""
    translation: bool = False
    """Whether its file is a translation of another one."""

    @model_validator(mode="after")
    def _moments_in_order(self) -> Self:
        for field, moment in self.moments:
            if moment < self.published:
                raise _early(field)
        return self

    @property
    def moments(self) -> Iterator[tuple[str, datetime]]:
        """When something happens to it, by the path of the field that says so."""
        yield "published", self.published
        if self.announced:
            yield "announced", self.announced
        if self.updated:
            yield "updated", self.updated
        for number, correction in enumerate(self.corrections):
            yield f"corrections[{number}].date", correction.date
        if self.withdrawn:
            yield "withdrawn.date", self.withdrawn.date
        if self.pinned:
            yield "pinned", self.pinned

    @property
    def appears(self) -> datetime:
        """When readers first see it."""
        return self.announced or self.published

    def slugs(self, facet: str) -> tuple[str, ...]:
        """The slugs of its terms in one facet."""
        return next((slugs for name, slugs in self.terms if name == facet), ())

    def media_file(self, name: str) -> MediaFile | None:
        """The file beside it with a name; None if it is not there or names no file."""
        return next((each for each in self.media_files if each.name == name), None)

    @property
    def media_names(self) -> Iterator[tuple[str, str]]:
        """The files beside it that its fields name, by the path of the field."""
        if self.image and "://" not in self.image.src:
            yield "image.src", self.image.src
        for number, attachment in enumerate(self.attachments):
            if attachment.file:
                yield f"attachments[{number}].file", attachment.file

    @property
    def path(self) -> str:
        """Year and slug, as in its address: 2021/annual-report."""
        return f"{self.year}/{self.slug}"


def _early(field: str) -> PydanticCustomError:
    context: dict[str, Any] = {"advice": "nothing happens to a release before it is published", "at": field}
    return PydanticCustomError("early", "before the publication date", context)


NOT_WRITTEN = frozenset({"terms", "media_files", "translation"})
"""Fields of a release that no file states."""
