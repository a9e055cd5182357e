"""The rules find what they are for: a clean document, one thing broken, and exactly that finding."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from .rules import findings
from .rules_html import faults
from .rules_text import canonical_form
from .samples import JSON_TYPE, NOW, SAMPLES

Broken = tuple[str, str, str, str]
"""Sample, the finding's name, what is replaced (its first occurrence), and by what."""


def found(kind: str, body: bytes, label: str | None = None, headers: Mapping[str, str] | None = None) -> set[str]:
    """The names of all findings in a body that takes the sample's place."""
    _, content_type, url = SAMPLES[kind]
    return {finding.name for finding in findings(body, label or content_type, url, NOW, headers)}


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_clean_document_has_no_findings(kind: str) -> None:
    body, content_type, url = SAMPLES[kind]

    assert findings(body.encode(), content_type, url, NOW, {"Content-Type": content_type}) == []


IDENTITY: tuple[Broken, ...] = (
    ("atom", "MissingSelf", '<link rel="self" ', '<link rel="related" '),
    ("rss", "MissingAtomSelfLink", 'atom:link rel="self" ', 'atom:link rel="related" '),
    ("json", "MissingSelf", '"feed_url": "https://news.example.org/feeds/country/cn.json",', ""),
    ("atom", "SelfDoesntMatchLocation", "archive/2.atom", "archive/9.atom"),
    ("rss", "SelfDoesntMatchLocation", "cn.rss", "mn.rss"),
    ("json", "SelfDoesntMatchLocation", "cn.json", "mn.json"),
    ("json", "RelativeSelf", '"feed_url": "https://news.example.org', '"feed_url": "//news.example.org'),
    ("atom", "RelativeSelf", 'href="https://news.example.org', 'href="'),
    ("rss", "RelativeSelf", 'type="application/rss+xml" href="https:', 'type="application/rss+xml" href="'),
    ("atom", "SelfNotAtom", '"self" type="application/atom+xml"', '"self" type="text/html"'),
    ("rss", "SelfNotAtom", '"self" type="application/rss+xml"', '"self" type="application/atom+xml"'),
    ("atom", "DuplicateEntries", ":2020/tsagaan<", ":2021/score-pilot<"),
    ("rss", "DuplicateEntries", ":2020/tsagaan<", ":2021/score-pilot<"),
    ("json", "DuplicateEntries", ':2020/tsagaan"', ':2021/score-pilot"'),
    ("opml", "DuplicateEntries", "mn.atom", "cn.atom"),
    ("atom", "DuplicateUpdated", "<updated>2020-10-12T04:00:00Z", "<updated>2021-06-24T01:30:00Z"),
    ("rss", "NotSufficientlyUnique", ">tag:example.org,2020:2020/tsagaan<", ">4711<"),
    ("rss", "MissingGuid", '<guid isPermaLink="false">tag:example.org,2020:2020/tsagaan</guid>', ""),
    ("atom", "InvalidTAG", "tag:example.org,2020:2020/tsagaan", "tag:example.org,20:tsagaan"),
    ("json", "InvalidFullLink", "tag:example.org,2020:2020/tsagaan", "tsagaan"),
    ("atom", "NonCanonicalURI", "<id>tag:example.org,2020:2020/tsagaan", "<id>HTTPS://Example.org/tsagaan"),
    ("rss", "NonCanonicalURI", ">tag:example.org,2020:2020/tsagaan<", ">https://example.org:443/a<"),
    ("atom", "SchemeNotIANARegistered", '"https://www.example.org/"', '"feed://www.example.org/"'),
    ("json", "SchemeNotIANARegistered", '"https://www.example.org/"', '"javascript:alert(1)"'),
    ("atom", "SameDocumentReference", 'href="https://news.example.org/feeds/country/cn.html"', 'href="#top"'),
    ("json", "SameDocumentReference", "cn/archive/3.json", "cn.json"),
    ("rss", "InvalidFullLink", "https://news.example.org/mn/releases", "/mn/releases"),
    ("atom", "InvalidFullLink", "country/cn.html", "country/хятад.html"),
    ("rss", "InvalidFullLink", "https://www.example.org/terms", "CC BY 4.0"),
    ("atom", "InvalidFullLink", "https://www.example.org/terms", "terms.html"),
    ("rss", "UndefinedElement", "<ttl>", "<creativeCommons:rights>x</creativeCommons:rights><ttl>"),
    ("atom", "ArchiveIncomplete", "<fh:archive/>", "<fh:archive/><fh:complete/>"),
    ("atom", "ArchiveIncomplete", "<fh:archive/>", ""),
    ("atom", "ArchiveIncomplete", "archive/1.atom", "archive/2.atom"),
    ("atom", "ArchiveIncomplete", '"prev-archive"', '"related"'),
    ("rss", "ArchiveIncomplete", '"prev-archive"', '"next-archive"'),
    (
        "rss",
        "FeedRelInCompleteFeed",
        "<item>",
        '<fh:complete xmlns:fh="http://purl.org/syndication/history/1.0"/><item>',
    ),
    ("atom", "UnregisteredAtomLinkRel", 'rel="hub"', 'rel="pubsub"'),
    ("atom", "FeedHistoryRelInEntry", 'rel="enclosure"', 'rel="next"'),
    ("rss", "MissingHref", ' href="https://hub.example.net/"', ""),
    ("rss", "AtomLinkNotEmpty", 'href="https://hub.example.net/"/>', 'href="https://hub.example.net/">x</atom:link>'),
    (
        "atom",
        "DuplicateAtomLink",
        'rel="related" type="text/html" hreflang="mn"',
        'rel="alternate" type="text/html" hreflang="en"',
    ),
    (
        "atom",
        "MissingDCLanguage",
        ' xml:lang="en">\n<id>tag:example.org,2020:feeds',
        ">\n<id>tag:example.org,2020:feeds",
    ),
    ("rss", "MissingDCLanguage", "<language>en</language>", ""),
    ("json", "MissingDCLanguage", '"language": "en",\n  "authors"', '"authors"'),
    ("atom", "MissingCurrentInArchive", '"current"', '"related"'),
)

