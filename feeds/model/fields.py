"""The types of single values: a line, a date, a web address. Each is checked and brought into one canonical form.

All values arrive as text, since the YAML reader guesses no types. This module alone decides what is a date, a number or
a language tag.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Annotated, Any
from unicodedata import normalize
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    StringConstraints,
    Tag,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError, core_schema

from feeds.model.colour import parse_colour
from feeds.model.invisible_characters import BLANKS, is_seen
from feeds.model.line_breaks import one_line, paragraphs
from feeds.model.moments import PATTERN, MomentError, parse_moment
from feeds.model.web_address import web_address


class Value(BaseModel):
    """The base of all models: frozen, with no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _stripped(text: str) -> str:
    return text.strip(" \t\r\n")


class Prose:
    """Marks free text, for `Annotated`: in Unicode NFC, with at least one character that readers can see.

    ``fold`` brings its line breaks into shape; ``most`` is the number of characters that it may have. In Markdown
    (``is_markdown``) every line break counts.
    """

    def __init__(self, fold: Callable[[str], str], most: int, *, is_markdown: bool = False) -> None:
        self.fold = fold
        self.most = most
        self.is_markdown = is_markdown

    def checked(self, text: str) -> str:
        """The text in its canonical form. Raises PydanticCustomError or PydanticKnownError."""
        if text.isascii():
            text = self.fold(text)
        else:
            text = normalize("NFC", text)
            text = self.fold(text.strip(BLANKS) if "\ufeff" in text else text)
            if text and not is_seen(text):
                advice = "write something, or delete the line"
                raise PydanticCustomError("invisible", "has only characters that cannot be seen", {"advice": advice})
        if not text:
            raise PydanticKnownError("string_too_short", {"min_length": 1})
        if len(text) > self.most:
            raise PydanticKnownError("string_too_long", {"max_length": self.most})
        return text

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        # One call for everything: with constraints of pydantic there would be three.
        return core_schema.no_info_after_validator_function(self.checked, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return handler(schema) | {"minLength": 1, "maxLength": self.most}


def _language(text: str) -> str:
    """Canonical case of a language tag (BCP 47, section 2.1.1): zh-Hans-CN."""
    if len(text) <= 3:
        return text.lower()
    head, *rest = text.split("-")
    return "-".join([head.lower(), *(_subtag(part) for part in rest)])


def _subtag(part: str) -> str:
    return part.title() if len(part) == 4 and part.isalpha() else part.upper() if len(part) == 2 else part.lower()


def _web_address(text: str) -> str:
    try:
        return web_address(text)
    except ValueError as error:
        advice = "write it whole, with https://, as a browser shows it"
        raise PydanticCustomError("url", str(error), {"advice": advice}) from error


def _moment(value: object, info: ValidationInfo) -> datetime:
    if isinstance(value, datetime):
        return value
    try:
        return parse_moment(value if isinstance(value, str) else "", (info.context or {}).get("zone") or UTC)
    except MomentError as error:
        raise PydanticCustomError("moment", error.message, {"advice": error.advice}) from error


def _colour(text: str) -> str:
    found = parse_colour(text)
    if found is None:
        raise PydanticCustomError("colour", "not a colour", {"advice": 'write a # and six digits, as in "#0b5fff"'})
    return found


def _zone(value: object) -> ZoneInfo:
    if isinstance(value, ZoneInfo):
        return value
    try:
        return ZoneInfo(str(value))
    except (ValueError, OSError, KeyError) as error:
        advice = "use a name of the IANA time zone database, for example Europe/Paris"
        raise PydanticCustomError("zone", "no such time zone", {"advice": advice}) from error


Line = Annotated[str, Prose(one_line, 300)]
"""Plain text on one line."""

Text = Annotated[str, Prose(paragraphs, 4_000)]
"""Plain text of a few sentences, each paragraph on one line, with an empty line between paragraphs."""

Markdown = Annotated[str, Prose(_stripped, 200_000, is_markdown=True)]
"""CommonMark with tables, which has its own rules for line breaks. The sanitizer decides which HTML in it is kept."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=120)]
"""Lower-case ASCII letters and digits in words joined by hyphens: safe in addresses and file names."""

Language = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?$"),
    AfterValidator(_language),
]
"""A BCP 47 language tag in canonical case: en, zh-Hans, mn."""

Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "pattern": f"^{PATTERN}$"}),
]
"""A date-time with its offset (RFC 3339), or a date, which means midnight in the newsroom's time zone."""


Zone = Annotated[
    ZoneInfo,
    BeforeValidator(_zone),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "examples": ["Europe/Paris"]}),
]

