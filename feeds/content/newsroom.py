"""Reads what the newsroom is, and the terms its releases may name, from the files at the top of the content folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from feeds.content import model_errors, yaml_reader
from feeds.content.faults import Fault, clipped, listed, problems, unique
from feeds.content.files import read_bytes
from feeds.content.iso_3166 import CODES
from feeds.content.raw_record import Draft, groups, named
from feeds.content.terms import FILES, resolve
from feeds.errors import Problem
from feeds.model.release import Facet, Newsroom, Term
from feeds.model.vocabulary import Vocabulary

NEWSROOM = "newsroom.yaml"


def read_newsroom(folder: Path) -> tuple[Vocabulary | None, tuple[Problem, ...]]:
    """The newsroom with its terms, and all problems of these files.

    None if there is no newsroom to speak for; a term with a fatal problem is left out, the others stand.
    """
    raw = read_bytes(folder, NEWSROOM)
    if isinstance(raw, Problem):
        return None, (raw,)
    found: list[Fault] = []
    newsroom = _newsroom(raw, found)
    told = list(problems(found, f"{folder.name}/{NEWSROOM}"))
    if newsroom is None:
        return None, tuple(told)
    terms = {Facet.GENRE: tuple(sorted(newsroom.genres, key=_slug))}
    for facet in (Facet.COUNTRY, Facet.PROJECT, Facet.TOPIC):
        file = f"{folder.name}/{FILES[facet]}"
        # Projects name countries, so the countries come first.
        known = Vocabulary(newsroom, MappingProxyType(dict(terms)))
        terms[facet], faults = _terms_of_file(folder, facet, known)
        told += problems(faults, file) if not isinstance(faults, Problem) else (faults,)
    return Vocabulary(newsroom, MappingProxyType(terms)), tuple(sorted(told))


def _slug(term: Term) -> str:
    return term.slug


def _newsroom(raw: bytes, found: list[Fault]) -> Newsroom | None:
    draft = _only_document(raw, found)
    if draft is None:
        return None
    # Given, because the model's own default for it cannot be copied.
    data: dict[str, yaml_reader.Data] = {"priorities": {}, **draft.data}
    genres = data.pop("genres", None)
    outside = [fault for fault in draft.faults if not fault.path.startswith("genres")]
    found += outside
    if outside:
        return None
    try:
        newsroom = Newsroom.model_validate(data)
    except ValidationError as error:
        found += model_errors.faults(error, Newsroom, draft)
        return None
    if not isinstance(genres, dict):
        if genres is not None:
            found += draft.faults or (draft.fault("genres", "must be a group of terms", "write “news: …” below it"),)
        return newsroom
    below = Draft(genres, draft.document, "genres", draft.faults)
    vocabulary = Vocabulary(newsroom, MappingProxyType({}))
    terms = _terms(Facet.GENRE, named(below, genres, found), vocabulary, found)
    return newsroom.model_copy(update={"genres": terms})


def _only_document(raw: bytes, found: list[Fault]) -> Draft | None:
    documents, faults = yaml_reader.documents(raw)
    found += faults
    if len(documents) > 1:
        found.append(Fault(0, 0, "", "several documents in one file", "delete the lines “---” but the first"))
    if len(documents) != 1:
        return None
    document = documents[0]
    if not isinstance(document.data, dict):
        found += document.faults
        list(groups(document, found))
        return None
    return Draft(document.data, document, "", document.faults)


def _terms_of_file(
    folder: Path, facet: Facet, vocabulary: Vocabulary
) -> tuple[tuple[Term, ...], list[Fault] | Problem]:
    if not (folder / FILES[facet]).is_symlink() and not (folder / FILES[facet]).exists():
        return (), []
    raw = read_bytes(folder, FILES[facet])
    if isinstance(raw, Problem):
        return (), raw
    found: list[Fault] = []
    draft = _only_document(raw, found)
    if draft is None:
        return (), found
    found += (fault for fault in draft.faults if not fault.path)
    terms = _terms(facet, named(draft, draft.data, found), vocabulary, found)
    return tuple(sorted(terms, key=_slug)), found


def _terms(
    facet: Facet, drafts: Iterator[tuple[str, Draft]], vocabulary: Vocabulary, found: list[Fault]
) -> tuple[Term, ...]:
    """The terms without a fatal fault; of two that claim one name, the first has it."""
    terms: dict[str, Term] = {}
    taken: dict[str, str] = {}
    retired: list[tuple[Term, Draft]] = []
    for key, draft in drafts:
        faults = [*draft.faults]
        term = _term(facet, key, draft, vocabulary, faults)
        if term:
            faults += _collisions(term, draft, taken)
        if term and not any(fault.fatal for fault in faults):
            terms[term.slug] = term
            taken |= dict.fromkeys((term.slug, *term.aliases), key)
            retired += [(term, draft)] if term.retired else []
        found += unique(faults)
    return _with_successors(facet, terms, retired, found)


def _with_successors(
    facet: Facet, terms: dict[str, Term], retired: list[tuple[Term, Draft]], found: list[Fault]
) -> tuple[Term, ...]:
    """Retired terms with their successors by the slugs that count; one that is not there is a fault."""
    slugs = {name: term.slug for term in terms.values() for name in (term.slug, *term.aliases)}
    for term, draft in retired:
        if term.retired is None or term.retired.successor is None:
            continue
        slug = slugs.get(term.retired.successor)
        if slug is None or slug == term.slug:
            advice = f"name another {facet} of {FILES[facet]}, or delete the line"
            message = "a term cannot follow itself" if slug else f"no such {facet} {clipped(term.retired.successor)}"
            found.append(draft.fault("retired.successor", message, advice, fatal=False))
        terms[term.slug] = term.model_copy(
            update={"retired": term.retired.model_copy(update={"successor": None if slug == term.slug else slug})}
        )
    return tuple(terms.values())


def _term(facet: Facet, key: str, draft: Draft, vocabulary: Vocabulary, faults: list[Fault]) -> Term | None:
    if facet is Facet.COUNTRY and key.upper() not in CODES:
        advice = "use the two capital letters of ISO 3166-1, for example MN for Mongolia"
        faults.append(_of_name(draft, f"no such country code {clipped(key)}", advice))
        return None
    data = dict(draft.data)
    if "slug" in data:
        faults.append(draft.fault("slug", "no such field", "delete it; the name of the group is the slug"))
    resolve(Facet.COUNTRY, data, draft, vocabulary, faults)
    try:
        slug = key.lower() if facet is Facet.COUNTRY else key
        term = Term.model_validate({**data, "slug": slug}, context={"zone": vocabulary.newsroom.time_zone})
    except ValidationError as error:
        for fault in model_errors.faults(error, Term, draft):
            if fault.path == draft.path("slug"):
                faults.append(_of_name(draft, fault.message, fault.advice))
            else:
                faults.append(fault)
        return None
    faults += _unspoken(draft, vocabulary)
    return term


def _of_name(draft: Draft, message: str, advice: str) -> Fault:
    """A fault of the name of a group: a term's slug."""
    return Fault(*draft.place("", key=True), draft.prefix, message, advice)


def _unspoken(draft: Draft, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Labels in languages that the newsroom does not speak: nobody would see them."""
    for field in ("labels", "summary"):
        texts = draft.data.get(field, {})
        for language in texts if isinstance(texts, dict) else ():
            if language.lower() not in vocabulary.languages:
                place = draft.place(f"{field}.{language}", key=True)
                message = f"{clipped(language)} is not a language of this newsroom"
                advice = f"use {listed(vocabulary.newsroom.languages)}"
                yield Fault(*place, draft.path(f"{field}.{language}"), message, advice, fatal=False)


def _collisions(term: Term, draft: Draft, taken: dict[str, str]) -> Iterator[Fault]:
    if term.slug in taken:
        owner = clipped(taken[term.slug])
        yield _of_name(draft, f"{owner} has this name already", "choose another name, or another alias there")
    for number, alias in enumerate(term.aliases):
        if alias in taken or alias == term.slug or alias in term.aliases[:number]:
            owner = clipped(taken.get(alias, draft.prefix.rpartition(".")[2]))
            path = f"aliases[{number}]"
            yield draft.fault(path, f"{owner} has the name {clipped(alias)} already", "delete this alias")
