"""Surrogate keys: short names for what a document depends on. A cache drops it when one of its keys is purged.

Whatever changes the bytes of a document changes one of its keys: `feeds.publish.key_changes` says which keys change.
A key stands for more than one document, so a document has few keys and a change names few.

    all             every answer: the newsroom's fields, terms, words and theme, the settings, retired terms
    any             any release, in whatever language
    l:en            any release in a language
    c, c:en         any release that is corrected or withdrawn; in a language
    t:topic/wages   any release with a term
    t:en/topic/wages    the same in a language
    t:country/mn+topic/wages    any release with two terms of different facets
    w               any release with very many such pairs
    r:1a2b3c4d      a single release
    p:1a2b3c4d      which releases were published just before and after this one, and just before it with its terms
    b:1a2           the releases at the paths with one of 4,096 hashes
    s:topic/wages   in which languages the feed of a term holds releases, and whether that of all languages has more
    s, s:corrections    the same of the feeds without terms
    h:en            which terms have releases in a language
    x:en, x         the months of the charts in a language; in all languages
    i               which story an editor has put first, in every language
    m               the parts of the sitemap, and the newest change in each
    m:2021, m:2021-2    what one of them says
    n               which releases are too old for the news sitemap
    f:0123456789ab  a stored file, such as one beside a release
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import combinations
from typing import TypeAlias

from feeds import addresses
from feeds.addresses import (
    Address,
    Directory,
    Embedding,
    FeedAddress,
    Front,
    Headlines,
    InfoPage,
    KeyFile,
    OEmbed,
    Outline,
    ReleaseAddress,
    ReleaseCard,
    ReleaseImage,
    ReleaseMarkdown,
    ReleasePage,
    Robots,
    Search,
    Sitemap,
    Verification,
    YearPage,
)
from feeds.model.formats import HTML
from feeds.model.renames import fingerprint
from feeds.model.selection import Selection
from feeds.publish.context import Context
from feeds.publish.pages.headlines import untranslated
from feeds.publish.pages.related import subjects
from feeds.publish.pages.release import term_to_follow

ALL = "all"
ANY = "any"
CORRECTED = "c"
LINKED = "s"
LINKED_CORRECTIONS = "s:corrections"
MONTHS = "x"
PARTS = "m"
WIDE = "w"
NEWS = "n"
PINNED = "i"

Term: TypeAlias = tuple[str, str]
"""A facet's name and a term's slug."""

MOST_TERMS = 20
"""Terms of which a document has keys. One that asks for more depends on every release."""
MOST_PAIRS = 60
"""Pairs of a release's terms of which there are keys. More of them have one key together."""
MOST_RELEASES = 40
"""Keys of releases in one document. A longer archive document depends on all releases of its selection."""


def document_keys(context: Context, address: Address) -> tuple[str, ...]:
    """The keys of the document at a canonical address, sorted. At another moment it may have others."""
    return tuple(sorted({ALL, *_keys(context, address)}))


def file_keys(digest: str) -> tuple[str, ...]:
    """The keys of a stored file."""
    return (ALL, file_key(digest))


def _keys(context: Context, address: Address) -> Iterable[str]:
    match address:
        case FeedAddress():
            return _feed_keys(context, address)
        case Headlines(selection=selection):
            return _listed(context, selection)
        case ReleasePage() | ReleaseCard() | ReleaseImage() | ReleaseMarkdown():
            return _release(context, address)
        case Outline():
            return [of_language(address.language), LINKED, LINKED_CORRECTIONS]
        case InfoPage(name="about") | Embedding():  # how many headlines it offers depends on how many there are
            return [of_language(address.language), LINKED]
        case InfoPage() | Verification():
            return [LINKED]
        case Sitemap():
            return _sitemap(context, address)
        case Front() | Directory() | OEmbed() | Search() | YearPage():
            return [ANY, PINNED] if address == Front(address.language) else [ANY]
        case Robots() | KeyFile():
            return []


def _sitemap(context: Context, address: Sitemap) -> list[str]:
    # Pages are listed in the languages in which their terms have releases, and the index lists parts of them.
    pages = [terms_in(language) for language in context.addresses.languages]
    match address.section:
        case addresses.NEWS:
            return [ANY, NEWS]
        case addresses.PAGES:
            return pages
        case "":
            return [PARTS, *pages]
    return [of_part(address.section, address.part)]


