"""A purge drops what is over its term and nothing else, proves that it did, and outlives a kill at any step."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from mbls_sync.contracts import ContactsOf
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.happenings import Event, Message
from mbls_sync.model.sendings import PaperKind, Sending, SendState
from mbls_sync.store import audit, disclosures, inputs, people, proof, purge, registers, sendings
from mbls_sync.store.disclosures import Disclosure
from mbls_sync.store.signing import SigningKey
from mbls_sync.testing.builders import a_pupil, some_contacts

KEY = SigningKey("a key of the school's that is long enough")
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
CUT = purge.Cut(
    copy_from=AcademicYear(2025),
    entries_from=AcademicYear(2023),
    copy_moment=datetime(2025, 8, 1, tzinfo=UTC),
    entries_moment=datetime(2023, 8, 1, tzinfo=UTC),
)
STAYS, LEFT, TOLD = "A823999926001", "B823999926002", "C823999926003"


def moment(year: int) -> datetime:
    return datetime(year, 10, 1, 9, tzinfo=UTC)


def a_monday(year: int) -> date:
    return date.fromisocalendar(year, 38, 1)


@pytest.fixture
def school(desk):
    """Six years of three pupils: one stays, one left long ago, and of one who left a kept disclosure tells."""
    store = desk.store
    for pupil, years in ((STAYS, range(2021, 2027)), (LEFT, (2021,)), (TOLD, (2021, 2022))):
        for year in years:
            day = a_monday(year)
            desk.see(pupil, {f"{day} AM": "/", f"{day} PM": "N"}, moment(year))
            desk.see(pupil, {f"{day} PM": "I"}, moment(year).replace(day=2))
    with store.begin() as tx:
        roll = [
            a_pupil(STAYS),
            replace(a_pupil(LEFT), left=date(2022, 7, 20)),
            replace(a_pupil(TOLD), left=date(2022, 10, 1)),
        ]
        inputs.append(tx, roll, moment(2021), "pupils.csv")
        for year in range(2021, 2027):
            happened = [
                Message(STAYS, moment(year), "home", f"ill in {year}"),
                Event(at=moment(year), kind="note", pupil=STAYS, note=f"of {year}"),
                ContactsOf(STAYS, (replace(some_contacts()[0], mobile=f"07700 90{year}"),)),
            ]
            inputs.append(tx, happened, moment(year), "other.csv")
            about = people.assigned(tx, [STAYS, TOLD])
            told = (about[STAYS], about[TOLD]) if year == 2023 else (about[STAYS],)
            disclosures.record(tx, Disclosure(f"d{year}", "la", "LA", "duty", "f", "00", {}, told, "x", moment(year)))
    return store


def everything(store) -> dict[str, object]:
    """All that the purge may touch, as a reader of the store sees it."""
    with store.read() as tx:
        return {
            "years": registers.years(tx),
            "messages": [message.reason for message in inputs.messages(tx)],
            "events": [event.note for event in inputs.events(tx)],
            "mobile": [contact.mobile for pupil in inputs.roll(tx) for contact in pupil.contacts],
            "pupils": [pupil.id for pupil in inputs.roll(tx)],
            "disclosures": [entry.document for entry in disclosures.entries(tx)],
            "known": set(people.pseudonyms(tx)),
            "problems": proof.verify_signed(tx, KEY).problems,
        }


AFTER = {
    "years": (AcademicYear(2025), AcademicYear(2026)),
    "messages": ["ill in 2025", "ill in 2026"],
    "events": ["of 2023", "of 2024", "of 2025", "of 2026"],
    "mobile": ["07700 902026"],
    "pupils": [STAYS, TOLD],
    "disclosures": ["d2023", "d2024", "d2025", "d2026"],
    "known": {STAYS, TOLD},
    "problems": (),
}


def purged(store, cut=CUT) -> dict[str, int]:
    return {name: rows for name, rows in purge.run(store, cut, purge.Warrant("the term is over", NOW, KEY)) if rows}


def test_what_is_over_its_term_goes_and_the_rest_still_proves(school):
    gone = purged(school)
    assert everything(school) == AFTER
    assert gone["our copy of the register 2021-22"] == 6
    assert gone["log of disclosures 2021-22"] == 1
    assert gone["leavers"] == 1
    assert purged(school) == {}


def test_what_would_go_is_what_goes(school):
    with school.read() as tx:
        counted = {part.name: part.count(tx) for part in purge.parts(tx, CUT)}
        counted["leavers"] = len(purge.leavers(tx, inputs.roll(tx), CUT))
    assert {name: rows for name, rows in counted.items() if rows} == purged(school)


def test_every_class_that_lost_something_says_so_in_the_audit(school):
    gone = purged(school)
    with school.read() as tx:
        said = [entry.ref for entry in audit.entries(tx) if entry.kind in ("segment.purged", purge.DROPPED)]
    books = {name: name.replace("our copy of the register", "ledger") for name in gone}
    assert sorted(said) == sorted(name.replace("log of disclosures", "disclosure") for name in books.values())


class Killed(BaseException):
    """The process dies here."""


@pytest.mark.parametrize("step", range(1, 12))
def test_a_purge_that_is_killed_half_way_finishes_on_the_next_run(school, monkeypatch, step):
    """It dies inside the transaction of the step, before what it dropped is stored."""
    real, said = audit.append, []

    def dies(*given, **more):
        said.append(1)
        real(*given, **more)
        if len(said) == step:
            raise Killed

    monkeypatch.setattr(audit, "append", dies)
    try:
        purged(school)
    except Killed:
        with school.read() as tx:
            assert proof.verify_signed(tx, KEY).problems == ()
    monkeypatch.undo()
    purged(school)
    assert everything(school) == AFTER


def test_of_a_pupil_who_is_held_nothing_goes_but_what_the_log_says(school):
    held = replace(CUT, copy_from=AcademicYear(2021), held=frozenset({STAYS, LEFT}))
    before = everything(school)
    assert set(purged(school, held)) == {"log of disclosures 2021-22", "log of disclosures 2022-23"}
    after = everything(school)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"disclosures"}


def test_under_a_legal_hold_what_the_log_and_the_sendings_say_of_the_pupil_stays_too(school):
    with school.begin() as tx:
        for document, pupil in (("about-the-held", STAYS), ("about-another", TOLD)):
            name = people.assigned(tx, [])[pupil]
            at, sent = moment(2021), SendState.SENT
            sendings.put(
                tx, Sending(document, "la", PaperKind.RETURN, "r", "LA", "", 1, "", {}, (name,), sent, at, at), ""
            )
    before = everything(school)
    hold = replace(CUT, copy_from=AcademicYear(2021), held=frozenset({STAYS, LEFT}), on_hold=frozenset({STAYS}))
    assert purged(school, hold) == {"sendings": 1}
    assert everything(school) == before
    with school.read() as tx:
        assert [one.document for one in sendings.load(tx)] == ["about-the-held"]


def test_a_hold_over_the_school_stops_everything(school):
    before = everything(school)
    assert purged(school, replace(CUT, everybody_held=True)) == {}
    assert everything(school) == before


def test_a_leaver_who_is_forgotten_stands_in_no_file_of_the_database(school, tmp_path):
    purged(school)
    files = list((tmp_path / "data").glob("*")) if (tmp_path / "data").exists() else []
    assert not [file.name for file in files if LEFT.encode() in file.read_bytes()]
