"""The release files of a content folder: which there are, under which ids, and new ones beside them."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from feeds.content import read_bytes, release_files
from feeds.content.files import RELEASES, FileName
from feeds.content.yaml_reader import Data, read_yaml
from feeds.errors import FeedsError
from feeds.model.newsroom import Newsroom


class Story(NamedTuple):
    """An original release: what its translations must know."""

    file: str
    """Its path in the content folder."""
    language: str
    draft: bool


@dataclass
class ReleaseFolder:
    """What is there already, by id, by file and by address. Grows with every file that is written."""

    folder: Path
    ids: dict[str, str] = field(default_factory=dict)
    """The file of each id."""
    titles: dict[str, str] = field(default_factory=dict)
    """The title in each file."""
    drafts: set[str] = field(default_factory=set)
    languages: dict[str, str] = field(default_factory=dict)
    paths: set[str] = field(default_factory=set)
    """Year and slug of each release."""
    slugs: dict[str, list[str]] = field(default_factory=dict)
    """The files of each slug."""

    @classmethod
    def of(cls, folder: Path, newsroom: Newsroom) -> ReleaseFolder:
        """Reads the folder, files with problems too."""
        found = cls(folder)
        (folder / RELEASES).mkdir(parents=True, exist_ok=True)
        for file in release_files(folder).files:
            raw = read_bytes(folder, file)
            documents, _ = read_yaml(raw) if isinstance(raw, bytes) else ([], ())
            records = [each for document in documents for each in _records(document.data)]
            for record in records or [{}]:
                found.add(file, record, newsroom)
        return found

    def add(self, file: str, record: dict[str, Data], newsroom: Newsroom) -> None:
        """Takes note of a release in a file."""
        name = FileName.of(file) or FileName(None, "", None)

        def text(field_name: str) -> str:
            value = record.get(field_name)
            return value if isinstance(value, str) else ""

        slug, day = text("slug") or name.slug, name.date or text("published")[:10]
        language = text("language") or name.language or newsroom.language
        self.ids[text("id") or default_id(newsroom, day, slug, language)] = file
        self.titles[file] = text("title")
        self.languages[file] = language
        self.paths.add(f"{text('year') or day[:4]}/{slug}")
        self.slugs.setdefault(slug, []).append(file)
        if text("draft") == "true":
            self.drafts.add(file)

    def story(self, file: str) -> Story:
        """The story of a file, which may be a translation."""
        stem = file.removesuffix(".yaml")
        folder, _, name = stem.rpartition("/")
        original = f"{folder}/{name.partition('.')[0]}.yaml"
        return Story(original, self.languages.get(original, ""), original in self.drafts)

    def free_name(self, day: str, slug: str, title: str, is_another: Callable[[str], bool]) -> tuple[str, str]:
        """A file for a release that is not there, and its slug; an empty slug if the file has it already.

        ``is_another`` says of a file with the same title that another release is in it.
        """
        number = 1
        while True:
            chosen = slug if number == 1 else f"{slug}-{number}"
            file = f"{RELEASES}/{day[:4]}/{day}-{chosen}.yaml"
            if file not in self.titles and f"{day[:4]}/{chosen}" not in self.paths:
                return file, chosen
            if self._has(file, title) and not is_another(file):
                return file, ""
            number += 1

    def draft_of_another_day(self, slug: str, title: str, is_another: Callable[[str], bool]) -> str | None:
        """The draft that was made of an item without a date on the day of an earlier import."""
        files = (file for file in self.slugs.get(slug, ()) if file in self.drafts)
        return next((file for file in files if self._has(file, title) and not is_another(file)), None)

    def _has(self, file: str, title: str) -> bool:
        """Whether a release with this title is in a file. Of an item without a title, its name alone tells."""
        return file in self.titles and (not title or self.titles[file] == title)

    def media_file(self, file: str, name: str) -> str:
        """The path of a picture or file of a release, in the folder of its name, which all languages share."""
        folder, _, last = file.rpartition("/")
        return f"{folder}/{last.partition('.')[0]}/{name}"

    def media_folder(self, file: str) -> Path:
        """The folder with the pictures and files of a release."""
        return self.folder / self.media_file(file, "x").rpartition("/")[0]

    def write(self, file: str, raw: bytes) -> None:
        """Writes a new file whole. Raises FeedsError if there is one, which stays as it is."""
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
        beside.write_bytes(raw)
        try:
            # Unlike a rename, a link never takes the place of a file.
            os.link(beside, path)
        except FileExistsError as error:
            raise FeedsError(f"{path}: there is such a file already, which is left as it is") from error
        finally:
            beside.unlink()


def default_id(newsroom: Newsroom, day: str, slug: str, language: str) -> str:
    """The id of a release that states none."""
    suffix = "" if language == newsroom.language else f".{language}"
    return f"tag:{newsroom.domain},{day}:{slug}{suffix}"


def _records(data: Data) -> list[dict[str, Data]]:
    if isinstance(data, dict):
        return [data]
    return [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []
