"""Reads the newsroom's own words for the interface from `locale/LANGUAGE.po`, and makes the text of such a file.

A fault holds nothing back: what is sound in the file is used, the rest becomes problems.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from string import Formatter

from pydantic import TypeAdapter, ValidationError

from feeds.content import text_checks
from feeds.content.faults import Fault, as_problems, printable, quoted
from feeds.content.files import is_ignored, read_bytes
from feeds.i18n import (
    KnownMessage,
    PoEntry,
    PoFault,
    form_count,
    forms_of_one_number,
    known_messages,
    po_entry,
    po_header,
    product_forms,
    product_language,
    read_entries,
)
from feeds.model.fields import Language
from feeds.model.invisible_characters import UNWRITABLE
from feeds.model.problems import Problem
from feeds.model.vocabulary import OwnWords, nearest_word

FOLDER = "locale"

_LANGUAGE: TypeAdapter[str] = TypeAdapter(Language)
_GUESSES = 10
"""Faults of one file for which a guess says what was meant: guessing is slow."""
_NOT_IN_A_LINE = re.compile(r"[\n\r\t]")


def read_own_words(folder: Path, languages: Sequence[str]) -> tuple[OwnWords, tuple[Problem, ...]]:
    """Reads the words of a newsroom with these languages: by language the translations by message, and all problems.

    A language whose file cannot be read is left out. Raises OSError for errors of the machine, such as too many open
    files.
    """
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    seen: set[str] = set()
    told: list[Problem] = []
    for name in _names(folder, told):
        path = f"{FOLDER}/{name}"
        language = language_of(name)
        if language is None:
            told.append(_problem(folder, path, *_misnamed(name)))
        elif language not in languages:
            message = f"{quoted(language)} is not a language of this newsroom"
            told.append(_problem(folder, path, message, "add it to “languages:” in newsroom.yaml, or delete the file"))
        elif language in seen:
            told.append(_problem(folder, path, f"there is another file for {quoted(language)}", "keep one of them"))
        else:
            seen.add(language)
            raw = read_bytes(folder, path)
            if isinstance(raw, Problem):
                told.append(replace(raw, fatal=False))
                continue
            words, faults = _translations(raw, language)
            if words is not None:
                found[language] = words
            told += as_problems((replace(fault, fatal=False) for fault in faults), f"{folder.name}/{path}")
    return found, tuple(sorted(told))


def kept_words(folder: Path, now: OwnWords, last: OwnWords) -> OwnWords:
    """The words to use: in a language whose file is there but cannot be read, those that were read last."""
    there = {language_of(name) for name in _names(folder, [])}
    return {**{language: words for language, words in last.items() if language in there}, **now}


def language_of(name: str) -> str | None:
    """The language of a file with this name, in canonical case; None if it is no name for such a file.

    >>> language_of("zh-hans.po"), language_of("zh_Hans.po")
    ('zh-Hans', None)
    """
    stem, dot, suffix = name.rpartition(".")
    if not dot or suffix != "po":
        return None
    try:
        return _LANGUAGE.validate_python(stem)
    except ValidationError:
        return None


def speaks(language: str, own: OwnWords) -> bool:
    """Whether pages can be in a language: the product or the newsroom has words for it."""
    return language.partition("-")[0] == "en" or product_language(language) is not None or bool(own.get(language))


def _names(folder: Path, told: list[Problem]) -> list[str]:
    """The names of the files to read, sorted."""
    try:
        with os.scandir(folder / FOLDER) as entries:
            if (folder / FOLDER).is_symlink():
                told.append(_problem(folder, FOLDER, "is a link", "put the folder itself in its place"))
                return []
            return sorted(each.name for each in entries if not is_ignored(each.name))
    except FileNotFoundError:
        return []
    except NotADirectoryError:
        told.append(_problem(folder, FOLDER, "is a file", "put a folder of that name in its place"))
    except PermissionError as error:
        told.append(_problem(folder, FOLDER, f"cannot be opened: {error.strerror}", "look at its permissions"))
    return []


def _misnamed(name: str) -> tuple[str, str]:
    stem, dot, suffix = name.rpartition(".")
    if not dot or suffix != "po":
        return "is no .po file", "move it out of this folder; only LANGUAGE.po is read here, as in fr.po"
    better = stem.partition(".")[0].replace("_", "-")
    advice = f"call it {better}.po" if language_of(f"{better}.po") else "call it as in fr.po or zh-Hans.po"
    return f"{quoted(stem)} is no language tag", advice


def _problem(folder: Path, path: str, message: str, advice: str) -> Problem:
    file = f"{folder.name}/{path}".encode("utf-8", "backslashreplace").decode()
    return Problem(printable(file, 400), 0, 0, "", message, advice, fatal=False)


# -- what a file says -----------------------------------------------------------------------------------------------


def _translations(raw: bytes, language: str) -> tuple[dict[str, tuple[str, ...]] | None, list[Fault]]:
    """The sound translations in a file, or None if it is no text, and its faults.

    Of two translations of one message, the first counts.
    """
    faults: list[Fault] = []
    unreadable = text_checks.check(raw) or tuple(filter(None, (text_checks.unreadable(raw),)))
    if unreadable:
        return None, list(unreadable)
    found: dict[str, tuple[str, ...]] = {}
    for each in read_entries(_text(raw)):
        wrong = _fault(each, language, guess=len(faults) < _GUESSES)
        if isinstance(each, PoEntry) and not wrong and any(each.forms):
            if each.id in found:
                wrong = f"{quoted(each.id)} is translated twice, and the first counts", "delete one of them"
            found.setdefault(each.id, each.forms)
        if wrong:
            faults.append(Fault(each.line, 1, "", *wrong))
    lacking = sum(message not in found for message in known_messages())
    if found and lacking and not speaks(language, {}):
        message = f"{lacking} of {len(known_messages())} messages are not translated: readers get them in English"
        faults.append(Fault(0, 0, "", message, f"`feeds words {language}` adds those that are missing"))
    return found, faults


def _text(raw: bytes) -> str:
    return raw.removeprefix(text_checks.BOM).decode().replace("\r\n", "\n").replace("\r", "\n")


def _fault(found: PoEntry | PoFault, language: str, *, guess: bool) -> tuple[str, str] | None:
    """What is wrong with an entry, and what to do; None if it can be used, or is still to be translated."""
    known = known_messages()
    if isinstance(found, PoFault):
        return found.message, "write msgid and msgstr, each with its text in double quotes"
    message = None if found.context else known.get(found.id)
    if message is None:
        spellings = {each.casefold(): each for each in known}
        near = nearest_word(found.id, spellings) if guess and not found.context else None
        advice = f"delete it; `feeds words {language}` writes all that there are"
        advice = f"did you mean {quoted(spellings[near])}?" if near else advice
        return f"no such message {quoted(found.id)}", advice
    if not any(found.forms):
        return None
    if found.fuzzy:
        return f"{quoted(found.id)} is marked as a guess, and not used", "check the translation, and delete “fuzzy”"
    wanted = form_count(language) if message.plural else 1
    if len(found.forms) != wanted or not all(found.forms):
        last = f" to msgstr[{wanted - 1}]" if wanted > 1 else ""
        places = f"msgstr[0]{last}, none of them empty" if message.plural else "msgstr"
        return f"{quoted(found.id)} must have {_forms(wanted)}", f"write {places}"
    faults = (_text_fault(form, message, number, language) for number, form in enumerate(found.forms))
    return next(filter(None, faults), None)


def _forms(count: int) -> str:
    return "one translation" if count == 1 else f"{count} plural forms"


def _text_fault(text: str, message: KnownMessage, number: int, language: str) -> tuple[str, str] | None:
    hidden = UNWRITABLE.search(text) or text_checks.DIRECTION.search(text.encode())
    if hidden or _NOT_IN_A_LINE.search(text):
        return f"{quoted(text)} has a line break or a hidden character", "write it on one line, in letters and signs"
    fields = _fields(message.plural or message.id)
    try:
        written = _fields(text)
    except ValueError:
        return f"{quoted(text)} has a brace that belongs to no field", "write fields as in {title}, and no other braces"
    may_lack = {"{n}"} if message.plural and number in forms_of_one_number(language) else set()
    if extra := sorted(written - fields):
        known = f"it may have {', '.join(sorted(fields))}" if fields else "it has no fields"
        return f"{quoted(text)} has the field {printable(', '.join(extra))}, which nobody fills", f"delete it: {known}"
    if missing := sorted(fields - written - may_lack):
        return f"{quoted(text)} lacks the field {', '.join(missing)}", "write it where its text is to stand"
    return None


def _fields(text: str) -> set[str]:
    """The fields of a message, with all that stands in their braces. Raises ValueError for a brace that is alone."""
    found = set()
    for before, name, form, conversion in Formatter().parse(text):
        if "{" in before or "}" in before:
            raise ValueError(before)
        if name is not None:
            found.add(f"{{{name}{f'!{conversion}' if conversion else ''}{f':{form}' if form else ''}}}")
    return found


# -- the file to fill in --------------------------------------------------------------------------------------------


def words_file(written: bytes | None, language: str) -> str:
    """The text of a language's file, to be filled in: what is ``written`` as it is, and every message it lacks.

    What the product says in the language stands in the new entries.
    """
    text = "" if written is None else _text(written)
    there = {each.id for each in read_entries(text) if isinstance(each, PoEntry)}
    product = product_forms(language)
    parts = [] if written is not None else [po_header(language)]
    parts += [
        po_entry(message, product.get(id_, ()), language)
        for id_, message in known_messages().items()
        if id_ not in there
    ]
    if not parts:
        return text
    before = f"{text.rstrip(chr(10))}\n\n" if text.strip() else ""
    return before + "\n".join(parts)


def untranslated(text: str) -> int:
    """How many of the product's messages have no translation in a file."""
    done = {each.id for each in read_entries(text) if isinstance(each, PoEntry) and all(each.forms) and not each.fuzzy}
    return len(known_messages().keys() - done)


def missing_words(languages: Sequence[str], own: OwnWords) -> Iterator[tuple[int, str]]:
    """The languages for which neither the newsroom nor the product has words, with their place in the list."""
    for number, language in enumerate(languages):
        if not speaks(language, own):
            yield number, language