Url = Annotated[
    str,
    StringConstraints(max_length=2_000),
    AfterValidator(_web_address),
    WithJsonSchema({"type": "string", "maxLength": 2_000, "pattern": "://"}),
]
"""An absolute http or https address."""

Colour = Annotated[
    str, AfterValidator(_colour), WithJsonSchema({"type": "string", "pattern": "^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$"})
]
"""A colour as CSS writes it: #0b5fff."""

MediaType = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]+/[a-z0-9][a-z0-9.+-]*$", max_length=100),
    BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value),
]
"""A media type without parameters (RFC 6838): application/pdf. Case does not count."""


def _identifier(text: str) -> str:
    if text != text.strip() or not text.isprintable():
        advice = "write it as it was, on one line, without spaces around it"
        raise PydanticCustomError("identifier", "has spaces around it or signs that nobody sees", {"advice": advice})
    if text.startswith("tag:") and not _TAG.fullmatch(text):
        advice = "delete the line, or write it as in tag:example.org,2021-06-24:annual-report"
        raise PydanticCustomError("identifier", "not a tag address", {"advice": advice})
    return text


_TAG = re.compile(
    r"tag:[A-Za-z0-9.@_-]+,\d{4}(?:-\d\d(?:-\d\d)?)?:(?:[A-Za-z0-9._~!$&'()*+,;=:@/?#-]|%[0-9A-Fa-f]{2})+", re.ASCII
)
Identifier = Annotated[str, StringConstraints(min_length=1, max_length=1_000), AfterValidator(_identifier)]
"""An id that never changes: a tag URI (RFC 4151), or whatever the id was in the feeds of another program."""

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[^\s<>\"{}|\\^`%]|%[0-9A-Fa-f]{2})+")


def is_iri(text: str) -> bool:
    """Whether a text is an absolute IRI (RFC 3987), as Atom wants its ids (RFC 4287, section 4.2.6).

    >>> [is_iri(text) for text in ("urn:isbn:0451450523", "https://n.example/?p=7", "4711 at https://n.example")]
    [True, True, False]
    """
    return bool(_IRI.fullmatch(text))


ReleasePath = Annotated[str, StringConstraints(pattern=r"^\d{4}/[a-z0-9]+(-[a-z0-9]+)*$", max_length=130)]
"""A release of this newsroom by year and slug: 2021/annual-report."""


_HIDDEN = re.compile(r"(?:^|/)(?:\.|[^/]*~(?:/|$))")


def media_name(text: str) -> str:
    """The canonical name of a file beside a release. Raises ValueError with what is wrong, and what to do.

    >>> media_name("./pictures/photo.jpg")
    'pictures/photo.jpg'
    """
    name = normalize("NFC", text.strip())
    while name.startswith("./"):
        name = name[2:]
    if not name or name.startswith("/") or "\\" in name or ":" in name or not name.isprintable():
        raise ValueError("neither a file beside the release nor a web address", _AS_A_FILE)
    if any(step in ("", ".", "..") for step in name.split("/")):
        raise ValueError("a file that does not lie beside the release", f"put it there, and {_AS_A_FILE}")
    if _HIDDEN.search(name) or name.lower().endswith((".yaml", ".yml")):
        raise ValueError("a file that is never published", "name a picture or a document")
    if "." not in name.rpartition("/")[2]:
        raise ValueError("a file whose name does not say what it is", "end its name as in photo.jpg")
    if len(name) > MOST_IN_A_NAME:
        raise ValueError(f"a name of more than {MOST_IN_A_NAME} characters", "give the file a shorter one")
    return name


_AS_A_FILE = "write its name alone, as in photo.jpg, or an address with https://"
MOST_IN_A_NAME = 150
"""Characters in the name of a file."""


def _media_name(text: str) -> str:
    try:
        return media_name(text)
    except ValueError as error:
        message, advice = error.args
        raise PydanticCustomError("media", message, {"advice": advice}) from error


MediaName = Annotated[
    str, AfterValidator(_media_name), WithJsonSchema({"type": "string", "pattern": r"^[^/:][^:]*\.[^/:]+$"})
]
"""A file beside the release, or in the folder of its name: photo.jpg."""

OwnPicture = Annotated[
    str, AfterValidator(_media_name), WithJsonSchema({"type": "string", "pattern": r"^[^/:]+\.[^/:]+$"})
]
"""A picture beside newsroom.yaml: logo.svg."""

