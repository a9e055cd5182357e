"""Defines a link from one resource to another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A link as in RFC 8288: ``href`` is absolute, ``rel`` a registered relation type."""

    href: str
    rel: str
    type: str | None = None
    hreflang: str | None = None
    title: str | None = None
