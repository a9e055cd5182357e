"""The address of a client behind proxies that the operator trusts, for the log alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

# RFC 7239 section 4: pairs of a name and a token or quoted string, with semicolons between them.
_PAIR = re.compile(r'\s*([!#$%&\'*+.^_`|~0-9A-Za-z-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s";,]*))\s*')
_PORT = re.compile(r"\[([^\[\]]*)\](?::[\w.-]*)?|([0-9.]*)(?::[\w.-]*)?|([0-9A-Fa-f:.]*)")
_MOST_HOPS = 32


def client_address(peer: str, x_forwarded_for: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The address of the client, if ``peer`` opened the connection and sent these two header fields.

    The fields are read from the right, and only as long as the one who wrote a part is trusted. A trusted proxy that
    names nobody counts as the client itself. If both fields are there and lead to different addresses, one of them was
    sent by the client, and neither is believed.

    >>> from ipaddress import ip_network
    >>> client_address("10.0.0.1", "192.0.2.7, 203.0.113.9, 10.0.0.2", "", [ip_network("10.0.0.0/8")])
    '203.0.113.9'
    """
    if not (x_forwarded_for or forwarded) or not is_trusted(peer, tuple(trusted)):
        return peer
    named = []
    if x_forwarded_for:
        named.append(_last_not_trusted(peer, _x_forwarded_for(x_forwarded_for), trusted))
    if forwarded:
        named.append(_last_not_trusted(peer, _forwarded(forwarded), trusted))
    return named[0] if named.count(named[0]) == len(named) else peer


@lru_cache(maxsize=256)
def is_trusted(text: str, trusted: tuple[Network, ...]) -> bool:
    """Whether an address belongs to a proxy that is trusted."""
    address = _address(text)
    return address is not None and any(address in network for network in trusted)


def _last_not_trusted(peer: str, hops: Iterator[str], trusted: Sequence[Network]) -> str:
    """The first address from the right that is no trusted proxy's. The search ends at what is no address."""
    found = peer
    for _, hop in zip(range(_MOST_HOPS), hops, strict=False):
        address = _address(hop)
        if address is None:
            break
        found = str(address)
        if not any(address in network for network in trusted):
            break
    return found


def _x_forwarded_for(field: str) -> Iterator[str]:
    return (_without_port(part.strip()) for part in reversed(field.split(",")))


def _forwarded(field: str) -> Iterator[str]:
    """The `for` of each element, from the right; an empty text where it has none, or is malformed."""
    elements = _elements(field)
    yield from reversed(elements if elements is not None else [""])


def _elements(field: str) -> list[str] | None:
    found, position, node = [], 0, ""
    while pair := _PAIR.match(field, position):
        if pair[1].lower() == "for":
            node = pair[3] if pair[2] is None else re.sub(r"\\(.)", r"\1", pair[2])
        position = pair.end()
        separator = field[position : position + 1]
        if separator != ";":
            found.append(_without_port(node))
            node = ""
        if separator not in (";", ","):
            break
        position += 1
    return found if position == len(field) else None


def _without_port(node: str) -> str:
    found = _PORT.fullmatch(node)
    return (found[1] or found[2] or found[3] or "") if found else ""


def _address(text: str) -> Address | None:
    """Parses an address, an IPv4-mapped one (RFC 4291) as IPv4; None if it is none."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
