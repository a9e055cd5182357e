"""One import: takes item after item into the content folder, and says of each what became of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from feeds.content import SourceFile, Writable, read_bytes, read_story, release_yaml
from feeds.content.yaml_reader import read_yaml
from feeds.errors import Failure, FeedsError, attempt
from feeds.importers import release_fields
from feeds.importers.category_terms import TermsMatching
from feeds.importers.item import Item
from feeds.importers.release_fields import ReleaseFields
from feeds.importers.release_folder import ReleaseFolder, Story, default_id
from feeds.importers.source_media import MediaFiles, content_of, is_elsewhere
from feeds.model.problems import Problem
from feeds.model.vocabulary import Vocabulary
from feeds.render.html_to_markdown import names

WRITTEN, DRAFT, KNOWN, LEFT_OUT = "written", "draft", "known", "left out"
"""What can become of an item."""

_DROPPED = names("image attachments authors aliases id rights credit dateline updated related contacts")
"""Fields without which a release can be published, if the reader refuses them."""
_STEPS = 8


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """What became of an item."""

    where: str
    title: str
    result: str
    file: str = ""
    notes: tuple[str, ...] = ()
    """What could not be carried, and why."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """The options of an import."""

    now: datetime
    """The moment of the import, for items without a date."""
    language: str = ""
    """The language of items that state none."""
    media: Path | None = None
    """Where the files lie that items name."""
    dry: bool = False


@dataclass
class Import:
    """The state of one import."""

    folder: ReleaseFolder
    matching: TermsMatching
    options: ImportOptions
    counts: Counter[str] = field(default_factory=Counter)
    summarized: int = 0
    """How many summaries were made of the first sentences."""
    _stories: dict[str, Story] = field(default_factory=dict)
    """By the group of their items."""
    _made: dict[str, bytes] = field(default_factory=dict)
    """By file, the mark of the item of which it was made."""
    _originals: dict[str, bytes] = field(default_factory=dict)
    """By file, the originals of a dry run that may get translations: nothing of them is written."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The newsroom, with the terms that were added."""
        return self.matching.vocabulary

    def take(self, item: Item) -> ItemOutcome:
        """Writes the file of an item, if it is new. Raises FeedsError only where the machine fails."""
        found = attempt(lambda: self._taken(item))
        if isinstance(found, Failure) and isinstance(found.error, OSError):
            raise FeedsError(f"{item.where}: {found.reason}") from found.error  # the machine's, not the item's
        if isinstance(found, Failure):
            outcome = ItemOutcome(item.where, item.title, LEFT_OUT, notes=(f"it cannot be read: {found.reason}",))
        else:
            outcome = found.value
        self.counts[outcome.result] += 1
        return outcome

    def _taken(self, item: Item) -> ItemOutcome:
        title = " ".join(release_fields.plain_text(item.title).split())
        if item.left_out:
            return ItemOutcome(item.where, title, LEFT_OUT, notes=(item.left_out,))
        if file := self.folder.ids.get(item.id) if item.id else None:
            self._remember(item, self.folder.story(file))
            if self._is_another(file, item):
                return ItemOutcome(item.where, title, LEFT_OUT, file, ("an item before it has the same id",))
            return ItemOutcome(item.where, title, KNOWN, file)
        made = ReleaseFields(notes=list(item.notes), draft=item.draft)
        language = release_fields.language_of(item, self.vocabulary, self.options.language, made)
        published = self._published(item, made)
        story = self._stories.get(item.group) if item.group else None
        file = f"{story.file.removesuffix('.yaml')}.{language}.yaml" if story else ""
        beside = story and story.language != language and not self._is_another(file, item)
        if story and beside:
            if file in self.folder.titles:
                return ItemOutcome(item.where, title, KNOWN, file)
            slug = story.file.rpartition("/")[2].removesuffix(".yaml")[len("2021-06-24-") :]
            day = story.file.rpartition("/")[2][: len("2021-06-24")]
        else:
            story = None
            day = release_fields.day_of(published, self.vocabulary.newsroom.time_zone)
            file, slug = self._place(item, day, title)
            if not slug:
                self._remember(item, self.folder.story(file))
                return ItemOutcome(item.where, title, KNOWN, file)
        self._fill(item, made, title, language, published, f"{day[:4]}/{slug}")
        media = MediaFiles(item, self.options.media, self.folder.media_folder(file))
        _name_files(item, made, media)
        if item.id and item.id != default_id(self.vocabulary.newsroom, day, slug, language):
            made.fields["id"] = item.id
        if language != self.vocabulary.newsroom.language and not beside:
            made.fields["language"] = language
        return self._settled(item, made, file, story, media)

    def _place(self, item: Item, day: str, title: str) -> tuple[str, str]:
        """The file for an item, and its slug; an empty slug if the file has it already."""
        slug = release_fields.slug_for(item, title)
        if item.published is None:
            known = self.folder.draft_of_another_day(slug, title, lambda file: self._is_another(file, item))
            if known:
                return known, ""
        return self.folder.free_name(day, slug, title, lambda file: self._is_another(file, item))

    def _is_another(self, file: str, item: Item) -> bool:
        """Whether this import has made the file from an item with other words."""
        return self._made.get(file, _mark(item)) != _mark(item)

    def _published(self, item: Item, made: ReleaseFields) -> str:
        zone = self.vocabulary.newsroom.time_zone
        if item.published is None:
            made.incomplete("it has no date: it is today’s")
            return release_fields.day_of(self.options.now.isoformat(), zone)
        return release_fields.moment(item.published, zone)

    def _fill(self, item: Item, made: ReleaseFields, title: str, language: str, published: str, path: str) -> None:
        fields = made.fields
        fields["published"] = published
        if item.updated and item.published:
            updated = release_fields.moment(item.updated, self.vocabulary.newsroom.time_zone)
            if _is_later(item.updated, item.published):
                fields["updated"] = updated
        release_fields.texts(item, self.vocabulary, title, made)
        fields |= self.matching.terms(item.labels, language)
        fields["dateline"] = item.dateline
        fields["credit"] = item.credit or fields.get("credit")
        if item.rights.strip() and item.rights.strip() not in self.vocabulary.newsroom.rights.values():
            fields["rights"] = release_fields.plain_text(item.rights)
        if made.image:
            fields["image"] = release_fields.picture(made.image, str(fields["title"]), made)
        fields["authors"] = list(release_fields.people(item, self.vocabulary)) or None
        fields["aliases"] = list(release_fields.aliases(item, language, path, made)) or None

    def _settled(
        self, item: Item, made: ReleaseFields, file: str, story: Story | None, media: MediaFiles
    ) -> ItemOutcome:
        """Writes the file as the reader takes it, without what it refuses."""
        for _ in range(_STEPS):
            made.fields["draft"] = True if made.draft else False if story and story.draft else None
            raw = self._written(made)
            refused = [problem for problem in self._problems(file, raw, story) if problem.fatal]
            fields = {re.split(r"[.\[]", problem.path)[0]: problem for problem in refused}
            dropped = {name: problem for name, problem in fields.items() if name in _DROPPED and made.fields.get(name)}
            if not dropped:
                break
            for name, problem in dropped.items():
                del made.fields[name]
                made.notes.append(f"{name} is left out: {problem.message}")
        if refused and not made.draft:
            made.incomplete(
                "; ".join(f"{each.path}: {each.message}" if each.path else each.message for each in refused)
            )
            made.fields["draft"] = True
            raw = self._written(made)
        self._keep(item, made, file, raw, media)
        title = str(made.fields["title"])
        return ItemOutcome(item.where, title, DRAFT if made.draft else WRITTEN, file, tuple(dict.fromkeys(made.notes)))

    def _written(self, made: ReleaseFields) -> bytes:
        while True:
            try:
                return release_yaml(made.fields).encode()
            except FeedsError as error:
                # A character that no file can have, or a reference to one.
                name = re.split(r"[.\[:]", str(error))[0]
                value = made.fields.get(name)
                if isinstance(value, str) and "&#" in value:
                    made.fields[name] = value.replace("&#", "&amp;#")
                else:
                    made.fields.pop(name, None)
                    made.notes.append(f"{name} is left out: {error}")

    def _problems(self, file: str, raw: bytes, story: Story | None) -> tuple[Problem, ...]:
        own = SourceFile(file, raw)
        if story is None:
            return read_story(own, (), self.vocabulary)[1]
        kept = self._originals.get(story.file)
        original = kept if kept is not None else read_bytes(self.folder.folder, story.file)
        if isinstance(original, Problem):
            return (original,)
        found = read_story(SourceFile(story.file, original), (own,), self.vocabulary)[1]
        return tuple(problem for problem in found if problem.file == file)

    def _keep(self, item: Item, made: ReleaseFields, file: str, raw: bytes, media: MediaFiles) -> None:
        if not self.options.dry:
            for name, found in media.files.items():
                # Before the release, so that no reader looks for them in vain.
                if name.encode() in raw and not (media.beside / name).exists():
                    self.folder.write(self.folder.media_file(file, name), content_of(found))
            self.folder.write(file, raw)
        documents, _ = read_yaml(raw)
        data = documents[0].data if documents else {}
        self.folder.add(file, data if isinstance(data, dict) else {}, self.vocabulary.newsroom)
        if self.options.dry and item.group:
            self._originals[file] = raw
        self._made[file] = _mark(item)
        self._remember(item, self.folder.story(file))
        self.summarized += made.summarized

    def _remember(self, item: Item, story: Story) -> None:
        if item.group:
            self._stories.setdefault(item.group, story)

    def unmatched(self) -> Iterator[tuple[str, str, int]]:
        """Field, name and number of each label that is no term, the most frequent first."""
        for (name, label), number in sorted(self.matching.unmatched.items(), key=lambda each: (-each[1], each[0])):
            yield name, label, number


