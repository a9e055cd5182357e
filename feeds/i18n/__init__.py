"""Writes messages, dates, lists and names in the language of the reader.

Only this room knows Babel and gettext.
"""

from feeds.i18n.locales import (
    in_language,
    language_meant,
    own_time_zone,
    script_of,
    tags_read,
    territory_names,
    territory_of,
)
from feeds.i18n.message_catalogues import (
    KnownMessage,
    form_count,
    forms_of_one_number,
    known_messages,
    product_forms,
    product_language,
)
from feeds.i18n.po_files import PoEntry, PoFault, po_entry, po_header, read_entries
from feeds.i18n.words import Words

__all__ = [
    "KnownMessage",
    "PoEntry",
    "PoFault",
    "Words",
    "form_count",
    "forms_of_one_number",
    "in_language",
    "known_messages",
    "language_meant",
    "own_time_zone",
    "po_entry",
    "po_header",
    "product_forms",
    "product_language",
    "read_entries",
    "script_of",
    "tags_read",
    "territory_names",
    "territory_of",
]
