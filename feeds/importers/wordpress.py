"""Reads the export of WordPress: RSS with elements of its own (WXR 1.0 to 1.2)."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from xml.etree.ElementTree import Element

from feeds.importers.dates import read_date
from feeds.importers.item import Author, Item, ItemPicture, Label
from feeds.importers.xml_stream import elements, local, namespace
from feeds.render.html_to_markdown import names

OWN = "wordpress.org/export/"
"""Part of the namespace of its elements."""

_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_EXCERPT = "/excerpt/"
_MINUTE = timedelta(minutes=1)
_NEVER = "0000-00-00 00:00:00"
_POSTS = frozenset(("post", "press-release", "press_release", "pressrelease", "news", "release"))
_OF_THE_SITE = names(
    """nav_menu_item revision custom_css customize_changeset oembed_cache user_request wp_block wp_template
    wp_template_part wp_global_styles wp_navigation wp_font_family wp_font_face acf-field acf-field-group"""
)
_STATUS = {
    "trash": "it was in the trash",
    "auto-draft": "a draft that WordPress began and nobody wrote",
    "inherit": "a revision of another item",
}
_DRAFTS = {
    "draft": "it was a draft",
    "pending": "it waited for review, so it is a draft",
    "private": "it was private, so it is a draft",
}
_LOST_BLOCK = "feeds_lost_block"
_LANGUAGES, _TRANSLATIONS = "language", "post_translations"
"""Taxonomies of Polylang."""

_SHORTCODE = re.compile(r"\[(\[?)(/?)([a-z][a-z0-9_-]*)((?:\s+[^\[\]]*?)?)(/?)\](\]?)", re.IGNORECASE)
_CAPTION = re.compile(r"\[(?:wp_)?caption([^\]]*)\](.*?)\[/(?:wp_)?caption\]", re.DOTALL | re.IGNORECASE)
_EMBED = re.compile(r"\[embed[^\]]*\]\s*(.*?)\s*\[/embed\]", re.DOTALL | re.IGNORECASE)
_FILE = re.compile(r"\[(audio|video|playlist)((?:\s+[^\]]*)?)\](?:\s*\[/\1\])?", re.IGNORECASE)
_GALLERY = re.compile(r"\[gallery((?:\s+[^\]]*)?)\]", re.IGNORECASE)
_ARGUMENT = re.compile(r"""([a-z0-9_-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))""", re.IGNORECASE)
_PICTURE = re.compile(r"((?:<a\b[^>]*>)?\s*<img\b[^>]*>\s*(?:</a>)?)(.*)", re.DOTALL | re.IGNORECASE)
_NAMED_ADDRESS = re.compile(r"\[[a-z][a-z0-9_-]*\s+(https?://[^\s\[\]]+)\s*\](?!\])", re.IGNORECASE)
_EMPTY_BLOCK = re.compile(r"<!--\s*wp:([a-z0-9/-]+)\s*(\{.*?\})?\s*/-->", re.DOTALL)
"""A block without HTML of its own, which WordPress fills in when it shows the page."""
_FILLED_IN = names("more nextpage spacer separator post-title post-date post-author post-featured-image")
"""Such blocks that are no part of the text, or stand in other fields."""
_BARE_ADDRESS = re.compile(r"^[ \t]*(https?://\S+)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Attachment:
    url: str
    title: str
    alt: str
    caption: str


@dataclass
class _Site:
    """What items name: files and shared blocks by their number, people by their login."""

    attachments: dict[str, _Attachment] = field(default_factory=dict)
    authors: dict[str, Author] = field(default_factory=dict)
    blocks: dict[str, str] = field(default_factory=dict)
    """The texts of blocks that several posts share."""


def wordpress_items(path: Path) -> Iterator[Item]:
    """The items of an export, in its order. Raises FeedsError for a file that cannot be read.

    Read twice: a post may name a picture that comes after it.
    """
    site = _site(path)
    number = 0
    for _, element, _ in elements(path, frozenset(("item",))):
        number += 1
        said = _fields(element)
        kind = said.get("post_type", "post")
        if kind == "attachment" or kind in _OF_THE_SITE:
            continue
        yield _item(element, said, kind, site, f"{path.name}, item {number}")


def _site(path: Path) -> _Site:
    site = _Site()
    for name, element, _ in elements(path, frozenset(("item", "author"))):
        said = _fields(element)
        if name == "author" and said.get("author_login"):
            shown = said.get("author_display_name") or said["author_login"]
            site.authors[said["author_login"]] = Author(shown, said.get("author_email", ""))
        elif name == "item" and said.get("post_type") == "wp_block":
            site.blocks[said.get("post_id", "")] = said.get("content", "")
        elif name == "item" and said.get("post_type") == "attachment" and said.get("attachment_url"):
            alt = _meta(element).get("_wp_attachment_image_alt", "")
            caption = said.get("excerpt", "")
            site.attachments[said.get("post_id", "")] = _Attachment(
                said["attachment_url"], said.get("title", ""), alt, caption
            )
    return site


def _fields(element: Element) -> dict[str, str]:
    """The texts of an element's children by name; those of WordPress win over those of RSS."""
    found: dict[str, str] = {}
    for child in element:
        name, space, text = local(child), namespace(child), (child.text or "").strip()
        if space == _CONTENT:
            found["content"] = child.text or ""
        elif _EXCERPT in space:
            found["excerpt"] = text
        elif OWN in space or name not in found:
            found[name] = text
    return found


