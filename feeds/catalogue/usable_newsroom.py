"""Reads the newsroom with which stories are rendered: from its own files, or as it last was where they are broken."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import feeds
from feeds import content
from feeds.catalogue.former_feed_checks import with_former_feeds
from feeds.catalogue.media_search import MediaLocation
from feeds.catalogue.newsroom_pictures import with_pictures
from feeds.catalogue.stale_stories import in_common
from feeds.catalogue.tables import theme_from_json, theme_to_json, vocabulary_from_json, vocabulary_to_json
from feeds.catalogue.theme_assembly import read_theme
from feeds.errors import FeedsError, Success, attempt
from feeds.model.facets import DEFAULT_FACETS
from feeds.model.problems import Problem
from feeds.model.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Style:
    """What entries depend on besides their releases."""

    vocabulary: str
    """As JSON."""
    problems: tuple[Problem, ...]
    mark: str
    """Changes whenever anything in it does."""
    common: str
    """What all stories depend on: changes whenever all have to be rendered again."""


@dataclass(frozen=True, slots=True)
class Look:
    """What only pages depend on."""

    theme: str
    """As JSON."""
    problems: tuple[Problem, ...]


def read_style(folder: Path, base_url: str, media: MediaLocation, last_good: str | None) -> Style:
    """The newsroom to publish: as it last was where its files, or its files of terms, are broken or gone.

    Raises FeedsError if there is none to publish, OSError for errors of the machine.
    """
    vocabulary, found = _read_newsroom(folder)
    if vocabulary:
        vocabulary, unfit = with_pictures(folder, vocabulary, media.store)
        vocabulary, wrong = with_former_feeds(folder, vocabulary, base_url)
        found = (*found, *unfit, *wrong)
    if last_good and (vocabulary is None or any(problem.fatal for problem in found)):
        # A list of terms that cannot be read would hold back every release that names one.
        vocabulary = vocabulary_from_json(last_good)
    elif vocabulary and last_good and (missing := _missing_terms(folder, vocabulary, vocabulary_from_json(last_good))):
        vocabulary, found = vocabulary_from_json(last_good), (*found, *missing)
    if vocabulary and last_good:
        last = vocabulary_from_json(last_good).own_words
        vocabulary = replace(vocabulary, own_words=content.kept_words(folder, vocabulary.own_words, last))
    if vocabulary is None and not (folder / "newsroom.yaml").exists():
        raise FeedsError(f"no newsroom here: {folder / 'newsroom.yaml'} is missing (`feeds init` makes one)")
    if vocabulary is None:
        raise FeedsError("\n".join(["there is no newsroom to publish:", *(f"  {each}" for each in found)]))
    text = vocabulary_to_json(vocabulary)
    return Style(text, found, f"{feeds.__version__} {base_url} {text}", in_common(vocabulary, base_url))


def read_look(folder: Path, media: MediaLocation, last: str | None) -> Look:
    """The theme to use, which is the ``last`` one where its style sheet cannot be used."""
    theme, found = read_theme(folder, media, theme_from_json(last or ""))
    return Look(theme_to_json(theme), found)


def _read_newsroom(folder: Path) -> tuple[Vocabulary | None, tuple[Problem, ...]]:
    """The newsroom and its problems; an error of the program is one of them. Raises OSError for the machine's."""
    found = attempt(lambda: content.read_newsroom(folder))
    if isinstance(found, Success):
        return found.value
    if isinstance(found.error, OSError):
        raise found.error
    advice = "the program is at fault, not you: please report it, with the files in this folder"
    return None, (Problem(folder.name, 0, 0, "", f"cannot be read ({found.reason})", advice),)


def _declares_no_facets(vocabulary: Vocabulary) -> bool:
    """Whether a newsroom most likely declares no facets of its own: it has only usual ones."""
    return all(facet in DEFAULT_FACETS for facet in vocabulary.facets)


def _missing_terms(folder: Path, now: Vocabulary, last: Vocabulary) -> tuple[Problem, ...]:
    """The files of terms that were there and are gone: without one, every release that names its terms would fail."""
    message = "there is no such file: its terms are used as they last were"
    advice = "bring it back; or, if it is meant to go, delete the catalogue and start again"
    usual = last.facets if _declares_no_facets(now) else ()
    facets = {facet.name: facet for facet in (*now.facets, *usual)}
    return tuple(
        Problem(f"{folder.name}/{facet.file}", 0, 0, "", message, advice)
        for facet in facets.values()
        if last.terms.get(facet.name) and not now.terms.get(facet.name) and not (folder / facet.file).exists()
    )
