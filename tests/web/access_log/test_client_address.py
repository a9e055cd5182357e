"""Whose address the access log shows behind proxies: nobody can put another's there."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.web.access_log.client_address import client_address
from tests.tools import examples

TRUSTED = (ip_network("10.0.0.0/8"), ip_network("::1/128"), ip_network("2001:db8:1::/48"))
PROXY, CLIENT = "10.0.0.1", "203.0.113.9"


@pytest.mark.parametrize(
    ("x_forwarded_for", "forwarded", "expected"),
    [
        ("", "", PROXY),
        (CLIENT, "", CLIENT),
        (f"192.0.2.1, {CLIENT}", "", CLIENT),
        (f"192.0.2.1,{CLIENT} , 10.9.9.9", "", CLIENT),
        (f"{CLIENT}:4711", "", CLIENT),
        ("[2001:db8::7]:4711, 10.0.0.2", "", "2001:db8::7"),
        ("2001:db8::7", "", "2001:db8::7"),
        (f"::ffff:{CLIENT}", "", CLIENT),
        ("10.0.0.3, 10.0.0.2", "", "10.0.0.3"),
        (f"{CLIENT}, nonsense", "", PROXY),
        (f"{CLIENT}, , 10.0.0.2", "", "10.0.0.2"),
        ("", f"for={CLIENT}", CLIENT),
        ("", f"for=192.0.2.1, For={CLIENT};proto=https;by=10.0.0.1", CLIENT),
        ("", f'proto=https;for="{CLIENT}:80" , for="[2001:db8:1::1]:443"', CLIENT),
        ("", 'for="[2001:db8::7]:4711"', "2001:db8::7"),
        ("", f"for={CLIENT}, for=unknown", PROXY),
        ("", f"for={CLIENT}, for=_hidden", PROXY),
        ("", f"for={CLIENT}, proto=https", PROXY),
        ("", f'for={CLIENT}, for="', PROXY),
        (CLIENT, f"for={CLIENT}", CLIENT),
        ("192.0.2.1", f"for={CLIENT}", PROXY),
    ],
)
def test_it_is_read_from_the_right_as_far_as_proxies_are_trusted(
    x_forwarded_for: str, forwarded: str, expected: str
) -> None:
    assert client_address(PROXY, x_forwarded_for, forwarded, TRUSTED) == expected


def test_who_is_no_trusted_proxy_is_the_client_whatever_it_says() -> None:
    assert client_address(CLIENT, "192.0.2.1", "for=192.0.2.1", TRUSTED) == CLIENT
    assert client_address("unix:", "192.0.2.1", "", TRUSTED) == "unix:"


@examples(200)
@given(
    sent=st.text(st.characters(max_codepoint=255), max_size=80) | st.lists(st.ip_addresses()).map(str),
    forwarded=st.booleans(),
)
def test_what_a_client_sends_before_its_proxy_writes_changes_nothing(sent: str, forwarded: bool) -> None:
    # Proxies add to what is there; a quoted string that a client leaves open is the one thing that hides what follows.
    if forwarded:
        assert client_address(PROXY, "", f"{sent}, for={CLIENT}", TRUSTED) in (CLIENT, PROXY)
    else:
        assert client_address(PROXY, f"{sent}, {CLIENT}", "", TRUSTED) == CLIENT