def _name_files(item: Item, made: ReleaseFields, media: MediaFiles) -> None:
    """Puts the names of the files that are copied in place of their addresses."""
    fields = made.fields
    if isinstance(body := fields.get("body"), str):
        fields["body"] = media.carried(body)
    if made.image and (name := media.name(made.image.src)):
        fields["image"] = {**release_fields.picture(made.image, str(fields["title"]), ReleaseFields()), "src": name}
    elif made.image and not is_elsewhere(made.image.src):
        fields["image"] = None
        made.notes.append(f"its picture “{made.image.src}” is not in the source, and is left out")
    fields["attachments"] = list(_attached(item, made, media)) or None
    made.notes += [f"“{each}” is not in the source: it leads nowhere" for each in dict.fromkeys(media.missing)]


def _attached(item: Item, made: ReleaseFields, media: MediaFiles) -> Iterator[dict[str, Writable]]:
    """The fields of its files. One that is neither on the web nor in the source would hold the release back."""
    for each in release_fields.attachments(item):
        address = str(each["url"])
        if name := media.name(address):
            yield {"file": name, "title": each["title"]}
        elif is_elsewhere(address):
            yield each
        else:
            made.notes.append(f"its file “{address}” is not in the source, and is left out")


def _mark(item: Item) -> bytes:
    """A short value that tells the words of an item from those of others."""
    said = (item.title, item.summary, item.html, item.markdown, item.published)
    return blake2b(repr(said).encode(errors="surrogatepass"), digest_size=16).digest()


def _is_later(one: datetime, other: datetime) -> bool:
    if (one.tzinfo is None) != (other.tzinfo is None):
        return False
    return one > other


def start(folder: Path, matching: TermsMatching, options: ImportOptions) -> Import:
    """An import into a content folder, which is read first."""
    return Import(ReleaseFolder.of(folder, matching.vocabulary.newsroom), matching, options)
