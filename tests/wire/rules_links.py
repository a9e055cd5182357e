"""Where a document says it is, which archive it belongs to, and under which names its extensions go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from .documents import (
    ATOM,
    CC,
    CONTENT,
    DC,
    DCTERMS,
    FH,
    MEDIA,
    SY,
    XHTML,
    XML,
    Element,
    Finding,
    Kind,
    Wire,
    names,
    where,
)

PREFIXES: Mapping[str, str] = {
    ATOM: "atom",
    CC: "creativeCommons",
    CONTENT: "content",
    DC: "dc",
    DCTERMS: "dcterms",
    FH: "fh",
    MEDIA: "media",
    SY: "sy",
    XHTML: "xhtml",
    XML: "xml",
    "http://purl.org/syndication/thread/1.0": "thr",
    "http://www.georss.org/georss": "georss",
}
OWN_TYPES = {Kind.ATOM: "application/atom+xml", Kind.RSS: "application/rss+xml"}
# The relations that the validator knows, and those of RFC 5005, which belong to feeds alone.
PAGES = names("current first last next next-archive prev-archive previous")
RELATIONS = PAGES | names("alternate describedby enclosure hub license related replies search self service up via")
ARCHIVE_ADDRESS = re.compile(r"/archive/(\d+)\.\w+$")


def feed_links(wire: Wire) -> list[Element]:
    """The atom:link elements of the feed itself."""
    return list((wire.tree if wire.kind is Kind.ATOM else wire.channel).findall(f"{{{ATOM}}}link"))


def by_relation(wire: Wire) -> dict[str, str]:
    """Relation to address, for the feed's own links."""
    return {str(link.get("rel", "alternate")): str(link.get("href", "")) for link in feed_links(wire)}


def self_link(wire: Wire) -> Iterator[Finding]:
    """RFC 4287 section 4.2.7.2: one self, absolute, of the document's own type, equal to where it came from."""
    links = [link for link in feed_links(wire) if link.get("rel") == "self"]
    if not links:
        yield Finding("MissingSelf" if wire.kind is Kind.ATOM else "MissingAtomSelfLink", "feed", "no rel=self")
    for link in links:
        href = str(link.get("href", ""))
        if not re.match(r"https?://", href):
            yield Finding("RelativeSelf", where(link), href)
        elif href != wire.url:
            yield Finding("SelfDoesntMatchLocation", where(link), f"{href}, not {wire.url}")
        if link.get("type") != OWN_TYPES[wire.kind]:
            yield Finding("SelfNotAtom", where(link), str(link.get("type")))


def header_links(wire: Wire) -> Iterator[Finding]:
    """RFC 8288: the Link field agrees with the document."""
    fields = ", ".join(value for name, value in wire.headers.items() if name.lower() == "link")
    for href, rest in re.findall(r"<([^>]*)>([^<]*)", fields):
        if re.search(r'rel="?self"?(?:[;,\s]|$)', rest) and href != wire.url:
            yield Finding("SelfDoesntMatchLocation", "Link", f"{href}, not {wire.url}")


def relations(wire: Wire) -> Iterator[Finding]:
    """Links of known relations, with an address and no text; an entry's alternates told apart by type and language."""
    for link in wire.tree.iter(f"{{{ATOM}}}link"):
        relation, parent = str(link.get("rel", "alternate")), link.getparent()
        if relation not in RELATIONS:
            yield Finding("UnregisteredAtomLinkRel", where(link), relation)
        elif relation in PAGES and parent is not None and str(parent.tag) in (f"{{{ATOM}}}entry", "item"):
            yield Finding("FeedHistoryRelInEntry", where(link), relation)
        if link.get("href") is None:
            yield Finding("MissingHref", where(link), relation)
        if link.text and link.text.strip():
            yield Finding("AtomLinkNotEmpty", where(link), str(link.text))
    for parent in wire.tree.iter(f"{{{ATOM}}}feed", f"{{{ATOM}}}entry", "channel"):
        seen: set[tuple[str | None, ...]] = set()
        for link in parent.findall(f"{{{ATOM}}}link"):
            key = (link.get("type"), link.get("hreflang"))
            if link.get("rel", "alternate") == "alternate" and key in seen:
                yield Finding("DuplicateAtomLink", where(link), f"two alternates of {key}")
            elif link.get("rel", "alternate") == "alternate":
                seen.add(key)


def archive(wire: Wire) -> Iterator[Finding]:
    """RFC 5005 section 4: an archive document says so, knows its neighbours, and leads back to the current one."""
    top = wire.tree if wire.kind is Kind.ATOM else wire.channel
    links = by_relation(wire)
    is_archive = top.find(f"{{{FH}}}archive") is not None
    if is_archive and "current" not in links:
        yield Finding("MissingCurrentInArchive", "feed", "no rel=current")
    is_complete = top.find(f"{{{FH}}}complete") is not None
    if is_complete and not is_archive and links.keys() & PAGES:
        yield Finding("FeedRelInCompleteFeed", "feed", ", ".join(sorted(links.keys() & PAGES)))
    if is_archive and is_complete:
        yield Finding("ArchiveIncomplete", "feed", "fh:archive and fh:complete exclude each other")
    for relation in ("prev-archive", "next-archive", "next"):
        if links.get(relation) == wire.url:
            yield Finding("ArchiveIncomplete", "feed", f"rel={relation} is the document itself")


def archive_address(wire: Wire) -> Iterator[Finding]:
    """What lies at the address of an archive document is one, and the other way round."""
    top = wire.tree if wire.kind is Kind.ATOM else wire.channel
    links = by_relation(wire)
    is_archive = top.find(f"{{{FH}}}archive") is not None
    number = ARCHIVE_ADDRESS.search(wire.url)
    if number and not is_archive:
        yield Finding("ArchiveIncomplete", "feed", "no fh:archive")
    if number and int(number.group(1)) > 1 and "prev-archive" not in links:
        yield Finding("ArchiveIncomplete", "feed", "no rel=prev-archive, though it is not the first")
    if not is_archive and "next-archive" in links:
        yield Finding("ArchiveIncomplete", "feed", "rel=next-archive outside an archive document")


def namespaces(wire: Wire) -> Iterator[Finding]:
    """Known namespaces, under the prefixes that everybody uses, Atom's own without one in Atom."""
    seen: set[tuple[str | None, str]] = set()
    for element in wire.tree.iter():
        seen.update(element.nsmap.items())
    for prefix, uri in sorted(seen, key=str):
        if uri not in PREFIXES:
            yield Finding("UnknownNamespace", "document", uri)
        elif prefix is not None and (prefix != PREFIXES[uri] or (wire.kind is Kind.ATOM and uri in (ATOM, XHTML))):
            yield Finding("AvoidNamespacePrefix", "document", f"{prefix} for {uri}")


def attributes(wire: Wire) -> Iterator[Finding]:
    """No attribute of an extension on an element of the core."""
    core = f"{{{ATOM}}}" if wire.kind is Kind.ATOM else ""
    for element in wire.tree.iter():
        if str(element.tag).startswith(core) and (core or not str(element.tag).startswith("{")):
            for name in element.attrib:
                if str(name).startswith("{") and not str(name).startswith(f"{{{XML}}}"):
                    yield Finding("UseOfExtensionAttr", where(element), str(name))


RULES = (self_link, header_links, relations, archive, archive_address, namespaces, attributes)
