"""Releases that readers may see: by address, by edition, before and after one another, and the newest."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from feeds.catalogue import fulltext
from feeds.catalogue.errors import readable
from feeds.database import Database, micros, moment
from feeds.model.release import Release
from feeds.model.selection import Selection
from feeds.render.feed_values import Entry
from feeds.render.stored_entry import entry_from_json

EDITIONS = "releases r JOIN editions e ON e.release = r.key"
"""Each release r with each of its editions e."""

BY_KEY = "releases r INDEXED BY releases_by_key"
"""Each release r by its key, for questions about many: the index alone has all that they ask for."""

CHANGED = "CASE WHEN r.changed > e.since THEN r.changed ELSE e.since END"
"""When the bytes that readers get of a release r in its edition e last changed."""

VISIBLE = "NOT r.shadowed AND e.since <= :now AND e.until > :now"
"""The condition for readers to see a release r in its edition e at a time. All questions of readers share it."""

_NOT_WITHDRAWN = f"{VISIBLE} AND NOT e.withdrawn"
_DIRECTIONS = (("<", "DESC"), (">", "ASC"))


@dataclass(frozen=True, slots=True)
class VisibleRelease:
    """A release that may be seen: its model, and its entry as it stands now."""

    edition: int
    """Its key in this state of the catalogue."""
    release: Release
    entry: Entry
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class ListedRelease:
    """What the news sitemap says of a release: its address, title and date."""

    language: str
    path: str
    title: str
    published: datetime


@dataclass(frozen=True, slots=True)
class VisibleEdition:
    """A visible release, with all that documents that show it depend on."""

    edition: int
    language: str
    path: str
    id: str
    withdrawn: bool
    corrected: bool
    terms: str
    """``country/mn topic/labour``, sorted: see `terms_of`."""
    published: datetime
    fingerprint: str
    """Changes whenever the bytes of a document that shows the release may change."""


def in_selection(
    database: Database, selection: Selection, *, few: bool = False, part: bool = False
) -> tuple[str, dict[str, str]]:
    """The condition for a release r to be in a selection, and its values. It says nothing of corrections.

    ``few`` is for a question about a few releases: their terms are looked up, not all the releases of the terms.
    ``part`` is for one about releases with keys from ``low`` to ``high``: no others are looked for.
    """
    where, values = in_terms(database, selection, few=few, part=part)
    if selection.in_all_languages:
        return f"r.original AND {where}", values
    return f"r.language = :language AND {where}", {"language": selection.language, **values}


def in_terms(
    database: Database, selection: Selection, *, few: bool = False, part: bool = False
) -> tuple[str, dict[str, str]]:
    """The same in any language."""
    where = ["TRUE"]
    only = f" AND {fulltext.PART.format(key='release')}" if part else ""
    values: dict[str, str] = {}
    for at, (facet, slugs) in enumerate(selection.terms):
        names = [f"slug{at}_{number}" for number in range(len(slugs))]
        values |= {f"facet{at}": str(facet), **dict(zip(names, slugs, strict=True))}
        marks = ", ".join(f":{name}" for name in names)
        tags = f"FROM tags WHERE facet = :facet{at} AND slug IN ({marks}){only}"
        where.append(f"EXISTS (SELECT 1 {tags} AND release = r.key)" if few else f"r.key IN (SELECT release {tags})")
    for at, (facet, slugs) in enumerate(selection.without):
        names = [f"left_out{at}_{number}" for number in range(len(slugs))]
        values |= {f"without{at}": facet, **dict(zip(names, slugs, strict=True))}
        marks = ", ".join(f":{name}" for name in names)
        tags = f"FROM tags WHERE facet = :without{at} AND slug IN ({marks}){only}"
        where.append(
            f"NOT EXISTS (SELECT 1 {tags} AND release = r.key)" if few else f"r.key NOT IN (SELECT release {tags})"
        )
    if selection.words:
        has_words, sought = fulltext.condition(database, selection.words, part=part)
        where.append(has_words)
        values |= sought
    return " AND ".join(where), values


def visible_in(
    database: Database, selection: Selection, *, few: bool = False, part: bool = False
) -> tuple[str, dict[str, str]]:
    """The condition for a release r and its edition e to be seen in a selection, and its values."""
    where, values = in_selection(database, selection, few=few, part=part)
    where += f" AND {VISIBLE}"
    where += " AND (e.corrected OR e.withdrawn)" if selection.corrections else ""
    return where + (" AND NOT e.withdrawn" if selection.words else ""), values


NEWEST_FIRST = "ORDER BY r.published DESC, r.id DESC"


def dated(selection: Selection) -> str:
    """Each release r of a selection's language by its date."""
    return f"releases r INDEXED BY {'originals_by_date' if selection.in_all_languages else 'releases_by_date'}"