DATES: tuple[Broken, ...] = (
    ("atom", "ImplausibleDate", "<published>2020-10-12T04", "<published>2022-10-12T04"),
    ("atom", "ImplausibleDate", "<published>2020-10", "<published>1970-10"),
    ("rss", "ImplausibleDate", "Thu, 24 Jun 2021 01:30", "Thu, 01 Jul 2021 12:30"),
    ("json", "ImplausibleDate", "2020-10-12", "2021-10-12"),
    ("opml", "ImplausibleDate", "Thu, 24 Jun 2021", "Fri, 24 Jun 2022"),
    ("rss", "ProblematicalRFC822Date", "Mon, 12 Oct", "Да, 12 10-р"),
    ("rss", "ProblematicalRFC822Date", "04:00:00 +0000", "04:00:00 CST"),
    ("rss", "ProblematicalRFC822Date", "Mon, 12 Oct", "Mon, 5 Oct"),
    ("opml", "ProblematicalRFC822Date", "Thu, 24", "24"),
    ("rss", "IncorrectDOW", "Mon, 12", "Tue, 12"),
    ("rss", "InvalidRFC2822Date", "Mon, 12 Oct", "Mon, 32 Oct"),
    ("atom", "InvalidRFC3339Date", "<published>2020-10-12T04:00:00Z", "<published>2020-10-12"),
    ("json", "InvalidRFC3339Date", "2021-06-24T01:00:00Z", "2021-06-31T01:00:00Z"),
    ("rss", "ProblematicalRFC822Date", "<dcterms:modified>2021-06-24T01:30:00Z", "<dcterms:modified>24 June 2021"),
    (
        "rss",
        "DuplicateElement",
        "<dcterms:modified>",
        "<dcterms:modified>2021-06-24T01:30:00Z</dcterms:modified><dcterms:modified>",
    ),
    ("atom", "InvalidW3CDTFDate", "end=2020-10-13T04:00:00Z; scheme=W3C-DTF", "2020-10-13T04:00:00Z"),
    ("rss", "InvalidW3CDTFDate", "end=2020-10-13T", "end=13 October, "),
    ("rss", "ImplausibleDate", "end=2020-10-13", "end=2022-10-13"),
    ("rss", "InvalidFullLink", "https://news.example.org/mn/releases/2020/ulaan", "2020/ulaan"),
    ("atom", "InvalidFullLink", "https://news.example.org/mn/releases/2020/ulaan", "2020/ulaan"),
)

