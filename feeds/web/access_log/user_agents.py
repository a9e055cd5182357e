"""Reads the name of the program from a user agent, and how many subscribers it states."""

from __future__ import annotations

import re
from functools import lru_cache

UNNAMED = "(no user agent)"
LONGEST_NAME = 40
LONGEST = 400
"""Characters of a user agent that are looked at."""

_BROWSER_TOKENS = {
    "applewebkit", "build", "chrome", "chromium", "crios", "edg", "edga", "edge", "edgios", "firefox", "fxios", "gecko",
    "headlesschrome", "khtml", "like", "mobile", "mozilla", "opera", "opr", "presto", "safari", "samsungbrowser",
    "trident", "ubuntu", "ucbrowser", "version", "vivaldi", "webkit", "yabrowser", "fedora", "raspbian", "debian",
}  # fmt: skip
"""The names of browsers and their parts, which other programs repeat to be treated like a browser."""

_BROWSERS = (("edg", "Edge"), ("opr", "Opera"), ("firefox", "Firefox"), ("fxios", "Firefox"), ("crios", "Chrome"),
             ("headlesschrome", "Chrome"), ("chrome", "Chrome"), ("safari", "Safari"), ("opera", "Opera"))  # fmt: skip
"""Browsers by their token. The order matters: Edge, for example, has the tokens of Chrome and Safari too."""

_RUNTIMES = {"python", "java", "ruby", "php", "perl", "node", "node.js", "go", "dalvik"}
"""Languages and runtimes that stand before the name of the program: `Python/3.11 aiohttp/3.9`."""

_NAMES = {
    "theoldreader.com": "The Old Reader",
    "inoreader.com": "Inoreader",
    "inoreader.com-like feedfetcher-google": "Inoreader",
    "feedfetcher-google": "Google Feedfetcher",
    "feedlybot": "Feedly",
    "slackbot-linkexpanding": "Slackbot",
    "slack-imgproxy": "Slackbot",
    "universalfeedparser": "feedparser",
    "netvibes.com": "Netvibes",
    "bazqux.com": "BazQux",
}
"""Names for programs that give only their site, or have several names."""

_NOISE = {"bot", "spider", "crawler", "rss reader", "feed reader", "rss", "u", "x11", "msie", "windows", "intel",
          "macintosh", "linux", "iphone", "ipad", "android", "wow64", "cros", *_BROWSER_TOKENS}  # fmt: skip
"""Words that are not the name of a program, though they stand where it could."""
_PURPOSE = re.compile(r"(?i)\s+(?:rss|feed|page|favicon)\s+(?:fetcher|parser|finder)$")
"""What a program adds to its name to say what it asks for just now."""
_TOKEN = re.compile(r"([^\s/();,]+)(?:/([^\s();,]*))?")
_VERSION = re.compile(r"(?i)v?\d[\w.+-]*")
_END = re.compile(r"[/(;,]| - |\s\+?https?:|\s\S+:\S|\s\+")
_SITE = re.compile(r"(?i)\+?(?:https?://|www\.)\S*|\S+@\S+")
_AGENT_IN_COMMENT = re.compile(r"(?i)^(?:.*\s)?([\w.+-]*(?:bot|crawler|spider|fetch|feed|reader|rss)[\w.+-]*)/[\d.]+")

_NUMBER = r"(\d{1,3}(?:[,.'\s]\d{3})+|\d+)"
_PEOPLE = r"(?:subscriber|reader|follower|user)s?(?:\(s\))?"
_SUBSCRIBERS = (
    re.compile(rf"(?i)(?<![\w.]){_NUMBER}\s*(?:feed\s+)?{_PEOPLE}\b"),
    re.compile(rf"(?i)\b{_PEOPLE}(?:[-_\s]*count)?\s*[:=]\s*{_NUMBER}\b"),
)


@lru_cache(maxsize=4_096)
def program(user_agent: str) -> str:
    """The name of the program without its version: what it is, not what it pretends to be.

    >>> program("Mozilla/5.0 (compatible; Miniflux/2.0.50; +https://miniflux.app)")
    'Miniflux'
    >>> program("NewsBlur Feed Fetcher - 12 subscribers - http://www.newsblur.com/site/1/x")
    'NewsBlur'
    """
    text = "".join(each if each.isprintable() else " " for each in user_agent[:LONGEST]).strip()
    if not text or text == "-":
        return UNNAMED
    name = _behind_mozilla(text) if text.lower().startswith(("mozilla/", "opera/")) else _first(text)
    name = " ".join(name.split()) or text
    name = _NAMES.get(name.lower(), name)
    name = _PURPOSE.sub("", name)
    return name[:LONGEST_NAME].strip() or UNNAMED


@lru_cache(maxsize=4_096)
def subscribers(user_agent: str) -> int | None:
    """How many subscribers a user agent states; None if it states none.

    >>> [subscribers(text) for text in ("Feedly/1.0 (x; 1,234 subscribers; y)", "x (subscribers=7)", "curl/8.5.0")]
    [1234, 7, None]
    """
    for pattern in _SUBSCRIBERS:
        if found := pattern.search(user_agent[:LONGEST]):
            digits = re.sub(r"\D", "", found[1])
            return int(digits[:9])
    return None


def _first(text: str) -> str:
    """The name at the beginning, which may have several words: `Tiny Tiny RSS/23.03`."""
    tokens = _TOKEN.findall(text)
    if len(tokens) > 1 and tokens[0][0].lower() in _RUNTIMES and tokens[0][1] and tokens[1][1]:
        return str(tokens[1][0])
    if _SITE.match(text):
        return _site_name(text)
    words = text[: end.start()] if (end := _END.search(text)) else text
    return _without_version(words)


def _behind_mozilla(text: str) -> str:
    """The name in a text that looks like a browser's: in a comment, behind it, or that of the browser."""
    comments = re.findall(r"\(([^()]*)\)?", text)
    for comment in comments:
        if name := _in_comment(comment):
            return name
    tokens = [(name, version) for name, version in _TOKEN.findall(re.sub(r"\([^()]*\)?", " ", text)) if version]
    for name, _ in tokens:
        if name.lower() not in _BROWSER_TOKENS and not _SITE.match(name):
            return str(name)
    named = {name.lower() for name, _ in tokens}
    return next((browser for token, browser in _BROWSERS if token in named), "Mozilla")


def _in_comment(comment: str) -> str:
    """The program that a comment names: behind “compatible”, or one whose address stands beside it."""
    parts = [part.strip() for part in comment.split(";")]
    if parts[0].lower() == "compatible":
        candidates = parts[1:]
    elif any(_SITE.match(part) for part in parts) or any(_AGENT_IN_COMMENT.match(part) for part in parts):
        candidates = [part for part in parts if _AGENT_IN_COMMENT.match(part) or "/" in part]
    else:
        return ""
    for part in candidates:
        words = part[: end.start()] if (end := _END.search(part)) else part
        name = _without_version(words)
        if not name or not {name.lower(), name.split()[0].lower()}.isdisjoint(_NOISE):
            continue
        if not _SITE.match(part) and subscribers(part) is None:
            return name
    site = next((part for part in candidates if _SITE.match(part)), "")
    return _site_name(site) if site else ""


def _without_version(words: str) -> str:
    kept = words.split()
    while len(kept) > 1 and _VERSION.fullmatch(kept[-1]):
        kept.pop()
    return " ".join(kept)


def _site_name(text: str) -> str:
    host = re.sub(r"(?i)^\+?(?:https?://)?(?:www\.)?", "", text)
    return re.split(r"[/\s;,)]", host)[0]
