"""Writes the elements of a text that stay HTML, and the addresses in it."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator, Mapping
from urllib.parse import unquote, urljoin, urlsplit

from lxml.html import HtmlElement


def names(text: str) -> frozenset[str]:
    """The words of a text, as a set of names."""
    return frozenset(text.split())


LEFT_OUT = names(
    "script style template head title svg canvas math noscript select datalist textarea button map input option"
)
"""Elements that no feed can carry."""
PLAYERS = names("iframe embed object video audio frame applet")
"""Elements that show what lies at another address."""
BLOCKS = names(
    """address article aside blockquote body center details dialog dd div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hgroup hr html li main menu nav ol p pre search section summary table ul tr td th tbody
    thead tfoot caption dir"""
)
"""Elements that begin on a line of their own."""
PLACE = "data-feeds-place"
"""The attribute of an element that marks a place to which links in the text lead."""
DEEPEST = 40
"""Elements inside one another; what is deeper is taken as plain text."""

_STAYS = names(
    """a abbr b bdi bdo blockquote br caption cite code dd del dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i
    img ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub sup table tbody td tfoot th thead time tr u
    ul var"""
)
_OTHER_NAMES = {"tt": "code", "strike": "s", "acronym": "abbr", "menu": "ul", "dir": "ul"}
_UNSEEN = names("style template head title noscript datalist map")
_VOID = names("br hr img")
_ENDS_ITS_LINE = names("tr li dd caption thead tbody table ul ol dl")
_ATTRIBUTES = tuple(
    "href src alt width height colspan rowspan scope start value type reversed title lang dir datetime cite".split()  # noqa: SIM905
)
_LAZY = ("data-src", "data-lazy-src", "data-original", "src")
_ALIGNED = re.compile(r"text-align\s*:\s*(left|right|center)", re.IGNORECASE)
_SCHEMES = names("http https mailto tel") | {""}


class KeptHtml:
    """What becomes of the elements of one text, whose addresses are resolved against ``base`` if that is known."""

    def __init__(self, base: str, places: Collection[str] = ()) -> None:
        """``places`` are the ids in the text that its links lead to."""
        self._base = base
        self._places = places
        self.pictures: list[str] = []
        """The addresses of all pictures."""
        self.lost: list[str] = []
        """What could not be carried."""

    def html(self, element: HtmlElement) -> str:
        """An element as HTML, without blank lines, which would end it in Markdown."""
        return re.sub(r"\n\s*\n", "\n", "".join(self._pieces(element, in_pre=False, depth=0)).strip())

    def address(self, written: str) -> str:
        """The address in full, if that is known; empty if no reader can follow it."""
        written = re.sub(r"[\t\r\n]", "", written.strip())
        if written.startswith("#"):
            return f"#{unquote(written[1:])}" if unquote(written[1:]) in self._places else ""
        if not written:
            return ""
        try:
            address = urljoin(self._base, written) if self._base else written
            scheme = urlsplit(address).scheme.lower()
        except ValueError:
            return ""
        return address if scheme in _SCHEMES else ""

    def source_of(self, element: HtmlElement) -> str:
        """The address of a picture, also of one that a script would load; empty if there is none."""
        written = [element.get(name, "") for name in _LAZY]
        return next((self.address(each) for each in written if each and not each.startswith("data:")), "")

    def played(self, element: HtmlElement) -> tuple[str, str]:
        """The address that a player shows, and words for it; both empty if it shows none."""
        sources = (element, *element.iter("source"))
        found = [self.address(each.get(name, "")) for each in sources for name in ("src", "data") if each.get(name)]
        address = next(filter(None, found), "")
        if not address:
            self.lost.append(f"<{name_of(element)}> has no address, and is left out")
        return address, element.get("title", "").strip() or urlsplit(address).hostname or address

    def leave_out(self, element: HtmlElement) -> None:
        """Notes that an element is lost which no feed can carry, if readers could see anything of it."""
        name, words = name_of(element), " ".join(str(element.text_content()).split())
        if name == "script":
            self.lost.append("a script is left out")
        elif name in ("svg", "canvas", "math") or (words and name not in _UNSEEN):
            self.lost.append(f"<{name}> is left out{f': {shown(words)}' if words else ''}")
        elif name in ("input", "select", "textarea") and element.get("type") != "hidden":
            self.lost.append("a field of a form is left out")

    def leave_link(self, element: HtmlElement) -> None:
        """Notes that a link is lost which no reader can follow; its text stays."""
        href = element.get("href", "").strip()
        if href not in ("", "#") and str(element.text_content()).strip():
            self.lost.append(f"the link to {shown(href)} is left out, its text stays")

    def leave_picture(self, element: HtmlElement) -> None:
        """Notes that a picture is lost which is part of the text and no file."""
        if element.get("src", "").startswith("data:"):
            self.lost.append("a picture that is part of the text itself, and no file, is left out")

    def _pieces(self, element: HtmlElement, *, in_pre: bool, depth: int) -> Iterator[str]:
        name = name_of(element)
        name = _OTHER_NAMES.get(name, name)
        if place := element.get(PLACE):
            yield f"{tag('a', {'id': place})}</a>"
            return
        if name in LEFT_OUT:
            self.leave_out(element)
            return
        if name in PLAYERS:
            address, words = self.played(element)
            yield f'<a href="{html.escape(address)}">{html.escape(words)}</a>' if address else ""
            return
        attributes = dict(self._kept(element, name))
        if name == "a" and not attributes.get("href"):
            self.leave_link(element)
        stays = name in _STAYS and depth <= DEEPEST and bool(name != "a" or attributes.get("href"))
        if name == "img":
            if not attributes.get("src"):
                self.leave_picture(element)
                return
            self.pictures.append(attributes["src"])
        yield tag(name, attributes) if stays else " " if name in BLOCKS else ""
        if name not in _VOID:
            yield from self._content(element, in_pre=in_pre or name == "pre", depth=depth)
            yield f"</{name}>" if stays else " " if name in BLOCKS else ""
        yield "\n" if name in _ENDS_ITS_LINE else ""

    def _content(self, element: HtmlElement, *, in_pre: bool, depth: int) -> Iterator[str]:
        yield _text(element.text, in_pre=in_pre)
        for child in element:
            yield from self._pieces(child, in_pre=in_pre, depth=depth + 1)
            yield _text(child.tail, in_pre=in_pre)

    def _kept(self, element: HtmlElement, name: str) -> Iterator[tuple[str, str]]:
        for each in _ATTRIBUTES:
            value = " ".join(element.get(each, "").split())
            if each == "src":
                value = self.source_of(element) if name == "img" else ""
            elif each == "href":
                value = self.address(value) if name == "a" else ""
            if value or (each == "alt" and name == "img"):
                yield each, value
        if name in ("td", "th", "tr") and (aligned := alignment(element)):
            yield "align", aligned


def shown(text: str) -> str:
    """A text in a message, cut if it is long."""
    return f"“{text if len(text) <= 60 else f'{text[:59]}…'}”"


def name_of(element: HtmlElement) -> str:
    """The name of an element; empty for a comment."""
    return element.tag if isinstance(element.tag, str) else ""


def tag(name: str, attributes: Mapping[str, str]) -> str:
    """A start tag."""
    written = "".join(f' {each}="{html.escape(value)}"' for each, value in attributes.items())
    return f"<{name}{written}>"


def alignment(cell: HtmlElement) -> str:
    """How a cell is aligned; empty if it does not say."""
    aligned = _ALIGNED.search(cell.get("style", ""))
    return str(aligned[1] if aligned else cell.get("align", "")).lower()


def _text(text: str | None, *, in_pre: bool) -> str:
    if not text:
        return ""
    written = html.escape(text, quote=False)
    return written.replace("\n", "&#10;") if in_pre else re.sub(r"[ \t\r\n\f]+", " ", written)
