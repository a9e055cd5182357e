"""The command `feeds new`, which makes the file of a release or of a translation."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from feeds import content
from feeds.cli import console
from feeds.cli.files import release_file, vocabulary_of
from feeds.errors import FeedsError
from feeds.model.facets import Facet
from feeds.model.moments import in_zone
from feeds.model.problems import Problem
from feeds.model.vocabulary import Vocabulary

_SCHEMA = "release.json"
_LONGEST_SLUG = 60


def new(
    data: Path | None, title: str | None, slug: str | None, language: str | None, translate: tuple[str, str] | None,
    at: str | None, *, draft: bool, edit: bool,
) -> None:  # fmt: skip
    """Makes the file of a release or of a translation, and prints its path."""
    folder = console.settings_for(data).data
    vocabulary = vocabulary_of(folder)
    if translate:
        if slug or language or at:
            raise FeedsError("--translate takes address and date from the original: leave --slug, --language, --at out")
        path, text = _translation(folder, vocabulary, *translate, title, draft=draft)
    else:
        path, text = _release(folder, vocabulary, title, slug, language, at, draft=draft)
    _write(folder / path, text)
    console.out().print(str(folder / path), markup=False)
    if edit:
        _open_in_editor(folder / path)


def _release(
    folder: Path, vocabulary: Vocabulary, title: str | None, slug: str | None, language: str | None, at: str | None, *,
    draft: bool,
) -> tuple[str, str]:  # fmt: skip
    """The path and text of a new release."""
    if not title or not title.strip():
        raise FeedsError('the title is missing: feeds new "New bridge opens"')
    newsroom = vocabulary.newsroom
    now = datetime.now(UTC)
    moment = console.moment_in(at, newsroom.time_zone) if at is not None else in_zone(now, newsroom.time_zone)
    files = content.release_files(folder).files
    day = f"{moment:%Y-%m-%d}"
    name = _stated_slug(slug) if slug else _slug(title)
    path = f"{content.RELEASES}/{day[:4]}/{day}-{name}.yaml"
    if taken := next((file for file in files if _has_address(file, day[:4], name)), None):
        raise FeedsError(f"{folder / taken} has that address already (give another one: --slug …)")
    # No two releases may share a moment: only the first of a day can do without a time.
    first = not at and not any(file.rpartition("/")[2].startswith(day) for file in files)
    own = _language(language, vocabulary) if language else newsroom.language
    written = content.NewRelease(
        title=content.answer("title", title),
        published=day if first else moment.replace(microsecond=0).isoformat(),
        language=None if own == newsroom.language else own,
        draft=draft,
    )
    terms = [_terms_of(facet, vocabulary, own, moment) for facet in vocabulary.facets]
    return path, content.release_text(written, terms, _schema(folder, path))


def _terms_of(facet: Facet, vocabulary: Vocabulary, language: str, now: datetime) -> content.FacetTerms:
    """The terms that a new release can have, with their names as editors write them."""
    terms = vocabulary.current_terms(facet.name, now)
    return content.FacetTerms(
        facet, {term.slug.upper() if facet.codes else term.slug: term.label(language) for term in terms}
    )


def _translation(
    folder: Path, vocabulary: Vocabulary, named: str, language: str, title: str | None, *, draft: bool
) -> tuple[str, str]:
    """The path and text of a new translation."""
    file = release_file(folder, named)
    language = _language(language, vocabulary)
    raw = content.read_bytes(folder, file)
    if isinstance(raw, Problem):
        raise FeedsError(str(raw))
    releases, problems = content.read_story(content.SourceFile(f"{folder.name}/{file}", raw), (), vocabulary)
    if len(releases) != 1:
        why = f"\n{problems[0]}" if problems else ""
        raise FeedsError(f"{folder / file}: a translation needs a sound original, and one release in its file{why}")
    original = releases[0]
    if original.language == language:
        raise FeedsError(f"{folder / file} is in {language} already")
    path = f"{file.removesuffix('.yaml')}.{language}.yaml"
    stated = content.answer("title", title) if title else None
    return path, content.translation_text(original, stated, _schema(folder, path), draft=draft)


def _slug(title: str) -> str:
    found = content.slug_of(title, _LONGEST_SLUG)
    if not found:
        raise FeedsError("the title has no letters of which an address could be made (give one: --slug new-bridge)")
    return found


def _stated_slug(text: str) -> str:
    try:
        return content.answer("slug", text)
    except FeedsError as error:
        raise FeedsError(f"--slug: {error}") from error


def _language(text: str, vocabulary: Vocabulary) -> str:
    language = content.answer("language", text)
    if language not in vocabulary.newsroom.languages:
        known = ", ".join(vocabulary.newsroom.languages)
        raise FeedsError(f"{language} is no language of this newsroom (it has {known}; newsroom.yaml says so)")
    return language


def _has_address(file: str, year: str, slug: str) -> bool:
    name = content.FileName.of(file)
    return bool(name and name.slug == slug and (name.date or year).startswith(year))


def _schema(folder: Path, path: str) -> str | None:
    """The path to the schema of releases beside the content folder, as `feeds init` writes it, if it is there."""
    there = folder.resolve().parent / content.SCHEMAS / _SCHEMA
    return f"{'../' * (path.count('/') + 1)}{content.SCHEMAS}/{_SCHEMA}" if there.is_file() else None


def _open_in_editor(path: Path) -> None:
    try:
        click.edit(filename=str(path))
    except (click.ClickException, ValueError) as error:
        why = error.message if isinstance(error, click.ClickException) else f"$EDITOR: {error}"
        raise FeedsError(f"{path} is made, but could not be edited: {why} (open it yourself)") from error


def _write(path: Path, text: str) -> None:
    raw = text.encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(raw)
    except FileExistsError as error:
        raise FeedsError(f"{path}: there is such a file already, and it is left as it is") from error
    except OSError as error:
        raise FeedsError(f"{path}: cannot be written ({error.strerror})") from error
