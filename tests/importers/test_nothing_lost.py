"""What an import does not carry is told, and no item vanishes in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from feeds.render.html_to_markdown import html_to_markdown
from tests.importers.exports import a_file, a_post, wordpress
from tests.importers.newsrooms import Imported, run

PLACE = "releases/2021/2021-06-24-{}.yaml"
RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>x</title>{}</channel></rss>"""


@pytest.fixture
def imported(tmp_path: Path) -> Imported:
    return Imported(tmp_path / "newsroom")


# -- Items that are alike ---------------------------------------------------------------------------------------------


def test_items_with_the_same_title_and_day_become_releases_of_their_own(imported: Imported, tmp_path: Path) -> None:
    table = a_file(tmp_path / "t.csv", "title,date,text\nFigures,2021-06-24,North\nFigures,2021-06-24,South\n")
    assert [item["file"] for item in imported.take(table)] == [PLACE.format("figures"), PLACE.format("figures-2")]
    assert imported.release(PLACE.format("figures-2")).summary == "South"
    assert [item["result"] for item in imported.take(table)] == ["known", "known"]
    assert len(imported.files()) == 2


def test_an_item_that_comes_twice_is_known(imported: Imported, tmp_path: Path) -> None:
    table = a_file(tmp_path / "t.csv", "title,date,text\nFigures,2021-06-24,North\nFigures,2021-06-24,North\n")
    assert [item["result"] for item in imported.take(table)] == ["written", "known"]


def test_two_texts_with_one_id_are_told(imported: Imported, tmp_path: Path) -> None:
    item = "<item><title>{0}</title><guid>g</guid><pubDate>Thu, 24 Jun 2021 10:00:00 GMT</pubDate>"
    item += "<description>{0}.</description></item>"
    feed = a_file(tmp_path / "f.xml", RSS.format(item.format("First") + item.format("Second")))
    assert [(each["result"], each["notes"]) for each in imported.take(feed)] == [
        ("written", []),
        ("left out", ["an item before it has the same id"]),
    ]


@pytest.mark.parametrize("title", ["Figures", ""])
def test_an_item_without_date_and_id_is_known_on_a_later_day(imported: Imported, tmp_path: Path, title: str) -> None:
    page = a_file(tmp_path / "site/figures.md", f'---\ntitle: "{title}"\n---\nNorth.\n')
    (first,) = imported.take(page)
    file = imported.data / first["file"]
    file.rename(file.with_name("2021-06-24-figures.yaml"))
    assert [item["result"] for item in imported.take(page)] == ["known"]
    assert len(imported.files()) == 1


# -- Files that are not there -----------------------------------------------------------------------------------------


def test_a_picture_or_file_that_is_not_there_does_not_hold_the_release_back(imported: Imported, tmp_path: Path) -> None:
    table = "title,date,text,image,attachments\nFigures,2021-06-24,North,a.jpg,b.pdf\n"
    (item,) = imported.take(a_file(tmp_path / "t.csv", table))
    assert (item["result"], item["notes"][-2:]) == (
        "written",
        [
            "its picture “a.jpg” is not in the source, and is left out",
            "its file “b.pdf” is not in the source, and is left out",
        ],
    )
    release = imported.release(item["file"])
    assert (release.image, release.attachments) == (None, ())
    assert json.loads(run("check", "--json", "--data", str(imported.data)))["problems"] == []


# -- Feeds ------------------------------------------------------------------------------------------------------------

DATE = "<pubDate>Thu, 24 Jun 2021 10:00:00 GMT</pubDate>"
PICTURE = '<media:content url="https://city.example/m.jpg" medium="image">{}</media:content>'
TEXT = "<description>&lt;p&gt;Pay &lt;b&gt;rose&lt;/b&gt;.&lt;/p&gt;</description>"
OF_FILES = [
    PICTURE.format("<media:description>A bridge</media:description>"),
    f"<media:description>A bridge</media:description>{PICTURE.format('')}",
    f"<media:group><media:description>A bridge</media:description>{PICTURE.format('')}</media:group>",
]


@pytest.mark.parametrize("of_files", OF_FILES)
def test_what_a_feed_says_of_a_picture_does_not_take_the_place_of_the_text(
    imported: Imported, tmp_path: Path, of_files: str
) -> None:
    feed = RSS.format(f"<item><title>T</title><guid>g</guid>{DATE}{TEXT}{of_files}</item>")
    (item,) = imported.take(a_file(tmp_path / "f.xml", feed))
    release = imported.release(item["file"])
    assert (release.body, release.summary) == ("Pay **rose**.", "Pay rose.")
    assert release.image
    assert release.image.alt == "A bridge"