CONTENTS: tuple[Broken, ...] = (
    ("atom", "SecurityRisk", "Товч мэдээ.", "&lt;script&gt;&lt;/script&gt;"),
    ("json", "SecurityRisk", "Товч.", "<form></form>"),
    ("rss", "SecurityRisk", "&lt;br&gt;", "&lt;iframe&gt;&lt;/iframe&gt;"),
    ("rss", "SecurityRiskAttr", "&lt;br&gt;", '&lt;br onclick="f()"&gt;'),
    ("atom", "SecurityRiskAttr", '&lt;a href="https://www.example.org/', '&lt;a href="javascript:'),
    ("atom", "DangerousStyleAttr", "&lt;img ", '&lt;img style="color:red" '),
    ("atom", "NotHtml", "Товч мэдээ.", "&lt;b&gt;Товч"),
    ("json", "NotHtml", "Товч.", "Товч & мэдээ"),
    ("rss", "NotHtml", "&lt;br&gt;", "&lt;blink&gt;&lt;/blink&gt;"),
    ("json", "NotHtml", "<p>Товч.</p>", "<p><em>Товч.</p></em>"),
    ("atom", "EscapedTwice", "Товч мэдээ.", "&amp;lt;b&amp;gt; &amp;amp;amp; Товч"),
    ("json", "EscapedTwice", "Товч.", "Товч &amp;nbsp; мэдээ"),
    ("atom", "ContainsRelRef", '&lt;img src="https://news.example.org', '&lt;img src="'),
    ("json", "ContainsRelRef", 'href=\\"https:', 'href=\\"'),
    ("rss", "ContainsRelRef", 'href="https://www.example.org/a?x=1&amp;amp;y=2"', 'href="#note"'),
    ("atom", "ContainsRelRef", "&lt;img ", '&lt;img srcset="https://example.org/a 1x, b 2x" '),
    ("atom", "ContainsRelRef", "&lt;img ", '&lt;img poster="p.jpg" '),
    (
        "atom",
        "MissingTextualContent",
        '<summary>Товч.</summary>\n<content type="html">&lt;p&gt;Товч мэдээ.&lt;/p&gt;</content>',
        "",
    ),
    ("rss", "MissingTextualContent", "<description>&lt;p&gt;Товч.&lt;/p&gt;</description>", ""),
    ("json", "MissingTextualContent", '"content_html": "<p>Товч.</p>",', ""),
    (
        "atom",
        "MissingTypeAttr",
        '<content type="html">&lt;p&gt;Товч мэдээ.&lt;/p&gt;',
        '<content src="https://example.org/">',
    ),
    (
        "atom",
        "MissingSourceElement",
        "<summary>Товч.",
        "<source><id>tag:example.org,2020:x</id></source><summary>Товч.",
    ),
    ("atom", "HtmlFragment", '<content type="html">&lt;p&gt;Товч', '<content type="text/html">&lt;p&gt;Товч'),
    ("atom", "MisplacedXHTMLContent", "<summary>Товч.", '<summary><p xmlns="http://www.w3.org/1999/xhtml">Товч</p>'),
    ("rss", "MisplacedXHTMLContent", "<copyright>", '<copyright><p xmlns="http://www.w3.org/1999/xhtml">x</p>'),
)

