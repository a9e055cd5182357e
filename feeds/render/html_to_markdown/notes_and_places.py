"""Finds the footnotes of a text in HTML, and marks the places in it to which its links lead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote

from lxml.html import HtmlElement

from feeds.render.html_to_markdown.kept_html import LEFT_OUT, PLACE, name_of, names

NUMBER_OF_NOTE = re.compile(r"[\[(]?\d{1,3}[\])]?|[*†‡]+")
"""The text of a link to a footnote."""

_HOLD_NO_TEXT = names("table thead tbody tfoot tr ul ol dl menu dir")
_HOLD_TEXT = names("td th li dt dd caption")


class Note(NamedTuple):
    """A footnote: its name in Markdown, and the element with its text."""

    name: str
    element: HtmlElement
    back: frozenset[str]
    """The ids of the numbered link, to which links in its text lead back."""

    def is_way_back(self, link: HtmlElement) -> bool:
        """Whether a link in its text only leads back: to the number, or from a sign without words."""
        wanted = fragment(link)
        return wanted in self.back or (wanted != "" and not any(letter.isalnum() for letter in flat(link)))


def footnotes_of(root: HtmlElement) -> dict[str, Note]:
    """The footnotes by the id of their text: a numbered link leads there, and another one leads back."""
    found: dict[str, Note] = {}
    targets = {item.get("id", ""): item for item in root.iter("li", "p", "div", "dd") if item.get("id")}
    for link in root.iter("a"):
        wanted = fragment(link)
        item = targets.get(wanted)
        if item is None or wanted in found or not NUMBER_OF_NOTE.fullmatch(flat(link)):
            continue
        if item in link.iterancestors():
            continue
        around = (
            each for each in (link, link.getparent()) if each is not None and name_of(each) in ("a", "sup", "span")
        )
        back = frozenset(each.get("id") or each.get("name") or "" for each in around) - {""}
        note = Note(str(len(found) + 1), item, back)
        if any(note.is_way_back(each) for each in item.iter("a")):
            found[wanted] = note
    return found


def marked_places(root: HtmlElement, notes: Mapping[str, Note]) -> frozenset[str]:
    """Marks the places in the text to which its links lead, and gives their ids. Footnotes have signs of their own."""
    linked = {fragment(link) for link in root.iter("a") if link.get("href", "").strip().startswith("#")}
    wanted = linked - notes.keys() - {each for note in notes.values() for each in note.back}
    if not wanted:
        return frozenset()
    found: set[str] = set()
    for element in list(root.iter()):
        place = element.get("id") or (element.get("name") if name_of(element) == "a" else "") or ""
        if place in wanted - found and not re.search(r"[\s<>\"]", place) and _mark_place(element, place):
            found.add(place)
    return frozenset(found)


def _mark_place(element: HtmlElement, place: str) -> bool:
    """Puts a mark where an element begins: in its first cell or item, if text can only be there."""
    within = next(element.iter(*_HOLD_TEXT), None) if name_of(element) in _HOLD_NO_TEXT else element
    if within is None or any(name_of(each) in ("pre", *LEFT_OUT) for each in (within, *within.iterancestors())):
        return False
    mark = within.makeelement("a", {PLACE: place})
    if name_of(within) in ("a", "img", "br", "hr", "input"):
        within.addprevious(mark)  # lxml leaves the text behind an element where it is
    else:
        mark.tail, within.text = within.text, None
        within.insert(0, mark)
    return True


def fragment(link: HtmlElement) -> str:
    """The name of the place in a page to which a link leads; empty if it names none."""
    return unquote(link.get("href", "").strip().rpartition("#")[2])


def flat(element: HtmlElement) -> str:
    """The words of an element on one line."""
    return " ".join(str(element.text_content()).split())
