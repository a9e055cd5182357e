"""Documents without fault: what the rules, schemas and readers are tried on, whole and with one thing broken."""

from __future__ import annotations

from datetime import UTC, datetime

NOW = datetime(2021, 7, 1, 12, 0, tzinfo=UTC)
SITE = "https://news.example.org"
ATOM_URL = f"{SITE}/feeds/country/cn/archive/2.atom"
RSS_URL = f"{SITE}/feeds/country/cn.rss"
JSON_URL = f"{SITE}/feeds/country/cn.json"
OPML_URL = f"{SITE}/feeds.opml"
ATOM_TYPE = "application/atom+xml; charset=utf-8"
RSS_TYPE = "application/rss+xml; charset=utf-8"
JSON_TYPE = "application/feed+json; charset=utf-8"
OPML_TYPE = "text/x-opml; charset=utf-8"

ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/css" href="/static/feed.css"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:dcterms="http://purl.org/dc/terms/" \
xmlns:fh="http://purl.org/syndication/history/1.0" \
xmlns:media="http://search.yahoo.com/mrss/" xml:lang="en">
<id>tag:example.org,2020:feeds/country/cn/archive/2</id>
<title>News from China</title>
<subtitle>Press releases of the office for China and Mongolia</subtitle>
<updated>2021-06-24T01:30:00Z</updated>
<author><name>Country Office</name><uri>https://www.example.org/</uri></author>
<link rel="self" type="application/atom+xml" href="https://news.example.org/feeds/country/cn/archive/2.atom"/>
<link rel="alternate" type="text/html" href="https://news.example.org/feeds/country/cn.html"/>
<link rel="alternate" type="application/atom+xml" hreflang="zh-Hans" \
href="https://news.example.org/zh-Hans/feeds/country/cn.atom"/>
<link rel="hub" href="https://hub.example.net/"/>
<link rel="license" href="https://creativecommons.org/licenses/by/4.0/"/>
<link rel="current" type="application/atom+xml" href="https://news.example.org/feeds/country/cn.atom"/>
<link rel="prev-archive" type="application/atom+xml" href="https://news.example.org/feeds/country/cn/archive/1.atom"/>
<link rel="next-archive" type="application/atom+xml" href="https://news.example.org/feeds/country/cn/archive/3.atom"/>
<fh:archive/>
<rights>© Country Office 2021</rights>
<generator uri="https://www.example.org/" version="1.0">newsroom-feeds</generator>
<icon>https://news.example.org/static/icon.png</icon>
<entry xml:lang="en">
<id>tag:example.org,2020:2021/score-pilot</id>
<title>SCORE pilot: R&amp;D, “quality” 👍 and a &lt; b</title>
<updated>2021-06-24T01:30:00Z</updated>
<published>2021-06-24T01:00:00Z</published>
<link rel="alternate" type="text/html" hreflang="en" href="https://news.example.org/releases/2021/score-pilot"/>
<link rel="license" href="https://www.example.org/terms"/>
<link rel="related" type="text/html" hreflang="mn" href="https://news.example.org/mn/releases/2021/score-pilot"/>
<link rel="enclosure" type="application/pdf" length="20480" hreflang="en" title="Report" \
href="https://news.example.org/files/report.pdf"/>
<category scheme="https://news.example.org/feeds/country" term="cn" label="China"/>
<category scheme="https://news.example.org/feeds/topic" term="skills" label="Skills"/>
<summary>Twelve enterprises shared what they learned.</summary>
<content type="html">&lt;p&gt;Huzhou – &lt;a href="https://www.example.org/a?x=1&amp;amp;y=2"&gt;twelve&lt;/a&gt; \
R&amp;amp;D teams met.&lt;br&gt;\
&lt;img src="https://news.example.org/i.jpg" alt="The hall" width="800"&gt;&lt;/p&gt;</content>
<media:content url="https://news.example.org/i.jpg" medium="image" type="image/jpeg" width="800" height="600">
<media:title type="plain">The hall</media:title>
<media:description type="plain">Participants at the conference</media:description>
<media:credit>© Country Office</media:credit>
</media:content>
</entry>
<entry xml:lang="mn">
<id>tag:example.org,2020:2020/tsagaan</id>
<title>Монгол Улс дахь ажил ба 工作</title>
<updated>2020-10-12T04:00:00Z</updated>
<published>2020-10-12T04:00:00Z</published>
<author><name>Бат</name><email>bat@example.org</email></author>
<link rel="alternate" type="text/html" hreflang="mn" href="https://news.example.org/mn/releases/2020/tsagaan"/>
<summary>Товч.</summary>
<content type="html">&lt;p&gt;Товч мэдээ.&lt;/p&gt;</content>
<dcterms:valid>end=2020-10-13T04:00:00Z; scheme=W3C-DTF</dcterms:valid>
<dcterms:isReplacedBy>https://news.example.org/mn/releases/2020/ulaan</dcterms:isReplacedBy>
<dcterms:hasFormat>ni:///sha-256;n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg</dcterms:hasFormat>
</entry>
</feed>
"""

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" \
xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule" \
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" \
xmlns:media="http://search.yahoo.com/mrss/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" version="2.0">
<channel>
<title>News from China</title>
<link>https://news.example.org/feeds/country/cn.html</link>
<description>Press releases of the office for China and Mongolia</description>
<language>en</language>
<copyright>© Country Office 2021</copyright>
<managingEditor>press@example.org (Press desk)</managingEditor>
<pubDate>Thu, 24 Jun 2021 01:00:00 +0000</pubDate>
<lastBuildDate>Thu, 24 Jun 2021 01:30:00 +0000</lastBuildDate>
<generator>newsroom-feeds</generator>
<docs>https://www.rssboard.org/rss-specification</docs>
<ttl>60</ttl>
<image>
<url>https://news.example.org/static/logo.png</url>
<title>News from China</title>
<link>https://news.example.org/feeds/country/cn.html</link>
</image>
<atom:link rel="self" type="application/rss+xml" href="https://news.example.org/feeds/country/cn.rss"/>
<atom:link rel="alternate" type="text/html" hreflang="en" href="https://news.example.org/feeds/country/cn.html"/>
<atom:link rel="hub" href="https://hub.example.net/"/>
<atom:link rel="alternate" type="application/rss+xml" hreflang="mn" \
href="https://news.example.org/mn/feeds/country/cn.rss"/>
<atom:link rel="prev-archive" type="application/rss+xml" href="https://news.example.org/feeds/country/cn/archive/3.rss"/>
<creativeCommons:license>https://creativecommons.org/licenses/by/4.0/</creativeCommons:license>
<sy:updatePeriod>hourly</sy:updatePeriod>
<sy:updateFrequency>1</sy:updateFrequency>
<sy:updateBase>2021-01-01T00:00:00Z</sy:updateBase>
<item>
<title>SCORE pilot: R&#x26;D, “quality” 👍 and a &#x3C; b</title>
<link>https://news.example.org/releases/2021/score-pilot</link>
<description>&lt;p&gt;Twelve enterprises shared what they learned.&lt;/p&gt;</description>
<content:encoded>&lt;p&gt;Huzhou – &lt;a href="https://www.example.org/a?x=1&amp;amp;y=2"&gt;twelve&lt;/a&gt; \
R&amp;amp;D teams met.&lt;br&gt;&lt;/p&gt;</content:encoded>
<dc:creator>Country Office</dc:creator>
<category domain="https://news.example.org/feeds/country">China</category>
<enclosure url="https://news.example.org/files/report.pdf" length="20480" type="application/pdf"/>
<guid isPermaLink="false">tag:example.org,2020:2021/score-pilot</guid>
<pubDate>Thu, 24 Jun 2021 01:00:00 +0000</pubDate>
<atom:updated>2021-06-24T01:30:00Z</atom:updated>
<creativeCommons:license>https://www.example.org/terms</creativeCommons:license>
<dcterms:modified>2021-06-24T01:30:00Z</dcterms:modified>
<media:content url="https://news.example.org/i.jpg" medium="image" type="image/jpeg" width="800" height="600">
<media:title type="plain">The hall</media:title>
<media:description type="plain">Participants at the conference</media:description>
<media:credit>© Country Office</media:credit>
</media:content>
</item>
<item>
<title>Монгол Улс дахь ажил ба 工作</title>
<link>https://news.example.org/mn/releases/2020/tsagaan</link>
<description>&lt;p&gt;Товч.&lt;/p&gt;</description>
<dc:creator>Бат</dc:creator>
<guid isPermaLink="false">tag:example.org,2020:2020/tsagaan</guid>
<pubDate>Mon, 12 Oct 2020 04:00:00 +0000</pubDate>
<atom:updated>2020-10-12T04:00:00Z</atom:updated>
<dcterms:valid>end=2020-10-13T04:00:00Z; scheme=W3C-DTF</dcterms:valid>
<dcterms:isReplacedBy>https://news.example.org/mn/releases/2020/ulaan</dcterms:isReplacedBy>
<dcterms:hasFormat>ni:///sha-256;n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg</dcterms:hasFormat>
</item>
</channel>
</rss>
"""

