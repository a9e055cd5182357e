"""The page on which readers ask whether a passage is from a release, and the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from feeds.addresses import Search, Verification
from feeds.i18n import Words
from feeds.model.passage import FEWEST, LONGEST, Stretch
from feeds.model.selection import Selection
from feeds.publish import verification
from feeds.publish.context import Context
from feeds.publish.document import Document
from feeds.publish.pages import headlines
from feeds.publish.pages.headlines import Headline
from feeds.publish.pages.layout import PageContent, language_versions, page_document
from feeds.publish.verification import MOST_BYTES, Match, Refusal
from feeds.render import html

_STATUS: Mapping[Refusal, int] = {Refusal.TOO_SHORT: 400, Refusal.TOO_LONG: 413, Refusal.NO_TEXT: 400}


@dataclass(frozen=True, slots=True)
class ShownMatch:
    """A release that has a passage, on the page."""

    headline: Headline
    parts: tuple[tuple[Stretch, ...], ...]
    """The passage; empty where the release has all of it."""
    notes: tuple[object, ...]
    """Notes of corrections, as HTML."""
    notice: object
    """The notice of a withdrawal, as HTML; empty if it is not withdrawn."""
    digest: str


def verification_page(context: Context, address: Verification) -> Document:
    """The page with the empty form."""
    return _page(context, address, "", {"verdict": "", "refused": "", "matches": []})


def answer_page(context: Context, address: Verification, passage: str | Refusal) -> Document:
    """The answer for a passage, or why there is none, with the form for another one."""
    words = context.words(address.language)
    found = passage if isinstance(passage, Refusal) else verification.verified(context, passage)
    shown = "" if isinstance(passage, Refusal) else passage[:LONGEST]
    if isinstance(found, Refusal):
        values = {"verdict": "", "refused": _refused(words, found), "matches": []}
        return _page(context, address, shown, values, status=_STATUS[found])
    matches = [_shown(context, address.language, each) for each in found.matches]
    verdict = _verdict(words, len(matches), is_word_for_word=found.is_word_for_word)
    return _page(context, address, shown, {"verdict": verdict, "refused": "", "matches": matches})


def _page(
    context: Context, address: Verification, passage: str, values: Mapping[str, object], status: int = 200
) -> Document:
    words = context.words(address.language)
    title, lead = words.say("Is this quote genuine?"), words.say("Paste what is said to come from one of our releases.")
    more = {
        "lead": lead,
        "passage": passage,
        "most": LONGEST,
        "most_bytes": words.size(MOST_BYTES),
        "search_page": context.path(Search(address.language)),
    }
    versions = language_versions(context, address)
    here = context.addresses.absolute(address)
    asked = bool(values["verdict"] or values["refused"])
    content = PageContent(
        "verify", address, title, lead, Selection(address.language), {**more, **values}, versions, here,
        indexed=not asked, status=status,
    )  # fmt: skip
    return page_document(context, content)


def _shown(context: Context, language: str, match: Match) -> ShownMatch:
    visible, entry = match.visible, match.visible.entry
    return ShownMatch(
        headlines.headline(context, visible, language),
        () if match.likeness.word_for_word else match.likeness.parts,
        tuple(html.safe(note.html) for note in entry.corrections),
        html.safe(entry.content) if visible.withdrawn else "",
        "" if visible.withdrawn else entry.digest or "",
    )


def _verdict(words: Words, number: int, *, is_word_for_word: bool) -> str:
    if is_word_for_word:
        return words.count("{n} release says this, word for word.", "{n} releases say this, word for word.", number)
    if number:
        return words.sentences(
            words.say("No release says exactly this."),
            words.say("What comes near follows, and what a release does not say is marked."),
        )
    return words.say("No release here says this.")


def _refused(words: Words, refusal: Refusal) -> str:
    match refusal:
        case Refusal.TOO_SHORT:
            return words.count("Give at least {n} word.", "Give at least {n} words.", FEWEST)
        case Refusal.TOO_LONG:
            return words.say("This is too long: give at most {n} characters.", n=words.number(LONGEST))
        case Refusal.NO_TEXT:
            return words.say("This file is no plain text. Paste the passage instead.")
