"""Makes the file of each address: asks the router for the document, and writes its bytes into the staging folder."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from html import escape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from feeds.addresses import parse_media
from feeds.catalogue import CatalogueLocation, Snapshot
from feeds.errors import FeedsError
from feeds.export.dependencies import Recorder
from feeds.export.files import ExportedFile, Fields
from feeds.export.layout import GONE, file_of
from feeds.export.target import TWINS, staged, stored_fields
from feeds.model.formats import HTML, essence
from feeds.publish import Router
from feeds.publish.document import Document, Missing, Moved, StoredFile
from feeds.publish.http.codings import CODERS, worthwhile
from feeds.publish.http.header_fields import cache_control, file_headers, language_headers, link_header, policy_headers
from feeds.publish.http.security_headers import security_headers
from feeds.publish.router import ASSETS_DATE
from feeds.publish.value_cache import ValueCache
from feeds.settings import Settings

CHECKED_AGAIN = "public, max-age=0, must-revalidate"
"""The lifetime of what may change: a host cannot count the seconds to the full minute, as the server does."""

_BY_HOST = frozenset({"content-length", "etag", "last-modified", "vary", "accept-ranges", "cache-control", "link"})
"""Header fields that every host makes by itself, or that are made anew here."""
_LOCATION_SAFE = "/:@!$&'()*+,;=-._~%"
_LONGEST = 200
"""Bytes of a name in a folder, below the 255 of most file systems, with the suffix of a twin."""
_LEADING_ON = (
    '<!doctype html>\n<meta charset="utf-8">\n<meta name="robots" content="noindex">\n<title>{target}</title>\n'
    '<link rel="canonical" href="{target}">\n<meta http-equiv="refresh" content="0; url={target}">\n'
    '<p><a href="{target}">{target}</a></p>\n'
)


@dataclass(frozen=True, slots=True)
class Job:
    """What the documents of an export have in common."""

    location: CatalogueLocation
    settings: Settings
    now: datetime
    combined: int
    suffixed: bool
    """Whether pages at paths without a suffix are files with the suffix .html."""
    stand_ins: bool
    """Whether files stand in for redirects."""
    codings: tuple[str, ...]
    """The codings of the compressed twins."""
    stores_fields: bool
    """Whether the target stores each file with its fields: then they count as part of it, and it has no twins."""
    staging: Path


class MadeFile(NamedTuple):
    """What stands at an address: a file, a redirect, the notice that it is gone, or nothing.

    A named tuple, since there are tens of thousands.
    """

    path: str
    name: str = ""
    """The name of the file, if there is one."""
    file: ExportedFile | None = None
    moved: tuple[str, int] | None = None
    """Where a redirect leads, and its status."""
    asked: frozenset[str] = frozenset()
    """The questions that were asked of the catalogue."""


class Maker:
    """Makes the files of one snapshot at one moment."""

    def __init__(self, job: Job, snapshot: Snapshot) -> None:
        self._job = job
        self._recorder = Recorder(snapshot, job.now)
        self._router = Router(job.settings, combined=job.combined, kept=ValueCache())

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot that keeps its answers: code that asks the same questions as documents should use it."""
        return self._recorder.snapshot

    @property
    def answers(self) -> dict[str, str]:
        """The digest of the answer to each question about a selection."""
        return self._recorder.answers

    def made(self, path: str, known: str = "") -> MadeFile:
        """What stands at a path. Its bytes are staged, unless their digest is the one that is known."""
        snapshot, now = self._recorder.snapshot, self._job.now
        self._recorder.taken()
        answer = self._router.answer(snapshot, path, "", now)
        match answer:
            case Document():
                name = self._name(path)
                file = self._document(name, answer, known)
                return MadeFile(path, name, file, asked=self._recorder.taken())
            case StoredFile():
                return MadeFile(path, self._name(path), self._stored(self._name(path), answer, known))
            case Moved():
                status = 308 if answer.permanent else 307
                target = quote("/" + answer.path.lstrip("/"), safe=_LOCATION_SAFE)
                name, stand_in = self._stand_in(path, answer, known) if self._job.stand_ins else ("", None)
                return MadeFile(path, name, stand_in, moved=(target, status), asked=self._recorder.taken())
            case Missing(gone=True):
                return self._gone(path, answer)
        return MadeFile(path, asked=self._recorder.taken())

    def missing(self, language_path: str, name: str, known: str = "") -> MadeFile:
        """The page for a wrong address below the front page of a language."""
        page = self._router.missing(self._recorder.snapshot, language_path, None, self._job.now)
        self._recorder.taken()
        return MadeFile(language_path, name, self._error(name, page, Missing(""), known))

    def _stand_in(self, path: str, moved: Moved, known: str) -> tuple[str, ExportedFile | None]:
        """A file at a former address, for hosts without redirects: the same feed, or a page that leads on."""
        snapshot, name = self._recorder.snapshot, self._name(path)
        target = moved.path.removeprefix(urlsplit(snapshot.base_url).path)
        if path.rstrip("/") + "/" == target or not is_safe(name):
            return "", None
        found = self._router.answer(snapshot, target, "", self._job.now)
        if not isinstance(found, Document):
            return "", None
        if essence(found.media_type) == HTML.media_type:
            if not name.endswith((".html", ".htm")) and self._job.suffixed:
                return "", None  # the host would take it for something else than a page
            found = replace(found, body=_LEADING_ON.format(target=escape(moved.path)).encode())
        return name, self._document(name, found, known)

    def _gone(self, path: str, answer: Missing) -> MadeFile:
        page = self._router.missing(self._recorder.snapshot, path, answer.hint, self._job.now, gone=True)
        asked = self._recorder.taken()
        name = f"{GONE}{blake2b(page.body, digest_size=8).hexdigest()}.html"
        return MadeFile(path, name, self._error(name, page, answer, ""), asked=asked)

    def _error(self, name: str, page: Document, missing: Missing, known: str) -> ExportedFile:
        fields = (
            ("Content-Type", page.media_type),
            ("Cache-Control", "no-store"),
            *security_headers(page.media_type, fonts=page.fonts),
        )
        status = 410 if missing.gone else 404
        return self._staged(name, page.body, _seconds(page.last_modified), fields, status, known)

    def _document(self, name: str, document: Document, known: str) -> ExportedFile:
        lifetime = CHECKED_AGAIN if document.until else cache_control(document, self._job.now)[0]
        fields = [
            ("Content-Type", document.media_type),
            *language_headers(document),
            *policy_headers(document),
            ("Cache-Control", lifetime),
        ]
        if any(link.rel == "hub" for link in document.links):
            # Other links stand in the document itself. Subscribers look for the hub here first (WebSub, section 4).
            fields.append(("Link", link_header(document.links)))
        return self._staged(
            name, document.body, _seconds(document.last_modified), tuple(fields), document.status, known
        )

    def _staged(self, name: str, body: bytes, modified: int, fields: Fields, status: int, known: str) -> ExportedFile:
        codings = self._job.codings if worthwhile(fields[0][1], len(body)) else ()
        compressed = {coding: CODERS[coding].encode(body) for coding in codings}
        smaller = {coding: content for coding, content in compressed.items() if len(content) < len(body)}
        if self._job.stores_fields:
            for coding, content in smaller.items():
                body, fields = content, (*fields, ("Content-Encoding", coding))
            smaller = {}
        digest = self._digest(blake2b(body, digest_size=16).hexdigest(), fields)
        if digest != known:
            place = staged(self._job.staging, name)
            _write(place, body)
            for coding, content in smaller.items():
                _write(f"{place}{TWINS[coding]}", content)
        return ExportedFile(digest, len(body), modified, fields, status, tuple(smaller))

    def _stored(self, name: str, found: StoredFile, known: str) -> ExportedFile:
        """A stored file, such as a picture of a release. Raises FeedsError if it is gone from the store."""
        source = self._job.location.media.path(found.digest)
        if not source.exists():
            self._job.location.fetch(found.digest)
        fields = (
            ("Content-Type", found.media_type),
            *(each for each in file_headers(found, "") if each[0].lower() not in _BY_HOST - {"cache-control"}),
        )
        digest = self._digest(found.digest, fields)
        try:
            length = source.stat().st_size
            if digest != known:
                _copied(source, Path(staged(self._job.staging, name)))
        except FileNotFoundError as error:
            raise FeedsError(f"{source}: a file for readers was deleted (run it again: it is stored anew)") from error
        return ExportedFile(digest, length, _seconds(ASSETS_DATE), fields)

    def _digest(self, digest: str, fields: Fields) -> str:
        """The digest of a file, given that of its bytes."""
        if not self._job.stores_fields:
            return digest
        return blake2b(repr((digest, stored_fields(fields))).encode(), digest_size=16).hexdigest()

    def _name(self, path: str) -> str:
        return file_of(path, suffixed=self._job.suffixed)


