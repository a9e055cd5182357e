"""A small newsroom in four scripts, one of them from right to left, with everything that must not reach partners."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from feeds.catalogue import Catalogue, catalogue_file, compile_folder
from feeds.document import Answer
from feeds.publish import Desk
from feeds.settings import Settings

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


def a_folder(path: Path) -> Path:
    folder = path / "data"
    (folder / "releases" / "2021").mkdir(parents=True)
    texts = {"newsroom": NEWSROOM, "countries": COUNTRIES, "projects": "", "topics": ""}
    for name, text in texts.items():
        if text:
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    for name, text in RELEASES.items():
        (folder / "releases" / "2021" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


class Asking:
    """The newsroom's answers, at a time of one's own choosing."""

    def __init__(self, catalogue: Catalogue, settings: Settings) -> None:
        self._catalogue = catalogue
        self._desk = Desk(settings)

    def ask(self, path: str, query: str = "", now: datetime = NOW) -> Answer:
        with self._catalogue.reading() as snapshot:
            return self._desk.answer(snapshot, path, query, now)


@contextmanager
def a_desk(path: Path) -> Iterator[Asking]:
    settings = Settings(data=a_folder(path), catalogue=path / "catalogue", base_url=BASE, watch="off")
    place = catalogue_file(settings.data, path / "catalogue")
    report = compile_folder(settings.data, place, BASE)
    assert report.changed
    yield Asking(Catalogue(place.path), settings)
