"""The titles of feeds and the labels of terms and facets, in each language."""

from __future__ import annotations

from feeds.i18n import in_language, tags_read
from feeds.model.facets import Facet
from feeds.model.selection import Selection, Terms, in_order
from feeds.publish.context import Context


def newsroom_title(context: Context, language: str) -> str:
    """The newsroom's title, with a mark in a preview."""
    title = in_language(context.vocabulary.newsroom.title, language)
    return f"{context.preview} – {title}" if context.preview else title


def feed_title(context: Context, selection: Selection) -> str:
    """The title of a feed: the newsroom's title and the subject."""
    about = subject(context, selection)
    name = newsroom_title(context, selection.language)
    return f"{name} – {about}" if about else name


def subject(context: Context, selection: Selection) -> str:
    """What a selection holds, in words: ``France or Spain, Public transport``. Empty for all releases in a language."""
    words = context.words(selection.language)
    parts = [words.any_of(labels) for labels in _labels(context, selection.terms, selection.language)]
    if selection.corrections:
        parts.append(words.say("Corrections and withdrawals"))
    if selection.words:
        parts.append(words.say("“{words}”", words=" ".join(selection.words)))
    about = words.listed(parts)
    if selection.without:
        left_out = [label for labels in _labels(context, selection.without, selection.language) for label in labels]
        about = about or words.say("All releases")
        about = words.say("{subject}, without {terms}", subject=about, terms=words.none_of(left_out))
    if not selection.in_all_languages:
        return about
    if not about:
        return words.say("All releases, in all languages")
    return words.say("{subject}, in all languages", subject=about)


def description(context: Context, selection: Selection) -> str:
    """The newsroom's subtitle; where the selection leaves something out, after its subject."""
    subtitle = in_language(context.vocabulary.newsroom.subtitle, selection.language)
    if not selection.without:
        return subtitle
    words = context.words(selection.language)
    return words.say("{subject}: {detail}", subject=subject(context, selection), detail=subtitle)


def _labels(context: Context, terms: Terms, language: str) -> list[list[str]]:
    """The labels of terms, facet by facet in the newsroom's order."""
    ordered = in_order(terms, context.vocabulary.facet_names)
    return [[term_label(context, facet, slug, language) for slug in slugs] for facet, slugs in ordered]


def subject_or_all(context: Context, selection: Selection) -> str:
    """What a selection holds, in words, or that it is all releases."""
    return subject(context, selection) or context.words(selection.language).say("All releases")


def named(context: Context, selection: Selection, language: str) -> str:
    """The subject of a selection on a page in ``language``: with the selection's language if that is another one."""
    about, words = subject_or_all(context, selection), context.words(selection.language)
    if selection.language == language:
        return about
    return words.say("{feed} ({language})", feed=about, language=words.own_name)


def term_label(context: Context, facet: str, slug: str, language: str) -> str:
    """The label of a term; its slug if the newsroom no longer has the term."""
    vocabulary = context.vocabulary
    if label := vocabulary.labels(language).get((facet, slug)):
        return label
    term = vocabulary.term(facet, slug)  # by an alias
    return term.label(language) if term else slug


def facet_label(context: Context, facet: Facet, language: str) -> str:
    """The label of a facet: the newsroom's own, else the product's translation."""
    labels = facet.labels or {}
    if any(tag in labels for tag in tags_read(language)) or (labels and "en" not in labels):
        return in_language(labels, language)
    return context.words(language).translated(facet.english_label)
