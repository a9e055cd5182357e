"""Inspects the files beside releases, makes and draws pictures, and stores what readers get.

file = inspect(folder, path, name, most, store)
"""

from feeds.media.inspection import inspect
from feeds.media.logo import inspect_icon, inspect_logo
from feeds.media.media_store import MediaStore
from feeds.media.theme_files import inspect_theme_file
from feeds.media.unfit import Unfit

__all__ = ["MediaStore", "Unfit", "inspect", "inspect_icon", "inspect_logo", "inspect_theme_file"]
