"""The bucket of an object store that an export writes into: each object replaced in one step, and on a condition.

The manifest is an object too, with the entity tag of each other one. So one listing says what is there as it was
written, and what has to be written again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from feeds.errors import FeedsError
from feeds.export.files import ExportedFile, Files
from feeds.export.lease import WATCHED, Lease
from feeds.export.manifest import Manifest, ObjectVersion, Placed
from feeds.export.object_store import ConflictError, Objects, StoredObject
from feeds.export.target import OWN, TargetChangedError, staged, stored_fields

_MANIFEST = f"{OWN}/manifest.json"
_LOCK = f"{OWN}/lock"
_AT_ONCE = 16
"""Objects that are sent at the same time."""
_TYPE = {"Content-Type": "application/json", "Cache-Control": "no-store"}


class Bucket:
    """The objects below an address such as `s3://bucket/prefix`: a `Target`."""

    stores_fields = True
    digest = ""

    def __init__(
        self, url: str, clock: Callable[[], float], *, watched: float = WATCHED, patience: float = 60.0
    ) -> None:
        """``clock`` counts seconds and is never set; for ``watched`` see `Lease`, for ``patience`` see `Objects`.

        Raises FeedsError for an address that is invalid.
        """
        self._objects = Objects(url, patience=patience)
        self._clock = clock
        self._watched = watched
        self.staging = Path()
        self._there: dict[str, ObjectVersion] = {}
        self._tags: dict[str, ObjectVersion] = {}
        self._manifest: StoredObject | None = None
        self._lease: Lease | None = None
        self._tell: Callable[[str], object] = lambda _: None

    def __str__(self) -> str:
        return self._objects.url

    @contextmanager
    def locked(self, tell: Callable[[str], object]) -> Iterator[None]:
        """Makes a temporary folder to stage files in. Only `begin` keeps others out: until then nothing is written."""
        self._tell = tell
        self._lease = Lease(self._objects, _LOCK, self._clock, watched=self._watched)
        try:
            with tempfile.TemporaryDirectory(prefix="feeds-") as staging:
                self.staging = Path(staging)
                try:
                    yield
                finally:
                    self._lease.release()
        except OSError as error:
            raise FeedsError(
                f"{tempfile.gettempdir()}: cannot be written: {error.strerror or error}"
                f" ({self} is whole; TMPDIR names another place)"
            ) from error

    def manifest(self, known: Placed) -> Manifest:
        """What the last export has written; an empty one if there was none. Lists all objects.

        A prefix with other objects and without a manifest is refused.
        """
        self._manifest = self._objects.get(_MANIFEST)  # before the list: later changes are seen when this is replaced
        self._there = self._objects.tags()
        if self._manifest is None:
            strange = sorted(each for each in self._there if not each.startswith("."))
            if strange:
                raise FeedsError(
                    f"{self}: has objects that are not from an export, such as {strange[0]} (name another prefix)"
                )
            return Manifest()
        manifest = Manifest.from_json(self._manifest.content, f"{self}/{_MANIFEST}")
        self._tags = dict(manifest.tags)
        for name, tag in self._tags.items():
            # Azure's listings have no quotation marks around entity tags, Google's no versions.
            if self._there.get(name, ObjectVersion("")).entity.strip('"') == tag.entity.strip('"'):
                self._there[name] = tag
        # The entity tags had to be read anyway, and the files with them.
        return replace(manifest, files=manifest.files.as_changes_of(known.files))

    def damaged(self, files: Files) -> list[str]:
        """The names of those objects that are not the version that the last export has written."""
        there, tags = self._there, self._tags
        return [
            name
            for name, file in files.items()
            if not file.digest or name not in there or there[name] != tags.get(name)
        ]

    def require_free(self, names: Collection[str], codings: Collection[str]) -> None:
        """Raises FeedsError if an object that is not ours stands where one of ours is to be."""
        del codings  # an object has no twins
        for name in names:
            if name in self._there:
                raise FeedsError(
                    f"{self}/{name}: is there already and not from an export (move it, or name another prefix)"
                )

    def begin(self, manifest: Manifest, names: Sequence[str]) -> None:
        """Keeps other exports out, then replaces the manifest that was read. Raises FeedsError, TargetChangedError."""
        del names
        self._held.take(self._tell)
        try:
            self._write(manifest)
        except ConflictError as error:
            raise TargetChangedError(f"{self}: another export has just written there (run it again)") from error

    def place(
        self, names: Sequence[str], files: Mapping[str, ExportedFile], former: Mapping[str, ExportedFile]
    ) -> None:
        """Puts staged files into the store, several at a time."""
        del former
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            placed = [threads.submit(self._place, name, files[name]) for name in names]
            try:
                for each in placed:
                    each.result()
            finally:
                threads.shutdown(cancel_futures=True)  # where one has failed, the others are not begun

    def _place(self, name: str, file: ExportedFile) -> None:
        self._held.require()
        fields = stored_fields(file.fields)
        try:
            tag = self._objects.put(name, Path(staged(self.staging, name)), fields, self._there.get(name))
        except ConflictError as error:
            raise FeedsError(f"{self}/{name}: was changed meanwhile by something else (run it again)") from error
        self._there[name] = self._tags[name] = tag

    def remove(self, names: Sequence[str], former: Mapping[str, ExportedFile]) -> None:
        """Deletes objects of ours."""
        del former
        self._held.require()
        self._objects.delete([name for name in names if name in self._there])

    def finish(self, manifest: Manifest) -> None:
        """Replaces the manifest. Raises FeedsError if another export has taken over."""
        self._held.require()
        try:
            self._write(manifest)
        except ConflictError as error:
            raise FeedsError(f"{self}: stopped, since another export may have taken over (run it again)") from error

    def _write(self, manifest: Manifest) -> None:
        tags = {name: self._tags[name] for name, file in manifest.files.items() if file.digest and name in self._tags}
        content = replace(manifest, tags=tags).to_json()
        tag = self._objects.put(_MANIFEST, content, _TYPE, self._manifest.tag if self._manifest else None)
        self._manifest = StoredObject(content, tag)

    @property
    def _held(self) -> Lease:
        if self._lease is None:
            raise FeedsError(f"{self}: nothing is written outside of `locked`")
        return self._lease
