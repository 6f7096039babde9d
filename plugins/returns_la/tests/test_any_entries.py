"""Whoever stands in a return, and whatever the MIS holds of them: nobody is lost, nothing runs, nothing is altered."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from types import ModuleType

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mbls_returns_la import (
    absence_alert,
    attendance,
    deletion,
    missing_education,
    new_pupil,
    register_check,
    sickness,
)

from mbls_sync.api import ReturnDue, ReturnEntry, ReturnForm, ReturnTable
from mbls_sync.errors import PaperRefused
from mbls_sync.policy.la_profiles import load_profiles
from mbls_sync.policy.places import profile_folder, shipped_config
from mbls_sync.registry.check import implementations
from mbls_sync.render.cells import STARTS_A_FORMULA, iso
from mbls_sync.render.csv_machine import csv_for_machine
from mbls_sync.render.csv_person import csv_for_person
from mbls_sync.render.xlsx import Sheet, workbook
from mbls_sync.testing.builders import a_school
from mbls_sync.testing.paper_builders import a_due, a_paper_policy, some_entries

MODULES = (absence_alert, attendance, deletion, missing_education, new_pupil, register_check, sickness)
CONFINED = (absence_alert, attendance, missing_education, sickness)
"""The law confines these to compulsory school age; new-pupil, deletion and the register check are not confined."""

PROFILES = load_profiles(profile_folder(shipped_config()))
HOSTILE = ("=1+1", "@SUM(A1)", "-2+3", "+44 7700 900101", "O'Neill", '"q", r', "\tx")
text = st.text(max_size=12) | st.sampled_from(
    ["=1+1", "@SUM(A1)", "-2+3", "+44 7700 900101", "O'Neill", '"q", r', "\tx"]
)
born = st.none() | st.dates(date(2015, 9, 1), date(2024, 8, 31))


@st.composite
def entries(draw: st.DrawFn) -> Sequence[ReturnEntry]:
    """Any pupils with any text in any field."""
    made = some_entries(draw(st.integers(0, 5)))
    return [
        replace(
            entry,
            cause=draw(text),
            facts=(("Expected back", ""), ("Medical evidence", draw(text))),
            pupil=replace(entry.pupil, surname=draw(text), forename=draw(text), born=draw(born), address=draw(text)),
        )
        for entry in made
    ]


def _name(module: ModuleType) -> str:
    return str(implementations("under test", module)[0].info.id)  # type: ignore[union-attr]


def _forms(module: ModuleType) -> list[ReturnForm]:
    name = _name(module)
    return [ReturnForm(name), *(p.form(name, a_due().due) for p in PROFILES.values() if name in p.forms)]


def _table(module: ModuleType, found: Sequence[ReturnEntry], form: ReturnForm) -> ReturnTable:
    due: ReturnDue = replace(a_due(), name=_name(module))
    table: ReturnTable = module.write_return(due, found, a_school(), a_paper_policy(), form)
    return table


@pytest.mark.parametrize("module", MODULES, ids=_name)
@settings(deadline=None)
@given(found=entries())
def test_as_many_rows_come_out_as_pupils_go_in_and_none_below_age_where_the_law_says_so(
    module: ModuleType, found: Sequence[ReturnEntry]
) -> None:
    due = a_due()
    wanted = {e.pupil.id for e in found if module not in CONFINED or e.pupil.is_compulsory_school_age(due.last)}
    for form in _forms(module):
        table = _table(module, found, form)
        assert set(table.pupils) == wanted
        assert len(table.rows) == len(table.pupils) == len(wanted)


@pytest.mark.parametrize("module", MODULES, ids=_name)
@settings(deadline=None)
@given(found=entries())
def test_no_cell_of_a_person_s_file_starts_a_formula(module: ModuleType, found: Sequence[ReturnEntry]) -> None:
    for form in _forms(module):
        table = _table(module, found, form)
        sheet = csv_for_person(table.columns, table.rows).decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(sheet, newline="")) for cell in row]
        assert not [cell for cell in cells if cell.startswith(STARTS_A_FORMULA)]


@pytest.mark.parametrize("module", MODULES, ids=_name)
@settings(deadline=None)
@given(found=entries())
def test_a_machine_s_file_reads_back_unaltered_or_is_refused_whole(
    module: ModuleType, found: Sequence[ReturnEntry]
) -> None:
    for form in _forms(module):
        table = _table(module, found, form)
        try:
            data = csv_for_machine(table.columns, table.rows, form.encoding)
        except PaperRefused:
            continue
        read = list(csv.reader(io.StringIO(data.decode(form.encoding), newline="")))
        assert read == [list(table.columns), *([iso(cell) for cell in row] for row in table.rows)]


def test_a_workbook_holds_what_looks_like_a_formula_as_text() -> None:
    entry = some_entries(1)[0]
    table = _table(new_pupil, [replace(entry, pupil=replace(entry.pupil, surname="=1+1"))], ReturnForm("new-pupil"))
    made = workbook([Sheet("x", "x", table.columns, table.rows)], "x", date(2026, 11, 27))
    page = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]
    assert (page["C4"].value, page["C4"].data_type) == ("=1+1", "s")
