"""Parses HTML as editors write it, and says which elements and attributes feeds can carry."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


KEPT = _names(
    """a abbr b bdi bdo blockquote br caption cite code dd del dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6
    hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub sup table tbody td tfoot th
    thead time tr u ul var wbr"""
)
"""Elements that feed readers show."""

RENAMED = {
    "acronym": "abbr",
    "dir": "ul",
    "menu": "ul",
    "strike": "s",
    "tt": "code",
    **dict.fromkeys(
        _names(
            """address article aside center details dialog fieldset footer form header hgroup legend main nav search
            section summary"""
        ),
        "div",
    ),
}
"""Elements whose text would run into the next one without a line of its own, or which have a newer name."""

_EVERYWHERE = {"lang", "dir", "title", "id"}
ATTRIBUTES = {
    "*": _EVERYWHERE,
    "a": {"href", "hreflang"} | _EVERYWHERE,
    "blockquote": {"cite"} | _EVERYWHERE,
    "img": {"src", "alt", "width", "height"} | _EVERYWHERE,
    "li": {"value"} | _EVERYWHERE,
    "ol": {"start", "reversed", "type"} | _EVERYWHERE,
    "q": {"cite"} | _EVERYWHERE,
    "td": {"colspan", "rowspan", "align"} | _EVERYWHERE,
    "th": {"colspan", "rowspan", "scope", "align"} | _EVERYWHERE,
    **dict.fromkeys(("tbody", "tfoot", "thead", "tr"), {"align"} | _EVERYWHERE),
    "time": {"datetime"} | _EVERYWHERE,
}
"""What is kept of an element's attributes. Others say how it looks or acts, which feeds leave to readers."""

_VALUES = {
    "align": re.compile("left|right|center", re.IGNORECASE),
    "colspan": re.compile("[0-9]{1,3}"),
    "dir": re.compile("ltr|rtl|auto", re.IGNORECASE),
    "height": re.compile("[0-9]{1,5}"),
    "rowspan": re.compile("[0-9]{1,3}"),
    "start": re.compile("-?[0-9]{1,9}"),
    "type": re.compile("[1aAiI]"),
    "value": re.compile("-?[0-9]{1,9}"),
    "width": re.compile("[0-9]{1,5}"),
}
"""Attributes with few values: any other is passed over."""
_LOOKED_AT = frozenset(("alt", "href", "id", "src"))
"""Attributes that are not kept as they are."""
_ALIGNED = re.compile(r"text-align\s*:\s*(left|right|center)", re.IGNORECASE)

PLAYERS = _names("applet audio embed frame iframe object video")
"""Elements that show what lies at another address."""

CONTROLS = _names("button datalist input select textarea")
"""Parts of forms."""

_NO_SCRIPT = "delete it: feed readers run no scripts"
_NO_CONTROL = "link to the page where readers find it"
LEFT_OUT = {
    "script": _NO_SCRIPT,
    "template": _NO_SCRIPT,
    "style": "delete it: feed readers have their own style",
    "title": "delete it: the release has its title in a field of its own",
    "svg": "save it as a file, and write ![what it shows](its whole address)",
    "canvas": "write ![what it shows](its whole address)",
    "map": "write its links one by one",
    "math": "write it in plain words and signs, or as a picture with its whole address",
    **dict.fromkeys(CONTROLS, _NO_CONTROL),
    **dict.fromkeys(("listing", "plaintext", "xmp"), "write ``` in the lines before and after it"),
}
"""Elements that are left out with their content, and what to do instead."""

LEFT_OUT_SILENTLY = _names("head")
"""Elements with content that no reader of a page sees."""

VOID = _names("""area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr""")
"""Elements without content and end tag (HTML, section 13.1.2)."""

_UNWRAPPED = _names(
    """big blink body colgroup data font frameset html label marquee meter nobr noembed noframes noscript optgroup
    option output picture progress rb rtc slot"""
)
_KNOWN = KEPT | RENAMED.keys() | PLAYERS | LEFT_OUT.keys() | LEFT_OUT_SILENTLY | VOID | _UNWRAPPED

# Attributes that mean something without a value. Any other word without one is no attribute: <Annual Report for All>.
_BOOLEAN = _names(
    """allowfullscreen allowtransparency alt async autoplay border checked class compact controls crossorigin
    default defer disabled download hidden id inert ismap itemscope loop mozallowfullscreen multiple muted
    nomodule noshade novalidate nowrap open playsinline readonly required reversed scoped seamless selected
    style title value webkitallowfullscreen"""
)
_BOOLEAN_BEGINS = ("data-", "aria-", "on", "x-", "v-", ":", "@", "#")

_LIKELY_NAMES = frozenset("ABIQSU")
"""Letters that stand for a name if they have no end tag: company <A> and company <B>."""

# Elements whose content is no markup: the first end tag is theirs (HTML, section 13.1.2).
_ONE_END = _names("script style textarea title xmp")

