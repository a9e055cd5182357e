"""Finds what is wrong with a page that was made with a newsroom's own templates.

That is: what the content security policy would block, and what readers, search engines or feed readers would miss.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TypeAlias

Attributes: TypeAlias = dict[str, str]

_RUNS = frozenset({"", "module", "text/javascript", "application/javascript", "importmap", "speculationrules"})
"""Types of scripts that browsers run, or take for orders."""
_NEVER = frozenset({"applet", "audio", "base", "embed", "object", "video"})
"""Elements that the policy allows nowhere."""
_LOADED = {
    "form": ("action", "an address of another site"),
    "frame": ("src", "a page of another site"),
    "iframe": ("src", "a page of another site"),
    "img": ("src", "a picture without https"),
    "link": ("href", "a style sheet of another site"),
    "script": ("src", "a script of another site"),
}
"""By element: the attribute with the address of what it loads, and what that is."""
_POLICY = "the content security policy"


@dataclass(frozen=True, slots=True)
class PageFault:
    """What is wrong with a page, and a text that the template at fault most likely has."""

    message: str
    advice: str
    sign: str


def page_faults(page: str, language: str, direction: str, style: str, site: str) -> list[PageFault]:
    """What is wrong with a page in a language.

    ``style`` is the product's own style, which may stand in it; ``site`` is the address of this site.
    """
    reader = _Reader(language, direction, style, site)
    reader.feed(page)
    reader.close()
    return list(dict.fromkeys([*reader.missing(), *reader.faults]))


class _Reader(HTMLParser):
    """Goes through a page once."""

    def __init__(self, language: str, direction: str, style: str, site: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[PageFault] = []
        self._language = language
        self._direction = direction
        self._style = style
        self._site = site
        self._doctype = False
        self._html: Attributes | None = None
        self._title = ""
        self._metas: set[str] = set()
        self._counts = {"main": 0, "h1": 0}
        self._feeds = False
        self._ids: set[str] = set()
        self._inside = ""

    def handle_decl(self, decl: str) -> None:
        self._doctype = self._doctype or decl.lower() == "doctype html"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._inside = tag
        if tag == "html":
            self._html = given
        elif tag == "meta":
            self._metas.add("charset" if "charset" in given else given.get("name", ""))
        elif tag in self._counts:
            self._counts[tag] += 1
        elif tag == "link":
            self._feeds |= given.get("rel") == "alternate" and given.get("type") == "application/atom+xml"
        self.faults += _element_faults(tag, given, self._site)
        if (own := given.get("id")) and own in self._ids:
            self.faults.append(PageFault(f"two elements have the id “{own}”", "give each another one", f'"{own}"'))
        self._ids.add(given.get("id", ""))

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self._title += data
        elif self._inside == "style" and data != self._style:
            advice = "write the rules into style.css"
            self.faults.append(PageFault(f"{_POLICY} blocks this element style", advice, "<style"))

    def missing(self) -> Iterator[PageFault]:
        """What a page must have and this one lacks."""
        if not self._doctype:
            yield PageFault("the page does not begin with <!doctype html>", "write that first", "<html")
        html = self._html or {}
        if html.get("lang") != self._language:
            advice = 'write <html lang="{{ language }}" dir="{{ direction }}">'
            yield PageFault("the element html does not name the page's language", advice, "<html")
        if self._direction == "rtl" and html.get("dir") != "rtl":
            advice = 'write <html lang="{{ language }}" dir="{{ direction }}">'
            yield PageFault("the page is read from right to left, and does not say so", advice, "<html")
        if not self._title.strip():
            yield PageFault("the page has no title", "write <title>{{ title }}</title>", "title")
        for name, advice in (
            ("charset", '<meta charset="utf-8">'),
            ("viewport", '<meta name="viewport" content="width=device-width, initial-scale=1">'),
        ):
            if name not in self._metas:
                yield PageFault(f"the page has no meta {name}", f"write {advice} into the head", "<head")
        if not self._feeds:
            advice = "go through “autodiscovery” in the head, as in product/base.html"
            yield PageFault("the page does not name its feeds to feed readers", advice, "<head")
        for name, number in self._counts.items():
            if number != 1:
                yield PageFault(f"the page has {number} elements {name}", f"write one <{name}>", f"<{name}")


def _element_faults(tag: str, given: Attributes, site: str) -> Iterator[PageFault]:
    """What is wrong with one element."""
    for name, value in given.items():
        if name.startswith("on"):
            yield PageFault(f"{_POLICY} blocks the attribute {name}", "delete it: pages run no script", f"{name}=")
        elif name == "style":
            yield PageFault(f"{_POLICY} blocks the attribute style", "give it a class, and write style.css", "style=")
        elif value.strip().lower().startswith("javascript:"):
            yield PageFault(f"{_POLICY} blocks links to javascript:", "delete it: pages run no script", "javascript:")
    if tag in _NEVER:
        yield PageFault(f"{_POLICY} blocks the element {tag}", "delete it", f"<{tag}")
    elif blocked := _blocked_address(tag, given, site):
        what = f"{_POLICY} blocks {blocked} in the element {tag}"
        yield PageFault(what, "only this site's own can be loaded", f"<{tag}")
    elif tag == "script" and "src" not in given and given.get("type", "").lower() in _RUNS:
        yield PageFault(f"{_POLICY} blocks this script", "delete it: pages run no script", "<script")
    elif tag == "img" and "alt" not in given:
        yield PageFault("a picture has no alt", 'say what it shows; alt="" if it only adorns', "<img")


def _blocked_address(tag: str, given: Attributes, site: str) -> str:
    """What an element loads although the policy forbids that; empty if nothing."""
    attribute, what = _LOADED.get(tag, ("", ""))
    address = given.get(attribute, "").strip().lower()
    if not address.startswith(("http:", "https:", "data:", "//")) or address.startswith(f"{site}/".lower()):
        return ""
    if (tag == "link" and "stylesheet" not in given.get("rel", "").lower()) or (
        tag == "img" and address.startswith(("https:", "//"))
    ):
        return ""
    return what
