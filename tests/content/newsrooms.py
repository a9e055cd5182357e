"""A small content folder for the tests of this room."""

from __future__ import annotations

from pathlib import Path

from feeds.content import read_newsroom
from feeds.model.vocabulary import Vocabulary

NEWSROOM = """\
title: {en: Test office, zh-Hans: 测试}
subtitle: {en: News}
about: {en: About}
languages: [en, zh-Hans, mn]
time_zone: Asia/Shanghai
authority: ilo.org,2020
author: {name: Test office}
rights: {en: © Test office}
"""
GENRE = """\
news:
  labels: {en: News}
report:
  labels: {en: Report}
"""
COUNTRIES = """\
CN:
  labels: {en: China, zh-Hans: 中国}
MN:
  labels: {en: Mongolia, zh-Hans: 蒙古国}
  aliases: [mongolia]
"""
PROJECTS = """\
score:
  labels: {en: SCORE}
  countries: [CN]
"""
TOPICS = """\
'no':
  labels: {en: Norwegian matters}
social-protection:
  labels: {en: Social protection}
"""


def a_folder(path: Path, **files: str) -> Path:
    """A content folder in ``path``; ``countries="…"`` replaces a file, an empty text leaves it out."""
    folder = path / "data"
    (folder / "releases").mkdir(parents=True, exist_ok=True)
    texts = {
        "newsroom": NEWSROOM,
        "countries": COUNTRIES,
        "projects": PROJECTS,
        "topics": TOPICS,
        "genre": GENRE,
    } | files
    for name, text in texts.items():
        if text:
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def a_vocabulary(path: Path) -> Vocabulary:
    """The vocabulary of such a folder."""
    vocabulary, problems = read_newsroom(a_folder(path))
    assert vocabulary, problems
    return vocabulary
