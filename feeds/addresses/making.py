"""Every public address, both ways. Nothing else puts a path together."""

from __future__ import annotations

from urllib.parse import urlsplit

from feeds.addresses.kinds import (
    Address,
    Directory,
    Embedding,
    FeedAddress,
    Front,
    Headlines,
    OEmbed,
    Outline,
    Plain,
    ReleasePage,
    Robots,
    Sitemap,
)
from feeds.addresses.parsing import for_crawlers, parse, seeking
from feeds.errors import FeedsError
from feeds.model import search_words
from feeds.model.selection import Selection

LONGEST_PATH = 2_000


class Addresses:
    """Makes and parses the addresses of one newsroom: ``parse(make(x)) == x``, taken apart at the question mark.

    ``base_url`` is where the newsroom is mounted (configured, never taken from a request); the first of
    ``languages`` is the newsroom's own and has no prefix; ``facets`` are the names of its facets in their order.
    Raises FeedsError for a base that is no web address.
    """

    def __init__(self, base_url: str, languages: tuple[str, ...], facets: tuple[str, ...]) -> None:
        base = base_url.rstrip("/")
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
            raise FeedsError(f"FEEDS_BASE_URL: “{base_url}” is no web address (write it like https://news.example.org)")
        self.base = base
        self.prefix = parts.path
        self.languages = languages
        self.facets = facets
        self._tags = {language.lower(): language for language in languages}

    def make(self, address: Address) -> str:
        """The canonical path, beginning with a slash, without the base's own path; for words sought, with a query."""
        lead = "" if address.language == self.languages[0] else f"/{address.language}"
        match address:
            case Front():
                return f"{lead}/"
            case Directory():
                return f"{lead}/feeds/"
            case Plain():
                return f"{lead}/{address.name}"
            case Outline():
                return f"{lead}/feeds{self._spell_outline(address)}"
            case ReleasePage():
                return f"{lead}/releases/{address.path}"
            case FeedAddress():
                archive = f"/archive/{address.archive}" if address.archive else ""
                sought = search_words.query(address.selection.words)
                return f"{lead}/feeds/{self._spell(address.selection)}{archive}.{address.format.suffix}{sought}"
            case Headlines() | Embedding() | OEmbed():
                return f"{lead}{self._spell_embedded(address)}"
            case Sitemap():
                return f"/sitemap{'-news' if address.news else f'-{address.part}' if address.part else ''}.xml"
            case Robots():
                return "/robots.txt"

    def absolute(self, address: Address) -> str:
        """The whole address, scheme and host included."""
        return self.base + self.make(address)

    def parse(self, path: str, query: str = "") -> Address | None:
        """What a path asks for in any spelling (case, order, repetition), or None where there can be nothing.

        Terms are not looked up here. Of a query only the words count, and only for a live feed.
        """
        if len(path) > LONGEST_PATH or not path.startswith("/"):
            return None
        segments = path.lower()[1:].split("/")
        if segments[0] in self._tags:
            del segments[0]
        elif len(segments) == 1 and (found := for_crawlers(segments[0], self.languages[0])):
            return found
        return seeking(
            parse(segments, self.language_of(path), self.facets), search_words.words(search_words.asked(query))
        )

    def is_canonical(self, address: Address, path: str, query: str) -> bool:
        """Whether the address is spelled here as `make` spells it.

        Percent signs are left out of it, and so are other parameters: programs on the way write them as they like,
        and one that undoes a redirect would be sent round for ever.
        """
        own, _, words = self.make(address).partition("?")
        return own == path and (not words or search_words.asked(words) == search_words.asked(query))

    def language_of(self, path: str) -> str:
        """The language of whatever stands, or might stand, at a path."""
        return self._tags.get(path[1:].partition("/")[0].lower(), self.languages[0])

    def _spell_embedded(self, address: Headlines | Embedding | OEmbed) -> str:
        match address:
            case Headlines():
                return f"/embed/{address.shape}/{address.count}/{self._spell(address.selection)}.html"
            case Embedding():
                return "/embed/"
            case OEmbed():
                return "/oembed"

    def _spell_outline(self, address: Outline) -> str:
        if address.selection is not None:
            return f"/{self._spell(address.selection)}.opml{search_words.query(address.selection.words)}"
        return f"/{address.facet}.opml" if address.facet else ".opml"

    def _spell(self, selection: Selection) -> str:
        parts = [f"{facet}/{'+'.join(slugs)}" for facet, slugs in selection.in_order(self.facets)]
        if selection.corrections:
            parts.append("corrections")
        return "/".join(parts) or "all"
