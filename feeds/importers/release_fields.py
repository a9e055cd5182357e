"""Makes the fields of a release from an item, and says what could not be carried."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from hashlib import blake2b
from urllib.parse import quote, unquote, urlsplit

from pydantic import TypeAdapter, ValidationError

from feeds.content import Writable
from feeds.content.slugs import slug_of
from feeds.importers.item import Item, ItemPicture
from feeds.model.fields import FormerAddress
from feeds.model.media_types import media_type
from feeds.model.moments import in_zone
from feeds.model.vocabulary import Vocabulary
from feeds.render.body import FileLink, MarkupError
from feeds.render.html_to_markdown import cleaned, html_to_markdown, plain_paragraphs, text_of
from feeds.render.markdown import body_of

LONGEST_TITLE, LONGEST_SUMMARY = 300, 4_000
SUMMARY = 300
"""Characters of a summary that is made of the first sentences."""

_TAG_OR_ENTITY = re.compile(r"</?[A-Za-z][^>]*>|&(?:#\d+|#[xX][0-9A-Fa-f]+|[A-Za-z]{2,8});")
# A full stop after a single letter or a number ends no sentence: U. N., 1. May.
_SENTENCE = re.compile(r"(?<=[.!?…])(?<!\b\w\.)(?<!\b\d\d\.)[\"”’»)]*\s+|(?<=[。！？])[”’」』）]*")
_OWN_PAGE = re.compile(r"(?:/[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,4})*)?/releases/(\d{4}/[a-z0-9]+(?:-[a-z0-9]+)*)/?")
# Numbers of footnotes, and pictures: a summary has neither.
_UNSAID = re.compile(r"<sup><a [^>]*#[^>]*>\d{1,3}</a></sup>|<img [^>]*>")
_ALT = re.compile(r'alt="([^"]*)"|!\[((?:[^\]\\]|\\.)*)\]')
_CAPTION = re.compile("<figcaption>(.*?)</figcaption>", re.DOTALL)
_TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid)=[^&]*")
_JOINER = re.compile(r"(?<=[<&])\u2060")
_ADDRESS: TypeAdapter[str] = TypeAdapter(FormerAddress)
_WEB = re.compile(r"https?://", re.IGNORECASE)


@dataclass
class ReleaseFields:
    """The fields of a release, and what there is to say of them."""

    fields: dict[str, Writable] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    draft: bool = False
    """Whether something is missing without which it must not be published."""
    image: ItemPicture | None = None
    """Its picture, with what the text says of it."""
    summarized: bool = False
    """Whether its summary was made of its first sentences."""

    def incomplete(self, note: str) -> None:
        """Makes it a draft, and says why."""
        self.draft = True
        self.notes.append(f"{note}, so it is a draft")


def plain_text(text: str) -> str:
    """A text without markup: HTML or plain text, whichever it is."""
    text = cleaned(text)
    return _JOINER.sub("", text_of(text) if _TAG_OR_ENTITY.search(text) else text).strip()


def language_of(item: Item, vocabulary: Vocabulary, given: str, made: ReleaseFields) -> str:
    """The newsroom's language of an item, as near as there is one; else its main one."""
    languages = vocabulary.languages
    stated = item.language.strip().replace("_", "-").lower()
    for wanted in (stated, given.lower()):
        base = wanted.partition("-")[0]
        near = [tag for tag in languages if tag.partition("-")[0] == base]
        found = languages.get(wanted) or (languages[near[0]] if wanted and near else None)
        if found:
            return found
    if stated:
        made.incomplete(f"its language “{item.language[:20]}” is not one of the newsroom")
    return vocabulary.newsroom.language


def moment(written: datetime, zone: tzinfo) -> str:
    """A moment as an editor would write it: a bare date if it is midnight in the newsroom's zone."""
    local = written if written.tzinfo else in_zone(written.replace(tzinfo=zone), zone)
    if (local.hour, local.minute, local.second) == (0, 0, 0) and in_zone(local, zone).utcoffset() == local.utcoffset():
        return local.date().isoformat()
    return local.replace(microsecond=0).isoformat()


def day_of(published: str, zone: tzinfo) -> str:
    """The day of a moment in the newsroom's zone, which begins the name of its file."""
    if len(published) == len("2021-06-24"):
        return published
    return datetime.fromisoformat(published).astimezone(zone).date().isoformat()


def slug_for(item: Item, title: str) -> str:
    """The slug of an item: its own, that of its address, or one of its title."""
    last = urlsplit(item.address).path.rstrip("/").rpartition("/")[2] if "?" not in item.address else ""
    stem = re.sub(r"\.(?:html?|php|aspx?|md)$", "", last)
    found = next(filter(None, map(slug_of, (item.slug, stem if not stem.isdecimal() else "", title))), "")
    mark = blake2b((item.id or item.address or item.where).encode(), digest_size=4).hexdigest()
    return found or f"release-{mark}"


def texts(item: Item, vocabulary: Vocabulary, title: str, made: ReleaseFields) -> None:
    """Adds title, summary and body."""
    page = item.address if _WEB.match(item.address) else f"https://{vocabulary.newsroom.domain}/releases/2000/a"
    body = item.markdown
    if item.html:
        converted = html_to_markdown(item.html, page if _WEB.match(item.address) else "", newlines=item.newlines)
        body = converted.markdown
        made.notes += converted.lost
    body, made.image = _without_picture(body, item.image)
    if item.image and made.image and item.image.credit != made.image.credit:
        made.fields["credit"] = item.image.credit
    shown, remarks = _shown(body, page, made)
    made.notes += remarks
    if not title:
        title = _first_sentences(shown, 100)
        made.incomplete("it has no title")
    made.fields["title"] = _shortened(title or "Untitled", LONGEST_TITLE, "title", made)
    summary = plain_text(item.summary)
    if summary and not shown and len(summary) > 2 * SUMMARY:
        # A description that is the whole text.
        body, shown, summary = body or summary, summary, ""
    if not summary:
        summary = _first_sentences(shown, SUMMARY)
        made.summarized = bool(summary)
    if not summary:
        made.incomplete("it has no text")
        summary = title or "Untitled"
    made.fields["summary"] = _shortened(summary, LONGEST_SUMMARY, "summary", made)
    # A feed without a text repeats the summary.
    if body and _words(body) != _words(plain_paragraphs(summary)):
        made.fields["body"] = body