def test_the_text_of_a_film_is_the_text_of_an_item_without_another(imported: Imported, tmp_path: Path) -> None:
    film = "<media:group><media:description>What the film shows.</media:description></media:group>"
    feed = RSS.format(f"<item><title>T</title><guid>g</guid>{DATE}{film}</item>")
    (item,) = imported.take(a_file(tmp_path / "f.xml", feed))
    assert imported.release(item["file"]).summary == "What the film shows."


@pytest.mark.parametrize("number", ["g1", "urn:x:7", "tag:old.example,2020:7"])
def test_an_id_that_is_no_address_gives_no_former_address(imported: Imported, tmp_path: Path, number: str) -> None:
    feed = RSS.format(f"<item><title>T</title><guid>{number}</guid>{DATE}{TEXT}</item>")
    (item,) = imported.take(a_file(tmp_path / "f.xml", feed))
    release = imported.release(item["file"])
    assert (release.id, release.aliases) == (number, ())


def test_lines_of_plain_text_and_content_elsewhere_are_carried(imported: Imported, tmp_path: Path) -> None:
    feed = """<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><id>u</id><updated>2021-06-24T00:00:00Z</updated>
<entry><title>T</title><id>urn:1</id><updated>2021-06-24T00:00:00Z</updated><summary>S</summary>
<content type="text">a &lt; b
* c</content></entry>
<entry><title>P</title><id>urn:2</id><updated>2021-06-25T00:00:00Z</updated><summary>S</summary>
<content src="https://city.example/c.pdf" type="application/pdf"/></entry></feed>"""
    plain, elsewhere = imported.take(a_file(tmp_path / "f.xml", feed))
    assert imported.release(plain["file"]).body == "a \\< b\\\n\\* c"
    assert [str(each.url) for each in imported.release(elsewhere["file"]).attachments] == ["https://city.example/c.pdf"]


def test_addresses_of_a_json_feed_are_seen_from_its_home_page(imported: Imported, tmp_path: Path) -> None:
    item = {"id": "1", "title": "T", "content_text": "x", "date_published": "2021-06-24T00:00:00Z", "url": "/p/1"}
    more = {"image": "i.jpg", "attachments": [{"url": "u.pdf", "mime_type": "application/pdf"}]}
    feed = {"version": "1.1", "home_page_url": "https://city.example/news/", "items": [{**item, **more}, "text"]}
    first, second = imported.take(a_file(tmp_path / "f.json", json.dumps(feed)))
    release = imported.release(first["file"])
    assert release.image
    assert (str(release.image.src), release.aliases) == ("https://city.example/news/i.jpg", ("/p/1",))
    assert [str(each.url) for each in release.attachments] == ["https://city.example/news/u.pdf"]
    assert (second["result"], second["notes"]) == ("left out", ["it is no JSON object"])


# -- WordPress --------------------------------------------------------------------------------------------------------

FOOTNOTES = """<wp:postmeta><wp:meta_key>footnotes</wp:meta_key>
<wp:meta_value><![CDATA[[{"content":"By <em>us</em>.","id":"a-1"}]]]></wp:meta_value></wp:postmeta>"""
SHARED = """<item><title>Shared</title><wp:post_id>70</wp:post_id><wp:post_type>wp_block</wp:post_type>
<wp:status>publish</wp:status><content:encoded><![CDATA[<!-- wp:paragraph --><p>About us.</p>
<!-- /wp:paragraph -->]]></content:encoded></item>"""


def test_what_wordpress_keeps_beside_the_text_comes_back_into_it(imported: Imported, tmp_path: Path) -> None:
    text = """<!-- wp:paragraph -->
<p>Pay rose<sup data-fn="a-1" class="fn"><a href="#a-1" id="a-1-link">1</a></sup>.</p>
<!-- /wp:paragraph --><!-- wp:block {"ref":70} /--><!-- wp:footnotes /-->"""
    export = wordpress(tmp_path / "e.xml", a_post(7, text, more=FOOTNOTES), SHARED)
    (item,) = imported.take(export)
    assert imported.release(item["file"]).body == "Pay rose[^1].\n\nAbout us.\n\n[^1]: By *us*."
    assert item["notes"] == []


def test_a_shared_block_inside_itself_is_told(imported: Imported, tmp_path: Path) -> None:
    shared = SHARED.replace("About us.", '<!-- wp:block {"ref":70} /-->About us.')
    export = wordpress(tmp_path / "e.xml", a_post(7, '<!-- wp:block {"ref":70} /-->'), shared)
    (item,) = imported.take(export)
    assert imported.release(item["file"]).summary == "About us."
    assert item["notes"] == ["the block block is left out: WordPress fills it in when it shows the page"]


