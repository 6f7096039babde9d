"""The log of disclosures and the tombstones: nothing in them can be rewritten, cut or lost unseen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from mbls_sync.errors import StoreError
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.store import disclosures, people, proof, tombstones
from mbls_sync.store.disclosures import Disclosure
from mbls_sync.store.signing import SigningKey

KEY = SigningKey("a key of the school's that is long enough")
AT = datetime(2026, 11, 27, 9, tzinfo=UTC)
YEAR = AcademicYear(2026)


def left(document: str = "8230000_attendance_2026-11_001", at: datetime = AT, subjects=("ab12",)) -> Disclosure:
    file = f"{document}.zip"
    return Disclosure(document, "la", "The LA", "a duty", file, "00ff", {"a.csv": "11"}, subjects, "mbls-sync", at)


def problems(store) -> tuple[str, ...]:
    with store.read() as tx:
        return proof.verify_signed(tx, KEY).problems


@pytest.fixture
def three(store):
    with store.begin() as tx:
        for number in (1, 2, 3):
            disclosures.record(tx, left(f"8230000_attendance_2026-11_{number:03}", subjects=("ab12", f"p{number}")))
    return store


def tamper(store, statement: str) -> None:
    """What somebody with the database's own tools could do."""
    with store.begin() as tx:
        if tx.connection.dialect.name == "sqlite":
            for table, verb in (("disclosure", "update"), ("disclosure", "delete"), ("tombstone", "update")):
                tx.connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
        else:
            tx.connection.execute(text("ALTER TABLE disclosure DISABLE TRIGGER ALL"))
            tx.connection.execute(text("ALTER TABLE tombstone DISABLE TRIGGER ALL"))
        tx.connection.execute(text(statement))


def test_what_left_is_told_to_whom_it_is_about(three):
    with three.read() as tx:
        assert [entry.seq for entry in disclosures.entries(tx, subject="ab12")] == [1, 2, 3]
        assert [entry.document for entry in disclosures.entries(tx, subject="p2")] == ["8230000_attendance_2026-11_002"]
        assert list(disclosures.entries(tx, subject="nobody")) == []
    assert problems(three) == ()


@pytest.mark.parametrize("statement", ["UPDATE disclosure SET recipient = 'x'", "DELETE FROM disclosure"])
def test_the_database_refuses_to_rewrite_the_log(three, statement):
    with pytest.raises(StoreError, match="append-only"), three.begin() as tx:
        tx.connection.execute(text(statement))
    assert problems(three) == ()


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE disclosure SET recipient = 'another' WHERE seq = 2", "disclosure 2026-27: entry 2 was edited"),
        ("UPDATE disclosure SET subjects = '[]' WHERE seq = 1", "disclosure 2026-27: entry 1 was edited"),
        ("DELETE FROM disclosure WHERE seq = 2", "disclosure 2026-27: entry 2 was deleted"),
        ("DELETE FROM disclosure WHERE seq = 3", "disclosure 2026-27: the end was cut: entry 3 is missing"),
        ("DELETE FROM disclosure", "disclosure 2026-27: the end was cut: entries 1 to 3 are missing"),
    ],
)
def test_verify_names_what_was_done_to_the_log(three, statement, says):
    tamper(three, statement)
    assert problems(three) == (says,)


def test_a_segment_goes_only_with_a_tombstone_and_the_rest_still_proves(three):
    with three.begin() as tx:
        disclosures.record(tx, left("8230000_attendance_2027-11_001", at=AT.replace(year=2027)))
        assert tombstones.bury(tx, "disclosure", YEAR, "its term is over", AT, KEY) == 3
    with three.read() as tx:
        assert [entry.document for entry in disclosures.entries(tx)] == ["8230000_attendance_2027-11_001"]
    assert problems(three) == ()


def test_what_still_comes_for_a_purged_year_is_chained_on_its_tombstone(three):
    with three.begin() as tx:
        tombstones.bury(tx, "disclosure", YEAR, "its term is over", AT, KEY)
    with three.begin() as tx:
        disclosures.record(tx, left("8230000_late_001"))
    with three.read() as tx:
        assert [entry.seq for entry in disclosures.entries(tx)] == [4]
    assert problems(three) == ()
    with pytest.raises(StoreError, match="append-only"), three.begin() as tx:
        tx.connection.execute(text("DELETE FROM disclosure"))
    tamper(three, "DELETE FROM disclosure")
    assert problems(three) == ("disclosure 2026-27: the end was cut: entry 4 is missing",)


def test_a_tombstone_that_was_made_up_is_found(three):
    with three.begin() as tx:
        tx.connection.execute(
            text(
                "INSERT INTO tombstone (school, book, year, entries, hash, rows, reason, at) "
                "VALUES ('school', 'disclosure', 2026, 3, 'made up', 3, '', '2026-11-27T09:00:00.000000Z')"
            )
        )
        tx.connection.execute(text("DELETE FROM disclosure"))
    said = " ".join(problems(three))
    assert "disclosure 2026-27: the tombstone of the purge is not the one that the audit states" in said


def test_a_tombstone_that_was_changed_or_taken_away_is_found(three):
    with three.begin() as tx:
        tombstones.bury(tx, "disclosure", YEAR, "its term is over", AT, KEY)
    with pytest.raises(StoreError, match="append-only"), three.begin() as tx:
        tx.connection.execute(text("UPDATE tombstone SET rows = 1"))
    tamper(three, "UPDATE tombstone SET rows = 1")
    assert "disclosure 2026-27: the tombstone of the purge is not the one that the audit states" in problems(three)


def buried(store, key=KEY):
    with store.begin() as tx:
        tombstones.bury(tx, "disclosure", YEAR, "its term is over", AT, key)


def test_what_another_hand_buried_is_found_though_every_chain_agrees(three):
    buried(three, SigningKey("a key that somebody else has made up"))
    assert ["signed by key" in said and "not the school's key at hand" in said for said in problems(three)] == [True]


class Forger(SigningKey):
    """Signs with a key of its own and calls it by the name of the school's."""

    id = KEY.id


def test_a_signature_that_only_bears_our_key_s_name_is_none(three):
    buried(three, Forger("a key that somebody else has made up"))
    assert ["was not signed by the school's key" in said for said in problems(three)] == [True]


def test_a_lost_key_is_told_until_a_person_has_the_tombstones_signed_again(three):
    lost = SigningKey("a key that was lost with its backup")
    buried(three, lost)
    with three.begin() as tx:
        assert tombstones.strange_keys(tx, None) == tombstones.strange_keys(tx, KEY) == (lost.id,)
        assert tombstones.sign_again(tx, KEY, AT) == 1
        assert tombstones.sign_again(tx, KEY, AT) == 0
        assert tombstones.strange_keys(tx, KEY) == ()
        assert proof.verify_signed(tx, None).problems != ()
        assert proof.verify_signed(tx, lost).problems == ()
    assert problems(three) == ()


def test_a_purged_year_of_the_ledger_still_proves_and_takes_what_comes_late(desk, moment):
    store = desk.store
    desk.see("P1", {"2026-09-07 AM": "/", "2026-09-07 PM": "/"}, moment(7, 10))
    desk.see("P1", {"2026-09-07 AM": "L"}, moment(8, 10))
    with store.begin() as tx:
        assert tombstones.bury(tx, "ledger", YEAR, "its term is over", AT, KEY) == 2
        people.erase(tx, "P1")
    assert problems(store) == ()
    desk.see("P2", {"2026-09-09 AM": "/"}, moment(9, 10))
    assert problems(store) == ()
