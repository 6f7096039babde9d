"""Whoever edits the database by hand, with the triggers out of the way, is found by `audit verify`."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

LAST = "(SELECT MAX(seq) FROM ledger)"


def tamper(school: Any, *statements: str) -> None:
    file = school.folder / "data" / "mbls-sync.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            assert database.execute(statement).rowcount


@pytest.fixture
def live(school: Any) -> Any:
    school.run("once")
    assert school.run("audit", "verify").code == 0
    return school


@pytest.mark.parametrize(
    ("statements", "says"),
    [
        (["UPDATE ledger SET source = 'x' WHERE seq = 2"], "entry 2 was edited"),
        (["UPDATE ledger SET observed_at = 'never' WHERE seq = 2"], "entry 2 was edited"),
        (["DELETE FROM ledger WHERE seq = 2"], "entry 2 was deleted"),
        ([f"DELETE FROM ledger WHERE seq = {LAST}"], "the end was cut: entry 3 is missing"),
        (["DELETE FROM ledger"], "the end was cut: entries 1 to 3 are missing"),
        (
            [
                "UPDATE ledger SET seq = -1 WHERE seq = 1",
                "UPDATE ledger SET seq = 1 WHERE seq = 2",
                "UPDATE ledger SET seq = 2 WHERE seq = -1",
            ],
            "entry 1 was reordered: it belongs after entry 2",
        ),
        (["DELETE FROM chain_head"], "were added behind the head"),
        (["UPDATE audit SET detail = '{}' WHERE seq = 1"], "audit: entry 1 was edited"),
        (["DELETE FROM page WHERE pupil = (SELECT MIN(pupil) FROM page)"], "holds no mark where the ledger proves"),
        (
            ["UPDATE page SET marks = CAST(SUBSTR(marks, 1, 40) || X'48' || SUBSTR(marks, 42) AS BLOB)"],
            "where the ledger proves",
        ),
    ],
)
def test_what_was_done_by_hand_is_named(live: Any, statements: list[str], says: str) -> None:
    tamper(live, *statements)
    answer = live.run("audit", "verify")
    assert answer.code == 1
    assert says in answer.err


def test_the_database_itself_refuses_while_its_triggers_stand(live: Any) -> None:
    file = live.folder / "data" / "mbls-sync.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        for statement in ("DELETE FROM ledger", "UPDATE ledger SET source = 'x'", "DELETE FROM audit"):
            with pytest.raises(sqlite3.DatabaseError, match="append-only"):
                database.execute(statement)