def by_date(selection: Selection) -> str:
    """The same with its editions e, read only as far as rows are asked for."""
    return f"{dated(selection)} CROSS JOIN editions e ON e.release = r.key"


@dataclass(frozen=True, slots=True)
class Releases:
    """Questions about releases that readers may see."""

    _database: Database

    def of(self, editions: Sequence[int]) -> tuple[VisibleRelease, ...]:
        """The releases behind editions, in the order asked for. Raises CatalogueError if one cannot be read."""
        return self._read(editions)

    def shown(self, editions: Sequence[int]) -> None:
        """Does nothing, but tells a recorder of questions that a document shows these releases, whose text was kept."""

    def _read(self, editions: Sequence[int]) -> tuple[VisibleRelease, ...]:
        marks = ",".join("?" * len(editions))
        rows = self._database.execute(
            f"SELECT e.key, r.model, n.entry, e.withdrawn FROM {EDITIONS} JOIN entries n ON n.edition = e.key"
            f" WHERE e.key IN ({marks})",
            editions,
        )
        unpack = self._database.unpack
        with readable("a release"):
            found = {
                key: VisibleRelease(key, _release(unpack(model)), entry_from_json(unpack(entry)), bool(withdrawn))
                for key, model, entry, withdrawn in rows
            }
            return tuple(found[edition] for edition in editions)

    def at(self, language: str, path: str, now: datetime) -> VisibleRelease | None:
        """The release at an address (2021/its-slug); None if there is none that may be seen."""
        row = self._database.execute(
            f"SELECT e.key FROM {EDITIONS} WHERE r.language = :language AND r.path = :path AND {VISIBLE}",
            {"language": language, "path": path, "now": micros(now)},
        ).fetchone()
        return self.of(row)[0] if row else None

    def pinned(self, selection: Selection, now: datetime) -> int | None:
        """The edition that an editor has made the first story of a language; None if there is none.

        Of several, that of the newest release. Withdrawn ones do not count.
        """
        row = self._database.execute(
            "SELECT e.key FROM releases r INDEXED BY releases_pinned CROSS JOIN editions e ON e.release = r.key"
            f" WHERE r.pinned > :now AND r.language = :language AND {_NOT_WITHDRAWN} {NEWEST_FIRST} LIMIT 1",
            {"language": selection.language, "now": micros(now)},
        ).fetchone()
        return row[0] if row else None

    def untranslated(
        self, selection: Selection, languages: Sequence[str], now: datetime, since: datetime | None, most: int
    ) -> tuple[VisibleRelease, ...]:
        """The newest releases of a selection that exist in other languages only; withdrawn ones do not count.

        Each stands once, in the first of the newsroom's ``languages`` that it has. ``since`` leaves older ones out.
        """
        where, values = in_terms(self._database, selection)
        bound = {**values, "now": micros(now), "since": micros(since) if since else 0, "most": most}
        found: list[tuple[int, str, int]] = []
        for number, language in enumerate(languages):
            if language == selection.language:
                continue
            # Leaves out releases with a translation into the selection's language, or into one that comes before.
            others = {f"no{at}": f'%"{each}":%' for at, each in enumerate((selection.language, *languages[:number]))}
            lacks = " AND ".join(f"e.translations NOT LIKE :{name}" for name in others)
            corrected = " AND e.corrected" if selection.corrections else ""
            found += self._database.execute(
                f"SELECT r.published, r.id, e.key FROM {EDITIONS} WHERE r.language = :language AND {where}"
                f" AND r.published >= :since AND {_NOT_WITHDRAWN}{corrected} AND {lacks}"
                " ORDER BY r.published DESC, r.id DESC LIMIT :most",
                {**bound, **others, "language": language},
            ).fetchall()
        return self.of([edition for _, _, edition in sorted(found, reverse=True)[:most]])

    def moved_to(self, language: str, path: str, now: datetime) -> str | None:
        """The path that a former path of a release leads to; None if there is no such release to be seen."""
        row = self._database.execute(
            f"SELECT r.path FROM {EDITIONS} JOIN aliases a ON a.release = r.key"
            f" WHERE a.language = :language AND a.path = :path AND {VISIBLE} ORDER BY r.story, r.key",
            {"language": language, "path": path, "now": micros(now)},
        ).fetchone()
        return row[0] if row else None

    def formerly_at(self, path: str, now: datetime) -> tuple[str, str] | None:
        """Language and path of the release to which a path of another program leads; None if there is none to be seen.

        A slash at the end does not count.
        """
        row = self._database.execute(
            f"SELECT r.language, r.path FROM {EDITIONS} JOIN aliases a ON a.release = r.key"
            f" WHERE a.path IN (:path, :other) AND {VISIBLE} ORDER BY a.path <> :path, r.story, r.key",
            {"path": path, "other": path[:-1] if path.endswith("/") else f"{path}/", "now": micros(now)},
        ).fetchone()
        return (row[0], row[1]) if row else None

    def neighbours(self, release: Release, now: datetime) -> tuple[VisibleRelease | None, VisibleRelease | None]:
        """The releases published just before and just after one, in its language; withdrawn ones are passed over."""
        found = self._around("e.key", release.language, micros(release.published), release.id, now)
        earlier, later = (None if edition is None else self.of([edition])[0] for edition in found)
        return earlier, later

    def neighbour_marks(self, release: Release, now: datetime) -> tuple[int, ...]:
        """The marks of the same releases. A mark is the fingerprint of a release's id."""
        found = self._around("r.mark", release.language, micros(release.published), release.id, now)
        return tuple(each for each in found if each is not None)

    def beside(self, marks: Iterable[int], now: datetime) -> frozenset[int]:
        """The marks of the releases that have one of these as a neighbour, or would if it were not withdrawn."""
        found: set[int] = set()
        for mark in marks:
            rows = self._database.execute(
                f"SELECT r.language, r.published, r.id FROM {EDITIONS} WHERE r.mark = :mark AND {VISIBLE}",
                {"mark": mark, "now": micros(now)},
            )
            for language, published, id_ in rows.fetchall():
                for than, order in _DIRECTIONS:
                    found.update(self._up_to_a_neighbour(language, published, id_, now, than, order))
        return frozenset(found)

    def _up_to_a_neighbour(
        self, language: str, published: int, id_: str, now: datetime, than: str, order: str
    ) -> Iterator[int]:
        """The marks of releases in one direction: withdrawn ones, which are passed over, up to the first other one."""
        rows = self._database.execute(
            f"SELECT r.mark, e.withdrawn FROM {EDITIONS} WHERE r.language = :language"
            f" AND (r.published, r.id) {than} (:published, :id) AND {VISIBLE}"
            f" ORDER BY r.published {order}, r.id {order}",
            {"language": language, "id": id_, "published": published, "now": micros(now)},
        )
        for mark, withdrawn in rows:
            yield mark
            if not withdrawn:
                return

    def _around(
        self, column: str, language: str, published: int, id_: str, now: datetime
    ) -> tuple[int | None, int | None]:
        """A column of the releases before and after a place in the order of publication; None where there is none."""
        values = {"language": language, "id": id_, "published": published, "now": micros(now)}
        before, after = (
            self._database.execute(
                f"SELECT {column} FROM {EDITIONS} WHERE r.language = :language"
                f" AND (r.published, r.id) {than} (:published, :id) AND {_NOT_WITHDRAWN}"
                f" ORDER BY r.published {order}, r.id {order} LIMIT 1",
                values,
            ).fetchone()
            for than, order in _DIRECTIONS
        )
        return (before[0] if before else None, after[0] if after else None)

    def listed(self, languages: Iterable[str], now: datetime, after: datetime) -> list[ListedRelease]:
        """The releases published after a time, the oldest first; no withdrawn ones, and none of another site."""
        found = [
            row
            for language in languages  # the index of dates begins with it
            for row in self._database.execute(
                f"SELECT r.published, r.id, r.language, r.path, r.title FROM {EDITIONS}"
                f" WHERE r.language = :language AND r.published > :after AND {_NOT_WITHDRAWN} AND r.url IS NULL",
                {"language": language, "now": micros(now), "after": micros(after)},
            )
        ]
        return [
            ListedRelease(language, path, title, moment(published))
            for published, _, language, path, title in sorted(found)
        ]

    def oldest_after(self, languages: Iterable[str], now: datetime, after: datetime) -> datetime | None:
        """The date of the oldest release that `listed` gives after a time; None if it gives none."""
        found = [
            # Language by language: the index of dates begins with it.
            self._database.execute(
                f"SELECT MIN(r.published) FROM {EDITIONS} WHERE r.language = :language AND r.published > :after"
                f" AND {_NOT_WITHDRAWN} AND r.url IS NULL",
                {"language": language, "now": micros(now), "after": micros(after)},
            ).fetchone()[0]
            for language in languages
        ]
        return min((moment(each) for each in found if each is not None), default=None)

    def paths(self, language: str, now: datetime) -> list[str]:
        """The path of every release in a language, the notices of withdrawn ones included, the oldest first."""
        rows = self._database.execute(
            f"SELECT r.path FROM {EDITIONS} WHERE r.language = :language AND {VISIBLE} ORDER BY r.published, r.id",
            {"language": language, "now": micros(now)},
        )
        return [path for (path,) in rows]

    def paths_without_picture(self, language: str, now: datetime) -> list[str]:
        """The path of every release in a language that has no picture, without withdrawn ones, the oldest first."""
        rows = self._database.execute(
            f"SELECT r.path FROM {EDITIONS} WHERE r.language = :language AND NOT r.pictured AND {_NOT_WITHDRAWN}"
            " ORDER BY r.published, r.id",
            {"language": language, "now": micros(now)},
        )
        return [path for (path,) in rows]

    def former_paths(self, now: datetime) -> list[tuple[str, str, str]]:
        """Language, former path and present path of every release that has moved, the ones that count first.

        A former path of another program begins with a slash, and holds in every language.
        """
        rows = self._database.execute(
            # The aliases first: most newsrooms have few.
            "SELECT r.language, a.path, r.path FROM aliases a CROSS JOIN releases r ON r.key = a.release"
            f" CROSS JOIN editions e ON e.release = r.key WHERE {VISIBLE} ORDER BY r.story, r.key, a.path",
            {"now": micros(now)},
        )
        return rows.fetchall()

    def addresses(self, now: datetime) -> list[tuple[str, str]]:
        """Language and path of every release, by language, the oldest first."""
        rows = self._database.execute(
            f"SELECT r.language, r.path FROM {EDITIONS} WHERE {VISIBLE} ORDER BY r.language, r.published, r.id",
            {"now": micros(now)},
        )
        return rows.fetchall()

    def told_between(self, one: datetime, other: datetime) -> list[tuple[str, str]]:
        """Language and path of the releases that have taken a place in feeds between two times, in either order."""
        start, end = sorted((micros(one), micros(other)))
        rows = self._database.execute(
            "SELECT DISTINCT r.language, r.path FROM numbered n JOIN releases r ON r.mark = n.mark"
            " WHERE n.moment > :start AND n.moment <= :end",
            {"start": start, "end": end},
        )
        return rows.fetchall()

    def editions(self, now: datetime, pages: Collection[tuple[str, str]] | None = None) -> list[VisibleEdition]:
        """Every release with its edition, by language, the oldest first; or those at these languages and paths."""
        values: dict[str, int | str] = {"now": micros(now)}
        if pages is None:
            return self._editions("TRUE", "TRUE", values)
        where = "r.language = :language AND r.path = :path"
        marks = f"mark IN (SELECT r.mark FROM releases r WHERE {where})"
        return [
            each
            for language, path in sorted(pages)
            for each in self._editions(where, marks, {**values, "language": language, "path": path})
        ]

    def _editions(self, where: str, marks: str, values: dict[str, int | str]) -> list[VisibleEdition]:
        """The releases r that fulfil a condition; ``marks`` is the same condition for their places."""
        places: dict[int, list[tuple[str, int, int]]] = {}
        rows = self._database.execute(
            f"SELECT mark, language, number, moment FROM numbered WHERE moment <= :now AND {marks}", values
        )
        for mark, *place in rows:
            places.setdefault(mark, []).append(tuple(place))
        found = self._database.execute(
            "SELECT e.key, r.language, r.path, r.id, e.withdrawn, e.corrected,"
            " COALESCE((SELECT group_concat(facet || '/' || slug, ' ') FROM tags WHERE release = r.key), ''),"
            f" r.published, r.mark, r.model, e.digest, e.translations, e.updated FROM {EDITIONS}"
            f" WHERE {where} AND {VISIBLE}"
            " ORDER BY r.language, r.published, r.id",
            values,
        )
        return [
            VisibleEdition(
                *(edition, language, path, id_, bool(withdrawn), bool(corrected), " ".join(sorted(terms.split()))),
                moment(date),
                _fingerprint(model, digest, (*more, sorted(places.get(mark, ())))),
            )
            for edition, language, path, id_, withdrawn, corrected, terms, date, mark, model, digest, *more in found
        ]

    def digests(self, now: datetime, pages: Iterable[tuple[str, str]] | None = None) -> dict[tuple[str, str], bytes]:
        """By language and path: a digest of what a release says at ``now``, its text, picture, files and notices.

        For these ``pages``, or for all. Releases that live on another site are left out.
        """
        query = (
            f"SELECT r.language, r.path, n.entry FROM {EDITIONS} JOIN entries n ON n.edition = e.key"
            f" WHERE {VISIBLE} AND r.url IS NULL"
        )
        values: list[dict[str, int | str]] = [{"now": micros(now)}]
        if pages is not None:
            query += " AND r.language = :language AND r.path = :path"
            values = [{"now": micros(now), "language": language, "path": path} for language, path in sorted(pages)]
        with readable("a release"):
            return {
                (language, path): hashlib.blake2b(self._database.unpack(entry), digest_size=16).digest()
                for each in values
                for language, path, entry in self._database.execute(query, each)
            }

    def newest_until(self, languages: Iterable[str], now: datetime, until: datetime) -> datetime | None:
        """The date of the newest release that is not newer than ``until``; withdrawn ones do not count."""
        found = [
            self._database.execute(
                f"SELECT r.published FROM {EDITIONS} WHERE r.language = :language AND r.published <= :until"
                f" AND {_NOT_WITHDRAWN} ORDER BY r.published DESC LIMIT 1",
                {"language": language, "now": micros(now), "until": micros(until)},
            ).fetchone()
            for language in languages
        ]
        return max((moment(row[0]) for row in found if row), default=None)


def terms_of(text: str) -> tuple[tuple[str, str], ...]:
    """Facet and slug of each term of a `VisibleEdition`.

    >>> terms_of("country/mn topic/labour")
    (('country', 'mn'), ('topic', 'labour'))
    """
    pairs = (term.partition("/") for term in text.split())
    return tuple((facet, slug) for facet, _, slug in pairs)


def _fingerprint(model: bytes, digest: bytes, more: object) -> str:
    return hashlib.blake2b(b"\n".join((model, digest, repr(more).encode())), digest_size=8).hexdigest()


@lru_cache(maxsize=1_024)
def _release(model: bytes) -> Release:
    return Release.model_validate_json(model)
