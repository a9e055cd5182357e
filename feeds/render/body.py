"""The body of a release: its Markdown, the HTML made of it, and remarks on what readers do not get as written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from feeds.errors import FeedsError

MOST_REMARKS = 100
"""How many remarks are made on one body."""


class MarkupError(FeedsError):
    """A text that cannot be turned into HTML. The message says what to change."""


class FileLink(NamedTuple):
    """Where readers get a file that lies beside the release, and its size if it is a picture that browsers show."""

    address: str
    size: tuple[int, int] | None

    @property
    def sizes(self) -> dict[str, str]:
        """The attributes ``width`` and ``height`` of a picture."""
        return {"width": str(self.size[0]), "height": str(self.size[1])} if self.size else {}


class MarkdownSource(NamedTuple):
    """The Markdown from which the HTML was made."""

    text: str
    parsed: str
    """The text as the Markdown engine got it: of the same length."""
    page: str
    """The absolute address of the release's page; relative references are resolved against it."""
    home: str
    """The absolute address under which the newsroom's own pages are."""
    files: Mapping[str, FileLink]
    """The files beside the release, by name."""


class Remark(NamedTuple):
    """What readers do not get as it is written: where in the source, what, and what to do."""

    offset: int
    message: str
    advice: str


class OwnLink(NamedTuple):
    """A link or picture under the newsroom's own address. Whether something is there is looked up later."""

    offset: int
    address: str
    written: str
    is_picture: bool


class Body(NamedTuple):
    """The body of a release as HTML, with remarks. `publishable` gives it unsanitized, `body_of` sanitized."""

    html: str
    remarks: tuple[Remark, ...]
    own_links: tuple[OwnLink, ...]
    files: tuple[str, ...] = ()
    """The names of files beside the release that it shows or leads to, whether they are there or not."""


def shown(text: str) -> str:
    """Text of the editor in a message."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return f"“{line if len(line) <= 60 else f'{line[:59]}…'}”"