@pytest.mark.parametrize(
    ("written", "body", "note"),
    [
        ("<!-- wp:latest-posts /-->", "Text.", "the block latest-posts is left out"),
        ('<!-- wp:block {"ref":99} /-->', "Text.", "the block block is left out"),
        ('<!-- wp:acme/chart {"a":{"b":1}} /-->', "Text.", "the block acme/chart is left out"),
        ('[playlist ids="1,2"]', "Text.", "the shortcode [playlist] is left out"),
        ("<!-- wp:more /-->", "Text.", ""),
        ("[youtube https://youtu.be/x]", "Text.\n\n<https://youtu.be/x>", ""),
        ("[[youtube https://youtu.be/x]]", "Text.\n\n\\[youtube https://youtu.be/x\\]", ""),
    ],
)
def test_what_wordpress_fills_in_when_it_shows_a_page_is_told(
    imported: Imported, tmp_path: Path, written: str, body: str, note: str
) -> None:
    (item,) = imported.take(wordpress(tmp_path / "e.xml", a_post(7, f"<p>Text.</p>\n\n<p>{written}</p>")))
    release = imported.release(item["file"])
    assert (release.body or release.summary) == body
    assert " ".join(item["notes"]).startswith(note)
    assert bool(item["notes"]) == bool(note)


# -- Text -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ('<a href="#t">See</a><h2 id="t">Pay</h2>', '[See](#t)\n\n# <a id="t"></a>Pay'),
        ('<a href="#T%C3%A4">See</a><p>a<a name="Tä"></a>b</p>', '[See](#Tä)\n\na<a id="Tä"></a>b'),
        (
            '<a href="#t">See</a><p><a id="t" href="https://x.example/">b</a></p>',
            '<a id="t"></a>[b](https://x.example/)',
        ),
        ('<a href="#t">See</a><ul id="t"><li>b</li></ul>', '- <a id="t"></a>b'),
        ('<a href="#t">See</a><table id="t"><tr><th>b</th></tr><tr><td>c</td></tr></table>', '| <a id="t"></a>b |'),
        (
            '<a href="#t">See</a><table><tr id="t"><td>b</td></tr><tr><td>c</td></tr></table>',
            '<td><a id="t"></a>b</td>',
        ),
        ('<a href="#t">See</a><p>a <img id="t" src="https://x.example/i.png" alt="b">c</p>', 'a <a id="t"></a>![b]('),
        ('<dl><dt>a</dt><dd><a href="#t">See</a></dd></dl><p id="t">b</p>', '<dd><a href="#t">See</a></dd>'),
        ('<p>a<sup><a href="#f" id="r">1</a></sup></p><ol><li id="f">b <a href="#r">Back</a></li></ol>', "[^1]: b"),
    ],
)
def test_links_within_a_text_lead_to_their_places(imported: Imported, tmp_path: Path, html: str, markdown: str) -> None:
    table = 'title,date,summary,text\nT,2021-06-24,S,"{}"\n'.format(f"<p>x</p>{html}".replace('"', '""'))
    (item,) = imported.take(a_file(tmp_path / "t.csv", table))
    assert markdown in str(imported.release(item["file"]).body)
    assert item["notes"] == []


@pytest.mark.parametrize(
    ("html", "note"),
    [
        ('<a href="#t">See</a>', "the link to “#t” is left out, its text stays"),
        ("<svg><text>Chart</text></svg>", "<svg> is left out: “Chart”"),
        ("<canvas></canvas>", "<canvas> is left out"),
        ("<script>x()</script>", "a script is left out"),
        ('<form><input name="q"><textarea></textarea></form>', "a field of a form is left out"),
        ('<a href="javascript:x()">See</a>', "the link to “javascript:x()” is left out, its text stays"),
        (
            '<img src="data:image/png;base64,AA" alt="x">',
            "a picture that is part of the text itself, and no file, is left",
        ),
        ("<iframe></iframe>", "<iframe> has no address, and is left out"),
        ("<button>Vote</button>", "<button> is left out: “Vote”"),
    ],
)
@pytest.mark.parametrize("around", ["<p>a {}</p>", "<dl><dt>a</dt><dd>{}</dd></dl>", "<ol type=a><li>a {}</li></ol>"])
def test_what_no_feed_can_carry_is_told_wherever_it_stands(html: str, note: str, around: str) -> None:
    (lost,) = html_to_markdown(around.format(html)).lost
    assert lost.startswith(note)


@pytest.mark.parametrize(
    "html", ['<input type="hidden">', "<noscript>a</noscript>", "<style>a{}</style>", '<a href="#">a</a>', "<a>a</a>"]
)
def test_what_nobody_sees_is_not_told(html: str) -> None:
    assert html_to_markdown(f"<p>a {html}</p>").lost == ()


