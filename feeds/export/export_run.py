"""Exports the newsroom: decides which files there must be, makes those that may have changed, puts them in place.

A file appears only when it is complete, and after the files that it links to: first new files, to which nothing links
yet; then those that are replaced. What is gone is deleted last.
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

from feeds.catalogue import CatalogueLocation, Snapshot, open_catalogue
from feeds.export.documents import Job, MadeFile, Maker
from feeds.export.earlier_files import EarlierFiles, is_new, is_same
from feeds.export.export_processes import NewsroomChangedError, Wanted, all_made
from feeds.export.files import ExportedFile, Fields, Files
from feeds.export.hosts import HOSTS
from feeds.export.layout import MISSING, file_of
from feeds.export.manifest import Manifest, Placed
from feeds.export.previous_export import PreviousExport, mark
from feeds.export.release_comparison import Census, Comparison
from feeds.export.site import Rank, places
from feeds.export.target import Target, TargetChangedError, staged
from feeds.publish.context import Context
from feeds.settings import Settings

_TRIES = 3
"""How often an export begins again because the newsroom changed meanwhile."""


@dataclass(frozen=True, slots=True)
class ExportSource:
    """Where the newsroom comes from."""

    location: CatalogueLocation
    settings: Settings
    is_remembered: bool = True
    """Whether the export uses what the last one from there has kept, and keeps what it makes for the next."""

    @property
    def kept(self) -> Path:
        """The file, on this machine, in which it keeps that."""
        return self.location.path.with_suffix(".export")


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How the newsroom is exported."""

    combinations: int = 2
    """The most facets that the address of a file combines."""
    codings: tuple[str, ...] = ()
    """The codings of the compressed twins: `gzip`, `br`, `zstd`."""
    host: str = ""
    """One of `HOSTS`, which says what lies beside the files; empty for none."""
    processes: int = 1


@dataclass(frozen=True, slots=True)
class ExportResult:
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
    source: ExportSource,
    target: Target,
    options: ExportOptions,
    now: datetime,
    tell: Callable[[str], object] = lambda _: None,
) -> ExportResult:
    """Writes the newsroom as it is at ``now`` into a target; ``tell`` is called with a line on what is waited for.

    Raises FeedsError. Even then each file is complete, old or new.
    """
    with target.locked(tell):
        for _ in range(_TRIES):
            with suppress(NewsroomChangedError, TargetChangedError):
                return _export(source, target, options, now)
        return _export(source, target, options, now)


def _export(source: ExportSource, target: Target, options: ExportOptions, now: datetime) -> ExportResult:
    job = Job(
        source.location,
        source.settings,
        now,
        options.combinations,
        HOSTS[options.host].suffixed if options.host else True,
        HOSTS[options.host].stand_ins if options.host else False,
        options.codings,
        target.stores_fields,
        target.staging,
    )
    with open_catalogue(source.location).reading() as snapshot:
        before = PreviousExport.read(source.kept, mark(job, snapshot)) if source.is_remembered else PreviousExport()
        there = _comparable(target, target.manifest(before.placed), options)
        earlier, maker = EarlierFiles(there.files), Maker(job, snapshot)
        ranks = places(Context.of(snapshot, now, job.settings, combined=job.combined))
        basis, count = _made(job, maker, before, ranks, earlier, options.processes)
        site = _site(basis, ranks, job, maker, earlier)
        if options.host:
            site = _with_settings(site, options.host, snapshot, earlier, job)
        written, removed = _take_places(target, there, site, options)
        if source.is_remembered:
            _placed(basis, site, target.digest).write(source.kept)
        return ExportResult(len(site.manifest.files), written, removed, count, snapshot.next_moment(now))


def _comparable(target: Target, there: Manifest, options: ExportOptions) -> Manifest:
    """The manifest of the last export, with the damaged files as pending: each may be old, new or absent.

    If that export had other options, all files are pending, and so written again.
    """
    again = target.damaged(there.files) if there.options == _options(options) else [*there.files]
    return there.with_pending(again, _codings(there, options)) if again else there


