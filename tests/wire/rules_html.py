"""What a feed reader's sanitizer would strip from contents, what it could not resolve, and what is no HTML at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from .documents import Element, Finding, Parts, Wire, names

# The elements and attributes that the validator takes for safe, less those nobody should meet in a press release.
SAFE_ELEMENTS = names(
    """a abbr acronym address article aside audio b bdi bdo big blockquote br caption center cite code col colgroup
    data dd del details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li
    main mark nav ol p picture pre q rp rt ruby s samp section small source span strike strong sub summary sup table
    tbody td tfoot th thead time tr track tt u ul var video wbr"""
)
RISKY_ELEMENTS = names(
    """applet base basefont body button canvas dialog embed fieldset form frame frameset head html iframe input link
    math meta noscript object param script select style svg template textarea title xmp"""
)
SAFE_ATTRIBUTES = names(
    """abbr align alt cite class colspan controls crossorigin datetime decoding dir headers height high href hreflang
    id itemprop kind label lang loading low max min name optimum poster preload referrerpolicy rel reversed rowspan
    scope sizes span src srclang srcset start summary target title translate type valign value width"""
)
ADDRESSES = names("href src cite poster action background longdesc usemap data formaction")
VOID = names("area base br col embed hr img input link meta param source track wbr")
# Optional end tags (HTML Living Standard 13.1.2.4) are no excuse: ours are never left out.
_TAG = re.compile(r"<!--.*?-->|<(/?)([A-Za-z][^\s/>]*)(?:[^>\"']|\"[^\"]*\"|'[^']*')*?(/?)>", re.DOTALL)
_STRAY = re.compile(r"<(?![A-Za-z/!])|&(?![A-Za-z][A-Za-z0-9]*;|#[0-9]+;|#[xX][0-9A-Fa-f]+;)")
_ABSOLUTE = re.compile(r"(?:https?://[^/\s?#]+|mailto:|sms:|tel:)", re.IGNORECASE)
_ENTITY = re.compile(
    r"&(?:amp|lt|gt|quot|apos|nbsp|#[0-9]+|#x[0-9a-f]+);|</(?:p|b|i|a|em|strong|div|ul|li|h[1-6])>", re.IGNORECASE
)
_PARSER = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=False)


def contents(wire: Wire, parts: Parts) -> Iterator[Finding]:
    """Every rule of this module, over every content."""
    for piece in parts.html:
        for name, what in faults(piece.text):
            yield Finding(name, piece.where, what)


@lru_cache(maxsize=20_000)
def faults(html: str) -> tuple[tuple[str, str], ...]:
    """Name and detail of everything wrong with a fragment. Kept: feeds share their contents."""
    found = [*_markup(html)]
    if html.strip():
        root = etree.fromstring(f"<div>{html}</div>".encode(), _PARSER)
        if root is None:
            return (*found, ("NotHtml", "not parsed"))
        found += [fault for element in root.iter() for fault in _element(element)]
    return tuple(found)


def _markup(html: str) -> Iterator[tuple[str, str]]:
    """Tags that match, and no ``<`` or ``&`` that is not one: the parser would mend them in silence."""
    open_tags: list[str] = []
    last = 0
    for tag in _TAG.finditer(html):
        yield from _stray(html[last : tag.start()])
        last = tag.end()
        name = (tag.group(2) or "").lower()
        if not name or (name in VOID and not tag.group(1)):
            continue
        if not tag.group(1):
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            yield "NotHtml", f"</{name}> closes nothing"
            return
    yield from _stray(html[last:])
    if open_tags:
        yield "NotHtml", f"<{open_tags[-1]}> is never closed"


def _stray(text: str) -> Iterator[tuple[str, str]]:
    for match in _STRAY.finditer(text):
        yield "NotHtml", f"a bare {match.group()} before {text[match.end() : match.end() + 12]!r}"


def _element(element: Element) -> Iterator[tuple[str, str]]:
    if not isinstance(element.tag, str):
        return  # a comment
    name = element.tag.lower()
    if (
        name in ("html", "body")
        and not element.attrib
        and element.getparent() in (None, element.getroottree().getroot())
    ):
        return  # the parser's own
    if name in RISKY_ELEMENTS:
        yield "SecurityRisk", f"<{name}>"
    elif name not in SAFE_ELEMENTS:
        yield "NotHtml", f"<{name}>"
    for attribute, value in element.attrib.items():
        yield from _attribute(str(attribute).lower(), str(value))
    if name not in ("code", "pre", "samp", "kbd"):
        yield from _twice(element)


def _attribute(name: str, value: str) -> Iterator[tuple[str, str]]:
    if name == "style":
        yield "DangerousStyleAttr", value
    elif name not in SAFE_ATTRIBUTES and not name.startswith(("data-", "aria-")):
        yield "SecurityRiskAttr", name
    scheme = re.sub(r"[\s\x00-\x20]", "", value).partition(":")[0].lower()
    if name in ADDRESSES and scheme in ("javascript", "vbscript", "data", "file"):
        yield "SecurityRiskAttr", f"{name}={scheme}:"
    elif name in ADDRESSES and not _ABSOLUTE.match(value.strip()):
        yield "ContainsRelRef", f"{name}={value}"
    elif name == "srcset":
        for candidate in value.split(","):
            if not _ABSOLUTE.match(candidate.strip()):
                yield "ContainsRelRef", f"srcset={candidate.strip()}"


def _twice(element: Element) -> Iterator[tuple[str, str]]:
    """A reference that is still there after decoding was escaped twice."""
    inside = (element.text, *(child.tail for child in element))
    for text in inside:
        match = _ENTITY.search(text or "")
        if match:
            yield "EscapedTwice", match.group()
