"""Reads a story: a file of releases with its translations, from bytes to releases and problems.

The caller reads the files. Fields that the editor left out are filled in here, before the model checks the release.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from feeds.content import model_errors, yaml_reader
from feeds.content.faults import Fault, alternatives, as_problems, first_per_path, quoted
from feeds.content.files import FileName
from feeds.content.lost_text import lost_text
from feeds.content.raw_record import RawRecord, records
from feeds.content.terms import pop_terms
from feeds.content.yaml_reader import Data
from feeds.i18n import tags_read
from feeds.model.fields import Moment
from feeds.model.problems import Problem
from feeds.model.release import Release
from feeds.model.vocabulary import Vocabulary

INHERITED = (
    *("published", "announced", "updated", "pinned", "withdrawn", "draft", "url", "dateline"),
    *("credit", "image", "attachments", "authors", "contacts", "related", "rights", "license"),
)
"""Fields that a translation takes from its original if absent; so it does with the fields of facets."""

_MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)
_SECOND = timedelta(seconds=1)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NO_DAY = "1970-01-01"
"""A placeholder in an id that is never published: the missing date is a problem already."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The bytes of a file, and its name in problems: ``data/releases/2021/2021-06-24-score.yaml``."""

    file: str
    raw: bytes


class Original(NamedTuple):
    """A sound release, and its fields as text, from which a translation takes what it does not state."""

    release: Release
    data: Mapping[str, Data]


def read_story(
    original: SourceFile, translations: Sequence[SourceFile], vocabulary: Vocabulary
) -> tuple[tuple[Release, ...], tuple[Problem, ...]]:
    """Reads the sound releases of a file and of its translations, and the problems of all these files.

    A translation needs a sound original, from which it takes what it does not state.
    """
    found: list[Fault] = []
    name = FileName.of(original.file)
    originals = _originals(original.raw, name or FileName(None, "", None), vocabulary, found)
    releases = [each.release for each in originals if each]
    told = list(as_problems(found, original.file))
    for source in translations:
        faults: list[Fault] = []
        if len(originals) == 1:
            if release := _translation(source, originals[0], vocabulary, faults):
                releases.append(release)
        elif originals:
            message = f"its original, {_file_name(original.file)}, has {len(originals)} releases"
            faults.append(Fault(0, 0, "", message, "give each release a file of its own"))
        else:
            faults.append(_original_is_faulty(original.file))
        told += as_problems(faults, source.file)
    return tuple(releases), tuple(sorted(told))


def _file_name(file: str) -> str:
    return file.rpartition("/")[2]


def _original_is_faulty(original: str) -> Fault:
    return Fault(0, 0, "", "waits for its original, which has problems", f"put {_file_name(original)} right first")


def _originals(raw: bytes, name: FileName, vocabulary: Vocabulary, found: list[Fault]) -> list[Original | None]:
    """The releases of a file in its order; None for one with a fatal fault."""
    documents, faults = yaml_reader.read_yaml(raw)
    found += faults
    written = [record for document in documents for record in records(document, found)]
    several = len(written) > 1
    return [_release(record, {}, name, vocabulary, found, several=several) for record in written]


def _translation(
    source: SourceFile, original: Original | None, vocabulary: Vocabulary, found: list[Fault]
) -> Release | None:
    documents, faults = yaml_reader.read_yaml(source.raw)
    found += faults
    written = [record for document in documents for record in records(document, found)]
    if len(written) > 1:
        found.append(Fault(0, 0, "", "several releases in a translation", "give each translation a file of its own"))
    name = FileName.of(source.file)
    if len(written) != 1 or name is None:
        return None
    inherited = _inherited_fields(original, written[0], vocabulary) if original else {"published": _NO_DAY}
    own = _release(written[0], inherited, name, vocabulary, found, original=original)
    if original is None:
        found.append(_original_is_faulty(f"{_file_name(source.file).partition('.')[0]}.yaml"))
    return own.release if own and original else None


def _inherited_fields(original: Original, record: RawRecord, vocabulary: Vocabulary) -> dict[str, Data]:
    fields = (*INHERITED, *(facet.field for facet in vocabulary.facets))
    inherited = {field: original.data[field] for field in fields if field in original.data}
    for field in _earlier_moments(record, original.release, vocabulary):
        del inherited[field]
    return inherited | {"slug": original.release.slug, "year": str(original.release.year)}


def _earlier_moments(record: RawRecord, original: Release, vocabulary: Vocabulary) -> list[str]:
    """The moments of the original that came before the translation was published: they are none of its own."""
    zone = vocabulary.newsroom.time_zone
    try:
        published = _MOMENT.validate_python(record.data.get("published"), context={"zone": zone})
    except ValidationError:
        return []  # there is none, or a bad one, which the model reports
    moments = {"announced": original.announced, "updated": original.updated, "pinned": original.pinned}
    return [field for field, moment in moments.items() if moment is not None and moment < published]


