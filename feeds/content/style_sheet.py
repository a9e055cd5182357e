"""Finds the files that a style sheet names, and puts addresses in place of their names. Nothing else knows tinycss2.

A style sheet is read as tokens (CSS Syntax Level 3): what the rules mean is for browsers to know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

import tinycss2
from tinycss2.ast import Node, StringToken, URLToken

from feeds.content.faults import Fault, quoted

_WITH_ADDRESSES = frozenset({"url", "src", "image-set", "-webkit-image-set"})
"""Functions in which a string is an address."""

_SAFE_IN_PLACES = "-._~!$&*+,;=:@/?%"
"""Characters that stay in a fragment (RFC 3986, section 3.5): none of them can end a string in CSS."""

_INTO_THE_THEME = "put the file into theme/, and write its name alone, as in url(font.woff2)"


@dataclass(frozen=True, slots=True)
class _Named:
    """An address in a style sheet, the tokens among which it stands, and its place among them."""

    token: Node
    siblings: list[Node]
    number: int

    @property
    def file(self) -> str:
        """The name of a file, decoded; empty for a place in the page itself, such as ``#shadow``."""
        return unquote(self.token.value.partition("#")[0].partition("?")[0])


def file_names(text: str) -> tuple[frozenset[str], tuple[Fault, ...]]:
    """The names of files that a style sheet needs, and what is wrong with it.

    >>> file_names("@font-face { src: url(Inter.woff2) }")
    (frozenset({'Inter.woff2'}), ())
    """
    tokens = _tokens(text)
    faults = [*_errors(tokens)]
    found = set()
    for each in _addresses(tokens):
        if wrong := _fault(each.token.value):
            faults.append(Fault(each.token.source_line, each.token.source_column, "", *wrong))
        elif each.file:
            found.add(each.file)
    return frozenset(found), tuple(faults)


def position_of(text: str, name: str) -> tuple[int, int]:
    """Line and column where a style sheet names a file; (0, 0) if it does not."""
    places = (each.token for each in _addresses(_tokens(text)) if each.file == name)
    return next(((token.source_line, token.source_column) for token in places), (0, 0))


def with_addresses(text: str, addresses: Mapping[str, str]) -> str:
    """The style sheet with an address in place of each name of a file.

    >>> with_addresses('a { b: url("x.svg#y") }', {"x.svg": "../media/0123/x.svg"})
    'a { b: url("../media/0123/x.svg#y") }'
    """
    tokens = _tokens(text)
    named = [each for each in _addresses(tokens) if each.file in addresses]
    if not named:
        return text
    for each in named:
        _, mark, place = each.token.value.partition("#")
        address = f"{addresses[each.file]}{mark}{quote(place, safe=_SAFE_IN_PLACES)}"
        kind, written = (URLToken, f'url("{address}")') if isinstance(each.token, URLToken) else (
            StringToken, f'"{address}"'
        )  # fmt: skip
        each.siblings[each.number] = kind(each.token.source_line, each.token.source_column, address, written)
    return str(tinycss2.serialize(tokens))


def _tokens(text: str) -> list[Node]:
    return list(tinycss2.parse_component_value_list(text))


def _inner(token: Node) -> list[Node]:
    """The tokens in a block or in the brackets of a function."""
    found: list[Node] = getattr(token, "arguments", None) or getattr(token, "content", None) or []
    return found


def _addresses(tokens: list[Node], function: str = "") -> Iterator[_Named]:
    names = False
    for number, token in enumerate(tokens):
        if token.type == "at-keyword" or (token.type == "literal" and token.value == ";"):
            names = token.type == "at-keyword" and token.lower_value == "namespace"
        if names:  # the address of a namespace is a name, and nothing is loaded from it
            continue
        if token.type == "url" or (token.type == "string" and function in _WITH_ADDRESSES):
            yield _Named(token, tokens, number)
        yield from _addresses(_inner(token), token.lower_name if token.type == "function" else "")


def _errors(tokens: Sequence[Node]) -> Iterator[Fault]:
    """What browsers would skip or never load."""
    for token in tokens:
        if token.type == "error":
            what = f"this cannot be read as CSS: {token.message.rstrip('.').lower()}"
            yield Fault(token.source_line, token.source_column, "", what, "close the quotes and brackets before it")
        elif token.type == "at-keyword" and token.lower_value == "import":
            advice = "write its rules into this file"
            yield Fault(token.source_line, token.source_column, "", "@import loads nothing here", advice)
        yield from _errors(_inner(token))


def _fault(address: str) -> tuple[str, str] | None:
    """Why nothing can be loaded from an address, and what to do; None for the name of a file."""
    if address.startswith("#"):
        return None
    if address[:5].lower() == "data:":
        return f"{quoted(address, 30)} is no file, and the content security policy forbids it", _INTO_THE_THEME
    if address.startswith("//") or ":" in address.partition("/")[0]:
        return f"{quoted(address)} is on another site, which would learn of every reader", _INTO_THE_THEME
    if "/" in address or not address:
        return f"{quoted(address)} is not the name of a file in theme/", _INTO_THE_THEME
    return None
