"""Writes the newsroom as files, each with the bytes that the server would send, and only what has changed."""

from feeds.export.export_run import ExportOptions, ExportResult, ExportSource, export
from feeds.export.folder import Folder
from feeds.export.hosts import HOSTS
from feeds.export.target import TWINS, Target

__all__ = ["HOSTS", "TWINS", "ExportOptions", "ExportResult", "ExportSource", "Folder", "Target", "export"]