MediaSource = Annotated[
    Annotated[MediaName, Tag("file")] | Annotated[Url, Tag("address")],
    Discriminator(lambda value: "address" if isinstance(value, str) and "://" in value else "file"),
]
"""A file beside the release, or a web address."""


def _former_address(text: str) -> str:
    if not text.startswith("/"):
        return text
    path = unquote(text)
    if not path.isprintable() or any(step in (".", "..") for step in path.split("/")):
        advice = "write the path as a browser shows it, for example /news/old-report.html"
        raise PydanticCustomError("path", "no address that a browser asks for", {"advice": advice})
    if _OWN_PATH.match(path.lower()):
        advice = "write year and slug of a release, as in 2021/annual-report, or leave it out"
        raise PydanticCustomError("path", "is an address of the newsroom itself", {"advice": advice})
    return path


_OWN_PATH = re.compile(
    r"(?:/[a-z]{2,3}(?:-[a-z0-9]{2,4})*)?/(?:(?:feeds|embed|media|static)(?:/|\Z)|releases/[0-9]{4}/[a-z0-9-]+\Z|oembed\Z"
    r"|about\Z|help\Z|developers\Z|feeds\.opml\Z|healthz\Z|robots\.txt\Z|favicon\.ico\Z|sitemap[a-z0-9-]*\.xml\Z)"
)
"""The newsroom's own addresses: these must not be taken away by a former one."""

FormerAddress = Annotated[
    str,
    StringConstraints(pattern=r"^(\d{4}/[a-z0-9]+(-[a-z0-9]+)*|/[^?#\s]+)$", max_length=500),
    AfterValidator(_former_address),
]
"""A former address of a release: year and slug as in 2020/old-slug, or any path of another program: /news/old.html."""


FormerFeedPath = Annotated[str, StringConstraints(pattern=r"^/[^?#\s]+$", max_length=500)]
"""The path at which another program had a feed, without a slash at its end: /feed."""

FeedName = Annotated[
    str,
    StringConstraints(max_length=500),
    WithJsonSchema({"type": "string", "pattern": r"^[^?#\s]+\.(atom|rss|json)$", "maxLength": 500}),
]
"""A feed as in its address after /feeds/: country/mn.rss."""


def _kind_of_reference(value: object) -> str:
    return "address" if isinstance(value, str) and "://" in value else "release"


Reference = Annotated[
    Annotated[ReleasePath, Tag("release")] | Annotated[Url, Tag("address")], Discriminator(_kind_of_reference)
]
"""A release of this newsroom (2021/its-slug), or a web address."""

Email = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$", max_length=200)
]


def _frozen(labels: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(labels))


_SubscriptionAddress = Annotated[
    Annotated[Url, Tag("page")] | Annotated[Email, Tag("e-mail")],
    Discriminator(lambda value: "page" if isinstance(value, str) and "://" in value else "e-mail"),
]

_SubscriptionAddresses = Annotated[
    Mapping[Language, _SubscriptionAddress],
    Field(min_length=1),
    AfterValidator(_frozen),
    PlainSerializer(dict, return_type=dict[str, str]),
]

Subscription = Annotated[
    Annotated[_SubscriptionAddress, Tag("for all")] | Annotated[_SubscriptionAddresses, Tag("each")],
    Discriminator(lambda value: "each" if isinstance(value, Mapping) else "for all"),
]
"""Where readers subscribe by e-mail: a web address or an e-mail address, or one of these by language tag."""


MOST_FORMER_FEEDS = 500
"""Old addresses of feeds that one newsroom may name."""

FormerFeeds = Annotated[
    Mapping[FormerFeedPath, FeedName],
    Field(max_length=MOST_FORMER_FEEDS),
    AfterValidator(_frozen),
    PlainSerializer(dict, return_type=dict[str, str]),
]
"""Feeds by the paths at which another program had them."""


Labels = Annotated[
    Mapping[Language, Line],
    Field(min_length=1),
    AfterValidator(_frozen),
    PlainSerializer(dict, return_type=dict[str, str]),
]
"""A line in several languages, by language tag."""

Texts = Annotated[
    Mapping[Language, Text],
    Field(min_length=1),
    AfterValidator(_frozen),
    PlainSerializer(dict, return_type=dict[str, str]),
]
"""A text of a few sentences in several languages, by language tag."""


TermsByFacet = tuple[tuple[Slug, tuple[Slug, ...]], ...]
"""Pairs of a facet's name and slugs of its terms, in the newsroom's order, without facets that have no term."""
