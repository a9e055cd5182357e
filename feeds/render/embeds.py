"""Names the page that an embedded player shows, since feeds cannot carry players."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit


class _Provider(NamedTuple):
    name: str
    hosts: tuple[str, ...]
    pages: tuple[tuple[str, str], ...] = ()
    """A pattern for path and query of a player's address, and the page with the same content; groups are put in."""


_PROVIDERS = (
    _Provider(
        "YouTube",
        ("youtube.com", "youtube-nocookie.com"),
        (
            (r"/embed/videoseries\?.*\blist=([\w-]+)", "https://www.youtube.com/playlist?list={0}"),
            (r"/embed/([\w-]+)", "https://www.youtube.com/watch?v={0}"),
        ),
    ),
    _Provider(
        "Vimeo",
        ("vimeo.com",),
        (
            (r"/video/([0-9]+)\?.*\bh=(\w+)", "https://vimeo.com/{0}/{1}"),
            (r"/video/([0-9]+)", "https://vimeo.com/{0}"),
        ),
    ),
    _Provider("Dailymotion", ("dailymotion.com",), ((r"/embed/(video/\w+)", "https://www.dailymotion.com/{0}"),)),
    _Provider(
        "Bilibili", ("bilibili.com",), ((r"/player\.html\?.*\bbvid=(\w+)", "https://www.bilibili.com/video/{0}"),)
    ),
    _Provider("Youku", ("youku.com",), ((r"/embed/([\w=]+)", "https://v.youku.com/v_show/id_{0}.html"),)),
    _Provider("Tencent Video", ("v.qq.com",), ((r"/.*\bvid=(\w+)", "https://v.qq.com/x/page/{0}.html"),)),
    _Provider("Spotify", ("spotify.com",), ((r"/embed/(\w+/\w+)", "https://open.spotify.com/{0}"),)),
    _Provider("TED", ("ted.com",), ((r"/(talks/[\w-]+)", "https://www.ted.com/{0}"),)),
    _Provider("Instagram", ("instagram.com",), ((r"/((?:p|reel|tv)/[\w-]+)/embed", "https://www.instagram.com/{0}/"),)),
    _Provider("Facebook", ("facebook.com",)),
    _Provider("TikTok", ("tiktok.com",)),
    _Provider("X", ("twitter.com", "x.com")),
    _Provider("SoundCloud", ("soundcloud.com",)),
    _Provider("Flickr", ("flickr.com",)),
    _Provider("Google Maps", ("maps.google.com", "google.com/maps")),
    _Provider("OpenStreetMap", ("openstreetmap.org",)),
    _Provider("SlideShare", ("slideshare.net",)),
)
_NAMED_IN_QUERY = ("href", "url")
"""Where players of Facebook and SoundCloud name the page that they show."""


def page_and_name(player: str) -> tuple[str, str]:
    """The address of the page that a player shows, and the name of its provider, else its host.

    ``player`` is an absolute web address. Where the page is not known, it is the player's own address.

    >>> page_and_name("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0")
    ('https://www.youtube.com/watch?v=dQw4w9WgXcQ', 'YouTube')
    >>> page_and_name("https://media.example.org/dam.mp4")
    ('https://media.example.org/dam.mp4', 'media.example.org')
    """
    parts = urlsplit(player)
    host = (parts.hostname or "").removeprefix("www.")
    for provider in _PROVIDERS:
        if any(_is_at(host, parts.path, place) for place in provider.hosts):
            for pattern, page in provider.pages:
                if found := re.match(pattern, f"{parts.path}?{parts.query}"):
                    return page.format(*found.groups()), provider.name
            return _named_page(parts.query, provider) or player, provider.name
    return player, host


def _is_at(host: str, path: str, place: str) -> bool:
    """Whether an address is at a place: a host with all below it, or a folder of it."""
    name, slash, folder = place.partition("/")
    return (host == name or host.endswith(f".{name}")) and path.startswith(slash + folder)


def _named_page(query: str, provider: _Provider) -> str | None:
    """The provider's own page that a player's query names, if it names one."""
    values = parse_qs(query)
    for name in _NAMED_IN_QUERY:
        for address in values.get(name, ()):
            if any(address.startswith((f"https://{host}/", f"https://www.{host}/")) for host in provider.hosts):
                return address
    return None
