"""Tells search engines of pages over HTTP, as IndexNow asks (indexnow.org, "Documentation")."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit
from urllib.request import Request

from feeds.delivery.http_client import LONGEST, Reply, send

MOST = 1_000
"""Pages in one request; the protocol allows ten times as many."""

Submit = Callable[[str, str, str, Sequence[str]], Reply]
"""Tells the endpoint at an address of pages: their base address, the key, and their paths below the base."""


def submit(endpoint: str, base: str, key: str, paths: Sequence[str], *, seconds: float = LONGEST) -> Reply:
    """Tells an endpoint that pages are new, have changed or are gone; it shares that with other search engines.

    Returns after ``seconds`` at the latest, whatever the endpoint does. Only the head of its reply is read.
    """
    told = {
        "host": urlsplit(base).netloc,
        "key": key,
        "keyLocation": f"{base}/{key}.txt",
        "urlList": [base + path for path in paths],
    }
    body = json.dumps(told, separators=(",", ":")).encode()
    try:
        # The operator's own setting names the endpoint: a web address.
        request = Request(endpoint, body, {"Content-Type": "application/json; charset=utf-8"})  # noqa: S310
    except ValueError as error:
        return Reply(0, str(error))
    return send(request, seconds=seconds)
