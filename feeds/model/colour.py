"""Colours as CSS writes them, and their contrast (WCAG 2.2, success criterion 1.4.3)."""

from __future__ import annotations

import re

ENOUGH = 4.5
"""The contrast that text of any size needs against what is behind it."""

LIGHT_BACKGROUNDS = ("#ffffff", "#f1f4f8")
"""Behind the text of light pages, the page's own background first; as in assets/style.css."""

DARK_BACKGROUNDS = ("#10161d", "#18212b")

_WRITTEN = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_STEPS = 256


def parse_colour(text: str) -> str | None:
    """A colour in its canonical form: a # and six lower-case digits. None if it is not a # with three or six digits.

    >>> parse_colour("#0B5FFF"), parse_colour("#05f"), parse_colour("blue")
    ('#0b5fff', '#0055ff', None)
    """
    found = _WRITTEN.fullmatch(text.strip())
    if not found:
        return None
    digits = found[1].lower()
    return f"#{digits}" if len(digits) == 6 else "#" + "".join(digit * 2 for digit in digits)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21.

    >>> contrast("#000000", "#ffffff"), contrast("#777777", "#777777")
    (21.0, 1.0)
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def darker(colour: str, backgrounds: tuple[str, ...]) -> str:
    """The nearest darker shade of a colour with enough contrast on all ``backgrounds``; itself if it has that.

    >>> darker("#0b5fff", LIGHT_BACKGROUNDS), darker("#ffcc00", LIGHT_BACKGROUNDS)
    ('#0b5fff', '#876c00')
    """
    return _nearest(colour, "#000000", backgrounds)


def lighter(colour: str, backgrounds: tuple[str, ...]) -> str:
    """The nearest lighter shade of a colour with enough contrast on all ``backgrounds``; itself if it has that."""
    return _nearest(colour, "#ffffff", backgrounds)


def _nearest(colour: str, end: str, backgrounds: tuple[str, ...]) -> str:
    """The first mixture of a colour with black or white that can be read on all backgrounds."""
    shades = (_mixed(colour, end, step / _STEPS) for step in range(_STEPS))
    return next((shade for shade in shades if all(contrast(shade, each) >= ENOUGH for each in backgrounds)), end)


def _mixed(colour: str, end: str, share: float) -> str:
    parts = zip(_channels(colour), _channels(end), strict=True)
    return "#" + "".join(f"{round(own + (other - own) * share):02x}" for own, other in parts)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    """The relative luminance (WCAG 2.2, section 6)."""
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
