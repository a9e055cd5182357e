"""Messages, dates, numbers and lists in one language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from functools import cached_property, lru_cache, reduce
from typing import Literal, Self

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

from feeds.i18n.locales import likely_territory, locale_of, script_of
from feeds.i18n.message_catalogues import own_translations, product_translations

_RIGHT_TO_LEFT = ("Adlm", "Arab", "Armi", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi")
"""Scripts in use that run from right to left (ISO 15924)."""
_WITHOUT_SPACES = ("ja", "yue", "zh")
"""Languages without a space between two sentences."""
_AFTER_WITHOUT = {"es": "{} ni {}", "fr": "{} ni {}", "ja": "", "mn": "", "pt": "{} nem {}", "ru": "{} и {}"}
"""How the last name is joined to those before it after “without”, where that is not “or”; empty: like those."""


class Words:
    """Messages, dates, numbers and lists in one language."""

    def __init__(self, language: str, own: Mapping[str, tuple[str, ...]] | None = None) -> None:
        """``own`` are a newsroom's own translations, in each plural form, by the English message."""
        self.language = language
        self._locale = locale_of(language)
        self._translations = own_translations(language, own) if own else product_translations(language)

    @classmethod
    @lru_cache(maxsize=64)
    def of(cls, language: str) -> Self:
        """The product's own words of a language, loaded once."""
        return cls(language)

    def say(self, message: str, **values: object) -> str:
        """The translation of a message, with its ``{named}`` fields filled in.

        >>> Words.of("mn").say("Withdrawn: {title}", title="Далан")
        'Буцаан татсан: Далан'
        """
        text = self.translated(message)
        return text.format(**values) if values else text

    def count(self, one: str, many: str, n: int, **values: object) -> str:
        """The translation of a message with a number, in the plural form that the language has for it.

        ``one`` and ``many`` are the message in English, with a field ``{n}`` for the number.

        >>> [Words.of("en").count("at most {n} release a month", "at most {n} releases a month", n) for n in (1, 2000)]
        ['at most 1 release a month', 'at most 2,000 releases a month']
        """
        return self._translations.ngettext(one, many, n).format(n=self.number(n), **values)

    def translated(self, text: str) -> str:
        """The translation of a text if there is one; else the text itself.

        >>> Words.of("zh-Hans").translated("Countries"), Words.of("zh-Hans").translated("Boroughs")
        ('国家', 'Boroughs')
        """
        return self._translations.gettext(text) if text else ""

    def any_of(self, names: Sequence[str]) -> str:
        """The names as alternatives: ``France or Spain``."""
        if self._locale.language == "mn":  # CLDR's pattern for three names is bad Mongolian
            return reduce(lambda before, name: str(format_list([before, name], "or", self._locale)), names)
        return str(format_list(names, style="or", locale=self._locale))

    def none_of(self, names: Sequence[str]) -> str:
        """The names after “without”: ``France or Spain``, in French ``la France ni l’Espagne``."""
        between = _AFTER_WITHOUT.get(self._locale.language)
        if between is None or len(names) < 2:
            return self.any_of(names)
        return between.format(self.listed(names[:-1]), names[-1]) if between else self.listed(names)

    def all_of(self, names: Sequence[str]) -> str:
        """The names together: ``Ada, Grace, and Mary``."""
        return str(format_list(names, locale=self._locale))

    def listed(self, parts: Sequence[str]) -> str:
        """Parts of any kind one after the other: ``France or Spain, Public transport``."""
        # CLDR's list of units puts nothing at all between Chinese parts.
        return reduce(lambda first, second: self.say("{first}, {second}", first=first, second=second), parts or [""])

    def sentences(self, *sentences: str) -> str:
        """Whole sentences, one after the other."""
        return ("" if self._locale.language in _WITHOUT_SPACES else " ").join(sentences)

    def number(self, number: int) -> str:
        """A number with the language's separators: ``1,300``."""
        return _number(number, self._locale)

    def size(self, octets: int) -> str:
        """A size in bytes.

        >>> [Words.of(language).size(1_300_000) for language in ("en", "fr", "pt")], Words.of("en").size(520)
        (['1.3 MB', '1,3\\u202fMo', '1,3 MB'], '0.5 kB')
        """
        units = (("gigabyte", 1_000_000_000), ("megabyte", 1_000_000), ("kilobyte", 1_000))
        unit, divisor = next((each for each in units if octets >= each[1]), units[-1])
        amount = max(round(octets / divisor, 1), 0.1)
        length: Literal["short", "narrow"] = "narrow" if self._locale.language == "pt" else "short"  # else “MByte”
        return str(format_unit(amount, f"digital-{unit}", length=length, locale=self._locale))

    def date(self, moment: datetime, zone: tzinfo) -> str:
        """The day of a moment in ``zone``, written out: ``24 June 2021``.

        >>> from datetime import UTC
        >>> Words.of("fr").date(datetime(2021, 6, 1, tzinfo=UTC), UTC)
        '1er juin 2021'
        """
        day = moment.astimezone(zone).date()
        if self._locale.language == "fr" and day.day == 1:  # CLDR has no ordinal
            return f"1er {_month_and_year(self._locale, day.replace(day=1))}"
        if self._locale.language == "en":
            return f"{day.day} {_month_and_year(self._locale, day.replace(day=1))}"
        return _day(self._locale, day)

    def month(self, year: int, month: int) -> str:
        """A month in short form: ``Jun 2021``."""
        return _month(self._locale, year, month)

    @property
    def own_name(self) -> str:
        """The language's name for itself, with a capital: ``Deutsch``."""
        name = str(self._locale.get_display_name(self._locale) or self.language)
        return name[:1].upper() + name[1:]

    @property
    def open_graph_locale(self) -> str:
        """Language and main country, for Open Graph: ``zh_CN``."""
        return f"{self._locale.language}_{likely_territory(self._locale)}"

    @cached_property
    def direction(self) -> str:
        """``ltr`` or ``rtl``, for the attribute dir in HTML: that of the script.

        >>> [Words.of(language).direction for language in ("mn", "dv", "ku", "ku-Arab", "ar-Latn", "kk", "kk-CN")]
        ['ltr', 'rtl', 'ltr', 'rtl', 'ltr', 'ltr', 'rtl']
        """
        script = script_of(self.language)
        if script:
            return "rtl" if script in _RIGHT_TO_LEFT else "ltr"
        return "rtl" if self._locale.character_order == "right-to-left" else "ltr"


@lru_cache(maxsize=4_096)
def _month(locale: Locale, year: int, month: int) -> str:
    """A month in short form. Charts name the same months on every page."""
    return str(format_skeleton("yMMM", date(year, month, 1), locale=locale))


@lru_cache(maxsize=1_024)
def _month_and_year(locale: Locale, first: date) -> str:
    """The month that begins on a day, with its year. Kept, since releases that are read in a row share it."""
    return str(format_date(first, "MMMM y", locale=locale))


@lru_cache(maxsize=1_024)
def _day(locale: Locale, day: date) -> str:
    """A day, written out."""
    return str(format_date(day, "long", locale=locale))


@lru_cache(maxsize=10_000)
def _number(number: int, locale: Locale) -> str:
    """A number as a language writes it. A page has many of them, most of which other pages have too."""
    return str(format_decimal(number, locale=locale))
