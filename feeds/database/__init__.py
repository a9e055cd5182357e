"""Opens SQLite files, writes to them whole transactions, and writes times as numbers."""

from feeds.database.connection import Database, Rows, Values, transaction
from feeds.database.sqlite import SqliteDatabase, companions, connect, identity, make_file, passes, remove
from feeds.database.values import FOREVER, micros, moment

__all__ = [
    "FOREVER",
    "Database",
    "Rows",
    "SqliteDatabase",
    "Values",
    "companions",
    "connect",
    "identity",
    "make_file",
    "micros",
    "moment",
    "passes",
    "remove",
    "transaction",
]
