"""Resolves what a text refers to by the name of a file beside the release."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

from feeds.model.fields import media_name
from feeds.render.body import FileLink, shown
from feeds.render.references import is_address

_NO_NAME = ("/", "\\", "#", "?")
_SUFFIX = re.compile(r"[^/]\.[A-Za-z0-9]{1,8}\Z")


class LeftOutError(Exception):
    """A file that readers do not get. Its arguments are what is wrong, and what to do."""


def name_and_place(written: str, *, is_picture: bool = False) -> tuple[str, str] | None:
    """The name of a file that a text refers to, decoded, and what comes behind it.

    None for what is no such name: an address, a place in the text, a page of the newsroom.

    >>> name_and_place("annual%20report.pdf#page=3"), name_and_place("../2021/dam"), name_and_place("https://e.org/a.pdf")
    (('annual report.pdf', '#page=3'), None, None)
    """
    reference = written.strip()
    if reference.startswith(_NO_NAME) or is_address(reference):
        return None
    path, mark, fragment = reference.partition("#")
    name = unquote(path)
    return (name, mark + fragment) if "?" not in path and (is_picture or _SUFFIX.search(name)) else None


class FilesBeside:
    """The files beside a release, and the names that its text has for them."""

    def __init__(self, files: Mapping[str, FileLink]) -> None:
        self._files = files
        self.named: dict[str, None] = {}
        """Every name in the text, whether there is such a file or not."""

    def find(self, written: str, *, is_picture: bool = False) -> FileLink:
        """The file with a name. Raises LeftOutError if readers do not get it, or not as a picture."""
        try:
            name = media_name(written)
        except ValueError as error:
            message, advice = error.args
            raise LeftOutError(f"{shown(written)} is left out: it is {message}", advice) from error
        self.named[name] = None
        file = self._files.get(name)
        if file is None:
            message = f"{shown(name)} is left out: no file of this name that can be published lies beside the release"
            raise LeftOutError(message, "put the file there, or write its whole address, with https://")
        if is_picture and file.size is None:
            raise LeftOutError(f"{shown(name)} is left out: browsers show no such picture", "save it as PNG or JPEG")
        return file