def _meta(element: Element) -> dict[str, str]:
    found = {}
    for child in element:
        if local(child) == "postmeta":
            said = _fields(child)
            found[said.get("meta_key", "")] = said.get("meta_value", "")
    return found


def _item(element: Element, said: Mapping[str, str], kind: str, site: _Site, where: str) -> Item:
    meta = _meta(element)
    status = said.get("status", "publish")
    notes = []
    if kind == "page":
        notes.append("a page, no post: look whether it is a release")
    elif kind not in _POSTS:
        notes.append(f"of the type “{kind}”: its own fields are not carried")
    if status in _DRAFTS:
        notes.append(_DRAFTS[status])
    if said.get("post_password"):
        notes.append("it had a password, so it is a draft")
    text, lost = _without_shortcodes(_with_blocks(said.get("content", ""), site, meta), site)
    thumbnail = site.attachments.get(meta.get("_thumbnail_id", ""))
    if meta.get("_thumbnail_id") and thumbnail is None:
        notes.append(f"its picture, number {meta['_thumbnail_id']}, is not in the export")
    labels = list(_labels(element))
    author = site.authors.get(said.get("creator", ""))
    return Item(
        where=where,
        title=html.unescape(said.get("title", "")),
        summary=said.get("excerpt", ""),
        html=text,
        newlines="<!-- wp:" not in said.get("content", ""),
        published=_published(said),
        updated=_updated(said) if status == "publish" else None,
        id=said.get("guid", "") or said.get("link", ""),
        address=said.get("link", ""),
        slug=said.get("post_name", ""),
        language=next((label.slug for label in labels if label.field == _LANGUAGES), ""),
        group=next((label.slug for label in labels if label.field == _TRANSLATIONS), ""),
        labels=tuple(label for label in labels if label.field not in (_LANGUAGES, _TRANSLATIONS)),
        authors=(author or Author(said["creator"]),) if said.get("creator") else (),
        image=ItemPicture(thumbnail.url, thumbnail.alt or thumbnail.title, thumbnail.caption) if thumbnail else None,
        draft=status in _DRAFTS or bool(said.get("post_password")),
        left_out=_STATUS.get(status, ""),
        notes=(*notes, *lost),
    )


def _published(said: Mapping[str, str]) -> datetime | None:
    """The moment of a post. WordPress writes local time without an offset, which the time in UTC beside it tells."""
    local = _moment(said.get("post_date", ""))
    gmt = _moment(said.get("post_date_gmt", ""))
    if local and gmt and abs(local - gmt) <= timedelta(hours=14):
        return local.replace(tzinfo=timezone(round((local - gmt) / _MINUTE) * _MINUTE))
    if gmt:
        return gmt.replace(tzinfo=UTC)
    return local or read_date(said.get("pubDate", ""))


def _updated(said: Mapping[str, str]) -> datetime | None:
    found = _moment(said.get("post_modified_gmt", ""))
    return found.replace(tzinfo=UTC) if found else None


def _moment(text: str) -> datetime | None:
    return None if not text or text == _NEVER else read_date(text)


def _labels(element: Element) -> Iterator[Label]:
    for child in element:
        if local(child) == "category" and not namespace(child):
            domain = child.get("domain", "category")
            yield Label(domain, html.unescape((child.text or "").strip()), child.get("nicename", ""))


# -- blocks -----------------------------------------------------------------------------------------------------------


