"""Exports the newsroom: what is to be there, what of it must be made, and how it takes its place.

No file is seen before it is whole, and none before those that it names: new files come first, since nothing that is
there names them; then those that are replaced; what is gone is deleted last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from itertools import groupby
from pathlib import Path
from typing import Any

from feeds.catalogue import CataloguePlace, Snapshot, open_catalogue
from feeds.export.basis import Basis, mark
from feeds.export.census import Census, Comparison
from feeds.export.documents import Job, Made, Maker
from feeds.export.hosts import HOSTS
from feeds.export.layout import MISSING, file_of
from feeds.export.manifest import File, Manifest
from feeds.export.processes import NewsroomChangedError, Wanted, all_made
from feeds.export.site import Rank, places
from feeds.export.target import Target, TargetChangedError, staged
from feeds.publish.context import Context
from feeds.settings import Settings

_TRIES = 3
"""How often an export begins again because the newsroom changed meanwhile."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the newsroom comes from."""

    place: CataloguePlace
    settings: Settings
    is_remembered: bool = True
    """Whether what is made is kept for the next export from there, and what the last one has made is used."""

    @property
    def kept(self) -> Path:
        """The file in which it is kept, on this machine."""
        return self.place.path.with_suffix(".export.json")


@dataclass(frozen=True, slots=True)
class Options:
    """How the newsroom is exported."""

    combinations: int = 2
    """How many facets the address of a file combines at most."""
    codings: tuple[str, ...] = ()
    """The codings of the compressed twins: `gzip`, `br`, `zstd`."""
    host: str = ""
    """One of `HOSTS`, which says what lies beside the files; empty for none."""
    processes: int = 1


@dataclass(frozen=True, slots=True)
class Result:
    """What an export has done."""

    files: int
    """The number of files in the folder."""
    written: int
    removed: int
    made: int
    """How many documents were made, to see whether they have changed."""
    next_moment: datetime | None
    """When the newsroom next changes by itself."""


def export(
    source: Source, target: Target, options: Options, now: datetime, tell: Callable[[str], object] = lambda _: None
) -> Result:
    """Writes the newsroom of a moment into a target. Raises FeedsError; each file is whole then, old or new."""
    with target.locked(tell):
        for _ in range(_TRIES):
            with suppress(NewsroomChangedError, TargetChangedError):
                return _export(source, target, options, now)
        return _export(source, target, options, now)


def _export(source: Source, target: Target, options: Options, now: datetime) -> Result:
    job = Job(
        source.place,
        source.settings,
        now,
        options.combinations,
        HOSTS[options.host].suffixed if options.host else True,
        HOSTS[options.host].stand_ins if options.host else False,
        options.codings,
        target.stores_fields,
        target.staging,
    )
    with open_catalogue(source.place).reading() as snapshot:
        there = _comparable(target.manifest(), options)
        before = Basis.read(source.kept, mark(job, snapshot)) if source.is_remembered else Basis()
        ranks = {
            each.path: each.rank for each in places(Context.of(snapshot, now, job.settings, combined=job.combined))
        }
        basis, count = _made(job, snapshot, before, ranks, _Shelf(target, there), options.processes)
        site = _site(basis, ranks, job, snapshot, _Shelf(target, there))
        if options.host:
            site = _with_settings(site, options.host, snapshot, _Shelf(target, there), now)
        written, removed = _take_places(target, there, site, options)
        if source.is_remembered:
            basis.write(source.kept)
        return Result(len(site.manifest.files), written, removed, count, snapshot.next_moment(now))


def _comparable(there: Manifest, options: Options) -> Manifest:
    """The manifest of the last export; if that had other options, all its files have to be written again."""
    return there if there.options == _options(options) else there.with_pending(there.files, _codings(there, options))


def _options(options: Options) -> dict[str, Any]:
    return {"codings": list(options.codings)}


