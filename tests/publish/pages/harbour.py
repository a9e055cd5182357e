"""A newsroom in any of the product's languages, served to browsers. One of its releases is in the first one only."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from wsgiref.types import WSGIApplication

from feeds.settings import Settings
from feeds.web import create_app
from tests.servers import answering

NOW = datetime(2026, 11, 22, tzinfo=UTC)


class Texts(NamedTuple):
    """What the newsroom says in a language."""

    newsroom: str
    title: str
    summary: str
    department: str


TEXTS = {
    "en": Texts(
        "Harbour City",
        "The harbour bridge is open again to pedestrians, cyclists and the tram",
        "After eighteen months of work the bridge carries traffic again, with wider pavements on both sides.",
        "Roads and waterways",
    ),
    "ar": Texts(
        "مدينة الميناء",
        "جسر الميناء (SCORE 2030) يُفتح من جديد أمام المشاة وراكبي الدراجات والترام",
        "بعد ثمانية عشر شهرًا من العمل يعود الجسر إلى الخدمة بأرصفة أوسع على الجانبين، بكلفة 12.5 مليون يورو.",
        "الطرق والممرات المائية",
    ),
    "de": Texts(
        "Hafenstadt",
        "Straßenbahnbeschleunigungsmaßnahme: Hafenbrücke für Fußgängerinnen und Fußgänger wieder geöffnet",
        "Nach achtzehn Monaten Bauzeit trägt die Brücke wieder Verkehr; die Gehwegverbreiterungsarbeiten sind beendet.",
        "Wasserstraßen- und Schifffahrtsverwaltungsangelegenheiten",
    ),
    "es": Texts(
        "Ciudad del Puerto",
        "El puente del puerto vuelve a abrirse a peatones, ciclistas y al tranvía",
        "Tras dieciocho meses de obras, el puente vuelve a abrirse con aceras más anchas a ambos lados.",
        "Vías y canales",
    ),
    "fr": Texts(
        "Ville du Port",
        "Le pont du port rouvre aux piétons, aux cyclistes et au tramway",
        "Après dix-huit mois de travaux, le pont rouvre avec des trottoirs élargis des deux côtés.",
        "Voirie et voies navigables",
    ),
    "ja": Texts(
        "港の市",
        "港大橋の歩行者・自転車・路面電車の通行を再開しました",
        "十八か月に及ぶ工事を終え、両側の歩道を広げて橋の通行を再開しました。",
        "道路・水路課",
    ),
    "mn": Texts(
        "Боомт хот",
        "Боомтын гүүр явган зорчигч, дугуйчин, трамвайд дахин нээгдлээ",
        "Арван найман сарын ажлын дараа гүүр хоёр талдаа өргөн явган замтайгаар дахин нээгдлээ.",
        "Зам, усан замын хэлтэс",
    ),
    "pt": Texts(
        "Cidade do Porto Novo",
        "A ponte do porto reabre a pedestres, ciclistas e ao bonde",
        "Após dezoito meses de obras, a ponte reabre com calçadas mais largas dos dois lados.",
        "Vias e canais",
    ),
    "ru": Texts(
        "Портовый город",
        "Портовый мост снова открыт для пешеходов, велосипедистов и трамвая",
        "После восемнадцати месяцев работ мост снова открыт, а тротуары с обеих сторон стали шире.",
        "Водохозяйственное и дорожно-эксплуатационное управление",
    ),
    "zh-Hans": Texts(
        "港城",
        "港口大桥重新向行人、骑行者和有轨电车开放",
        "经过十八个月的施工，大桥重新开放，两侧人行道均已加宽。",
        "道路与水道处",
    ),
}
LANGUAGES = tuple(TEXTS)
PAGES = {
    "front": "/",
    "selection": "/feeds/department/roads.html",
    "year": "/2026/",
    "directory": "/feeds/",
    "search": "/search?q=340",
    "verify": "/verify",
    "release": "/releases/2026/bridge",
    "withdrawn": "/releases/2026/figure",
    "about": "/about",
    "help": "/help",
    "developers": "/developers",
    "embed": "/embed/",
    "frame": "/embed/frame/5/all.html",
    "missing": "/releases/2026/nothing",
}
_WORKS = {
    "en": ("Works on the eastern quay begin", "They last until spring."),
    "fr": ("Début des travaux sur le quai est", "Ils durent jusqu’au printemps."),
}
_BODY = """\
{summary} [{title}](https://www.example.org/) (+33 4 72 10 30 30).

## {department}

> {summary}

1. {title}
2. `feeds check --strict`

| {department} | 2025 | 2026 |
| --- | --: | --: |
| {newsroom} | 1,200 | 340,000 |

{summary}
"""


def _files(languages: Sequence[str]) -> Iterator[tuple[str, dict[str, object]]]:
    said = {language: TEXTS.get(language) or TEXTS[language.partition("-")[0]] for language in languages}

    def each(field: str) -> dict[str, str]:
        return {language: str(getattr(texts, field)) for language, texts in said.items()}

    yield "newsroom", {
        "title": each("newsroom"), "subtitle": each("summary"), "about": each("summary"), "languages": [*languages],
        "time_zone": "Europe/Paris", "authority": "example.org,2020", "author": {"name": "Harbour City"},
        "rights": {languages[0]: "© Harbour City"}, "url": "https://www.example.org/",
        "contacts": [{"name": "Ada Lovelace", "role": "Press", "email": "press@example.org",
                      "phone": "+33 4 72 10 30 30"}],
        "facets": [{"name": "department", "field": "departments"},
                   {"name": "country", "field": "countries", "codes": "iso-3166-1"}],
    }  # fmt: skip
    yield "departments", {"roads": {"labels": each("department"), "summary": each("summary")}}
    yield "countries", {"FR": {}, "MN": {}}
    for slug, day, more in (
        ("bridge", "2026-11-02", {"dateline": "Harbour City", "authors": [{"name": "Ada Lovelace"}, {"name": "李明"}],
         "corrections": [{"date": "2026-11-03", "note": "It is the tram of line 4."}], "related": ["2026/works"],
         "attachments": [{"url": "https://www.example.org/report.pdf", "title": "The whole report (PDF), part 1",
                          "type": "application/pdf", "length": 1300000, "language": "mn"}]}),
        ("figure", "2026-10-05", {"withdrawn": {"date": "2026-10-06", "reason": "12 (sic)."}}),
        ("opening", "2025-03-09", {}),
    ):  # fmt: skip
        for language, texts in said.items():
            body = _BODY.format(**texts._asdict())
            text: dict[str, object] = {"title": texts.title, "summary": texts.summary, "body": body}
            if language == languages[0]:
                yield f"releases/{day}-{slug}", text | {
                    "published": day, "departments": ["roads"], "countries": ["FR", "MN"], **more
                }  # fmt: skip
            else:
                yield f"releases/{day}-{slug}.{language}", text
    title, summary = _WORKS["fr" if languages[0] == "fr" else "en"]
    works: dict[str, object] = {"title": title, "summary": summary, "published": "2026-11-10", "departments": ["roads"]}
    yield "releases/2026-11-10-works", works


def write(folder: Path, languages: Sequence[str]) -> None:
    """Writes the content folder."""
    (folder / "releases").mkdir(parents=True)
    for name, content in _files(languages):
        (folder / f"{name}.yaml").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


@contextmanager
def served(folder: Path, languages: Sequence[str] = LANGUAGES) -> Iterator[str]:
    """The newsroom on a free port of this machine; gives its base address."""

    def newsroom(base: str) -> WSGIApplication:
        write(folder / "data", languages)
        settings = Settings(folder / "data", folder / "catalogue", base, watch="off")
        return create_app(settings, clock=lambda: NOW)

    with answering(newsroom) as base:
        yield base


def address(base: str, kind: str, language: str, first: str = LANGUAGES[0]) -> str:
    """The address of a kind of page in a language of a newsroom, whose first one has no tag in addresses."""
    return f"{base}{'' if language == first else f'/{language}'}{PAGES[kind]}"