TEXTS: tuple[Broken, ...] = (
    ("rss", "ContainsHTML", "<title>Монгол", "<title>&lt;b&gt;Монгол&lt;/b&gt;"),
    ("rss", "ContainsHTML", "<title>Монгол", "<title>&amp;mdash; Монгол"),
    ("json", "ContainsHTML", "Монгол Улс", "<b>Монгол</b> Улс"),
    ("json", "ContainsHTML", '"China", "Skills"', '"China &amp; Mongolia"'),
    ("opml", "ContainsHTML", 'text="Country"', 'text="R&amp;amp;D"'),
    ("atom", "ContainsHTML", 'label="Skills"', 'label="&amp;#8212;Skills"'),
    ("atom", "ContainsHTML", "<title>Монгол", '<title type="html">Монгол'),
    (
        "atom",
        "NotInline",
        "<title>Монгол Улс дахь ажил ба 工作",
        '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a</div>',
    ),
    ("atom", "ContainsUndeclaredHTML", "<summary>Товч.", "<summary>&lt;p&gt;Товч.&lt;/p&gt;"),
    ("atom", "ContainsUndeclaredHTML", "<title>Монгол", "<title>&amp;mdash; Монгол"),
    ("json", "ContainsUndeclaredHTML", '"content_html": "<p>Товч', '"content_text": "<p>Товч'),
    ("rss", "CharacterData", "<title>Монгол", "<title>a &lt;b Монгол"),
    ("atom", "BadCharacters", "Товч.", "Тов\x96ч."),
    ("rss", "BadCharacters", "Товч.", "Тов&#xFFFD;ч."),
    ("json", "BadCharacters", "Товч.", "Тов\\u0007ч."),
    ("rss", "InvalidLanguage", "<language>en", "<language>xx"),
    ("atom", "InvalidLanguage", 'xml:lang="mn"', 'xml:lang="mn_MN"'),
    ("json", "InvalidLanguage", '"language": "mn"', '"language": "zh-hans"'),
    ("opml", "InvalidLanguage", 'language="en"', 'language="english"'),
)

RSS: tuple[Broken, ...] = (
    ("rss", "DuplicateSemantics", "<language>", "<dc:language>en</dc:language><language>"),
    ("rss", "DuplicateSemantics", "<pubDate>", "<dc:date>2021-06-24T01:00:00Z</dc:date><pubDate>"),
    ("rss", "DuplicateItemSemantics", "<guid", "<dc:date>2021-06-24T01:00:00Z</dc:date><guid"),
    ("rss", "DuplicateItemSemantics", "<dc:creator>", "<author>a@example.org (A)</author><dc:creator>"),
    ("rss", "DuplicateDescriptionSemantics", "<guid", "<atom:content>Товч</atom:content><guid"),
    (
        "rss",
        "NeedDescriptionBeforeContent",
        "<description>&lt;p&gt;Twelve enterprises shared what they learned.&lt;/p&gt;</description>",
        "",
    ),
    ("rss", "MisplacedItem", "</channel>", "<category>x</category></channel>"),
    ("rss", "ImageTitleDoesntMatch", "logo.png</url>\n<title>News", "logo.png</url>\n<title>Logo"),
    ("rss", "ImageLinkDoesntMatch", "cn.html</link>\n</image>", "mn.html</link>\n</image>"),
    ("rss", "MissingRealName", "press@example.org (Press desk)", "press@example.org"),
    ("rss", "EmailFormat", "press@example.org (Press desk)", "Press desk &#x3C;press@example.org>"),
    (
        "rss",
        "DuplicateEnclosure",
        "<guid",
        '<enclosure url="https://example.org/b" length="1" type="text/plain"/><guid',
    ),
    (
        "rss",
        "UndefinedElement",
        "<sy:updateBase>2021-01-01T00:00:00Z</sy:updateBase>",
        "<sy:updatebase>x</sy:updatebase>",
    ),
    ("rss", "UndefinedElement", "<guid", "<updated>x</updated><guid"),
    ("rss", "DuplicateElement", "<ttl>60</ttl>", "<ttl>60</ttl><ttl>60</ttl>"),
    ("rss", "MissingDescription", "<description>Press releases of the office for China and Mongolia</description>", ""),
    ("rss", "MissingElement", "<pubDate>Mon, 12 Oct 2020 04:00:00 +0000</pubDate>", ""),
    ("rss", "MissingElement", "<url>https://news.example.org/static/logo.png</url>", ""),
    ("rss", "MissingAttribute", ' version="2.0"', ""),
    ("rss", "MissingAttribute", ' length="20480"', ""),
    ("rss", "InvalidIntegerAttribute", ' length="20480"', ' length="20 kB"'),
    ("rss", "InvalidMIMEAttribute", '"application/pdf"', '"PDF"'),
    ("rss", "UnexpectedAttribute", "<ttl>", '<ttl unit="min">'),
    ("rss", "InvalidBooleanAttribute", 'isPermaLink="false"', 'isPermaLink="no"'),
    ("rss", "InvalidPermalink", 'isPermaLink="false"', 'isPermaLink="true"'),
    ("rss", "InvalidPermalink", ' isPermaLink="false"', ""),
    ("rss", "InvalidPositiveInteger", "<ttl>60", "<ttl>1h"),
    ("rss", "InvalidUpdatePeriod", ">hourly<", ">Hourly<"),
    ("rss", "InvalidW3CDTFDate", "2021-01-01T00:00:00Z", "1 January"),
    ("rss", "UseOfExtensionAttr", "<ttl>", '<ttl media:unit="min">'),
)

