"""The ledger refuses to be rewritten, and names what was rewritten all the same."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, text

from mbls_sync.errors import StoreError
from mbls_sync.model.marks import PupilId
from mbls_sync.store import audit, chain, ledger, people
from mbls_sync.store.database import Store

At = Callable[..., datetime]
PUPIL = PupilId("A000000000001")
DAYS = ("2026-09-07", "2026-09-08", "2026-09-09", "2026-09-10", "2026-09-11")


@pytest.fixture
def filled(desk: Any, store: Store, moment: At) -> Any:
    """Six entries in the ledger: five first observations and one change."""
    for number, day in enumerate(DAYS, start=7):
        desk.see(PUPIL, {f"{day} AM": "/"}, moment(number, 10))
    desk.see(PUPIL, {"2026-09-07 AM": "N"}, moment(14, 10))
    assert desk.problems() == ()
    return desk


def tamper(store: Store, *statements: str, table: str = "ledger") -> None:
    """Rewrite a table the way somebody with the database's password could."""
    with store.begin() as tx:
        _disarm(tx.connection, table)
        for statement in statements:
            tx.connection.execute(text(statement))


def _disarm(connection: Connection, table: str) -> None:
    on = "" if connection.dialect.name == "sqlite" else f" ON {table}"
    for verb in ("update", "delete"):
        connection.execute(text(f"DROP TRIGGER {table}_no_{verb}{on}"))