def _options(options: ExportOptions) -> dict[str, Any]:
    return {"codings": list(options.codings)}


def _codings(there: Manifest, options: ExportOptions) -> tuple[str, ...]:
    """The codings of all twins that files may have, before and after."""
    return tuple(sorted({*there.options.get("codings", ()), *options.codings}))


def _made(
    job: Job, maker: Maker, before: PreviousExport, ranks: Mapping[str, Rank], earlier: EarlierFiles, processes: int
) -> tuple[PreviousExport, int]:
    """The new basis, with documents as kept where no answer has changed, else made now; and how many were made."""
    census = Census.of(maker.snapshot, job.now, before.census)
    comparison = Comparison(before.census, census, before.answers, maker.snapshot, job.now)
    documents, asked, answers = before.documents, before.asked, dict(before.answers)
    stale = asked.having(comparison.differing()) | earlier.lacking(documents)
    sought = (ranks.keys() - documents.paths) | (ranks.keys() & stale)
    fields: dict[Fields, Fields] = {}  # those of tens of thousands of files are a few
    # Releases first: headlines are made of them on the way.
    wanted = [
        Wanted(path, earlier.digest(documents[path].name if path in stale else file_of(path, suffixed=job.suffixed)))
        for path in sorted((path for path in ranks if path in sought), key=ranks.__getitem__)
    ]
    made = []
    for batch in all_made(job, maker, wanted, processes):
        for each in batch.made:
            asked.add(each.path, each.asked)
            file = each.file and each.file._replace(fields=fields.setdefault(each.file.fields, each.file.fields))
            made.append(each._replace(file=file, asked=frozenset()))
        answers.update(batch.answers)
    documents = documents.replaced(made, documents.paths - ranks.keys())
    asked = asked.keep(ranks.keys())
    answers = {key: each for key, each in {**answers, **comparison.present}.items() if key in asked.questions}
    return PreviousExport(before.mark or mark(job, maker.snapshot), census, answers, documents, asked), len(wanted)


def _folders(name: str) -> Iterator[str]:
    """The folders that a file lies in.

    >>> list(_folders("feeds/country/mn.atom"))
    ['feeds', 'feeds/country']
    """
    parts = name.split("/")[:-1]
    return ("/".join(parts[: number + 1]) for number in range(len(parts)))


def _stand_ins(others: Iterable[MadeFile], files: Files, job: Job) -> list[MadeFile]:
    """The files that stand in for redirects, beside these files.

    None is made where a folder or another file is, or below a file.
    """
    if not job.stand_ins:
        return []
    found: list[MadeFile] = []
    folders = {folder for name in files for folder in _folders(name)}
    there = {*files}
    for each in others:
        is_in_the_way = each.name in folders or each.name in there or not there.isdisjoint(_folders(each.name))
        if each.file and not is_in_the_way:
            found.append(each)
            there.add(each.name)
            folders.update(_folders(each.name))
    return found


@dataclass(frozen=True, slots=True)
class _Site:
    """All that is to be in the folder."""

    manifest: Manifest
    ranks: Mapping[str, Rank]
    """By file that may differ from the one before: when it takes its place."""


def _site(basis: PreviousExport, by_path: Mapping[str, Rank], job: Job, maker: Maker, earlier: EarlierFiles) -> _Site:
    """The files of all paths, and the redirects and what is gone."""
    documents = basis.documents
    pages = {each.name: each.file for each in _missing_pages(maker, earlier)}
    files = documents.files.changed(pages)
    stand_ins = _stand_ins([documents.others[path] for path in by_path if path in documents.others], files, job)
    files = files.changed({each.name: each.file for each in stand_ins})
    others = files.differing(earlier.files)
    dated = {name: earlier.dated(name, files[name], job.now) if name in files else None for name in others}
    ranks = {**dict.fromkeys(pages, Rank.PAGE), **{each.name: by_path[each.path] for each in stand_ins}}
    ranks |= {name: by_path[path] for path, name in documents.with_files(others)}
    moved = {path: each.moved for path, each in documents.others.items() if each.moved}
    options = {"codings": list(job.codings)}
    manifest = Manifest(
        maker.snapshot.base_url, job.now.isoformat(), options, earlier.files.changed(dated), moved, documents.gone
    )
    return _Site(manifest, ranks)


