"""The Noto fonts of this machine: which of them has a text's letters. Fonts are installed, never part of the program.

Without them, or without what shapes letters (Raqm with FriBiDi), nothing can be drawn. Pillow is imported when there is
something to draw: it takes a thirtieth of a second.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PIL import ImageFont

_CJK = {"ja": 0, "ko": 1, "zh-Hant-HK": 4, "zh-Hant": 3, "zh-HK": 4, "zh-TW": 3, "zh": 2}
"""The place of a language in Noto Sans CJK: the same characters have other forms in each."""
_CJK_SCRIPTS = ("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "BOPOMOFO", "FULLWIDTH", "IDEOGRAPHIC")
_SYMBOLS = ("NotoSansSymbols", "NotoSansSymbols2", "NotoSansMath")
_UNSEEN = ("Cf", "Zs")
_MARKS = ("Mn", "Mc", "Me", "Cf")
"""Categories of characters that are drawn with the one before them, in its font."""
BOLD, REGULAR = "Bold", "Regular"
_NO_CHARACTER = "\U0010ffff"
_PIXELS = 32


class Face(NamedTuple):
    """One font of a file; ``number`` counts the fonts in it."""

    file: str
    number: int = 0


@cache
def can_draw() -> bool:
    """Whether this machine has Raqm and FriBiDi, which join letters and order them, and Noto Sans."""
    from PIL import features

    return bool(features.check("raqm") and features.check("fribidi")) and has(Face(f"NotoSans-{BOLD}.ttf"), "a")


def shaper() -> str:
    """The versions of the libraries that draw letters: other versions draw other pictures."""
    from PIL import features

    return " ".join(str(features.version(each)) for each in ("pil", "freetype2", "raqm", "harfbuzz", "zlib"))


def equipment() -> str:
    """The libraries and usual fonts of this machine, as one text; empty if it cannot draw. Others draw otherwise."""
    if not can_draw():
        return ""
    usual = (face for weight in (BOLD, REGULAR) for face in _usual("en", weight))
    files = (_file(face).stat() for face in usual if has(face, "a"))
    return " ".join([shaper(), *(f"{file.st_size} {file.st_mtime_ns}" for file in files)])


@lru_cache(maxsize=64)
def sized(face: Face, pixels: int) -> ImageFont.FreeTypeFont:
    """A font in a size. Raises OSError if it is not installed."""
    from PIL import ImageFont

    return ImageFont.truetype(face.file, pixels, index=face.number, layout_engine=ImageFont.Layout.RAQM)


def _file(face: Face) -> Path:
    return Path(str(sized(face, _PIXELS).path))


@cache
def digest(face: Face) -> str:
    """The SHA-256 of a font's file, in hexadecimal digits. Raises OSError if it is not installed."""
    with _file(face).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def faces_of(text: str, language: str, weight: str) -> tuple[Face, ...] | None:
    """The font for each character of a text, the same for a whole word if one has it all.

    None if there is a character that no font has.
    """
    found: list[Face] = []
    for word in text.split(" "):
        if found:
            found.append(found[-1])  # of the space
        whole = next((face for face in _candidates(word, language, weight) if has_all(face, word)), None)
        for index, character in enumerate(word):
            is_mark = index > 0 and unicodedata.category(character) in _MARKS
            face = whole or (found[-1] if is_mark else _first(character, language, weight))
            if face is None:
                return None
            found.append(face)
    return tuple(found)


def _first(character: str, language: str, weight: str) -> Face | None:
    return next((face for face in _candidates(character, language, weight) if has(face, character)), None)


def has_all(face: Face, text: str) -> bool:
    """Whether a font has all characters of a text."""
    return all(has(face, character) for character in text)


@lru_cache(maxsize=20_000)
def has(face: Face, character: str) -> bool:
    """Whether a font has a character. What a font lacks, it draws as the sign for “no character”."""
    try:
        font = sized(face, _PIXELS)
    except OSError:
        return False
    if unicodedata.category(character) in _UNSEEN:
        return True
    return _drawn(font, character) != _drawn(font, _NO_CHARACTER)


def _drawn(font: ImageFont.FreeTypeFont, character: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(character, mode="1")
    return mask.size, bytes(mask)


def _candidates(word: str, language: str, weight: str) -> Iterator[Face]:
    yield from _usual(language, weight)
    for name in dict.fromkeys(name for character in word for name in _of_script(character)):
        yield from (Face(f"Noto{style}{name}-{weight}.ttf") for style in ("Sans", "Serif"))
    yield from (Face(f"{name}-{each}.ttf") for name in _SYMBOLS for each in dict.fromkeys((weight, REGULAR)))


@lru_cache(maxsize=256)
def _usual(language: str, weight: str) -> tuple[Face, ...]:
    ours = next((number for tag, number in _CJK.items() if f"{language}-".startswith(f"{tag}-")), None)
    latin = Face(f"NotoSans-{weight}.ttf")
    cjk = Face(f"NotoSansCJK-{weight}.ttc", _CJK["zh"] if ours is None else ours)
    return (latin, cjk) if ours is None else (cjk, latin)


@lru_cache(maxsize=4_096)
def _of_script(character: str) -> tuple[str, ...]:
    """What the font of a character's script may be called: the character's own name begins with that of its script.

    >>> _of_script("अ")[:1], _of_script("ᱚ")[:2]
    (('Devanagari',), ('Ol', 'OlChiki'))
    """
    words = unicodedata.name(character, "").split()
    if not words or words[0] in _CJK_SCRIPTS:
        return ()
    return tuple("".join(word.capitalize() for word in words[:number]) for number in range(1, min(len(words), 4)))
