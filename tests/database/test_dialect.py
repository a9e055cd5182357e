"""What SQLite and PostgreSQL spell differently."""

from __future__ import annotations

import pytest

from feeds.catalogue import tokenizer
from feeds.catalogue.tables import TABLES
from feeds.database.connection import Values
from feeds.database.dialect import bound, postgresql, postgresql_tables


@pytest.mark.parametrize(
    ("sqlite", "theirs"),
    [
        ("SELECT a FROM t WHERE b = ? AND c > ?", "SELECT a FROM t WHERE b = %s AND c > %s"),
        ("SELECT a FROM t WHERE b = :b OR c = :b1", "SELECT a FROM t WHERE b = %(b)s OR c = %(b1)s"),
        ("SELECT '?', ':x', 'it''s :y 5 %' FROM t", "SELECT '?', ':x', 'it''s :y 5 %%' FROM t"),
        ('SELECT "column?" FROM t', 'SELECT "column?" FROM t'),
        ("SELECT a % 60 <> 0 FROM t", "SELECT a %% 60 <> 0 FROM t"),
        ("SELECT a FROM t r INDEXED BY t_by_a JOIN u ON TRUE", "SELECT a FROM t r JOIN u ON TRUE"),
        ("SELECT a FROM t CROSS JOIN u ON u.a = t.a", "SELECT a FROM t JOIN u ON u.a = t.a"),
        ("SELECT a FROM t WHERE a NOT LIKE '%:%'", "SELECT a FROM t WHERE a NOT ILIKE '%%:%%'"),
        ("SELECT a FROM t WHERE b @@ CAST(:q AS tsquery)", "SELECT a FROM t WHERE b @@ CAST(%(q)s AS tsquery)"),
        ("SELECT a::text FROM t", "SELECT a::text FROM t"),
        ("SELECT group_concat(a, ' '), instr(a, '/') FROM t", "SELECT string_agg(a, ' '), strpos(a, '/') FROM t"),
    ],
)
def test_a_statement_is_spelled_as_postgresql_wants_it(sqlite: str, theirs: str) -> None:
    assert postgresql(sqlite) == theirs


@pytest.mark.parametrize(
    ("sqlite", "values", "theirs", "bound_values"),
    [
        ("a IN () AND b NOT IN ()", (), "a = ANY(%s) AND b <> ALL(%s)", [[], []]),
        ("a = ? AND b IN (?, ?) AND c = ?", (1, "x", "y", 2), "a = %s AND b = ANY(%s) AND c = %s", [1, ["x", "y"], 2]),
        ("a = '? IN (?)' AND b NOT IN (?)", (1,), "a = '? IN (?)' AND b <> ALL(%s)", [[1]]),
        ("a = :a AND b IN (1, -2)", {"a": 7}, "a = %(a)s AND b = ANY(%(list_1)s)", {"a": 7, "list_1": [1, -2]}),
        ("a = :a AND b IN ('', o.b)", {"a": 7}, "a = %(a)s AND b IN ('', o.b)", {"a": 7}),
        ("a IN (:a, :b)", {"a": 7, "b": 8}, "a IN (%(a)s, %(b)s)", {"a": 7, "b": 8}),
        ("a IN (SELECT b FROM t) AND c = ?", (1,), "a IN (SELECT b FROM t) AND c = %s", [1]),
    ],
)
def test_a_list_is_one_value(sqlite: str, values: Values, theirs: str, bound_values: Values) -> None:
    assert bound(sqlite, values) == (theirs, bound_values)


def test_every_table_of_the_catalogue_has_types_that_postgresql_has() -> None:
    made = postgresql_tables(TABLES.replace(tokenizer.TABLE, ""))
    assert not [each for each in ("INTEGER", "BLOB", "ROWID", "AUTOINCREMENT", "VIRTUAL") if each in made]
    assert made.count("CREATE TABLE") == TABLES.count("CREATE TABLE")
