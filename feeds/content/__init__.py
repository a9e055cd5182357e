"""Reads the content folder: YAML files in, releases, terms and problems out. Only this room knows YAML.

vocabulary, problems = read_newsroom(folder)
files, problems = release_files(folder)
originals, problems = stories(folder, files)
releases, problems = read_story(SourceFile(name, read_bytes(folder, path)), (), vocabulary)
text = release_yaml({"title": "The bridge is open", "published": "2021-06-24"})
"""

from feeds.content.compile_scope import Scope
from feeds.content.files import (
    RELEASES,
    FileName,
    FolderListing,
    Settled,
    Signature,
    Signatures,
    folder_listings,
    is_ignored,
    media_paths,
    open_file,
    printable_path,
    read_bytes,
    release_files,
    replace_file,
    signature,
    stories,
)
from feeds.content.json_schema import newsroom_schema, release_schema, terms_schema
from feeds.content.new_release import FacetTerms, NewRelease, release_text, translation_text
from feeds.content.newsroom import FIELDS_TAKEN, former_feed_warning, newsroom_warning, read_newsroom
from feeds.content.own_words import FOLDER as WORDS
from feeds.content.own_words import kept_words, language_of, untranslated, words_file
from feeds.content.packed_signatures import PackedSignatures
from feeds.content.problem_positions import FieldPosition, SourcePositions
from feeds.content.release_edits import with_correction, with_withdrawal
from feeds.content.releases import SourceFile, read_story
from feeds.content.slugs import slug_of
from feeds.content.starter import DATA, SCHEMAS, Start, answer, content_files, team_files
from feeds.content.style_sheet import position_of, with_addresses
from feeds.content.theme_folder import FOLDER as THEME
from feeds.content.theme_folder import STYLE, ThemeFolder, missing_file, read_theme, theme_problem
from feeds.content.yaml_writer import Writable, release_yaml

__all__ = [
    "DATA",
    "FIELDS_TAKEN",
    "RELEASES",
    "SCHEMAS",
    "STYLE",
    "THEME",
    "WORDS",
    "FacetTerms",
    "FieldPosition",
    "FileName",
    "FolderListing",
    "NewRelease",
    "PackedSignatures",
    "Scope",
    "Settled",
    "Signature",
    "Signatures",
    "SourceFile",
    "SourcePositions",
    "Start",
    "ThemeFolder",
    "Writable",
    "answer",
    "content_files",
    "folder_listings",
    "former_feed_warning",
    "is_ignored",
    "kept_words",
    "language_of",
    "media_paths",
    "missing_file",
    "newsroom_schema",
    "newsroom_warning",
    "open_file",
    "position_of",
    "printable_path",
    "read_bytes",
    "read_newsroom",
    "read_story",
    "read_theme",
    "release_files",
    "release_schema",
    "release_text",
    "release_yaml",
    "replace_file",
    "signature",
    "slug_of",
    "stories",
    "team_files",
    "terms_schema",
    "theme_problem",
    "translation_text",
    "untranslated",
    "with_addresses",
    "with_correction",
    "with_withdrawal",
    "words_file",
]
