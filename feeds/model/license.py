"""The licence under which a release may be used: its address and its name."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from feeds.model.newsroom import Newsroom
from feeds.model.release import Release

UNSPECIFIED = "http://purl.org/atompub/license#unspecified"
"""Says that an entry has no licence, so that the licence of its feed does not hold for it (RFC 4946 section 2.1)."""

_CREATIVE_COMMONS = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?:licenses|publicdomain)/([a-z+-]+)/([0-9.]+)(?:/([a-z]{2,4}))?"
    r"(?:/(?:deed|legalcode)[a-z._-]*)?/?",
    re.IGNORECASE,
)
_PUBLIC_DOMAIN = {"zero": "CC0", "mark": "Public Domain Mark"}


def license_of(release: Release, newsroom: Newsroom) -> str | None:
    """The address of a release's licence; None if there is none.

    A release with rights of its own, such as a guest's text, does not get the newsroom's licence: the holder of the
    rights has granted nothing.
    """
    return release.license or (None if release.rights else newsroom.license)


def license_name(address: str) -> str:
    """The name of a licence: that of Creative Commons, else its address as people write it.

    >>> [license_name(f"https://{each}") for each in ("creativecommons.org/licenses/by-nc/4.0/", "e.org/terms/")]
    ['CC BY-NC 4.0', 'e.org/terms']
    >>> license_name("https://creativecommons.org/licenses/by/3.0/igo/deed.fr")
    'CC BY 3.0 IGO'
    """
    found = _CREATIVE_COMMONS.fullmatch(address)
    if found is None:
        parts = urlsplit(address)
        return f"{parts.netloc}{parts.path.rstrip('/')}"
    kind, version, place = found.groups()
    name = _PUBLIC_DOMAIN.get(kind.lower()) or f"CC {kind.upper()}"
    return " ".join(part for part in (name, version, (place or "").upper()) if part)
