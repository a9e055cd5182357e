"""What other programs have published becomes release files, with nothing lost in silence."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from feeds.cli.commands import group
from feeds.errors import FeedsError
from tests.importers import exports
from tests.importers.exports import ATTACHMENT, a_file, a_post, wordpress
from tests.importers.newsrooms import TOPICS, Imported, run
from tests.makers import Bench
from tests.media.files import PDF

FILE = "releases/2021/2021-06-24-{}.yaml"


@pytest.fixture
def imported(tmp_path: Path) -> Imported:
    return Imported(tmp_path / "newsroom")


# -- WordPress --------------------------------------------------------------------------------------------------------


def test_a_post_of_wordpress_keeps_what_it_had(imported: Imported, tmp_path: Path) -> None:
    text = """First paragraph with <strong>bold</strong>
and a second line.

[caption id="a" width="300"]<img src="https://city.example/a.jpg" alt="A bridge" /> A caption[/caption]

[gallery ids="9"] [embed]https://youtu.be/x[/embed]
[vc_row x="1"]Inside[/vc_row] and [sic] stays."""
    more = (
        '<category domain="category" nicename="pay"><![CDATA[Pay]]></category>'
        '<category domain="post_tag" nicename="salaires"><![CDATA[Salaires]]></category>'
        '<category domain="post_tag" nicename="new"><![CDATA[New]]></category>'
        "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta>"
    )
    post = a_post(7, text, title="R&amp;D &amp;#8211; “Bridges”", name="bridges", excerpt="In short.", more=more)
    (item,) = imported.take(wordpress(tmp_path / "export.xml", post, ATTACHMENT))
    assert (item["result"], item["file"]) == ("written", FILE.format("bridges"))
    assert item["notes"] == ["the shortcode [vc_row] is left out"]
    release = imported.release(item["file"])
    assert release.title == "R&D – “Bridges”"
    assert (release.id, release.aliases) == ("https://city.example/?p=7", ("/2021/06/24/bridges/",))
    assert release.published.isoformat() == "2021-06-24T09:30:00+08:00"
    assert (release.summary, release.slugs("topic")) == ("In short.", ("wages",))
    assert [(each.name, each.email) for each in release.authors] == [("Ada L.", "ada@city.example")]
    assert release.image
    assert (release.image.alt, release.image.caption) == ("A bridge", "At noon")
    assert release.body == (
        "First paragraph with **bold**\\\nand a second line.\n\n"
        '<figure><img src="https://city.example/a.jpg" alt="A bridge"><figcaption>A caption</figcaption></figure>\n\n'
        '<figure><img src="https://city.example/wp-content/uploads/2021/06/bridge.jpg" alt="A bridge">'
        "<figcaption>At noon</figcaption></figure>\n\n"
        "<https://youtu.be/x>\n\nInside and \\[sic\\] stays."
    )
    assert imported.said["unmatched_terms"] == [{"field": "post_tag", "name": "New", "count": 1}]


@pytest.mark.parametrize(
    ("said", "result", "note"),
    [
        ({"status": "draft"}, "draft", "a draft"),
        ({"status": "pending"}, "draft", "waited for review"),
        ({"status": "private"}, "draft", "private"),
        ({"password": "x"}, "draft", "password"),
        ({"status": "trash"}, "left out", "trash"),
        ({"status": "auto-draft"}, "left out", "nobody wrote"),
        ({"type": "page"}, "written", "a page"),
        ({"type": "event"}, "written", "“event”"),
        ({"text": "", "excerpt": ""}, "draft", "no text"),
        ({"title": ""}, "draft", "no title"),
        ({"local": "", "gmt": "", "pub": "soon"}, "draft", "no date"),
    ],
)
def test_what_is_not_public_is_a_draft_or_left_out_with_the_reason(
    imported: Imported, tmp_path: Path, said: dict[str, Any], result: str, note: str
) -> None:
    (item,) = imported.take(wordpress(tmp_path / "export.xml", a_post(**said)))
    assert item["result"] == result
    assert note in " ".join(item["notes"])
    assert len(imported.files()) == (result != "left out")
    assert all(("draft: true" in imported.text(file)) == (result == "draft") for file in imported.files())


def test_a_scheduled_post_keeps_its_date(imported: Imported, tmp_path: Path) -> None:
    post = a_post(status="future", local="2099-01-01 08:00:00", gmt="2099-01-01 00:00:00")
    (item,) = imported.take(wordpress(tmp_path / "export.xml", post))
    assert imported.release(item["file"]).published == datetime(2099, 1, 1, tzinfo=UTC)


def test_a_time_without_its_zone_is_one_of_the_newsroom(imported: Imported, tmp_path: Path) -> None:
    (item,) = imported.take(wordpress(tmp_path / "export.xml", a_post(gmt="0000-00-00 00:00:00")))
    assert imported.release(item["file"]).published.isoformat() == "2021-06-24T09:30:00+08:00"


def test_languages_that_belong_together_become_translations(imported: Imported, tmp_path: Path) -> None:
    def tagged(language: str) -> str:
        return (
            f'<category domain="language" nicename="{language}"><![CDATA[x]]></category>'
            '<category domain="post_translations" nicename="pll_1"><![CDATA[pll_1]]></category>'
        )

    posts = (
        a_post(1, name="one", more=tagged("en")),
        a_post(2, name="un", status="draft"),
        a_post(3, name="un", more=tagged("fr")),
    )
    first, _, second = imported.take(wordpress(tmp_path / "export.xml", *posts))
    assert (first["file"], second["file"]) == (FILE.format("one"), FILE.format("one.fr"))
    release = imported.release(first["file"], second["file"])
    assert (release.language, release.id, release.slug) == ("fr", "https://city.example/?p=3", "one")


# -- Markdown ---------------------------------------------------------------------------------------------------------

HUGO = """\
---
title: "The dam: done"
date: 2021-06-24T09:30:00+08:00
lastmod: 2021-06-26T10:00:00+08:00
tags: [wages, no]
aliases: [/old/dam.html, /feeds/all.atom]
slug: the-dam
custom: x
---
Water *rises*. It rose again.

