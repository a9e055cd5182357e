"""The feed validator's rules, offline: everything a document could be reproached with, under the validator's names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from . import (
    rules_atom,
    rules_dates,
    rules_html,
    rules_http,
    rules_json,
    rules_links,
    rules_opml,
    rules_rss,
    rules_rss_words,
    rules_text,
)
from .documents import Finding, Kind, Parts, Wire

Rule = Callable[[Wire], Iterable[Finding]]
COMMON = (rules_html.contents, *rules_text.RULES, *rules_dates.RULES)
OWN: Mapping[Kind, tuple[Callable[[Wire], Parts], tuple[Rule, ...]]] = {
    Kind.ATOM: (rules_atom.parts, (*rules_links.RULES, *rules_atom.RULES)),
    Kind.RSS: (rules_rss.parts, (*rules_links.RULES, *rules_rss.RULES, *rules_rss_words.RULES)),
    Kind.JSON: (rules_json.parts, (rules_links.header_links, *rules_json.RULES)),
    Kind.OPML: (rules_opml.parts, rules_opml.RULES),
}


def findings(
    body: bytes, content_type: str, url: str, now: datetime, headers: Mapping[str, str] | None = None
) -> list[Finding]:
    """Everything wrong with a document that was fetched from ``url`` at ``now``; empty for a clean one."""
    wire = Wire(body, content_type, url, now, headers or {})
    return sorted(set(_all(wire)))


def _all(wire: Wire) -> Iterator[Finding]:
    for rule in rules_http.RULES:
        yield from rule(wire)
    if wire.kind not in OWN:
        return
    take_apart, rules = OWN[wire.kind]
    parts = take_apart(wire)
    for common in COMMON:
        yield from common(wire, parts)
    for own in rules:
        yield from own(wire)
