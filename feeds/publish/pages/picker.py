"""The picker: what somebody chooses from, and the feed that comes of it with every way to take it along."""

from __future__ import annotations

from dataclasses import dataclass, replace

from feeds.addresses import HEADLINES, Directory, Embedding, FeedAddress, Headlines, Outline
from feeds.assets import assets
from feeds.formats import HTML, SYNDICATED
from feeds.i18n import Words
from feeds.model.selection import Selection
from feeds.publish import embed_snippets, picker_query, titles
from feeds.publish.context import Context
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


def picker(context: Context, address: Directory, chosen: picker_query.Chosen) -> dict[str, object]:
    """The names that the picker's part of the page knows."""
    language = address.language
    return {
        "action": path(context, address),
        "facets": [
            (facet.name, titles.facet_label(facet, language), _options(context, language, chosen.selection, facet.name))
            for facet in context.vocabulary.facets
        ],
        "tongues": [Option(each, Words.of(each).own_name, each == chosen.selection.language)
                    for each in context.addresses.languages],
        "sought": " ".join(chosen.selection.words),
        "script": context.addresses.prefix + assets()["picker.js"].path,
        "picker_style": context.addresses.prefix + assets()["picker.css"].path,
        "understood": chosen.understood,
        **_feed(context, language, chosen.selection),
        **_embedding(context, language, chosen.selection),
        "chart": chart(context, chosen.selection),
    }  # fmt: skip


def _feed(context: Context, language: str, selection: Selection) -> dict[str, object]:
    """The feed as it is now, and the ways to subscribe."""
    words = Words.of(language)
    counted = context.snapshot.counts.of(selection, context.now)
    feed = FeedAddress(selection)
    atom = context.addresses.absolute(feed)
    zone = context.vocabulary.newsroom.time_zone
    return {
        "subject": titles.subject(context, selection) or Words.of(selection.language).say("All releases"),
        "subject_language": selection.language,
        "releases": counted.releases if counted else 0,
        "newest": words.date(counted.newest, zone) if counted else "",
        "wider": [] if counted else _wider(context, language, selection),
        "takings": [Taking(form.name, context.addresses.absolute(feed.as_format(form))) for form in SYNDICATED],
        "page": path(context, feed.as_format(HTML)),
        "outline": path(context, Outline(selection.language, selection=selection)),
        "readers": [
            Choice(each.name, feed_readers.link(each, atom))
            for each in feed_readers.offered(context.vocabulary.newsroom)
        ],
        "program": feed_readers.program(atom),
        "code": qr.code(atom),
    }


def _embedding(context: Context, language: str, selection: Selection) -> dict[str, object]:
    """The headlines of the same choice for somebody's own site; a frame cannot hold words."""
    same = "" if selection.words else picker_query.query(selection, language)
    return {
        "embed_page": path(context, Embedding(language)) + same,
        "embed_snippet": embed_snippets.element(context, selection, HEADLINES),
        "preview": None if selection.words else path(context, Headlines(selection)),
        "preview_title": embed_snippets.label(context, selection),
        "preview_height": embed_snippets.frame_height(HEADLINES),
    }


def _options(context: Context, language: str, selection: Selection, facet: str) -> list[Option]:
    """The terms worth following, and those chosen; by name, with how many releases each has."""
    counts = context.snapshot.counts.by_term(selection.language, context.now)
    chosen = selection.slugs(facet)
    standing = {term.slug for term in context.vocabulary.current_terms(facet, context.now)} | set(chosen)
    found = []
    for slug in standing:
        counted = counts.get((facet, slug))
        found.append(
            Option(
                slug,
                titles.term_label(context, facet, slug, language),
                slug in chosen,
                counted.releases if counted else 0,
            )
        )
    return sorted(found, key=lambda option: (option.label, option.value))


def _wider(context: Context, language: str, selection: Selection) -> list[Choice]:
    """What would hold something: one thing less, or all of it again in the language that has the most."""
    found = []
    others = [
        replace(selection, language=other) for other in context.addresses.languages if other != selection.language
    ]
    for each in (*picker_query.wider(selection), *others):
        counted = context.snapshot.counts.of(each, context.now)
        if counted:
            words = Words.of(each.language)
            label = titles.subject(context, each) or words.say("All releases")
            if each.language != selection.language:
                label = f"{label} – {words.own_name}"
            href = path(context, Directory(language)) + picker_query.query(each, language)
            found.append(Choice(label, href, count=counted.releases, language=each.language))
    return found