{{< figure src="https://city.example/dam.jpg" alt="The dam" >}} and {{< ref "x.md" >}}.

```
{{< not a shortcode >}}
```
"""


def test_a_site_of_hugo_is_read_with_its_languages(imported: Imported, tmp_path: Path) -> None:
    a_file(tmp_path / "site/content/news/dam/index.md", HUGO)
    a_file(
        tmp_path / "site/content/news/dam/index.fr.md",
        '+++\ntitle = "Le barrage"\ndate = 2021-06-24\n+++\nL’eau monte.',
    )
    a_file(tmp_path / "site/content/news/json.md", '{"title": "In JSON", "date": "2021-06-24", "draft": true}\n\nText.')
    a_file(tmp_path / "site/public/news/no.md", HUGO)
    items = {item["where"]: item for item in imported.take(tmp_path / "site")}
    assert [item["file"] for item in items.values()] == [
        FILE.format(each) for each in ("json", "the-dam", "the-dam.fr")
    ]
    dam = imported.release(FILE.format("the-dam"))
    assert (dam.title, dam.slugs("topic")) == ("The dam: done", ("wages",))
    assert dam.aliases == ("/old/dam.html", "/news/the-dam/")
    assert dam.updated
    assert (dam.body or "").startswith("Water *rises*. It rose again.\n\n![The dam](https://city.example/dam.jpg)")
    assert "{{< not a shortcode >}}" in (dam.body or "")
    assert items["content/news/dam/index.md"]["notes"] == [
        "the shortcode {{< ref >}} is left out",
        "fields of its own are not carried: custom",
        "its address /feeds/all.atom cannot lead to it",
    ]
    assert imported.release(FILE.format("the-dam"), FILE.format("the-dam.fr")).title == "Le barrage"
    assert items["content/news/json.md"]["result"] == "draft"
    assert imported.said["unmatched_terms"] == [{"field": "tags", "name": "no", "count": 1}]


def test_a_post_of_jekyll_is_read_with_its_address(imported: Imported, tmp_path: Path) -> None:
    text = """---
