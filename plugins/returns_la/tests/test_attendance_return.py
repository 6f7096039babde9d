"""The attendance return: who stands in it, and what its sender must settle first."""

from __future__ import annotations

from datetime import date

import pytest
from mbls_returns_la.attendance import write_return

from mbls_sync.api import (
    PolicyAt,
    Pupil,
    PupilFigures,
    PupilId,
    ReturnDue,
    ReturnEntry,
    ReturnForm,
    ReturnTable,
    School,
)
from mbls_sync.model.decisions import Because

SCHOOL = School("test", "Example Lower School", "823", "Central Bedfordshire", "9999")
DUE = ReturnDue("attendance", "2026-11", date(2026, 11, 1), date(2026, 11, 30), date(2026, 11, 30))


def _table(born: date | None, address: str = "1 Test Lane") -> ReturnTable:
    pupil = Pupil(PupilId("A1"), "Testpupil", "Amber", born=born, address=address, postcode="ZZ1 1ZZ")
    figures = PupilFigures(pupil.id, 101, 91, 0, 6, 4, 0, 0, 0, False, False, 4)
    entry = ReturnEntry(pupil, figures, 0, "", None, "fails to attend regularly", Because("LA-01", "test"))
    return write_return(DUE, [entry], SCHOOL, PolicyAt({}, DUE.due), ReturnForm(DUE.name))


@pytest.mark.parametrize(("born", "rows"), [(date(2020, 1, 5), 1), (date(2022, 11, 1), 0)])
def test_only_a_pupil_of_compulsory_school_age_stands_in_it(born: date, rows: int) -> None:
    assert len(_table(born).rows) == rows
    assert len(_table(born).notes) == 1


def test_a_pupil_whose_age_is_not_known_stands_in_it_and_the_sender_is_told() -> None:
    table = _table(None)
    assert len(table.rows) == 1
    assert "Without a date of birth" in table.notes[1]


def test_a_missing_address_is_told_since_the_law_asks_for_it() -> None:
    assert "Without a full address" in _table(date(2020, 1, 5), address="").notes[1]