def _shown(body: str, page: str, made: ReleaseFields) -> tuple[str, list[str]]:
    """The words that readers will see of a body, and what they will not."""
    if not body:
        return "", []
    parts = urlsplit(page)
    try:
        home = f"{parts.scheme}://{parts.netloc}"
        found = body_of(body, page, home)
        if found.files:  # whether they are there is told where they are copied
            there = tuple((name, FileLink(f"{home}/{quote(name)}", (1, 1))) for name in found.files)
            found = body_of(body, page, home, there)
    except MarkupError as error:
        made.incomplete(str(error))
        return cleaned(body), []
    return text_of(_UNSAID.sub("", found.html)), list(dict.fromkeys(remark.message for remark in found.remarks))


def _words(text: str) -> str:
    return " ".join(text.split())


def _without_picture(body: str, image: ItemPicture | None) -> tuple[str, ItemPicture | None]:
    """The body without the release's picture, if it begins with that, and the picture with what the body says of it."""
    first, _, rest = body.partition("\n\n")
    if image is None or image.src not in html.unescape(first) or not first.startswith(("<figure>", "![", "[![")):
        return body, image
    alt, caption = _ALT.search(first), _CAPTION.search(first)
    below = _words(text_of(caption[1])) if caption else ""
    # A credit that does not stand below this picture belongs to another one.
    credit = image.credit if image.credit and below.endswith(image.credit) else ""
    below = below.removesuffix(credit).strip()
    said = html.unescape(next(filter(None, alt.groups()), "")) if alt else ""
    return rest, replace(image, alt=said or image.alt, caption=image.caption or below, credit=credit)


def _shortened(text: str, most: int, what: str, made: ReleaseFields) -> str:
    if len(text) <= most:
        return text
    made.notes.append(f"its {what} has {len(text):,} characters, and is cut after {most:,}")
    return f"{text[: most - 1].rsplit(None, 1)[0]}…"


def _first_sentences(text: str, most: int) -> str:
    """The first sentences of a text, as many as fit; of a longer first one its beginning."""
    first = " ".join(next((part for part in text.split("\n\n") if part.strip()), "").split())
    sentences = [part for part in _SENTENCE.split(first) if part]
    found = ""
    place = 0
    for sentence in sentences:
        end = first.index(sentence, place) + len(sentence)
        if end > most and found:
            break
        found, place = first[:end], end
        if end > most // 3:
            break
    if len(found) <= most:
        return found
    cut = found[: most - 1]
    return f"{cut.rsplit(None, 1)[0] if ' ' in cut else cut}…"


def aliases(item: Item, language: str, path: str, made: ReleaseFields) -> list[str]:
    """The former addresses of an item that can lead to it."""
    found: list[str] = []
    for address in (item.address, *item.former):
        parts = urlsplit(address)
        own = _OWN_PAGE.fullmatch(parts.path)
        if parts.scheme not in ("", "http", "https"):
            continue
        if _TRACKING.sub("", parts.query).strip("&"):
            made.notes.append(f"its address {address[:100]} cannot lead to it: the query in it says what it is")
        elif own:
            found += [own[1]] if own[1] != path else []
        elif parts.path.strip("/"):
            rooted = parts.path if parts.path.startswith("/") else f"/{parts.path}"
            try:
                found.append(_ADDRESS.validate_python(unquote(rooted)))
            except ValidationError:
                made.notes.append(f"its address {rooted[:100]} cannot lead to it")
    return list(dict.fromkeys(found))[:50]


def people(item: Item, vocabulary: Vocabulary) -> list[Mapping[str, Writable]]:
    """Its authors, if they are others than the newsroom's own."""
    own = {vocabulary.newsroom.author.name, *vocabulary.newsroom.title.values()}
    found = {each.name: each for each in item.authors if each.name.strip()}
    if set(found) <= own:
        return []
    return [{"name": _words(each.name), "email": each.email, "url": each.url} for each in found.values()]


def picture(image: ItemPicture, title: str, made: ReleaseFields) -> dict[str, Writable]:
    """The fields of its picture."""
    alt = plain_text(image.alt)
    if not alt:
        made.notes.append("its picture has no text for people who cannot see it: its title stands there")
    return {
        "src": image.src,
        "alt": _words(alt or plain_text(image.caption) or title)[:LONGEST_TITLE],
        "credit": _words(plain_text(image.credit)),
        "caption": plain_text(image.caption),
        "width": image.width if image.width.isdecimal() and image.width != "0" else "",
        "height": image.height if image.height.isdecimal() and image.height != "0" else "",
    }


def attachments(item: Item) -> Iterator[dict[str, Writable]]:
    """The fields of its files."""
    for each in item.files:
        name = unquote(urlsplit(each.url).path.rpartition("/")[2])
        kind = each.type if "/" in each.type else media_type(name)
        length = each.length if each.length.isdecimal() and each.length != "0" else ""
        yield {"url": each.url, "title": _words(each.title) or name or each.url, "type": kind.lower(), "length": length}
