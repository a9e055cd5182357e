"""Compiles the content folder into an SQLite file, keeps it, and answers what feeds ask. Nothing else knows SQL."""

from feeds.catalogue.compile import Report, compile_folder
from feeds.catalogue.connections import Catalogue
from feeds.catalogue.counts import Counted
from feeds.catalogue.location import Place, place_for
from feeds.catalogue.paging import Page
from feeds.catalogue.snapshot import Kept, Snapshot

__all__ = ["Catalogue", "Counted", "Kept", "Page", "Place", "Report", "Snapshot", "compile_folder", "place_for"]