def is_safe(name: str) -> bool:
    """Whether a path of another program can be the name of a file in the folder."""
    parts = name.split("/")
    return all(part not in ("", ".", "..") and len(part.encode()) <= _LONGEST and part.isprintable() for part in parts)


def media_paths(snapshot: Snapshot, now: datetime) -> Iterable[str]:
    """The paths of all files that readers may see: beside releases, of the newsroom itself, and of its theme."""
    files = set(snapshot.media.visible(now))
    files |= {(each.digest, each.file_name) for each in snapshot.theme.files}
    for each in snapshot.vocabulary.pictures.values():
        files.add((each.digest, each.file_name))
        files |= {(smaller.digest, each.smaller_name(smaller.width)) for smaller in each.smaller}
    found = (f"/media/{digest}/{name}" for digest, name in sorted(files))
    return [path for path in found if parse_media(path)]


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _write(place: str, body: bytes) -> None:
    """Writes a file. Not by `open`, which asks the system several times about a file that is new and ours."""
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    try:
        while body:
            body = body[os.write(descriptor, body) :]
    finally:
        os.close(descriptor)


def _copied(source: Path, target: Path) -> None:
    with source.open("rb") as one, target.open("wb") as other:
        while os.sendfile(other.fileno(), one.fileno(), None, 1 << 24):
            pass
