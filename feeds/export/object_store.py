"""Reads and writes the objects below a prefix of a bucket. Nothing else here knows the library for object stores."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError
from obstore.store import from_url

from feeds.errors import FeedsError
from feeds.export.manifest import ObjectVersion

CREDENTIALS = {
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS",
    "az": "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
}
"""By the scheme of the address: the variables that hold the credentials."""
_VARIABLES = {"s3": "AWS", "gs": "GOOGLE", "az": "AZURE"}
"""How the names of the library's variables begin."""
_LARGE = 5 << 20
"""Bytes above which an object is sent in parts of this size, which cannot be done on a condition."""
_DELETED_AT_ONCE = 1_000


class ConflictError(FeedsError):
    """An object is not the one that was to be replaced."""


class StoredObject(NamedTuple):
    """An object, and which version of it was found."""

    content: bytes
    tag: ObjectVersion


class Objects:
    """The objects below an address such as `s3://bucket/prefix`. Credentials come from the environment."""

    def __init__(self, url: str, *, patience: float = 60.0) -> None:
        """``patience`` says for how many seconds a request is tried again when the store is away. Raises FeedsError."""
        self.url = url.rstrip("/")
        self._scheme = url.partition("://")[0]
        with self._told():
            self._store = from_url(
                self.url,
                retry_config={"max_retries": 10, "retry_timeout": timedelta(seconds=patience)},
            )

    def tags(self) -> dict[str, ObjectVersion]:
        """All objects by name. One request for each thousand of them."""
        with self._told():
            return {
                each["path"]: _tag(each["e_tag"], each["version"])
                for chunk in obstore.list(self._store, chunk_size=1_000)
                for each in chunk
            }

    def get(self, name: str) -> StoredObject | None:
        """An object; None if there is none. Raises FeedsError if there is no bucket."""
        with self._told():
            try:
                found = obstore.get(self._store, name)
                return StoredObject(bytes(found.bytes()), _tag(found.meta["e_tag"], found.meta["version"]))
            except FileNotFoundError as error:
                if _is_without_bucket(str(error)):
                    raise
                return None

    def put(
        self, name: str, content: bytes | Path, fields: Mapping[str, str], replaces: ObjectVersion | None
    ) -> ObjectVersion:
        """Writes an object if it is still the version that it replaces; with None, if there is none.

        Raises ConflictError if it is not. Large files are written in any case: their names change with their bytes.
        """
        if isinstance(content, Path) and content.stat().st_size > _LARGE:
            with self._told():
                made = obstore.put(self._store, name, content, attributes=dict(fields), max_concurrency=4)
                return _tag(made["e_tag"], made["version"])
        body = content.read_bytes() if isinstance(content, Path) else content
        try:
            with self._told():
                mode = self._condition(name, replaces)
                made = obstore.put(self._store, name, body, attributes=dict(fields), mode=mode, use_multipart=False)
                return _tag(made["e_tag"], made["version"])
        except ConflictError:
            # The store may have done it already: its answer was lost, and the request was sent again.
            found = self.get(name)
            if found and found.content == body:
                return found.tag
            raise

    def _condition(self, name: str, tag: ObjectVersion | None) -> obstore.PutMode:
        if tag is None:
            return "create"
        if self._scheme == "gs" and not tag.version:
            tag = self._with_version(name, tag)
        return {"e_tag": tag.entity, "version": tag.version} if tag.version else {"e_tag": tag.entity}

    def _with_version(self, name: str, tag: ObjectVersion) -> ObjectVersion:
        """The tag with the number that Google's store wants as a condition, and that its listing does not have."""
        meta = obstore.head(self._store, name)
        if (meta["e_tag"] or "").strip('"') != tag.entity.strip('"'):
            raise ConflictError(f"{self.url}/{name}: was changed meanwhile by something else (run it again)")
        return _tag(meta["e_tag"], meta["version"])

    def delete(self, names: Sequence[str]) -> None:
        """Deletes objects; those that are not there do not matter."""
        for start in range(0, len(names), _DELETED_AT_ONCE):
            with self._told(), suppress(FileNotFoundError):
                obstore.delete(self._store, list(names[start : start + _DELETED_AT_ONCE]))

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turns the library's errors into our own, without its text: that may have credentials in it."""
        try:
            yield
        except (AlreadyExistsError, PreconditionError) as error:
            raise ConflictError(f"{self.url}: was changed meanwhile by something else (run it again)") from error
        except (BaseError, FileNotFoundError, ValueError) as error:
            raise FeedsError(f"{self.url}: {self._reason(str(error))}") from error

    def _reason(self, text: str) -> str:
        credentials = CREDENTIALS[self._scheme]
        code, said = _between(text, "Code"), _between(text, "Message")
        status = (re.search(r"status code: (\d{3})", text) or ("", ""))[1]
        details = ", ".join(filter(None, (code or status, said)))
        if _is_without_bucket(text):
            return "there is no such bucket (make it, or see to its name, the region and the endpoint)"
        if "169.254." in text or "metadata.google" in text or "MissingAccount" in text:
            return f"no credentials were found (set {credentials})"
        if status in ("401", "403") or "AccessDenied" in text:
            may = "the credentials must be allowed to list, read, write and delete below it"
            return f"access is denied{f': {details}' if details else ''} ({may}: {credentials})"
        if "BadScheme" in text:
            return f"its endpoint is not https (set {_VARIABLES[self._scheme]}_ALLOW_HTTP=true for one on this machine)"
        if "HTTP error" in text:
            again = re.search(r"after (\d+) retries", text)
            tried = f", also not at {again[1]} more tries" if again else ""
            return f"the store cannot be reached{tried} (each object that is there is whole; run it again)"
        if details:
            return f"the store refuses: {details}"
        if "Unrecognised" in text or "invalid" in text:
            return f"no address of a bucket (such as {self._scheme}://bucket/prefix)"
        return "the store gives an answer that is not understood"


def _tag(entity: str | None, version: str | None) -> ObjectVersion:
    return ObjectVersion(entity or "", version or "")


def _between(text: str, element: str) -> str:
    """The first line of the text of an element in the store's answer."""
    found = re.search(rf"<{element}>([^<]{{1,300}})</{element}>", text)
    return found[1].strip().partition("\n")[0].rstrip(".\r") if found else ""


def _is_without_bucket(text: str) -> bool:
    return any(each in text for each in ("NoSuchBucket", "ContainerNotFound", "bucket does not exist"))
