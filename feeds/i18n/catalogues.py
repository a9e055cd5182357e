"""Reads the product's translations: `locale/LANGUAGE/LC_MESSAGES/feeds.po`, one file for each language."""

from __future__ import annotations

from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from feeds.i18n.locales import locale_of, script_of

FOLDER = Path(__file__).parent.parent / "locale"


def product_language(language: str) -> str | None:
    """The name of the product's catalogue for a language, such as ``zh_Hans``; None if the product does not speak it.

    A language with a country takes the catalogue of the language, but never one in another script: who reads
    traditional Chinese is not given simplified characters.

    >>> [product_language(tag) for tag in ("zh-Hans", "zh-CN", "zh", "zh-Hant", "zh-TW", "mn-MN", "sr")]
    ['zh_Hans', 'zh_Hans', 'zh_Hans', None, None, 'mn', None]
    """
    locale, script = str(locale_of(language)), script_of(language)
    base = language.replace("_", "-").split("-")[0]
    for name in (locale, f"{base}_{script}", base):
        if (FOLDER / name / "LC_MESSAGES" / "feeds.po").is_file() and script_of(name) == script:
            return name
    return None


def product_translations(language: str) -> NullTranslations:
    """The product's translations into a language: English, the language of the messages, if there are none."""
    name = product_language(language)
    return _translations(name) if name else NullTranslations()


@lru_cache(maxsize=64)
def product_catalogue(name: str) -> Catalog:
    """The product's catalogue with a name."""
    with (FOLDER / name / "LC_MESSAGES" / "feeds.po").open("rb") as file:
        return read_po(file, locale=name)


@lru_cache(maxsize=64)
def _translations(name: str) -> GNUTranslations:
    return compiled(product_catalogue(name))


def compiled(catalogue: Catalog) -> GNUTranslations:
    """A catalogue as gettext uses it. Fuzzy messages are left out."""
    file = BytesIO()
    write_mo(file, catalogue)
    file.seek(0)
    return GNUTranslations(file)
