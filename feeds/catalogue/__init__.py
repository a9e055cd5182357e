"""Compiles the content folder into a database, keeps it, and answers what feeds ask. Nothing else knows SQL."""

from feeds.catalogue.catalogue_file import CatalogueFile, catalogue_file
from feeds.catalogue.catalogue_location import CatalogueLocation, catalogue_location, open_catalogue
from feeds.catalogue.change_log import ReleaseNote
from feeds.catalogue.compile import compile_folder
from feeds.catalogue.compile_stages import CompileReport
from feeds.catalogue.counts import Counted
from feeds.catalogue.errors import CatalogueError
from feeds.catalogue.feed_pages import Page
from feeds.catalogue.media_search import MediaLocation
from feeds.catalogue.quotes import Candidate
from feeds.catalogue.releases import VisibleEdition, VisibleRelease, terms_of
from feeds.catalogue.single_story import CheckedStory, StoryChecker
from feeds.catalogue.snapshot import Catalogue, Snapshot
from feeds.catalogue.theme_assembly import problems_of_templates

__all__ = [
    "Candidate",
    "Catalogue",
    "CatalogueError",
    "CatalogueFile",
    "CatalogueLocation",
    "CheckedStory",
    "CompileReport",
    "Counted",
    "MediaLocation",
    "Page",
    "ReleaseNote",
    "Snapshot",
    "StoryChecker",
    "VisibleEdition",
    "VisibleRelease",
    "catalogue_file",
    "catalogue_location",
    "compile_folder",
    "open_catalogue",
    "problems_of_templates",
    "terms_of",
]
