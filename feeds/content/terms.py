"""Looks up the terms that a release or a term names, and guesses which one was meant if there is none."""

from __future__ import annotations

from collections.abc import Iterable

from feeds.content.faults import MOST_FAULTS, Fault, alternatives, quoted
from feeds.content.iso_3166 import CODES
from feeds.content.raw_record import RawRecord
from feeds.content.value_advice import as_list, hidden_character, names_in
from feeds.content.yaml_reader import Data
from feeds.model.facets import Facet
from feeds.model.fields import TermsByFacet
from feeds.model.release import NOT_WRITTEN
from feeds.model.vocabulary import Vocabulary


def pop_terms(
    data: dict[str, Data], facets: Iterable[Facet], record: RawRecord, vocabulary: Vocabulary, found: list[Fault]
) -> TermsByFacet:
    """Removes the facets' fields from ``data``, and returns the slugs that they name: sorted, each once.

    Names that are no term, and fields of the wrong shape, become faults in ``found``, at their position in ``record``.
    """
    terms = []
    for name in NOT_WRITTEN & data.keys():
        del data[name]
        advice = f"use {alternatives(tuple(facet.field for facet in vocabulary.facets))}"
        found.append(record.fault(name, "no such field", advice))
    for facet in facets:
        written = data.pop(facet.field, None)
        if written is not None:
            names = _names(facet, written, record, found)
            slugs = _slugs(facet, names, record, vocabulary, found)
            if slugs:
                terms.append((facet.name, slugs))
    return tuple(terms)


def _names(facet: Facet, written: Data, record: RawRecord, found: list[Fault]) -> list[tuple[str, str]]:
    """The path and text of each name in a facet's field; none if the field has the wrong shape."""
    if facet.one:
        if isinstance(written, str):
            return [(facet.field, written)] if written else []
        found.append(
            record.fault(facet.field, "must be a text", f"a release has one {facet.name}: write its name only")
        )
        return []
    if not isinstance(written, list):
        if written:
            advice = as_list(written if isinstance(written, str) else "")
            found.append(record.fault(facet.field, "must be a list", advice))
        return []
    names = []
    for number, name in enumerate(written):
        path = f"{facet.field}[{number}]"
        if isinstance(name, str):
            names += [(path, name)] if name else []
        else:
            found.append(record.fault(path, "must be a text", "put it in quotes if it has brackets in it"))
    return names


def _slugs(
    facet: Facet, names: list[tuple[str, str]], record: RawRecord, vocabulary: Vocabulary, found: list[Fault]
) -> tuple[str, ...]:
    slugs: set[str] = set()
    for path, name in names:
        slug = vocabulary.slug(facet.name, name)
        if slug is None:
            advice = _advice(facet, name, vocabulary, len(found))
            found.append(record.fault(path, f"no such {facet.name} {quoted(name)}", advice))
        elif slug in slugs:
            found.append(record.fault(path, f"{quoted(name)} twice", "delete one", fatal=False))
        else:
            slugs.add(slug)
    return tuple(sorted(slugs))


def _advice(facet: Facet, name: str, vocabulary: Vocabulary, said: int) -> str:
    known = [facet.written(term.slug) for term in vocabulary.terms.get(facet.name, ())]
    if not known:
        return f"{facet.file} has no {facet.name} that can be used; put that right first"
    if hidden := hidden_character(name):
        return f"there is {hidden[0]} in it: {hidden[1]}"
    meant_names = [vocabulary.slug(facet.name, each) for each in names_in(name)]
    if meant_names and None not in meant_names and facet.one and len(meant_names) > 1:
        one = alternatives([facet.written(slug) for slug in meant_names if slug])
        return f"a release has one {facet.name}: write {one}"
    if meant_names and None not in meant_names:
        return f"write [{', '.join(facet.written(slug) for slug in meant_names if slug)}]"
    # Guessing is slow, and nobody reads that many.
    if said < MOST_FAULTS and (meant := vocabulary.nearest(facet.name, name)):
        return f"did you mean {facet.written(meant)}?"
    if facet.codes and name.upper() in CODES:
        return f"add it to {facet.file} if releases may be about it"
    return f"use {alternatives(known)}, or add it to {facet.file}" if len(known) <= 12 else f"add it to {facet.file}"
