"""Makes what only the preview shows: the bar with the problems, the marks, and the page with the review."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from feeds.addresses import Front, ReleasePage
from feeds.catalogue.reports import Unseen
from feeds.model.problems import Problem
from feeds.publish.assets import assets
from feeds.publish.context import Context
from feeds.render.html import render_page, safe

CHANGES, REVIEW = "/preview/changes", "/preview/review"
"""The paths of the events when a file was saved, and of the page with what `feeds review` says."""

_BEFORE = b'<header class="top">'
"""The bar is put before this."""
_BODY = re.compile(rb'<body(?! class="frame")[^>]*>')
"""Where a theme has another header, the bar is put behind this. Frames for other sites have no bar."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the bar: a problem, or a release that only editors see."""

    where: str = ""
    what: str = ""
    advice: str = ""
    href: str = ""
    mark: str = ""
    title: str = ""
    language: str = ""


def review_page(context: Context, report: str) -> bytes:
    """The page with what `feeds review` says."""
    return render_page("review", {
        "report": report,
        "home": context.path(Front(context.addresses.languages[0])),
        "style": safe(assets()["style.css"].body.decode()),
        **_links(context),
    })  # fmt: skip


def place_of_bar(page: bytes) -> int | None:
    """The position of the bar in the HTML of a page; None in a frame for other sites, which has none."""
    place = page.find(_BEFORE)
    if place >= 0:
        return place
    behind = _BODY.search(page)
    return behind.end() if behind else None


def with_bar(
    context: Context, page: bytes, place: int, path: str, problems: Iterable[Problem], now: datetime
) -> bytes:  # fmt: skip
    """A page with the bar of problems, and with marks at what only editors may see at ``now``."""
    zone = context.vocabulary.newsroom.time_zone
    shown = sorted(problems)
    unseen = {context.path(ReleasePage(each.language, each.path)): each
              for each in context.snapshot.reports.unseen(now)}  # fmt: skip
    marks = {href: _mark(each, zone, now) for href, each in unseen.items()}
    fatal = sum(problem.fatal for problem in shown)
    bar = render_page("preview", {
        "counted": f"{fatal} {'problem' if fatal == 1 else 'problems'}, {len(shown) - fatal} more to look at",
        "problems": [_line(context, each) for each in shown],
        "unseen": [_Line(href=href, mark=marks[href], title=each.title, language=each.language)
                   for href, each in unseen.items()],
        "review": f"{context.addresses.prefix}{REVIEW}",
        **_links(context),
    })  # fmt: skip
    text = (page[:place] + bar + page[place:]).decode()
    style = f'<link rel="stylesheet" href="{context.asset_path("preview.css")}">\n</head>'
    return _with_marks(text.replace("</head>", style, 1), marks, path).encode()


def _links(context: Context) -> dict[str, str]:
    return {
        "script": context.asset_path("preview.js"),
        "preview_style": context.asset_path("preview.css"),
        "changes": f"{context.addresses.prefix}{CHANGES}",
    }


def _line(context: Context, problem: Problem) -> _Line:
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    what = f"{problem.path}: {problem.message}" if problem.path else problem.message
    story = problem.file.partition("/")[2]
    found = context.snapshot.reports.addresses(story)
    href = context.path(ReleasePage(*found[0])) if found else ""
    return _Line(place, what, problem.advice, href)


def _mark(each: Unseen, zone: ZoneInfo, now: datetime) -> str:
    coming = f"{each.appears.astimezone(zone):%Y-%m-%d %H:%M}"
    if each.draft:
        return "Draft" if each.appears <= now else f"Draft, for {coming}"
    return f"Scheduled for {coming}"


def _with_marks(text: str, marks: Mapping[str, str], path: str) -> str:
    """A page with a mark before each link to what only editors see, and on its own page."""

    def marked(found: re.Match[str]) -> str:
        mark = marks.get(html.unescape(found[3]))
        return f'{found[1]}<span class="unseen">{mark}</span> {found[2]}' if mark else found[0]

    text = re.sub(r'(<h[23]>|)(<a (?:(?<=<h[23]><a )|rel="(?:prev|next)" )href="([^"]*)")', marked, text)
    own = marks.get(path)
    return text.replace("<h1>", f'<p class="unseen">{own}</p>\n<h1>', 1) if own else text
