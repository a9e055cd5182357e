"""Reads newsroom.yaml and the files with terms, at the top of the content folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from feeds import i18n
from feeds.content import model_errors, yaml_reader
from feeds.content.appearance import FIELDS as LOOK
from feeds.content.appearance import told_only, without_unfit_look
from feeds.content.faults import Fault, alternatives, as_problems, first_per_path, join_path, quoted
from feeds.content.files import read_bytes
from feeds.content.former_feeds import FIELD as FORMER_FEEDS
from feeds.content.former_feeds import spelled, without_unfit_feeds
from feeds.content.iso_3166 import CODES
from feeds.content.lost_text import lost_text
from feeds.content.own_words import missing_words, read_own_words
from feeds.content.raw_record import NOT_FIELDS, RawRecord, named_records
from feeds.content.terms import pop_terms
from feeds.model.facets import DEFAULT_FACETS, Facet, name_clashes
from feeds.model.newsroom import Newsroom, Term
from feeds.model.problems import Problem
from feeds.model.release import Release
from feeds.model.vocabulary import OwnWords, Vocabulary

NEWSROOM = "newsroom.yaml"

FIELDS_TAKEN = frozenset({"newsroom", *Release.model_fields, *Term.model_fields})
"""Names that no facet's field may have: “newsroom”, which is another file, and the fields of releases and terms."""

_FORMER_GENRES = "genres"
"""The field of newsroom.yaml that held the terms of the facet genre in version 1.0."""


def read_newsroom(folder: Path) -> tuple[Vocabulary | None, tuple[Problem, ...]]:
    """Reads the newsroom with its terms, and all problems of these files.

    None if newsroom.yaml cannot be used. A term with a fatal problem is left out. Raises OSError for errors of the
    machine, such as too many open files.
    """
    raw = read_bytes(folder, NEWSROOM)
    if isinstance(raw, Problem):
        return None, (raw,)
    found: list[Fault] = []
    record = _only_document(raw, found)
    newsroom = _newsroom(record, found) if record else None
    told = list(as_problems(found, f"{folder.name}/{NEWSROOM}"))
    if record is None or newsroom is None:
        return None, tuple(told)
    if "facets" not in record.data:
        newsroom = newsroom.model_copy(update={"facets": _usual_facets(folder, record)})
    terms: dict[str, tuple[Term, ...]] = {}
    for facet in newsroom.facets:
        # A term may name terms of facets that are declared before its own.
        known = Vocabulary(newsroom, MappingProxyType(dict(terms)))
        terms[facet.name], more = _read_terms(facet, folder, record, known)
        told += more
    told += _undeclared_files(folder, newsroom.facets)
    own_words, more = read_own_words(folder, newsroom.languages)
    told += more
    told += as_problems(_languages_without_words(record, newsroom, own_words), f"{folder.name}/{NEWSROOM}")
    told += as_problems(_texts_in_other_languages(record, newsroom), f"{folder.name}/{NEWSROOM}")
    told += as_problems(_lists_in_other_languages(record, newsroom), f"{folder.name}/{NEWSROOM}")
    return Vocabulary(newsroom, MappingProxyType(terms), own_words), tuple(sorted(told))


def _usual_facets(folder: Path, record: RawRecord) -> tuple[Facet, ...]:
    """The facets of a newsroom that declares none: of the usual ones those whose terms are there, else topics."""
    found = tuple(
        facet
        for facet in DEFAULT_FACETS
        if (folder / facet.file).is_symlink()
        or (folder / facet.file).exists()
        or (facet.field == "genre" and _FORMER_GENRES in record.data)
    )
    return found or tuple(facet for facet in DEFAULT_FACETS if facet.name == "topic")


def newsroom_warning(folder: Path, field: str, message: str, advice: str) -> Problem:
    """A warning about what a field of newsroom.yaml names, with its line."""
    raw = read_bytes(folder, NEWSROOM)
    record = None if isinstance(raw, Problem) else _only_document(raw, [])
    line, column = record.position(field) if record else (0, 0)
    return Problem(f"{folder.name}/{NEWSROOM}", line, column, field, message, advice, fatal=False)