def _with_blocks(text: str, site: _Site, meta: Mapping[str, str], around: frozenset[str] = frozenset()) -> str:
    """The text with the blocks that WordPress fills in when it shows a page. Others become a shortcode, reported later.

    ``around`` are the numbers of the shared blocks that the text is inside of.
    """

    def filled_in(found: re.Match[str]) -> str:
        name = found[1].removeprefix("core/")
        if name == "footnotes":
            return _footnotes(meta.get("footnotes", ""))
        number = re.search(r'"ref"\s*:\s*(\d+)', found[2] or "")
        if name == "block" and number and number[1] in site.blocks.keys() - around:
            return _with_blocks(site.blocks[number[1]], site, meta, around | {number[1]})
        return "" if name in _FILLED_IN else f"[{_LOST_BLOCK} {found[1]}]"

    return _EMPTY_BLOCK.sub(filled_in, text)


def _footnotes(written: str) -> str:
    """The list of footnotes, which WordPress keeps beside the text as JSON."""
    try:
        notes = json.loads(written)
    except ValueError:
        return ""
    items = [
        f'<li id="{html.escape(str(note.get("id")))}">{note.get("content", "")}'
        f' <a href="#{html.escape(str(note.get("id")))}-link">↩</a></li>'
        for note in (notes if isinstance(notes, list) else [])
        if isinstance(note, dict)
    ]
    return f"<ol>{''.join(items)}</ol>" if items else ""


# -- shortcodes -------------------------------------------------------------------------------------------------------


def _without_shortcodes(text: str, site: _Site) -> tuple[str, list[str]]:
    """The text with HTML in place of WordPress's own shortcodes. Of others only what is between them stays."""
    lost: list[str] = []
    text = _CAPTION.sub(_figure, text)
    text = _EMBED.sub(lambda found: _link(found[1]), text)
    text = _GALLERY.sub(lambda found: _gallery(_arguments(found[1]), site, lost), text)
    text = _FILE.sub(lambda found: _file(found[1], _arguments(found[2]), lost), text)
    text = _NAMED_ADDRESS.sub(lambda found: _link(found[1]), text)
    text = _BARE_ADDRESS.sub(lambda found: _link(found[1]), text)

    def other(found: re.Match[str]) -> str:
        opening, closing, name, inside, _, end = found.groups()
        if name == _LOST_BLOCK:
            lost.append(f"the block {inside.strip()} is left out: WordPress fills it in when it shows the page")
            return ""
        # [[name]] is how WordPress writes a shortcode that is text; words in brackets are text too.
        if opening and end:
            return found[0][1:-1]
        is_code = closing or "=" in inside or "_" in name or f"[/{name}]" in text
        if not is_code:
            return found[0]
        if not closing:
            lost.append(f"the shortcode [{name}] is left out")
        return ""

    return _SHORTCODE.sub(other, text), list(dict.fromkeys(lost))


def _arguments(text: str) -> dict[str, str]:
    return {name.lower(): html.unescape(a or b or c) for name, a, b, c in _ARGUMENT.findall(text)}


def _figure(found: re.Match[str]) -> str:
    arguments = _arguments(found[1])
    parts = _PICTURE.match(found[2].strip())
    if parts is None:
        return found[2]
    caption = arguments.get("caption") or parts[2].strip()
    return f"<figure>{parts[1].strip()}<figcaption>{caption}</figcaption></figure>"


def _link(address: str) -> str:
    address = html.escape(html.unescape(address.strip()))
    return f'<p><a href="{address}">{address}</a></p>'


def _file(name: str, arguments: Mapping[str, str], lost: list[str]) -> str:
    address = next((value for value in arguments.values() if re.match(r"https?://", value)), "")
    if not address:
        lost.append(f"the shortcode [{name}] is left out")
    return _link(address) if address else ""


def _gallery(arguments: Mapping[str, str], site: _Site, lost: list[str]) -> str:
    numbers = re.findall(r"\d+", arguments.get("ids") or arguments.get("include", ""))
    found = [site.attachments[number] for number in numbers if number in site.attachments]
    if len(found) < len(numbers) or not numbers:
        lost.append("a gallery of pictures that the export does not name is left out")
    return "".join(
        f'<figure><img src="{html.escape(each.url)}" alt="{html.escape(each.alt or each.title)}">'
        f"{f'<figcaption>{html.escape(each.caption)}</figcaption>' if each.caption else ''}</figure>"
        for each in found
    )