def _codings(there: Manifest, options: Options) -> tuple[str, ...]:
    """The codings of all twins that files may have, before and after."""
    return tuple(sorted({*there.options.get("codings", ()), *options.codings}))


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The files of earlier exports in the target."""

    target: Target
    manifest: Manifest

    def digest(self, name: str) -> str:
        """The digest of a file; empty if it is damaged, or if there is none."""
        known = self.manifest.files.get(name)
        return known.digest if known and self.target.is_intact(name, known) else ""

    def has(self, made: Made) -> bool:
        """Whether the file of what was made is there, or is not needed."""
        if made.file is None:
            return True
        known = self.manifest.files.get(made.name)
        return self.digest(made.name) == made.file.digest and known is not None and known.twins == made.file.twins

    def dated(self, name: str, file: File, now: datetime) -> File:
        """The file with its date: that which is there keeps its own, another one never has that of the one before."""
        known = self.manifest.files.get(name)
        if known is None or known.modified < file.modified:
            return file
        if known.digest == file.digest:
            return file if known.modified == file.modified else replace(file, modified=known.modified)
        return replace(file, modified=max(int(now.timestamp()), known.modified + 1))


def _made(
    job: Job, snapshot: Snapshot, before: Basis, ranks: Mapping[str, Rank], shelf: _Shelf, processes: int
) -> tuple[Basis, int]:
    """What stands at each path: as it was where no answer has changed, else made now; and how many were made."""
    census = Census.of(snapshot, job.now)
    comparison = Comparison(before.census, census, before.answers, snapshot, job.now)
    stale = before.asked.having(comparison.differing())
    made: dict[str, Made] = {}
    answers, asked = dict(before.answers), before.asked
    wanted = []
    for path in sorted(ranks, key=ranks.__getitem__):  # releases first: headlines are made of them on the way
        old = before.made.get(path)
        if old and path not in stale and shelf.has(old):
            made[path] = old
        else:
            wanted.append(Wanted(path, shelf.digest(old.name if old else file_of(path, suffixed=job.suffixed))))
    for batch in all_made(job, snapshot, wanted, processes):
        for each in batch.made:
            asked.add(each.path, each.asked)
            made[each.path] = replace(each, asked=frozenset())
        answers.update(batch.answers)
    asked = asked.keep(ranks)
    answers = {key: each for key, each in {**answers, **comparison.present}.items() if key in asked.questions}
    basis = Basis(before.mark or mark(job, snapshot), census, answers, {path: made[path] for path in ranks}, asked)
    return basis, len(wanted)


def _folders(name: str) -> Iterator[str]:
    """The folders that a file lies in.

    >>> list(_folders("feeds/country/mn.atom"))
    ['feeds', 'feeds/country']
    """
    parts = name.split("/")[:-1]
    return ("/".join(parts[: number + 1]) for number in range(len(parts)))


def _is_in_the_way(name: str, folders: set[str], files: Mapping[str, File]) -> bool:
    """Whether what stands in for a redirect cannot be there: at a folder, below a file, or instead of a page."""
    return name in folders or name in files or any(each in files for each in _folders(name))


@dataclass(frozen=True, slots=True)
class _Site:
    """All that is to be in the folder."""

    manifest: Manifest
    ranks: Mapping[str, Rank]
    """By file: when it takes its place."""


def _site(basis: Basis, by_path: Mapping[str, Rank], job: Job, snapshot: Snapshot, shelf: _Shelf) -> _Site:
    """The files of all paths, and what has to be said of paths without a file of their own."""
    made = [*basis.made.values(), *_missing_pages(job, snapshot, shelf)]
    files: dict[str, File] = {}
    ranks: dict[str, Rank] = {}
    folders = {parent for each in made if each.file and not each.moved for parent in _folders(each.name)}
    for each in made:
        if each.file and not (each.moved and _is_in_the_way(each.name, folders, files)):
            files[each.name] = shelf.dated(each.name, each.file, job.now)
            ranks[each.name] = by_path.get(each.path, Rank.PAGE)
    moved = {each.path: each.moved for each in made if each.moved}
    gone = {each.path: each.name for each in made if each.file and each.file.status == 410}
    moment = job.now.isoformat()
    return _Site(Manifest(snapshot.base_url, moment, {"codings": list(job.codings)}, files, moved, gone), ranks)


def _with_settings(site: _Site, host: str, snapshot: Snapshot, shelf: _Shelf, now: datetime) -> _Site:
    """The site with what its host needs beside the files."""
    files, ranks = dict(site.manifest.files), dict(site.ranks)
    for each in HOSTS[host].settings(site.manifest, snapshot.vocabulary.newsroom.languages):
        digest = blake2b(each.body, digest_size=16).hexdigest()
        if digest != shelf.digest(each.name):
            staged(shelf.target.staging, each.name).write_bytes(each.body)
        files[each.name] = shelf.dated(each.name, File(digest, len(each.body), int(now.timestamp()), ()), now)
        ranks[each.name] = Rank.SETTINGS
    return _Site(replace(site.manifest, files=files), ranks)


def _missing_pages(job: Job, snapshot: Snapshot, shelf: _Shelf) -> list[Made]:
    """The pages for wrong addresses, one for each language."""
    maker = Maker(job, snapshot)
    others = snapshot.vocabulary.newsroom.languages[1:]
    found = [("/nothing", MISSING), *((f"/{each}/nothing", f"{each}/{MISSING}") for each in others)]
    return [maker.missing(path, name, shelf.digest(name)) for path, name in found]


def _take_places(target: Target, there: Manifest, site: _Site, options: Options) -> tuple[int, int]:
    """Puts all that has changed in its place, and deletes what is gone. Returns how many of both."""
    wanted = site.manifest.files
    new = [name for name in wanted if name not in there.files]
    former = {name: there.files[name] for name in wanted if name in there.files}
    changed = [
        name
        for name, file in former.items()
        if (file.digest, file.twins) != (wanted[name].digest, wanted[name].twins) or not target.is_intact(name, file)
    ]
    gone = [name for name in there.files if name not in wanted]
    if not (new or changed or gone) and replace(there, moment=site.manifest.moment) == site.manifest:
        return 0, 0
    target.require_free(new, options.codings)
    waves = [wave for names in (new, changed) for wave in _waves(names, site.ranks)]
    order = [name for wave in waves for name in wave]
    target.begin(there.with_pending(order, _codings(there, options)), order)
    for wave in waves:
        target.place(wave, wanted, there.files)
    target.remove(sorted(gone, reverse=True), there.files)
    target.finish(site.manifest)
    return len(order), len(gone)


def _waves(names: Iterable[str], ranks: Mapping[str, Rank]) -> Iterator[list[str]]:
    """The names of each rank, which may take their places together."""
    ordered = sorted(names, key=lambda name: (ranks[name], name))
    yield from (list(wave) for _, wave in groupby(ordered, key=lambda name: ranks[name]))