def former_feed_warning(folder: Path, former: str, message: str, advice: str) -> Problem:
    """A warning about an old address of a feed, with the line on which newsroom.yaml names it."""
    raw = read_bytes(folder, NEWSROOM)
    record = None if isinstance(raw, Problem) else _only_document(raw, [])
    named = record.data.get(FORMER_FEEDS) if record else None
    written = next((path for path in named if spelled(path) == former), former) if isinstance(named, dict) else former
    return newsroom_warning(folder, f"{FORMER_FEEDS}.{written}", message, advice)


def _languages_without_words(record: RawRecord, newsroom: Newsroom, own_words: OwnWords) -> Iterator[Fault]:
    """Finds languages in which neither the product nor the newsroom has words: their pages would speak English."""
    for number, language in missing_words(newsroom.languages, own_words):
        message = f"there are no words for the interface in {quoted(language)}: its pages and feeds speak English"
        advice = f"`feeds words {language}` writes the file to translate"
        yield record.fault(f"languages[{number}]", message, advice, fatal=False)


def _texts_in_other_languages(record: RawRecord, newsroom: Newsroom) -> Iterator[Fault]:
    """Finds texts of newsroom.yaml that exist in no language of the newsroom, so pages show them in another one."""
    for path, texts in _texts(newsroom):
        if texts.keys().isdisjoint(_tags_read(newsroom)):
            yield from (_in_another_language(record, path, language) for language in texts)


def _lists_in_other_languages(record: RawRecord, newsroom: Newsroom) -> Iterator[Fault]:
    """Finds mailing lists in languages that are not the newsroom's: no page names them."""
    lists = {} if newsroom.subscribe is None or isinstance(newsroom.subscribe, str) else newsroom.subscribe
    for language in sorted(lists.keys() - _tags_read(newsroom)):
        yield _in_another_language(record, "subscribe", language)


def _tags_read(newsroom: Newsroom) -> frozenset[str]:
    """The tags of texts that a page in some language of the newsroom can show."""
    return frozenset(tag for language in newsroom.languages for tag in i18n.tags_read(language))


def _in_another_language(record: RawRecord, path: str, language: str) -> Fault:
    message = f"{quoted(language)} is not a language of this newsroom"
    return record.fault(join_path(path, language), message, "add it to “languages:”, or correct the tag", fatal=False)


