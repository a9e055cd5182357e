"""Writes messages, dates, lists and names in the language of the reader.

Only this module knows Babel. A new language needs only its `.po` file in `locale/`; messages without translation are in
English.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Self

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.localtime import get_localzone
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

_FOLDER = Path(__file__).parent / "locale"
_RIGHT_TO_LEFT = ("Adlm", "Arab", "Armi", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi")
"""Scripts in use that run from right to left (ISO 15924)."""


class Words:
    """Messages, dates and lists in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = _locale(language)
        self._messages = _messages(str(self._locale))

    @classmethod
    @lru_cache(maxsize=64)
    def of(cls, language: str) -> Self:
        """The words of a language, loaded once."""
        return cls(language)

    def say(self, message: str, **values: object) -> str:
        """The translation of a message, with its ``{named}`` fields filled in.

        >>> Words.of("mn").say("Withdrawn: {title}", title="Далан")
        'Буцаан татсан: Далан'
        """
        text = self.translated(message)
        return text.format(**values) if values else text

    def translated(self, text: str) -> str:
        """The translation of a text if the product has one; else the text itself.

        >>> Words.of("zh-Hans").translated("Countries"), Words.of("zh-Hans").translated("Boroughs")
        ('国家', 'Boroughs')
        """
        found = self._messages.get(text)
        return found.string if found is not None and isinstance(found.string, str) and found.string else text

    def any_of(self, names: list[str]) -> str:
        """The names as alternatives: ``China or Mongolia``."""
        # CLDR's pattern reads badly between two names, and in Mongolian.
        if len(names) == 2 or self._locale.language == "mn":
            return self.say(" or ").join(names)
        return str(format_list(names, style="or", locale=self._locale))

    def date(self, moment: datetime, zone: tzinfo) -> str:
        """The day of a moment in ``zone``, written out: ``24 June 2021``."""
        day = moment.astimezone(zone).date()
        if self._locale.language == "en":
            return f"{day.day} {format_date(day, 'MMMM y', locale=self._locale)}"
        return str(format_date(day, "long", locale=self._locale))

    def month(self, year: int, month: int) -> str:
        """A month in short form: ``Jun 2021``."""
        return str(format_skeleton("yMMM", date(year, month, 1), locale=self._locale))

    @property
    def own_name(self) -> str:
        """The language's name for itself, with a capital: ``Монгол``."""
        name = str(self._locale.get_display_name(self._locale) or self.language)
        return name[:1].upper() + name[1:]

    @property
    def open_graph_locale(self) -> str:
        """Language and main country, for Open Graph: ``zh_CN``."""
        known = get_global("likely_subtags")
        likely = known.get(str(self._locale)) or known.get(self._locale.language) or str(self._locale)
        return f"{self._locale.language}_{self._locale.territory or likely.split('_')[-1]}"

    @cached_property
    def direction(self) -> str:
        """``ltr`` or ``rtl``, for the attribute dir in HTML: that of the script, which the country may decide.

        >>> [Words.of(language).direction for language in ("mn", "dv", "ku", "ku-Arab", "ar-Latn", "kk", "kk-CN")]
        ['ltr', 'rtl', 'ltr', 'rtl', 'ltr', 'ltr', 'rtl']
        """
        language, *rest = self.language.split("-")
        known = get_global("likely_subtags")
        likely = (known.get("_".join((language, *rest))) or known.get(language, "")).split("_")[1:2]
        script = next((part for part in (*rest, *likely) if len(part) == 4 and part.isalpha()), "")
        if script:
            return "rtl" if script.title() in _RIGHT_TO_LEFT else "ltr"
        return "rtl" if self._locale.character_order == "right-to-left" else "ltr"


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in ``language``, else in English, else in the first language there is.

    >>> in_language({"en": "China", "mn": "Хятад"}, "zh-Hans")
    'China'
    """
    return texts.get(language) or texts.get("en") or next(iter(texts.values()))


def territory_names(code: str, languages: Iterable[str]) -> dict[str, str]:
    """The names of a country in each language, from CLDR; in English for a language that CLDR does not have.

    >>> territory_names("MN", ("en", "zh-Hans", "fr"))
    {'en': 'Mongolia', 'zh-Hans': '蒙古', 'fr': 'Mongolie'}
    """
    return {language: _locale(language).territories.get(code, code) for language in languages}


def territory_of(time_zone: str) -> str | None:
    """The country in which a time zone is kept, from CLDR; None for zones of no country.

    >>> territory_of("Europe/Paris"), territory_of("UTC")
    ('FR', None)
    """
    found = get_global("zone_territories").get(time_zone)
    return found if found and len(found) == 2 and found != "ZZ" else None


def own_time_zone() -> str:
    """The name of this machine's time zone; UTC if it cannot be told."""
    name = str(getattr(get_localzone(), "key", "UTC"))
    return "UTC" if name.startswith("Etc/") else name


def _locale(language: str) -> Locale:
    """The locale for a BCP 47 tag; English if CLDR has none, so that every tag works."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


@lru_cache(maxsize=64)
def _messages(locale: str) -> Catalog:
    for name in (locale, locale.split("_")[0]):
        path = _FOLDER / name / "LC_MESSAGES" / "feeds.po"
        if path.is_file():
            with path.open("rb") as file:
                return read_po(file, locale=name)
    return Catalog(locale="en")
