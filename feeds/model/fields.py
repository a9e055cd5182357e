"""The types of single values: a line, a date, a web address. Each is checked and brought into one canonical form.

All values arrive as text, since the YAML reader guesses no types. Only here is decided what is a date, a number or a
language tag.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, tzinfo
from types import MappingProxyType
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from feeds.errors import FeedsError
from feeds.model.web_address import web_address


class Value(BaseModel):
    """The base of all models: frozen, with no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, use_attribute_docstrings=True)


EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


_HAN = r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
# Chinese and Japanese have no spaces between words: a space there comes from a line break in the YAML.
_FOLDED = re.compile(f" (?<={_HAN} )(?={_HAN})")


def _one_line(text: str) -> str:
    """Unicode NFC, with one space for every run of white space.

    >>> _one_line("  二〇二一年\\n六月  in China ")
    '二〇二一年六月 in China'
    """
    if text.isascii():
        return " ".join(text.split())
    return _FOLDED.sub("", " ".join(unicodedata.normalize("NFC", text).split()))


def _paragraphs(text: str) -> str:
    return text.strip() if text.isascii() else _FOLDED.sub("", unicodedata.normalize("NFC", text).strip())


def _language(text: str) -> str:
    """Canonical case of a language tag (BCP 47, section 2.1.1): zh-Hans-CN."""
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


_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d)?(?:[Zz]|[+-]\d\d:\d\d)?)?")


def _moment(value: object, info: ValidationInfo) -> datetime:
    """Parses an RFC 3339 date-time. A date without a time means midnight in the newsroom's time zone.

    A time without an offset is refused: an embargo must not depend on a guessed zone.
    """
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise PydanticCustomError("moment", "not a date", {"advice": "write 2021-06-24 or 2021-06-24T09:30:00+08:00"})
    try:
        if len(value) == 10:
            zone = (info.context or {}).get("zone") or UTC
            moment = datetime.combine(date.fromisoformat(value), time(), zone)
            # Keep the offset, not the zone: the moment must not move if the rules of the zone change.
            moment = datetime.fromisoformat(moment.isoformat())
        else:
            moment = datetime.fromisoformat(value.upper())
    except ValueError as error:
        raise PydanticCustomError("moment", "no such date", {"advice": f"the calendar says: {error}"}) from error
    if moment.tzinfo is None:
        advice = "end it with the offset from UTC, for example +08:00"
        raise PydanticCustomError("moment", "a time without its zone", {"advice": advice})
    if not EARLIEST <= moment < LATEST:
        raise PydanticCustomError("moment", "an implausible date", {"advice": "use a year from 1900 to 2199"})
    return moment


def _zone(value: object) -> ZoneInfo:
    if isinstance(value, ZoneInfo):
        return value
    try:
        return ZoneInfo(str(value))
    except (ValueError, OSError, KeyError) as error:
        advice = "use a name of the IANA time zone database, for example Asia/Shanghai"
        raise PydanticCustomError("zone", "no such time zone", {"advice": advice}) from error


Line = Annotated[str, AfterValidator(_one_line), Field(min_length=1, max_length=300)]
"""Plain text on one line, in Unicode NFC, with single spaces."""

Text = Annotated[str, AfterValidator(_paragraphs), Field(min_length=1, max_length=4_000)]
"""Plain text of a few sentences."""

Markdown = Annotated[str, AfterValidator(_paragraphs), Field(min_length=1, max_length=200_000)]
"""CommonMark with tables. The sanitizer decides which HTML in it is kept."""

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
    WithJsonSchema({"type": "string", "pattern": f"^{_MOMENT.pattern}$"}),
]
"""A date-time with its offset (RFC 3339), or a date, which means midnight in the newsroom's time zone."""


def parse_moment(text: str, zone: tzinfo) -> datetime:
    """Parses a date-time, or a date as midnight in ``zone``. Raises FeedsError saying what is wrong."""
    try:
        return TypeAdapter(Moment).validate_python(text, context={"zone": zone})
    except ValidationError as error:
        (detail,) = error.errors(include_url=False)
        raise FeedsError(f"“{text}” is {detail['msg']} ({detail['ctx']['advice']})") from error


Zone = Annotated[
    ZoneInfo,
    BeforeValidator(_zone),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "examples": ["Asia/Shanghai"]}),
]

Url = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(_web_address)]
"""An absolute http or https address."""

MediaType = Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9][a-z0-9.+-]*$", max_length=100)]
"""A media type without parameters (RFC 6838): application/pdf."""

TagUri = Annotated[
    str, StringConstraints(pattern=r"^tag:[a-z0-9.@-]+,\d{4}(-\d\d(-\d\d)?)?:[A-Za-z0-9._~:/+-]+$", max_length=300)
]
"""A tag URI (RFC 4151): an id that does not depend on any address."""

ReleasePath = Annotated[str, StringConstraints(pattern=r"^\d{4}/[a-z0-9]+(-[a-z0-9]+)*$", max_length=130)]
"""A release of this newsroom by year and slug: 2021/score-pilot-conference."""

Reference = Annotated[ReleasePath | Url, Field(union_mode="left_to_right")]
"""A release of this newsroom (2021/its-slug), or a web address."""

Email = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$", max_length=200)
]


def _frozen(labels: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(labels))


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
