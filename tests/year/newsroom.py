"""Editors at work: steps by chance, always the same ones for a seed, written as real YAML into a content folder."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

from tests.makers import a_newsroom, write, yaml
from tests.year.ledger import LANGUAGES, NEVER, Kind, Ledger, Version

HERE = timezone(timedelta(hours=8))
"""Where the editors sit: the newsroom's time zone."""

ORIGINAL = LANGUAGES[0]
SECOND = timedelta(seconds=1)

COUNTRIES = ((), ("CN",), ("MN",), ("CN", "MN"))
PROJECTS = ((), ("score",), ("skills-for-all",))
TOPICS = ((), ("wages",))


@dataclass
class Story:
    """A release and its translations: what lies in the files."""

    day: str
    slug: str
    versions: dict[str, Version] = field(default_factory=dict)
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)

    def file(self, language: str) -> str:
        """Where a version lies."""
        suffix = "" if language == ORIGINAL else f".{language}"
        return f"{self.day[:4]}/{self.day}-{self.slug}{suffix}.yaml"


class Editors:
    """Those who write into the folder, and into the ledger what they meant by it."""

    def __init__(self, path: Path, seed: int) -> None:
        self.folder = a_newsroom(path)
        self.ledger = Ledger()
        self.done: Counter[str] = Counter()
        self._chance = random.Random(seed)  # noqa: S311  # to repeat a failure, not to hide a secret
        self._stories: list[Story] = []
        self._taken: set[datetime] = set()
        self._number = 0
        self._ways: dict[Callable[[datetime], bool], int] = {
            self.publish: 24, self.schedule: 12, self.draft: 3, self.show: 4, self.reschedule: 4, self.cancel: 2,
            self.translate: 16, self.correct: 10, self.note: 4, self.correct_later: 3, self.extend: 5,
            self.mend_a_typo: 9, self.withdraw: 4, self.withdraw_later: 2, self.rename: 5,
        }  # fmt: skip

    def step(self, now: datetime) -> str:
        """Does one thing, and says what."""
        while True:
            (way,) = self._chance.choices(list(self._ways), list(self._ways.values()))
            if way(now):
                self.done[way.__name__] += 1
                return way.__name__

    # -- what comes -----------------------------------------------------------------------------------------------

    def publish(self, now: datetime) -> bool:
        """At this second; or by the day's bare date, whose midnight has passed."""
        midnight = datetime.combine(now.astimezone(HERE).date(), time(), HERE)
        if self._chance.random() < 0.3 and midnight not in self._taken:
            self._taken.add(midnight)
            self._publish(now, midnight, f"{midnight:%Y-%m-%d}")
        else:
            moment = self._moment(now)
            self._publish(moment, moment, moment)
        return True

    def schedule(self, now: datetime) -> bool:
        """Under an embargo of hours or weeks."""
        moment = self._moment(self._ahead(now))
        self._publish(moment, moment, moment)
        return True

    def draft(self, now: datetime) -> bool:
        """Not ready, though its date has come."""
        moment = self._moment(now)
        self._publish(NEVER, moment, moment, draft=True)
        return True

    def show(self, now: datetime) -> bool:
        """A draft is ready, and its date is put right."""
        story = self._one([each for each in self._stories if "draft" in each.fields[ORIGINAL]])
        if story:
            del story.fields[ORIGINAL]["draft"]
            self._move(story, self._moment(now))
        return bool(story)

    def reschedule(self, now: datetime) -> bool:
        """An embargo is lifted later, or earlier, than was thought."""
        story = self._one(self._scheduled(now))
        if story:
            self._move(story, self._moment(self._ahead(now)))
        return bool(story)

    def cancel(self, now: datetime) -> bool:
        """What was scheduled is not to come after all."""
        story = self._one(self._scheduled(now))
        if story:
            for language, version in story.versions.items():
                self._path(story, language).unlink()
                self._forget(version)
                self.ledger.versions.remove(version)
            self._stories.remove(story)
        return bool(story)

    def translate(self, now: datetime) -> bool:
        """Together with an original that is still to come; or later, with a date of its own."""
        ready = [each for each in self._stories if len(each.versions) < len(LANGUAGES)]
        scheduled = [each for each in ready if each in self._scheduled(now)]
        story = self._one([*scheduled, *(each for each in ready if each.versions[ORIGINAL].stands(now))])
        if story is None:
            return False
        language = next(each for each in LANGUAGES if each not in story.versions)
        if story in scheduled:
            date = story.versions[ORIGINAL].told[0].date
            self._add(story, language, date, date, {})
        else:
            date = self._moment(now if self._chance.random() < 0.7 else self._ahead(now))
            self._add(story, language, date, date, {"published": date})
        self._write(story)
        return True

    # -- what becomes of it ---------------------------------------------------------------------------------------

    def correct(self, now: datetime) -> bool:
        """A mistake of which readers are told, dated some minutes before it is saved."""
        return self._correct(now, now, now - timedelta(minutes=self._chance.randrange(10)), Kind.CORRECTED)

    def note(self, now: datetime) -> bool:
        """A small one, of which nobody is told."""
        return self._correct(now, now, now, Kind.NOTED)

    def correct_later(self, now: datetime) -> bool:
        """A correction with an embargo."""
        at = self._ahead(now)
        return self._correct(now, at, at, Kind.CORRECTED)

    def extend(self, now: datetime) -> bool:
        """More to say, in every language that there is."""
        story = self._one(self._standing(now))
        if story:
            story.fields[ORIGINAL]["updated"] = now
            self._tell_all(story, Kind.EXTENDED, now, self._say(story, ORIGINAL, "body", "And more: {}."))
        return bool(story)

    def mend_a_typo(self, now: datetime) -> bool:
        """Of which nobody is told."""
        story = self._one([each for each in self._stories if each.versions[ORIGINAL].by(now)])
        if story:
            language = self._chance.choice(list(story.versions))
            story.fields[language]["title"] += self._chance.choice(("!", "?"))
            self._write(story)
        return bool(story)

    def withdraw(self, now: datetime) -> bool:
        """In every language that there is."""
        return self._withdraw(now, now)

    def withdraw_later(self, now: datetime) -> bool:
        """The same with an embargo."""
        return self._withdraw(now, self._ahead(now))

    def rename(self, now: datetime) -> bool:
        """Another address, with the lines that keep every subscriber from seeing it twice."""
        story = self._one(self._standing(now))
        if story:
            for language, version in story.versions.items():
                self._path(story, language).unlink()
                fields = story.fields[language]
                fields["id"] = version.id
                fields["aliases"] = [*fields.get("aliases", ()), f"{story.day[:4]}/{story.slug}"]
            story.slug += "-renamed"
            self._write(story)
        return bool(story)

    # -- how ------------------------------------------------------------------------------------------------------

    def _publish(self, at: datetime, date: datetime, written: datetime | str, **more: Any) -> None:
        self._number += 1
        story = Story(f"{date.astimezone(HERE):%Y-%m-%d}", f"number-{self._number}")
        self._stories.append(story)
        tags = {
            "countries": self._chance.choice(COUNTRIES),
            "projects": self._chance.choice(PROJECTS),
            "topics": self._chance.choice(TOPICS),
        }
        self._add(story, ORIGINAL, at, date, {"published": written, **tags, **more})
        self._write(story)

    def _add(self, story: Story, language: str, at: datetime, date: datetime, fields: dict[str, Any]) -> None:
        suffix = "" if language == ORIGINAL else f".{language}"
        tags = {**story.fields.get(ORIGINAL, {}), **fields}
        terms = [f"country/{each.lower()}" for each in tags["countries"]]
        terms += [f"project/{each}" for each in tags["projects"]] + [f"topic/{each}" for each in tags["topics"]]
        version = Version(f"tag:example.org,{story.day}:{story.slug}{suffix}", language, frozenset(terms))
        story.versions[language] = version
        story.fields[language] = {"title": f"Title of {story.slug}", "body": "The whole of it.", **fields}
        word = self._say(story, language, "summary", "What was said: {}.")
        self.ledger.versions.append(version)
        self.ledger.tell(version, Kind.PUBLISHED, at, date, word)

    def _correct(self, now: datetime, at: datetime, date: datetime, kind: Kind) -> bool:
        versions = [
            (story, language)
            for story in self._stories
            for language, version in story.versions.items()
            if version.stands(now) and version.told[-1].date < date and version.told[0].date < date
        ]
        if not versions:
            return False
        story, language = self._chance.choice(versions)
        word = self._word()
        correction = {"date": date, "note": f"Not so: {word}.", "major": kind is Kind.CORRECTED}
        story.fields[language].setdefault("corrections", []).append(correction)
        self.ledger.tell(story.versions[language], kind, at, date, word)
        self._write(story)
        return True

    def _withdraw(self, now: datetime, date: datetime) -> bool:
        story = self._one(self._standing(now))
        if story:
            word = self._word()
            story.fields[ORIGINAL]["withdrawn"] = {"date": date, "reason": f"It was wrong: {word}."}
            self._tell_all(story, Kind.WITHDRAWN, date, word)
        return bool(story)

    def _tell_all(self, story: Story, kind: Kind, date: datetime, word: str) -> None:
        for version in story.versions.values():
            self.ledger.tell(version, kind, date, date, word)
        self._write(story)

    def _move(self, story: Story, moment: datetime) -> None:
        """To another moment, with the translations that take their date from it."""
        story.fields[ORIGINAL]["published"] = moment
        for version in story.versions.values():
            word = version.told[0].word
            version.told.clear()
            self.ledger.tell(version, Kind.PUBLISHED, moment, moment, word)
        self._write(story)

    def _forget(self, version: Version) -> None:
        for each in version.told:
            self.ledger.words[each.word] = NEVER

    def _say(self, story: Story, language: str, where: str, text: str) -> str:
        word = self._word()
        story.fields[language][where] = " ".join((story.fields[language].get(where, ""), text.format(word))).strip()
        return word

    def _word(self) -> str:
        return f"word-{len(self.ledger.words):05}"

    def _write(self, story: Story) -> None:
        for language, fields in story.fields.items():
            # What a translation does not say itself, it takes from its original.
            text = yaml(**fields)
            if "published" not in fields:
                text = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("published:"))
            write(self.folder, story.file(language), text)

    def _path(self, story: Story, language: str) -> Path:
        return self.folder / "releases" / story.file(language)

    def _scheduled(self, now: datetime) -> list[Story]:
        """Whose original is still to come."""
        return [each for each in self._stories if now + SECOND < each.versions[ORIGINAL].told[0].at < NEVER]

    def _standing(self, now: datetime) -> list[Story]:
        """Which may be seen in every language that there is, with nothing to come and some time after the last word."""
        return [
            each
            for each in self._stories
            if all(version.stands(now) and version.told[-1].date < now for version in each.versions.values())
        ]

    def _one(self, stories: list[Story]) -> Story | None:
        return self._chance.choice(stories) if stories else None

    def _ahead(self, now: datetime) -> datetime:
        return now + timedelta(
            seconds=self._chance.choice((3_600, 86_400, 20 * 86_400)) * self._chance.uniform(0.1, 2) // 1
        )

    def _moment(self, wanted: datetime) -> datetime:
        """No two releases share one."""
        while wanted in self._taken:
            wanted += SECOND
        self._taken.add(wanted)
        return wanted
