"""Reads the content folder: YAML files in, releases, terms and problems out. Only this room knows YAML.

vocabulary, problems = read_newsroom(folder)
files, problems = release_files(folder)
originals, problems = stories(folder, files)
releases, problems = read_story(SourceFile(name, read_bytes(folder, path)), (), vocabulary)
"""

from feeds.content.files import Signature, Signatures, read_bytes, release_files, stories
from feeds.content.json_schema import newsroom_schema, release_schema, terms_schema
from feeds.content.newsroom import read_newsroom
from feeds.content.positions import FieldPosition, SourcePositions
from feeds.content.releases import SourceFile, read_story
from feeds.content.starter import DATA, Start, answer, content_files, team_files

__all__ = [
    "DATA",
    "FieldPosition",
    "Signature",
    "Signatures",
    "SourceFile",
    "SourcePositions",
    "Start",
    "answer",
    "content_files",
    "newsroom_schema",
    "read_bytes",
    "read_newsroom",
    "read_story",
    "release_files",
    "release_schema",
    "stories",
    "team_files",
    "terms_schema",
]
