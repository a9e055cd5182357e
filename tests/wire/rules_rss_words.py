"""RSS 2.0: which elements and attributes there are, how often, and what they may hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from .documents import ATOM, CC, CONTENT, DC, DCTERMS, FH, MEDIA, SY, XHTML, Element, Finding, Wire, text_of, where
from .rules_dates import rfc3339
from .rules_rss import items

_ONCE = 1
_MANY = 10_000
_DCMI = "title creator subject description publisher contributor date type format identifier source language relation"


def _words(namespace: str, once: str = "", many: str = "") -> dict[str, int]:
    prefix = f"{{{namespace}}}" if namespace else ""
    return {f"{prefix}{name}": _ONCE for name in once.split()} | {f"{prefix}{name}": _MANY for name in many.split()}


CHANNEL: Mapping[str, int] = (
    _words(
        "",
        """title link description language copyright managingEditor webMaster pubDate lastBuildDate generator docs cloud
        ttl image rating textInput skipHours skipDays""",
        "category item",
    )
    | _words(ATOM, "id updated icon logo", "link author contributor category")
    | _words(DC, "", f"{_DCMI} coverage rights")
    | _words(SY, "updatePeriod updateFrequency updateBase")
    | _words(FH, "archive complete")
    | _words(CC, "", "license")
    | _words(XHTML, "div")
    | _words(MEDIA, "title description rating", "thumbnail credit copyright category keywords")
)
ITEM: Mapping[str, int] = (
    _words("", "title link description author comments enclosure guid pubDate source", "category")
    | _words(CONTENT, "encoded")
    | _words(ATOM, "id updated published summary rights source content", "link author contributor category")
    | _words(DC, "", f"{_DCMI} coverage rights")
    | _words(DCTERMS, "modified valid isReplacedBy hasFormat")
    | _words(CC, "", "license")
    | _words(MEDIA, "title description player rating", "group content thumbnail credit copyright category keywords")
)
MEDIA_CONTENT: Mapping[str, int] = _words(
    MEDIA, "title description copyright player rating", "thumbnail credit category keywords text"
)
IMAGE: Mapping[str, int] = _words("", "url title link width height description")
ATTRIBUTES: Mapping[str, str] = {
    "rss": "version",
    "category": "domain",
    "guid": "isPermaLink",
    "enclosure": "url length type",
    "source": "url",
    "cloud": "domain port path registerProcedure protocol",
}


def words(wire: Wire) -> Iterator[Finding]:
    """Only elements that exist, each as often as it may be."""
    yield from _children(wire.channel, CHANNEL)
    for item in items(wire):
        yield from _children(item, ITEM)
    for picture in wire.channel.findall("image"):
        yield from _children(picture, IMAGE)
    for content in wire.channel.iter(f"{{{MEDIA}}}content"):
        yield from _children(content, MEDIA_CONTENT)


def _children(parent: Element, allowed: Mapping[str, int]) -> Iterator[Finding]:
    for tag, times in Counter(str(child.tag) for child in parent).items():
        if tag not in allowed:
            yield Finding("UndefinedElement", where(parent), tag)
        # More than one enclosure has a name of its own.
        elif times > allowed[tag] and tag != "enclosure":
            yield Finding("DuplicateElement", where(parent), tag)


def required(wire: Wire) -> Iterator[Finding]:
    """RSS 2.0: a channel has title, link and description; an item, for us, title, link, guid and pubDate."""
    if wire.tree.get("version") != "2.0":
        yield Finding("MissingAttribute", "rss", "version 2.0")
    for name, missing in (("title", "MissingTitle"), ("link", "MissingLink"), ("description", "MissingDescription")):
        if not text_of(wire.channel.find(name)).strip():
            yield Finding(missing, "channel", name)
    for item in items(wire):
        for name in ("title", "link", "pubDate"):
            if not text_of(item.find(name)).strip():
                yield Finding("MissingElement", where(item), name)
    for picture in wire.channel.findall("image"):
        for name in ("url", "title", "link"):
            if picture.find(name) is None:
                yield Finding("MissingElement", where(picture), name)


def attributes(wire: Wire) -> Iterator[Finding]:
    """Attributes that exist; an enclosure has all three of its own."""
    for element in wire.tree.iter():
        tag = str(element.tag)
        if tag.startswith("{"):
            continue
        for name in element.attrib:
            if not str(name).startswith("{") and str(name) not in ATTRIBUTES.get(tag, "").split():
                yield Finding("UnexpectedAttribute", where(element), str(name))
    for enclosure in wire.channel.iter("enclosure"):
        for name in ("url", "length", "type"):
            if not enclosure.get(name):
                yield Finding("MissingAttribute", where(enclosure), name)
        if not re.fullmatch(r"\d*", str(enclosure.get("length", ""))):
            yield Finding("InvalidIntegerAttribute", where(enclosure), str(enclosure.get("length")))
        if not re.fullmatch(r"[a-z]+/[a-z0-9][a-z0-9.+-]*|", str(enclosure.get("type", ""))):
            yield Finding("InvalidMIMEAttribute", where(enclosure), str(enclosure.get("type")))


def guids(wire: Wire) -> Iterator[Finding]:
    """`isPermaLink` says whether the guid is an address; left out, it claims so."""
    for guid in wire.channel.iter("guid"):
        said = str(guid.get("isPermaLink", "true"))
        if said not in ("true", "false"):
            yield Finding("InvalidBooleanAttribute", where(guid), said)
        elif said == "true" and not re.match(r"https?://", text_of(guid)):
            yield Finding("InvalidPermalink", where(guid), text_of(guid))


def numbers(wire: Wire) -> Iterator[Finding]:
    """Minutes to live, and how often the syndication module says to come back."""
    for tag in ("ttl", f"{{{SY}}}updateFrequency"):
        for element in wire.channel.findall(tag):
            if not re.fullmatch(r"[1-9]\d*", text_of(element)):
                yield Finding("InvalidPositiveInteger", where(element), text_of(element))
    for element in wire.channel.findall(f"{{{SY}}}updatePeriod"):
        if text_of(element) not in ("hourly", "daily", "weekly", "monthly", "yearly"):
            yield Finding("InvalidUpdatePeriod", where(element), text_of(element))
    for element in wire.channel.findall(f"{{{SY}}}updateBase"):
        base = text_of(element)
        # W3C's profile of ISO 8601 leaves the seconds out where it likes.
        moment, _ = rfc3339(re.sub(r"T(\d\d:\d\d)(Z|[+-]\d\d:\d\d)$", r"T\1:00\2", base))
        if moment is None:
            yield Finding("InvalidW3CDTFDate", where(element), base)


RULES = (words, required, attributes, guids, numbers)
