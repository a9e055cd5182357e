"""The tag `shared` of templates: a part that is the same on many pages, rendered once by whoever makes many of them.

``{% shared "footer", language %}…{% endshared %}``: the values behind the tag are all that the part depends on, besides
what all pages of one state of the newsroom have in common. They must be hashable.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

Once: TypeAlias = Callable[[Hashable, Callable[[], str]], str]
"""Gives the part that is kept for a key, else makes it."""

_once: ContextVar[Once | None] = ContextVar("once", default=None)


@contextmanager
def sharing(once: Once | None) -> Iterator[None]:
    """Parts that are rendered within the block are kept; with None each is rendered where it stands."""
    token = _once.set(once)
    try:
        yield
    finally:
        _once.reset(token)


class SharedParts(Extension):
    """The tag for the product's own templates."""

    tags = {"shared"}  # noqa: RUF012 - as Jinja has it

    def parse(self, parser: Parser) -> nodes.Node | list[nodes.Node]:
        """The tag as a call with the part for its caller."""
        line = next(parser.stream).lineno
        key = parser.parse_tuple(explicit_parentheses=True)
        body = parser.parse_statements(("name:endshared",), drop_needle=True)
        return nodes.CallBlock(self.call_method("part", [key]), [], [], body).set_lineno(line)

    def part(self, key: Hashable, caller: Callable[[], str]) -> str:
        """The part, as the page shows it."""
        once = _once.get()
        return once(("part", key), caller) if once else caller()


class OpenParts(SharedParts):
    """The same tag beside templates of a theme, which may change whatever the part depends on: nothing is kept."""

    def parse(self, parser: Parser) -> nodes.Node | list[nodes.Node]:
        """Only what stands within the tag."""
        next(parser.stream)
        parser.parse_tuple(explicit_parentheses=True)
        return parser.parse_statements(("name:endshared",), drop_needle=True)
