"""Finds the locale and the script of a language, and names countries and time zones from CLDR."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.localtime import get_localzone


@lru_cache(maxsize=256)
def locale_of(language: str) -> Locale:
    """The locale for a BCP 47 tag: of the longest part of it that CLDR has; English if there is none.

    >>> str(locale_of("pt-BR")), str(locale_of("pt-AQ")), str(locale_of("xx"))
    ('pt_BR', 'pt', 'en')
    """
    parts = language.split("-")
    while parts:
        try:
            return Locale.parse("-".join(parts), sep="-")
        except (UnknownLocaleError, ValueError):
            del parts[-1]
    return Locale.parse("en")


def script_of(language: str) -> str:
    """The script of a language (ISO 15924), which the country may decide; empty if it is not known.

    >>> [script_of(language) for language in ("zh", "zh-TW", "sr-Latn", "kk-CN", "xx")]
    ['Hans', 'Hant', 'Latn', 'Arab', '']
    """
    base, *rest = language.replace("_", "-").split("-")
    known = get_global("likely_subtags")
    likely = (known.get("_".join((base, *rest))) or known.get(base, "")).split("_")[1:2]
    found = next((part for part in (*rest, *likely) if len(part) == 4 and part.isalpha()), "")
    return found.title()


def likely_territory(locale: Locale) -> str:
    """The country where most people speak a language, unless the locale names one."""
    known = get_global("likely_subtags")
    likely = known.get(str(locale)) or known.get(locale.language) or str(locale)
    return str(locale.territory or likely.split("_")[-1])


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in ``language``, else in English, else in the first language there is.

    >>> in_language({"en": "France", "es": "Francia"}, "de")
    'France'
    """
    return texts.get(language) or texts.get("en") or next(iter(texts.values()))


def territory_names(code: str, languages: Iterable[str]) -> dict[str, str]:
    """The names of a country in each language, from CLDR; in English for a language that CLDR does not have.

    >>> territory_names("DE", ("en", "zh-Hans", "fr"))
    {'en': 'Germany', 'zh-Hans': '德国', 'fr': 'Allemagne'}
    """
    return {language: locale_of(language).territories.get(code, code) for language in languages}


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
