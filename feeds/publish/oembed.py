"""Answers oEmbed requests (oembed.com, 1.0): how another site can show one of our addresses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from feeds.addresses import (
    HEADLINES,
    LONGEST_PATH,
    Address,
    FeedAddress,
    Front,
    Headlines,
    OEmbed,
    ReleaseCard,
    ReleasePage,
)
from feeds.catalogue import VisibleRelease
from feeds.model.formats import HTML
from feeds.model.selection import Selection
from feeds.publish import embed_snippets, titles
from feeds.publish.context import Context
from feeds.publish.document import Answer, Document, Missing
from feeds.publish.embed_snippets import CARD_HEIGHT

_TYPES = {"json": "application/json", "xml": "text/xml"}
_DISCOVERED = {"json": "application/json+oembed", "xml": "text/xml+oembed"}
_WIDTH = 600
"""The width of a frame in CSS pixels, if the request sets no smaller one."""
_MOST_FIELDS = 20


@dataclass(frozen=True, slots=True)
class _Request:
    url: str
    width: int | None
    height: int | None
    form: str


def embeddable(context: Context, address: Address) -> bool:
    """Whether another site can show this address, and has something to show."""
    match address:
        case FeedAddress(archive=0, selection=Selection(words=()) as selection):
            return context.has_releases(selection)
        case Front(language=language):
            return context.has_releases(Selection(language))
    return isinstance(address, ReleasePage)


def discovery(context: Context, url: str) -> list[tuple[str, str]]:
    """The media types and addresses of a page's links to oEmbed (section 4). ``url`` is the page's own address."""
    endpoint = context.addresses.absolute(OEmbed(context.addresses.languages[0]))
    quoted = quote(url, safe="")
    return [(media_type, f"{endpoint}?url={quoted}&format={form}") for form, media_type in _DISCOVERED.items()]


def oembed_answer(context: Context, address: OEmbed, query: str) -> Answer:
    """The answer for the address in the query: headlines, or the card of a release, in a frame."""
    request = _request(query)
    if isinstance(request, Document):
        return request
    missing = Missing(context.addresses.make(Front(address.language)))
    match _target(context, request.url):
        case (FeedAddress(archive=0) | Headlines()) as listed if not listed.selection.words:
            return _headlines(context, listed.selection, request)
        case Front(language=language):
            return _headlines(context, Selection(language), request)
        case ReleasePage() as page:
            found = context.snapshot.releases.at(page.language, page.path, context.now)
            # Other sites must not show a withdrawn release.
            return _release(context, found, request) if found and not found.withdrawn else missing
        case _:
            return missing


def _request(query: str) -> _Request | Document:
    """Reads the query (section 2.2). Returns a document with the error if it is wrong."""
    try:
        given = dict(reversed(parse_qsl(query, max_num_fields=_MOST_FIELDS)))
    except ValueError:
        return _refused(400, "Too many fields: give url, maxwidth, maxheight and format.")
    form = given.get("format", "json").lower()
    if form not in _TYPES:
        return _refused(501, "Ask for format=json or format=xml.")
    url = given.get("url", "")
    if not url or len(url) > LONGEST_PATH:
        return _refused(400, "Give the address to be embedded as url, percent-encoded.")
    sizes = [given.get(name, "") for name in ("maxwidth", "maxheight")]
    if not all(_is_size(text) for text in sizes if text):
        return _refused(400, "Give maxwidth and maxheight as whole numbers of pixels.")
    width, height = (int(text) if text else None for text in sizes)
    return _Request(url, width, height, form)


def _is_size(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 7 and int(text) > 0


def _refused(status: int, words: str) -> Document:
    epoch = datetime.fromisoformat("2020-01-01T00:00:00+00:00")
    return Document(f"{words}\n".encode(), "text/plain; charset=utf-8", epoch, shared=True, status=status)


def _target(context: Context, url: str) -> Address | None:
    """Reads a URL, in any spelling, as one of our addresses. None for other sites."""
    try:
        given, own = urlsplit(url), urlsplit(context.addresses.base)
    except ValueError:
        return None
    path = unquote(given.path)
    if given.scheme not in ("http", "https") or given.netloc.lower() != own.netloc.lower():
        return None
    if not path.startswith(own.path):
        return None
    address = context.addresses.parse(path.removeprefix(own.path) or "/", given.query)
    if isinstance(address, ReleasePage | ReleaseCard):
        address = ReleasePage(address.language, address.path)
        renamed = context.snapshot.releases.moved_to(address.language, address.path, context.now)
        return ReleasePage(address.language, renamed) if renamed else address
    return context.canonical(address) if address else None


def _headlines(context: Context, selection: Selection, request: _Request) -> Answer:
    page = context.page(FeedAddress(selection))
    count = embed_snippets.frame_count(request.height, HEADLINES) if request.height else HEADLINES
    height = min(embed_snippets.frame_height(count), request.height or _WIDTH * 10)
    width = min(_WIDTH, request.width or _WIDTH)
    fields = {
        "type": "rich",
        "title": titles.feed_title(context, selection),
        **_provider(context, selection.language),
        "html": _link(
            context.addresses.absolute(FeedAddress(selection, HTML)), embed_snippets.label(context, selection)
        )
        + embed_snippets.frame(context, Headlines(selection, count), (str(width), height)),
        "width": width,
        "height": height,
    }
    return _document(context, fields, request.form, selection.language, page.updated if page else None)


def _release(context: Context, found: VisibleRelease, request: _Request) -> Answer:
    release, entry = found.release, found.entry
    width, height = min(_WIDTH, request.width or _WIDTH), min(CARD_HEIGHT, request.height or CARD_HEIGHT)
    card = ReleaseCard(release.language, release.path)
    said = f" · {entry.date} · {release.summary}"
    fields: dict[str, object] = {
        "type": "rich",
        "title": entry.title,
        "author_name": entry.authors[0].name,
        **_provider(context, release.language),
        "html": _link(entry.link, release.title, said)
        + embed_snippets.card(context, card, release.title, (str(width), height)),
        "width": width,
        "height": height,
    }
    picture = entry.image
    # All three or none, and never larger than requested (section 2.3.4).
    if picture and picture.width and picture.height and _fits(picture.width, picture.height, request):
        fields |= {
            "thumbnail_url": picture.src,
            "thumbnail_width": picture.width,
            "thumbnail_height": picture.height,
        }
    return _document(context, fields, request.form, release.language, entry.updated)


def _link(href: str, text: str, more: str = "") -> str:
    """A hidden link that stands before the frame, for sites that cannot show frames.

    WordPress drops the attribute and shows readers this instead of the frame, since the frame does not talk to its
    script (``wp_filter_oembed_result``). Sites that keep the attribute show the frame alone.
    """
    return f'<blockquote hidden><a href="{escape(href)}">{escape(text)}</a>{escape(more)}</blockquote>'


def _fits(width: int, height: int, request: _Request) -> bool:
    return width <= (request.width or width) and height <= (request.height or height)


def _provider(context: Context, language: str) -> dict[str, object]:
    return {
        "provider_name": titles.newsroom_title(context, language),
        "provider_url": context.addresses.absolute(Front(language)),
    }


def _document(
    context: Context, fields: Mapping[str, object], form: str, language: str, updated: datetime | None
) -> Document:
    response = {"version": "1.0", **fields}
    body = json.dumps(response, ensure_ascii=False) if form == "json" else _xml(response)
    return Document(
        body.encode(),
        f"{_TYPES[form]}; charset=utf-8",
        updated or context.established,
        language=language,
        shared=True,
    )


def _xml(fields: Mapping[str, object]) -> str:
    inner = "".join(f"<{name}>{escape(str(value), quote=False)}</{name}>" for name, value in fields.items())
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{inner}</oembed>\n'
