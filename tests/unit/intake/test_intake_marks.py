"""Every mark that comes in is stored, unchanged, quarantined or held, and counted."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mbls_sync.contracts import BadRow
from mbls_sync.intake.compare import compare
from mbls_sync.model.calendar import AcademicYear
from mbls_sync.model.marks import MarkDetail, MarkRow, PupilId
from mbls_sync.model.registers import EMPTY_PAGE, Encoding, RegisterPages
from mbls_sync.model.sessions import Period
from mbls_sync.store import registers
from mbls_sync.testing.builders import ZONE, the_calendar, the_codebook


def test_a_first_load_is_stored_and_the_same_again_is_unchanged(counter):
    page = counter.marks("P1 2026-09-07 AM /", "P1 2026-09-07 PM \\", "P2 2026-09-07 AM C1", "P2 2026-09-07 PM")
    first = counter.pull(page)
    assert (first.marks_in, first.stored, first.unchanged) == (4, 3, 1), "a blank where nothing is held is unchanged"
    assert counter.code("P2", "2026-09-07 AM") == "C1"
    again = counter.pull(page)
    assert (again.stored, again.unchanged, again.changes) == (0, 4, 0)
    assert counter.ledger_is_whole()


def test_a_changed_mark_is_stored_and_the_others_are_not(counter):
    counter.pull(counter.marks("P1 2026-09-07 AM /", "P1 2026-09-07 PM \\"))
    report = counter.pull(counter.marks("P1 2026-09-07 AM I", "P1 2026-09-07 PM \\"))
    assert (report.stored, report.unchanged) == (1, 1)
    assert counter.code("P1", "2026-09-07 AM") == "I"


def test_an_absent_row_changes_nothing(counter):
    counter.pull(counter.marks("P1 2026-09-07 AM /", "P1 2026-09-07 PM \\"))
    counter.pull(counter.marks("P1 2026-09-07 AM /"))
    assert counter.code("P1", "2026-09-07 PM") == "\\"


def test_a_blank_takes_a_mark_away_and_is_never_present(counter, week):
    counter.pull(counter.marks(*week("P1", "/")))
    report = counter.pull(counter.marks("P1 2026-09-07 AM", *week("P1", "/")[1:]))
    assert (report.stored, report.unchanged) == (1, 9)
    assert counter.code("P1", "2026-09-07 AM") == ""


def test_an_unknown_code_is_quarantined_and_the_rest_goes_in(counter):
    report = counter.pull(counter.marks("P1 2026-09-07 AM ?", "P1 2026-09-07 PM \\"))
    assert (report.stored, report.marks_quarantined) == (1, 1)
    ((line, reason),) = counter.quarantined()
    assert line == 2
    assert "'?'" in reason
    assert "national attendance code" in reason


def test_a_mark_at_a_weekend_is_quarantined(counter):
    report = counter.pull(counter.marks("P1 2026-09-12 AM /"))
    assert report.marks_quarantined == 1
    assert "weekend" in counter.quarantined()[0][1]


def test_a_reason_names_no_pupil(counter):
    counter.pull(counter.marks("P1 2026-09-12 AM /", "P1 2026-09-07 AM ?"))
    assert not any("P1" in reason for _, reason in counter.quarantined())


def test_what_the_adapter_could_not_read_is_counted_with_the_rest(counter):
    bad = BadRow("marks.csv", 9, "cut", marks=10, text="x")
    report = counter.pull(counter.marks("P1 2026-09-07 AM /", bad=[bad]))
    assert (report.marks_in, report.stored, report.marks_quarantined) == (11, 1, 10)
    assert counter.quarantined() == [(9, "cut")]


def test_a_cell_that_comes_twice_alike_counts_once_and_is_named(counter):
    report = counter.pull(counter.marks("P1 2026-09-07 AM /", "P1 2026-09-07 PM \\", "P1 2026-09-07 AM /"))
    (page,) = report.pages
    assert (page.stored, page.unchanged, page.duplicates, page.quarantined) == (2, 1, 1, 0)
    assert any("lines 2, 4" in warning for warning in report.warnings)


def test_a_cell_that_comes_twice_unlike_is_a_guess_and_none_is_taken(counter):
    counter.pull(counter.marks("P1 2026-09-07 AM N"))
    report = counter.pull(counter.marks("P1 2026-09-07 AM /", "P1 2026-09-07 AM I", "P1 2026-09-07 PM \\"))
    assert (report.stored, report.marks_quarantined) == (1, 2)
    assert counter.code("P1", "2026-09-07 AM") == "N", "the register keeps what it held"
    assert all("lines 2, 3" in reason for _, reason in counter.quarantined())


def test_an_unknown_code_beside_a_known_one_is_no_contradiction(counter):
    report = counter.pull(counter.marks("P1 2026-09-07 AM ?", "P1 2026-09-07 AM I"))
    assert (report.stored, report.marks_quarantined) == (1, 1)
    assert counter.code("P1", "2026-09-07 AM") == "I"


@pytest.mark.parametrize("code", ["H", "J"])
def test_a_withdrawn_code_is_stored_by_its_old_meaning_and_flagged(counter, code):
    report = counter.pull(counter.marks(f"P1 2026-09-07 AM {code}", "P1 2026-09-07 PM \\"))
    assert report.stored == 2
    assert counter.code("P1", "2026-09-07 AM") == code
    assert any(f"marks with {code}: 1." in warning and "lines 2" in warning for warning in report.warnings)


def test_a_mark_on_a_closed_day_is_stored_with_a_warning(counter):
    report = counter.pull(counter.marks("P1 2026-12-25 AM /", "P1 2026-12-25 PM #", "P2 2026-12-25 AM"))
    assert report.stored == 2
    (warning,) = report.warnings
    assert "closed" in warning
    assert "lines 2" in warning, "a code for a closure, or a blank, contradicts nothing"


def test_a_year_without_a_calendar_is_stored_with_a_warning(counter):
    report = counter.pull(counter.marks("P1 2031-09-08 AM /"))
    assert report.stored == 1
    assert any("2031-32" in warning for warning in report.warnings)


def test_details_are_stored_and_a_new_one_is_a_change(counter):
    late = MarkDetail(minutes_late=12)
    counter.pull(counter.marks("P1 2026-09-07 AM L", details={2: late}))
    assert counter.pull(counter.marks("P1 2026-09-07 AM L", details={2: late})).stored == 0
    assert counter.pull(counter.marks("P1 2026-09-07 AM L")).stored == 0, "an export without the column says nothing"
    amended = MarkDetail(amended_by="A Example", amended_at=datetime(2026, 9, 8, 10, 5, tzinfo=ZONE))
    assert counter.pull(counter.marks("P1 2026-09-07 AM L", details={2: amended})).stored == 1
    with counter.store.read() as tx:
        assert list(registers.details(tx, AcademicYear(2026)).values()) == [amended]
    assert counter.ledger_is_whole()


def test_marks_of_two_years_go_to_two_registers(counter):
    counter.pull(counter.marks("P1 2026-07-06 AM /", "P1 2026-09-07 AM I"))
    assert (counter.code("P1", "2026-07-06 AM"), counter.code("P1", "2026-09-07 AM")) == ("/", "I")


PUPILS = [PupilId(f"P{n}") for n in range(3)]
ROW = st.builds(
    MarkRow,
    st.sampled_from(PUPILS),
    st.dates(datetime(2026, 9, 1).date(), datetime(2026, 9, 13).date()),  # noqa: DTZ001 - only the day is taken
    st.sampled_from(list(Period)),
    st.sampled_from(["/", "\\", "I", "", "?", "H", "C1", "#"]),
    st.integers(2, 99),
    st.sampled_from([None, MarkDetail(minutes_late=3), MarkDetail(comment="x")]),
)
ENCODING = Encoding().grown(the_codebook().pairs())


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ROW, max_size=25), st.binary(min_size=1, max_size=1))
def test_every_mark_is_accounted_for_whatever_comes(rows, held):
    year = AcademicYear(2026)
    byte = held[0] if held[0] in ENCODING.pairs else 0
    pages = RegisterPages(year, ENCODING, {PUPILS[0]: bytes([byte]) * len(EMPTY_PAGE)})
    found = compare("marks.csv", rows, {year: pages}, lambda _: {}, ENCODING, the_codebook(), the_calendar())
    assert found.stored >= 0
    assert found.unchanged >= 0
    assert found.stored + found.unchanged + len(found.bad) == len(rows)
    assert found.duplicates <= found.unchanged
    assert 0 <= found.cleared <= found.held or not found.cleared
    said = {(row.pupil, row.day, row.period) for row in rows}
    assert sum(len(change.details) for change in found.changes) <= len(said)
