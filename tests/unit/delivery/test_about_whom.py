"""Whom a file is about is what stands in it, whatever wrote it."""

from __future__ import annotations

import io

import xlsxwriter

from mbls_sync.delivery.about_whom import about_whom
from mbls_sync.testing.builders import a_pupil

ANN = a_pupil("A823999926001", forename="Ann", surname="Testpupil")
ANNA = a_pupil("B823999926002", forename="Anna", surname="Testpupil")
BEN = a_pupil("adm:17", forename="Ben", surname="Example-Testpupil")
ALL = (ANN, ANNA, BEN)


def test_a_upn_anywhere_names_its_pupil_and_nobody_else():
    assert about_whom({"a.csv": b"UPN,Name\r\nA823999926001,Ann Testpupil\r\n"}, ALL) == {ANN.id}


def test_a_form_without_upns_names_by_both_names_in_one_row():
    assert about_whom({"a.csv": b"Surname,Forename\r\nTestpupil,Anna\r\n"}, ALL) == {ANNA.id}
    assert about_whom({"a.csv": b"EXAMPLE-TESTPUPIL;Ben\r\n"}, ALL) == {BEN.id}
    assert about_whom({"a.csv": b"Testpupil\r\nAnn\r\n"}, ALL) == set()


def test_a_number_that_another_s_begins_with_is_not_that_number():
    assert about_whom({"a.csv": b"adm:170,x\r\n"}, ALL) == set()
    assert about_whom({"a.csv": b"adm:170,adm:17\r\n"}, ALL) == {BEN.id}


def test_one_name_inside_another_is_not_that_name():
    assert about_whom({"a.csv": b"Testpupil,Annabel\r\n"}, ALL) == set()


def test_an_admission_number_counts_only_as_the_id_it_is():
    assert about_whom({"a.csv": b"17 sessions\r\n"}, ALL) == set()
    assert about_whom({"a.json": b'{"pupil": "adm:17"}'}, ALL) == {BEN.id}


def test_a_workbook_alone_is_read_too():
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["UPN", "B823999926002"])
    assert about_whom({"a.xlsx": data.getvalue(), "a.pdf": b"A823999926001"}, ALL) == {ANNA.id}


def test_what_cannot_be_read_is_about_nobody():
    assert about_whom({"a.xlsx": b"no workbook", "b.csv": b"\xff\xfe\x00"}, ALL) == set()
