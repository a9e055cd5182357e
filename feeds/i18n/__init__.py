"""Writes messages, dates, lists and names in the language of the reader.

Only this room knows Babel and gettext.
"""

from feeds.i18n.locales import in_language, own_time_zone, territory_names, territory_of
from feeds.i18n.words import Words

__all__ = ["Words", "in_language", "own_time_zone", "territory_names", "territory_of"]
