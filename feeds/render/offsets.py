"""Finds the places in the Markdown of a body from which parts of its HTML were made."""

from __future__ import annotations

import re
from functools import cached_property

_POSITION = re.compile(r"([0-9]{1,7}):([0-9]{1,7})-([0-9]{1,7}):([0-9]{1,7})")
_LONGEST = 40
"""Characters of a tag that are looked for."""


class Offsets:
    """Offsets in a text, found while one goes through its HTML from front to end.

    ``parsed`` is the text as the Markdown engine got it, of the same length. If they are not ``known``, because the
    engine was not asked for them, all are 0.
    """

    def __init__(self, text: str, parsed: str, *, known: bool) -> None:
        self._text = text
        self._parsed = parsed
        self.known = known
        self._at = 0
        self._octets = b""
        self._last = (0, 0, 0)
        """The line of these bytes, and how many of them and of its characters are before the last place."""

    def go_to(self, offset: int) -> None:
        """Looks behind this offset from now on; 0 says that it is not known."""
        self._at = offset or self._at

    def of_element(self, position: str, written: str) -> tuple[int, int]:
        """Where an element begins and ends.

        ``position`` is the engine's ``data-sourcepos``. HTML of the editor's has none: its start tag is then looked for
        as it is ``written``, and its end is not known.
        """
        found = _POSITION.fullmatch(position)
        if found is None:
            return self.find(written), 0
        line, column, last_line, last_column = map(int, found.groups())
        self._at = self._offset(line, column - 1)
        return self._at, self._offset(last_line, last_column)

    def find(self, written: str) -> int:
        """The offset of the next place where something is written; near it, if it is spelled otherwise there."""
        if not self.known:
            return 0
        found = self._text.find(written.partition("\n")[0][:_LONGEST], self._at)
        if found < 0:
            return self._at
        self._at = found + 1
        return found

    def _offset(self, line: int, octets: int) -> int:
        """The offset of a place that the engine gives as a line, from 1, and a number of bytes in it."""
        if not 1 <= line <= len(self._lines):
            return 0
        begin = self._lines[line - 1]
        known, read, letters = self._last
        if known != line or octets < read:
            read = letters = 0
        if known != line:
            end = self._lines[line] if line < len(self._lines) else None
            self._octets = self._parsed[begin:end].encode()
        # Only what is new is decoded: a line can have many places.
        letters += len(self._octets[read:octets].decode(errors="ignore"))
        self._last = (line, max(octets, 0), letters)
        return begin + letters

    @cached_property
    def _lines(self) -> list[int]:
        """The offsets at which the lines begin."""
        return [0, *(found.end() for found in re.finditer("\n", self._parsed))]
