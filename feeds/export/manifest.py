"""The manifest of an export: which files are its own, what each holds, and what a host must say about it.

It lies in the exported folder, so that another machine can go on with it. It tells nothing of what is scheduled: the
folder is public. So the moment of the next export does not stand in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple, Self

from feeds.errors import FeedsError
from feeds.export.files import ExportedFile, Fields, Files

VERSION = 1


class ObjectVersion(NamedTuple):
    """What an object store calls one version of an object."""

    entity: str
    """Its entity tag."""
    version: str = ""
    """The version number that some stores have besides."""


class Placed(NamedTuple):
    """What is known of a manifest, so that it need not be parsed: the digest of its bytes, and the files in it."""

    digest: str = ""
    files: Files = Files()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an export has written."""

    base_url: str = ""
    moment: str = ""
    """When the export was made: RFC 3339."""
    options: Mapping[str, Any] = field(default_factory=dict)
    files: Files = field(default_factory=Files)
    moved: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """By path: where a redirect leads, and its status."""
    gone: Mapping[str, str] = field(default_factory=dict)
    """By path: the file of the page that is sent with the status 410."""
    tags: Mapping[str, ObjectVersion] = field(default_factory=dict, compare=False)
    """By file: which version of an object it is, in an object store."""

    def with_pending(self, names: Iterable[str], twins: tuple[str, ...]) -> Manifest:
        """The manifest while these files are being written: each, and each twin, may be old, new or absent.

        One that was not there before has no date (0).
        """
        modified = {name: self.files[name].modified if name in self.files else 0 for name in names}
        pending = {name: ExportedFile("", 0, since, (), twins=twins) for name, since in modified.items()}
        return replace(self, files=self.files.changed(pending))

    def to_json(self, before: WrittenManifest | None = None) -> bytes:
        """The manifest as JSON, a line for each file, sorted. Header fields that files share stand once.

        The lines of files that are as in ``before`` are taken from there.
        """
        lines = dict(before.lines) if before else {}
        known, shared = (before.manifest.files, before.shared()) if before and lines else (Files(), {})
        for name in sorted(self.files.differing(known)):
            file = self.files.get(name)
            if file is None:
                lines.pop(name, None)
            elif name not in lines or known.get(name) != file:
                lines[name] = _entry(name, file, shared).encode()
        files = b",\n".join([lines[name] for name in sorted(lines)])
        head = {"version": VERSION, "base_url": self.base_url, "moment": self.moment, "options": self.options}
        rest: dict[str, Any] = {"moved": dict(sorted(self.moved.items())), "gone": dict(sorted(self.gone.items()))}
        if self.tags:
            rest["tags"] = dict(sorted(self.tags.items()))
        start = f'{_json({**head, "fields": list(shared)})[:-1]},"files":{{\n'
        return b"".join((start.encode(), files, f"\n}},{_json(rest)[1:]}\n".encode()))

    @classmethod
    def from_json(cls, text: bytes, where: str, files: Files | None = None) -> Self:
        """Reads what `to_json` has written. Raises FeedsError that names ``where`` it was read from.

        If ``files`` are given, they are those of the manifest, and are not parsed.
        """
        try:
            data = json.loads(text if files is None else b"".join(_parts(text)[::2]))
            if data["version"] != VERSION:
                raise FeedsError(f"{where}: written by another version of this program (export into a new folder)")
            files = Files(_files(data)) if files is None else files
            moved = {path: (target, status) for path, (target, status) in data["moved"].items()}
            tags = {name: ObjectVersion(*tag) for name, tag in data.get("tags", {}).items()}
            return cls(data["base_url"], data["moment"], data["options"], files, moved, data["gone"], tags)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise FeedsError(f"{where}: no manifest that can be read (export into a new folder)") from error


@dataclass
class WrittenManifest:
    """A manifest and its bytes as they were read."""

    manifest: Manifest
    text: bytes

    @cached_property
    def lines(self) -> Mapping[str, bytes]:
        """The line of each file; nothing if the bytes have no line for each."""
        found = _parts(self.text)[1].split(b",\n")
        names = sorted(self.manifest.files)
        return dict(zip(names, found, strict=True)) if found[0] and len(found) == len(names) else {}

    def shared(self) -> dict[Fields, int]:
        """The numbers by which its lines name header fields."""
        head, _, rest = _parts(self.text)
        return {_fields(each): number for number, each in enumerate(json.loads(head + rest)["fields"])}


def _parts(text: bytes) -> tuple[bytes, bytes, bytes]:
    """What stands before the lines of the files, these lines, and what stands behind them."""
    start = text.find(b"\n") + 1
    end = text.rfind(b"\n", start, -1)
    return text[:start], text[start:end], text[end:]


def _files(data: Mapping[str, Any]) -> dict[str, ExportedFile]:
    shared = [_fields(each) for each in data["fields"]]
    return {
        name: ExportedFile(
            each["digest"],
            each["length"],
            each["modified"],
            shared[each["fields"]],
            each.get("status", 200),
            tuple(each.get("twins", ())),
        )
        for name, each in data["files"].items()
    }


def _fields(pairs: Iterable[tuple[str, str]]) -> Fields:
    return tuple((name, value) for name, value in pairs)


def _entry(name: str, file: ExportedFile, shared: dict[Fields, int]) -> str:
    """A file as a member of a JSON object. Composed by hand, since there are tens of thousands."""
    number = shared.setdefault(file.fields, len(shared))
    status = f',"status":{file.status}' if file.status != 200 else ""
    twins = f',"twins":{_json(file.twins)}' if file.twins else ""
    return (
        f'{_text(name)}:{{"digest":"{file.digest}","length":{file.length},"modified":{file.modified},'
        f'"type":{_text(file.media_type)},"fields":{number}{status}{twins}}}'
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_text = json.encoder.encode_basestring
"""A text as JSON."""
