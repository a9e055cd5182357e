"""The grammars take the samples and refuse what is broken in them."""

from __future__ import annotations

from typing import cast

import pytest

from .samples import SAMPLES
from .schemas import Kind, check, errors

ATOM = (
    ("<title>News from China</title>", ""),
    ("<title>News", "<title>News</title><title>News"),
    ("<updated>2021-06-24T01:30:00Z</updated>", "<updated>24 June 2021</updated>"),
    ("<updated>2021-06-24T01:30:00Z</updated>", "<updated>2021-06-24T01:30:00</updated>"),
    ("<id>tag:example.org,2020:2020/tsagaan</id>", ""),
    ("<id>tag:example.org,2020:2020/tsagaan</id>", "<id>tsagaan</id>"),
    ("<name>Country Office</name>", ""),
    ('<link rel="hub" href', '<link rel="hub" hreff'),
    ('hreflang="zh-Hans"', 'hreflang="zh_Hans"'),
    ('length="20480"', 'length="20 kB"'),
    ('term="cn" ', ""),
    ('<content type="html">', '<content type="HTML">'),
    ('<content type="html">', '<content type="xhtml">'),
    ("<summary>Товч.</summary>", '<summary type="xhtml"><p xmlns="http://www.w3.org/1999/xhtml">x</p></summary>'),
    ("<fh:archive/>", "<fh:archive>yes</fh:archive>"),
    ("<fh:archive/>", "<fh:archive/><fh:complete/>"),
    ("<fh:archive/>", "<fh:archived/>"),
    ("<media:credit>© Country Office</media:credit>", "<media:credit/>"),
    ("<dcterms:valid>end=", "<dcterms:valid>"),
    ("https://news.example.org/mn/releases/2020/ulaan", "2020/ulaan"),
    ('medium="image"', 'medium="picture"'),
    ('width="800" height', 'width="0" height'),
    ("<media:title ", '<media:title lang="en" '),
    ("<rights>", '<x:y xmlns:x="http://example.org/x"/><rights>'),
    ("</entry>\n</feed>", "</entry>text</feed>"),
    ("</feed>", ""),
)
JSON = (
    ('"version": "https://jsonfeed.org/version/1.1"', '"version": "https://jsonfeed.org/version/1"'),
    ('"title": "News from China",', ""),
    ('"title": "News from China",', '"title": "",'),
    ('"title": "News from China",', '"title": "a", "title": "b",'),
    ('"language": "en"', '"lang": "en"'),
    ('"authors": [{"name": "Country Office"', '"author": [{"name": "Country Office"'),
    ('"name": "Бат"', '"email": "bat@example.org"'),
    ('"type": "WebSub"', '"type": "websub"'),
    ('"id": "tag:example.org,2020:2020/tsagaan"', '"id": 7'),
    ('"id": "tag:example.org,2020:2020/tsagaan",', ""),
    ('"content_html": "<p>Товч.</p>",', ""),
    ("2021-06-24T01:00:00Z", "2021-06-24"),
    ('"mime_type": "application/pdf", ', ""),
    ('"size_in_bytes": 20480', '"size_in_bytes": "20480"'),
    ('["China", "Skills"]', '["China", "China"]'),
    ('"_newsroom": {"date"', '"_newsroom": {"a.date"'),
    ('"next_url": "https:', '"next_url": "'),
    ("}\n  ]\n}", "}\n  ]"),
)
OPML = (
    ('version="2.0"', 'version="1.0"'),
    ("<title>Feeds of the Country Office</title>", ""),
    ('type="rss" ', ""),
    (' title="China"', ""),
    ('htmlUrl="https:', 'htmlUrl="'),
    ('text="Country"', 'text=""'),
    ("Thu, 24 Jun 2021 01:30:00 GMT", "2021-06-24"),
    ("<docs>", "<link>x</link><docs>"),
)
BROKEN = [(kind, *pair) for kind, pairs in (("atom", ATOM), ("json", JSON), ("opml", OPML)) for pair in pairs]


@pytest.mark.parametrize("kind", ["atom", "json", "opml"])
def test_a_sample_is_valid(kind: Kind) -> None:
    check(SAMPLES[kind][0].encode(), kind)


@pytest.mark.parametrize(("kind", "old", "new"), BROKEN)
def test_a_single_fault_is_refused(kind: str, old: str, new: str) -> None:
    body = SAMPLES[kind][0]
    assert old in body

    assert errors(body.replace(old, new, 1).encode(), cast("Kind", kind))


def test_a_refusal_names_the_place() -> None:
    atom = SAMPLES["atom"][0].replace("<fh:archive/>", "<fh:archived/>")
    feed = SAMPLES["json"][0].replace('"mime_type": "application/pdf"', '"mime_type": "PDF"')

    with pytest.raises(AssertionError, match=r"line \d+"):
        check(atom.encode(), "atom")
    with pytest.raises(AssertionError, match=r"\$\.items\[0\]\.attachments\[0\]\.mime_type"):
        check(feed.encode(), "json")