def _feed_keys(context: Context, address: FeedAddress) -> list[str]:
    selection, is_page = address.selection, address.format == HTML
    if selection.words:
        return [ANY]
    if address.archive:
        return _archive_page(context, address) if is_page else _archived(context, address)
    if is_page:
        return _selection_page(context, address)
    return [*_listed(context, selection), *_linked(context, selection)]


def _listed(context: Context, selection: Selection) -> list[str]:
    """The keys of a list of the releases of a selection."""
    if not selection.terms:
        if selection.in_all_languages:
            return [CORRECTED if selection.corrections else ANY]
        return [corrected_in(selection.language) if selection.corrections else of_language(selection.language)]
    if _has_one_facet(selection) and not (selection.in_all_languages or selection.corrections):
        (facet, slugs), language = selection.terms[0], selection.language
        return [of_term(facet, slug, language) for slug in slugs] if len(slugs) <= MOST_TERMS else [ANY]
    return _in_any_language(context, selection)


def _in_any_language(context: Context, selection: Selection) -> list[str]:
    """The keys of a list of the releases of a selection in every language.

    For several facets, the keys of two are enough: whatever changes the list has terms of both. These are the facets
    with the fewest terms asked for and, among equals, with the most terms in the newsroom. Measured with 1,000
    releases: an edit then purges 0.6 % of the feeds of two facets, which is as many as it changes; with the terms of
    one facet, 7 %.
    """
    if not selection.terms:
        return [CORRECTED if selection.corrections else ANY]
    number = {facet: len(context.vocabulary.terms.get(facet, ())) for facet, _ in selection.terms}
    facets = sorted(selection.terms, key=lambda each: (len(each[1]), -number[each[0]], each[0]))
    (facet, slugs), *others = facets[:2]
    for other, more in others:
        if len(slugs) * len(more) <= MOST_TERMS:
            return [WIDE, *(of_pair((facet, one), (other, two)) for one in slugs for two in more)]
    return [of_term(facet, slug) for slug in slugs] if len(slugs) <= MOST_TERMS else [ANY]


def _has_one_facet(selection: Selection) -> bool:
    return len(selection.terms) == 1


def _single_term(selection: Selection) -> bool:
    return _has_one_facet(selection) and len(selection.terms[0][1]) == 1


def _linked(context: Context, selection: Selection) -> list[str]:
    """The keys of links to the feeds of a selection: in other languages, and in all of them."""
    if selection.without:
        return [LINKED, *_in_any_language(context, selection)]
    if not selection.terms:
        return [LINKED_CORRECTIONS, LINKED] if selection.corrections else [LINKED]
    if _has_one_facet(selection) and not selection.corrections and len(selection.terms[0][1]) <= MOST_TERMS:
        return [LINKED, *(linked(selection.terms[0][0], slug) for slug in selection.terms[0][1])]
    return [LINKED, *_in_any_language(context, selection)]


def _selection_page(context: Context, address: FeedAddress) -> list[str]:
    """The page of a selection also shows releases that exist in other languages only, and a chart."""
    selection = address.selection
    # The chart of corrections counts all releases.
    listed = _in_any_language(context, selection) if selection.terms else [ANY]
    found = [*listed, LINKED, *_belongs_to(context, selection)]
    found.append(MONTHS if selection.in_all_languages else months_of(selection.language))
    several = len(context.addresses.languages) > 1
    if _single_term(selection) or (several and _shows_other_languages(context, address)):
        # It links to other terms, and to those of these releases, only where they have releases in its own language.
        found.append(terms_in(selection.language))
    return [*found, LINKED_CORRECTIONS] if selection.corrections else found


def _shows_other_languages(context: Context, address: FeedAddress) -> bool:
    if address.selection.in_all_languages:
        return True
    page = context.page(address)
    visible = context.snapshot.releases.of(page.editions) if page else ()
    return bool(untranslated(context, address, page, [each.release.published for each in visible]))


def _belongs_to(context: Context, selection: Selection) -> Iterator[str]:
    """The keys of links to the terms that a term belongs to, on its own page."""
    if _single_term(selection):
        facet, (slug,) = selection.terms[0]
        term = context.vocabulary.term(facet, slug)
        yield from (linked(other, each) for other, slugs in (term.terms if term else ()) for each in slugs)