layout: post
title: Roads
categories: wages other
permalink: /news/:year/:title.html
published: false
---
It is about {{ page.title }}, see {{ site.url }} and {% post_url 2020-01-01-x %}.

{% highlight python %}
x = "{{ y }}"
{% endhighlight %}
"""
    a_file(tmp_path / "site/_posts/2021-06-24-roads.md", text)
    (item,) = imported.take(tmp_path / "site")
    assert item["result"] == "draft"
    assert item["notes"] == ["the tag {% post_url %} is left out", "{{ site.url }} is left out", "it was a draft"]
    release = imported.release(item["file"])
    assert release.aliases == ("/news/2021/roads.html", "/2021/06/24/roads.html")
    assert release.slugs("topic") == ("wages",)
    assert release.body == 'It is about Roads, see  and .\n\n\n```python\nx = "{{ y }}"\n```'


def test_a_post_of_pelican_is_read(imported: Imported, tmp_path: Path) -> None:
    file = a_file(
        tmp_path / "post.md", "Title: Salaires: un point\nDate: 2021-06-24 10:20\nLang: fr\nTags: pay, x\n\nLe texte."
    )
    (item,) = imported.take(file)
    release = imported.release(item["file"])
    assert (release.title, release.language, release.slugs("topic")) == ("Salaires: un point", "fr", ("wages",))
    assert release.published.isoformat() == "2021-06-24T10:20:00+08:00"


# -- tables and Word --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_table_is_read_in_any_encoding(imported: Imported, tmp_path: Path, encoding: str, sign: str) -> None:
    rows = [
        ["Headline", "Publication date", "Topics", "Text"],
        ["Où en est-on ?", "25/12/2021", "pay|other", '"Première ligne, à l’heure.\n\nDeuxième *ligne*; é, ç, œ."'],
        ["Two", "3/4/2021", "", "<p>In <b>HTML</b>.</p><p>More.</p>"],
    ]
    text = "\r\n".join(
        sign.join(f'"{cell}"' if sign in cell and cell[0] != '"' else cell for cell in row) for row in rows
    )
    first, second = imported.take(a_file(tmp_path / "table.csv", text.encode(encoding)))
    assert (first["file"], second["file"]) == (
        "releases/2021/2021-12-25-ou-en-est-on.yaml", "releases/2021/2021-04-03-two.yaml",
    )  # fmt: skip
    release = imported.release(first["file"])
    assert release.title == "Où en est-on ?"
    assert release.summary == "Première ligne, à l’heure."
    assert release.body == "Première ligne, à l’heure.\n\nDeuxième \\*ligne\\*; é, ç, œ."
    assert release.slugs("topic") == ("wages",)
    assert imported.release(second["file"]).body == "In **HTML**.\n\nMore."


def test_a_date_that_can_be_read_in_two_ways_makes_a_draft(imported: Imported, tmp_path: Path) -> None:
    (item,) = imported.take(a_file(tmp_path / "table.csv", "title,date,text\nOne,3/4/2021,Text.\n"))
    assert item["result"] == "draft"
    assert "more than one way" in item["notes"][0]


def test_a_word_document_is_read_with_tables_and_footnotes(imported: Imported, tmp_path: Path) -> None:
    (item,) = imported.take(exports.word(tmp_path / "2021-06-24 The bridge.docx"))
    release = imported.release(item["file"])
    assert (release.title, release.summary) == ("The bridge is open", "Traffic rose by 5*3 per cent")
    assert (release.body or "").startswith("Traffic rose by 5\\*3 per cent[^1]\n\n# Numbers\n\n<table><tr><td>")
    assert (release.body or "").endswith("[^1]: Counted by hand.")


def test_a_word_document_without_a_date_in_its_name_is_a_draft(imported: Imported, tmp_path: Path) -> None:
    (item,) = imported.take(exports.word(tmp_path / "bridge.docx", core="<x>y</x>"))
    assert item["result"] == "draft"
    assert "the day on which the document was made" in item["notes"][0]


# -- terms ------------------------------------------------------------------------------------------------------------


def test_new_terms_are_added_at_the_end_of_their_file(imported: Imported, tmp_path: Path) -> None:
    (imported.data / "topics.yaml").write_text(TOPICS.rstrip("\n"), encoding="utf-8")
    table = a_file(
        tmp_path / "table.csv", "title,date,tags,genre\nOne,2021-06-24,No|Pay|Ünder,News\nTwo,2021-06-25,no,\n"
    )
    imported.take(table, terms="tags=topics", add_terms=True)
    assert (imported.data / "topics.yaml").read_text(encoding="utf-8") == (
        f'{TOPICS}"no":\n  labels:\n    en: "No"\nunder:\n  labels:\n    en: Ünder\n'
    )
    assert [each["slug"] for each in imported.said["added_terms"]] == ["no", "under"]
    assert imported.said["unmatched_terms"] == []
    release = imported.release("releases/2021/2021-06-24-one.yaml")
    assert (release.slugs("topic"), release.slugs("genre")) == (("no", "under", "wages"), ("news",))


def test_terms_are_added_to_no_file_that_is_written_in_another_way(imported: Imported, tmp_path: Path) -> None:
    written = "{wages: {labels: {en: Wages}}}\n"
    (imported.data / "topics.yaml").write_text(written, encoding="utf-8")
    imported.take(
        a_file(tmp_path / "table.csv", "title,date,tags\nOne,2021-06-24,x\n"), terms="tags=topics", add_terms=True
    )
    assert (imported.data / "topics.yaml").read_text(encoding="utf-8") == written
    assert imported.said["unmatched_terms"] == [{"field": "tags", "name": "x", "count": 1}]


def test_a_facet_that_is_not_there_is_told(imported: Imported, tmp_path: Path) -> None:
    with pytest.raises(FeedsError, match="the facets: topics, genre"):
        imported.take(a_file(tmp_path / "t.csv", "title\nOne\n"), terms="tags=theme")


# -- again, and beside what is there ----------------------------------------------------------------------------------


def test_running_it_again_brings_only_what_is_new(imported: Imported, tmp_path: Path) -> None:
    a_file(tmp_path / "site/content/a.md", HUGO)
    sources: list[Path] = [wordpress(tmp_path / "e.xml", a_post(1), a_post(2)), tmp_path / "site"]
    imported.take(*sources)
    before = {file: imported.text(file) for file in imported.files()}
    edited = imported.data / imported.files()[0]
    edited.write_text(edited.read_text(encoding="utf-8") + "credit: © Ada\n", encoding="utf-8")
    before[imported.files()[0]] = edited.read_text(encoding="utf-8")
    wordpress(tmp_path / "e.xml", a_post(1), a_post(2), a_post(3))
    items = imported.take(*sources)
    assert [item["result"] for item in items] == ["known", "known", "written", "known"]
    assert {file: imported.text(file) for file in before} == before
    assert len(imported.files()) == len(before) + 1


def test_no_file_is_overwritten(imported: Imported, tmp_path: Path) -> None:
    own = "title: Another\nsummary: Text.\npublished: 2021-06-24\n"
    a_file(imported.data / FILE.format("post-7"), own)
    (item,) = imported.take(wordpress(tmp_path / "e.xml", a_post(7)))
    assert (item["result"], item["file"]) == ("written", FILE.format("post-7-2"))
    assert imported.text(FILE.format("post-7")) == own


def test_a_dry_run_writes_nothing(imported: Imported, tmp_path: Path) -> None:
    def everything() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in imported.data.rglob("*") if path.is_file()}

    before = everything()
    source = a_file(tmp_path / "t.csv", "title,date,tags,lang,group\nOne,2021-06-24,x,en,1\nUn,2021-06-24,x,fr,1\n")
    items = imported.take(source, terms="tags=topics", add_terms=True, dry_run=True)
    assert [item["file"] for item in items] == [FILE.format("one"), FILE.format("one.fr")]
    assert everything() == before


# -- faults -----------------------------------------------------------------------------------------------------------


def test_what_the_model_refuses_is_left_out_with_the_reason(imported: Imported, tmp_path: Path) -> None:
    table = "title,date,image,attachments,text,id\nOne,2021-06-24,ftp://x.example/a.jpg,ftp://x.example/a.pdf,Text.,a\x7fb\n"
    (item,) = imported.take(a_file(tmp_path / "t.csv", table))
    assert item["result"] == "written"
    assert {note.partition(" ")[0] for note in item["notes"]} >= {"image", "attachments"}
    assert imported.release(item["file"]).image is None


def test_a_reference_to_a_control_character_stays_text(imported: Imported, tmp_path: Path) -> None:
    (item,) = imported.take(
        wordpress(tmp_path / "e.xml", a_post(text="<p>Sign &amp;#7; and code <code>&amp;#7;</code></p><p>x</p>"))
    )
    assert item["result"] == "written"
    assert imported.release(item["file"]).body


def test_a_text_that_is_too_long_is_a_draft_with_the_reason(imported: Imported, tmp_path: Path) -> None:
    (item,) = imported.take(wordpress(tmp_path / "e.xml", a_post(text=f"<p>{'word ' * 60_000}</p>", title="x" * 400)))
    assert item["result"] == "draft"
    assert any("title" in note for note in item["notes"])
    assert any("bytes" in note for note in item["notes"])


@pytest.mark.parametrize(
    ("name", "raw", "why"),
    [
        ("bomb.xml", '<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;">]><rss><channel/></rss>', "declares entities"),
        ("file.xml", '<!-- <a> --><!DOCTYPE a [<!ENTITY x SYSTEM "/etc/passwd">]><rss/>', "declares entities"),
        ("utf16.xml", '<!DOCTYPE a [<!ENTITY x "y">]><rss/>'.encode("utf-16"), "declares entities"),
        ("page.xml", "<!DOCTYPE html><html></html>", "an HTML page"),
        ("other.xml", "<a/>", "no feed"),
        ("other.json", '{"a": 1}', "no list of “items”"),
        ("broken.json", '{"items": [', "no JSON that can be read"),
        ("deep.json", '{"items": ' + "[" * 100_000, "no JSON that can be read"),
        ("table.csv", "a,b\n1,2\n", "no column for the title"),
        ("line.csv", "title,date\n" + "x" * 3_000_000, "no CSV that can be read"),
        ("letter.pdf", "%PDF-1.7", "no format that can be read"),
        ("other.docx", b"PK\x03\x04" + b"x" * 100, "no Word document"),
        ("empty", "", "no format that can be read"),
    ],
)
def test_a_hostile_or_foreign_file_is_refused(
    imported: Imported, tmp_path: Path, name: str, raw: str | bytes, why: str
) -> None:
    with pytest.raises(FeedsError, match=why):
        imported.take(a_file(tmp_path / name, raw))
    assert not imported.files()


def test_a_document_that_unpacks_to_too_much_is_refused(imported: Imported, tmp_path: Path) -> None:
    bomb = exports.word(tmp_path / "bomb.docx", parts={"word/media/x.png": bytes(110_000_000)})
    with pytest.raises(FeedsError, match="unpacks to more than"):
        imported.take(bomb)


def test_a_document_with_entities_is_refused(imported: Imported, tmp_path: Path) -> None:
    bomb = exports.word(tmp_path / "bomb.docx", parts={"word/x.xml": b'<!DOCTYPE a [<!ENTITY x "y">]><a/>'})
    with pytest.raises(FeedsError, match="declares entities"):
        imported.take(bomb)


def test_elements_deep_inside_one_another_cost_only_their_form(imported: Imported, tmp_path: Path) -> None:
    (item,) = imported.take(
        wordpress(tmp_path / "e.xml", a_post(text=f"{'<div><b><ul><li>' * 500}Deep.</p><p>End.</p>"))
    )
    assert item["result"] == "written"
    release = imported.release(item["file"])
    assert "Deep." in f"{release.summary} {release.body}"


def test_a_feed_that_breaks_off_is_read_as_far_as_it_goes(imported: Imported, tmp_path: Path) -> None:
    feed = """<rss version="2.0"><channel><title>x</title>
