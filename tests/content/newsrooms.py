"""The newsroom of every test, with terms in which there is something to read wrongly."""

from __future__ import annotations

from pathlib import Path

from feeds.content import read_newsroom
from feeds.model.vocabulary import Vocabulary
from tests.makers import a_newsroom

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


def a_folder(path: Path, **top: str) -> Path:
    """A content folder in ``path`` without releases; what may be given is as for `a_newsroom`."""
    return a_newsroom(path, None, **({"countries": COUNTRIES, "projects": PROJECTS, "topics": TOPICS} | top))


def a_vocabulary(path: Path) -> Vocabulary:
    """The vocabulary of such a folder."""
    vocabulary, problems = read_newsroom(a_folder(path))
    assert vocabulary, problems
    return vocabulary
