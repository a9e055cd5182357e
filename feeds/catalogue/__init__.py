"""Compiles the content folder into an SQLite file, keeps it, and answers what feeds ask. Nothing else knows SQL."""

from feeds.catalogue.asking import Catalogue, Counted, Kept, Page, Snapshot
from feeds.catalogue.compiling import Report, compile_folder
from feeds.catalogue.place import Place, place_for

__all__ = ["Catalogue", "Counted", "Kept", "Page", "Place", "Report", "Snapshot", "compile_folder", "place_for"]