def _with_settings(site: _Site, host: str, snapshot: Snapshot, earlier: EarlierFiles, job: Job) -> _Site:
    """The site with what its host needs beside the files."""
    files, ranks = {}, dict(site.ranks)
    in_order = replace(site.manifest, files=Files(dict(sorted(site.manifest.files.items()))))
    for each in HOSTS[host].settings(in_order, snapshot.vocabulary.newsroom.languages):
        digest = blake2b(each.body, digest_size=16).hexdigest()
        if digest != earlier.digest(each.name):
            Path(staged(job.staging, each.name)).write_bytes(each.body)
        file = ExportedFile(digest, len(each.body), int(job.now.timestamp()), ())
        files[each.name] = earlier.dated(each.name, file, job.now)
        ranks[each.name] = Rank.SETTINGS
    return _Site(replace(site.manifest, files=site.manifest.files.changed(files)), ranks)


def _missing_pages(maker: Maker, earlier: EarlierFiles) -> list[MadeFile]:
    """The pages for wrong addresses, one for each language."""
    others = maker.snapshot.vocabulary.newsroom.languages[1:]
    found = [("/nothing", MISSING), *((f"/{each}/nothing", f"{each}/{MISSING}") for each in others)]
    return [maker.missing(path, name, earlier.digest(name)) for path, name in found]


def _take_places(target: Target, there: Manifest, site: _Site, options: ExportOptions) -> tuple[int, int]:
    """Puts all that has changed in its place, and deletes what is gone. Returns how many of both."""
    wanted, former = site.manifest.files, there.files
    others = wanted.differing(former)
    new = [name for name in others if name in wanted and is_new(former.get(name))]
    changed = [
        name
        for name in others
        if (file := wanted.get(name)) and not is_new(known := former.get(name)) and not is_same(known, file)
    ]
    gone = [name for name in others if name not in wanted and name in former]
    if not (new or changed or gone) and replace(there, moment=site.manifest.moment) == site.manifest:
        return 0, 0
    target.require_free([name for name in new if name not in former], options.codings)
    waves = [wave for names in (new, changed) for wave in _waves(names, site.ranks)]
    order = [name for wave in waves for name in wave]
    target.begin(there.with_pending(order, _codings(there, options)), order)
    for wave in waves:
        target.place(wave, wanted, former)
    target.remove(sorted(gone, reverse=True), former)
    target.finish(site.manifest)
    return len(order), len(gone)


def _placed(basis: PreviousExport, site: _Site, digest: str) -> PreviousExport:
    """The basis with the files as they are in the manifest. ``digest`` is that of the manifest; empty if unknown."""
    documents, files = basis.documents, site.manifest.files
    differing = [
        (documents[path], file)
        for path, name in documents.with_files(documents.files.differing(files))
        if (file := files.get(name))
    ]
    dated = [made._replace(file=file) for made, file in differing if _is_other_date(made.file, file)]
    return replace(basis, documents=documents.replaced(dated), placed=Placed(digest, files))


def _is_other_date(one: ExportedFile | None, other: ExportedFile) -> bool:
    """Whether two files differ in nothing but their date."""
    return one is not None and one != other and one._replace(modified=other.modified) == other


def _waves(names: Iterable[str], ranks: Mapping[str, Rank]) -> Iterator[list[str]]:
    """The names of each rank, which may take their places together."""
    ordered = sorted(names, key=lambda name: (ranks[name], name))
    yield from (list(wave) for _, wave in groupby(ordered, key=lambda name: ranks[name]))
