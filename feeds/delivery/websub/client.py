"""Notifies a WebSub hub over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode
from urllib.request import Request

from feeds.delivery.http_client import LONGEST, Reply, send

Notify = Callable[[str, str], Reply]
"""A function like `notify`: it takes the addresses of hub and feed, and returns the hub's reply."""


def notify(hub: str, feed: str, *, seconds: float = LONGEST) -> Reply:
    """Tells the hub that a feed has changed. Both are absolute addresses; the hub then fetches the feed.

    Returns after ``seconds`` at the latest, whatever the hub does. Only the head of its reply is read.

    W3C WebSub (section 6) leaves the form of the request open. Hubs have accepted ``hub.url`` since PubSubHubbub;
    some newer ones ask for ``hub.topic``.
    """
    form = urlencode({"hub.mode": "publish", "hub.url": feed, "hub.topic": feed}).encode("ascii")
    try:
        request = Request(hub, form)  # noqa: S310  # the newsroom's own file names the hub: a web address
    except ValueError as error:
        return Reply(0, str(error))
    return send(request, seconds=seconds)
