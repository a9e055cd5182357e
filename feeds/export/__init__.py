"""Writes the newsroom as files, each with the bytes that the server would send, and only what has changed."""

from feeds.export.folder import TWINS, Folder
from feeds.export.run import Options, Result, Source, export

__all__ = ["TWINS", "Folder", "Options", "Result", "Source", "export"]
