"""Speaks to the database, which is an SQLite file or a PostgreSQL server, and writes times as numbers."""

from feeds.database.connection import Database, Rows, Values, transaction
from feeds.database.dialect import postgresql_tables
from feeds.database.errors import DatabaseAwayError, DatabaseError, DatabaseRefusedError
from feeds.database.postgresql_server import Server
from feeds.database.query_cache import QueryCache
from feeds.database.sqlite import (
    SqliteDatabase,
    commit_so_far,
    companions,
    connect,
    connect_to_memory,
    identity,
    make_file,
    passes,
    remove,
)
from feeds.database.values import FOREVER, micros, moment

__all__ = [
    "FOREVER",
    "Database",
    "DatabaseAwayError",
    "DatabaseError",
    "DatabaseRefusedError",
    "QueryCache",
    "Rows",
    "Server",
    "SqliteDatabase",
    "Values",
    "commit_so_far",
    "companions",
    "connect",
    "connect_to_memory",
    "identity",
    "make_file",
    "micros",
    "moment",
    "passes",
    "postgresql_tables",
    "remove",
    "transaction",
]
