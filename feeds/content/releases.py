"""Reads a story: one file of releases with its translations, from bytes to frozen values and problems.

Pure: the caller has read the files. What the editor left out is filled in here, before the model checks the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from feeds.content import model_errors, yaml_reader
from feeds.content.faults import Fault, clipped, listed, problems, unique
from feeds.content.files import Name
from feeds.content.raw_record import Draft, drafts
from feeds.content.terms import taken_out
from feeds.content.yaml_reader import Data
from feeds.errors import Problem
from feeds.model.fields import Moment
from feeds.model.release import Release
from feeds.model.vocabulary import Vocabulary

INHERITED = (
    *("published", "updated", "withdrawn", "draft", "url", "dateline"),
    *("credit", "image", "attachments", "authors", "contacts", "related", "rights"),
)
"""What a translation need not repeat; neither need it repeat the fields of facets."""

_MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)
_SECOND = timedelta(seconds=1)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NO_DAY = "1970-01-01"
"""Stands in an id that nobody will see, because the date it needs is a problem already."""


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of one file, and what problems call it: ``data/releases/2021/2021-06-24-score.yaml``."""

    file: str
    raw: bytes


class Original(NamedTuple):
    """A release that stands, and its fields as text: what a translation takes over."""

    release: Release
    data: Mapping[str, Data]


def read_story(
    original: Source, translations: Sequence[Source], vocabulary: Vocabulary
) -> tuple[tuple[Release, ...], tuple[Problem, ...]]:
    """The releases of a file and of its translations that are sound, and the problems of them all.

    A translation stands only with its original: what it does not state itself, it takes from there.
    """
    found: list[Fault] = []
    name = Name.of(original.file)
    originals = _originals(original.raw, name or Name(None, "", None), vocabulary, found)
    releases = [each.release for each in originals if each]
    told = list(problems(found, original.file))
    for source in translations:
        faults: list[Fault] = []
        if len(originals) == 1:
            if release := _translation(source, originals[0], vocabulary, faults):
                releases.append(release)
        elif originals:
            message = f"its original, {_last(original.file)}, has {len(originals)} releases"
            faults.append(Fault(0, 0, "", message, "give each release a file of its own"))
        else:
            faults.append(_waiting(original.file))
        told += problems(faults, source.file)
    return tuple(releases), tuple(sorted(told))


def _last(file: str) -> str:
    return file.rpartition("/")[2]


def _waiting(original: str) -> Fault:
    return Fault(0, 0, "", "waits for its original, which has problems", f"put {_last(original)} right first")


def _originals(raw: bytes, name: Name, vocabulary: Vocabulary, found: list[Fault]) -> list[Original | None]:
    """Every release of a file in its order; None for one that does not stand."""
    documents, faults = yaml_reader.documents(raw)
    found += faults
    written = [draft for document in documents for draft in drafts(document, found)]
    several = len(written) > 1
    return [_release(draft, {}, name, vocabulary, found, several=several) for draft in written]


def _translation(
    source: Source, original: Original | None, vocabulary: Vocabulary, found: list[Fault]
) -> Release | None:
    documents, faults = yaml_reader.documents(source.raw)
    found += faults
    written = [draft for document in documents for draft in drafts(document, found)]
    if len(written) > 1:
        found.append(Fault(0, 0, "", "several releases in a translation", "give each translation a file of its own"))
    name = Name.of(source.file)
    if len(written) != 1 or name is None:
        return None
    taken = _inherited(original, written[0], vocabulary) if original else {"published": _NO_DAY}
    own = _release(written[0], taken, name, vocabulary, found, original=original)
    if original is None:
        found.append(_waiting(f"{_last(source.file).partition('.')[0]}.yaml"))
    return own.release if own and original else None


def _inherited(original: Original, draft: Draft, vocabulary: Vocabulary) -> dict[str, Data]:
    fields = (*INHERITED, *(facet.field for facet in vocabulary.facets))
    taken = {field: original.data[field] for field in fields if field in original.data}
    if _comes_after_the_update(draft, original.release, vocabulary):
        del taken["updated"]
    return taken | {"slug": original.release.slug, "year": str(original.release.year)}


def _comes_after_the_update(draft: Draft, original: Release, vocabulary: Vocabulary) -> bool:
    """Whether a translation bears a date of its own, by which the original had been updated already."""
    zone = vocabulary.newsroom.time_zone
    zone = vocabulary.newsroom.time_zone
    try:
        published = _MOMENT.validate_python(draft.data.get("published"), context={"zone": zone})
    except ValidationError:
        return False  # it has none, or one of which more will be said
    return original.updated is not None and original.updated < published