# -- Tables -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1252", "Un été à Québec : voilà où ça mène"),
        ("cp1252", "Größere Öfen für Äpfel"),
        ("cp1252", "Voilà"),
        ("cp1250", "Zażółć gęślą jaźń i święta"),
        ("cp1251", "Открыт сегодня утром"),
        ("cp932", "今日開通しました"),
        ("gb18030", "今天开通了，市长出席"),
        ("mac_roman", "Un été à Québec : voilà où ça mène"),
    ],
)
def test_a_table_of_another_code_page_keeps_its_letters_and_says_how_it_was_read(
    imported: Imported, tmp_path: Path, encoding: str, words: str
) -> None:
    table = f"title,date,text\nOne,2021-06-24,{words}\nTwo,2021-06-25,More\n".encode(encoding)
    first, second = imported.take(a_file(tmp_path / "t.csv", table))
    assert imported.release(first["file"]).summary == words
    assert f"is read as {encoding}" in first["notes"][0]
    assert second["notes"] == []


@pytest.mark.parametrize(
    "head",
    [
        "Titel;Datum;Zusammenfassung;Inhalt",
        "Titre;Date de publication;Résumé;Texte",
        "Título;Fecha;Resumen;Texto",
        "Заголовок;Дата;Аннотация;Текст",
        "タイトル;公開日;概要;本文",
        "标题;发布日期;摘要;正文",
    ],
)
def test_the_columns_of_a_table_may_be_named_in_other_languages(imported: Imported, tmp_path: Path, head: str) -> None:
    (item,) = imported.take(a_file(tmp_path / "t.csv", f"{head}\nTitle;24.06.2021;Summary;Text\n"))
    release = imported.release(item["file"])
    assert (item["file"], release.summary, release.body) == (PLACE.format("title"), "Summary", "Text")


def test_no_column_takes_the_place_of_another(imported: Imported, tmp_path: Path) -> None:
    table = "title,date,pubdate,text,tag,tag\nT,2021-06-24,2021-06-30,Text,a,b\n"
    (item,) = imported.take(a_file(tmp_path / "t.csv", table))
    assert item["file"] == PLACE.format("t")
    assert {each["name"] for each in imported.said["unmatched_terms"]} == {"2021-06-30", "a", "b"}


def test_a_row_is_named_by_its_first_line(imported: Imported, tmp_path: Path) -> None:
    items = imported.take(a_file(tmp_path / "t.csv", 'title,date,text\nT,2021-06-24,"a\n\nb"\nU,2021-06-25,c\n'))
    assert [item["where"] for item in items] == ["t.csv, line 2", "t.csv, line 5"]


# -- Markdown ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "note"),
    [
        (
            "a.md",
            "---\ntitle: One: two: three\ndate: 2021-06-24\n---\nText",
            "the fields above its text cannot be read",
        ),
        ("a.md", "---\ntitle: A\ndate: 2021-06-24\ndraft: true\n---\nText", "it was a draft"),
        ("a.rst", "A\n=\n", "it is no Markdown"),
        ("a.html", "---\ntitle: A\n---\n<p>A</p>", "it is no Markdown"),
        ("_index.md", "---\ntitle: A\n---\nText", "it is the page of a section"),
    ],
)
def test_what_cannot_be_read_of_a_site_is_told(
    imported: Imported, tmp_path: Path, name: str, text: str, note: str
) -> None:
    a_file(tmp_path / "site/content" / name, text)
    a_file(tmp_path / "site/content/other.md", "---\ntitle: O\ndate: 2021-06-24\n---\nText")
    told = {item["where"]: item["notes"] for item in imported.take(tmp_path / "site")}
    assert told["content/other.md"] == []
    assert told[f"content/{name}"][0].startswith(note)


@pytest.mark.parametrize(("name", "text"), [("a.html", "<p>A</p>"), ("_index.md", "---\ntitle: A\n---\n")])
def test_a_page_that_is_no_post_is_passed_over(imported: Imported, tmp_path: Path, name: str, text: str) -> None:
    a_file(tmp_path / "site" / name, text)
    a_file(tmp_path / "site/other.md", "---\ntitle: O\ndate: 2021-06-24\n---\nText")
    assert [item["where"] for item in imported.take(tmp_path / "site")] == ["other.md"]


def test_nothing_in_json_is_no_term(imported: Imported, tmp_path: Path) -> None:
    page = '{"title": "A", "date": "2021-06-24", "tags": [null, "x"]}\nText'
    imported.take(a_file(tmp_path / "a.md", page))
    assert [each["name"] for each in imported.said["unmatched_terms"]] == ["x"]


def test_a_translation_of_hugo_had_its_address_below_its_language(imported: Imported, tmp_path: Path) -> None:
    for name in ("a.md", "a.fr.md"):
        a_file(tmp_path / "site/content/news" / name, f"---\ntitle: {name}\ndate: 2021-06-24\n---\nText of {name}")
    first, second = imported.take(tmp_path / "site")
    assert imported.release(first["file"]).aliases == ("/news/a/",)
    assert imported.release(first["file"], second["file"]).aliases == ("/fr/news/a/",)
