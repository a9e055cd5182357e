"""Makes one e-mail message of the new releases of a feed, for the program of a mailing list to send.

Nothing is sent here, and no reader's address is known. The message follows RFC 5322. It has a text for every program
and the same as HTML in the newsroom's look. Its lines end in LF, which the sender turns into CRLF.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import EmailPolicy
from hashlib import blake2b
from textwrap import fill
from typing import Any
from urllib.parse import urlsplit

from feeds.addresses import FeedAddress, ReleasePage
from feeds.catalogue import VisibleRelease
from feeds.i18n import Words, in_language
from feeds.model.colour import DARK_BACKGROUNDS, LIGHT_BACKGROUNDS, darker, lighter
from feeds.model.formats import HTML
from feeds.model.renames import fingerprint
from feeds.model.selection import Selection
from feeds.publish import own_pictures, titles
from feeds.publish.context import Context
from feeds.publish.pages.headlines import summary_of, title_of
from feeds.publish.pages.pictures import thumbnail
from feeds.render import html

REMEMBERED = 200
"""Releases of a feed that are remembered as known; what is older counts as known too."""
MOST = 50
"""Releases in a message; for more of them there is a link."""

_LINE = 72
"""Characters of a line of text, where words have spaces between them (RFC 5322, section 2.1.1: 78 at most)."""
_LINK, _DARK_LINK = "#0b4f9e", "#8fc1ff"
_MARK, _DARK_MARK = "#b4472a", "#ff9d7a"
"""As in assets/style.css."""
_WHOLE = frozenset({"list-unsubscribe", "list-unsubscribe-post", "list-archive"})
"""Header fields with addresses: Python's own folding would encode one that is longer than a line."""


class _Policy(EmailPolicy):
    """Writes addresses in one line, however long."""

    def fold(self, name: str, value: Any) -> str:
        if name.lower() in _WHOLE:
            return f"{name}: {value}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")


