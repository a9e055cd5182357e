"""Goes once through the HTML of a release's body, and makes of it what feeds can carry.

Addresses become absolute, anchors unique, players links, and bare addresses links. Whatever is left out or leads
nowhere becomes a remark. Tags in the result are made here or by the Markdown engine, none is copied from an editor.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote

from feeds.render import lost_markdown, raw_html, running_text
from feeds.render.anchors import Anchors, note_name, own_address, prefix_of
from feeds.render.body import MOST_REMARKS, Body, FileLink, MarkdownSource, MarkupError, OwnLink, Remark, shown
from feeds.render.embeds import page_and_name
from feeds.render.files_beside import FilesBeside, LeftOutError, name_and_place
from feeds.render.offsets import Offsets
from feeds.render.raw_html import HtmlTag, RawHtml
from feeds.render.references import WEB_SCHEMES, Unusable, resolve

DEEPEST = 60
"""How many elements can be inside each other."""


class _FragmentLink(NamedTuple):
    """A link within the body: its target may still come."""

    piece: int
    attributes: dict[str, str]
    wanted: str
    written: str
    offset: int


class _Heading(NamedTuple):
    """A heading: its id depends on the ids that are given in the text."""

    piece: int
    name: str
    attributes: dict[str, str]
    words: list[str]


_HEADINGS = {"h1": "h2", "h2": "h3", "h3": "h4", "h4": "h5", "h5": "h6", "h6": "h6"}
"""Each level becomes the one below it, since the title of the release is the first."""
_FORMATTING = frozenset(("b", "code", "em", "i", "s", "small", "strong", "u"))
"""Elements that HTML opens again in the next paragraph if they are not closed (HTML, section 13.2.4.3)."""
_OF_ROWS = frozenset(("tbody", "tfoot", "thead", "tr"))
_CODE = frozenset(("code", "kbd", "pre", "samp"))
_IN_A_LINE = frozenset((*_HEADINGS, "a", "caption", "dd", "dt", "figcaption", "figure", "li", "p", "td", "th"))
"""Elements in which a link needs no paragraph of its own."""
_CLOSED_BY_THEIR_LIKE = frozenset(("dd", "dt", "li", "p", "td", "th", "tr"))
# Tags of which most stay as they are, and those of the Markdown engine that never do.
_SIMPLE = raw_html.KEPT - _HEADINGS.keys() - raw_html.VOID - {"a"}
_SIMPLE_TAG = re.compile(r"<(/?)([a-z]{1,10})>")
_NOTEWORTHY_TAG = re.compile(r"</?(?:a|img|h[1-6])[ >]")
_SIMPLE_LINK = re.compile(r'<a href="([^"&<>]*)">')
_ANY_TAG = re.compile(r"<[^<>]*>")
_WRITTEN_TAG = re.compile(r"<(?!https?:|mailto:)[A-Za-z/!?]")
_DESTINATION = re.compile(r"(?:\]\(|<|\]: )[A-Za-z]+://[^\s()<>]*")
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy")
"""Where pages that load pictures late have their addresses."""
_ALT = "write what it shows between the brackets: ![Two workers](photo.jpg)"
_SRC = re.compile(r"<(?:source|img)\b[^>]*?\ssrc\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)


def publishable(raw: str, source: MarkdownSource, *, placed: bool = False) -> Body:
    """Makes of raw HTML what feeds can carry. Raises MarkupError for elements too deep inside each other.

    Remarks know their offsets only of ``placed`` HTML, which says where its elements stand (``data-sourcepos``).
    """
    return _Walk(raw, source, placed=placed).through()


class _Walk:
    """One way through the HTML of a body."""

    def __init__(self, raw: str, source: MarkdownSource, *, placed: bool) -> None:
        self._raw = raw
        self._html = RawHtml(raw)
        self._source = source
        self._anchors = Anchors(prefix_of(source.page))
        self._pieces: list[str] = []
        self._open: list[str] = []
        """The elements around the present place."""
        self._ends: dict[int, int] = {}
        """The offset of the end in the source, where it is known, by number in that list."""
        self._aligned: dict[int, str] = {}
        """How rows and groups of rows say that their cells are aligned, by number in that list."""
        self._code = 0
        """How many open elements are code."""
        self._links = 0
        """How many open elements are links."""
        self._words: list[str] | None = None
        """The words of the heading around the present place."""
        self._headings: list[_Heading] = []
        self._fragments: list[_FragmentLink] = []
        self._pictures: set[str] = set()
        self._remarks: list[Remark] = []
        self._own: list[OwnLink] = []
        self._files = FilesBeside(source.files)
        self._meant = lost_markdown.Meant(source.text)
        self._leftovers = 0
        self._form = False
        self._in_note = False
        """Whether the number of a footnote stands at the present place."""
        self._notes = False
        """Whether the footnotes have begun: they stand at the end."""
        self._offsets = Offsets(source.text, source.parsed, known=placed)

    def through(self) -> Body:
        raw, place = self._raw, 0
        simple = self._is_simple()
        while (start := self._next(place) if simple else raw.find("<", place)) >= 0:
            if start > place:
                self._pieces.append(raw[place:start] if simple else self._text(raw[place:start]))
                if self._words is not None and not self._in_note:
                    self._words.append(html.unescape(_ANY_TAG.sub("", raw[place:start])))
            place = self._markup(start)
        self._pieces.append(raw[place:] if simple else self._text(raw[place:]))
        self._settle_anchors()
        return Body("".join(self._pieces), tuple(self._remarks), tuple(self._own), tuple(self._files.named))

    def _is_simple(self) -> bool:
        """Whether it is enough to look at links, pictures and headings: most bodies have nothing else of note."""
        raw, text = self._raw, self._source.text
        return not (
            lost_markdown.may_be_left_over(raw)
            or "data-footnotes" in raw
            or _WRITTEN_TAG.search(text)
            or running_text.has_bare_address(_DESTINATION.sub("", text))
            or raw_html.depth_may_reach(raw, DEEPEST - 10)
        )

    def _next(self, place: int) -> int:
        found = _NOTEWORTHY_TAG.search(self._raw, place)
        return found.start() if found else -1

    # -- text ---------------------------------------------------------------------------------------------------------

    def _text(self, text: str) -> str:
        """What becomes of the text between two tags, in which no ``<`` stands."""
        if self._code:
            return text
        if lost_markdown.may_be_left_over(text):
            self._look_for_leftovers(html.unescape(text))
        if self._links or not running_text.has_bare_address(text):
            return text
        return running_text.linked(html.unescape(text), self._bare)

    def _bare(self, address: str, written: str) -> str:
        """Where an address in the running text leads."""
        if not self._is_own(address):
            return address
        address = own_address(address)
        self._note_own(address, written, self._offsets.find(written))
        return address

    def _look_for_leftovers(self, text: str) -> None:
        for found in lost_markdown.left_over(text, self._meant):
            self._leftovers += 1
            if self._leftovers > MOST_REMARKS:
                return
            self._remark(self._offsets.find(found.written), found.message, found.advice)

    # -- tags ---------------------------------------------------------------------------------------------------------

    def _markup(self, start: int) -> int:
        """Takes whatever begins with ``<``. Returns where to go on."""
        found = _SIMPLE_TAG.match(self._raw, start)
        if found and found[2] in _SIMPLE:
            (self._end if found[1] else self._start)(found[2])
            return found.end()
        if not self._offsets.known and (link := _SIMPLE_LINK.match(self._raw, start)):
            self._link({"href": link[1]}, 0, 0)
            return link.end()
        tag = self._html.tag_at(start)
        if tag is None:
            self._pieces.append("&lt;")
            written = self._raw[start : start + 12].partition("\n")[0]
            if written[1:2].strip():
                self._remark(self._offsets.find(written), f"{shown(written + '…')} does not end", "end it with >")
            return start + 1
        if tag.name == raw_html.COMMENT:
            return tag.end
        if tag.name == raw_html.INSTRUCTION:
            written = self._raw[start : tag.end]
            self._remark(self._offsets.find(written), f"{shown(written)} is left out", "delete it: it is for programs")
            return tag.end
        if self._html.is_prose(tag):
            return self._prose(tag)
        if tag.closing and tag.name == "br":
            self._pieces.append("<br>")  # as browsers read it (HTML, section 13.2.6.4.7)
            return tag.end
        if tag.closing:
            self._end(_HEADINGS.get(tag.name) or raw_html.RENAMED.get(tag.name, tag.name))
            return tag.end
        return self._element(tag)

    def _prose(self, tag: HtmlTag) -> int:
        written = self._raw[tag.start : tag.end]
        self._pieces.append(self._text(running_text.escaped(html.unescape(written))))
        if self._words is not None:
            self._words.append(written)
        if not tag.closing:
            message = f"{shown(written)} is no HTML, so it is shown as text"
            self._remark(self._offsets.find(written.split()[0]), message, r"write \< for a < that is meant as text")
        return tag.end

    def _element(self, tag: HtmlTag) -> int:
        """Takes a start tag with attributes, or one that is not kept as it is. Returns where to go on."""
        attributes = tag.attributes()
        offset, end = self._offsets.of_element(attributes.pop("data-sourcepos", ""), self._raw[tag.start : tag.end])
        name = raw_html.RENAMED.get(tag.name, tag.name)
        if name in raw_html.PLAYERS:
            return self._player(tag, attributes, offset)
        if name in raw_html.LEFT_OUT or name in raw_html.LEFT_OUT_SILENTLY:
            return self._left_out(tag, offset)
        if name == "noscript":
            return self._without_script(tag)
        if tag.name == "form":
            self._form = True
            self._remark(offset, "of a form only the text is shown", raw_html.LEFT_OUT["input"])
        if name == "img":
            self._picture(attributes, offset)
        elif name == "a":
            self._link(attributes, offset, end)
        elif name in _HEADINGS:
            self._heading(_HEADINGS[name], attributes, offset, end)
        elif "data-footnotes" in attributes:
            self._notes = True
            self._pieces.append("<hr>\n")
        elif name in raw_html.KEPT:
            self._kept_element(name, attributes, offset, end)
        return tag.end

    def _kept_element(self, name: str, attributes: Mapping[str, str], offset: int, end: int) -> None:
        kept = self._kept(name, attributes, offset)
        if name in _OF_ROWS and "align" in kept:
            self._aligned[len(self._open) + 1] = kept.pop("align")
        self._start(name, kept, end)

    def _anchor(self, attributes: dict[str, str]) -> None:
        """Puts an id before its element: browsers repeat an element without an end tag, and would repeat its id."""
        if name := attributes.pop("id", None):
            tag = "span" if self._links else "a"
            self._pieces.append(f"{_tag(tag, {'id': name})}</{tag}>")

    def _start(self, name: str, attributes: dict[str, str] | None = None, end: int = 0) -> None:
        if attributes and name in _FORMATTING:
            self._anchor(attributes)
        if name in _CLOSED_BY_THEIR_LIKE and self._open and self._open[-1] == name:
            self._end(name)
        if self._aligned and name in ("td", "th"):
            attributes = {"align": self._aligned[max(self._aligned)], **(attributes or {})}
        self._pieces.append(_tag(name, attributes))
        if name in raw_html.VOID:
            return
        self._open.append(name)
        self._ends[len(self._open)] = end
        self._code += name in _CODE
        self._links += name == "a"
        if len(self._open) > DEEPEST:
            raise _too_deep()

    def _end(self, name: str) -> None:
        """Closes an element and what is still open in it. An end tag that closes nothing is passed over."""
        if name not in self._open:
            return
        closed = ""
        while closed != name:
            self._offsets.go_to(self._ends.pop(len(self._open), 0))
            self._aligned.pop(len(self._open), None)
            closed = self._open.pop()
            self._code -= closed in _CODE
            self._links -= closed == "a"
            self._in_note = self._in_note and closed != "a"
            if closed in _HEADINGS:
                self._words = None
            self._pieces.append(f"</{closed}>")

    def _heading(self, name: str, attributes: Mapping[str, str], offset: int, end: int) -> None:
        self._words = []
        self._headings.append(_Heading(len(self._pieces), name, self._kept(name, attributes, offset), self._words))
        self._start(name, None, end)

    def _link(self, attributes: Mapping[str, str], offset: int, end: int) -> None:
        kept = self._kept("a", attributes, offset)
        if "data-footnote-ref" in attributes:
            self._end_link_before_note(attributes, offset)
            self._in_note = True
        else:
            self._anchor(kept)
        written = attributes.get("href")
        if written is not None and (name := name_and_place(written)):
            if file := self._file(name[0], offset):
                kept = {"href": file.address + name[1], **kept}
        elif written is not None:
            try:
                kept = {"href": resolve(written, self._source.page), **kept}
            except Unusable as error:
                self._remark(offset, f"the link to {shown(unquote(written))} is left out, its text stays", str(error))
            else:
                self._look_where_it_leads(kept, written, offset)
        if "href" in kept:
            self._start("a", kept, end)

    def _end_link_before_note(self, attributes: Mapping[str, str], offset: int) -> None:
        """Ends the link around a footnote's number, which is a link itself."""
        if not self._links:
            return
        if self._open[-1] == "sup":
            self._ends.pop(len(self._open), 0)
            self._open.pop()
            self._pieces.pop()
        self._end("a")
        self._start("sup")
        message = f"the footnote {note_name(attributes.get('href', ''))} ends the link around it"
        self._remark(offset, message, "write it behind the link")

    def _look_where_it_leads(self, attributes: dict[str, str], written: str, offset: int) -> None:
        page, _, wanted = attributes["href"].partition("#")
        if page != self._source.page:
            if wanted and self._is_own(page):
                attributes["href"] = own_address(attributes["href"])
            self._note_own(attributes["href"], written, offset)
        elif wanted and wanted != "top":
            self._fragments.append(_FragmentLink(len(self._pieces), attributes, wanted, written, offset))

    def _picture(self, attributes: Mapping[str, str], offset: int) -> None:
        kept = self._kept("img", attributes, offset)
        written = [attributes[name] for name in (*_LAZY, "src") if attributes.get(name)]
        reason = Unusable("write its whole address, with https://")
        for each in written:
            if name := name_and_place(each, is_picture=True):
                if file := self._file(name[0], offset, is_picture=True):
                    self._show(
                        file.address, attributes, kept if {"width", "height"} & kept.keys() else file.sizes | kept
                    )
                    if not attributes.get("alt", "").strip():
                        self._remark(
                            offset, f"the picture {shown(name[0])} has no text for those who cannot see it", _ALT
                        )
                else:
                    self._pieces.append(running_text.escaped(attributes.get("alt", "")))
                return
            try:
                src = resolve(each, self._source.page, WEB_SCHEMES)
            except Unusable as error:
                reason = error
                continue
            self._note_own(src, each, offset, is_picture=True)
            self._show(src, attributes, kept)
            return
        which = shown(unquote(written[-1])) if written else "without an address"
        self._remark(offset, f"the picture {which} is left out", str(reason))
        self._pieces.append(running_text.escaped(attributes.get("alt", "")))

    def _show(self, src: str, attributes: Mapping[str, str], kept: Mapping[str, str]) -> None:
        self._pictures.add(src)
        self._pieces.append(_tag("img", {"src": src, "alt": attributes.get("alt", ""), **kept}))

    def _player(self, tag: HtmlTag, attributes: Mapping[str, str], offset: int) -> int:
        """Puts a link in place of what plays or shows something from elsewhere."""
        span = self._html.end_of(tag)
        inside, after = (self._raw[tag.end : span[0]], span[1]) if span else ("", tag.end)
        written = [attributes[name] for name in ("data-src", "src", "data") if attributes.get(name)]
        for each in (*written, *map(html.unescape, _SRC.findall(inside))):
            if own := name_and_place(each):
                if file := self._file(own[0], offset):
                    self._embed_link(file.address, attributes.get("title") or attributes.get("aria-label") or own[0])
                return after
            try:
                href = resolve(each, self._source.page, WEB_SCHEMES)
                page, name = page_and_name(href)
                page = resolve(page, self._source.page, WEB_SCHEMES)
            except Unusable:
                continue
            self._note_own(href, each, offset)
            self._embed_link(page, attributes.get("title") or attributes.get("aria-label") or name)
            return after
        self._remark(offset, f"<{tag.name}> is left out: it has no address on the web", "write a link to what it shows")
        return after if tag.name == "iframe" else tag.end

    def _embed_link(self, href: str, label: str) -> None:
        link = running_text.escaped(" ".join(label.split()))
        if not self._links:
            link = f"{_tag('a', {'href': href})}{link}</a>"
        if _IN_A_LINE.isdisjoint(self._open):
            link = f"<p>{link}</p>"
        self._pieces.append(link)

    def _left_out(self, tag: HtmlTag, offset: int) -> int:
        advice = raw_html.LEFT_OUT.get(tag.name)
        if advice and not (self._form and tag.name in raw_html.CONTROLS):
            self._remark(offset, f"<{tag.name}> is left out", advice)
        span = self._html.end_of(tag)
        return span[1] if span else tag.end

    def _without_script(self, tag: HtmlTag) -> int:
        """Skips a <noscript> if its picture is shown already: pages that load pictures late have each of them twice."""
        span = self._html.end_of(tag)
        for src in _SRC.findall(self._raw, tag.end, span[0]) if span else ():
            try:
                if resolve(html.unescape(src), self._source.page) in self._pictures and span:
                    return span[1]
            except Unusable:
                continue
        return tag.end

    def _kept(self, name: str, attributes: Mapping[str, str], offset: int) -> dict[str, str]:
        """The attributes that feeds carry, without addresses of links and pictures."""
        kept = {}
        given = attributes.get("id") or (name == "a" and attributes.get("name"))
        if given:
            anchor = self._anchors.add(given)
            if anchor:
                kept["id"] = anchor
            elif name == "li" and self._notes:
                message = f"the footnote {note_name(given)} is given twice"
                self._remark(offset, message, "give each footnote a name of its own")
            else:
                self._remark(offset, f"the id {shown(given)} is given twice", "give each place an id of its own")
        for attribute, value in raw_html.kept_values(name, attributes):
            kept |= self._citation(value) if attribute == "cite" else {attribute: value}
        return kept

    def _citation(self, written: str) -> dict[str, str]:
        try:
            return {"cite": resolve(written, self._source.page, WEB_SCHEMES)}
        except Unusable:
            return {}

    def _file(self, name: str, offset: int, *, is_picture: bool = False) -> FileLink | None:
        try:
            return self._files.find(name, is_picture=is_picture)
        except LeftOutError as error:
            self._remark(offset, *error.args)
            return None

    # -- what is known at the end -------------------------------------------------------------------------------------

    def _settle_anchors(self) -> None:
        """Names the headings, and leads the links within the body to their targets."""
        for heading in self._headings:
            anchor = heading.attributes.get("id") or self._anchors.add_heading("".join(heading.words))
            attributes = {"id": anchor, **heading.attributes} if anchor else heading.attributes
            self._pieces[heading.piece] = _tag(heading.name, attributes)
        for link in self._fragments:
            fragment = self._anchors.fragment(link.wanted)
            if fragment is None:
                self._missing(link)
            else:
                href = f"{self._source.page}#{fragment}"
                self._pieces[link.piece] = _tag("a", {**link.attributes, "href": href})

    def _missing(self, link: _FragmentLink) -> None:
        if link.wanted.startswith("fnref-"):  # the engine counts the numbers in texts of pictures too
            self._pieces[link.piece] = _tag("a", {**link.attributes, "href": self._source.page})
            message = "a number of this footnote stands where none is shown: in a picture's text or an unused footnote"
            self._remark(link.offset, message, "write it in the text, or behind the picture")
            return
        if len(self._remarks) == MOST_REMARKS:
            return
        nearest = self._anchors.nearest(link.wanted)
        advice = 'write the words of a heading as in #annual-report, or <a id="…"></a> where it should lead'
        if nearest:
            advice = f"did you mean #{nearest}?"
        self._remark(link.offset, f"{shown(unquote(link.written))} leads to no place in this text", advice)

    # -- remarks ------------------------------------------------------------------------------------------------------

    def _remark(self, offset: int, message: str, advice: str) -> None:
        if len(self._remarks) < MOST_REMARKS:
            self._remarks.append(Remark(offset, message, advice))

    def _is_own(self, address: str) -> bool:
        """Whether an address is under the newsroom's own, be it with https or without."""
        home = self._source.home.partition(":")[2]
        rest = address.partition(":")[2]
        return rest.startswith(home) and rest[len(home) :][:1] in ("", "/", "#", "?")

    def _note_own(self, address: str, written: str, offset: int, *, is_picture: bool = False) -> None:
        if self._is_own(address) and len(self._own) < MOST_REMARKS:
            self._own.append(OwnLink(offset, address, unquote(written), is_picture))


def _too_deep() -> MarkupError:
    return MarkupError(f"lists, quotes or tags nested more than {DEEPEST} deep")


def _tag(name: str, attributes: Mapping[str, str] | None) -> str:
    if not attributes:
        return f"<{name}>"
    return "".join((f"<{name}", *(f' {key}="{html.escape(value)}"' for key, value in attributes.items()), ">"))
