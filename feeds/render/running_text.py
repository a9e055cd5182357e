"""What readers of running text expect: a bare address is a link, and lines of Chinese join without a space."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from urllib.parse import urlsplit

from feeds.model.web_address import web_address

# Characters of East Asian width (Unicode Annex 11), in whose scripts no space stands between words. Hangul is left out:
# Korean has such spaces.
_WIDE = (
    "\u2e80-\u2fff\u3000-\u312f\u3190-\u31ff\u3220-\u325f\u3280-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff9f\uffe0-\uffe6"
    "\U0001b000-\U0001b2ff\U00020000-\U0003fffd"
)
_HANGUL = "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff\uffa0-\uffdc"
# Thai, Lao, Burmese, Khmer: no spaces between words either.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
# Dashes, dots and quotation marks of Chinese which other scripts have too.
_SHARED = "\u00b7\u2014\u2018\u2019\u201c\u201d\u2026"

_INLINE = "a|abbr|b|bdi|bdo|cite|code|del|dfn|em|i|ins|kbd|mark|q|ruby|s|samp|small|span|strong|sub|sup|time|u|var"
_TAGS = rf"(?:</?(?:{_INLINE})(?: [^<>]*)?>)*"
_A_WIDE = re.compile(f"[{_WIDE}]")
_ENDS = rf"(?:([{_WIDE}])|[{_SHARED}]){_TAGS}"
_BEGINS = rf"{_TAGS}(?:([{_WIDE}])|[{_SHARED}])"
"""Not compiled until a text has such characters: that takes milliseconds, which most commands can do without."""
_PREFORMATTED = re.compile("(<pre[ >].*?</pre>)", re.DOTALL)

# A host with labels in such scripts. Its last label has other letters, or a sign behind it: text may follow directly.
_LETTER = rf"(?:[{_HANGUL}{_UNSPACED}]|(?=[{_WIDE}])\w)"
_HOST = (
    rf"(?:(?:[a-z0-9-]+|(?:{_LETTER}|[0-9-])+)\.)*?(?:{_LETTER}|[0-9-])+"
    rf"\.(?:[a-z]{{2,63}}(?![a-z0-9-])|{_LETTER}{{2,3}}(?=[/:?#]|\s|$))"
)
_BARE = (
    rf"(?<![A-Za-z0-9@/_-])(?:https?://|(?<!\.)www\.(?=[\w-]+\.))(?:{_HOST})?"
    rf"(?:(?![{_WIDE}{_HANGUL}{_UNSPACED}])[\w!#$%&'()*+,\-./:;=?@\[\]~]){{0,2000}}"
)
_AFTER = "!'*,.:;?_~(["
_BRACKETS = {")": "(", "]": "["}


def joined(fragment: str) -> str:
    """HTML in which no line break parts two characters of Chinese or Japanese, unless they are preformatted.

    Browsers and feed readers show a line break as a space (CSS Text 3, section 4.1.3, lets them do otherwise).

    >>> joined("<p>他们<b>通过</b>\\n了《宣言》。</p>"), joined("<p>one\\ntwo</p>")
    ('<p>他们<b>通过</b>了《宣言》。</p>', '<p>one\\ntwo</p>')
    """
    if not _A_WIDE.search(fragment):
        return fragment
    parts = _PREFORMATTED.split(fragment) if "<pre" in fragment else [fragment]
    parts[::2] = map(_joined_lines, parts[::2])
    return "".join(parts)


def _joined_lines(text: str) -> str:
    first, *others = text.split("\n")
    found = [first]
    for before, line in pairwise((first, *others)):
        begin = re.match(_BEGINS, line)
        end = begin and _end_of_line(before)
        if not (begin and end and (begin[1] or end[1])):
            found.append("\n")
        found.append(line)
    return "".join(found)


def _end_of_line(line: str) -> re.Match[str] | None:
    """The last character of a line, if it is one of Chinese, with the inline tags behind it."""
    last = len(line)
    while last and line[last - 1] == ">":
        last = line.rfind("<", 0, last)
    return re.fullmatch(_ENDS, line[last - 1 :]) if last > 0 else None


@lru_cache(maxsize=1)
def _bare() -> re.Pattern[str]:
    """The pattern of a bare address, compiled when it is needed: that takes a twentieth of the time of all imports."""
    return re.compile(_BARE, re.IGNORECASE)


def has_bare_address(text: str) -> bool:
    """Whether a text may have an address in it: a quick look."""
    return "://" in text or "www." in text or "WWW." in text


def linked(text: str, target: Callable[[str, str], str] = lambda address, shown: address) -> str:
    """Plain text as HTML in which bare web addresses are links.

    ``target`` gets each address and its written form, and returns where the link leads. A full stop, a bracket or a
    letter of Chinese after an address is not part of it.

    >>> linked("见https://e.org/x。")
    '见<a href="https://e.org/x">https://e.org/x</a>。'
    """
    found = []
    last = 0
    for match in _bare().finditer(text):
        shown = _without_end(match[0])
        href = _address(shown)
        if href:
            href = target(href, shown)
            end = match.start() + len(shown)
            found += [escaped(text[last : match.start()]), f'<a href="{html.escape(href)}">{escaped(shown)}</a>']
            last = end
    return "".join((*found, escaped(text[last:])))


def escaped(text: str) -> str:
    """Plain text as HTML."""
    return html.escape(text, quote=False)


def _without_end(address: str) -> str:
    """The address without the signs that follow it in a sentence. A bracket that it opens itself stays."""
    end = len(address)
    while end and (last := address[end - 1]):
        opening = _BRACKETS.get(last)
        if last not in _AFTER and not (opening and address.count(last, 0, end) > address.count(opening, 0, end)):
            break
        end -= 1
    return address[:end]


def _address(shown: str) -> str | None:
    """The whole address of what stands in a text; None if it leads nowhere on the web."""
    try:
        address = web_address(shown if "://" in shown else f"https://{shown}")
    except ValueError:
        return None
    return address if "." in (urlsplit(address).hostname or "") else None
