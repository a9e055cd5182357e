"""Finds the newsroom's terms for the categories, tags and keywords of other programs, and adds those that it lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from feeds.content import release_yaml, replace_file
from feeds.content.slugs import slug_of
from feeds.content.yaml_reader import read_yaml
from feeds.errors import FeedsError
from feeds.importers.item import Label
from feeds.model.facets import Facet
from feeds.model.newsroom import Term
from feeds.model.vocabulary import Vocabulary


@dataclass
class TermsMatching:
    """Matches labels with terms. Keeps the vocabulary, which grows if terms are added, and what was not matched."""

    vocabulary: Vocabulary
    mapping: Mapping[str, str]
    """The name of a facet by the field of the source that holds its terms."""
    add_to: Path | None = None
    """The content folder, if terms may be added to its files."""
    dry: bool = False
    unmatched: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often a name came that is no term, by field and name."""
    added: list[tuple[str, str, str]] = field(default_factory=list)
    """Facet, slug and label of each new term."""
    _spellings: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for facet in self.vocabulary.facets:
            self._spellings[facet.name] = {}
            for term in self.vocabulary.terms.get(facet.name, ()):
                self._know(facet.name, term)

    def terms(self, labels: Iterable[Label], language: str) -> dict[str, str | list[str]]:
        """The fields of a release that name its terms, as an editor would write them."""
        found: dict[str, list[str]] = {}
        for label in labels:
            facet, slug = self._match(label) or self._new(label, language) or (None, "")
            if facet is None:
                self.unmatched[label.field, label.name] += 1
            elif facet.written(slug) not in found.setdefault(facet.name, []):
                found[facet.name].append(facet.written(slug))
        fields: dict[str, str | list[str]] = {}
        for facet in self.vocabulary.facets:
            slugs = found.get(facet.name, [])
            if slugs:
                fields[facet.field] = slugs[0] if facet.one else slugs
            for slug in slugs[1:] if facet.one else ():
                self.unmatched[facet.field, f"{slug} (a release has one at most)"] += 1
        return fields

    def _candidates(self, label: Label) -> tuple[Facet, ...]:
        """The facets in which a label is looked up: the one that it belongs to, if that is known."""
        wanted = self.mapping.get(label.field)
        own = [each for each in self.vocabulary.facets if wanted == each.name or label.field in (each.name, each.field)]
        return tuple(own[:1]) or self.vocabulary.facets

    def _match(self, label: Label) -> tuple[Facet, str] | None:
        for facet in self._candidates(label):
            known = self._spellings[facet.name]
            for spelling in (label.slug, label.name, slug_of(label.name)):
                slug = known.get(spelling.strip().casefold()) if spelling else None
                if slug:
                    return facet, slug
        return None

    def _new(self, label: Label, language: str) -> tuple[Facet, str] | None:
        candidates = self._candidates(label)
        slug = slug_of(label.slug) or slug_of(label.name)
        if self.add_to is None or len(candidates) != 1 or candidates[0].codes or not slug or not label.name.strip():
            return None
        facet = candidates[0]
        name = " ".join(label.name.split())[:300]
        term = Term(slug=slug, labels={language: name})
        if not self.dry and not _append(self.add_to / facet.file, slug, language, name):
            return None
        self.vocabulary = replace(
            self.vocabulary,
            terms={**self.vocabulary.terms, facet.name: (*self.vocabulary.terms.get(facet.name, ()), term)},
        )
        self._know(facet.name, term)
        self.added.append((facet.name, slug, name))
        return facet, slug

    def _know(self, facet: str, term: Term) -> None:
        known = self._spellings[facet]
        for spelling in (term.slug, *term.aliases, *term.labels.values()):
            known.setdefault(spelling.casefold(), term.slug)


def _append(file: Path, slug: str, language: str, name: str) -> bool:
    """Adds a term at the end of its file, and changes no other byte. False if the result could not be read."""
    before = file.read_bytes() if file.exists() else b""
    start = b"" if not before or before.endswith(b"\n") else b"\n"
    after = before + start + release_yaml({slug: {"labels": {language: name}}}).encode()
    documents, _ = read_yaml(after)
    data = documents[0].data if len(documents) == 1 else None
    if not isinstance(data, dict) or slug not in data:
        return False
    replace_file(file, after)
    return True


def parsed_mapping(written: Iterable[str], vocabulary: Vocabulary) -> dict[str, str]:
    """The facet for each field of the source, from texts like category=topics. Raises FeedsError for any other."""
    found = {}
    for each in written:
        source, sign, wanted = each.partition("=")
        facet = next((facet for facet in vocabulary.facets if wanted in (facet.name, facet.field)), None)
        if not sign or not source or facet is None:
            names = ", ".join(facet.field for facet in vocabulary.facets)
            raise FeedsError(f"--terms {each}: write SOURCE=FACET, as in category=topics (the facets: {names})")
        found[source] = facet.name
    return found
