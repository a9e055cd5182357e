"""The bar chart of releases per month, of a selection and of each term in it.

The last month is that of the newsroom's newest release, not today's, so the chart changes only when something is
published. A term without recent releases has empty months at the end of its row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from feeds.addresses import FeedAddress
from feeds.i18n import Words
from feeds.model.formats import HTML
from feeds.model.selection import Selection
from feeds.publish.context import Context
from feeds.publish.pages.layout import PageLink

MONTHS = 24
"""The most months in a chart."""
_FEWEST = 12
"""The fewest months in a chart, however young the newsroom is."""
FEWEST_BARS = 2
"""The fewest months with releases for which there is a chart."""
_BAR = 8
"""The width of a bar. A month is ten wide, with the gap."""


@dataclass(frozen=True, slots=True)
class ChartRow:
    """The releases of a selection or a term by month."""

    subject: PageLink | None
    """The term; None for the whole selection."""
    bars: str
    """An SVG path of the bars."""
    months: tuple[tuple[str, int], ...]
    """The months with releases and their numbers, newest first."""
    releases: int
    newest: str
    """The last month with releases; empty if there is none in the chart."""


@dataclass(frozen=True, slots=True)
class Chart:
    """The chart of a selection."""

    total: ChartRow
    most: int
    """The most releases in one month."""
    first: str
    """The first month, written out."""
    middle: str
    last: str
    width: int
    """The width of the SVG picture, in its own units."""
    subjects: tuple[ChartRow, ...] = ()


def chart(context: Context, selection: Selection, *, subjects: bool = False) -> Chart | None:
    """The chart of a selection, with ``subjects`` also of every term in it, all on one scale.

    None if there are releases in one month only, or in none: a single bar shows nothing.
    """
    everything = Selection(selection.language, in_all_languages=selection.in_all_languages)
    axis = months_shown(context, everything) if context.snapshot.counts.of(selection, context.now) else []
    if not axis:
        return None
    words = context.words(selection.language)
    counted = context.snapshot.counts.by_month(selection, axis, context.now)
    if sum(map(bool, counted)) < FEWEST_BARS:
        return None
    most = max(counted)
    rows = tuple(_subjects(context, selection, axis, most)) if subjects else ()
    total = _row(words, None, dict(zip(axis, counted, strict=True)), axis, most)
    first, middle, last = (_month_name(words, axis[at]) for at in (0, len(axis) // 2, -1))
    return Chart(total, most, first, middle, last, len(axis) * 10, rows)


def _subjects(context: Context, selection: Selection, axis: list[date], most: int) -> Iterable[ChartRow]:
    """A row for each term of the selection's releases, with a link to the selection with that term if there is one."""
    words = context.words(selection.language)
    found = context.snapshot.counts.by_month_and_term(selection, axis, context.now)
    asked = dict(selection.terms)
    for facet in (each.name for each in context.vocabulary.facets if not each.one):
        for each in context.vocabulary.current_terms(facet, context.now):
            counts = dict(zip(axis, found.get((facet, each.slug), ()), strict=False))
            if any(counts.values()) and asked.get(facet) != (each.slug,):
                narrowed = replace(
                    selection,
                    terms=Selection.of(selection.language, asked | {facet: (each.slug,)}).terms,
                    corrections=False,
                )
                href = context.path(FeedAddress(narrowed, HTML)) if context.is_answered(narrowed) else ""
                link = PageLink(each.label(selection.language), href)
                yield _row(words, link, counts, axis, most)


def _row(words: Words, subject: PageLink | None, counts: Mapping[date, int], axis: list[date], most: int) -> ChartRow:
    busy = [(_month_name(words, month), counts[month]) for month in reversed(axis) if counts[month]]
    # Heights are percentages: the picture is stretched to the space on the page.
    bars = (
        f"M{at * 10} 100v-{max(counts[month] * 100 // most, 1)}h{_BAR}V100z"
        for at, month in enumerate(axis)
        if counts[month]
    )
    releases = sum(counts[month] for month in axis)
    return ChartRow(subject, "".join(bars), tuple(busy), releases, busy[0][0] if busy else "")


def _month_name(words: Words, month: date) -> str:
    return words.month(month.year, month.month)


def months_shown(context: Context, everything: Selection) -> list[date]:
    """The months of the charts of all releases, in a language or in all: they end with the newest release."""
    zone = context.vocabulary.newsroom.time_zone
    found = context.snapshot.counts.months(everything, context.now, zone, MONTHS)
    return _months(found[-1], max(len(found), _FEWEST)) if found else []


def _months(last: date, count: int) -> list[date]:
    """``count`` months up to ``last``, oldest first.

    >>> _months(date(2021, 2, 1), 3)
    [datetime.date(2020, 12, 1), datetime.date(2021, 1, 1), datetime.date(2021, 2, 1)]
    """
    number = last.year * 12 + last.month - 1
    return [date(each // 12, each % 12 + 1, 1) for each in range(number - count + 1, number + 1)]
