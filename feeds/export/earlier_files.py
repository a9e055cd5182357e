"""The files of earlier exports in a target: which are there, which are missing, and which dates files must have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feeds.export.files import ExportedFile, Files
from feeds.export.kept_documents import KeptDocuments


@dataclass(frozen=True, slots=True)
class EarlierFiles:
    """The files of earlier exports in the target."""

    files: Files

    def digest(self, name: str) -> str:
        """The digest of a file; empty if it is damaged, or if there is none."""
        known = self.files.get(name)
        return known.digest if known else ""

    def lacking(self, documents: KeptDocuments) -> frozenset[str]:
        """The paths of the documents whose file is missing in the target, or has other bytes there."""
        others = [(path, each.name) for path, each in documents.others.items() if each.file]
        names = documents.files.differing(self.files)
        return frozenset(
            path
            for path, name in (*documents.with_files(names), *others)
            if (file := documents[path].file) and not is_same(self.files.get(name), file)
        )

    def dated(self, name: str, file: ExportedFile, now: datetime) -> ExportedFile:
        """The file with its date, which never goes back; other bytes always get a later date than those before."""
        known = self.files.get(name)
        if known is file or known is None or known.modified < file.modified:
            return file
        if known.digest == file.digest:
            return file if known.modified == file.modified else file._replace(modified=known.modified)
        return file._replace(modified=max(int(now.timestamp()), known.modified + 1))


def is_same(known: ExportedFile | None, file: ExportedFile) -> bool:
    """Whether a file that is known has the bytes of another, and its twins."""
    return known is not None and (known.digest, known.twins) == (file.digest, file.twins)


def is_new(known: ExportedFile | None) -> bool:
    """Whether a file was not there before, or was to be there first by an export that was interrupted."""
    return known is None or not known.modified