<item><title>One & two</title><guid>1</guid><pubDate>Thu, 24 Jun 2021 01:30:00 GMT</pubDate>
<description>Text.</description></item>
<item><title>Two</title><guid>2</guid><pubDate>Thu, 24 Jun 2021 02:30:00 GMT</pubDate><description>Text"""
    items = imported.take(a_file(tmp_path / "feed.xml", feed))
    assert [item["title"] for item in items] == ["One & two", "Two"]
    assert all("not well-formed XML" in item["notes"][0] for item in items)


@pytest.mark.parametrize("encoding", ["gbk", "shift_jis", "windows-1252", "utf-16"])
def test_a_feed_is_read_in_any_encoding(imported: Imported, tmp_path: Path, encoding: str) -> None:
    title = {"gbk": "新闻 — “好”", "shift_jis": "東京、カタカナ"}.get(encoding, "Où l’œuvre")
    feed = f"""<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><item>
<title>{title} &amp; x</title><guid>4711 at https://e.org</guid><pubDate>Thu, 24 Jun 2021 09:30:00 +0800</pubDate>
<link>https://e.org/a?id=3&amp;utm_x=1</link>
<description>&lt;p&gt;{title}&lt;/p&gt;</description></item></channel></rss>"""
    (item,) = imported.take(a_file(tmp_path / "feed.xml", feed.encode(encoding)))
    assert "the query in it says what it is" in item["notes"][0]
    release = imported.release(item["file"])
    assert (release.title, release.id, release.aliases) == (f"{title} & x", "4711 at https://e.org", ())
    assert release.published.isoformat() == "2021-06-24T09:30:00+08:00"


def test_the_report_is_whole_where_reading_ends(imported: Imported, tmp_path: Path) -> None:
    table = a_file(tmp_path / "t.csv", "title,date\nOne,2021-06-24\nTwo," + "x" * 3_000_000)
    done = CliRunner().invoke(group, ["import", str(table), "--into", str(imported.data), "--json"])
    assert "no CSV that can be read" in str(done.exception)
    assert [item["title"] for item in json.loads(done.stdout)["items"]] == ["One"]


def test_a_feed_with_empty_elements_is_read(imported: Imported, tmp_path: Path) -> None:
    feed = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><id/><title/><summary type="xhtml"/><content/><rights/>
<updated/><link/><author><name/></author><category/></entry></feed>"""
    (item,) = imported.take(a_file(tmp_path / "feed.xml", feed))
    assert item["result"] == "draft"
    assert not [note for note in item["notes"] if "cannot be read" in note]


