"""The manifest of an export: which files are its own, what each holds, and what a host must say about it.

It lies in the exported folder, so that another machine can go on with it. It tells nothing of what is scheduled: the
folder is public. So the moment of the next export does not stand in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Self

from feeds.errors import FeedsError

VERSION = 1

Fields = tuple[tuple[str, str], ...]
"""Header fields of a response."""


class Tag(NamedTuple):
    """What an object store calls one version of an object."""

    entity: str
    """Its entity tag."""
    version: str = ""
    """What some stores have besides."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of the export."""

    digest: str
    """BLAKE2b of its bytes, 16 octets; empty for a file that an interrupted export may have written.

    In an object store, of its bytes and of the fields that are stored with it.
    """
    length: int
    modified: int
    """When its content last changed, in seconds since 1970."""
    fields: Fields
    """The header fields that a host should send with it, Content-Type first."""
    status: int = 200
    """410 for the notice of a withdrawal and what has ended, 404 for the page of a wrong address."""
    twins: tuple[str, ...] = ()
    """The codings in which it lies beside itself."""

    @property
    def media_type(self) -> str:
        """The value of Content-Type."""
        return next((value for field, value in self.fields if field == "Content-Type"), "")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an export has written."""

    base_url: str = ""
    moment: str = ""
    """When the export was made: RFC 3339."""
    options: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, File] = field(default_factory=dict)
    """By name."""
    moved: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """By path: where a redirect leads, and its status."""
    gone: Mapping[str, str] = field(default_factory=dict)
    """By path: the file of the page that is sent with the status 410."""
    tags: Mapping[str, Tag] = field(default_factory=dict, compare=False)
    """By file: which version of an object it is, in an object store."""

    def with_pending(self, names: Iterable[str], twins: tuple[str, ...]) -> Manifest:
        """The manifest while these files are being written: each, and each twin, may be old, new or absent."""
        modified = {name: self.files[name].modified if name in self.files else 0 for name in names}
        pending = {name: File("", 0, since, (), twins=twins) for name, since in modified.items()}
        return replace(self, files={**self.files, **pending})

    def to_json(self) -> bytes:
        """The manifest as JSON, the same bytes for the same manifest. Header fields that files share stand once."""
        shared: dict[Fields, int] = {}
        files = ",".join([_entry(name, self.files[name], shared) for name in sorted(self.files)])
        head = {"version": VERSION, "base_url": self.base_url, "moment": self.moment, "options": self.options}
        rest: dict[str, Any] = {"moved": dict(sorted(self.moved.items())), "gone": dict(sorted(self.gone.items()))}
        if self.tags:
            rest["tags"] = dict(sorted(self.tags.items()))
        before = _json({**head, "fields": list(shared)})
        return f'{before[:-1]},"files":{{{files}}},{_json(rest)[1:]}\n'.encode()

    @classmethod
    def from_json(cls, text: bytes, where: str) -> Self:
        """Reads what `to_json` has written. Raises FeedsError that names ``where`` it was read from."""
        try:
            data = json.loads(text)
            if data["version"] != VERSION:
                raise FeedsError(f"{where}: written by another version of this program (export into a new folder)")
            shared = [tuple((name, value) for name, value in each) for each in data["fields"]]
            files = {
                name: File(
                    each["digest"],
                    each["length"],
                    each["modified"],
                    shared[each["fields"]],
                    each.get("status", 200),
                    tuple(each.get("twins", ())),
                )
                for name, each in data["files"].items()
            }
            moved = {path: (target, status) for path, (target, status) in data["moved"].items()}
            tags = {name: Tag(*tag) for name, tag in data.get("tags", {}).items()}
            return cls(data["base_url"], data["moment"], data["options"], files, moved, data["gone"], tags)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise FeedsError(f"{where}: no manifest that can be read (export into a new folder)") from error


def _entry(name: str, file: File, shared: dict[Fields, int]) -> str:
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
