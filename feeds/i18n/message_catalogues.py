"""The product's messages and their translations, and the plural forms of every language.

`locale/feeds.pot` has every message; `locale/LANGUAGE/LC_MESSAGES/feeds.po` its translation into a language.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations, c2py
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from feeds.i18n.locales import locale_of, script_of

FOLDER = Path(__file__).parent.parent / "locale"

_NUMBERS = range(1000)
"""Numbers by which plural forms are told apart; every form of a language stands for at least one of them."""


class KnownMessage(NamedTuple):
    """A message of the product."""

    id: str
    """The message in English; of one with a number, its singular."""
    plural: str | None
    """The plural in English, of a message with a number ``{n}``."""
    comment: str
    """Where it is shown, and what its fields hold."""


@lru_cache(maxsize=1)
def known_messages() -> Mapping[str, KnownMessage]:
    """Every message of the product by its id."""
    with (FOLDER / "feeds.pot").open("rb") as file:
        found = [_known(each) for each in read_po(file) if each.id]
    return {each.id: each for each in found}


def _known(message: Message) -> KnownMessage:
    comment = " ".join(message.auto_comments)
    if isinstance(message.id, str):
        return KnownMessage(message.id, None, comment)
    return KnownMessage(message.id[0], message.id[1], comment)


def product_forms(language: str) -> Mapping[str, tuple[str, ...]]:
    """The product's translations into a language: by message one text, or one for each plural form."""
    name = product_language(language)
    found = [(_known(each), each.string) for each in product_catalogue(name) if each.id] if name else []
    return {each.id: (text,) if isinstance(text, str) else tuple(text or ()) for each, text in found}


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


def own_translations(language: str, own: Mapping[str, tuple[str, ...]]) -> NullTranslations:
    """A newsroom's own translations by message, and the product's where it has none."""
    catalogue = Catalog()
    catalogue.mime_headers = [("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", plural_forms(language))]
    for id_, forms in own.items():
        message = known_messages().get(id_)
        if message and message.plural:
            catalogue.add((id_, message.plural), forms)
        else:
            catalogue.add(id_, forms[0])
    found = compiled(catalogue)
    found.add_fallback(product_translations(language))
    return found


def plural_forms(language: str) -> str:
    """How many plural forms a language has, and which one a number takes: ``nplurals=2; plural=(n != 1);``."""
    name = product_language(language)
    return (product_catalogue(name) if name else Catalog(locale=locale_of(language))).plural_forms


def form_count(language: str) -> int:
    """How many plural forms a language has."""
    return int(plural_forms(language).partition("nplurals=")[2].partition(";")[0])


@lru_cache(maxsize=64)
def forms_of_one_number(language: str) -> frozenset[int]:
    """The plural forms that stand for a single number, such as the Arabic dual: these need not write it."""
    rule = c2py(plural_forms(language).partition("plural=")[2].rstrip("; "))
    forms = [rule(number) for number in _NUMBERS]
    return frozenset(form for form in forms if forms.count(form) == 1)


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
