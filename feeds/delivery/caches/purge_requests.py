"""The requests that caches take to purge keys: one function for each kind of cache."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.request import Request

from feeds.delivery.http_client import Outcome, Reply, send
from feeds.settings import Settings

LONGEST = 5.0
"""Seconds that a request may take: the other caches wait meanwhile."""

_ANSWER = 10_000
"""Bytes of a reply that are read: Cloudflare says in the body whether it has purged."""


@dataclass(frozen=True, slots=True)
class Preset:
    """How a kind of cache takes the keys to purge."""

    request: Callable[[str, str, str, Sequence[str]], Request]
    """Makes the request from the address, the token, the field with the keys of answers, and the keys to purge."""
    most_keys: int
    """Keys in one request."""
    most_bytes: int = 4_000
    """Bytes of keys in one request. Varnish takes a header field of 8 kB by default."""


def purge(settings: Settings, url: str, keys: Sequence[str]) -> Reply:
    """Tells the cache at an address to drop all answers with one of these keys: one batch of `batches`."""
    preset = PRESETS[settings.cache_kind]
    reply = send(preset.request(url, settings.purge_token, settings.cache_keys, keys), seconds=LONGEST, most=_ANSWER)
    if reply.outcome is Outcome.ACCEPTED and settings.cache_kind == "cloudflare" and not _succeeded(reply.body):
        return Reply(0, "the reply does not say that it has succeeded")
    return reply


def batches(settings: Settings, keys: Sequence[str]) -> Iterator[Sequence[str]]:
    """The keys in as few requests as the kind of cache takes."""
    preset = PRESETS[settings.cache_kind]
    batch: list[str] = []
    size = 0
    for key in keys:
        if batch and (len(batch) == preset.most_keys or size + len(key) + 1 > preset.most_bytes):
            yield batch
            batch, size = [], 0
        batch.append(key)
        size += len(key) + 1
    if batch:
        yield batch


def _varnish(url: str, token: str, _: str, keys: Sequence[str]) -> Request:
    """The request of docs/varnish.vcl, which calls ``xkey.purge`` (varnish-modules)."""
    return _request("PURGE", url, {"xkey-purge": " ".join(keys), **_bearer(token)})


def _fastly(url: str, token: str, _: str, keys: Sequence[str]) -> Request:
    """Fastly API, "Purge multiple surrogate key tags": the address is …/service/{id}/purge."""
    fields = {"Surrogate-Key": " ".join(keys), "Fastly-Key": token, "Accept": "application/json"}
    return _request("POST", url, fields)


def _cloudflare(url: str, token: str, _: str, keys: Sequence[str]) -> Request:
    """Cloudflare API, "Purge cached content by tag": the address is …/zones/{id}/purge_cache."""
    return _request("POST", url, _bearer(token), {"tags": list(keys)})


def _generic(url: str, token: str, field: str, keys: Sequence[str]) -> Request:
    """The keys in the header field in which answers have them, and as JSON in the body."""
    between = "," if field == "Cache-Tag" else " "
    return _request("POST", url, {field: between.join(keys), **_bearer(token)}, {"keys": list(keys)})


PRESETS = {
    "varnish": Preset(_varnish, 256),
    "fastly": Preset(_fastly, 256),
    "cloudflare": Preset(_cloudflare, 100),
    "http": Preset(_generic, 100),
}


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _request(method: str, url: str, fields: Mapping[str, str], content: object = None) -> Request:
    body = b"" if content is None else json.dumps(content).encode()
    kind = {} if content is None else {"Content-Type": "application/json"}
    data = body if method == "POST" else None
    return Request(url, data, {**kind, **fields}, method=method)  # noqa: S310  # the operator has named the address


def _succeeded(body: bytes) -> bool:
    try:
        found = json.loads(body)
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("success") is True
