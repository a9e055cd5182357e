"""A newsroom's theme: its style sheet, its templates, and the fonts and pictures that these name."""

from __future__ import annotations

from dataclasses import dataclass

from feeds.model.media import MediaFile

FONT = "font/woff2"
"""The media type of fonts (RFC 8081)."""


@dataclass(frozen=True)
class Theme:
    """The usable part of the folder `theme/`."""

    style: str = ""
    """The style sheet of pages, with the addresses of fonts and pictures. Empty if there is none."""
    templates: tuple[tuple[str, str], ...] = ()
    """Names of files and their text, sorted: ``("front.html", "{% extends …")``."""
    files: tuple[MediaFile, ...] = ()
    """Fonts and pictures, sorted by name. Those that only an older style sheet, still in use, needs come first."""

    @property
    def has_fonts(self) -> bool:
        """Whether pages load fonts."""
        return any(file.type == FONT for file in self.files)