JSON = """{
  "version": "https://jsonfeed.org/version/1.1",
  "title": "News from China",
  "home_page_url": "https://news.example.org/feeds/country/cn.html",
  "feed_url": "https://news.example.org/feeds/country/cn.json",
  "description": "Press releases of the office for China and Mongolia",
  "next_url": "https://news.example.org/feeds/country/cn/archive/3.json",
  "icon": "https://news.example.org/static/icon.png",
  "language": "en",
  "authors": [{"name": "Country Office", "url": "https://www.example.org/"}],
  "hubs": [{"type": "WebSub", "url": "https://hub.example.net/"}],
  "items": [
    {
      "id": "tag:example.org,2020:2021/score-pilot",
      "url": "https://news.example.org/releases/2021/score-pilot",
      "title": "SCORE pilot: R&D, “quality” 👍 and a < b",
      "summary": "Twelve enterprises shared what they learned.",
      "content_html": "<p>Huzhou – <a href=\\"https://www.example.org/a?x=1&amp;y=2\\">twelve</a> R&amp;D met.</p>",
      "date_published": "2021-06-24T01:00:00Z",
      "date_modified": "2021-06-24T01:30:00Z",
      "image": "https://news.example.org/i.jpg",
      "tags": ["China", "Skills"],
      "language": "en",
      "attachments": [
        {"url": "https://news.example.org/files/report.pdf", "mime_type": "application/pdf", "title": "Report",
         "size_in_bytes": 20480}
      ],
      "_newsroom": {"date": "24 June 2021"}
    },
    {
      "id": "tag:example.org,2020:2020/tsagaan",
      "url": "https://news.example.org/mn/releases/2020/tsagaan",
      "title": "Монгол Улс дахь ажил ба 工作",
      "content_html": "<p>Товч.</p>",
      "date_published": "2020-10-12T04:00:00Z",
      "date_modified": "2020-10-12T04:00:00Z",
      "language": "mn",
      "authors": [{"name": "Бат"}]
    }
  ]
}
"""

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
<head><title>Feeds of the Country Office</title><dateModified>Thu, 24 Jun 2021 01:30:00 GMT</dateModified>
<docs>http://opml.org/spec2.opml</docs></head>
<body>
<outline text="Country">
<outline text="China" title="China" type="rss" version="RSS2" language="en" description="3 releases" \
xmlUrl="https://news.example.org/feeds/country/cn.atom" htmlUrl="https://news.example.org/feeds/country/cn.html"/>
<outline text="Mongolia" title="Mongolia" type="rss" \
xmlUrl="https://news.example.org/feeds/country/mn.atom" htmlUrl="https://news.example.org/feeds/country/mn.html"/>
</outline>
</body>
</opml>
"""

SAMPLES = {
    "atom": (ATOM, ATOM_TYPE, ATOM_URL),
    "rss": (RSS, RSS_TYPE, RSS_URL),
    "json": (JSON, JSON_TYPE, JSON_URL),
    "opml": (OPML, OPML_TYPE, OPML_URL),
}
