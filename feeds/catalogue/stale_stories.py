"""Which stories have to be rendered again because the newsroom or its terms have changed."""

from __future__ import annotations

import json
from itertools import chain

import feeds
from feeds.database import Database
from feeds.memory.feed_places import Feed
from feeds.model.vocabulary import Vocabulary


def in_common(vocabulary: Vocabulary, base_url: str) -> str:
    """What every story depends on, whatever its terms are: the text changes whenever any of it does.

    The newsroom's title is in it only where it is the name of the author.
    """
    newsroom = vocabulary.newsroom
    found = {
        "program": feeds.__version__,
        "base_url": base_url,
        "languages": newsroom.languages,
        "time_zone": newsroom.time_zone.key,
        "authority": newsroom.authority,
        "authors": [newsroom.author_in(each).model_dump(mode="json") for each in newsroom.languages],
        "rights": dict(newsroom.rights),
        "license": newsroom.license,
        "facets": [facet.model_dump(mode="json") for facet in newsroom.facets],
        "words": vocabulary.own_words,
    }
    return json.dumps(found, ensure_ascii=False, sort_keys=True)


def stale_stories(database: Database, before: Vocabulary, now: Vocabulary) -> frozenset[str] | None:
    """The stories that have to be rendered again after terms have changed; None if that may be any story.

    These are the stories of a changed term, and all with a problem: a term that they name may be known now, or be a
    better guess. What `in_common` gives must be the same before and now.
    """
    changed = _changed_terms(before, now)
    if changed is None:
        return None
    wrong = database.execute("SELECT DISTINCT p.story FROM problems p JOIN files f ON f.path = p.story")
    of_terms = (
        database.execute(
            "SELECT DISTINCT r.story FROM tags t JOIN releases r ON r.key = t.release WHERE t.facet = ? AND t.slug = ?",
            term,
        )
        for term in sorted(changed)
    )
    return frozenset(story for (story,) in chain(wrong, *of_terms))


def _changed_terms(before: Vocabulary, now: Vocabulary) -> set[Feed] | None:
    """The terms that have changed, by their former slugs. None if a name of a term is gone.

    Any text may link to the feed of that term, and nobody knows which texts do.
    """
    changed: set[Feed] = set()
    for facet in before.facet_names:
        known, names = before.slugs[facet], now.slugs[facet]
        if not known.keys() <= names.keys():
            return None
        changed |= {(facet, slug) for name, slug in known.items() if names[name] != slug}
        terms = {term.slug: term for term in now.terms.get(facet, ())}
        changed |= {(facet, term.slug) for term in before.terms.get(facet, ()) if terms.get(term.slug) != term}
    return changed