def test_nothing_is_fetched_from_the_web(imported: Imported) -> None:
    with pytest.raises(FeedsError, match="save it"):
        imported.take("https://city.example/feed/")


def test_without_the_libraries_it_says_what_to_install(imported: Imported, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mammoth", None)
    with pytest.raises(FeedsError, match=r"pip install 'newsroom-feeds\[import\]'"):
        imported.take("x.xml")


def test_people_are_told_of_each_item_that_lost_something(imported: Imported, tmp_path: Path) -> None:
    export = wordpress(tmp_path / "e.xml", a_post(1), a_post(2, status="private"), a_post(3, status="trash"))
    out = run("import", str(export), "--into", str(imported.data))
    assert out.splitlines() == [
        "e.xml, item 2: draft → data/releases/2021/2021-06-24-post-2.yaml",
        "    it was private, so it is a draft",
        "e.xml, item 3: left out",
        "    it was in the trash",
        "1 written, 1 as drafts, 0 known already, 1 left out; 2 summaries made of the first sentences",
    ]


# -- pictures and files -----------------------------------------------------------------------------------------------


def test_files_of_a_bundle_are_copied_beside_the_release(imported: Imported, tmp_path: Path) -> None:
    text = """---
title: The dam
date: 2021-06-24
---
![The dam](Dam%20(1).JPG) and [the programme](programme.pdf), [again](./programme.pdf), [none](none.pdf).

[out](../../x.pdf)

![Site](/images/site.png)

```
![The dam](programme.pdf)
```
"""
    site = tmp_path / "site"
    a_file(site / "content/news/dam/index.md", text)
    a_file(site / "content/news/dam/Dam (1).JPG", b"jpg")
    a_file(site / "content/news/dam/programme.pdf", b"pdf")
    a_file(site / "content/x.pdf", b"outside")
    a_file(site / "static/images/site.png", b"png")
    (item,) = imported.take(site)
    body = imported.text(item["file"])
    assert "![The dam](dam-1.jpg) and [the programme](programme.pdf), [again](programme.pdf), [none](none.pdf)" in body
    assert "![Site](site.png)" in body
    assert "  ![The dam](programme.pdf)\n  ```" in body
    folder = imported.data / "releases/2021/2021-06-24-dam"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "dam-1.jpg": b"jpg", "programme.pdf": b"pdf", "site.png": b"png",
    }  # fmt: skip
    assert [note for note in item["notes"] if "is not in the source" in note] == [
        "“none.pdf” is not in the source: it leads nowhere",
        "“../../x.pdf” is not in the source: it leads nowhere",
    ]


