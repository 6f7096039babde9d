"""The files beside the marks."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from mbls_sync.api import (
    Contact,
    ContactsOf,
    Direction,
    Event,
    Flag,
    FlagsOf,
    LeaveRequest,
    Licence,
    Message,
    Pattern,
    PatternsOf,
    Period,
    RequestKind,
    Resource,
    SignIn,
)

A, B = "B801200005001", "N823432113104"
LONDON = ZoneInfo("Europe/London")
PUPILS = (
    "UPN,Admission Number,Legal Surname,Legal Forename,Preferred Forename,Date of Birth,Sex,Year Group,Class,"
    "Admission Date,Leaving Date,Enrolment Status,Address,Postcode,FSM,Pupil Premium,SEN Status,EHCP,LAC,CIN,CP,EAL,"
    "Ethnicity,Young Carer"
)


def test_pupils(inbox):
    row = (
        f"{A},123,Testpupil,Ada,Addie,02/10/2018,F,Year 3,3A,01/09/2021,,C,1 Example Road,XX1 1XX,Y,no,K,N,,1,0,T,WBRI,"
    )
    page = inbox.page("pupils.csv", f"{PUPILS}\n{row}\n")
    (pupil,) = page.items
    assert page.resource is Resource.PUPILS
    assert (pupil.id, pupil.upn, pupil.admission_number) == (A, A, "123")
    assert (pupil.surname, pupil.forename, pupil.preferred_forename) == ("Testpupil", "Ada", "Addie")
    assert (pupil.born, pupil.admitted, pupil.left) == (date(2018, 10, 2), date(2021, 9, 1), None)
    assert (pupil.year_group, pupil.class_name, pupil.sex) == ("3", "3A", "F")
    assert (pupil.free_school_meals, pupil.pupil_premium, pupil.education_health_care_plan) == (True, False, False)
    assert (pupil.looked_after, pupil.child_in_need, pupil.child_protection) == (None, True, False)
    assert (pupil.english_additional_language, pupil.young_carer) == (True, None)


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("Reception", "R"),
        ("R", "R"),
        ("Nursery", "N1"),
        ("N2", "N2"),
        ("Yr 1", "1"),
        ("06", "6"),
        ("Year 4", "4"),
        ("", ""),
    ],
)
def test_year_groups_have_one_spelling(inbox, said, means):
    page = inbox.page("pupils.csv", f"UPN,Surname,Year\n{A},Testpupil,{said}\n")
    assert page.items[0].year_group == means


def test_a_bad_cell_costs_a_pupil_no_place_on_the_roll(inbox):
    page = inbox.page("pupils.csv", f"UPN,Surname,DOB,FSM\n{A},Testpupil,30/02/2018,maybe\n")
    assert page.items[0].born is None
    assert [bad.line for bad in page.bad] == [2, 2]
    assert "born is left out" in page.bad[0].reason


def test_contacts_are_gathered_in_order_of_priority(inbox):
    text = (
        "UPN,Priority,Name,Relationship,Parental Responsibility,Mobile,Home Phone,Email\n"
        f"{A},2,B Example,aunt,N,,01234 000002,\n{A},1,A Example,mother,Y,07000 000001,,a@example.invalid\n"
        f"{B},,C Example,,,,,\n"
    )
    page = inbox.page("contacts.csv", text)
    first = Contact(1, "A Example", "mother", True, "07000 000001", "", "a@example.invalid")
    second = Contact(2, "B Example", "aunt", False, "", "01234 000002", "")
    assert page.items == (ContactsOf(A, (first, second)), ContactsOf(B, (Contact(99, "C Example"),)))


def test_flags_and_patterns(inbox):
    flags = inbox.page("flags.csv", f"UPN,Flag,From,To\n{A},healthcare plan,01/09/2026,\n{A},bullying,,\n")
    assert flags.items == (FlagsOf(A, (Flag("healthcare plan", date(2026, 9, 1)), Flag("bullying"))),)
    (inbox.folder / "flags.csv").unlink()
    page = inbox.page("patterns.csv", f"UPN,From,To,Sessions\n{A},01/09/2026,,Mon AM; Mon PM; tuesday morning; Wed\n")
    sessions = {(0, Period.AM), (0, Period.PM), (1, Period.AM), (2, Period.AM), (2, Period.PM)}
    assert page.items == (PatternsOf(A, (Pattern(date(2026, 9, 1), None, frozenset(sessions)),)),)


@pytest.mark.parametrize("sessions", ["", "Mon AM; Someday", ";"])
def test_a_pattern_without_sessions_is_quarantined(inbox, sessions):
    page = inbox.page("patterns.csv", f"UPN,From,To,Sessions\n{A},01/09/2026,,{sessions}\n")
    assert not page.items
    assert len(page.bad) == 1


def test_messages_are_in_the_time_of_the_school(inbox):
    text = f"UPN,Received At,From,Reason,Expected Return\n{A},14/09/2026 8:41,mother,cold,16/09/2026\n"
    page = inbox.page("messages.csv", text)
    at = datetime(2026, 9, 14, 8, 41, tzinfo=LONDON)
    assert page.items == (Message(A, at, "mother", "cold", date(2026, 9, 16)),)


def test_a_moment_may_carry_its_own_offset(inbox):
    page = inbox.page("messages.csv", f"UPN,Received At,From,Reason\n{A},2026-09-14T07:41:00Z,mother,cold\n")
    assert page.items[0].received_at == datetime(2026, 9, 14, 8, 41, tzinfo=LONDON)


def test_sign_ins(inbox):
    text = f"UPN,Date,Time,Direction,Reason\n{A},14/09/2026,8:52,In,bus\n{B},14/09/2026,1.05 pm,out,dentist\n"
    page = inbox.page("sign_ins.csv", text)
    assert page.items == (
        SignIn(A, date(2026, 9, 14), time(8, 52), Direction.IN, "bus"),
        SignIn(B, date(2026, 9, 14), time(13, 5), Direction.OUT, "dentist"),
    )


@pytest.mark.parametrize("row", ["14/09/2026,25:00,in,", "14/09/2026,,in,", "14/09/2026,8:52,sideways,", ",8:52,in,"])
def test_a_sign_in_that_is_none_is_quarantined(inbox, row):
    page = inbox.page("sign-ins.csv", f"UPN,Date,Time,Direction,Reason\n{A},{row}\n")
    assert page.resource is Resource.SIGN_INS
    assert (len(page.items), len(page.bad)) == (0, 1)


def test_leave_requests(inbox):
    text = (
        "UPN,Received At,From Date,To Date,Purpose,Reason\n"
        f"{A},10/09/2026,05/10/2026,09/10/2026,holiday,wedding\n{A},10/09/2026,09/10/2026,05/10/2026,holiday,\n"
    )
    page = inbox.page("leave_requests.csv", text)
    at = datetime(2026, 9, 10, tzinfo=LONDON)
    assert page.items == (LeaveRequest(A, at, date(2026, 10, 5), date(2026, 10, 9), "holiday", "wedding"),)
    assert [bad.line for bad in page.bad] == [3]


def test_events_may_be_the_schools_own(inbox):
    text = (
        "UPN,At,Kind,Outcome,By,Role,Note,Ref\n"
        f"{A},10/09/2026 15:30,Support Letter sent,,A Example,head,,T-1\n,11/09/2026,fire-list-printed,,,,,\n"
    )
    page = inbox.page("events.csv", text)
    assert page.items == (
        Event(
            datetime(2026, 9, 10, 15, 30, tzinfo=LONDON),
            "support-letter-sent",
            A,
            by="A Example",
            role="head",
            ref="T-1",
        ),
        Event(datetime(2026, 9, 11, tzinfo=LONDON), "fire-list-printed"),
    )


@pytest.mark.parametrize(
    ("name", "resource"),
    [
        ("Pupils.CSV", Resource.PUPILS),
        ("pupils 2026-09-01.csv", Resource.PUPILS),
        ("leave requests.csv", Resource.LEAVE_REQUESTS),
        ("sign_ins_2.csv", Resource.SIGN_INS),
        ("register.csv", Resource.MARKS),
    ],
)
def test_a_file_is_named_after_what_it_holds(inbox, name, resource):
    assert inbox.page(name, "nothing\n").resource is resource


def test_a_missing_column_is_named(inbox):
    assert "received at" in inbox.page("messages.csv", f"UPN,From,Reason\n{A},mother,cold\n").unreadable


def test_a_upn_on_the_roll_is_the_same_however_it_is_typed(inbox):
    (pupil,) = inbox.page("pupils.csv", "UPN,Surname\nb801 2000 05001,Testpupil\n").items
    assert (pupil.id, pupil.upn) == ("B801200005001", "B801200005001")


REQUESTS = (
    "UPN,Received At,From Date,To Date,Purpose,Kind,From Session,To Session,Leaves At,Back At,Licence,Licence Number"
)


def a_request(**cells):
    row = {"UPN": A, "Received At": "14/09/2026 08:41", "From Date": "05/10/2026", "To Date": "05/10/2026"} | cells
    return f"{','.join(row)}\n{','.join(row.values())}\n"


def test_a_request_says_its_kind_its_part_of_the_day_and_its_licence(inbox):
    text = (
        f"{REQUESTS},Licence From,Licence To,Religious Body\n"
        f"{A},14/09/2026 08:41,05/10/2026,05/10/2026,dentist,Appointment,pm,pm,13:00,14.30,,,,,\n"
        f"{A},14/09/2026 08:42,06/10/2026,09/10/2026,film,Performance,,,,,With dates,L-7,01/10/2026,31/10/2026,\n"
        f"{A},14/09/2026 08:43,07/10/2026,07/10/2026,festival,religious,,,,,,,,,Example Temple\n"
    )
    appointment, film, festival = inbox.page("leave_requests.csv", text).items
    assert (appointment.kind, appointment.starts, appointment.ends) == (RequestKind.APPOINTMENT, Period.PM, Period.PM)
    assert (appointment.leaves_at, appointment.back_at) == (time(13), time(14, 30))
    assert (film.kind, film.licence, film.licence_number) == (RequestKind.PERFORMANCE, Licence.DATED, "L-7")
    assert (film.licence_first, film.licence_last) == (date(2026, 10, 1), date(2026, 10, 31))
    assert (film.starts, film.ends) == (Period.AM, Period.PM)
    assert (festival.kind, festival.body) == (RequestKind.RELIGIOUS, "Example Temple")


def test_a_permission_for_lunch_without_an_end_lasts_the_academic_year(inbox):
    page = inbox.page("leave_requests.csv", a_request(Kind="lunch time", **{"To Date": ""}))
    assert page.items[0].last == date(2027, 7, 31)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"Kind": "outing"}, "kind: 'outing' is no kind of request; write one of leave, appointment"),
        ({"From Session": "noonish"}, "starts: the session 'noonish' is neither AM nor PM"),
        ({"From Session": "pm", "To Session": "am"}, "the leave ends before it begins"),
        ({"Leaves At": "soon"}, "leaves at: 'soon' is no time"),
        ({"Leaves At": "10:00", "Back At": "10:00"}, "the pupil is back before leaving"),
        ({"Licence": "maybe"}, "licence: 'maybe' is no kind of licence"),
        ({"Licence From": "31/02/2026"}, "licence first: there is no day"),
        ({"Licence From": "02/10/2026", "Licence To": "01/10/2026"}, "the licence ends before it begins"),
        ({"To Date": ""}, "last is blank"),
    ],
)
def test_a_request_with_a_cell_that_cannot_be_read_is_quarantined_whole(inbox, cells, why):
    page = inbox.page("leave_requests.csv", a_request(**cells))
    assert not page.items
    assert [(bad.line, why in bad.reason) for bad in page.bad] == [(2, True)], page.bad
