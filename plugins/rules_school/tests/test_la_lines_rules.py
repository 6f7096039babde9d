"""The rules of la_lines keep the contract of rules; their cases are in `cases/`."""

from mbls_rules_school.la_lines import (
    la_01_attendance_return,
    la_02_register_check,
    la_03_deletion,
    la_04_new_pupil,
    la_05_missing_education,
    la_06_absence_alert,
    la_07_persistent_absence,
    la_08_asked_referral,
    la_10_adviser_meeting,
    la_11_retraction,
    la_12_leavers_retraction,
)

from mbls_sync.testing.rule_contract import RuleContract


class TestLa01AttendanceReturn(RuleContract):
    module = la_01_attendance_return


class TestLa02RegisterCheck(RuleContract):
    module = la_02_register_check


class TestLa03Deletion(RuleContract):
    module = la_03_deletion


class TestLa04NewPupil(RuleContract):
    module = la_04_new_pupil


class TestLa05MissingEducation(RuleContract):
    module = la_05_missing_education


class TestLa06AbsenceAlert(RuleContract):
    module = la_06_absence_alert


class TestLa07PersistentAbsence(RuleContract):
    module = la_07_persistent_absence


class TestLa08AskedReferral(RuleContract):
    module = la_08_asked_referral


class TestLa10AdviserMeeting(RuleContract):
    module = la_10_adviser_meeting


class TestLa11Retraction(RuleContract):
    module = la_11_retraction


class TestLa12LeaversRetraction(RuleContract):
    module = la_12_leavers_retraction
