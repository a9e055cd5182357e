"""The command `feeds words`, which writes the file for a newsroom's own words in a language."""

from __future__ import annotations

import os
from pathlib import Path

from feeds import content
from feeds.cli import console
from feeds.errors import FeedsError
from feeds.model.problems import Problem


def words(language: str, data: Path | None) -> None:
    """Writes the file for the words in a language, or adds to it what is new."""
    folder = console.settings_for(data).data
    try:
        tag = content.answer("language", language)
    except FeedsError as error:
        raise FeedsError(f"LANGUAGE: {error}") from error
    if not folder.is_dir():
        raise FeedsError(f"{folder}: there is no such folder (--data names the content folder)")
    name = _name(folder, tag)
    written = _written(folder, name)
    text = content.words_file(written, tag)
    path = folder / content.WORDS / name
    if written is None or text != written.decode().removeprefix("\ufeff").replace("\r\n", "\n"):
        _write(path, text)
    left = content.untranslated(text)
    state = f"{console.many(left, 'message')} to translate" if left else "every message is translated"
    if tag.partition("-")[0] == "en":
        state = "write only what you want to say in another way"
    console.out().print(f"{path}: {state}", markup=False)
    vocabulary, _ = content.read_newsroom(folder)
    if vocabulary and tag not in vocabulary.newsroom.languages:
        console.out().print(f"Add {tag} to “languages:” in newsroom.yaml, so that readers get it.", markup=False)


def _name(folder: Path, tag: str) -> str:
    """The name of the language's file: that of the file which is there, in whatever case, else a new one."""
    place = folder / content.WORDS
    if place.is_symlink():
        raise FeedsError(f"{place}: is a link (put the folder itself in its place)")
    names = sorted(each.name for each in place.iterdir()) if place.is_dir() else []
    return next((name for name in names if content.language_of(name) == tag), f"{tag}.po")


def _written(folder: Path, name: str) -> bytes | None:
    """What stands in the file; None if there is none. Raises FeedsError for one that cannot be read."""
    if not os.path.lexists(folder / content.WORDS / name):
        return None
    raw = content.read_bytes(folder, f"{content.WORDS}/{name}")
    if isinstance(raw, Problem):
        raise FeedsError(str(raw))
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        path = folder / content.WORDS / name
        raise FeedsError(f"{path}: the file is not UTF-8 text (save it with the encoding UTF-8)") from error
    return raw


def _write(path: Path, text: str) -> None:
    """Writes a file in one step, so that nothing is lost if it fails."""
    beside = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise FeedsError(f"{path}: cannot be written ({error.strerror})") from error
