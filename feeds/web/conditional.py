"""Preconditions of RFC 9110 section 13: whether the reader has the document already. Pure functions over header texts.

Werkzeug reads tags and dates. Here is only what it does not handle, such as what proxies append to tags.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

from werkzeug.datastructures import ETags
from werkzeug.http import parse_date, parse_etags

LONGEST = 8_192
"""Characters of a list of entity tags worth reading; a longer one names nothing of ours."""

_SUFFIX = re.compile(r'(?:--?|;)(?:gzip|br|zstd|deflate)("?)(?=[ \t]*(?:,|\Z))')


def entity_tags(header: str) -> ETags:
    """Reads a list of entity tags, without what proxies append to them.

    Apache's mod_deflate appends ``-gzip`` to the tags it passes on, Jetty ``--gzip``, others ``;gzip``; some append
    it after the closing quote.

    >>> sorted(entity_tags('W/"one", "two-gzip", three').as_set(include_weak=True))
    ['one', 'three', 'two']
    """
    if len(header) > LONGEST:
        return ETags()
    return parse_etags(_SUFFIX.sub(r"\1", header.strip()))


def matching_tag(header: str, known: Collection[str], default: str) -> str | None:
    """The tag that If-None-Match and ``known`` have in common, weakly compared (section 13.1.2), if there is one.

    ``default`` is the tag of what would be sent; it comes first where several match, also for ``*``.
    """
    asked = entity_tags(header)
    if asked.contains_weak(_opaque(default)):
        return default
    return min((tag for tag in known if asked.contains_weak(_opaque(tag))), default=None)


def unmodified_since(header: str, last_modified: datetime) -> bool | None:
    """Whether nothing changed after the date in ``header``, in whole seconds; None if it is no date."""
    date = read_date(header)
    return None if date is None else last_modified.replace(microsecond=0) <= date


def precondition_failed(
    if_match: str | None, if_unmodified: str | None, known: Collection[str], last_modified: datetime
) -> bool:
    """Whether If-Match, or else If-Unmodified-Since, asks for a 412 (sections 13.1.1, 13.1.4 and 13.2.2)."""
    if if_match is not None:
        # Strong comparison: what a proxy made weak is no longer the same bytes.
        asked = entity_tags(if_match)
        return not any(asked.contains(_opaque(tag)) for tag in known)
    return if_unmodified is not None and unmodified_since(if_unmodified, last_modified) is False


def read_date(header: str) -> datetime | None:
    """Reads an HTTP-date in any of its three forms (section 5.6.7); None for everything that is no date.

    >>> read_date("Sunday, 06-Nov-94 08:49:37 GMT") == read_date("Sun Nov  6 08:49:37 1994")
    True
    """
    try:
        return parse_date(header)
    except OverflowError:  # a year of many digits, which Werkzeug does not expect
        return None


def _opaque(tag: str) -> str:
    """A tag of ours without its quotes."""
    return tag[1:-1]