def _release(
    draft: Draft,
    taken: Mapping[str, Data],
    name: Name,
    vocabulary: Vocabulary,
    found: list[Fault],
    *,
    several: bool = False,
    original: Original | None = None,
) -> Original | None:
    faults = list(draft.faults)
    data = {**taken, **draft.data}
    fields = dict(data)
    terms = taken_out(fields, vocabulary.facets, draft, vocabulary, faults)
    language = _language(data.get("language"), name, vocabulary, draft, faults, original)
    if several and "slug" not in data:
        faults.append(draft.fault("slug", "is missing", "in a file of several releases each one needs “slug: …”"))
    minted = _minted(data, name, language, vocabulary)
    filled_in = {**minted, **fields, "language": language, "terms": terms}
    release = None
    try:
        release = Release.model_validate(filled_in, context={"zone": vocabulary.newsroom.time_zone})
    except ValidationError as error:
        faults += _worded(error, draft, minted, vocabulary)
    else:
        faults += _silent(release, draft)
    found += unique(faults) if faults else ()
    if release is None or any(fault.fatal for fault in faults):
        return None
    return Original(release, data)


def _language(
    stated: Data | None,
    name: Name,
    vocabulary: Vocabulary,
    draft: Draft,
    faults: list[Fault],
    original: Original | None,
) -> str:
    """The language of a release as the newsroom spells it; its own, and a fault, if it has no such one."""
    own = vocabulary.newsroom.language
    written = stated if isinstance(stated, str) else name.language or own
    if stated is not None and not isinstance(stated, str):
        faults.append(draft.fault("language", "must be a text", "write it as in en, zh-Hans or mn"))
    language = vocabulary.languages.get(written.lower())
    if language is None:
        message = f"{clipped(written)} is not a language of this newsroom"
        advice = f"use {listed(vocabulary.newsroom.languages)}, or add it to newsroom.yaml"
        faults.append(draft.fault("language", message, advice))
    elif name.language and stated and written.lower() != name.language.lower():
        message = f"the file's name says {name.language}"
        faults.append(draft.fault("language", message, "delete the line, or give the file another name"))
    elif original and language == original.release.language:
        faults.append(draft.fault("language", "the original is in the same language", "give the file another name"))
    return language or own


def _minted(data: Mapping[str, Data], name: Name, language: str, vocabulary: Vocabulary) -> dict[str, Data]:
    """What need not be written; the date in the file's name is the first publication date, whatever comes later."""
    slug, published = data.get("slug", name.slug), data.get("published")
    day = name.date
    if day is None:
        found = _DAY.match(published) if isinstance(published, str) else None
        day = found[0] if found else _NO_DAY
    suffix = "" if language == vocabulary.newsroom.language else f".{language}"
    minted = {"id": f"tag:{vocabulary.newsroom.domain},{day}:{slug}{suffix}", "slug": name.slug, "year": day[:4]}
    return {field: text for field, text in minted.items() if field not in data}


def _worded(error: ValidationError, draft: Draft, minted: Mapping[str, Data], vocabulary: Vocabulary) -> list[Fault]:
    """The model's findings; those about filled-in values only if nothing else explains them."""
    own = tuple(facet.field for facet in vocabulary.facets)
    faults = list(model_errors.faults(error, Release, draft, own))
    filled = {draft.path(field) for field in minted}
    return [fault for fault in faults if fault.path not in filled] or faults


def _silent(release: Release, draft: Draft) -> Iterator[Fault]:
    """One fault for each that bears a moment of which readers know something already.

    Feed readers tell a change by its moment (RFC 4287 section 4.2.15). Bare dates do this most of all: a release, its
    correction and its withdrawal on one day would all bear the same midnight. What is shown in silence is better than
    nothing, so it is not held back.
    """
    known = {release.published}
    for number, correction in enumerate(release.corrections):
        if correction.major:
            if correction.date in known:
                yield _silence(draft, f"corrections[{number}].date", correction.date)
            known.add(correction.date)
    # What a translation has taken over is a fault of its original.
    if release.withdrawn and release.withdrawn.date in known and "withdrawn" in draft.data:
        yield _silence(draft, "withdrawn.date", release.withdrawn.date)


def _silence(draft: Draft, path: str, moment: datetime) -> Fault:
    message = "readers are told nothing: they know something of this moment already"
    return draft.fault(path, message, f"write the time too: {(moment + _SECOND).isoformat()} or later", fatal=False)