def _texts(newsroom: Newsroom) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The texts of newsroom.yaml that are there in several languages, with their paths."""
    for name in ("title", "subtitle", "headline", "about", "rights"):
        yield name, getattr(newsroom, name) or {}
    for number, section in enumerate(newsroom.sections):
        yield f"sections[{number}].title", section.title
        yield f"sections[{number}].text", section.text or {}
        for place, item in enumerate(section.items or ()):
            yield f"sections[{number}].items[{place}]", item
    for number, link in enumerate(newsroom.links):
        yield f"links[{number}].title", link.title


def _slug(term: Term) -> str:
    return term.slug


def _newsroom(record: RawRecord, found: list[Fault]) -> Newsroom | None:
    outside = [
        fault for fault in told_only(record.faults, (*LOOK, FORMER_FEEDS)) if not fault.path.startswith(_FORMER_GENRES)
    ]
    found += outside
    if any(fault.fatal for fault in outside):
        return None
    found += lost_text(record, Newsroom)
    try:
        data = without_unfit_feeds(record, without_unfit_look(record, found), found)
        newsroom = Newsroom.model_validate({field: each for field, each in data.items() if field != _FORMER_GENRES})
    except ValidationError as error:
        found += model_errors.explain(error, Newsroom, record)
        return None
    clashing = tuple(name_clashes(newsroom.facets, FIELDS_TAKEN))
    for number, attribute, value in clashing:
        advice = "choose another name: this one has a meaning already"
        found.append(record.fault(f"facets[{number}].{attribute}", f"{quoted(value)} is taken", advice))
    return None if clashing else newsroom


def _undeclared_files(folder: Path, facets: Sequence[Facet]) -> Iterator[Problem]:
    """Finds files beside newsroom.yaml that belong to no facet: most likely their facet is not declared."""
    claimed = {NEWSROOM, *(facet.file for facet in facets)}
    for path in sorted(folder.glob("*.yaml")):
        if path.name not in claimed and not path.name.startswith("."):
            field = path.stem
            message = f"no facet has the field {quoted(field)}, so nobody reads this file"
            advice = f"declare it under “facets:” in {NEWSROOM}, or move the file out of this folder"
            yield Problem(f"{folder.name}/{path.name}", 1, 1, "", message, advice, fatal=False)


def _only_document(raw: bytes, found: list[Fault], *, listed: bool = False) -> RawRecord | None:
    """The record of a file with one document. With ``listed``, the document may also be a list."""
    documents, faults = yaml_reader.read_yaml(raw)
    found += faults
    if len(documents) > 1:
        found.append(Fault(0, 0, "", "several documents in one file", "delete the lines “---” but the first"))
    if len(documents) != 1:
        return None
    document = documents[0]
    if listed and isinstance(document.data, list):
        found += document.faults
        return RawRecord({}, document, "", document.faults)
    if not isinstance(document.data, dict):
        found += (*document.faults, RawRecord({}, document, "", ()).fault("", *NOT_FIELDS))
        return None
    return RawRecord(document.data, document, "", document.faults)


def _read_terms(
    facet: Facet, folder: Path, newsroom: RawRecord, vocabulary: Vocabulary
) -> tuple[tuple[Term, ...], tuple[Problem, ...]]:
    """Reads the file of a facet's terms: the terms sorted by slug, and problems."""
    path = folder / facet.file
    found: list[Fault] = []
    if not path.is_symlink() and not path.exists():
        if facet.field != "genre" or _FORMER_GENRES not in newsroom.data:
            return (), ()
        terms = _terms(facet, _former_genres(newsroom, found), vocabulary, found)
        return tuple(sorted(terms, key=_slug)), as_problems(found, f"{folder.name}/{NEWSROOM}")
    raw = read_bytes(folder, facet.file)
    if isinstance(raw, Problem):
        return (), (raw,)
    terms = _terms(facet, _term_records(facet, raw, found), vocabulary, found)
    return tuple(sorted(terms, key=_slug)), as_problems(found, f"{folder.name}/{facet.file}")


def _term_records(facet: Facet, raw: bytes, found: list[Fault]) -> Iterator[tuple[str, RawRecord]]:
    """Yields the name and record of each term. For codes the name is enough: ``CN:``, or a list of codes."""
    record = _only_document(raw, found, listed=bool(facet.codes))
    if record is None:
        return
    document = record.document
    if isinstance(document.data, list):
        for number, code in enumerate(document.data):
            inner = RawRecord({}, document, f"[{number}]", ())
            if isinstance(code, str) and code:
                yield code, inner
            else:
                found.append(inner.fault("", "must be a code", "write its letters, for example “- MN”"))
        return
    found += (fault for fault in record.faults if not fault.path)
    if facet.codes:
        empty = {name for name, value in record.data.items() if value == ""}
        yield from ((name, RawRecord({}, document, name, ())) for name in record.data if name in empty)
        record = record._replace(data={name: value for name, value in record.data.items() if name not in empty})
    yield from named_records(record, record.data, found)


def _former_genres(newsroom: RawRecord, found: list[Fault]) -> Iterator[tuple[str, RawRecord]]:
    genres = newsroom.data[_FORMER_GENRES]
    place = newsroom.position(_FORMER_GENRES, key=True)
    message, advice = "terms have a file of their own", "move these lines to genre.yaml, two columns to the left"
    found.append(Fault(*place, _FORMER_GENRES, message, advice, fatal=False))
    if isinstance(genres, dict):
        yield from named_records(RawRecord(genres, newsroom.document, _FORMER_GENRES, newsroom.faults), genres, found)