@pytest.mark.parametrize("table", ["ledger", "audit"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET kind = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_rewrite(filled: Any, store: Store, table: str, statement: str, moment: At) -> None:
    with store.begin() as tx:
        audit.append(tx, "test.happened", "x", {}, moment(1))
    with pytest.raises(StoreError, match="append-only"), store.begin() as tx:
        tx.connection.execute(text(statement.format(table)))
    assert filled.problems() == ()


def test_an_entry_cannot_be_put_over_another(filled: Any, store: Store) -> None:
    with store.read() as tx:
        verb = "INSERT OR REPLACE" if tx.connection.dialect.name == "sqlite" else "INSERT"
    with pytest.raises(StoreError), store.begin() as tx:
        tx.connection.execute(text(f"{verb} INTO ledger SELECT * FROM ledger WHERE seq = 2"))
    assert filled.problems() == ()


def test_the_proof_counts_what_it_read(filled: Any, store: Store) -> None:
    with store.read() as tx:
        assert ledger.verify(tx) == ledger.LedgerReport(True, 6, ())


def test_an_empty_store_is_proven(store: Store) -> None:
    with store.read() as tx:
        assert ledger.verify(tx) == ledger.LedgerReport(True, 0, ())


@pytest.mark.parametrize(
    "change",
    [
        "body = replace(body, 'false', 'true')",
        "body = 'nonsense'",
        "observed_at = '2026-01-01T00:00:00.000000Z'",
        "observed_at = 'nonsense'",
        "person = 'somebody'",
        "source = 'other.csv'",
        "kind = 'nonsense'",
    ],
)
def test_an_edited_entry_is_named(filled: Any, store: Store, change: str) -> None:
    tamper(store, f"UPDATE ledger SET {change} WHERE seq = 3")
    assert "ledger 2026-27: entry 3 was edited" in filled.problems()


def test_an_entry_edited_and_sealed_anew_is_named(filled: Any, store: Store) -> None:
    with store.read() as tx:
        row = tx.connection.execute(text("SELECT * FROM ledger WHERE seq = 3")).one()
    content = (row.school, row.year, row.kind, row.person, row.observed_at, "other.csv", row.body)
    sealed = chain.seal(row.previous, content)
    tamper(store, f"UPDATE ledger SET source = 'other.csv', hash = '{sealed}' WHERE seq = 3")
    assert filled.problems() == (
        "ledger 2026-27: entry 3 was edited and sealed anew: entry 4 was written on top of another",
    )


def test_a_last_entry_edited_and_sealed_anew_is_named(filled: Any, store: Store) -> None:
    with store.read() as tx:
        row = tx.connection.execute(text("SELECT * FROM ledger WHERE seq = 6")).one()
    content = (row.school, row.year, row.kind, row.person, row.observed_at, "other.csv", row.body)
    sealed = chain.seal(row.previous, content)
    tamper(store, f"UPDATE ledger SET source = 'other.csv', hash = '{sealed}' WHERE seq = 6")
    assert filled.problems() == ("ledger 2026-27: entry 6 was edited: it is not the one that the head names",)


def test_a_deleted_entry_is_named(filled: Any, store: Store) -> None:
    tamper(store, "DELETE FROM ledger WHERE seq = 3")
    assert "ledger 2026-27: entry 3 was deleted" in filled.problems()


def test_the_first_entry_deleted_is_named(filled: Any, store: Store) -> None:
    tamper(store, "DELETE FROM ledger WHERE seq IN (1, 2)")
    assert "ledger 2026-27: entries 1 to 2 were deleted" in filled.problems()


def test_an_entry_deleted_and_the_rest_renumbered_is_named(filled: Any, store: Store) -> None:
    renumber = [f"UPDATE ledger SET seq = {seq - 1} WHERE seq = {seq}" for seq in (4, 5, 6)]
    tamper(store, "DELETE FROM ledger WHERE seq = 3", *renumber)
    problems = filled.problems()
    assert "ledger 2026-27: an entry before entry 3 was deleted and the rest renumbered" in problems


def test_reordered_entries_are_named(filled: Any, store: Store) -> None:
    tamper(
        store,
        "UPDATE ledger SET seq = 99 WHERE seq = 3",
        "UPDATE ledger SET seq = 3 WHERE seq = 4",
        "UPDATE ledger SET seq = 4 WHERE seq = 99",
    )
    problems = filled.problems()
    assert "ledger 2026-27: entry 3 was reordered: it belongs after entry 4" in problems
    assert not any("edited" in problem for problem in problems)


def test_a_cut_end_is_named(filled: Any, store: Store) -> None:
    tamper(store, "DELETE FROM ledger WHERE seq >= 5")
    assert "ledger 2026-27: the end was cut: entries 5 to 6 are missing" in filled.problems()


def test_a_ledger_cut_to_nothing_is_named(filled: Any, store: Store) -> None:
    tamper(store, "DELETE FROM ledger")
    assert "ledger 2026-27: the end was cut: entries 1 to 6 are missing" in filled.problems()


def test_a_page_changed_behind_the_ledgers_back_is_named_with_its_session(filled: Any, store: Store) -> None:
    with store.begin() as tx:
        marks = bytearray(tx.connection.execute(text("SELECT marks FROM page")).scalar_one())
        slot = marks.index(next(filter(None, marks)))
        marks[slot] = 0
        tx.connection.execute(text("UPDATE page SET marks = :marks"), {"marks": bytes(marks)})
    (problem,) = filled.problems()
    assert "register 2026-27" in problem
    assert "2026-09-07 AM holds no mark where the ledger proves N" in problem
    assert PUPIL not in problem


def test_a_page_that_vanished_is_named(filled: Any, store: Store) -> None:
    with store.begin() as tx:
        tx.connection.execute(text("DELETE FROM page"))
    assert "holds no mark where the ledger proves" in filled.problems()[0]


def test_a_byte_given_another_code_is_named(filled: Any, store: Store) -> None:
    with store.begin() as tx:
        tx.connection.execute(text("UPDATE encoding SET code = '?' WHERE code = 'N'"))
    assert any("stood for N" in problem for problem in filled.problems())


def test_an_edited_audit_is_named_too(filled: Any, store: Store, moment: At) -> None:
    with store.begin() as tx:
        for number in range(3):
            audit.append(tx, "test.happened", "x", {"number": number}, moment(1))
    assert filled.problems() == ()
    tamper(store, "UPDATE audit SET ref = 'y' WHERE seq = 2", table="audit")
    assert filled.problems() == ("audit: entry 2 was edited",)


def test_each_year_has_a_chain_of_its_own(desk: Any, store: Store, moment: At) -> None:
    desk.see(PUPIL, {"2025-09-08 AM": "/"}, moment(7, 10))
    desk.see(PUPIL, {"2026-09-07 AM": "/"}, moment(7, 10))
    tamper(store, "UPDATE ledger SET source = 'other.csv' WHERE year = 2025")
    assert desk.problems() == ("ledger 2025-26: entry 1 was edited",)


def test_the_export_can_be_checked_without_the_store(filled: Any, store: Store) -> None:
    with store.read() as tx:
        rows = [json.loads(json.dumps(row)) for row in ledger.export(tx)]
    assert [row["entry"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert rows[0]["marks"] == {"2026-09-07 AM": "/"}
    assert rows[0]["reconstructed"] is True
    assert rows[1]["reconstructed"] is False
    assert (rows[5]["session"], rows[5]["original"], rows[5]["amended"]) == ("2026-09-07 AM", "/", "N")
    previous = ""
    for row in rows:
        assert row["previous"] == previous
        content = ("school", 2026, row["kind"], row["pupil"], row["observed_at"], row["source"], row["body"])
        previous = chain.seal(previous, content)
        assert row["hash"] == previous


def test_ledger_and_audit_hold_a_pseudonym_and_an_erased_pupil_stays_proven(filled: Any, store: Store) -> None:
    with store.begin() as tx:
        name = people.pseudonym(tx, PUPIL)
        stored = str(tx.connection.execute(text("SELECT * FROM ledger")).all())
        assert name in stored
        assert PUPIL not in stored
        assert people.erase(tx, PUPIL)
    assert filled.problems() == ()
    with store.read() as tx:
        assert people.pseudonyms(tx) == {}


def test_an_erased_pupil_is_gone_from_the_file(filled: Any, store: Store, database_url: str) -> None:
    with store.begin() as tx:
        people.erase(tx, PUPIL)
    store.close()
    if database_url.startswith("sqlite"):
        file = database_url.removeprefix("sqlite:///")
        with open(file, "rb") as opened:
            assert PUPIL.encode() not in opened.read()


def test_a_pseudonym_says_nothing_and_stays(store: Store) -> None:
    with store.begin() as tx:
        name = people.pseudonym(tx, PUPIL)
        other = people.pseudonym(tx, PupilId("A000000000002"))
    with store.begin() as tx:
        assert people.pseudonym(tx, PUPIL) == name
        assert people.pseudonyms(tx) == {PUPIL: name, "A000000000002": other}
    assert re.fullmatch(r"[0-9a-f]{16}", name)
    assert name != other
