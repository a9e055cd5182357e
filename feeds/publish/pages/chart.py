"""The newsroom as a picture: releases per month, what is covered, since when, and what has gone quiet.

The months shown end with the newest release of the newsroom, not with today: so the picture changes only when
something is published, and a subject that has gone quiet shows as the empty months at the end of its row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from feeds.addresses import FeedAddress
from feeds.formats import HTML
from feeds.i18n import Words
from feeds.model.selection import Selection
from feeds.publish.context import Context
from feeds.publish.pages.layout import Choice, path

MONTHS = 24
"""How many are shown, once the newsroom is as old."""
_FEWEST = 12
_BAR = 8
"""A bar's width; with the gap after it, a month takes ten."""


@dataclass(frozen=True, slots=True)
class Row:
    """A subject's months as a path that fills its bars, and as words."""

    subject: Choice | None
    """None for the selection as a whole."""
    bars: str
    months: tuple[tuple[str, int], ...]
    """Those with releases, the newest first."""
    releases: int
    newest: str
    """The last month with any; empty if the picture shows none."""


@dataclass(frozen=True, slots=True)
class Chart:
    """What the picture of a selection shows."""

    whole: Row
    most: int
    """In one month: the height of the picture."""
    first: str
    last: str
    width: int
    """Of the picture, in its own measure."""
    subjects: tuple[Row, ...] = ()


def chart(context: Context, selection: Selection, *, subjects: bool = False) -> Chart | None:
    """The picture of a selection, with ``subjects`` also of every term in it; None where nothing is published."""
    axis = _axis(context, Selection(selection.language)) if context.snapshot.counts.of(selection, context.now) else []
    if not axis:
        return None
    words = Words.of(selection.language)
    since = _before(axis[0])
    counts = Counter(
        _month(context, each) for each in context.snapshot.counts.publications(selection, since, context.now)
    )
    rows = tuple(_subjects(context, selection, since, axis)) if subjects else ()
    most = max((counts[month] for month in axis), default=0)
    whole = _row(words, None, counts, axis, max(most, 1))
    return Chart(whole, most, _name(words, axis[0]), _name(words, axis[-1]), len(axis) * 10, rows)


def _subjects(context: Context, selection: Selection, since: datetime, axis: list[date]) -> Iterable[Row]:
    """The months of each term in the selection's releases; each leads to the selection narrowed to it."""
    words = Words.of(selection.language)
    found: dict[tuple[str, str], Counter[date]] = {}
    for facet, slug, published in context.snapshot.counts.publications_by_term(selection, since, context.now):
        found.setdefault((facet, slug), Counter())[_month(context, published)] += 1
    asked = dict(selection.terms)
    for facet in (each.name for each in context.vocabulary.facets if not each.one):
        for each in context.vocabulary.current_terms(facet, context.now):
            counts = found.get((facet, each.slug))
            if counts and asked.get(facet) != (each.slug,):
                narrowed = Selection.of(selection.language, asked | {facet: (each.slug,)}, words=selection.words)
                href = path(context, FeedAddress(narrowed, HTML))
                choice = Choice(each.label(selection.language), href)
                yield _row(words, choice, counts, axis, max(counts.values()))


def _row(words: Words, subject: Choice | None, counts: Counter[date], axis: list[date], most: int) -> Row:
    busy = [(_name(words, month), counts[month]) for month in reversed(axis) if counts[month]]
    # Heights in hundredths: the picture is stretched to the room it has.
    bars = (
        f"M{at * 10} 100v-{max(counts[month] * 100 // most, 1)}h{_BAR}V100z"
        for at, month in enumerate(axis)
        if counts[month]
    )
    total = sum(counts[month] for month in axis)
    return Row(subject, "".join(bars), tuple(busy), total, busy[0][0] if busy else "")


def _name(words: Words, month: date) -> str:
    return words.month(month.year, month.month)


def _month(context: Context, moment: datetime) -> date:
    return moment.astimezone(context.vocabulary.newsroom.time_zone).date().replace(day=1)


def _axis(context: Context, everything: Selection) -> list[date]:
    """The months up to the newest release, from the newsroom's first on if that is not too long ago."""
    counted = context.snapshot.counts.of(everything, context.now)
    if counted is None:
        return []
    longest = _months(_month(context, counted.newest), MONTHS)
    known = context.snapshot.counts.publications(everything, _before(longest[0]), context.now)
    if not known or len(known) < counted.releases:
        return longest
    first = _month(context, known[0])
    return [month for month in longest if month >= first or month in longest[-_FEWEST:]]


def _months(last: date, count: int) -> list[date]:
    """So many months up to one, oldest first.

    >>> _months(date(2021, 2, 1), 3)
    [datetime.date(2020, 12, 1), datetime.date(2021, 1, 1), datetime.date(2021, 2, 1)]
    """
    number = last.year * 12 + last.month - 1
    return [date(each // 12, each % 12 + 1, 1) for each in range(number - count + 1, number + 1)]


def _before(month: date) -> datetime:
    """A time before the month begins, in whatever zone."""
    return datetime(month.year, month.month, 1, tzinfo=UTC) - timedelta(days=1)