def _terms(
    facet: Facet, records: Iterator[tuple[str, RawRecord]], vocabulary: Vocabulary, found: list[Fault]
) -> tuple[Term, ...]:
    """The terms without a fatal fault. Of two with the same name, the first is kept."""
    terms: dict[str, Term] = {}
    taken: dict[str, str] = {}
    retired: list[tuple[Term, RawRecord]] = []
    for key, record in records:
        faults = [*record.faults]
        term = _term(facet, key, record, vocabulary, faults)
        if term:
            faults += _collisions(term, record, taken)
        if term and not any(fault.fatal for fault in faults):
            terms[term.slug] = term
            taken |= dict.fromkeys((term.slug, *term.aliases), key)
            retired += [(term, record)] if term.retired else []
        found += first_per_path(faults)
    return _with_successors(facet, terms, retired, found)


def _with_successors(
    facet: Facet, terms: dict[str, Term], retired: list[tuple[Term, RawRecord]], found: list[Fault]
) -> tuple[Term, ...]:
    """Replaces the names of retired terms' successors by current slugs. An unknown one becomes a fault."""
    slugs = {name: term.slug for term in terms.values() for name in (term.slug, *term.aliases)}
    for term, record in retired:
        if term.retired is None or term.retired.successor is None:
            continue
        slug = slugs.get(term.retired.successor)
        if slug is None or slug == term.slug:
            advice = f"name another {facet.name} of {facet.file}, or delete the line"
            name = quoted(term.retired.successor)
            message = "a term cannot follow itself" if slug else f"no such {facet.name} {name}"
            found.append(record.fault("retired.successor", message, advice, fatal=False))
        terms[term.slug] = term.model_copy(
            update={"retired": term.retired.model_copy(update={"successor": None if slug == term.slug else slug})}
        )
    return tuple(terms.values())


def _term(facet: Facet, key: str, record: RawRecord, vocabulary: Vocabulary, faults: list[Fault]) -> Term | None:
    if facet.codes and key.upper() not in CODES:
        advice = "use the two capital letters of ISO 3166-1, for example FR for France"
        faults.append(_name_fault(record, f"no such country code {quoted(key)}", advice))
        return None
    data = dict(record.data)
    if "slug" in data:
        faults.append(record.fault("slug", "no such field", "delete it; the name of the group is the slug"))
    before = vocabulary.facets[: vocabulary.facet_names.index(facet.name)]
    faults += lost_text(record, Term, tuple(facet.field for facet in before))
    related = pop_terms(data, before, record, vocabulary, faults)
    if facet.codes and "labels" not in data:
        data["labels"] = dict(i18n.territory_names(key.upper(), vocabulary.newsroom.languages))
    try:
        term = Term.model_validate(
            {**data, "slug": facet.slug(key), "terms": related}, context={"zone": vocabulary.newsroom.time_zone}
        )
    except ValidationError as error:
        for fault in model_errors.explain(error, Term, record):
            if fault.path == record.path("slug"):
                faults.append(_name_fault(record, fault.message, fault.advice))
            else:
                faults.append(fault)
        return None
    faults += _foreign_labels(record, vocabulary)
    return term


def _name_fault(record: RawRecord, message: str, advice: str) -> Fault:
    """A fault at the name of a group of fields, which is the slug of a term."""
    return Fault(*record.position("", key=True), record.prefix, message, advice)


def _foreign_labels(record: RawRecord, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Finds labels and summaries in languages that are not the newsroom's: no reader would see them."""
    for field in ("labels", "summary"):
        texts = record.data.get(field, {})
        for language in texts if isinstance(texts, dict) else ():
            if language.lower() not in vocabulary.tags_read:
                place = record.position(f"{field}.{language}", key=True)
                message = f"{quoted(language)} is not a language of this newsroom"
                advice = f"use {alternatives(vocabulary.newsroom.languages)}"
                yield Fault(*place, record.path(f"{field}.{language}"), message, advice, fatal=False)


def _collisions(term: Term, record: RawRecord, taken: dict[str, str]) -> Iterator[Fault]:
    if term.slug in taken:
        owner = quoted(taken[term.slug])
        yield _name_fault(record, f"{owner} has this name already", "choose another name, or another alias there")
    for number, alias in enumerate(term.aliases):
        if alias in taken or alias == term.slug or alias in term.aliases[:number]:
            owner = quoted(taken.get(alias, record.prefix.rpartition(".")[2]))
            path = f"aliases[{number}]"
            yield record.fault(path, f"{owner} has the name {quoted(alias)} already", "delete this alias")
