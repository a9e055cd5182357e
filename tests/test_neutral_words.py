"""The product speaks of no newsroom in particular: neither its code nor what it prints has the words of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import feeds

_WHOLE_WORDS = (
    *("office", "offices", "ILO", "ilo", "UN", "UNCT", "UNDAF", "China", "Mongolia", "Beijing", "Ulaanbaatar"),
    *("Shanghai", "United Nations", "International Labour", "decent work", "Decent Work"),
)
_PARTS = ("国际劳工", "联合国", "中国", "蒙古国", "本局", "北京", "ОУХБ", "НҮБ", "Хятад", "Монгол Улс", "овчоо")
"""Of texts that have no spaces between words, or put endings to them. The names of languages may stand."""

_FORBIDDEN = re.compile(rf"(?<![\w-])(?:{'|'.join(_WHOLE_WORDS)})(?![\w-])|{'|'.join(_PARTS)}", re.MULTILINE)
_BINARY = (".png", ".mo", ".gz")


def _words_of_somebody(text: str) -> list[str]:
    return _FORBIDDEN.findall(text)


def _files() -> Iterator[Path]:
    for path in sorted(Path(feeds.__file__).parent.rglob("*")):
        if path.is_file() and path.suffix not in _BINARY and path.parent.name != "__pycache__":
            yield path


def test_the_product_has_no_words_of_a_newsroom_in_particular() -> None:
    found = {
        f"{path.name}:{number}": words
        for path in _files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (words := _words_of_somebody(f"{line} {path.stem}"))
    }
    assert not found


@pytest.mark.parametrize(
    "text", ["About the office", "(ILO)", "The UN in China.", "www.ilo.org", "联合国驻华", "Товчооны тухай"]
)
def test_such_words_are_found(text: str) -> None:
    assert _words_of_somebody(text)


@pytest.mark.parametrize("text", ["Press officer", "officedocument", "Chinese and Mongolian", "unless", "蒙古语"])
def test_names_of_languages_and_parts_of_words_may_stand(text: str) -> None:
    assert not _words_of_somebody(text)