def _archive_page(context: Context, address: FeedAddress) -> list[str]:
    selection = address.selection
    found = [*_archived(context, address), *_linked(context, selection)]
    if selection.in_all_languages:
        found.append(terms_in(selection.language))
    page = context.page(address)
    if page and not page.editions:  # it names the languages in which there is something
        found += _in_any_language(context, selection)
    live = context.page(FeedAddress(selection))
    if live and address.archive == live.last:  # it gets a link to the next page when that closes
        found += _listed(context, selection)
    return found


def _archived(context: Context, address: FeedAddress) -> list[str]:
    """The keys of the releases that have a place in an archive document. Its places never move."""
    selection, per_page = address.selection, context.settings.entries
    if per_page > MOST_RELEASES:
        return _listed(context, selection)
    marks = context.snapshot.pages.marks(selection, context.now, address.archive, per_page)
    return [of_release(mark) for mark in marks]


def _release(context: Context, address: ReleaseAddress) -> list[str]:
    """The page of a release shows the headlines of its neighbours, of releases with its terms and of related ones.

    Its other documents show the release alone.
    """
    found = context.snapshot.releases.at(address.language, address.path, context.now)
    if found is None:
        return []
    release, mark = found.release, fingerprint(found.release.id)
    if not isinstance(address, ReleasePage):
        return [of_release(mark)]
    shown = [*context.snapshot.releases.neighbour_marks(release, context.now)]
    if not found.withdrawn:
        shown += [each.mark for each in context.snapshot.alike.before(release, subjects(context, release), context.now)]
    related = {at_path(path) for path in release.related if "://" not in path}
    followed = Selection.of(release.language, term_to_follow(context, found))
    return [
        *(of_release(each) for each in (mark, *shown)),
        beside(mark),
        *related,
        *_linked(context, followed),
    ]


def of_language(language: str) -> str:
    """The key of all releases in a language."""
    return f"l:{language}"


def corrected_in(language: str) -> str:
    """The key of the releases in a language that are corrected or withdrawn."""
    return f"{CORRECTED}:{language}"


def of_term(facet: str, slug: str, language: str = "") -> str:
    """The key of the releases with a term: in one language, or in all of them."""
    return f"t:{language}/{facet}/{slug}" if language else f"t:{facet}/{slug}"


def of_pair(one: Term, other: Term) -> str:
    """The key of the releases with two terms of different facets, each given by facet and slug."""
    return "t:" + "+".join("/".join(each) for each in sorted((one, other)))


def of_terms(terms: Iterable[tuple[str, tuple[str, ...]]], language: str) -> set[str]:
    """The keys of all terms, and of all pairs of terms, of a release in a language; ``terms`` has them by facet."""
    every = [(facet, slug) for facet, slugs in terms for slug in slugs]
    found = {of_term(*each) for each in every} | {of_term(*each, language) for each in every}
    pairs = {of_pair(one, other) for one, other in combinations(every, 2) if one[0] != other[0]}
    return found | (pairs if len(pairs) <= MOST_PAIRS else {WIDE})


def linked(facet: str, slug: str) -> str:
    """The key of the languages in which a term has releases."""
    return f"{LINKED}:{facet}/{slug}"


def terms_in(language: str) -> str:
    """The key of the terms that have releases in a language."""
    return f"h:{language}"


def of_part(year: int | str, number: int) -> str:
    """The key of a part of the sitemap: of the releases of a year, which has parts from 1."""
    return f"{PARTS}:{year}-{number}" if number > 1 else f"{PARTS}:{year}"


def months_of(language: str) -> str:
    """The key of the months that charts in a language show."""
    return f"{MONTHS}:{language}"


def of_release(mark: int) -> str:
    """The key of a release, given by the fingerprint of its id."""
    return f"r:{mark & 0xFFFFFFFF:08x}"


def beside(mark: int) -> str:
    """The key of the neighbours of a release, given by the fingerprint of its id."""
    return f"p:{mark & 0xFFFFFFFF:08x}"


def at_path(path: str) -> str:
    """The key of the releases at a path. One in 4,096 other paths shares it, so that it tells of no path to come."""
    return f"b:{blake2b(path.encode(), digest_size=2).hexdigest()[:3]}"


def file_key(digest: str) -> str:
    """The key of a file, given by the digest of its bytes."""
    return f"f:{digest[:12]}"