NAMES: tuple[Broken, ...] = (
    ("rss", "AvoidNamespacePrefix", "xmlns:sy=", 'xmlns:m="http://search.yahoo.com/mrss/" xmlns:sy='),
    ("rss", "UnknownNamespace", "xmlns:sy=", 'xmlns:at="http://purl.org/atompub/tombstones/1.0" xmlns:sy='),
    ("atom", "AvoidNamespacePrefix", "xmlns:fh=", 'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:fh='),
    (
        "atom",
        "UnknownNamespace",
        "<fh:archive/>",
        '<fh:archive/><at:d xmlns:at="http://purl.org/atompub/tombstones/1.0"/>',
    ),
    ("atom", "UseOfExtensionAttr", "<summary>", '<summary media:x="1">'),
)

LISTS: tuple[Broken, ...] = (
    ("opml", "MissingOutlineType", ' type="rss"', ""),
    ("opml", "MissingTitleAttr", ' title="China"', ""),
    ("opml", "MissingXmlURL", 'xmlUrl="https://news.example.org/feeds/country/cn.atom"', ""),
    ("opml", "MissingHtmlURL", ' htmlUrl="https://news.example.org/feeds/country/cn.html"', ""),
    ("opml", "InvalidOutlineType", 'type="rss"', 'type="atom"'),
    ("opml", "InvalidOutlineVersion", 'version="RSS2"', 'version="3"'),
    ("opml", "MissingAttribute", 'text="China" ', ""),
    ("opml", "MissingUrlAttr", 'text="Country"', 'text="Country" type="link"'),
    ("opml", "UnexpectedAttribute", 'text="Country"', 'text="Country" colour="red"'),
    ("opml", "InvalidOPMLVersion", 'opml version="2.0"', 'opml version="1.0"'),
    ("opml", "MissingElement", "<title>Feeds of the Country Office</title>", ""),
    ("opml", "UndefinedElement", "<docs>http://opml.org/spec2.opml</docs>", "<link>x</link>"),
    ("opml", "DuplicateElement", "<docs>", "<docs>http://opml.org/</docs><docs>"),
    ("opml", "InvalidFullLink", "https://news.example.org/feeds/country/mn.html", "mn.html"),
)


@pytest.mark.parametrize(
    "broken",
    [*IDENTITY, *DATES, *CONTENTS, *TEXTS, *RSS, *NAMES, *LISTS],
    ids=lambda broken: f"{broken[0]}-{broken[1]}",
)
def test_a_single_fault_is_found_and_nothing_else(broken: Broken) -> None:
    kind, name, old, new = broken
    body = SAMPLES[kind][0]
    assert old in body

    assert found(kind, body.replace(old, new, 1).encode()) == {name}


LABELS: tuple[tuple[str, str, str], ...] = (
    ("atom", "UnexpectedContentType", "application/rss+xml; charset=utf-8"),
    ("rss", "UnexpectedContentType", "application/atom+xml; charset=utf-8"),
    ("json", "UnexpectedContentType", "application/atom+xml; charset=utf-8"),
    ("atom", "NonSpecificMediaType", "text/xml; charset=utf-8"),
    ("opml", "NonSpecificMediaType", "text/plain; charset=utf-8"),
    ("atom", "EncodingMismatch", "application/atom+xml; charset=iso-8859-1"),
    ("json", "EncodingMismatch", "application/feed+json"),
)


