"""Whatever way a statement is written in, what reads goes through the masks."""

from __future__ import annotations

import pytest

from renmai.kernel.access.masks import _only_reads, _with

TABLES = '"lead" AS (SELECT 1)'


@pytest.mark.parametrize(
    ("sql", "sent"),
    [
        ("SELECT 1 FROM lead", f"WITH {TABLES} SELECT 1 FROM lead"),
        ("\n  select 1 from lead", f"\n  WITH {TABLES} select 1 from lead"),
        ("WITH a AS (SELECT 1) SELECT 2", f"WITH {TABLES}, a AS (SELECT 1) SELECT 2"),
        ("with recursive a AS (SELECT 1) SELECT 2", f"with recursive {TABLES}, a AS (SELECT 1) SELECT 2"),
        ("EXPLAIN (FORMAT JSON) WITH a AS (SELECT 1) TABLE a", f"EXPLAIN (FORMAT JSON) WITH {TABLES}, a AS (SELECT 1) TABLE a"),
        ("(SELECT 1) UNION (SELECT 2)", f"WITH {TABLES} (SELECT 1) UNION (SELECT 2)"),
    ],
)
def test_masked_tables_stand_before_all_others(sql: str, sent: str) -> None:
    assert _only_reads(sql)
    assert _with(sql, TABLES, None) == sent


def test_what_writes_or_locks_is_left_as_it_is() -> None:
    for sql in (
        "UPDATE lead SET a = 1",
        "WITH a AS (SELECT 1) UPDATE lead SET a = 1",
        "SELECT 1 FROM lead FOR UPDATE",
        "COPY lead FROM STDIN",
    ):
        assert not _only_reads(sql), sql


def test_a_percent_sign_of_a_mask_is_no_parameter() -> None:
    assert _with("SELECT %s", "a AS (SELECT '%')", [1]) == "WITH a AS (SELECT '%%') SELECT %s"
