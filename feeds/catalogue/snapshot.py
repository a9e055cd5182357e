"""What may be seen at a given time: the catalogue's answers, each request over one snapshot."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from feeds.catalogue import counts, paging, public_problems, reports, write
from feeds.catalogue.announced_until import SEEN_UNTIL
from feeds.catalogue.counts import Counted, Inventory
from feeds.catalogue.paging import Page
from feeds.catalogue.tables import CURRENT, CatalogueError, micros, moment, read
from feeds.catalogue.visible_releases import Standing, newest_until, standing, upcoming
from feeds.errors import Problem
from feeds.formats import ATOM, JSON_FEED, RSS, Format
from feeds.model.release import Release
from feeds.model.retirement import retirement_moments
from feeds.model.review import ReleaseState
from feeds.model.selection import Selection
from feeds.model.vocabulary import Vocabulary

_COLUMN = {ATOM: "atom", RSS: "rss", JSON_FEED: "json"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A release that may be seen: its model, and its entry as JSON Feed has it."""

    release: Release
    item: bytes
    withdrawn: bool


class Snapshot:
    """The newsroom at one state of the catalogue; every question says for what time it is asked."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The newsroom and its terms. Raises CatalogueError if they cannot be read."""
        try:
            return _vocabulary(write.meta(self._database, "vocabulary") or "")
        except (ValueError, KeyError) as error:
            raise CatalogueError(f"the newsroom in the catalogue cannot be read ({error})") from error

    @cached_property
    def base_url(self) -> str:
        """The base address the kept entries were made for."""
        return write.meta(self._database, "base_url") or ""

    @property
    def seen_until(self) -> datetime | None:
        """The newest moment that is known to have come; None if none was ever written down."""
        kept = write.meta(self._database, SEEN_UNTIL)
        return moment(int(kept)) if kept else None

    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong in the content folder, sorted."""
        stories = self._database.execute("SELECT DISTINCT story FROM problems").fetchall()
        return tuple(sorted(each for (story,) in stories for each in write.problems_of(self._database, story)))

    def open_problems(self, now: datetime) -> int:
        """How many problems may be known to everybody."""
        return public_problems.open_problems(self._database, now)

    def open_files(self, now: datetime) -> tuple[str, ...]:
        """The files with such problems, sorted."""
        return public_problems.open_files(self._database, now)

    def next_moment(self, now: datetime) -> datetime | None:
        """When the newsroom next changes by itself; None if nothing lies ahead."""
        row = self._database.execute("SELECT MIN(since) FROM editions WHERE since > ?", (micros(now),)).fetchone()
        ahead = [end for end in retirement_moments(self.vocabulary) if end > now]
        return min([*ahead, *([] if row[0] is None else [moment(row[0])])], default=None)

    def last_moment(self, now: datetime) -> datetime | None:
        """When the newsroom last changed by itself; None if nothing has happened yet."""
        row = self._database.execute("SELECT MAX(since) FROM editions WHERE since <= ?", (micros(now),)).fetchone()
        behind = [end for end in retirement_moments(self.vocabulary) if end <= now]
        return max([*behind, *([] if row[0] is None else [moment(row[0])])], default=None)

    def page(
        self, selection: Selection, now: datetime, archive: int, per_page: int, per_page_bytes: int
    ) -> Page | None:
        """The entries of a live document (archive 0) or an archive document; None for a number there is not."""
        return paging.page(self._database, selection, now, archive, per_page, per_page_bytes)

    def updates(self, editions: Sequence[int]) -> frozenset[datetime]:
        """When readers were last told of something in each of these editions."""
        marks = ",".join("?" * len(editions))
        rows = self._database.execute(f"SELECT updated FROM editions WHERE key IN ({marks})", editions)
        return frozenset(moment(updated) for (updated,) in rows)

    def entries(self, editions: Sequence[int], form: Format) -> list[bytes]:
        """The kept entries in one format, in the order asked for."""
        marks = ",".join("?" * len(editions))
        rows = dict(
            self._database.execute(
                f"SELECT edition, {_COLUMN[form]} FROM kept WHERE edition IN ({marks})",
                editions,
            )
        )
        return [rows[edition] for edition in editions]

    def kept(self, editions: Sequence[int]) -> tuple[Kept, ...]:
        """The releases behind editions, in the order asked for."""
        marks = ",".join("?" * len(editions))
        rows = self._database.execute(
            "SELECT e.key, r.model, k.json, e.withdrawn FROM editions e JOIN releases r ON r.key = e.release"
            f" JOIN kept k ON k.edition = e.key WHERE e.key IN ({marks})",
            editions,
        )
        found = {key: Kept(_release(model), item, bool(withdrawn)) for key, model, item, withdrawn in rows}
        return tuple(found[edition] for edition in editions)

    def release(self, language: str, path: str, now: datetime) -> Kept | None:
        """The release at an address, if it may be seen."""
        row = self._database.execute(
            "SELECT e.key FROM releases r JOIN editions e ON e.release = r.key WHERE NOT r.shadowed"
            f" AND r.language = :language AND r.path = :path AND {CURRENT}",
            {"language": language, "path": path, "now": micros(now)},
        ).fetchone()
        return self.kept([row[0]])[0] if row else None

    def neighbours(self, release: Release, now: datetime) -> tuple[Kept | None, Kept | None]:
        """The releases published just before and just after one, in its language, of those that stand."""
        published = micros(release.published)
        values = {"language": release.language, "id": release.id, "published": published, "now": micros(now)}
        rows = (
            self._database.execute(
                "SELECT e.key FROM releases r JOIN editions e ON e.release = r.key WHERE NOT r.shadowed"
                f" AND r.language = :language AND (r.published, r.id) {than} (:published, :id)"
                f" AND {CURRENT} AND NOT e.withdrawn ORDER BY r.published {order}, r.id {order} LIMIT 1",
                values,
            ).fetchone()
            for than, order in (("<", "DESC"), (">", "ASC"))
        )
        earlier, later = (self.kept(row)[0] if row else None for row in rows)
        return earlier, later

    def renamed(self, language: str, path: str, now: datetime) -> str | None:
        """Where a former address leads, if the release may be seen."""
        row = self._database.execute(
            "SELECT r.path FROM aliases a JOIN releases r ON r.key = a.release JOIN editions e ON e.release = r.key"
            f" WHERE NOT r.shadowed AND a.language = :language AND a.path = :path AND {CURRENT}"
            " ORDER BY r.story, r.key",
            {"language": language, "path": path, "now": micros(now)},
        ).fetchone()
        return row[0] if row else None

    def counts(self, language: str, now: datetime) -> dict[tuple[str, str], Counted]:
        """For every term that has releases to be seen in a language: how many, and the newest."""
        return counts.counts(self._database, language, now)

    def count(self, selection: Selection, now: datetime) -> Counted | None:
        """How many releases of a selection may be seen, and the newest; None if there are none."""
        return counts.count(self._database, selection, now)

    def published(self, selection: Selection, since: datetime, now: datetime) -> list[datetime]:
        """When each release of a selection was published that may be seen: those since a time, oldest first."""
        return counts.published(self._database, selection, since, now)

    def published_by_term(
        self, selection: Selection, since: datetime, now: datetime
    ) -> list[tuple[str, str, datetime]]:
        """The same for every term of a selection's releases: once for each term that a release bears."""
        return counts.published_by_term(self._database, selection, since, now)

    def visible(self, now: datetime) -> int:
        """How many releases may be seen, in all languages."""
        return counts.visible(self._database, now)

    def combinations(self, language: str, now: datetime) -> list[dict[str, tuple[str, ...]]]:
        """The terms of every release to be seen in a language: what combinations are worth listing."""
        return counts.combinations(self._database, language, now)

    def standing(self, now: datetime, after: datetime | None = None) -> list[Standing]:
        """Every release that is neither scheduled nor withdrawn, the oldest first; published after a time if given."""
        return standing(self._database, now, after)

    def newest_until(self, now: datetime, until: datetime) -> datetime | None:
        """When the newest of those was published that are not newer than ``until``."""
        return newest_until(self._database, now, until)

    def upcoming(self, now: datetime) -> tuple[datetime, str] | None:
        """When the next scheduled release is due, and its title: for editors, never for readers."""
        return upcoming(self._database, now)

    def inventory(self, now: datetime) -> Inventory:
        """How many releases of each kind there are: for editors, never for readers."""
        return counts.inventory(self._database, now)

    def overview(self, now: datetime) -> tuple[ReleaseState, ...]:
        """Every release that is or will be seen: for editors, never for readers."""
        return reports.overview(self._database, now)

    def uneven(self, now: datetime) -> tuple[tuple[str, datetime], ...]:
        """What comes in the middle of a minute, by the original's file: for editors, never for readers."""
        return reports.uneven(self._database, now)

    def stories(self) -> dict[str, tuple[Release, ...]]:
        """By the original's file, every version of a story that is or will be seen: for editors, never for readers."""
        return reports.languages_of_stories(self._database)


@lru_cache(maxsize=4)
def _vocabulary(text: str) -> Vocabulary:
    return read(text)


@lru_cache(maxsize=1_024)
def _release(model: str) -> Release:
    return Release.model_validate_json(model)