_NAME = r"[A-Za-z][^\s/<>]*+"
_VALUE = r"\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]++"
_TAG = re.compile(rf"<(/?)({_NAME})((?:\s++[^\s\"'<>/=]++(?:\s*+=\s*+(?:{_VALUE}))?+)*+)\s*+/?>")
# As browsers read a tag that is not well formed, except that a < begins another one.
_SLOPPY_TAG = re.compile(rf"<(/?)({_NAME})([^<>]*+)>")
_INSTRUCTION = re.compile(r"<(?:!(?!--)|\?)[^<>]*+>")
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+)))?")
_REFERENCE = re.compile(r"&(?:#[0-9]+|#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*(?=;));?")


COMMENT = "!--"
INSTRUCTION = "!"


class HtmlTag(NamedTuple):
    """A start or end tag, a comment, or an instruction for programs such as ``<?php … ?>``."""

    name: str
    """In lower case; COMMENT or INSTRUCTION."""
    closing: bool
    inside: str
    """What stands behind the name."""
    start: int
    end: int

    def attributes(self) -> dict[str, str]:
        """Its attributes by name in lower case; of two with one name, the first counts."""
        found: dict[str, str] = {}
        for name, double, single, bare in _ATTRIBUTE.findall(self.inside):
            value = double or single or bare
            found.setdefault(name.lower(), _REFERENCE.sub(_decoded, value) if "&" in value else value)
        return found


class RawHtml:
    """A text of HTML, taken apart from front to end, in time that grows with its length."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._without_end: set[str] = set()

    def tag_at(self, start: int) -> HtmlTag | None:
        """The tag, comment or instruction that begins with the ``<`` at a place; None if none ends."""
        text = self.text
        found = _TAG.match(text, start) or _SLOPPY_TAG.match(text, start)
        if found:
            closing, name, inside = found.groups()
            return HtmlTag(name.lower(), closing == "/", inside, start, found.end())
        if text.startswith("<!--", start):
            end = self._find("-->", start + 4)
            return HtmlTag(COMMENT, False, "", start, end + 3) if end >= 0 else None
        if text.startswith("<![CDATA[", start):
            end = self._find("]]>", start)
            return HtmlTag(INSTRUCTION, False, "", start, end + 3) if end >= 0 else None
        if instruction := _INSTRUCTION.match(text, start):
            return HtmlTag(INSTRUCTION, False, "", start, instruction.end())
        return None

    def is_prose(self, tag: HtmlTag) -> bool:
        """Whether a tag is rather text between angle brackets: ``<Annual Report for All>``, ``<Annex>``."""
        if tag.name not in _KNOWN:
            return ":" not in tag.name  # the tags of word processors, such as <o:p>, are left out without a word
        if tag.closing:
            return False
        words = [name.lower() for name, *values in _ATTRIBUTE.findall(tag.inside) if not any(values)]
        if words and not all(word in _BOOLEAN or word.startswith(_BOOLEAN_BEGINS) for word in words):
            return "=" not in tag.inside
        written = self.text[tag.start + 1 : tag.start + 1 + len(tag.name)]
        if written in _LIKELY_NAMES and not tag.inside:
            return self.end_of(tag) is None
        if tag.inside or not written.istitle() or len(written) < 2 or tag.name in ("br", "hr", "li"):
            return False
        return tag.name in VOID or self.end_of(tag) is None

    def end_of(self, tag: HtmlTag) -> tuple[int, int] | None:
        """Where the end tag of an element begins and ends; None if it has none."""
        if tag.name in VOID or tag.name in self._without_end:
            return None
        begin = "/" if tag.name in _ONE_END else "/?"
        same = re.compile(rf"<({begin}){re.escape(tag.name)}(?=[\s/>])[^<>]*+>", re.IGNORECASE)
        depth = 1
        for found in same.finditer(self.text, tag.end):
            depth += -1 if found[1] else 1
            if depth == 0:
                return found.span()
        self._without_end.add(tag.name)
        return None

    def _find(self, sign: str, start: int) -> int:
        """Where a sign stands behind ``start``; -1 if nowhere, which is looked up once for the whole text."""
        if sign in self._without_end:
            return -1
        found = self.text.find(sign, start)
        if found < 0:
            self._without_end.add(sign)
        return found


def kept_values(name: str, attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The attributes of an element that feeds carry as they are, and ``cite``, with an address to be resolved."""
    allowed = ATTRIBUTES.get(name, ATTRIBUTES["*"])
    for attribute, value in attributes.items():
        values = _VALUES.get(attribute)
        if attribute == "style" and "align" in allowed and (aligned := _ALIGNED.search(value)):
            yield "align", aligned[1]
        elif attribute in allowed and attribute not in _LOOKED_AT and (values is None or values.fullmatch(value)):
            yield attribute, value


def _decoded(reference: re.Match[str]) -> str:
    return html.unescape(reference[0])


_NESTING = re.compile("<(/?)(?:blockquote|del|em|li|ol|strong|ul)[ >]")


def depth_may_reach(raw: str, deepest: int) -> bool:
    """Whether tags of the Markdown engine may be nested deeper than ``deepest``. Few others are around or in them."""
    depth = 0
    for closing in _NESTING.findall(raw):
        depth += -1 if closing else 1
        if depth > deepest:
            return True
    return False
