"""Conflicts between releases: two that claim one id or address, two of one moment, links that lead nowhere."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from itertools import groupby

from feeds.catalogue import change_log, mentions, problem_rows
from feeds.catalogue.releases import EDITIONS
from feeds.database import Database, moment
from feeds.model.problems import Problem

_MANY = 1_000
"""Stories or moments; for more, all releases are looked through."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What a compile has written, in a catalogue whose conflicts were settled before."""

    stories: Collection[str]
    dates: Collection[int]
    """The dates of the releases that these stories had before."""
    mentions: mentions.Affected | None
    """The mentions that the change affects, as found before it was written; None for all of them."""


@dataclass(frozen=True, slots=True)
class _Claims:
    """Where there may be conflicts: what those releases claim that have changed, or were in a conflict before."""

    ids: frozenset[tuple[str]]
    addresses: frozenset[tuple[str, str]]
    moments: frozenset[int]
    languages: frozenset[str]
    """All in which there are releases."""


def settle(database: Database, folder: str, changed: Changed | None) -> frozenset[int]:
    """Settles all conflicts: of two releases that claim one id or address, the first published keeps it.

    The other one is hidden, and a problem names it. Only what has ``changed`` and what was in conflict is looked at;
    None looks at all. The outcome is the same either way, so it never depends on the order of changes. Returns the keys
    of the releases that are hidden now and were not before, or the other way round.
    """
    before = _shadowed(database)
    claims = None if changed is None else _claims(database, folder, changed)
    database.execute("UPDATE releases SET shadowed = FALSE WHERE shadowed")
    found = [
        *_clashes(database, folder, "id", "id", None if claims is None else claims.ids),
        *_clashes(database, folder, "address", "language, path", None if claims is None else claims.addresses),
        *_same_moment(database, folder, claims),
        *_leading_nowhere(database, folder),
    ]
    flipped = frozenset(before ^ _shadowed(database))
    mentioned = changed.mentions if changed and len(flipped) <= _MANY else None
    mentioned = mentioned and mentions.affected_now(database, mentioned, flipped)
    last = problem_rows.of_story(database, problem_rows.CONFLICTS)
    found += mentions.leading_nowhere(database, mentioned, last)
    if sorted(found) != list(last):
        problem_rows.replace(database, problem_rows.CONFLICTS, sorted(found))
    change_log.note_releases(database, flipped)
    return flipped


def _claims(database: Database, folder: str, changed: Changed) -> _Claims | None:
    """Where there may be conflicts after a change; None if that is too much to be looked up.

    A new conflict has a changed release in it, or one that was hidden until now. An old conflict has hidden a release,
    or is a problem of two releases with one date. That date is the one that a story named there has now, or one that a
    changed story had before.
    """
    query = "SELECT id, language, path, published FROM releases WHERE"
    last = problem_rows.of_story(database, problem_rows.CONFLICTS)
    named = {each.file.removeprefix(f"{folder}/") for each in last if each.path == "published"}
    if len(changed.stories) + len(named) > _MANY:
        return None
    claiming = database.execute(f"{query} shadowed").fetchall()
    for story in changed.stories:
        claiming += database.execute(f"{query} story = ?", (story,)).fetchall()
    moments = {published for *_, published in claiming} | set(changed.dates)
    for story in named:
        moments.update(each for *_, each in database.execute(f"{query} story = ?", (story,)))
    if len(claiming) > _MANY or len(moments) > _MANY:
        return None
    counted = {language for (language,) in database.execute("SELECT DISTINCT language FROM bitmaps")}
    return _Claims(
        frozenset((id_,) for id_, *_ in claiming),
        frozenset((language, path) for _, language, path, _ in claiming),
        frozenset(moments),
        frozenset(language for _, language, *_ in claiming) | counted,
    )


def _shadowed(database: Database) -> set[int]:
    # Without INDEXED BY SQLite takes another index, and reads all releases.
    query = "SELECT key FROM releases INDEXED BY releases_shadowed WHERE shadowed"
    return {key for (key,) in database.execute(query)}