_POLICY = _Policy(cte_type="7bit")


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom, and how a reader leaves the list."""

    sender: str
    """An e-mail address."""
    recipient: str = ""
    """That of the list; empty if the program of the list writes it."""
    unsubscribe: str = ""
    """An address of the web or of e-mail (https://…, mailto:…), perhaps with a mark for the program of the list."""


@dataclass(frozen=True, slots=True)
class _Item:
    """A release in a message."""

    title: str
    href: str
    date: str
    summary: str
    notes: tuple[str, ...]
    """Of corrections, with their dates."""
    picture: str
    """The whole address of a small picture; empty if there is none."""


def newest(context: Context, selection: Selection) -> tuple[VisibleRelease, ...]:
    """The releases with the newest changes in a feed, the newest first; at most `REMEMBERED`."""
    page = context.snapshot.pages.of(selection, context.now, 0, context.settings.entries, REMEMBERED)
    return context.snapshot.releases.of(page.editions) if page else ()


def known_by(releases: Sequence[VisibleRelease]) -> dict[int, datetime]:
    """What a mailing list knows after these releases: by fingerprint of the id, when each last changed for readers."""
    return {fingerprint(each.release.id): each.entry.updated for each in releases}


def unknown(releases: Sequence[VisibleRelease], known: Mapping[int, datetime]) -> list[VisibleRelease]:
    """Those of the newest releases of a feed that a mailing list does not know, or not as they are now."""
    oldest = min(known.values()) if len(known) >= REMEMBERED else None
    found = []
    for each in releases:
        before = known.get(fingerprint(each.release.id))
        is_older = before is None and oldest is not None and each.entry.updated < oldest
        if not is_older and (before is None or each.entry.updated > before):
            found.append(each)
    return found


def told_since(releases: Sequence[VisibleRelease], since: datetime) -> list[VisibleRelease]:
    """Those of which readers were told at a moment or later."""
    return [each for each in releases if max(each.entry.updated, each.release.appears) >= since]


def message(context: Context, selection: Selection, releases: Sequence[VisibleRelease], envelope: Envelope) -> bytes:
    """The message with these releases, of which there is at least one; the same bytes at the same moment."""
    words = context.words(selection.language)
    items = [_item(context, each) for each in releases[:MOST]]
    values = _values(context, selection, items, len(releases) - len(items), envelope)
    made = EmailMessage(_POLICY)
    for name, value in _headers(context, selection, values, envelope):
        made[name] = value
    subject = items[0].title
    if len(releases) > 1:
        number = words.count("{n} new release", "{n} new releases", len(releases))
        subject = words.say("{subject}: {detail}", subject=number, detail=subject)
    made["Subject"] = subject
    made.set_content(_text(words, values))
    made.add_alternative(html.render_page("mailing", values).decode(), subtype="html")
    made["Content-Language"] = selection.language  # after the content: setting that removes such fields
    for part in made.iter_parts():
        del part["MIME-Version"]
    made.set_boundary(blake2b(made["Message-ID"].encode(), digest_size=16).hexdigest())
    return made.as_bytes()


def _item(context: Context, visible: VisibleRelease) -> _Item:
    release, entry = visible.release, visible.entry
    small = None if visible.withdrawn else thumbnail(context, release)
    origin = context.addresses.base.removesuffix(context.addresses.prefix)
    words = context.words(release.language)
    zone = context.vocabulary.newsroom.time_zone
    leads = (words.say("Correction, {date}:", date=words.date(note.date, zone)) for note in entry.corrections)
    return _Item(
        title_of(context, visible),
        context.addresses.absolute(ReleasePage(release.language, release.path)),
        entry.date,
        summary_of(visible),
        tuple(words.sentences(lead, note.text) for lead, note in zip(leads, entry.corrections, strict=True)),
        f"{origin}{small.src}" if small else "",
    )


def _values(
    context: Context, selection: Selection, items: Sequence[_Item], more: int, envelope: Envelope
) -> dict[str, Any]:
    """The values for both the text and the HTML."""
    words = context.words(selection.language)
    newsroom = context.vocabulary.newsroom
    colour = newsroom.colour
    return {
        "words": words,
        "language": selection.language,
        "direction": words.direction,
        "newsroom": titles.newsroom_title(context, selection.language),
        "subject": titles.subject_or_all(context, selection),
        "page": context.addresses.absolute(FeedAddress(selection, HTML)),
        "items": items,
        "more": words.count("{n} more release", "{n} more releases", more) if more else "",
        "rights": in_language(newsroom.rights, selection.language),
        "unsubscribe": envelope.unsubscribe,
        "logo": own_pictures.mail_logo(context),
        "mark": colour or _MARK,
        "link": darker(colour, LIGHT_BACKGROUNDS) if colour else _LINK,
        "dark_link": lighter(colour, DARK_BACKGROUNDS) if colour else _DARK_LINK,
        "dark_mark": lighter(colour, DARK_BACKGROUNDS) if colour else _DARK_MARK,
    }


def _headers(
    context: Context, selection: Selection, values: Mapping[str, Any], envelope: Envelope
) -> Iterator[tuple[str, Any]]:
    host = urlsplit(context.addresses.base).hostname or "localhost"
    path = context.addresses.make(FeedAddress(selection)).rpartition(".")[0]
    label = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-")
    moment = context.now.astimezone(context.vocabulary.newsroom.time_zone).replace(microsecond=0)
    yield "From", MailAddress(values["newsroom"], addr_spec=envelope.sender)
    if envelope.recipient:
        yield "To", MailAddress(addr_spec=envelope.recipient)
    yield "Date", moment
    yield "Message-ID", f"<{label}.{context.now:%Y%m%dT%H%M%S.%fZ}@{host}>"
    yield "List-Id", f"{titles.feed_title(context, selection)} <{label}.{host}>"  # RFC 2919
    yield "List-Archive", f"<{values['page']}>"  # RFC 2369
    if envelope.unsubscribe:
        yield "List-Unsubscribe", f"<{envelope.unsubscribe}>"
        if envelope.unsubscribe.startswith("https:"):
            yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"  # RFC 8058
    yield "Auto-Submitted", "auto-generated"  # RFC 3834: the list gets no out-of-office replies


def _text(words: Words, values: Mapping[str, Any]) -> str:
    """The message for a program that shows text."""
    about = f"{values['newsroom']} – {values['subject']}"
    blocks = [f"{_wrapped(about)}\n{values['page']}"]
    for item in values["items"]:
        said = (item.title, item.date, item.summary, *item.notes)
        blocks.append("\n".join([*map(_wrapped, said), item.href]))
    if values["more"]:
        blocks.append(f"{values['more']}\n{values['page']}")
    end = [_wrapped(values["rights"])]
    if values["unsubscribe"]:
        end.append(f"{words.say('Unsubscribe')}\n{values['unsubscribe'].removeprefix('mailto:')}")
    blocks.append("\n".join(("-- ", *end)))  # what follows is a signature (RFC 3676, section 4.3)
    return "\n\n".join(blocks) + "\n"


def _wrapped(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(fill(each, _LINE, break_long_words=False, break_on_hyphens=False) for each in lines)
