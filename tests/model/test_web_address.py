"""Web addresses are parsed once, strictly, and written in ASCII; what no browser could open is refused."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from ada_url import normalize_url
from hypothesis import given
from hypothesis import strategies as st

from feeds.model.web_address import resolved, web_address

ASCII = {
    "https://e.org": "https://e.org/",
    "HTTPS://E.ORG/A": "https://e.org/A",
    "https://e.org:443/x": "https://e.org/x",
    "https://e.org:8443/x": "https://e.org:8443/x",
    "https://m.example.org/Ярилцлага.mp3":
        "https://m.example.org/%D0%AF%D1%80%D0%B8%D0%BB%D1%86%D0%BB%D0%B0%D0%B3%D0%B0.mp3",
    "https://bücher.example/ä?q=ü#ñ": "https://xn--bcher-kva.example/%C3%A4?q=%C3%BC#%C3%B1",
    "https://例子.测试/新闻": "https://xn--fsqu00a.xn--0zwm56d/%E6%96%B0%E9%97%BB",
    "https://e.org/a b": "https://e.org/a%20b",
    "https://e.org/a|b[c]^d`e{f}": "https://e.org/a%7Cb%5Bc%5D%5Ed%60e%7Bf%7D",
    "https://e.org/100%": "https://e.org/100%25",
    "https://e.org/%zz": "https://e.org/%25zz",
    "https://e.org/a%20b?c=%C3%A4": "https://e.org/a%20b?c=%C3%A4",
    "https://e.org/x#a#b": "https://e.org/x#a%23b",
    "https://e.org/a/../b": "https://e.org/b",
    "http://127.0.0.1:8000/x": "http://127.0.0.1:8000/x",
    "http://[::1]:8000/x": "http://[::1]:8000/x",
    "http://localhost/x": "http://localhost/x",
    "https://a_b.example/": "https://a_b.example/",
}  # fmt: skip

REFUSED = (
    *("http://[::1", "http://]/", "https://[e.org]/", "https://e.org℀/x", "https://e.org:99999/", "https://e.org:0/"),
    *("https://e.org:x/", "https://user:pw@e.org/", "https://user@e.org/", "https://e..org/", "https://.e.org/"),
    *("https://-e.org/", "https://e-.org/", "https://xn--/", "https://1.2.3/", "https://0x7f.1/", "https://999.1.1.1/"),
    *("https://", "https:///e.org", "https:/e.org", "https:e.org", "//e.org/x", "/x", "e.org", "www.e.org/x", ""),
    *("ftp://e.org/", "javascript:alert(1)", "data:text/html,x", "mailto:a@e.org", "https:\\\\e.org\\x"),
    *("https://e.org/\u202e", "https://e.org/a\nb", "https://e.org/a\tb", "https://e .org/", "https://e%00.org/"),
    "https://" + "a" * 64 + ".org/",
)


@pytest.mark.parametrize(("written", "address"), ASCII.items())
def test_an_address_is_written_in_ascii(written: str, address: str) -> None:
    assert web_address(written) == address


@pytest.mark.parametrize("written", REFUSED)
def test_what_no_browser_could_open_or_names_a_password_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="address"):
        web_address(written)


HOSTS = st.sampled_from(("e.org", "bücher.example", "[::1]", "e.org:8443", "user@e.org", "e..org", "℀", "]"))
RESTS = st.text(max_size=20) | st.text("/?#%[]@:\\ |^{}`<>\"'ä新", max_size=20)


@given(st.builds("https://{}/{}".format, HOSTS, RESTS) | st.text(max_size=30))
def test_whatever_comes_through_is_one_address_to_every_parser(text: str) -> None:
    try:
        address = web_address(text)
    except ValueError:
        return
    assert address.isascii()
    assert not re.search(r"[\s<>\"{}|\\^`]", address)
    assert web_address(address) == address
    parts = urlsplit(address)
    assert parts.scheme in ("http", "https")
    assert parts.hostname
    assert parts.username is None
    assert parts.port is None or 0 < parts.port < 65_536


@given(st.builds("https://{}.{}".format, st.text("ab1-.", max_size=9), st.text("ab1-._~/", max_size=40)))
def test_an_address_of_plain_letters_is_what_the_parser_writes(text: str) -> None:
    try:
        address = web_address(text)
    except ValueError:
        return
    assert address == normalize_url(text)


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("/dam", "https://n.example/dam"),
        ("other", "https://n.example/releases/2021/other"),
        ("#annex", "https://n.example/releases/2021/a#annex"),
        ("?page=2", "https://n.example/releases/2021/a?page=2"),
        ("HTTPS://E.org/ä", "https://e.org/%C3%A4"),
        ("MAILTO:ö@e.org", "mailto:%C3%B6@e.org"),
        ("tel:+86 10 6532", "tel:+86%2010%206532"),
    ],
)
def test_a_reference_is_resolved_as_a_browser_does(reference: str, address: str) -> None:
    assert resolved(reference, "https://n.example/releases/2021/a") == address
