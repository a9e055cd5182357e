"""Makes the digest of a release's text, which depends on its words and signs, and not on their layout.

docs/verify.md says how to make it from a feed.
"""

from __future__ import annotations

import html
import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from unicodedata import normalize

from feeds.model.invisible_characters import without_invisible

_TAG = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")


def canonical_text(text: str) -> str:
    """A text without what changes from one program to the next: white space, invisible characters, composed letters.

    >>> canonical_text("The dam\\n is\\u00a0open.\\u2060")
    'Thedamisopen.'
    """
    if not text.isascii():
        text = without_invisible(normalize("NFC", text))
    return "".join(text.split())


def text_content(markup: str) -> str:
    """The text of an HTML fragment as a browser's ``textContent`` has it: without tags, and nothing in their place.

    >>> text_content('<p>R&amp;D <b title="a > b">now</b></p><p>x</p>')
    'R&D nowx'
    """
    return html.unescape(_TAG.sub("", markup))


def text_digest(title: str, summary: str, content: str) -> str:
    """The SHA-256 (FIPS 180-4) of title, summary and content in their canonical form, in hexadecimal digits.

    ``content`` is HTML, the others are plain text.
    """
    return sha256(canonical_text(f"{title}{summary}{text_content(content)}").encode()).hexdigest()


def digest_uri(digest: str) -> str:
    """A digest as a URI (RFC 6920, section 3).

    >>> digest_uri("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
    'ni:///sha-256;n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg'
    """
    return f"ni:///sha-256;{urlsafe_b64encode(bytes.fromhex(digest)).decode().rstrip('=')}"
