"""Refuses malformed requests (RFC 9112 section 3).

No answer depends on the host that a request names. But a cache in front may read an ambiguous request in another way
than this server does, so nobody gets an answer to one. The hot path, which comes first, answers only requests with one
valid host.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv6Address
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from feeds.web import responses
from feeds.web.responses import HttpResponse

_WITHOUT_HOST = ("HTTP/1.0", "HTTP/1", "HTTP/0.9")
"""The versions in which a request need not name its host, as servers write them."""

# RFC 3986 section 3.2.2: a literal IPv6 address in brackets, or a name. A name could have commas, but servers write
# one between the values of two Host fields, and no host has any.
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|(?:[A-Za-z0-9._~!$&'()*+;=-]|%[0-9A-Fa-f]{2})+)(?::([0-9]{0,5}))?")


def in_front_of(app: WSGIApplication) -> WSGIApplication:
    """A WSGI application that answers malformed requests with 400, and leaves the rest to ``app``."""

    def checked(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        host, path = environ.get("HTTP_HOST", ""), environ.get("PATH_INFO") or "/"
        is_named = is_host(host) or (not host and environ.get("SERVER_PROTOCOL") in _WITHOUT_HOST)
        if is_named and path.startswith("/"):
            environ["PATH_INFO"] = path
            # Nothing here is upgraded (RFC 9110 section 7.8), and Werkzeug has no endpoint for whoever asks for it.
            environ.pop("HTTP_UPGRADE", None)
            return app(environ, start_response)
        refused = _no_path(environ) if is_named else responses.bad_request("Name one host: the field Host.", environ)
        start_response(refused.status, refused.headers)
        return [refused.body]

    return checked


@lru_cache(maxsize=64)  # readers use the few names of one server
def is_host(value: str) -> bool:
    """Whether a Host field has one host, and a port if any (RFC 9110 section 7.2).

    >>> [is_host(value) for value in ("news.example.org", "[::1]:8000", "one.example,two.example", "example.org:99999")]
    [True, True, False, False]
    """
    found = _HOST.fullmatch(value)
    return found is not None and (found[1] is None or _is_ipv6(found[1])) and int(found[2] or 0) < 2**16


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True


def _no_path(environ: WSGIEnvironment) -> HttpResponse:
    """The response where the target is no path: an asterisk, a host (RFC 9112 section 3.2), or anything."""
    method = environ["REQUEST_METHOD"]
    if method == "OPTIONS" and environ["PATH_INFO"] == "*":
        return responses.options(shared=False)
    return responses.not_allowed() if method == "CONNECT" else responses.bad_request("Name a path: /feeds/.", environ)