def test_uploads_of_wordpress_are_copied_if_their_folder_is_named(imported: Imported, tmp_path: Path) -> None:
    text = '<p><img src="https://city.example/wp-content/uploads/2021/06/a.jpg" alt="x"> <a href="https://e.org/b.pdf">b</a></p>'
    export = wordpress(tmp_path / "e.xml", a_post(1, f"<!-- wp:x -->{text}"))
    a_file(tmp_path / "uploads/2021/06/a.jpg", b"jpg")
    (tmp_path / "uploads/b.pdf").symlink_to("/etc/hostname")
    (item,) = imported.take(export, media=tmp_path / "uploads")
    assert "![x](a.jpg) [b](https://e.org/b.pdf)" in imported.text(item["file"])
    assert (imported.data / "releases/2021/2021-06-24-post-1/a.jpg").read_bytes() == b"jpg"


def test_pictures_of_a_word_document_are_copied(imported: Imported, tmp_path: Path) -> None:
    (item,) = imported.take(exports.word(tmp_path / "2021-06-24 The bridge.docx"))
    assert "![A red square](picture-1.png)" in imported.text(item["file"])
    assert (imported.data / "releases/2021/2021-06-24-the-bridge/picture-1.png").read_bytes() == exports.PNG


def test_a_file_that_is_there_stays(imported: Imported, tmp_path: Path) -> None:
    own = imported.data / "releases/2021/2021-06-24-the-bridge/picture-1.png"
    a_file(own, b"the editor's")
    (item,) = imported.take(exports.word(tmp_path / "2021-06-24 The bridge.docx"))
    assert "![A red square](picture-1-2.png)" in imported.text(item["file"])
    assert own.read_bytes() == b"the editor's"
    assert own.with_name("picture-1-2.png").read_bytes() == exports.PNG


def test_files_that_came_along_are_published_and_a_summary_says_nothing_of_pictures(
    imported: Imported, tmp_path: Path
) -> None:
    bundle = tmp_path / "site/content/posts/dam"
    text = "---\ntitle: Dam\ndate: 2021-06-24\nimage: dam.png\n---\nIt opens. ![A wall](dam.png) See [this](a.pdf).\n"
    a_file(bundle / "index.md", text)
    a_file(bundle / "dam.png", exports.PNG)
    a_file(bundle / "a.pdf", PDF)
    (item,) = imported.take(tmp_path / "site")
    assert not any("left out" in note for note in item["notes"])
    assert "summary: It opens. See this.\n" in imported.text(item["file"])
    bench = Bench(imported.data)
    bench.compile()
    assert bench.problems() == []
    assert {name for _, name in visible(bench)} == {"dam.png", "a.pdf"}


def visible(bench: Bench) -> list[tuple[str, str]]:
    with bench.catalogue.reading() as snapshot:
        return snapshot.media.visible(datetime.now(UTC))
