"""The register check: whose lines, in which columns, with which figures."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from mbls_returns_la.register_check import OWN, write_return

from mbls_sync.api import (
    Event,
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
from mbls_sync.policy.view import DatedValue, Parameter, ParameterKind

SCHOOL = School("test", "Example Lower School", "823", "Central Bedfordshire", "9999")
DUE = ReturnDue("register-check", "2026-27 autumn", date(2026, 9, 1), date(2026, 12, 18), date(2026, 12, 18))


def _parameter(name: str, kind: ParameterKind, value: Decimal | str) -> Parameter:
    return Parameter(
        name, name, kind, (DatedValue(date(2023, 9, 1), value, "Appendix A, 5", "test"),), None, Path(name)
    )


COLUMNS = [column.head for column in OWN]

PARAMETERS = {
    "la.register_check.percent": _parameter("la.register_check.percent", ParameterKind.PERCENT, Decimal(93)),
    "la.register_check.cohort": _parameter("la.register_check.cohort", ParameterKind.TEXT, "all_roll"),
}


def _entry(possible: int = 101, last: Event | None = None) -> ReturnEntry:
    pupil = Pupil(PupilId("A1"), "Testpupil", "Amber", "Am", "A000000000001", born=date(2020, 1, 5), year_group="2")
    figures = PupilFigures(PupilId("A1"), possible, 91 if possible else 0, 0, 6, 4, 0, 0, 0, False, False, 4)
    return ReturnEntry(pupil, figures, 2, "support letter sent", last, "illness", Because("LA-02", "Appendix A, 5"))


def _table(*entries: ReturnEntry) -> ReturnTable:
    return write_return(DUE, entries, SCHOOL, PolicyAt(PARAMETERS, DUE.due), ReturnForm(DUE.name))


def _cells(entry: ReturnEntry) -> dict[str, object]:
    return dict(zip(COLUMNS, _table(entry).rows[0], strict=True))


def test_a_row_holds_the_legal_name_and_the_counts_of_sessions() -> None:
    cells = _cells(_entry())
    assert cells["LAESTAB"] == "8239999"
    assert cells["Forename"] == "Amber"
    assert (cells["Possible sessions"], cells["Attended sessions"]) == (101, 91)
    assert (cells["Authorised absence"], cells["Unauthorised absence"], cells["N left"]) == (6, 4, 2)


def test_the_percentage_is_rounded_half_up_once_and_only_here() -> None:
    assert _cells(_entry())["Attendance %"] == Decimal("90.1")


def test_a_pupil_without_a_possible_session_has_no_percentage() -> None:
    assert _cells(_entry(possible=0))["Attendance %"] is None


def test_the_last_action_stands_with_its_date() -> None:
    at = datetime(2026, 10, 2, 9, tzinfo=UTC)
    cells = _cells(_entry(last=Event(at, "support-letter-sent")))
    assert (cells["Last action"], cells["Last action on"]) == ("support letter sent", date(2026, 10, 2))
    assert _cells(_entry())["Last action"] == "none recorded"


def test_no_entry_is_dropped_and_none_is_still_a_table() -> None:
    assert len(_table(*[_entry()] * 3).rows) == 3
    assert _table().rows == ()


def test_the_note_states_the_value_in_force() -> None:
    assert "93% or less" in _table(_entry()).notes[0]


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_has_a_cell(column: str) -> None:
    assert column in _cells(_entry())
