"""Finds published releases whose id or address has changed: they keep the former one until their file states it.

Under a new id every subscriber would get the release a second time, and nothing can undo that. Until the editor writes
the missing line, the release stays published under its former id and address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from feeds.model.release import Release

_MEMORY = " (only this machine's memory knows)"
"""The files alone do not say it: another machine would publish the release under its new name."""


@dataclass(frozen=True, slots=True)
class Known:
    """A release as readers know it."""

    id: str
    language: str
    path: str
    """Year and slug: 2021/score-conference."""
    published: datetime
    title: int
    """The fingerprint of its title."""
    text: int
    """The fingerprint of its summary and body."""
    withdrawn: datetime | None = None
    """When readers were told of its withdrawal."""

    def is_alike(self, release: Release) -> bool:
        """Whether a release is most likely the same: of title, publication time and text, at most one differs."""
        same = (
            self.title == fingerprint(release.title),
            self.published == release.published,
            self.text == fingerprint(text_of(release)),
        )
        return self.language == release.language and sum(same) > 1


@dataclass(frozen=True, slots=True)
class Renamed:
    """A release with a new id or address, and what readers know of it."""

    release: Release
    known: Known

    @property
    def under_its_former_name(self) -> Release:
        """The release with the id and the address that readers know."""
        year, _, slug = self.known.path.partition("/")
        return self.release.model_copy(update={"id": self.known.id, "year": int(year), "slug": slug})

    @property
    def field(self) -> str:
        """The field that the editor must write."""
        return "aliases" if self.release.id == self.known.id else "id"

    @property
    def message(self) -> str:
        """The problem, for the editor."""
        if self.release.id == self.known.id:
            return f"readers know this release at {self.known.path}: it stays there{_MEMORY}"
        return f"readers know this release by another id: it stays at {self.known.path}{_MEMORY}"

    @property
    def advice(self) -> str:
        """The lines to write into the file."""
        lines = [] if self.release.id == self.known.id else [f"“id: {self.known.id}”"]
        if self.known.path not in (self.release.path, *self.release.aliases):
            lines.append(f"“aliases: [{', '.join((*self.release.aliases, self.known.path))}]”")
        return f"write {' and '.join(lines)}, or every subscriber would see it twice"


def renamed(found: Sequence[Release], known: Iterable[Known]) -> tuple[Renamed, ...]:
    """Finds the releases that readers know under another id or address."""
    by_id = {release.id: release for release in found}
    formers = {former.id: former for former in known}
    new = [release for release in found if release.id not in formers and not release.draft]
    told = []
    for former in formers.values():
        same = by_id.get(former.id)
        if same is None:
            alike = next((release for release in new if former.is_alike(release)), None)
            if alike:
                new.remove(alike)
                told.append(Renamed(alike, former))
        elif same.path != former.path and former.path not in same.aliases:
            told.append(Renamed(same, former))
    return tuple(told)


def fingerprint(text: str) -> int:
    """A positive number of 63 bits that stands for a text: the same on every machine."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) >> 1


def text_of(release: Release) -> str:
    """The summary and body, which a rename does not change."""
    return f"{release.summary}\n\n{release.body or ''}"
