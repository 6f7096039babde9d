"""What is over its term, by the law in force when it was made, and what is still owed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from mbls_sync.engine.retention import Terms, owed
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.decisions import Because
from mbls_sync.model.deliveries import Effect, Kind, State
from mbls_sync.model.happenings import Event
from mbls_sync.model.proposals import DraftLetter
from mbls_sync.policy.load import load_parameters
from mbls_sync.policy.places import parameter_folder, shipped_config

PARAMETERS = load_parameters(parameter_folder(shipped_config()))


def terms(year: int, month: int = 11, day: int = 27) -> Terms:
    return Terms(date(year, month, day), PARAMETERS)


@pytest.mark.parametrize(
    ("made", "on", "over"),
    [
        (2023, (2027, 7, 31), False),
        (2023, (2027, 8, 1), True),
        (2024, (2031, 7, 31), False),
        (2024, (2031, 8, 1), True),
        (2020, (2024, 11, 27), True),
    ],
)
def test_an_entry_is_kept_three_years_under_the_old_law_and_six_under_the_new(made, on, over):
    assert terms(*on).is_over(AcademicYear(made)) is over


def test_the_first_year_within_its_term_is_found_across_the_change_of_law():
    assert terms(2026).entries_from() == AcademicYear(2023)
    assert terms(2027, 8, 1).entries_from() == AcademicYear(2024)
    assert terms(2031, 8, 1).entries_from() == AcademicYear(2025)


def test_our_copy_is_this_year_and_the_one_before():
    assert terms(2026).copy_from(()) == AcademicYear(2025)
    assert terms(2026, 7, 31).copy_from(()) == AcademicYear(2024)


def an_effect(state: State = State.PLANNED, kind: Kind = Kind.TASK) -> Effect:
    at = datetime(2023, 3, 1, tzinfo=UTC)
    letter = DraftLetter("support-letter", "P1", "office", "2023", "a letter", "so", at, "support-letter-sent")
    return Effect("key", kind, state, "P1", letter, Because("STG-06", "Appendix A"), at, at)


@pytest.mark.parametrize("state", list(State))
def test_what_is_open_keeps_its_year_and_what_is_closed_does_not(state):
    found = owed([an_effect(state)], (), ())
    assert bool(found) is (state.is_open and state is not State.INHERITED)
    if found:
        assert terms(2026).copy_from(found) == AcademicYear(2022)


def step(kind: str, year: int, pupil: str | None = "P1") -> Event:
    return Event(at=datetime(year, 3, 1, tzinfo=UTC), kind=kind, pupil=pupil)


def test_a_case_keeps_the_years_since_it_began_until_it_is_closed():
    begun = [step("support-letter-sent", 2022), step("support-meeting-held", 2023)]
    (found,) = owed((), (), begun)
    assert (found.since, found.why, found.pupil) == (date(2022, 3, 1), "an open case", "P1")
    assert owed((), (), [*begun, step("case-closed", 2024)]) == ()


def test_a_legal_hold_keeps_everything_until_it_is_lifted():
    hold = step("legal-hold", 2026)
    (found,) = owed((), (), [hold])
    assert found.is_hold
    assert terms(2026).copy_from([found]) < AcademicYear(2005)
    assert owed((), (), [hold, step("legal-hold-lifted", 2027)]) == ()
    assert owed((), (), [step("legal-hold", 2026, None), step("legal-hold-lifted", 2027)])[0].pupil is None
