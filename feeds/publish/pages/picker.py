"""The picker: what somebody chooses from, and the feed that comes of it with every way to take it along."""

from __future__ import annotations

from dataclasses import dataclass, replace

from feeds.addresses import HEADLINES, Directory, Embedding, FeedAddress, Headlines, Outline
from feeds.assets import assets
from feeds.formats import HTML, SYNDICATED
from feeds.i18n import Words
from feeds.model.selection import Selection
from feeds.publish import embed_snippets, picker_query
from feeds.publish.context import Newsdesk
from feeds.publish.pages import feed_readers
from feeds.publish.pages.chart import chart
from feeds.publish.pages.layout import Choice, path
from feeds.render import qr


@dataclass(frozen=True, slots=True)
class Option:
    """A box or button of the form."""

    value: str
    label: str
    chosen: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Taking:
    """A format of the feed and its whole address."""

    name: str
    address: str


def picker(desk: Newsdesk, address: Directory, chosen: picker_query.Chosen) -> dict[str, object]:
    """The names that the picker's part of the page knows."""
    language = address.language
    return {
        "action": path(desk, address),
        "facets": [(each.name, desk.facet_label(each, language), _options(desk, language, chosen.selection, each.name))
                   for each in desk.vocabulary.facets],
        "tongues": [Option(each, Words.of(each).own_name, each == chosen.selection.language)
                    for each in desk.addresses.languages],
        "sought": " ".join(chosen.selection.words),
        "script": desk.addresses.prefix + assets()["picker.js"].path,
        "picker_style": desk.addresses.prefix + assets()["picker.css"].path,
        "understood": chosen.understood,
        **_feed(desk, language, chosen.selection),
        **_embedding(desk, language, chosen.selection),
        "chart": chart(desk, chosen.selection),
    }  # fmt: skip


def _feed(desk: Newsdesk, language: str, selection: Selection) -> dict[str, object]:
    """The feed as it is now, and the ways to subscribe."""
    words = Words.of(language)
    counted = desk.snapshot.counts.of(selection, desk.now)
    feed = FeedAddress(selection)
    atom = desk.addresses.absolute(feed)
    zone = desk.vocabulary.newsroom.time_zone
    return {
        "subject": desk.subject(selection) or Words.of(selection.language).say("All releases"),
        "subject_language": selection.language,
        "releases": counted.releases if counted else 0,
        "newest": words.date(counted.newest, zone) if counted else "",
        "wider": [] if counted else _wider(desk, language, selection),
        "takings": [Taking(form.name, desk.addresses.absolute(feed.as_format(form))) for form in SYNDICATED],
        "page": path(desk, feed.as_format(HTML)),
        "outline": path(desk, Outline(selection.language, selection=selection)),
        "readers": [
            Choice(each.name, feed_readers.link(each, atom)) for each in feed_readers.offered(desk.vocabulary.newsroom)
        ],
        "program": feed_readers.program(atom),
        "code": qr.code(atom),
    }


def _embedding(desk: Newsdesk, language: str, selection: Selection) -> dict[str, object]:
    """The headlines of the same choice for somebody's own site; a frame cannot hold words."""
    same = "" if selection.words else picker_query.query(selection, language)
    return {
        "embed_page": path(desk, Embedding(language)) + same,
        "embed_snippet": embed_snippets.element(desk, selection, HEADLINES),
        "preview": None if selection.words else path(desk, Headlines(selection)),
        "preview_title": embed_snippets.label(desk, selection),
        "preview_height": embed_snippets.frame_height(HEADLINES),
    }


def _options(desk: Newsdesk, language: str, selection: Selection, facet: str) -> list[Option]:
    """The terms worth following, and those chosen; by name, with how many releases each has."""
    counts = desk.snapshot.counts.by_term(selection.language, desk.now)
    chosen = selection.slugs(facet)
    standing = {term.slug for term in desk.vocabulary.current_terms(facet, desk.now)} | set(chosen)
    found = []
    for slug in standing:
        counted = counts.get((facet, slug))
        found.append(
            Option(slug, desk.label(facet, slug, language), slug in chosen, counted.releases if counted else 0)
        )
    return sorted(found, key=lambda option: (option.label, option.value))


def _wider(desk: Newsdesk, language: str, selection: Selection) -> list[Choice]:
    """What would hold something: one thing less, or all of it again in the language that has the most."""
    found = []
    others = [replace(selection, language=other) for other in desk.addresses.languages if other != selection.language]
    for each in (*picker_query.wider(selection), *others):
        counted = desk.snapshot.counts.of(each, desk.now)
        if counted:
            words = Words.of(each.language)
            label = desk.subject(each) or words.say("All releases")
            if each.language != selection.language:
                label = f"{label} – {words.own_name}"
            href = path(desk, Directory(language)) + picker_query.query(each, language)
            found.append(Choice(label, href, count=counted.releases, language=each.language))
    return found
