"""The rules of la_lines keep the contract of rules; their cases are in `cases/`."""

from mbls_rules_school.la_lines import (
    la_01_attendance_return,
    la_02_register_check,
    la_06_absence_alert,
    la_08_asked_referral,
)

from mbls_sync.testing.rule_contract import RuleContract


class TestLa01AttendanceReturn(RuleContract):
    module = la_01_attendance_return


class TestLa02RegisterCheck(RuleContract):
    module = la_02_register_check


class TestLa06AbsenceAlert(RuleContract):
    module = la_06_absence_alert


class TestLa08AskedReferral(RuleContract):
    module = la_08_asked_referral