def _release(
    record: RawRecord,
    inherited: Mapping[str, Data],
    name: FileName,
    vocabulary: Vocabulary,
    found: list[Fault],
    *,
    several: bool = False,
    original: Original | None = None,
) -> Original | None:
    own = tuple(facet.field for facet in vocabulary.facets)
    faults = [*record.faults, *lost_text(record, Release, own)]
    data = {**inherited, **record.data}
    fields = dict(data)
    terms = pop_terms(fields, vocabulary.facets, record, vocabulary, faults)
    language = _language(data.get("language"), name, vocabulary, record, faults, original)
    if several and "slug" not in data:
        faults.append(record.fault("slug", "is missing", "in a file of several releases each one needs “slug: …”"))
    defaults = _defaults(data, name, language, vocabulary)
    filled_in = {**defaults, **fields, "language": language, "terms": terms, "translation": original is not None}
    release = None
    try:
        release = Release.model_validate(filled_in, context={"zone": vocabulary.newsroom.time_zone})
    except ValidationError as error:
        faults += _model_faults(error, record, defaults, vocabulary)
    else:
        faults += _unannounced_changes(release, record)
    found += first_per_path(faults) if faults else ()
    if release is None or any(fault.fatal for fault in faults):
        return None
    return Original(release, data)


def _language(
    stated: Data | None,
    name: FileName,
    vocabulary: Vocabulary,
    record: RawRecord,
    faults: list[Fault],
    original: Original | None,
) -> str:
    """The language of a release in canonical case. If it is not the newsroom's: the main one, and a fault."""
    own = vocabulary.newsroom.language
    written = stated if isinstance(stated, str) else name.language or own
    if stated is not None and not isinstance(stated, str):
        faults.append(record.fault("language", "must be a text", "write it as in en, zh-Hans or mn"))
    language = vocabulary.language(written)
    if language is None:
        message = f"{quoted(written)} is not a language of this newsroom"
        advice = f"use {alternatives(vocabulary.newsroom.languages)}, or add it to newsroom.yaml"
        faults.append(record.fault("language", message, advice))
    elif name.language and stated and language != vocabulary.language(name.language):
        message = f"the file's name says {name.language}"
        faults.append(record.fault("language", message, "delete the line, or give the file another name"))
    elif original and language == original.release.language:
        faults.append(record.fault("language", "the original is in the same language", "give the file another name"))
    return language or own


def _defaults(data: Mapping[str, Data], name: FileName, language: str, vocabulary: Vocabulary) -> dict[str, Data]:
    """Values of absent fields. The date in the file's name counts as the first publication, even if it moves later."""
    slug, published = data.get("slug", name.slug), data.get("published")
    day = name.date
    if day is None:
        found = _DAY.match(published) if isinstance(published, str) else None
        day = found[0] if found else _NO_DAY
    suffix = "" if language == vocabulary.newsroom.language else f".{_tag(data, name, language)}"
    defaults = {"id": f"tag:{vocabulary.newsroom.domain},{day}:{slug}{suffix}", "slug": name.slug, "year": day[:4]}
    return {field: text for field, text in defaults.items() if field not in data}


def _tag(data: Mapping[str, Data], name: FileName, language: str) -> str:
    """The tag of a release's language as its editor writes it: no id changes when the newsroom adds a region."""
    written = data.get("language", name.language)
    known = {tag.lower(): tag for tag in tags_read(language)}
    return known.get(written.lower(), language) if isinstance(written, str) else language


def _model_faults(
    error: ValidationError, record: RawRecord, defaults: Mapping[str, Data], vocabulary: Vocabulary
) -> list[Fault]:
    """The model's faults; those of filled-in values only if there are no others."""
    own = tuple(facet.field for facet in vocabulary.facets)
    faults = list(model_errors.explain(error, Release, record, own))
    filled = {record.path(field) for field in defaults}
    return [fault for fault in faults if fault.path not in filled] or faults


def _unannounced_changes(release: Release, record: RawRecord) -> Iterator[Fault]:
    """Finds corrections and withdrawals that readers are not told of, because ``updated`` does not change.

    Feed readers notice a change by its time (RFC 4287, section 4.2.15). With bare dates, a release and its correction
    on the same day have the same midnight. The release is not held back: it is shown, without notice.
    """
    known = {release.published}
    for number, correction in enumerate(release.corrections):
        if correction.major:
            if correction.date in known:
                yield _unannounced(record, f"corrections[{number}].date", correction.date)
            known.add(correction.date)
    # A withdrawal taken from the original is reported there.
    if release.withdrawn and release.withdrawn.date in known and "withdrawn" in record.data:
        yield _unannounced(record, "withdrawn.date", release.withdrawn.date)


def _unannounced(record: RawRecord, path: str, moment: datetime) -> Fault:
    message = "readers are not told of this: something else has the same date and time"
    return record.fault(path, message, f"write the time too: {(moment + _SECOND).isoformat()} or later", fatal=False)
