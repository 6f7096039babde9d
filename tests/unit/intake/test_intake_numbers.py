"""A child who is named by admission number in one file and by UPN in another is one child."""

from __future__ import annotations

from datetime import date

from mbls_sync.contracts import ContactsOf, Page, Resource
from mbls_sync.intake.numbers import with_known_numbers
from mbls_sync.model.marks import MarkRow, PupilId
from mbls_sync.model.pupils import Contact, Pupil
from mbls_sync.model.sessions import Period

UPN, OTHER = PupilId("B801200005001"), PupilId("N823432113104")
ROLL = (
    Pupil(id=UPN, upn=UPN, admission_number="000123"),
    Pupil(id=OTHER, upn=OTHER, admission_number="A45"),
    Pupil(id=PupilId("adm:0099"), admission_number="0099"),
)


def whose(*numbers: str, roll: tuple[Pupil, ...] = ROLL) -> tuple[list[str], tuple[str, ...]]:
    marks = [MarkRow(PupilId(number), date(2026, 9, 7), Period.AM, "/", n, None) for n, number in enumerate(numbers, 2)]
    page = with_known_numbers(Page(Resource.MARKS, "marks/a", "marks.csv", "1", marks=marks), lambda: roll)
    return [row.pupil for row in page.marks], page.warnings


def test_the_roll_says_whose_an_admission_number_is():
    assert whose("adm:000123", "adm:A45", UPN) == ([UPN, OTHER, UPN], ())


def test_zeros_that_a_spreadsheet_took_do_not_make_another_pupil():
    assert whose("adm:123", "adm:99") == ([UPN, "adm:0099"], ())


def test_a_number_that_two_pupils_may_have_is_nobodys():
    roll = (*ROLL, Pupil(id=PupilId("C"), upn="C", admission_number="0123"))
    found, warnings = whose("adm:000123", "adm:123", roll=roll)
    assert found == [UPN, "adm:123"]
    assert warnings[0].endswith("lines 3")


def test_a_pupil_who_got_a_upn_later_is_known_by_it():
    roll = (*ROLL, Pupil(id=PupilId("D"), upn="D", admission_number="0099"))
    assert whose("adm:0099", roll=roll) == (["D"], ())


def test_a_number_that_is_not_on_the_roll_is_kept_and_told():
    found, warnings = whose("adm:777")
    assert found == ["adm:777"]
    assert "admission number" in warnings[0]
    assert "777" not in warnings[0]
    assert whose("adm:777", roll=()) == (["adm:777"], ())


def test_rows_beside_the_marks_are_brought_to_the_pupil_too():
    items = (ContactsOf(PupilId("adm:123"), (Contact(1, "Example"),)), ROLL[2])
    page = with_known_numbers(Page(Resource.CONTACTS, "contacts/a", "contacts.csv", "1", items=items), lambda: ROLL)
    assert [item.pupil if isinstance(item, ContactsOf) else item.id for item in page.items] == [UPN, "adm:0099"]


def test_the_roll_is_not_read_where_every_row_has_a_upn():
    page = Page(Resource.MARKS, "marks/a", "marks.csv", "1")
    assert with_known_numbers(page, lambda: 1 // 0) is page  # type: ignore[arg-type,return-value]  # never called
