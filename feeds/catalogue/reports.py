"""Reports for editors, never for readers: what the newsroom holds, with scheduled releases and drafts."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from feeds.catalogue.releases import EDITIONS, VISIBLE
from feeds.database import Database, micros, moment
from feeds.model.release import Release
from feeds.model.review import ReleaseState
from feeds.model.schedule import Scheduled, scheduled
from feeds.render.feed_values import Entry
from feeds.render.stored_entry import entry_from_json, entry_to_json

_NEVER = datetime.min.replace(tzinfo=UTC)

# Drafts have no edition.
_DRAFT = "NOT EXISTS (SELECT 1 FROM editions e WHERE e.release = r.key)"
_APPEARS = "(SELECT MIN(e.since) FROM editions e WHERE e.release = r.key)"
_SCHEDULED = f"{_APPEARS} > :now"

# Each release with the edition that stands now, or with its first one if none does yet; and the next news of it.
_STATES = f"""SELECT r.story, r.model, s.updated, s.withdrawn, s.corrected, n.entry,
    (SELECT MIN(c.since) FROM editions c WHERE c.release = r.key AND c.since > :now AND c.announces),
    EXISTS (SELECT 1 FROM places p WHERE p.mark = r.mark AND p.language = r.language AND p.facet = '' AND p.event = 0
        AND p.moment > {_APPEARS}) FROM releases r
    JOIN editions s ON s.key = COALESCE((SELECT e.key FROM editions e WHERE e.release = r.key AND {VISIBLE}),
        (SELECT e.key FROM editions e WHERE e.release = r.key ORDER BY e.since LIMIT 1))
    JOIN entries n ON n.edition = s.key WHERE NOT r.shadowed ORDER BY r.id"""


@dataclass(frozen=True, slots=True)
class Inventory:
    """How many releases a newsroom holds."""

    visible: int
    by_language: dict[str, int]
    """Of the visible ones."""
    scheduled: int
    drafts: int


@dataclass(frozen=True, slots=True)
class Unseen:
    """A release that only editors see."""

    story: str
    language: str
    path: str
    title: str
    appears: datetime
    draft: bool


@dataclass(frozen=True, slots=True)
class Reports:
    """Questions of editors."""

    _database: Database

    def inventory(self, now: datetime) -> Inventory:
        """How many releases of each kind there are."""
        values = {"now": micros(now)}
        by_language = dict(
            self._database.execute(
                f"SELECT r.language, COUNT(*) FROM {EDITIONS} WHERE {VISIBLE} GROUP BY r.language", values
            ).fetchall()
        )
        drafts, scheduled = self._database.execute(
            f"SELECT COUNT(CASE WHEN {_DRAFT} THEN 1 END), COUNT(CASE WHEN {_SCHEDULED} THEN 1 END)"
            " FROM releases r WHERE NOT r.shadowed",
            values,
        ).fetchone()
        return Inventory(sum(by_language.values()), by_language, scheduled, drafts)

    def next_scheduled(self, now: datetime) -> tuple[datetime, str] | None:
        """When the next scheduled release is due, and its title; None if none is scheduled."""
        row = self._database.execute(
            f"SELECT {_APPEARS} AS due, r.title FROM releases r"
            f" WHERE NOT r.shadowed AND {_SCHEDULED} ORDER BY due, r.id LIMIT 1",
            {"now": micros(now)},
        ).fetchone()
        return (moment(row[0]), row[1]) if row else None

    def last_appearance(self) -> datetime | None:
        """When the last of all releases appears; None if there is none."""
        (last,) = self._database.execute(f"SELECT MAX({_APPEARS}) FROM releases r WHERE NOT r.shadowed").fetchone()
        return moment(last) if last is not None else None

    def unseen(self, now: datetime) -> tuple[Unseen, ...]:
        """Releases with an edition that readers do not see at ``now``: scheduled ones, and drafts shown to editors."""
        rows = self._database.execute(
            f"SELECT r.story, r.language, r.path, r.title, {_APPEARS} AS due, r.model FROM releases r"
            f" WHERE NOT r.shadowed AND NOT {_DRAFT} ORDER BY due, r.id",
        )
        found = (
            Unseen(story, language, path, title, moment(due), _is_draft(self._database.unpack(model)))
            for story, language, path, title, due, model in rows
        )
        return tuple(each for each in found if each.draft or each.appears > now)

    def addresses(self, story: str) -> tuple[tuple[str, str], ...]:
        """Language and path of the releases of a story."""
        rows = self._database.execute("SELECT language, path FROM releases WHERE story = ? ORDER BY key", (story,))
        return tuple((language, path) for language, path in rows)

    def within_a_minute(self, now: datetime) -> tuple[tuple[str, datetime], ...]:
        """Scheduled moments that are no full minute, with the original's file, sorted by time.

        Cache lifetimes end at full minutes anyway; only such a moment shortens them, and so shows that something comes.
        """
        rows = self._database.execute(
            "SELECT DISTINCT e.since, r.story FROM editions e JOIN releases r ON r.key = e.release"
            " WHERE e.since > ? AND e.since % 60000000 <> 0 AND NOT r.shadowed ORDER BY e.since, r.story",
            (micros(now),),
        )
        return tuple((story, moment(since)) for since, story in rows)

    def moments_after(self, limit: datetime) -> tuple[tuple[str, str, datetime], ...]:
        """What happens to releases after a moment: the original's file, the field that says so, and when; sorted."""
        found = {
            (story, field, moment)
            for story, releases in self.stories().items()
            for release in releases
            for field, moment in release.moments
            if moment > limit
        }
        return tuple(sorted(found))

    def stories(self) -> dict[str, tuple[Release, ...]]:
        """By the original's file: every version of a story that is no draft."""
        found: dict[str, list[Release]] = {}
        for story, model in self._database.execute(
            f"SELECT r.story, r.model FROM releases r WHERE NOT r.shadowed AND NOT {_DRAFT} ORDER BY r.story, r.key"
        ):
            found.setdefault(story, []).append(Release.model_validate_json(self._database.unpack(model)))
        return {story: tuple(releases) for story, releases in found.items()}

    def schedule(self, now: datetime) -> tuple[Scheduled, ...]:
        """What is to come after a moment, each with the file that states the release; the next first."""
        files = {path.lower(): path for (path,) in self._database.execute("SELECT path FROM files")}
        return scheduled(
            (
                (files.get(f"{story.removesuffix('.yaml')}.{release.language}.yaml".lower(), story), release)
                for story, releases in self.stories().items()
                for release in releases
            ),
            now,
        )

    def states(self, now: datetime) -> tuple[ReleaseState, ...]:
        """Every release that is no draft, as it stands now or, if scheduled, as it will first appear; sorted by id."""
        rows = self._database.execute(_STATES, {"now": micros(now)})
        unpack = self._database.unpack
        return tuple(
            _state(story, unpack(model), updated, withdrawn, corrected, unpack(entry), coming, late)
            for story, model, updated, withdrawn, corrected, entry, coming, late in rows
        )


def _state(
    story: str, model: bytes, updated: int, withdrawn: int, corrected: int, entry: bytes, coming: int | None, late: int
) -> ReleaseState:
    release = Release.model_validate_json(model)
    return ReleaseState(
        id=release.id,
        file=story,
        language=release.language,
        path=release.path,
        title=release.title,
        published=release.published,
        appears=release.appears,
        updated=moment(updated),
        withdrawn=bool(withdrawn),
        corrected=bool(corrected or withdrawn),
        terms=tuple((facet, slug) for facet, slugs in release.terms for slug in slugs),
        entry=entry,
        text=_without_dates(entry_from_json(entry)),
        late=bool(late),
        coming=None if coming is None else moment(coming),
    )


def _is_draft(model: bytes) -> bool:
    return bool(json.loads(model).get("draft"))


def _without_dates(entry: Entry) -> str:
    """All that an entry says but when it was published and changed."""
    return entry_to_json(replace(entry, published=_NEVER, updated=_NEVER, date="")).decode()
