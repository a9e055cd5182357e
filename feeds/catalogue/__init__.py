"""Compiles the content folder into an SQLite file, keeps it, and answers what feeds ask. Nothing else knows SQL."""

from feeds.catalogue.asking import Kept, Snapshot
from feeds.catalogue.compiling import Report, compile_folder
from feeds.catalogue.counting import Counted
from feeds.catalogue.paging import Page
from feeds.catalogue.place import Place, place_for
from feeds.catalogue.reading import Catalogue

__all__ = ["Catalogue", "Counted", "Kept", "Page", "Place", "Report", "Snapshot", "compile_folder", "place_for"]