def _clashes(
    database: Database, folder: str, what: str, columns: str, claimed: Iterable[tuple[str, ...]] | None
) -> Iterator[Problem]:
    where = " AND ".join(f"{column} = ?" for column in columns.split(", "))
    several = "SELECT {0} FROM releases WHERE NOT shadowed{1} GROUP BY {0} HAVING COUNT(*) > 1"
    if claimed is None:
        groups = database.execute(several.format(columns, "")).fetchall()
    else:
        one = several.format(columns, f" AND {where}")
        groups = [group for each in sorted(claimed) for group in database.execute(one, each)]
    for group in groups:
        rows = database.execute(
            # A draft is shown to nobody, so it takes nothing from another release. What is still to come takes nothing
            # from what is there: the first one published stays.
            f"SELECT key, story FROM releases r WHERE NOT shadowed AND {where} ORDER BY"
            " NOT EXISTS (SELECT 1 FROM editions e WHERE e.release = r.key), published, story, key",
            group,
        ).fetchall()
        (_, first), *others = rows
        for key, story in others:
            database.execute("UPDATE releases SET shadowed = TRUE WHERE key = ?", (key,))
            message = f"the {what} “{'/'.join(group)}” belongs to {folder}/{first} already"
            yield Problem(f"{folder}/{story}", 0, 0, "slug", message, "give this release a slug of its own")


def _same_moment(database: Database, folder: str, claims: _Claims | None) -> Iterator[Problem]:
    """Two releases of one language published at one moment: nobody can say which of them is newer.

    The same goes for two originals in different languages, which stand together in feeds of all languages.
    """
    if claims and not claims.moments:
        return
    languages = sorted(claims.languages) if claims else []
    then = spoken = ""
    if claims:
        then = f" AND published IN ({', '.join(map(str, sorted(claims.moments)))})"
        spoken = f" AND language IN ({', '.join('?' * len(languages))})"
    # The moments are found by reading an index alone; only then are the releases looked up.
    shared = "SELECT {} FROM releases INDEXED BY {} WHERE NOT shadowed{} GROUP BY {} HAVING COUNT(*) > 1"
    in_one_language = shared.format("language, published", "releases_by_date", f"{spoken}{then}", "language, published")
    of_originals = shared.format("published", "originals_by_date", f" AND original{then}", "published")
    pairs = database.execute(
        "SELECT DISTINCT first, last, published FROM ("
        f"SELECT MIN(story) AS first, MAX(story) AS last, published FROM ({in_one_language}) AS shared"
        " JOIN releases USING (language, published) WHERE NOT shadowed GROUP BY language, published"
        f" UNION ALL SELECT MIN(story), MAX(story), published FROM ({of_originals}) AS shared"
        " JOIN releases USING (published) WHERE NOT shadowed AND original"
        " GROUP BY published HAVING COUNT(DISTINCT language) > 1) AS pairs ORDER BY published, first, last",
        languages,
    )
    for first, last, published in pairs:
        day = moment(published).astimezone(UTC)
        message = f"published at the same moment as {folder}/{first}"
        advice = f"give the newer one a later time, for example one second more than {day:%Y-%m-%dT%H:%M:%SZ}"
        yield Problem(f"{folder}/{last}", 0, 0, "published", message, advice, fatal=False)


def _leading_nowhere(database: Database, folder: str) -> Iterator[Problem]:
    """Notices of withdrawal whose link leads to no page in their language at the moment of the withdrawal."""
    withdrawn = database.execute(
        f"SELECT r.story, r.language, e.since, r.model FROM {EDITIONS} WHERE e.withdrawn AND NOT r.shadowed"
    ).fetchall()
    rows = set()
    for story, language, since, model in withdrawn:
        path = json.loads(database.unpack(model))["withdrawn"].get("replacement")
        if path and "://" not in path and not _is_there(database, language, path, since):
            rows.add((story, path, language))
    advice = "publish that one first, or write the whole address of what to read instead"
    for (story, path), found in groupby(sorted(rows), key=lambda row: row[:2]):
        languages = ", ".join(language for _, _, language in found)
        message = f"{path} is not there in {languages} at the time of the withdrawal: the notice leads nowhere"
        yield Problem(f"{folder}/{story}", 0, 0, "withdrawn.replacement", message, advice, fatal=False)


def _is_there(database: Database, language: str, path: str, at: int) -> bool:
    """Whether a path leads to a release that is not withdrawn, at a time."""
    values = {"language": language, "path": path, "at": at}
    stands = "e.since <= :at AND e.until > :at AND NOT e.withdrawn"
    for release in (
        "releases o JOIN editions e ON e.release = o.key WHERE NOT o.shadowed AND",
        "aliases o JOIN editions e ON e.release = o.release WHERE",
    ):
        query = f"SELECT 1 FROM {release} o.language = :language AND o.path = :path AND {stands} LIMIT 1"
        if database.execute(query, values).fetchone():
            return True
    return False
