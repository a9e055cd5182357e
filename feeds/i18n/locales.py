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
    """The country that a locale names, else the one where most people speak its language."""
    known = get_global("likely_subtags")
    likely = known.get(str(locale)) or known.get(locale.language) or str(locale)
    return str(locale.territory or likely.split("_")[-1])


@lru_cache(maxsize=256)
def tags_read(language: str) -> tuple[str, ...]:
    """The tags of texts that readers of a language take for theirs: its own, then without region (RFC 4647, lookup).

    Never one in another script: who reads traditional Chinese is not given simplified characters.

    >>> tags_read("en-GB"), tags_read("zh-Hant-TW")
    (('en-GB', 'en'), ('zh-Hant-TW', 'zh-Hant'))
    """
    parts = language.split("-")
    tags = ("-".join(parts[:number]) for number in range(len(parts), 0, -1))
    return tuple(tag for tag in tags if script_of(tag) == script_of(language))


def language_meant(tag: str, languages: Iterable[str]) -> str | None:
    """The one of ``languages`` that a tag in any case means. Without a region it means the only one of its language.

    >>> [language_meant(tag, ("en-GB", "fr-CH", "fr-FR")) for tag in ("EN-gb", "en", "fr", "en-US")]
    ['en-GB', 'en-GB', None, None]
    """
    found = [each for each in languages if tag.lower() in map(str.lower, tags_read(each))]
    exact = [each for each in found if each.lower() == tag.lower()]
    return exact[0] if exact else found[0] if len(found) == 1 else None


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in ``language``, with or without its region, else in English, else in the first language there is.

    >>> in_language({"en": "France", "es": "Francia"}, "de"), in_language({"en": "France", "es": "Francia"}, "es-MX")
    ('France', 'Francia')
    """
    english = (tag for tag in texts if tag.startswith("en-"))
    found = next((tag for tag in (*tags_read(language), "en", *english) if tag in texts), None)
    return texts[found] if found else next(iter(texts.values()))


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
