"""The bundled newsroom with a release that has everything and one that was withdrawn, served to browsers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from wsgiref.types import WSGIApplication

from feeds.publish.assets import assets
from feeds.settings import Settings
from feeds.web import create_app
from tests.servers import answering
from tests.tools import DATA

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LANGUAGES = {"en": "", "zh-Hans": "/zh-Hans", "mn": "/mn"}
RICH = "2021-05-01-rich"
GONE = "2021-05-02-gone"

_RICH = """\
title: "Wages & working time in 2021: what 1 < 2 years of <b>data</b> say, and </script> says not"
summary: A release with everything, told in a sentence that is as long as such sentences are.
published: 2021-05-01T09:30:00+08:00
dateline: Ulaanbaatar, Mongolia
countries: [CN, MN]
projects: [score, quality-apprenticeship]
topics: [social-protection, skills, covid-19]
genre: report
authors: [{name: Bat-Erdene Dorj}, {name: 李明}]
image:
  src: BASE/static/picture.png
  alt: A herder signs a form at a table in front of a ger
  caption: The first contracts are signed.
  credit: © ILO 2021
  width: 1200
  height: 1200
credit: © ILO 2020
attachments:
  - url: https://news.example.org/files/report.pdf
    title: The whole report
    type: application/pdf
    length: 1300000
    language: en
  - url: https://news.example.org/files/tables.xlsx
    title: Tables
    type: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
contacts:
  - name: Press desk
    role: Communications
    email: press@news.example.org
    phone: +86 (10) 1234-5678
related:
  - 2021/herders-social-insurance-coverage
  - 2021/not-there-yet
  - https://www.ilo.org/a/long/address/that-says-more-about-the-subject-and-does-not-end-soon
corrections:
  - date: 2021-05-03T10:00:00+08:00
    note: An earlier version named the wrong province.
  - date: 2021-05-04T10:00:00+08:00
    note: The table has one more row.
body: |-
  The first paragraph names [the standards](https://www.ilo.org/standards) and *what follows* from them[^1]; see
  [below](#a-heading-in-the-text) and https://www.ilo.org/beijing.

  ## A heading in the text

  > A quotation that somebody said.

  1. First
  2. Second

  | Country | Enterprises | Workers | Average wage | Change |
  | :-- | --: | --: | --: | :-: |
  | China | 1,200 | 340,000 | 7,180 | 4.1 per cent |
  | Mongolia | 88 | 12,000 | 1,260,000 | 5.3 per cent |

  <table><caption>Two figures</caption><tr><th>Year</th><td align="right">2021</td></tr></table>

  <iframe src="https://www.youtube.com/embed/abc" title="A film of the conference"></iframe>

  [^1]: A note below the text.

  ![Another picture, whose size nobody knows](BASE/static/picture.png)

  `a-very-long-word-without-any-place-to-break-it-in-two-lines-on-a-narrow-screen-of-a-telephone`
"""
_RICH_IN = {
    "zh-Hans": "title: 2021年工资与工作时间\nsummary: 一篇包含所有内容的新闻稿。\ndateline: 乌兰巴托\nbody: 正文。\n",
    "mn": "title: Хөдөлмөрийн хөлс, ажлын цаг\nsummary: Бүх зүйлтэй мэдээ.\ndateline: Улаанбаатар\nbody: Эх бичвэр.\n",
}
_GONE = """\
title: A figure that was wrong
summary: It said too much.
published: 2021-05-02
countries: [MN]
topics: [social-protection]
withdrawn:
  date: 2021-05-05T15:00:00+08:00
  reason: The figure came from a draft of the report and does not hold.
  replacement: 2021/rich
"""
_GONE_IN = {
    "zh-Hans": "title: 一个错误的数字\nsummary: 内容有误。\n",
    "mn": "title: Буруу тоо\nsummary: Хэтрүүлсэн байв.\n",
}


def _content(folder: Path, base: str) -> None:
    shutil.copytree(DATA, folder)
    releases = folder / "releases" / "2021"
    picture = base + assets()["logo.png"].path
    for name, text, others in ((RICH, _RICH, _RICH_IN), (GONE, _GONE, _GONE_IN)):
        (releases / f"{name}.yaml").write_text(text.replace("BASE/static/picture.png", picture), encoding="utf-8")
        for language, translated in others.items():
            (releases / f"{name}.{language}.yaml").write_text(translated, encoding="utf-8")


@contextmanager
def served(folder: Path, *, entries: int = 30, theme: Mapping[str, str] | None = None) -> Iterator[str]:
    """The newsroom on a free port of this machine, perhaps with files of a theme; gives its base address."""

    def newsroom(base: str) -> WSGIApplication:
        _content(folder / "data", base)
        for name, text in (theme or {}).items():
            (folder / "data" / "theme").mkdir(exist_ok=True)
            (folder / "data" / "theme" / name).write_text(text, encoding="utf-8")
        settings = Settings(folder / "data", folder / "catalogue", base, entries=entries, watch="off")
        return create_app(settings, clock=lambda: NOW)

    with answering(newsroom) as base:
        yield base


PAGES = {
    "front": "/",
    "selection": "/feeds/topic/social-protection.html",
    "project": "/feeds/project/score.html",
    "empty": "/feeds/country/mn/topic/gender-equality.html",
    "year": "/2021/",
    "directory": "/feeds/",
    "search": "/search?q=unjp",
    "unfound": "/search?q=unjp+nowhere",
    "terms": "/search",
    "verify": "/verify",
    "release": "/releases/2021/rich",
    "withdrawn": "/releases/2021/gone",
    "about": "/about",
    "embed": "/embed/",
    "help": "/help",
    "developers": "/developers",
    "missing": "/releases/2021/nothing",
}
"""Every kind of page, without the language; the archive stands on its own, for it needs shorter feeds."""
ARCHIVE = "/feeds/all/archive/1.html"
STILL = (*(kind for kind in PAGES if kind not in ("directory", "embed")), "archive")
"""The pages without any script: the picker updates by one and the embed page shows what it makes; their own tests
see to that."""
STATUS = {"withdrawn": 410, "missing": 404}