@pytest.mark.parametrize(("kind", "name", "label"), LABELS)
def test_a_wrong_label_is_found(kind: str, name: str, label: str) -> None:
    assert found(kind, SAMPLES[kind][0].encode(), label) == {name}


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_a_browsers_label_is_accepted(kind: str) -> None:
    assert found(kind, SAMPLES[kind][0].encode(), "application/xml; charset=utf-8") == set()


def test_the_bytes_are_utf8_and_say_so() -> None:
    atom, rss = SAMPLES["atom"][0], SAMPLES["rss"][0]

    assert found("atom", b"\xef\xbb\xbf" + atom.encode()) == {"NotUTF8", "EncodingMismatch"}
    assert found("rss", rss.replace("Товч", "\xe9").encode("utf-8").replace(b"\xc3\xa9", b"\xe9")) >= {"NotUTF8"}
    assert found("rss", rss.replace('"UTF-8"', '"windows-1251"').encode()) >= {"ObscureEncoding"}
    assert found("atom", atom.partition("\n")[2].encode()) == {"EncodingMismatch"}


def test_what_is_no_feed_is_said_to_be_none() -> None:
    assert found("atom", SAMPLES["atom"][0].replace("</feed>", "").encode()) == {"SAXError"}
    assert found("json", b'{"version": ', JSON_TYPE) >= {"SAXError"}
    assert found("rss", b'<?xml version="1.0" encoding="UTF-8"?>\n<html/>') == {"SAXError"}


def test_a_channel_names_itself() -> None:
    empty = b'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel/></rss>'

    assert found("rss", empty) == {
        "MissingTitle",
        "MissingLink",
        "MissingDescription",
        "MissingAtomSelfLink",
        "MissingDCLanguage",
    }


def test_header_fields_agree_with_the_document() -> None:
    body = SAMPLES["atom"][0].encode()
    label, url = SAMPLES["atom"][1:]

    assert (
        found("atom", body, headers={"Content-Type": label, "link": f'<{url}>; rel="self", <https://h/>; rel=hub'})
        == set()
    )
    assert found("atom", body, headers={"Content-Type": "application/atom+xml"}) == {"EncodingMismatch"}
    assert found("atom", body, headers={"Link": '<https://h.example/>; rel=hub, <https://x.example/>; rel="self"'}) == {
        "SelfDoesntMatchLocation"
    }


def test_a_literal_ampersand_survives_a_client_that_decodes_twice_if_spelled_in_hexadecimal() -> None:
    rss = SAMPLES["rss"][0]

    assert found("rss", rss.replace("<title>Монгол", "<title>&#x26;mdash; a &#x3C;b Монгол").encode()) == set()
    assert found("rss", rss.replace("<title>Монгол", "<title>&amp;mdash; a &lt;b Монгол").encode()) == {"ContainsHTML"}


def test_well_written_contents_have_no_faults() -> None:
    assert faults('<h2 lang="mn">А</h2><table><tr><td colspan="2">a &lt; b</td></tr></table><hr><!-- x -->') == ()
    assert faults('<a href="mailto:press@example.org">x</a> <code>&amp;lt;p&amp;gt;</code> <br/>') == ()
    assert faults("") == ()


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("https://Example.org", "https://example.org/"),
        ("http://example.org:80/a/./b/../c", "http://example.org/a/c"),
        ("https://example.org/%7euser/%e4?q=%2b", "https://example.org/~user/%E4?q=%2B"),
        ("TAG:example.org,2020:A", "tag:example.org,2020:A"),
    ],
)
def test_there_is_one_way_to_write_an_address(given: str, canonical: str) -> None:
    assert canonical_form(given) == canonical
    assert canonical_form(canonical) == canonical


def test_every_finding_has_a_document_that_provokes_it() -> None:
    names: set[str] = set()
    for module in Path(__file__).parent.glob("rules*.py"):
        source = module.read_text()
        names.update(re.findall(r'(?:Finding\(|yield |None, |missing in \(|\(\()"([A-Z]\w+)"', source))
        names.update(re.findall(r'"((?:Missing|Duplicate|Image|Contains|Invalid)[A-Z]\w+)"', source))

    tried = Path(__file__).read_text()

    assert len(names) > 70
    assert sorted(name for name in names if f'"{name}"' not in tried) == []
