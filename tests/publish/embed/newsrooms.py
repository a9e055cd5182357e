"""A small newsroom in four scripts, one of them from right to left, with everything that must not reach partners."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from feeds.publish.document import Answer
from tests.makers import Bench, a_newsroom

NOW = datetime(2021, 7, 1, tzinfo=UTC)
BASE = "https://news.example.org/office"

NEWSROOM = """\
title: {en: Test office, zh-Hans: 测试办公室, mn: Туршилтын товчоо, ar: مكتب الاختبار}
subtitle: {en: News}
about: {en: About}
languages: [en, zh-Hans, mn, ar]
time_zone: Asia/Shanghai
authority: ilo.org,2020
author: {name: Test office}
rights: {en: © Test office}
"""
COUNTRIES = """\
CN: {labels: {en: China, ar: الصين}}
MN: {labels: {en: Mongolia}, aliases: [mongolia]}
"""
RELEASES = {
    "2021-06-01-dam": "{title: A dam & its workers, summary: Some text., published: 2021-06-01, countries: [CN]}",
    "2021-06-02-markup": '{title: "<img src=x onerror=alert(1)> is bold", summary: Some text., published: 2021-06-02}',
    "2021-06-03-elsewhere": "{title: Elsewhere, summary: Some text., published: 2021-06-03, countries: [MN],"
    " url: 'https://www.ilo.org/a?b=1&c=2', image: {src: 'https://www.ilo.org/a.jpg', alt: A, width: 400,"
    " height: 300}}",
    "2021-06-04-wrong": "{title: All wrong, summary: Some text., published: 2021-06-04,"
    " withdrawn: {date: 2021-06-10, reason: It was wrong.}}",
    "2021-06-05-corrected": "{title: Corrected, summary: Some text., published: 2021-05-05, slug: corrected,"
    " year: 2021, corrections: [{date: 2021-06-20, note: A number.}], aliases: [2020/old]}",
    "2021-09-01-later": "{title: Scheduled, summary: Some text., published: 2021-09-01, countries: [CN]}",
    "2021-06-01-dam.mn": "{title: Далан, summary: Текст., published: 2021-06-01, countries: [CN]}",
    "2021-06-01-dam.zh-Hans": "{title: 大坝, summary: 文字。, published: 2021-06-01, countries: [CN]}",
    "2021-06-01-dam.ar": "{title: السد والعمال, summary: نص., published: 2021-06-01, countries: [CN]}",
}


def a_desk(path: Path) -> Bench:
    """It, compiled."""
    files = {f"2021/{name}.yaml": text for name, text in RELEASES.items()}
    top = {"newsroom": NEWSROOM, "countries": COUNTRIES, "projects": "", "topics": ""}
    bench = Bench(a_newsroom(path, files, **top), base_url=BASE)
    bench.compile()
    return bench


def ask(desk: Bench, path: str, query: str = "", now: datetime = NOW) -> Answer:
    """What stands at a path, while the newest release is some days old."""
    return desk.answer(path, now, query)
