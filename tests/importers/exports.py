"""Exports of other programs, with the awkward things that these have in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

WORDPRESS = """\
<?xml version="1.0" encoding="UTF-8" ?>
<!-- generator="WordPress/6.4" -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>City</title><link>https://city.example</link><language>en-US</language>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://city.example</wp:base_blog_url>
<wp:author><wp:author_login><![CDATA[ada]]></wp:author_login><wp:author_email><![CDATA[ada@city.example]]></wp:author_email>
<wp:author_display_name><![CDATA[Ada L.]]></wp:author_display_name></wp:author>
{items}
</channel></rss>
"""


def a_post(number: int = 7, text: str = "<!-- wp:paragraph --><p>Text.</p><!-- /wp:paragraph -->", **said: str) -> str:
    """An item of WordPress's export. ``more`` is further XML in it."""
    given = {
        "title": f"Post {number}",
        "status": "publish",
        "type": "post",
        "local": "2021-06-24 09:30:00",
        "gmt": "2021-06-24 01:30:00",
        "name": f"post-{number}",
        "password": "",
        "excerpt": "",
        "more": "",
        "pub": "Thu, 24 Jun 2021 01:30:00 +0000",
    } | said
    return f"""<item><title>{given["title"]}</title><link>https://city.example/2021/06/24/{given["name"]}/</link>
<pubDate>{given["pub"]}</pubDate><dc:creator><![CDATA[ada]]></dc:creator>
<guid isPermaLink="false">https://city.example/?p={number}</guid><description></description>
<content:encoded><![CDATA[{text}]]></content:encoded><excerpt:encoded><![CDATA[{given["excerpt"]}]]></excerpt:encoded>
<wp:post_id>{number}</wp:post_id><wp:post_date><![CDATA[{given["local"]}]]></wp:post_date>
<wp:post_date_gmt><![CDATA[{given["gmt"]}]]></wp:post_date_gmt><wp:post_name>{given["name"]}</wp:post_name>
<wp:status>{given["status"]}</wp:status><wp:post_type>{given["type"]}</wp:post_type>
<wp:post_password>{given["password"]}</wp:post_password>{given["more"]}</item>"""


ATTACHMENT = """\
<item><title>bridge</title><wp:post_id>9</wp:post_id><wp:post_type>attachment</wp:post_type><wp:status>inherit</wp:status>
<wp:attachment_url>https://city.example/wp-content/uploads/2021/06/bridge.jpg</wp:attachment_url>
<excerpt:encoded><![CDATA[At noon]]></excerpt:encoded>
<wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key>
<wp:meta_value>A bridge</wp:meta_value></wp:postmeta></item>
"""


def wordpress(path: Path, *items: str) -> Path:
    """An export of WordPress with these items."""
    path.write_text(WORDPRESS.replace("{items}", "\n".join(items)), encoding="utf-8")
    return path


def a_file(path: Path, text: str | bytes) -> Path:
    """A file with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = f"""<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">
<wp:docPr id="1" name="p" descr="A red square"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">
<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill>
<a:blip xmlns:r="{_R}" r:embed="rId9"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>
</w:r></w:p>"""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
_NOTE = '<w:r><w:footnoteReference w:id="2"/></w:r>'


def paragraph(text: str, style: str = "", inside: str = "") -> str:
    """A paragraph of a Word document."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>{inside}</w:p>"


DOCUMENT = (
    paragraph("The bridge is open", "Title"),
    paragraph("Traffic rose by 5*3 per cent", inside=_NOTE),
    paragraph("Numbers", "Heading1"),
    "<w:tbl><w:tr><w:tc>" + paragraph("Year") + "</w:tc><w:tc>" + paragraph("Cars") + "</w:tc></w:tr>"
    "<w:tr><w:tc>" + paragraph("2021") + "</w:tc><w:tc>" + paragraph("7") + "</w:tc></w:tr></w:tbl>",
    _DRAWING,
)


def word(path: Path, *paragraphs: str, parts: Mapping[str, bytes] | None = None, core: str = "") -> Path:
    """A Word document. ``core`` is XML for its properties, ``parts`` further files in it."""
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    relation = f'<Relationship Id="{{}}" Type="{_R}/{{}}" Target="{{}}"/>'
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind}.document.main+xml"/></Types>',
        "_rels/.rels": _relations(relation.format("r1", "officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": _relations(
            relation.format("rId9", "image", "media/image1.png")
            + relation.format("rId8", "footnotes", "footnotes.xml")
            + relation.format("rId7", "styles", "styles.xml")
        ),
        "word/styles.xml": f"<w:styles {_W}>"
        '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style></w:styles>',
        "word/footnotes.xml": f'<w:footnotes {_W}><w:footnote w:id="2">{paragraph("Counted by hand.")}</w:footnote>'
        "</w:footnotes>",
        "word/document.xml": f"<w:document {_W}><w:body>{''.join(paragraphs or DOCUMENT)}</w:body></w:document>",
        "docProps/core.xml": '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
        f"<dc:creator>Ada L.</dc:creator><dcterms:created>2021-06-24T09:30:00Z</dcterms:created>"
        f"{core}</cp:coreProperties>",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
        archive.writestr("word/media/image1.png", PNG)
        for name, raw in (parts or {}).items():
            archive.writestr(name, raw)
    return a_file(path, packed.getvalue())


def _relations(inner: str) -> str:
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'
    )
