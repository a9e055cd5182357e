"""Finds the releases that a passage is from: word for word, or nearly.

The full text index finds candidates, and the passage is compared with their texts. Time and memory are bounded by the
length of the passage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from feeds.addresses import ReleasePage
from feeds.catalogue import Candidate, VisibleRelease
from feeds.i18n import in_language
from feeds.model import passage
from feeds.model.passage import ComparableText, Likeness, Part
from feeds.publish import titles
from feeds.publish.context import Context
from feeds.publish.pages.headlines import title_of
from feeds.publish.pages.release import contacts_of, files_of
from feeds.render.body import MarkupError
from feeds.render.html_to_markdown import text_of
from feeds.render.markdown import html_of

NEARLY = 0.6
"""The least share of a passage's words that a release must have to nearly say it. Only runs of words count."""
MOST_BYTES = 100_000
"""Of a file with a passage."""
MOST_SHOWN = 5
"""Releases in an answer."""

_ENOUGH = 3
"""Pieces of a passage that suffice to find the releases that have it word for word."""
_NUMBERS_OF_NOTES = re.compile("<sup><a [^>]*>[^<]*</a></sup>")
_MARKDOWN, _HTML = (".md", ".markdown"), (".html", ".htm", ".xhtml")
_NOWHERE = "https://nowhere.invalid/"


class Refusal(StrEnum):
    """Why a passage is not looked for."""

    TOO_SHORT = "it has too few words to tell whose they are"
    TOO_LONG = f"it is longer than {passage.LONGEST:,} characters"
    NO_TEXT = "it is no plain text in UTF-8"


@dataclass(frozen=True, slots=True)
class Match:
    """A release that has a passage."""

    visible: VisibleRelease
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class PassageCheck:
    """The answer for a passage."""

    matches: tuple[Match, ...]
    """Those that have it word for word; if none has, those that nearly have it, the nearest first."""

    @property
    def is_word_for_word(self) -> bool:
        """Whether there is a release that says just that."""
        return bool(self.matches) and self.matches[0].likeness.word_for_word


def verified(context: Context, text: str) -> PassageCheck | Refusal:
    """The releases that have a passage, or why it is not looked for. Scheduled releases and drafts are never found.

    A withdrawn release is found only for what it said word for word.
    """
    if len(text) > passage.LONGEST:
        return Refusal.TOO_LONG
    parts = passage.parts_of(text)
    if passage.is_too_short(parts):
        return Refusal.TOO_SHORT
    found: dict[int, Match] = {}
    exact: list[Match] = []
    for candidates in _candidates(context, passage.probes(parts)):
        for each in candidates:
            if each.visible.edition not in found:
                found[each.visible.edition] = Match(each.visible, _likeness(context, parts, each))
        exact = [match for match in found.values() if match.likeness.word_for_word]
        if exact:
            break
    near = [each for each in found.values() if each.likeness.share >= NEARLY and not each.visible.withdrawn]
    near.sort(key=lambda each: -each.likeness.share)
    return PassageCheck(tuple(exact or near)[:MOST_SHOWN])


def passage_in(name: str, content: bytes) -> str | Refusal:
    """The passage in a file: plain text, Markdown or HTML, by the ending of its name."""
    if len(content) > MOST_BYTES:
        return Refusal.TOO_LONG
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Refusal.NO_TEXT
    if "\0" in text:
        return Refusal.NO_TEXT
    if name.lower().endswith(_HTML):
        return text_of(text)
    if not name.lower().endswith(_MARKDOWN):
        return text
    try:
        return text_of(html_of(text, _NOWHERE))
    except MarkupError:
        return text


def _candidates(context: Context, pieces: Sequence[str]) -> Iterator[list[Candidate]]:
    """Yields the releases that a passage with these pieces may be from, in steps that each take longer.

    A release that has the passage word for word has all pieces, except those from around its text on the page. A
    release that nearly has it may lack any of them.
    """
    quotes, first, others = context.snapshot.quotes, pieces[:_ENOUGH], pieces[_ENOUGH:]
    yield quotes.with_all(first, context.now)
    yield quotes.candidates(first, context.now)
    yield quotes.candidates(others, context.now)


def _likeness(context: Context, parts: tuple[Part, ...], candidate: Candidate) -> Likeness:
    found = [passage.compared(parts, ComparableText(text)) for text in _texts(context, candidate)]
    return max(found, key=lambda each: (each.word_for_word, each.share))


def _texts(context: Context, candidate: Candidate) -> Iterator[str]:
    """All that a page shows of a release itself; where there are footnotes, also without their numbers."""
    entry = candidate.former or candidate.visible.entry
    written = "".join((*(note.html for note in entry.corrections), entry.content))
    around = list(_around(context, candidate.visible))
    for content in dict.fromkeys((written, _NUMBERS_OF_NOTES.sub("", written))):
        yield "\n\n".join((entry.title, entry.summary, text_of(content), *around))


def _around(context: Context, visible: VisibleRelease) -> Iterator[str]:
    """What stands around the text on its page, and in its Markdown."""
    release = visible.release
    words = context.words(release.language)
    yield " · ".join(part for part in (release.dateline, visible.entry.date) if part)
    yield titles.newsroom_title(context, release.language)
    yield context.addresses.absolute(ReleasePage(release.language, release.path))
    yield visible.entry.rights or in_language(context.vocabulary.newsroom.rights, release.language)
    if visible.withdrawn:
        return
    yield from (title_of(context, visible), words.say("The release where it first appeared"))
    if visible.entry.credit:
        yield words.say("Image: {credit}", credit=visible.entry.credit)
    if visible.entry.image:
        yield visible.entry.image.alt
    yield "\n".join((words.say("Files"), *(f"{each.title} ({each.about})" for each in files_of(context, release))))
    persons = (words.listed(list(filter(None, (each.name, each.role, each.email, each.phone, each.url))))
               for each in contacts_of(context, visible))  # fmt: skip
    yield "\n".join((words.say("Contact"), *persons))
